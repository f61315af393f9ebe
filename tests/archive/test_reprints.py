"""Reprints: found whatever changed a little, kept apart where texts only resemble each other."""

from __future__ import annotations

import random
from datetime import date

import pytest
from archive_files import checker
from hypothesis import given, settings
from hypothesis import strategies as st

from mbncheck import Article
from mbncheck.archive.reprints import SAME_AT, Reprint, Text, find_reprints, similarity, syllables_of

SPOKEN = (
    "công an huyện đã phá đường dây mua bán người qua biên giới giải cứu nạn nhân trở về địa phương hỗ trợ tâm lý học "
    "nghề việc làm tuyên truyền thôn buôn xã vùng sâu loa thanh cán bộ hội phụ nữ biên phòng tòa án xét xử"
)
WORDS = sorted(set(SPOKEN.split()))


def release(seed: int, length: int = 150) -> list[str]:
    """The syllables of a made-up release."""
    return random.Random(seed).choices(WORDS, k=length)


def as_text(number: int, syllables: list[str], published: date | None = None, id: str = "") -> Text:
    """A text as the store gives it."""
    return Text((1, number), published, id or f"x{number}", " ".join(syllables))


def test_a_release_in_three_outlets() -> None:
    """Word for word, with a new headline, and with a fifth cut: one piece, had first by the one published first."""
    whole = release(1)
    texts = [
        as_text(0, whole, date(2020, 7, 3)),
        as_text(1, ["tin", "mới", "nhất", "hôm", "nay", *whole[12:]], date(2020, 7, 1)),
        as_text(2, whole[: len(whole) * 4 // 5], date(2020, 7, 2)),
        as_text(3, release(2), date(2020, 7, 1)),
    ]
    found = find_reprints(texts)
    assert [(one.key, one.first) for one in found] == [((1, 0), (1, 1)), ((1, 2), (1, 1))]
    assert all(SAME_AT <= one.similarity < 1 for one in found)


def test_who_had_it_first() -> None:
    """The earliest date, then the id that sorts first; a piece without a date comes last."""
    whole = release(3)
    texts = [
        as_text(0, whole, None, "a"),
        as_text(1, whole, date(2020, 7, 2), "c"),
        as_text(2, whole, date(2020, 7, 2), "b"),
    ]
    assert [one.first for one in find_reprints(texts)] == [(1, 2), (1, 2)]


def test_two_reports_of_one_case_are_two_pieces() -> None:
    """Half of a text in common is no reprint."""
    one, other = release(4), release(5)
    assert find_reprints([as_text(0, one), as_text(1, one[:75] + other[75:])]) == []


def test_chains_are_one_group() -> None:
    """What was changed a little again and again still goes back to the first."""
    texts, syllables = [], release(6, 200)
    for number in range(5):
        texts.append(as_text(number, syllables, date(2020, 7, 1 + number)))
        syllables = syllables[12:] + release(100 + number, 12)
    assert {one.first for one in find_reprints(texts)} == {(1, 0)}
    assert len(find_reprints(texts)) == 4


@pytest.mark.parametrize("changed", [0.02, 0.05])
def test_small_edits_are_found(changed: float) -> None:
    """Of a hundred releases with syllables changed here and there, at least 98 are found, and no two are confused."""
    rng = random.Random(7)
    texts = []
    for number in range(100):
        syllables = release(1000 + number)
        edited = [rng.choice(WORDS) if rng.random() < changed else word for word in syllables]
        texts += [as_text(2 * number, syllables, date(2020, 1, 1)), as_text(2 * number + 1, edited, date(2020, 1, 2))]
    found = find_reprints(texts)
    assert len(found) >= 98
    assert all(one.key[1] == one.first[1] + 1 for one in found)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 12))
def test_the_order_of_texts_does_not_matter(rng: random.Random, count: int) -> None:
    """The same texts in any order give the same groups, each with its earliest piece as the first."""
    texts = []
    for number in range(count):
        syllables = release(rng.randrange(3), 40)
        edited = [rng.choice(WORDS) if rng.random() < 0.04 else word for word in syllables]
        texts.append(as_text(number, edited, rng.choice([None, date(2020, 1, 1), date(2020, 1, 2)])))
    shuffled = rng.sample(texts, len(texts))
    found: list[Reprint] = find_reprints(texts)
    assert find_reprints(shuffled) == found
    order = {text.key: text.order for text in texts}
    assert all(order[one.first] < order[one.key] for one in found)
    assert {one.first for one in found}.isdisjoint({one.key for one in found})


def test_short_texts() -> None:
    """Texts shorter than a run of syllables, and empty ones, are compared like any other."""
    texts = [as_text(0, ["một"]), as_text(1, ["một"]), as_text(2, ["hai"]), as_text(3, []), as_text(4, [])]
    assert [(one.key, one.first) for one in find_reprints(texts)] == [((1, 1), (1, 0)), ((1, 4), (1, 3))]


def test_similarity_by_hand() -> None:
    """1 - d / (m + n): two of four syllables replaced take two deletions and two insertions, 1 - 4/8."""
    assert similarity(syllables_of("a b c d"), syllables_of("a x y d")) == pytest.approx(0.5)
    assert syllables_of("Buôn-người, 24/7!") == ("Buôn", "người", "24", "7")


def test_what_is_compared_is_the_shadow_text() -> None:
    """Case, tone placement and punctuation make no other piece."""
    first = Article("Tòa án xét xử vụ buôn người: hoà giải không thành, ba bị cáo lĩnh án.", id="1")
    other = Article("TOÀ ÁN XÉT XỬ VỤ BUÔN NGƯỜI - HÒA GIẢI KHÔNG THÀNH; BA BỊ CÁO LĨNH ÁN", id="2")
    from mbncheck.archive.outcomes import Outcomes

    outcomes = Outcomes()
    for number, article in enumerate((first, other)):
        outcomes.add(1, number, article, checker().check_article(article), ())
    texts = outcomes.table()["text"].to_pylist()
    assert syllables_of(texts[0]) == syllables_of(texts[1])
