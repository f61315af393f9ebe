"""The gate never changes a result, and the matcher finds what a plain search by hand finds."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from conftest import SHARED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_packs import pack_of, rule

from mbncheck import Checker, Pack
from mbncheck.text.diacritics import fold
from mbncheck.text.normalise import normalise
from mbncheck.text.segment import lines, sentences_of_line, words

ARCHIVE = SHARED / "archive" / "articles.jsonl.gz"
SAMPLE = 300

# Words that overlap and hold one another, and that readers of few words would confuse.
LITERALS = ("hứa", "việc làm", "việc", "lừa bán", "bán", "người", "lua", "lua ban", "12", "bán người", "mua - bán")
literals = st.sampled_from((*LITERALS, *(f"~{literal}" for literal in LITERALS), "@number", "@some"))
distances = st.sampled_from(("sentence", "paragraph", "piece", 0, 1, 3))
LISTS = {"some": ["hứa", "~bán", "@more"], "more": ["lua ban", "việc làm"], "number_words": ["hai"]}


def operators(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Patterns made of other patterns."""
    parts = st.lists(inner, min_size=1, max_size=3)
    unless = st.one_of(st.just({}), st.fixed_dictionaries({"unless": inner, "unless_within": distances}))
    joined = st.one_of(
        st.builds(lambda some: {"any": some}, parts),
        st.builds(
            lambda kind, some, within: {kind: some, "within": within},
            st.sampled_from(("all", "in_order")),
            parts,
            distances,
        ),
    )
    return st.one_of(parts, st.builds(lambda node, blocked: node | blocked, joined, unless))


patterns = st.recursive(literals, operators, max_leaves=6)

WORDS = (*LITERALS, "Hứa", "VIỆC LÀM", "ngu\u031bo\u031b\u0300i", "mua –  bán", "em", "và", "hai", "1.234", "TP", "u")
SEPARATORS = (" ", " ", " ", ", ", ". ", ". ", "? ", "\n", "\n\n", "\r\n", "\u00a0", "\u200b", "… ", " (", "")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Texts of those words in short and long lines; some without diacritics, so that they are folded."""
    chosen = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SEPARATORS)), max_size=24))
    text = "".join(itertools.chain.from_iterable(chosen))
    if draw(st.booleans()):
        return text
    return f"canh bao nan lua ban nguoi qua mang {fold(normalise(text).text)}"


def rules(kind: str, how_many: int) -> st.SearchStrategy[list[dict[str, object]]]:
    """Rules of one kind with random patterns."""
    fields: dict[str, st.SearchStrategy[Any]] = {"worth": st.sampled_from((0.4, 0.5, 1.0))}
    if kind == "T1":
        fields["element"] = st.sampled_from(("1a", "1b"))
    if kind == "F":
        cancels = st.sampled_from((["T1"], ["scope"], ["all"]))
        fields = {"cancels": cancels, "reach": st.sampled_from(("span", "sentence", "piece"))}
    one = st.tuples(patterns, st.fixed_dictionaries(fields))
    return st.lists(one, min_size=int(kind == "S"), max_size=how_many).map(
        lambda some: [rule(f"{kind}.r{number}", pattern, **more) for number, (pattern, more) in enumerate(some)]
    )


packs = st.builds(
    lambda scope, theme, friends: pack_of(scope=scope, theme=theme, false_friends=friends, words=LISTS),
    rules("S", 3),
    rules("T1", 2),
    rules("F", 1),
)


@given(packs, st.lists(texts(), min_size=4, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
def test_the_gate_changes_nothing(pack: Pack, some: list[str]) -> None:
    """Whatever the rules and the text, results are the same with the gate and without it."""
    gated, open_ = (Checker(pack, model=None, gate=gate) for gate in (True, False))
    for text in some:
        assert gated.check(text) == open_.check(text)


def test_a_number_alone() -> None:
    """A scope rule that asks for no more than a number is not stopped, with diacritics or without."""
    pack = pack_of(scope=[rule("S.number", {"any": ["@number"]}, worth=1.0)], words=LISTS)
    gated, open_ = (Checker(pack, model=None, gate=gate) for gate in (True, False))
    for text in ("Có 12 người.", "canh bao nan lua ban nguoi qua mang 1.234", "Không có số."):
        assert gated.check(text) == open_.check(text)
    assert gated.check("Có 12 người.").in_scope


def test_more_alternatives_than_are_kept() -> None:
    """A pattern with hundreds of alternatives is asked for less, never for something else."""
    ways = ("xe", "tàu", "thuyền", "bộ", "đò", "phà", "bè", "ngựa", "trâu", "voi", "cáng", "kiệu", "gùi", "cầu", "cáp")
    sides = [{"any": [{"in_order": [f"~{verb}", f"~{way}"]} for way in ways]} for verb in ("đưa", "đón")]
    pack = pack_of(scope=[rule("S.ways", {"all": sides, "within": "piece"}, worth=1.0)])
    gated, open_ = (Checker(pack, model=None, gate=gate) for gate in (True, False))
    for first, last in itertools.product(ways[::7], ways[::7]):
        text = f"Họ đưa em bằng {first}.\nRồi có người đón bằng {last}."
        assert gated.check(text).in_scope
        assert gated.check(text) == open_.check(text)
    assert not gated.check("Họ đưa em đi, rồi đón em về.").in_scope


# --- an archive of real articles -------------------------------------------------------------------


def archive() -> Iterator[str]:
    """The texts of the archive."""
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as articles:
        for line in articles:
            yield json.loads(line)["text"]


@pytest.mark.skipif(not ARCHIVE.is_file(), reason="the archive is not here")
def test_real_articles() -> None:
    """On a sample of real articles, and on all that pass, the gate changes nothing."""
    gated, open_ = (Checker(model=None, gate=gate) for gate in (True, False))
    everything = list(archive())
    passed = [text for text in everything if gated.read(text) is not None]
    assert passed
    assert len(passed) < len(everything) / 10
    sample = random.Random(20200730).sample(everything, SAMPLE)
    for text in (*sample, *passed):
        assert gated.check(text) == open_.check(text)


# --- the matcher against a search by hand ----------------------------------------------------------


@dataclass(frozen=True, order=True)
class Found:
    """Where a literal stands: offsets in the text, first and last word, sentence and line."""

    start: int
    end: int
    first: int
    last: int
    sentence: int
    line: int


class Plain:
    """A text searched in the plainest way: every literal everywhere, every choice of parts tried."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences: list[tuple[int, int, int]] = []
        for number, (start, end) in enumerate(lines(normalise(text))):
            self.sentences += [(number, a, b) for a, b in sentences_of_line(text, start, end)]

    @cache  # noqa: B019 - lives as long as one example
    def literal(self, wanted: str) -> list[Found]:
        """Every place of a literal that need not keep to words."""
        found = []
        for number, (line, start, end) in enumerate(self.sentences):
            spans = words(self.text, start, end)
            for hit in re.finditer(rf"(?=(?<!\w){re.escape(wanted)}(?!\w))", self.text[start:end].lower()):
                a, b = start + hit.start(), start + hit.start() + len(wanted)
                inside = [n for n, (left, right) in enumerate(spans) if left < b and a < right]
                found.append(Found(a, b, inside[0], inside[-1], number, line))
        return found

    def some(self, wanted: Iterable[str]) -> list[Found]:
        """Every place of any of the literals."""
        return sorted({place for literal in wanted for place in self.literal(literal)})

    def holds(self, pattern: Any) -> bool:
        """Whether the pattern matches anywhere."""
        if isinstance(pattern, list):
            return bool(self.some(pattern))
        if "any" in pattern and "unless" in pattern:
            blockers = self.some(pattern["unless"])
            return any(
                not self.voided(place, blockers, pattern["unless_within"]) for place in self.some(pattern["any"])
            )
        if "any" in pattern:
            return any(map(self.holds, pattern["any"]))
        kind = "all" if "all" in pattern else "in_order"
        return any(
            self.fits(places, pattern["within"], kind) for places in itertools.product(*map(self.some, pattern[kind]))
        )

    def voided(self, place: Found, blockers: list[Found], within: str | int) -> bool:
        """Whether a blocker stands within reach, before or behind."""
        pairs = (sorted((place, blocker)) for blocker in blockers)
        return any(self.close(first, second, within) for first, second in pairs)

    def fits(self, places: tuple[Found, ...], within: str | int, kind: str) -> bool:
        """Whether the parts do not overlap, come in order where they must, and neighbours are close."""
        inorder = sorted(places)
        if kind == "in_order" and list(places) != inorder:
            return False
        return all(a.end <= b.start and self.close(a, b, within) for a, b in itertools.pairwise(inorder))

    def close(self, a: Found, b: Found, within: str | int) -> bool:
        """Whether two places, one behind the other, are close enough."""
        if within == "piece":
            return True
        if within == "paragraph":
            return a.line == b.line
        return a.sentence == b.sentence and (within == "sentence" or max(b.first - a.last - 1, 0) <= int(within))


PLAIN_WORDS = ("hứa", "việc", "việc làm", "bán", "lừa bán", "người", "và", "em", "cả")
groups = st.lists(st.sampled_from(PLAIN_WORDS), min_size=1, max_size=2, unique=True)
several = st.lists(groups, min_size=1, max_size=3)
simple = st.one_of(
    groups,
    st.builds(lambda parts, within: {"in_order": parts, "within": within}, several, distances),
    st.builds(lambda parts, within: {"all": parts, "within": within}, several, distances),
    st.builds(
        lambda some, blocked, within: {"any": some, "unless": blocked, "unless_within": within},
        groups,
        groups,
        distances,
    ),
)
plain_patterns = st.one_of(simple, st.lists(simple, min_size=1, max_size=2).map(lambda parts: {"any": parts}))
plain_texts = st.lists(
    st.tuples(st.sampled_from(PLAIN_WORDS), st.sampled_from((" ", " ", " ", ", ", ". ", "\n"))), min_size=1, max_size=14
).map(lambda pairs: "".join(itertools.chain.from_iterable(pairs)))


def loose(pattern: Any) -> Any:
    """The pattern with literals that need not keep to underthesea's words."""
    if isinstance(pattern, str):
        return f"~{pattern}"
    if isinstance(pattern, list):
        return [loose(part) for part in pattern]
    return {key: value if "within" in key else loose(value) for key, value in pattern.items()}


@given(st.lists(plain_patterns, min_size=1, max_size=4), st.lists(plain_texts, min_size=4, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_a_search_by_hand_agrees(wanted: list[Any], some: list[str]) -> None:
    """A rule fires exactly where some choice of places for its parts satisfies its pattern."""
    theme = [rule(f"T1.r{n}", loose(pattern), element="1a", worth=1.0) for n, pattern in enumerate(wanted)]
    everything = rule("S.any", [f"~{word}" for word in PLAIN_WORDS], worth=1.0)
    checker = Checker(pack_of(scope=[everything], theme=theme), model=None)
    for text in some:
        plain = Plain(text)
        fired = {item.rule for item in checker.check(text).themes["T1"].evidence}
        expected = {f"T1.r{n}" for n, pattern in enumerate(wanted) if plain.holds(pattern)}
        assert fired == expected, text


def test_the_search_by_hand_can_fail() -> None:
    """The plain search tells apart what it has to."""
    holds: Callable[[str, Any], bool] = lambda text, pattern: Plain(text).holds(pattern)  # noqa: E731
    assert holds("hứa và bán", {"in_order": [["hứa"], ["bán"]], "within": 1})
    assert not holds("hứa và bán", {"in_order": [["hứa"], ["bán"]], "within": 0})
    assert not holds("bán và hứa", {"in_order": [["hứa"], ["bán"]], "within": "piece"})
    assert not holds("lừa bán", {"all": [["lừa bán"], ["bán"]], "within": "piece"})
    assert holds("hứa. Bán", {"all": [["bán"], ["hứa"]], "within": "paragraph"})
    assert not holds("hứa.\nBán", {"all": [["bán"], ["hứa"]], "within": "paragraph"})
    assert not holds("em hứa", {"any": ["hứa"], "unless": ["em"], "unless_within": 0})
