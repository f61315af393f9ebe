"""One piece made ready for matching: shadow text, lines, sentences, words, title and lead.

All offsets are half-open and count characters of the original text. A sentence has a number that tells
its line (its paragraph): ``line * PER_LINE + position``; numbers rise with the text. Lines are split into
sentences, and sentences into words, only when asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from mbncheck.model import Place, Span
from mbncheck.text.normalise import normalise
from mbncheck.text.segment import lines, sentences_of_line, words
from mbncheck.text.shadow import Shadow

MAX_TITLE = 200
_LINE_END = re.compile("\n")
PER_LINE = 1_000_000  # more sentences than a line can hold: texts are limited to 20 MB


@dataclass(frozen=True)
class Document:
    """A piece and what is derived from it, each part only when asked for."""

    text: str
    shadow: Shadow
    said: str
    """``text`` with blanks for what is masked: what is matched, segmented and shown to the learned reader."""

    @classmethod
    def of(cls, text: str, masked: tuple[Span, ...] = ()) -> Document:
        """The document of ``text`` but for the ``masked`` spans; nothing is segmented yet."""
        said = _blanked(text, masked) if masked else text
        return cls(text, normalise(said), said)

    @cached_property
    def lines(self) -> list[Span]:
        """The lines that hold text, in order."""
        return lines(self.shadow)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where the lines start."""
        return [start for start, _ in self.lines]

    @cached_property
    def shadow_line_starts(self) -> list[int]:
        """Where the same lines start in the shadow text."""
        shadow = self.shadow.text
        starts = [0, *(match.end() for match in _LINE_END.finditer(shadow))]
        return [start for start in starts if start < len(shadow) and shadow[start] != "\n"]

    @cached_property
    def _sentence_cache(self) -> dict[int, tuple[list[Span], list[int]]]:
        return {}

    @cached_property
    def _word_cache(self) -> dict[int, tuple[list[int], list[int]]]:
        return {}

    def line_sentences(self, line: int) -> tuple[list[Span], list[int]]:
        """The sentences of one line, and their starts."""
        if line not in self._sentence_cache:
            spans = sentences_of_line(self.said, *self.lines[line])
            self._sentence_cache[line] = spans, [start for start, _ in spans]
        return self._sentence_cache[line]

    @cached_property
    def sentences(self) -> dict[int, Span]:
        """All sentences by number, in order; they never overlap."""
        return {
            self.sentence_number(line, position): span
            for line in range(len(self.lines))
            for position, span in enumerate(self.line_sentences(line)[0])
        }

    def line_at(self, offset: int) -> int:
        """The line that holds ``offset``."""
        return max(bisect_right(self.line_starts, offset) - 1, 0)

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds ``offset`` (the one before it, in a gap)."""
        line = self.line_at(offset)
        _, starts = self.line_sentences(line)
        return self.sentence_number(line, max(bisect_right(starts, offset) - 1, 0))

    @staticmethod
    def sentence_number(line: int, position: int) -> int:
        """The number of a sentence by its line and its position in it, both from 0."""
        return line * PER_LINE + position

    def sentence_span(self, sentence: int) -> Span:
        """Where a sentence stands."""
        line, position = divmod(sentence, PER_LINE)
        return self.line_sentences(line)[0][position]

    def paragraph(self, sentence: int) -> int:
        """The number of a sentence's paragraph: its line."""
        return sentence // PER_LINE

    def words(self, sentence: int) -> tuple[list[int], list[int]]:
        """Starts and ends of the words of one sentence; segmented on the first call."""
        if sentence not in self._word_cache:
            spans = words(self.said, *self.sentence_span(sentence))
            self._word_cache[sentence] = ([start for start, _ in spans], [end for _, end in spans])
        return self._word_cache[sentence]

    @cached_property
    def _breaks(self) -> list[int]:
        return [-1, *(position for position, char in enumerate(self.text) if char == "\n")]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``, both from 1; blank lines count."""
        line = bisect_right(self._breaks, offset - 1)
        return line, offset - self._breaks[line - 1]

    @cached_property
    def has_title(self) -> bool:
        """Whether the first line is a title: short, alone, not closed by a full stop."""
        if len(self.lines) < 2:
            return False
        start, end = self.lines[0]
        return end - start <= MAX_TITLE and not self.said[start:end].rstrip("\"”’' ").endswith((".", ":", ";", ","))

    def place(self, sentence: int) -> Place:
        """Where a sentence stands: title, lead (the first paragraph of the body) or body."""
        number = self.paragraph(sentence) - self.has_title
        return "title" if number < 0 else "lead" if number == 0 else "body"


def _blanked(text: str, masked: tuple[Span, ...]) -> str:
    """``text`` with spaces in the ``masked`` spans; line ends stay, so that lines are still lines."""
    pieces, done = [], 0
    for start, end in masked:
        pieces += [text[done:start], "".join(char if char in "\r\n" else " " for char in text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])
