"""The checker as a whole: offsets, levels, spelling, limits, many articles at once."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ARTICLES, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from small_packs import rule

from mbncheck import Article, Checker, CheckResult, Evidence, check
from mbncheck.report.json import result_as_dict
from mbncheck.text.diacritics import fold

MakePack = Callable[..., Path]
same = settings(derandomize=True, deadline=None)
TIE = "Nạn buôn người vẫn còn."


@cache
def real_checker(model: str = "default") -> Checker:
    """A checker with the shipped pack."""
    return Checker(model=model)


@cache
def pieces() -> list[str]:
    """Texts to check: the articles and some of the labelled pieces."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    labelled = (ROOT / "corpora" / "pieces.jsonl").read_text(encoding="utf-8").splitlines()
    return texts + [json.loads(line)["text"] for line in labelled[::4]]


def all_evidence(result: CheckResult) -> list[Evidence]:
    """Every piece of evidence, for the scope and for themes."""
    return [*result.scope_evidence, *(item for theme in result.themes.values() for item in theme.evidence)]


def assert_sound(result: CheckResult, text: str) -> None:
    """Every offset selects what it says, every number lies where it must."""
    assert result.length == len(text)
    for item in all_evidence(result):
        assert text[item.start : item.end] == item.text != ""
        assert item.sentence[0] <= item.start < item.end <= item.sentence[1] <= len(text)
        assert list(item.parts) == sorted(set(item.parts))
        assert item.parts[0][0] == item.start
        assert max(end for _, end in item.parts) == item.end
        assert all(start < end for start, end in item.parts)
        before = text[: item.start]
        assert (item.line, item.column) == (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        assert 0 < item.worth <= 1 or item.rule.startswith("learned:")
        assert item.probability is None or 0 <= item.probability <= 1
    for theme in result.themes.values():
        assert 0 <= theme.share <= 1
        assert theme.probability is None or 0 <= theme.probability <= 1
        assert (theme.level == "absent") == (not theme.evidence)
        assert set(theme.elements) == {item.element for item in theme.evidence if item.element}
        assert list(theme.evidence) == sorted(theme.evidence, key=lambda item: (item.start, item.end, item.rule))
        assert result.in_scope or theme.level != "covered"


# --- spellings -------------------------------------------------------------------------------------

OLD_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ùy": "uỳ", "úy": "uý"}
_NEW_TONE = re.compile(rf"({'|'.join(OLD_TONES)})(?!\w)")


def old_tones(text: str) -> str:
    """The text with tones where older spelling puts them: hoà, thuý."""
    return _NEW_TONE.sub(lambda match: OLD_TONES[match[1]], text)


def with_inside(text: str, what: str, seed: int = 0) -> str:
    """The text with ``what`` put between letters of every fifth word or so."""
    chance = random.Random(seed)
    return re.sub(r"(?<=\w)(?=\w)", lambda _: what if chance.random() < 0.05 else "", text)


VARIANTS: dict[str, Callable[[str], str]] = {
    "NFC": lambda text: unicodedata.normalize("NFC", text),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "old tones": old_tones,
    "old tones, NFD": lambda text: unicodedata.normalize("NFD", old_tones(text)),
    "zero-width": lambda text: with_inside(text, "\u200b"),
    "soft hyphens": lambda text: with_inside(text, "\u00ad"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "wide spaces": lambda text: text.replace(" ", "  "),
    "long dashes": lambda text: text.replace("-", "–"),
}
LOUD = {"upper case": str.upper, "lower case": str.lower}


@given(st.data())
@settings(same, max_examples=60)
def test_offsets_select_their_text(data: st.DataObject) -> None:
    """However the text is spelt, every offset selects exactly its text in what was passed in."""
    text = data.draw(st.sampled_from(pieces()), label="piece")
    start = data.draw(st.integers(0, max(len(text) - 200, 0)), label="start")
    text = text[start : start + data.draw(st.integers(50, 3000), label="length")]
    some = st.lists(st.sampled_from(sorted(VARIANTS | LOUD)), min_size=1, max_size=4)
    for name in data.draw(some, label="variants"):
        text = (VARIANTS | LOUD)[name](text)
    assert_sound(real_checker(data.draw(st.sampled_from(("default", "none")), label="model")).check(text), text)


def findings(checker: Checker, text: str) -> dict[str, Any]:
    """What may not depend on the spelling: scope, levels, elements, rules."""
    result = checker.check(text)
    assert_sound(result, text)
    return {
        "scope": (result.in_scope, {item.rule for item in result.scope_evidence}),
        **{name: (t.level, t.elements, {item.rule for item in t.evidence}) for name, t in result.themes.items()},
    }


@pytest.mark.parametrize("model", ["default", "none"])
@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.txt")), ids=lambda path: path.stem)
def test_spelling_does_not_matter(path: Path, model: str) -> None:
    """The same article in any spelling covers the same themes, by the same rules."""
    text = path.read_text(encoding="utf-8")
    expected = findings(real_checker(model), text)
    for name, respell in VARIANTS.items():
        assert findings(real_checker(model), respell(text)) == expected, name


# --- levels ----------------------------------------------------------------------------------------


def promise(worth: float, element: str = "1a") -> dict[str, object]:
    """A rule of T1 worth so much a sentence."""
    return rule("T1.promise", "~hứa", element=element, worth=worth)


@pytest.mark.parametrize(
    ("body", "level", "total"),
    [
        ("Họ đi rồi.", "absent", 0.0),
        ("Họ hứa đấy.", "mentioned", 0.5),
        ("Họ hứa mà hứa đấy.", "mentioned", 0.5),
        ("Họ hứa đấy. Họ lại hứa.", "covered", 1.0),
        ("Họ hứa đấy.\nHọ lại hứa.\nHọ vẫn hứa.", "covered", 1.5),
    ],
)
def test_two_half_worth_sentences_cover(make_pack: MakePack, body: str, level: str, total: float) -> None:
    """A sentence counts once; two that are worth a half each cover, one does not."""
    found = Checker(make_pack(theme=[promise(0.5)]), model=None).check(f"{TIE}\n{body}").themes["T1"]
    assert (found.level, found.total) == (level, total)


def test_the_best_evidence_of_a_sentence_counts(make_pack: MakePack) -> None:
    """Two rules in one sentence do not add up."""
    folder = make_pack(theme=[promise(0.5), rule("T1.more", "~việc nhẹ", element="1a", worth=0.6)])
    found = Checker(folder, model=None).check(f"{TIE} Họ hứa việc nhẹ.").themes["T1"]
    assert (found.level, found.total, len(found.evidence)) == ("mentioned", 0.6, 2)


@pytest.mark.parametrize(
    ("text", "in_scope"),
    [
        ("Nạn buôn người\n\nHọ đi rồi. Họ ở nhà.", True),
        ("Chuyện của làng\n\nNạn buôn người vẫn còn.", False),
        ("Chuyện của làng\n\nNạn buôn người vẫn còn. Bọn buôn người đông.", True),
        ("Nạn buôn người vẫn còn.", False),
        ("Nạn buôn người vẫn còn.\nHọ đi rồi.", False),
    ],
)
def test_a_title_counts_twice(make_pack: MakePack, text: str, in_scope: bool) -> None:
    """In the title, half a scope rule is enough for the scope; a first line that is a sentence is no title."""
    folder = make_pack(scope=[rule("S.half", "~buôn người", worth=0.5)])
    assert Checker(folder, model=None).check(text).in_scope is in_scope


def test_places(make_pack: MakePack) -> None:
    """Evidence says whether it stands in the title, the lead or the body."""
    checker = Checker(make_pack(scope=[rule("S.named", "~buôn người", worth=1.0)]), model=None)
    result = checker.check("Nạn buôn người\n\nCó buôn người đấy.\nVẫn buôn người.\n")
    assert [(item.place, item.line) for item in result.scope_evidence] == [("title", 1), ("lead", 3), ("body", 4)]
    single = checker.check("Nạn buôn người")
    assert [item.place for item in single.scope_evidence] == ["lead"]


def test_out_of_scope_caps_at_mentioned(make_pack: MakePack) -> None:
    """Out of scope no theme is covered, however much speaks for it."""
    folder = make_pack(theme=[promise(1.0)], scope=[rule("S.half", "~buôn người", worth=0.5)])
    result = Checker(folder, model=None).check("Có buôn người đấy. Họ hứa đấy. Họ hứa mãi.")
    assert not result.in_scope
    assert (result.themes["T1"].level, result.themes["T1"].total) == ("mentioned", 2.0)


@pytest.mark.parametrize(("worth", "level"), [(0.4, "absent"), (0.5, "mentioned"), (1.0, "covered")])
def test_linked_elements(make_pack: MakePack, worth: float, level: str) -> None:
    """An element marked ⛓ counts only where a scope rule of some strength ties the piece to the topic."""
    folder = make_pack(theme=[promise(1.0, "1b")], scope=[rule("S.tie", "~buôn người", worth=worth)])
    checker = Checker(folder, model=None)
    assert checker.check("Họ hứa đấy.\nCó buôn người đấy.").themes["T1"].level == level
    assert checker.check("Họ hứa đấy.").themes["T1"].level == "absent"


def test_shares(make_pack: MakePack) -> None:
    """The share is that of the characters in sentences with evidence, none counted twice."""
    folder = make_pack(theme=[promise(0.5), rule("T1.more", "~việc nhẹ", element="1a", worth=0.5)])
    text = f"{TIE} Họ hứa việc nhẹ. Họ hứa đấy."
    found = Checker(folder, model=None).check(text).themes["T1"]
    assert found.share == pytest.approx((len("Họ hứa việc nhẹ.") + len("Họ hứa đấy.")) / len(text), abs=1e-6)


# --- any text --------------------------------------------------------------------------------------

FRAGMENTS = ("mua bán người", "Nạn buôn người.", "18001567", "lừa bán", "\n", ". ", "http://", "\0", "\ud800", "\u0301")
odd_texts = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(), max_size=4)), max_size=30).map("".join),
)


@given(odd_texts)
@settings(same, max_examples=300)
def test_any_text(text: str) -> None:
    """No text raises, surrogates and controls included, and every result is sound."""
    assert_sound(real_checker().check(text), text)


LARGE = {
    "nothing": " ",
    "one letter": "a",
    "one line": "mua bán người ",
    "one long sentence": "nạn nhân bị lừa bán sang Trung Quốc làm vợ việc nhẹ lương cao ",
    "commas": "mua bán người, gọi 18001567, ",
    "digits": "mua bán người 1.111 ",
    "sentences": "Nạn mua bán người ở Việt Nam. ",
    "short lines": "Mua bán người\n",
    "no spaces": "muabánngười",
    "glued": "mua bán người.",
    "brackets": "(((mua bán người ",
    "addresses": "mua bán người http://a.b.c. ",
    "dots": "mua bán người a.",
    "question marks": "mua bán người http://?????? ",
    "controls": "mua bán người\0 ",
    "invisible": "m\u200bua b\u00adán người ",
    "marks": "mua bán người\u0301\u0301 ",
    "surrogates": "mua bán người\ud800 ",
    "decomposed": unicodedata.normalize("NFD", "mua bán người lừa bán sang Trung Quốc "),
}


def corpora(change: Callable[[str], str] = str) -> str:
    """All articles and pieces on end, changed somehow."""
    return change("\n\n".join(pieces()))


@pytest.mark.parametrize("case", [*LARGE, "articles", "articles in one line", "articles in capitals", "no diacritics"])
def test_large_texts(case: str) -> None:
    """100 kB of any text take less than 5 s of processor time."""
    changes: dict[str, Callable[[str], str]] = {
        "articles": str,
        "articles in one line": lambda text: " ".join(text.split()),
        "articles in capitals": str.upper,
        "no diacritics": fold,
    }
    unit = LARGE[case] if case in LARGE else corpora(changes[case])
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    checker = real_checker()
    checker.warm_up()
    began = time.process_time()
    assert_sound(checker.check(text), text)
    assert time.process_time() - began < 5


# --- results ---------------------------------------------------------------------------------------


def test_results_are_frozen() -> None:
    """Articles, results, themes and evidence cannot be changed."""
    text = pieces()[-1]
    article = Article(text, id="bài")
    result = next(result for result in map(real_checker().check, pieces()) if result.scope_evidence)
    theme = result.themes["T1"]
    for thing in (article, result, result.pack, theme, result.scope_evidence[0]):
        for field in dataclasses.fields(thing):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(thing, field.name, None)
    assert isinstance(result.scope_evidence, tuple)
    assert isinstance(theme.evidence, tuple)


def test_what_is_known_of_an_article_comes_back() -> None:
    """Id, outlet and date travel into the result."""
    result = real_checker().check(TIE, id="bài-1", outlet="Đài huyện", published=date(2020, 7, 30))
    assert (result.id, result.outlet, result.published) == ("bài-1", "Đài huyện", date(2020, 7, 30))


def test_every_theme_is_there() -> None:
    """Every theme of the pack stands in every result, in order, also where the gate stops a piece."""
    for text in ("", "Trời mưa.", *pieces()[:4]):
        assert list(real_checker().check(text).themes) == [f"T{n}" for n in range(1, 8)]


def test_the_one_call_form() -> None:
    """``check`` is the default checker."""
    text = pieces()[0]
    assert check(text, outlet="A") == real_checker().check(text, outlet="A")


def test_again_gives_the_same() -> None:
    """The same text gives the same result, whatever was checked before, with any checker."""
    first = [real_checker().check(text) for text in pieces()]
    again = Checker()
    for text, result in reversed(list(zip(pieces(), first, strict=True))):
        assert again.check(text) == result


def test_other_processes_give_the_same(tmp_path: Path) -> None:
    """The order of sets, which differs from process to process, has no say in the bytes."""
    code = (
        "import json, sys; from pathlib import Path; from mbncheck import check; "
        "from mbncheck.report.json import result_as_dict; "
        "results = [result_as_dict(check(Path(name).read_text(encoding='utf-8'))) for name in sys.argv[1:]]; "
        "sys.stdout.buffer.write(json.dumps(results).encode())"
    )
    names = [str(path) for path in sorted(ARTICLES.glob("*.txt"))]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, *names],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = [result_as_dict(real_checker().check(Path(name).read_text(encoding="utf-8"))) for name in names]
    assert outputs == {json.dumps(here).encode()}
