"""What rules are worth: dropped from a reading they leave what a pack without them would have read."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from conftest import ROOT
from small_packs import pack_of, rule

from mbncheck import Checker, CheckResult
from mbncheck.evaluate.ablation import Flip, decided, rules_worth, without_rule
from mbncheck.evaluate.scores import compare
from mbncheck.pack.compiled import CompiledPack, compiled_pack
from mbncheck.read.labelled import Labelled

NAMED = "Nạn buôn người còn nhiều."
HINT = "Chúng đưa người đi xa."
PROMISE = "Họ hứa trả công cao."
JOB = "Một việc làm ở thành phố."
FILM = "Đó là một cuốn phim."


def small() -> Checker:
    """Two scope rules, one too weak to tie linked elements; two rules of T1, one linked; a friend against pieces."""
    return Checker(
        pack_of(
            scope=[rule("S.named", "~buôn người", worth=1.0), rule("S.hint", "~đưa người đi", worth=0.4)],
            theme=[
                rule("T1.promise", "~hứa", element="1a", worth=1.0),
                rule("T1.job", "~việc làm", element="1b", worth=1.0),
            ],
            false_friends=[rule("F.film", "~cuốn phim", reach="piece", cancels=["scope"])],
        ),
        model=None,
    )


def without(checker: Checker, dropped: str) -> Checker:
    """The same checker, compiled without one rule."""
    data = dict(checker.pack.data)
    data["rules"] = [one for one in data["rules"] if one["id"] != dropped]
    return Checker(CompiledPack(data), model=None, gate=False)


def levels(result: CheckResult) -> dict[str, object]:
    """Everything that a rule can change."""
    return {"scope": (result.in_scope, result.scope_evidence)} | dict(result.themes)


def linked(checker: Checker) -> frozenset[str]:
    """The rules of linked elements."""
    return frozenset(one.id for one in checker.pack.rules if one.linked)


def agrees(checker: Checker, texts: Sequence[str], dropped: str) -> int:
    """In how many texts the rule fired; dropping it there is as never having had it."""
    other, fired = without(checker, dropped), 0
    for text in texts:
        reading = checker.read(text)
        if reading is None:
            continue
        left = without_rule(reading, dropped, linked(checker))
        if left == reading:
            continue
        record = Labelled(text=text, in_scope=1, themes={})
        assert levels(decided(checker, record, left)) == levels(other.check(text)), (dropped, text)
        fired += 1
    return fired


@pytest.mark.parametrize("dropped", ["S.named", "S.hint", "T1.promise", "T1.job", "F.film"])
def test_dropped_is_never_had(dropped: str) -> None:
    """Ties that fall away, linked elements that lose theirs, and look-alikes are all followed."""
    parts = (NAMED, HINT, PROMISE, JOB, FILM)
    texts = [" ".join(part for place, part in enumerate(parts) if bits >> place & 1) for bits in range(1, 32)]
    assert agrees(small(), texts, dropped)


def test_dropped_is_never_had_in_the_shipped_pack() -> None:
    """The same with the shipped rules: two that fire in the pieces written for this project."""
    checker = Checker(compiled_pack("dak-nong-2020"), model=None)
    lines = (ROOT / "corpora" / "pieces.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in (*lines[:8], *lines[-8:])]
    for dropped in ("S.trafficking-named", "T5.came-home"):
        assert agrees(checker, texts, dropped), dropped


def test_by_hand() -> None:
    """Contribution, precision and flips, as counted on paper."""
    checker = small()
    records = [
        Labelled(id="a", text=f"{NAMED} {PROMISE}", in_scope=1, themes={"T1": 2}),
        Labelled(id="b", text=f"{NAMED} {PROMISE}", in_scope=1, themes={"T1": 0}),
        Labelled(id="c", text=f"{NAMED} {JOB}", in_scope=1, themes={"T1": 2}),
        Labelled(id="d", text="Trời mưa.", in_scope=0, themes={}),
    ]
    readings = [checker.read(record.text) for record in records]
    results = [decided(checker, record, reading) for record, reading in zip(records, readings, strict=True)]
    assert compare(records, results, ("T1",)).micro.f1 == pytest.approx(0.8)
    worth = {one.rule: one for one in rules_worth(checker, records, readings, results)}
    assert list(worth) == ["S.named", "T1.job", "T1.promise"]
    promise = worth["T1.promise"]
    assert (promise.fired, promise.right, promise.wrong) == (2, 1, 1)
    assert promise.contribution == pytest.approx(0.8 - 2 / 3)
    assert promise.flips == (Flip("a", "T1", 2, 0, 2), Flip("b", "T1", 2, 0, 0))
    assert worth["T1.job"].contribution == pytest.approx(0.8 - 0.5)
    named = worth["S.named"]
    assert [named.contribution, named.scope_contribution] == pytest.approx([0.8, 1.0])
    assert len(named.flips) == 6
    assert (named.fired, named.right) == (3, 3)


def test_harm() -> None:
    """A rule that is wrong has a negative contribution and stands last; a false friend is right out of scope."""
    checker = small()
    records = [
        Labelled(text=f"{NAMED} {PROMISE}", in_scope=1, themes={"T1": 0}),
        Labelled(text=f"{NAMED} {JOB}", in_scope=1, themes={"T1": 2}),
        Labelled(text=f"{NAMED} {FILM}", in_scope=0, themes={}),
    ]
    readings = [checker.read(record.text) for record in records]
    results = [decided(checker, record, reading) for record, reading in zip(records, readings, strict=True)]
    worth = rules_worth(checker, records, readings, results)
    assert worth[-1].rule == "T1.promise"
    assert worth[-1].contribution < 0
    (friend,) = (one for one in worth if one.rule == "F.film")
    assert (friend.fired, friend.right, friend.wrong) == (1, 1, 0)
    assert friend.scope_contribution > 0
    assert friend.flips == (Flip("3", "scope", 0, 1, 0),)


def test_progress() -> None:
    """Every rule passes through the progress that was given."""
    checker = small()
    records = [Labelled(text=f"{NAMED} {PROMISE}", in_scope=1, themes={"T1": 2})]
    readings = [checker.read(records[0].text)]
    results = [decided(checker, records[0], readings[0])]
    seen: list[str] = []

    def progress(rules: Sequence[str]) -> Sequence[str]:
        seen.extend(rules)
        return rules

    rules_worth(checker, records, readings, results, progress)
    assert seen == ["S.named", "T1.promise"]
