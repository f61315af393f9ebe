"""The matcher: from literals on the shadow text to matches of rules.

One pass of an Aho–Corasick automaton finds every literal of the pack. A rule is looked at only in
units (a sentence; a paragraph or the piece where the pattern reaches further) in which all its needs
are present; only the sentences of such units are segmented, and literals that cut a word are
dropped there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from mbncheck.check.document import Document
from mbncheck.model import Span
from mbncheck.pack.compiled import CompiledPack, CompiledRule
from mbncheck.text.normalise import fold, lacks_diacritics

SENTENCE, PARAGRAPH, PIECE = -1, -2, -3

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


class Match(NamedTuple):
    """Where a pattern matched: offsets of the original, words counted in the sentence, sentences in the piece."""

    start: int
    end: int
    first_word: int
    last_word: int
    first_sentence: int
    last_sentence: int
    parts: tuple[Span, ...]


class RuleMatch(NamedTuple):
    """A rule and where it matched."""

    rule: CompiledRule
    match: Match


Groups = dict[int, list[Match]]


@dataclass(frozen=True)
class Matcher:
    """The automata of one compiled pack."""

    pack: CompiledPack

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([text for text, _ in self.pack.literals[1:]])

    @cached_property
    def _folded(self) -> tuple[AhoCorasick, list[list[int]]]:
        """Literals without diacritics; single syllables with diacritics are too ambiguous to fold."""
        members: dict[str, list[int]] = defaultdict(list)
        for number, (text, _) in enumerate(self.pack.literals):
            folded = fold(text)
            if text and (" " in text or folded == text):
                members[folded].append(number)
        return AhoCorasick(list(members)), list(members.values())

    def matches_of(self, document: Document) -> PieceMatches:
        """The literals of ``document``, ready to be asked for rules."""
        shadow = document.shadow.text
        no_diacritics = lacks_diacritics(shadow)
        hits = self._folded_hits(shadow) if no_diacritics else self._hits(shadow)
        return PieceMatches(self.pack, document, list(hits), no_diacritics)

    def _hits(self, shadow: str) -> Iterator[tuple[int, int, int]]:
        for number, start, end in self._automaton.find_matches_as_indexes(shadow, overlapping=True):
            if whole_syllables(shadow, start, end):
                yield number + 1, start, end
        for digits in _DIGITS.finditer(shadow):
            yield 0, digits.start(), digits.end()

    def _folded_hits(self, shadow: str) -> Iterator[tuple[int, int, int]]:
        automaton, members = self._folded
        folded = fold(shadow)
        for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
            if whole_syllables(folded, start, end):
                for literal in members[number]:
                    yield literal, start, end
        for digits in _DIGITS.finditer(folded):
            yield 0, digits.start(), digits.end()


def whole_syllables(shadow: str, start: int, end: int) -> bool:
    """Whether ``shadow[start:end]`` cuts no syllable and no number (111 in 1.111 or 111,5)."""
    before = shadow[start - 1] if start else " "
    after = shadow[end] if end < len(shadow) else " "
    if (before.isalnum() and shadow[start].isalnum()) or (after.isalnum() and shadow[end - 1].isalnum()):
        return False
    if shadow[start].isdigit() and before in ".," and start > 1 and shadow[start - 2].isdigit():
        return False
    return not (shadow[end - 1].isdigit() and after in ".," and shadow[end + 1 : end + 2].isdigit())


class PieceMatches:
    """The literals found in one piece, by sentence, and the rules that they make up."""

    def __init__(
        self, pack: CompiledPack, document: Document, hits: Sequence[tuple[int, int, int]], no_diacritics: bool
    ) -> None:
        self.pack = pack
        self.document = document
        self.no_diacritics = no_diacritics
        self._hits: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        original = document.shadow.original
        for literal, start, end in hits:
            span = original(start, end)
            self._hits[document.sentence_at(span[0])].append((literal, *span))
        self._groups: dict[int, Groups] = {}

    @cached_property
    def _present(self) -> dict[int, set[int]]:
        """For each sentence the groups that have a literal in it, words not yet looked at."""
        groups_of = self.pack.groups_of
        return {
            sentence: {group for literal in {hit[0] for hit in hits} for group in groups_of[literal]}
            for sentence, hits in self._hits.items()
        }

    @cached_property
    def _present_anywhere(self) -> set[int]:
        return set().union(*self._present.values())

    def groups(self, sentence: int) -> Groups:
        """The matches of every group in one sentence, held to word boundaries."""
        if sentence not in self._groups:
            self._groups[sentence] = self._held_to_words(sentence)
        return self._groups[sentence]

    def _held_to_words(self, sentence: int) -> Groups:
        groups: Groups = defaultdict(list)
        starts, ends = self.document.words(sentence)
        literals, groups_of = self.pack.literals, self.pack.groups_of
        for literal, start, end in self._hits.get(sentence, ()):
            first = max(bisect_right(starts, start) - 1, 0)
            last = max(bisect_right(starts, end - 1) - 1, 0)
            if not (self.no_diacritics or literals[literal][1]) and starts:
                cut_before = starts[first] < start < ends[first]
                cut_after = starts[last] < end < ends[last]
                if cut_before or cut_after:
                    continue
            match = Match(start, end, first, last, sentence, sentence, ((start, end),))
            for group in groups_of[literal]:
                groups[group].append(match)
        for found in groups.values():
            found.sort(key=_by_offset)
        return groups

    def find(self, kind: str) -> Iterator[RuleMatch]:
        """Every match of the rules of one kind, one per rule and sentence, in the order of rules."""
        for rule in self.pack.rules_of[kind]:
            for match in self.matches_of(rule):
                yield RuleMatch(rule, match)

    def matches_of(self, rule: CompiledRule) -> list[Match]:
        """The matches of one rule, one a sentence: the tightest, the first of equals."""
        if not self._present_anywhere.issuperset(rule.needs):
            return []
        return self._one_per_sentence(self._matches(rule))

    def _matches(self, rule: CompiledRule) -> Iterable[Match]:
        needs = rule.needs
        if rule.unit == SENTENCE:
            for sentence in sorted(self._present):
                if self._present[sentence].issuperset(needs):
                    yield from self._evaluate(rule.node, (sentence,))
        elif rule.unit == PARAGRAPH:
            for unit in self._paragraphs.values():
                if set().union(*(self._present[sentence] for sentence in unit)).issuperset(needs):
                    yield from self._evaluate(rule.node, unit)
        else:
            yield from self._evaluate(rule.node, sorted(self._present))

    @cached_property
    def _paragraphs(self) -> dict[int, list[int]]:
        units: dict[int, list[int]] = defaultdict(list)
        for sentence in sorted(self._present):
            units[self.document.paragraphs[sentence] if self.document.paragraphs else 0].append(sentence)
        return units

    def _one_per_sentence(self, matches: Iterable[Match]) -> list[Match]:
        """The tightest match of a rule in each sentence; the first of equals."""
        best: dict[int, Match] = {}
        for match in matches:
            held = best.get(match.first_sentence)
            if held is None or (match.end - match.start, match.start) < (held.end - held.start, held.start):
                best[match.first_sentence] = match
        return [best[sentence] for sentence in sorted(best)]

    def _evaluate(self, node: list[Any], unit: Iterable[int]) -> list[Match]:
        kind = node[0]
        if kind == "group":
            group = node[1]  # a sentence that lacks the group need not be segmented for it
            holding = [sentence for sentence in unit if group in self._present.get(sentence, ())]
            return [match for sentence in holding for match in self.groups(sentence).get(group, ())]
        if kind == "any":
            return sorted({match for part in node[1] for match in self._evaluate(part, unit)}, key=_by_offset)
        if kind == "unless":
            return [m for m in self._evaluate(node[1], unit) if not self._voided(m, node[2], node[3])]
        parts = [self._evaluate(part, unit) for part in node[1]]
        if not all(parts):
            return []
        close = self._closeness(node[2])
        return _in_order(parts, close) if kind == "in_order" else _in_any_order(parts, close)

    def _voided(self, match: Match, blocker: list[Any], reach: int) -> bool:
        unit = self._unit_around(match, reach)
        found = self._evaluate(blocker, unit)
        if reach < 0:
            return bool(found)
        return any(_gap(*sorted((match, other), key=_by_offset)) <= reach for other in found)

    def _unit_around(self, match: Match, reach: int) -> Iterable[int]:
        if reach == PIECE:
            return sorted(self._present)
        if reach == PARAGRAPH:
            paragraphs = self.document.paragraphs
            return self._paragraphs.get(paragraphs[match.first_sentence], [])
        return range(match.first_sentence, match.last_sentence + 1)

    def _closeness(self, within: int) -> Callable[[Match, Match], bool]:
        """Whether two neighbouring parts, in order of the text, are close enough."""
        if within == PIECE:
            return lambda a, b: True
        if within == PARAGRAPH:
            paragraphs = self.document.paragraphs
            return lambda a, b: paragraphs[a.last_sentence] == paragraphs[b.first_sentence]
        if within == SENTENCE:
            return lambda a, b: a.last_sentence == b.first_sentence
        return lambda a, b: a.last_sentence == b.first_sentence and _gap(a, b) <= within


def _by_offset(match: Match) -> tuple[int, int]:
    return match.start, match.end


def _gap(a: Match, b: Match) -> int:
    """Words between two matches of one sentence, ``a`` before ``b``; 0 where they touch or overlap."""
    return max(b.first_word - a.last_word - 1, 0)


def _joined(matches: Sequence[Match]) -> Match:
    first, last = matches[0], max(matches, key=lambda match: match.end)
    parts = tuple(sorted({part for match in matches for part in match.parts}))
    return Match(
        first.start,
        last.end,
        first.first_word,
        last.last_word,
        first.first_sentence,
        last.last_sentence,
        parts,
    )


def _in_order(parts: list[list[Match]], close: Callable[[Match, Match], bool]) -> list[Match]:
    """Chains of one match a part, each ending before the next starts; the tightest for every last match."""
    chains = parts[0]
    for following in parts[1:]:
        longer: list[Match] = []
        for match in following:
            before = [chain for chain in chains if chain.end <= match.start and close(chain, match)]
            if before:
                longer.append(_joined((max(before, key=_by_offset), match)))
        chains = longer
    return chains


def _in_any_order(parts: list[list[Match]], close: Callable[[Match, Match], bool]) -> list[Match]:
    """For every match of the rarest part the nearest match of each other part, where all are close."""
    parts = sorted(parts, key=len)
    found: list[Match] = []
    for seed in parts[0]:
        chosen = [seed]
        for others in parts[1:]:
            free = [m for m in others if all(m.end <= c.start or m.start >= c.end for c in chosen)]
            if not free:
                break
            chosen.append(min(free, key=lambda m: (abs(m.start - seed.start), m.start)))
        else:
            chosen.sort(key=_by_offset)
            if all(close(a, b) for a, b in zip(chosen, chosen[1:], strict=False)):
                found.append(_joined(chosen))
    return found
