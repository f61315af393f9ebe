"""The matcher: operators, distances, word boundaries, false friends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import rule

from mbncheck import Checker

TIE = "Nạn buôn người vẫn còn."


def spans(folder: Path, text: str) -> list[str]:
    """The evidence words of T1 in ``text``, with a tie to the topic put behind it."""
    whole = f"{text}\n{TIE}"
    result = Checker(folder, model=None).check(whole)
    for item in result.themes["T1"].evidence:
        assert whole[item.start : item.end] == item.text
    return [item.text for item in result.themes["T1"].evidence]


@pytest.fixture
def found(make_pack: Callable[..., Path]) -> Callable[[object, str], list[str]]:
    """What a pattern finds in a text."""

    def find(pattern: object, text: str) -> list[str]:
        return spans(make_pack(theme=[rule("T1.rule", pattern, element="1a", worth=1.0)]), text)

    return find


Found = Callable[[object, str], list[str]]


def test_in_order_keeps_the_order(found: Found) -> None:
    """``in_order`` finds its parts only one after the other."""
    pattern = {"in_order": ["hứa", "việc làm"]}
    assert found(pattern, "Họ hứa cho em việc làm.") == ["hứa cho em việc làm"]
    assert found(pattern, "Có việc làm là họ hứa.") == []


def test_all_takes_any_order(found: Found) -> None:
    """``all`` finds its parts in any order."""
    pattern = {"all": ["hứa", "việc làm"]}
    assert found(pattern, "Có việc làm là họ hứa.") == ["việc làm là họ hứa"]


def test_within_counts_words_between(found: Found) -> None:
    """``within: N`` allows N words between neighbouring parts and not one more."""
    text = "Họ hứa cho em việc làm."
    assert found({"in_order": ["hứa", "việc làm"], "within": 2}, text)
    assert not found({"in_order": ["hứa", "việc làm"], "within": 1}, text)


def test_reaches(found: Found) -> None:
    """A sentence ends at its full stop, a paragraph at its line end, a piece nowhere."""
    two_sentences, two_lines = "Họ hứa nhiều. Rồi có việc làm.", "Họ hứa nhiều.\nRồi có việc làm."
    for within, expected in (("sentence", (0, 0)), ("paragraph", (1, 0)), ("piece", (1, 1))):
        pattern = {"all": ["hứa", "việc làm"], "within": within}
        assert (len(found(pattern, two_sentences)), len(found(pattern, two_lines))) == expected


def test_unless_voids(found: Found) -> None:
    """``unless`` voids a match in the same sentence, or within its own reach."""
    pattern = {"any": ["hứa"], "unless": "thưởng"}
    assert found(pattern, "Họ hứa cho tiền.")
    assert not found(pattern, "Họ hứa thưởng tiền.")
    near = {"any": ["hứa"], "unless": "thưởng", "unless_within": 1}
    assert found(near, "Họ hứa với mọi người rồi mới thưởng.")
    assert not found(near, "Họ hứa sẽ thưởng.")
    assert not found({"any": ["hứa"], "unless": "thưởng", "unless_within": "piece"}, "Họ hứa.\nCó thưởng.")


def test_numbers(found: Found) -> None:
    """``@number`` is a number in digits."""
    pattern = {"in_order": ["giải cứu", "@number", "nạn nhân"], "within": 1}
    assert found(pattern, "Công an giải cứu 12 nạn nhân.") == ["giải cứu 12 nạn nhân"]
    assert not found(pattern, "Công an giải cứu các nạn nhân.")


def test_word_boundaries(found: Found) -> None:
    """A literal that would cut one of underthesea's words is no match; ``~`` asks for syllables only."""
    assert not found("sinh viên", "Cô học sinh viên chức đều đến.")
    assert found("~người", "Đó là người Việt Nam.")


def test_syllable_boundaries(found: Found) -> None:
    """A literal never starts or ends inside a syllable or a number."""
    assert not found("an", "Bạn ăn cơm.")
    assert not found("111", "Có 1.111 người và 111,5 kg.")
    assert found("111", "Hãy gọi 111.") == ["111"]


def test_spelling_does_not_matter(found: Found) -> None:
    """Case, tone placement, i/y, dashes and spaces make no difference."""
    assert found("tòa án - hòa giải", "TOÀ  ÁN – HOÀ GIẢI đã mở.") == ["TOÀ  ÁN – HOÀ GIẢI"]


def test_one_match_a_sentence(found: Found) -> None:
    """A rule gives at most one evidence a sentence: the tightest."""
    pattern = {"in_order": ["hứa", "việc làm"]}
    assert found(pattern, "Họ hứa rất nhiều rồi hứa việc làm.") == ["hứa việc làm"]


def test_nothing_without_a_tie(make_pack: Callable[..., Path]) -> None:
    """Without a scope rule in the piece no theme is found."""
    folder = make_pack(theme=[rule("T1.rule", "hứa", element="1a", worth=1.0)])
    result = Checker(folder, model=None).check("Họ hứa cho em việc làm.")
    assert result.themes["T1"].level == "absent"
    assert not result.in_scope


@pytest.mark.parametrize(
    ("reach", "text", "level"),
    [
        ("span", "Họ hứa thưởng. Nạn buôn người.", "absent"),
        ("span", "Họ hứa, rồi người khác hứa thưởng. Nạn buôn người.", "covered"),
        ("sentence", "Họ hứa rồi, và người ấy hứa thưởng. Nạn buôn người.", "absent"),
        ("sentence", "Có hứa thưởng. Họ hứa rồi. Nạn buôn người.", "covered"),
    ],
)
def test_false_friends(make_pack: Callable[..., Path], reach: str, text: str, level: str) -> None:
    """A false friend voids the evidence that it touches, or all in its sentence."""
    folder = make_pack(
        theme=[rule("T1.rule", "hứa", element="1a", worth=1.0)],
        false_friends=[rule("F.prize", "hứa thưởng", cancels=["T1"], reach=reach)],
    )
    assert Checker(folder, model=None).check(text).themes["T1"].level == level


def test_false_friend_of_the_piece(make_pack: Callable[..., Path]) -> None:
    """A false friend of the whole piece takes its scope away, and with it every "covered"."""
    folder = make_pack(
        theme=[rule("T1.rule", "hứa", element="1a", worth=1.0)],
        false_friends=[rule("F.film", "bộ phim", cancels=["all"], reach="piece")],
    )
    result = Checker(folder, model=None).check("Bộ phim kể chuyện buôn người. Họ hứa.")
    assert not result.in_scope
    assert result.themes["T1"].level == "mentioned"


def test_without_diacritics(make_pack: Callable[..., Path]) -> None:
    """A text without diacritics is matched on folded literals of two syllables or more."""
    folder = make_pack(theme=[rule("T1.rule", ["việc nhẹ", "hứa"], element="1a", worth=1.0)])
    result = Checker(folder, model=None).check(
        "Canh bao nan buon nguoi: dung tin loi hua viec nhe luong cao khi co nguoi la moi di lam xa."
    )
    assert result.no_diacritics
    assert [item.text for item in result.themes["T1"].evidence] == ["viec nhe"]
