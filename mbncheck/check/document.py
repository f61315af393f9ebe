"""One piece made ready for matching: shadow text, sentences, paragraphs, title and lead.

All offsets are half-open and count characters of the original text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from mbncheck.model import Place, Span
from mbncheck.text.normalise import Shadow, normalise
from mbncheck.text.segment import sentences, words

MAX_TITLE = 200


@dataclass(frozen=True)
class Document:
    """A piece and what is derived from it, each part only when asked for."""

    text: str
    shadow: Shadow

    @classmethod
    def of(cls, text: str) -> Document:
        """The document of ``text``; nothing is segmented yet."""
        return cls(text, normalise(text))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences, in order; they never overlap."""
        return tuple(sentences(self.text, self.shadow))

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _word_cache(self) -> dict[int, tuple[list[int], list[int]]]:
        return {}

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds ``offset`` (the one before it, in a gap)."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def words(self, sentence: int) -> tuple[list[int], list[int]]:
        """Starts and ends of the words of one sentence; segmented on the first call."""
        if sentence not in self._word_cache:
            spans = words(self.text, *self.sentences[sentence])
            self._word_cache[sentence] = ([start for start, _ in spans], [end for _, end in spans])
        return self._word_cache[sentence]

    @cached_property
    def paragraphs(self) -> tuple[int, ...]:
        """For each sentence the number of its paragraph: lines that hold text, counted from 0."""
        numbers: list[int] = []
        number, previous_end = 0, 0
        for start, end in self.sentences:
            if numbers and "\n" in self.text[previous_end:start]:
                number += 1
            numbers.append(number)
            previous_end = end
        return tuple(numbers)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(i + 1 for i, char in enumerate(self.text) if char == "\n")]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``, both from 1; blank lines count."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def has_title(self) -> bool:
        """Whether the first paragraph is a title: short, alone, not closed by a full stop."""
        if not self.paragraphs or self.paragraphs[-1] == 0:
            return False
        first = [span for span, number in zip(self.sentences, self.paragraphs, strict=True) if number == 0]
        line = self.text[first[0][0] : first[-1][1]]
        return len(line) <= MAX_TITLE and not line.rstrip("\"”’' ").endswith((".", ":", ";", ","))

    def place(self, sentence: int) -> Place:
        """Where a sentence stands: title, lead (the first paragraph of the body) or body."""
        number = self.paragraphs[sentence] - self.has_title
        return "title" if number < 0 else "lead" if number == 0 else "body"
