"""What is masked is never matched and never moves anything; whoever says the evidence is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_packs import rule

from mbncheck import Article, Checker, CheckResult
from mbncheck.check.document import Document
from mbncheck.read.scripts import as_script

TEXT = """Hình: nạn buôn người, hứa việc làm
PTV: Nạn buôn người vẫn còn.
Nông dân A: Họ hứa (đọc chậm) cho em việc làm nhẹ.
PTV: Gọi ngay.
"""


@pytest.fixture
def checker(make_pack: Callable[..., Path]) -> Checker:
    """Rules for a promise of work."""
    folder = make_pack(theme=[rule("T1.promise", {"in_order": ["hứa", "việc làm"]}, element="1a", worth=1.0)])
    return Checker(folder, model=None)


def evidence_of(result: CheckResult) -> list[tuple[str, str | None]]:
    """Words and speakers of all evidence."""
    return [(item.text, item.speaker) for item in (*result.scope_evidence, *result.themes["T1"].evidence)]


def test_only_what_is_said_counts(checker: Checker) -> None:
    """The picture's words prove nothing; the text of evidence is the original's, cue included; speakers are known."""
    script = as_script(Article(TEXT))
    result = checker.check_article(script)
    said = evidence_of(result)
    assert ("Nạn buôn người", "PTV") in said or ("buôn người", "PTV") in said
    assert said[-1][0] == "hứa (đọc chậm) cho em việc làm"
    assert all(item.line != 1 for item in (*result.scope_evidence, *result.themes["T1"].evidence))
    for item in result.themes["T1"].evidence:
        assert TEXT[item.start : item.end] == item.text
    plain = checker.check_article(Article(TEXT))
    assert any(item.line == 1 for item in plain.scope_evidence)


def test_speakers_of_evidence(checker: Checker) -> None:
    """Evidence outside every turn has no speaker; within one it has its name."""
    text = "Nạn buôn người. Họ hứa việc làm."
    start = text.index("Họ")
    result = checker.check_article(Article(text, speakers=((start, len(text), "Bà Sáu"),)))
    assert [item.speaker for item in result.scope_evidence] == [None]
    assert [item.speaker for item in result.themes["T1"].evidence] == ["Bà Sáu"]


def test_notes_travel(checker: Checker) -> None:
    """Notes on the text come out with the result."""
    from mbncheck.model import NO_DIACRITICS

    assert checker.check_article(Article("Chao", notes=(NO_DIACRITICS,))).notes == (NO_DIACRITICS,)


spans = st.lists(st.integers(0, 40), max_size=8).map(lambda cuts: sorted(set(cuts)))


@given(st.text(st.sampled_from("aà\n\r b."), min_size=40, max_size=60), spans)
@settings(derandomize=True, deadline=None)
def test_blanks_keep_every_place(text: str, cuts: list[int]) -> None:
    """Blanks have the length of what they hide; line ends and all else stay; without masks nothing is copied."""
    masked = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    said = Document.of(text, masked).said
    hidden = {at for start, end in masked for at in range(start, end)}
    assert len(said) == len(text)
    for at, (before, after) in enumerate(zip(text, said, strict=True)):
        assert after == (" " if at in hidden and before not in "\r\n" else before)
    assert Document.of(text).said is text
