"""The gate: one linear pass that tells whether anything at all can be found in a piece.

Nothing is found without a scope rule, and a scope rule cannot match unless all its needs are present
(``mbncheck.pack.compile`` derives them). So a piece in which no scope rule has all its needs gives the
same result with the gate and without it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from mbncheck.pack.compiled import NUMBER, CompiledPack, CompiledRule
from mbncheck.text.normalise import fold, lacks_diacritics


@dataclass(frozen=True)
class _Anchors:
    """Literals to look for, and for each the groups that it makes present."""

    automaton: AhoCorasick
    groups: list[frozenset[int]]

    def present(self, text: str) -> set[int]:
        """The groups that have a literal in ``text``."""
        found = {number for number, _, _ in self.automaton.find_matches_as_indexes(text, overlapping=True)}
        return set().union(*(self.groups[number] for number in found)) if found else set()


@dataclass(frozen=True)
class Gate:
    """The gate of one compiled pack."""

    pack: CompiledPack

    def passes(self, shadow: str) -> bool:
        """Whether some scope rule has all its needs in ``shadow``, a piece's shadow text."""
        folded = lacks_diacritics(shadow)
        if folded:
            shadow = fold(shadow)
        triggers, everything = self._folded if folded else self._plain
        triggered = triggers.present(shadow)
        if not triggered:
            return False
        present = everything.present(shadow) | self._always
        return any(needs <= present for needs in self._needs if not needs.isdisjoint(triggered))

    @cached_property
    def _rules(self) -> list[CompiledRule]:
        return self.pack.rules_of["scope"]

    @cached_property
    def _always(self) -> frozenset[int]:
        """Groups that digits can fill: never a reason to stop a piece."""
        return frozenset(n for n, members in enumerate(self.pack.data["groups"]) if NUMBER in members)

    @cached_property
    def _needs(self) -> list[frozenset[int]]:
        return [rule.needs for rule in self._rules]

    @cached_property
    def _plain(self) -> tuple[_Anchors, _Anchors]:
        return self._anchors(folded=False)

    @cached_property
    def _folded(self) -> tuple[_Anchors, _Anchors]:
        return self._anchors(folded=True)

    def _anchors(self, *, folded: bool) -> tuple[_Anchors, _Anchors]:
        """Automata over the rarest need of every scope rule, and over all needs."""
        rarest = {max(needs, key=self._rarity) for needs in self._needs}
        every = set().union(*self._needs)
        return self._automaton(rarest, folded), self._automaton(every, folded)

    def _rarity(self, group: int) -> tuple[int, int]:
        """Groups of long literals are rare, groups that digits can fill are everywhere."""
        members = self.pack.data["groups"][group]
        shortest = 0 if NUMBER in members else min(len(self.pack.literals[literal][0]) for literal in members)
        return shortest, -len(members)

    def _automaton(self, wanted: set[int], folded: bool) -> _Anchors:
        groups: dict[str, set[int]] = defaultdict(set)
        for group in sorted(wanted):
            for literal in self.pack.data["groups"][group]:
                text = self.pack.literals[literal][0]
                if text:
                    groups[fold(text) if folded else text].add(group)
        return _Anchors(AhoCorasick(list(groups)), [frozenset(numbers) for numbers in groups.values()])
