"""The gate: a linear pass that tells whether anything at all can be found in a piece.

Nothing is found without a scope rule, and a scope rule cannot match unless one of its needs
(``mbncheck.pack.compile`` derives them) is present whole: in the piece for patterns that reach over it, and for
all others in one line, since sentences and paragraphs never cross a line end. So a piece that the gate
stops gives the same result with the gate and without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from mbncheck.check.match import PIECE, Hit, whole_syllables
from mbncheck.pack.compiled import NUMBER, CompiledPack, bits
from mbncheck.text.normalise import fold, lacks_diacritics

@dataclass(frozen=True)
class _Anchors:
    """Literals to look for, and for each the groups that it makes present, as bits of one number."""

    automaton: AhoCorasick
    groups: list[int]

    def masks(self, hits: Iterable[Hit]) -> int:
        """The groups that ``hits`` make present."""
        present = 0
        for number in {hit[0] for hit in hits}:
            present |= self.groups[number]
        return present


@dataclass(frozen=True)
class Gate:
    """The gate of one compiled pack."""

    pack: CompiledPack

    def passes(self, shadow: str) -> bool:
        """Whether some scope rule may match in ``shadow``, a piece's shadow text."""
        folded = lacks_diacritics(shadow)
        if folded:
            shadow = fold(shadow)
        anchors = self._folded if folded else self._plain
        hits = anchors.automaton.find_matches_as_indexes(shadow, overlapping=True)
        if not self._any_possible(anchors.masks(hits), self._every_need):
            return False
        whole = [hit for hit in hits if whole_syllables(shadow, hit[1], hit[2])]
        if self._any_possible(anchors.masks(whole), self._wide_needs):
            return True
        return any(self._any_possible(anchors.masks(line), self._narrow_needs) for line in _by_line(shadow, whole))

    def _any_possible(self, present: int, needs: list[int]) -> bool:
        present |= self._always
        return any(need & present == need for need in needs)

    @cached_property
    def _always(self) -> int:
        """Groups that digits can fill: never a reason to stop a piece."""
        return bits(n for n, members in enumerate(self.pack.data["groups"]) if NUMBER in members)

    @cached_property
    def _wide_needs(self) -> list[int]:
        """The alternatives of the scope rules that reach over the piece."""
        return self._needs(wide=True)

    @cached_property
    def _narrow_needs(self) -> list[int]:
        """The alternatives of the scope rules that stay within a line."""
        return self._needs(wide=False)

    @cached_property
    def _every_need(self) -> list[int]:
        return sorted({*self._wide_needs, *self._narrow_needs})

    def _needs(self, *, wide: bool) -> list[int]:
        rules = (rule for rule in self.pack.rules_of["scope"] if (rule.unit == PIECE) == wide)
        return sorted({need for rule in rules for need in rule.needs})

    @cached_property
    def _plain(self) -> _Anchors:
        return self._anchors(str)

    @cached_property
    def _folded(self) -> _Anchors:
        return self._anchors(fold)

    def _anchors(self, spell: Callable[[str], str]) -> _Anchors:
        wanted = 0
        for need in self._every_need:
            wanted |= need
        masks: dict[str, int] = defaultdict(int)
        for (text, _), groups in zip(self.pack.literals, self.pack.groups_of, strict=True):
            if text and groups & wanted:
                masks[spell(text)] |= groups & wanted
        return _Anchors(AhoCorasick(list(masks)), list(masks.values()))


def _by_line(shadow: str, hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """The hits, line by line; hits come in the order of their ends and never cross a line."""
    line: list[Hit] = []
    line_end = -1
    for hit in hits:
        if hit[1] > line_end:
            if line:
                yield line
            line, line_end = [], shadow.find("\n", hit[1])
            line_end = line_end if line_end >= 0 else len(shadow)
        line.append(hit)
    if line:
        yield line
