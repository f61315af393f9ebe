"""The gate: a linear pass that tells whether anything at all can be found in a piece.

Nothing is found without a scope rule, and a scope rule cannot match unless one of its needs
(``mbncheck.pack.compile`` derives them) is present whole, in an order that its pattern can use: in the piece for
patterns that reach over it, and for all others in one line, since sentences and paragraphs never cross a
line end. So a piece that the gate stops gives the same result with the gate and without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mbncheck.check.match import PIECE, Hit, LiteralFinder, Unit, whole_syllables
from mbncheck.pack.compiled import CompiledPack, CompiledRule
from mbncheck.text.normalise import fold, lacks_diacritics


@dataclass(frozen=True)
class Gate:
    """The gate of one compiled pack, over the literals of its scope rules."""

    pack: CompiledPack

    def passes(self, shadow: str) -> bool:
        """Whether some scope rule may match in ``shadow``, a piece's shadow text."""
        folded = lacks_diacritics(shadow)
        if folded:
            shadow = fold(shadow)
        found = self._literals.found(shadow, folded=folded)
        present = found.groups() | self.pack.digit_groups
        asked = [(need, rule) for need, rule in self._needs if present & need == need]
        if not asked:
            return False
        if any(need & self.pack.digit_groups == need for need, _ in asked):
            return True  # a number alone may do, and numbers are not looked for here
        wanted = 0
        for _, rule in asked:
            wanted |= rule.group_bits
        hits = [hit for hit in found.only(wanted) if whole_syllables(shadow, hit[1], hit[2])]
        wide = [(need, rule) for need, rule in asked if rule.unit == PIECE]
        if wide and self._may_match(wide, hits):
            return True
        narrow = [(need, rule) for need, rule in asked if rule.unit != PIECE]
        return any(self._may_match(narrow, line) for line in _by_line(shadow, hits)) if narrow else False

    def _may_match(self, asked: list[tuple[int, CompiledRule]], hits: list[Hit]) -> bool:
        present, groups_of = self.pack.digit_groups, self.pack.groups_of
        for literal in {hit[0] for hit in hits}:
            present |= groups_of[literal]
        possible = [rule for need, rule in asked if present & need == need]
        if not possible:
            return False
        unit = Unit(self.pack, hits, self.pack.digit_groups)
        return any(unit.in_order(rule) for rule in possible)

    @cached_property
    def _needs(self) -> list[tuple[int, CompiledRule]]:
        """Every alternative of every scope rule, and the rule."""
        return [(need, rule) for rule in self.pack.rules_of["scope"] for need in rule.needs]

    @cached_property
    def _literals(self) -> LiteralFinder:
        return LiteralFinder(self.pack, self.pack.literals_of("scope"))


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
