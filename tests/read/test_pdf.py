"""PDF: what is left of lines and pages once they are paragraphs again."""

from __future__ import annotations

from typing import Any

import pytest

from mbncheck.read.pdf import across_pages, in_reading_order, without_running_heads


class Box:
    """A block on a page: name, left, right, top; as much of the library's box as order needs."""

    def __init__(self, name: str, x0: float, x1: float, y1: float) -> None:
        self.name, self.x0, self.x1, self.y1 = name, x0, x1, y1


@pytest.mark.parametrize(
    ("boxes", "order"),
    [
        ([("a", 0, 100, 90), ("b", 0, 100, 50)], "a b"),
        ([("left", 0, 45, 90), ("right", 55, 100, 95)], "left right"),
        ([("title", 0, 100, 99), ("l1", 0, 45, 80), ("r1", 55, 100, 80), ("l2", 0, 45, 50), ("r2", 55, 100, 50)],
         "title l1 l2 r1 r2"),
        ([("l1", 0, 45, 90), ("r1", 55, 100, 90), ("photo", 0, 100, 50), ("l2", 0, 45, 30), ("r2", 55, 100, 30)],
         "l1 r1 photo l2 r2"),
    ],
)  # fmt: skip
def test_reading_order(boxes: list[Any], order: str) -> None:
    """Columns are read one after another, under what spans them; what spans them again cuts them in two."""
    found = in_reading_order([Box(*box) for box in reversed(boxes)])  # type: ignore[misc]
    assert " ".join(box.name for box in found) == order  # type: ignore[attr-defined]


def test_running_heads() -> None:
    """What begins or ends every page is left out, unless there is but one page."""
    pages = [["Báo", "một", "Trang tin"], ["Báo", "hai", "Trang tin"], ["Báo", "ba", "Trang tin"]]
    assert without_running_heads(pages) == [["một"], ["hai"], ["ba"]]
    assert without_running_heads(pages[:1]) == pages[:1]
    assert without_running_heads([["Báo", "một"], ["hai"]]) == [["Báo", "một"], ["hai"]]
    assert without_running_heads([["Báo"], ["Báo"]]) == [[], []]


def test_across_pages() -> None:
    """A paragraph that a page cuts is one again; one that ended, and one that begins with a capital, is not."""
    pages = [["Tít", "Một câu dở"], ["dang. Hai.", "Ba"], ["Bốn"], []]
    assert list(across_pages(pages)) == ["Tít", "Một câu dở dang. Hai.", "Ba", "Bốn"]
