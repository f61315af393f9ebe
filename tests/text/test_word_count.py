"""Words as word processors count them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mbncheck.text.word_count import word_count


@given(st.text(alphabet="aă đ\t\n.,-😀", max_size=40))
def test_words_are_runs_between_spaces(text: str) -> None:
    """As many as splitting at spaces gives."""
    assert word_count(text) == len(text.split())


def test_masked_spans_are_not_counted() -> None:
    """Cues count for nothing, also where they overlap or stick to a word."""
    said = "[nhạc] Xin chào [hết] bà con"
    assert word_count(said, [(0, 6), (16, 21), (17, 21)]) == 4
    assert word_count("") == word_count(said, [(0, len(said))]) == 0
