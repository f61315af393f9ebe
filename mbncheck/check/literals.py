"""Literals of a pack found on a shadow text in one pass, held to syllables; and what lies together in a unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ahocorasick_rs import AhoCorasick

from mbncheck.model import Span
from mbncheck.pack.compiled import NUMBER, CompiledPack, CompiledRule
from mbncheck.text.diacritics import fold

Hit = tuple[int, int, int]  # literal, start, end

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class LiteralFinder:
    """An Aho–Corasick automaton over some of a pack's literals, as they are and without diacritics."""

    pack: CompiledPack
    literals: Sequence[int]

    def found(self, shadow: str, *, folded: bool) -> Literals:
        """The literals in ``shadow`` (folded already where ``folded``), syllables not yet looked at."""
        automaton, members = self._folded if folded else self._plain
        return Literals(shadow, automaton.find_matches_as_indexes(shadow, overlapping=True), members)

    @cached_property
    def _plain(self) -> tuple[AhoCorasick, list[list[int]]]:
        return self._over(self.literals, str)

    @cached_property
    def _folded(self) -> tuple[AhoCorasick, list[list[int]]]:
        """Single syllables with diacritics are too ambiguous to fold."""
        texts = self.pack.literals
        clear = [n for n in self.literals if " " in texts[n][0] or fold(texts[n][0]) == texts[n][0]]
        return self._over(clear, fold)

    def _over(self, literals: Sequence[int], spell: Callable[[str], str]) -> tuple[AhoCorasick, list[list[int]]]:
        members: dict[str, list[int]] = defaultdict(list)
        for number in literals:
            members[spell(self.pack.literals[number][0])].append(number)
        return AhoCorasick(list(members)), list(members.values())


@dataclass(frozen=True)
class Literals:
    """What an automaton found in ``shadow``: rows of its own, each of which stands for one or more literals."""

    shadow: str
    rows: list[Hit]
    members: list[list[int]]

    def numbers(self) -> set[int]:
        """The literals found; that of numbers in digits is always among them."""
        return {literal for row in {row for row, _, _ in self.rows} for literal in self.members[row]} | {NUMBER}

    def hits(self, useful: Container[int]) -> Iterator[Hit]:
        """Where the ``useful`` literals are that cut no syllable; numbers in digits come last."""
        rows = {row for row, _, _ in self.rows}
        chosen = {row: [literal for literal in self.members[row] if literal in useful] for row in rows}
        shadow = f"{self.shadow} "
        for row, start, end in self.rows:
            literals = chosen[row]
            # nearly all stand between spaces; at the start of the text the character before is the one added
            alone = shadow[start - 1] == " " == shadow[end]
            if literals and (alone or whole_syllables(self.shadow, start, end)):
                for literal in literals:
                    yield literal, start, end
        if NUMBER in useful:
            for digits in _DIGITS.finditer(self.shadow):
                yield NUMBER, *digits.span()


def whole_syllables(shadow: str, start: int, end: int) -> bool:
    """Whether ``shadow[start:end]`` cuts no syllable and no number (111 in 1.111 or 111,5)."""
    before = shadow[start - 1] if start else " "
    after = shadow[end] if end < len(shadow) else " "
    if (before.isalnum() and shadow[start].isalnum()) or (after.isalnum() and shadow[end - 1].isalnum()):
        return False
    if shadow[start].isdigit() and before in ".," and start > 1 and shadow[start - 2].isdigit():
        return False
    return not (shadow[end - 1].isdigit() and after in ".," and shadow[end + 1 : end + 2].isdigit())


class Unit:
    """The literals found in a line, a sentence or a piece, asked for by group, words not yet looked at."""

    def __init__(
        self, groups: Sequence[frozenset[int]], groups_of: Mapping[int, set[int]], hits: Sequence[Hit]
    ) -> None:
        self._groups = groups
        self._spans: dict[int, list[Span]] = {}
        self.hits = hits
        self.literals = frozenset(hit[0] for hit in hits)
        self.present: set[int] = set().union(*[groups_of[literal] for literal in self.literals])

    def literals_in(self, group: int) -> frozenset[int]:
        """The literals of a group that are here."""
        return self.literals & self._groups[group]

    @cached_property
    def by_literal(self) -> dict[int, list[Hit]]:
        """The hits of each literal."""
        found: dict[int, list[Hit]] = {}
        for hit in self.hits:
            found.setdefault(hit[0], []).append(hit)
        return found

    def spans(self, group: int) -> list[Span]:
        """Where the group's literals are, in the order of their ends."""
        if group not in self._spans:
            hits = (hit for literal in self.literals_in(group) for hit in self.by_literal[literal])
            self._spans[group] = sorted(((start, end) for _, start, end in hits), key=_end)
        return self._spans[group]

    def in_order(self, rule: CompiledRule) -> bool:
        """Whether the literals come in an order that the rule can use: needed for a match, not enough."""
        return self._earliest_end(rule.node, 0) is not None

    def _earliest_end(self, node: list[Any], start: int) -> int | None:
        """A lower bound for the end of any match of ``node`` from ``start`` on; None if there can be none.

        Words, distances and ``unless`` are left aside: they only take matches away.
        """
        kind = node[0]
        if kind == "group":
            return next((end for begin, end in self.spans(node[1]) if begin >= start), None)
        if kind == "unless":
            return self._earliest_end(node[1], start)
        if kind == "in_order":
            reached: int | None = start
            for part in node[1]:
                if reached is None:
                    return None
                reached = self._earliest_end(part, reached)
            return reached
        ends = [self._earliest_end(part, start) for part in node[1]]
        possible = [end for end in ends if end is not None]
        if kind == "any":
            return min(possible, default=None)
        return max(possible) if len(possible) == len(ends) else None


def _end(span: Span) -> int:
    return span[1]
