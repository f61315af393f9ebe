"""The shadow text and its map back to the original.

Shadow and original differ in places, each an *edit*: so many characters here stand for so many there. All spans
are half-open and counted in characters (code points).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edits:
    """Where shadow and original differ: the k-th edit put ``shadow[sa:sb]`` for ``original[oa:ob]``."""

    sa: array[int] = field(default_factory=lambda: array("I"))
    sb: array[int] = field(default_factory=lambda: array("I"))
    oa: array[int] = field(default_factory=lambda: array("I"))
    ob: array[int] = field(default_factory=lambda: array("I"))

    def add(self, sa: int, sb: int, oa: int, ob: int) -> None:
        """``shadow[sa:sb]`` stands for ``original[oa:ob]``; edits come in the order of the text."""
        self.sa.append(sa)
        self.sb.append(sb)
        self.oa.append(oa)
        self.ob.append(ob)

    def extend(self, other: Edits, shadow: int, original: int) -> None:
        """Append the edits of a line that starts at the given offsets."""
        for sa, sb, oa, ob in zip(other.sa, other.sb, other.oa, other.ob, strict=True):
            self.add(sa + shadow, sb + shadow, oa + original, ob + original)


def _image(at: int, a: array[int], b: array[int], to_a: array[int], to_b: array[int]) -> tuple[int, int]:
    """The span on the other side of the one character at ``at``; ``a``, ``b`` are this side."""
    k = bisect_right(a, at) - 1
    if k < 0:
        return at, at + 1
    if at < b[k]:
        return to_a[k], to_b[k]
    there = to_b[k] + at - b[k]
    return there, there + 1


def _images(wanted: Iterable[int], edits: Edits) -> Iterator[tuple[int, int]]:
    """The spans of the original that characters of the shadow stand for; ``wanted`` rises."""
    following, shift = 0, 0
    last = len(edits.sa)
    for at in wanted:
        while following < last and edits.sb[following] <= at:
            shift = edits.ob[following] - edits.sb[following]
            following += 1
        if following < last and edits.sa[following] <= at:
            yield edits.oa[following], edits.ob[following]
        else:
            yield at + shift, at + shift + 1


@dataclass(frozen=True, slots=True)
class Shadow:
    """A normalised text and its map to the original.

    ``text`` is the normalised text; ``length`` the number of characters of the original.
    """

    text: str
    length: int
    _edits: Edits | None = field(default=None, repr=False)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` stands for.

        It never cuts a letter from its combining marks. An empty span gives an empty span.
        Raises ValueError unless ``0 <= start <= end <= len(text)``.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a shadow of {len(self.text)} characters")
        if self._edits is None:
            return start, end
        e = self._edits
        return _span(start, end, len(self.text), self.length, e.sa, e.sb, e.oa, e.ob)

    def originals(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """``original`` of many spans that are not empty, in their order; faster than one by one."""
        if self._edits is None or not spans:
            return list(spans)
        shift = self._shift(min(spans)[0], max(end for _, end in spans))
        if shift is not None:
            return [(start + shift, end + shift) for start, end in spans]
        wanted = sorted({offset for start, end in spans for offset in (start, end - 1)})
        images = dict(zip(wanted, _images(wanted, self._edits), strict=True))
        return [(images[start][0], images[end - 1][1]) for start, end in spans]

    def _shift(self, start: int, end: int) -> int | None:
        """How much further on the original of ``text[start:end]`` is, if nothing in it was changed."""
        edits = self._edits
        assert edits is not None  # noqa: S101 - the caller looked
        following = bisect_right(edits.sa, end - 1)
        if (following and edits.sb[following - 1] > start) or following > bisect_right(edits.sa, start):
            return None
        return edits.ob[following - 1] - edits.sb[following - 1] if following else 0

    def shadow(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``text`` that stands for ``original[start:end]``.

        Raises ValueError unless ``0 <= start <= end <= length``.
        """
        if not 0 <= start <= end <= self.length:
            raise ValueError(f"no span {start}:{end} in a text of {self.length} characters")
        if self._edits is None:
            return start, end
        e = self._edits
        return _span(start, end, self.length, len(self.text), e.oa, e.ob, e.sa, e.sb)


def _span(
    start: int, end: int, length: int, other: int,
    a: array[int], b: array[int], to_a: array[int], to_b: array[int],
) -> tuple[int, int]:  # fmt: skip
    if start == length:
        return other, other
    low = _image(start, a, b, to_a, to_b)[0]
    if start == end:
        return low, low
    return low, _image(end - 1, a, b, to_a, to_b)[1]
