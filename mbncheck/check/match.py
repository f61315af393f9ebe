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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from mbncheck.check.document import Document
from mbncheck.model import Span
from mbncheck.pack.compiled import NUMBER, CompiledPack, CompiledRule
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


Hit = tuple[int, int, int]  # literal, start, end


@dataclass(frozen=True)
class Matcher:
    """The automata of one compiled pack: over the literals of its scope rules, and over all literals."""

    pack: CompiledPack

    @cached_property
    def _scope_literals(self) -> list[int]:
        groups = {group for rule in self.pack.rules_of["scope"] for group in rule.groups}
        return sorted({literal for group in groups for literal in self.pack.data["groups"][group]} - {NUMBER})

    @cached_property
    def _plain(self) -> Mapping[bool, tuple[AhoCorasick, list[list[int]]]]:
        everything = range(1, len(self.pack.literals))
        return {only_scope: self._automaton(chosen) for only_scope, chosen in self._choices(everything)}

    @cached_property
    def _folded(self) -> Mapping[bool, tuple[AhoCorasick, list[list[int]]]]:
        everything = range(1, len(self.pack.literals))
        return {only_scope: self._folded_automaton(chosen) for only_scope, chosen in self._choices(everything)}

    def _choices(self, everything: Sequence[int]) -> tuple[tuple[bool, Sequence[int]], ...]:
        return (True, self._scope_literals), (False, everything)

    def _automaton(self, literals: Sequence[int]) -> tuple[AhoCorasick, list[list[int]]]:
        return self._over(literals, str)

    def _folded_automaton(self, literals: Sequence[int]) -> tuple[AhoCorasick, list[list[int]]]:
        """Literals without diacritics; single syllables with diacritics are too ambiguous to fold."""
        unambiguous = [
            number
            for number in literals
            if " " in self.pack.literals[number][0] or fold(self.pack.literals[number][0]) == self.pack.literals[number][0]
        ]
        return self._over(unambiguous, fold)

    def _over(
        self, literals: Sequence[int], spell: Callable[[str], str]
    ) -> tuple[AhoCorasick, list[list[int]]]:
        members: dict[str, list[int]] = {}
        for number in literals:
            members.setdefault(spell(self.pack.literals[number][0]), []).append(number)
        return AhoCorasick(list(members)), list(members.values())

    def matches_of(self, document: Document, *, only_scope: bool = False) -> PieceMatches:
        """The literals of ``document``, ready to be asked for rules (with ``only_scope``, for scope rules)."""
        shadow = document.shadow.text
        no_diacritics = lacks_diacritics(shadow)
        automaton, members = (self._folded if no_diacritics else self._plain)[only_scope]
        if no_diacritics:
            shadow = fold(shadow)
        return PieceMatches(self.pack, document, _hits(automaton, members, shadow), no_diacritics)


def _hits(automaton: AhoCorasick, members: list[list[int]], shadow: str) -> Iterator[Hit]:
    for number, start, end in automaton.find_matches_as_indexes(shadow, overlapping=True):
        if whole_syllables(shadow, start, end):
            for literal in members[number]:
                yield literal, start, end
    for digits in _DIGITS.finditer(shadow):
        yield NUMBER, digits.start(), digits.end()


def whole_syllables(shadow: str, start: int, end: int) -> bool:
    """Whether ``shadow[start:end]`` cuts no syllable and no number (111 in 1.111 or 111,5)."""
    before = shadow[start - 1] if start else " "
    after = shadow[end] if end < len(shadow) else " "
    if (before.isalnum() and shadow[start].isalnum()) or (after.isalnum() and shadow[end - 1].isalnum()):
        return False
    if shadow[start].isdigit() and before in ".," and start > 1 and shadow[start - 2].isdigit():
        return False
    return not (shadow[end - 1].isdigit() and after in ".," and shadow[end + 1 : end + 2].isdigit())


class _Unit:
    """The literals found in a line, a sentence or a piece, asked for by group, words not yet looked at."""

    __slots__ = ("_groups", "_spans", "hits", "literals", "present")

    def __init__(self, groups: Sequence[Set[int]], hits: Iterable[Hit]) -> None:
        self._groups = groups
        self._spans: dict[int, list[Span]] = {}
        self.hits = list(hits)
        self.literals: dict[int, list[Span]] = defaultdict(list)
        for literal, start, end in self.hits:
            self.literals[literal].append((start, end))
        self.present = frozenset(self.literals)

    def has(self, group: int) -> bool:
        """Whether any literal of the group is here."""
        return not self.present.isdisjoint(self._groups[group])

    def spans(self, group: int) -> list[Span]:
        """Where the group's literals are, in the order of their ends."""
        if group not in self._spans:
            members = self.present & self._groups[group]
            self._spans[group] = sorted((span for member in members for span in self.literals[member]), key=_end)
        return self._spans[group]

    def may_hold(self, rule: CompiledRule) -> bool:
        """Whether the rule's needs are here, in an order that it can use: needed for a match, not enough."""
        return any(all(map(self.has, need)) for need in rule.needs) and _earliest_end(rule.node, self, 0) is not None


class PieceMatches:
    """The literals found in one piece, by line and sentence, and the rules that they make up.

    A rule is tried in the piece, the line and the sentence, each only where the one before allows it, and
    without regard to words and distances at first; only where all of that allows it are words segmented,
    literals that cut a word dropped, and the whole pattern tried.
    """

    def __init__(self, pack: CompiledPack, document: Document, hits: Iterable[Hit], no_diacritics: bool) -> None:
        self.pack = pack
        self.document = document
        self.no_diacritics = no_diacritics
        original, line_at = document.shadow.original, document.line_at
        by_line: dict[int, list[Hit]] = defaultdict(list)
        for literal, start, end in hits:
            span = original(start, end)
            by_line[line_at(span[0])].append((literal, *span))
        self._piece = _Unit(pack.groups, (hit for line in by_line.values() for hit in line))
        self._lines = {line: _Unit(pack.groups, by_line[line]) for line in sorted(by_line)}
        self._sentences: dict[int, dict[int, _Unit]] = {}
        self._matches: dict[tuple[int, int], list[Match]] = {}
        self._whole: dict[int, list[tuple[int, Match]]] = {}

    def find(self, kind: str) -> Iterator[RuleMatch]:
        """Every match of the rules of one kind, one per rule and sentence, in the order of rules."""
        for rule in self.pack.rules_of[kind]:
            for match in self.matches_of(rule):
                yield RuleMatch(rule, match)

    def matches_of(self, rule: CompiledRule) -> list[Match]:
        """The matches of one rule, one a sentence: the tightest, the first of equals."""
        return self._one_per_sentence(self._all_matches(rule)) if self._piece.may_hold(rule) else []

    def _all_matches(self, rule: CompiledRule) -> Iterable[Match]:
        if rule.unit == PIECE:
            yield from self._evaluate(rule.node, self._all_sentences())
            return
        for line, unit in self._lines.items():
            if not unit.may_hold(rule):
                continue
            if rule.unit == PARAGRAPH:
                yield from self._evaluate(rule.node, self._sentences_of(line))
            else:
                for sentence, inner in self._sentences_of(line).items():
                    if inner.may_hold(rule):
                        yield from self._evaluate(rule.node, (sentence,))

    def _sentences_of(self, line: int) -> dict[int, _Unit]:
        """The sentences of a line that have literals; splits the line on the first call."""
        if line not in self._sentences:
            hits: dict[int, list[Hit]] = defaultdict(list)
            for hit in self._lines[line].hits if line in self._lines else ():
                hits[self.document.sentence_at(hit[1])].append(hit)
            self._sentences[line] = {number: _Unit(self.pack.groups, hits[number]) for number in sorted(hits)}
        return self._sentences[line]

    def _all_sentences(self) -> list[int]:
        return [sentence for line in self._lines for sentence in self._sentences_of(line)]

    def _matches_in(self, sentence: int, group: int) -> list[Match]:
        """The matches of a group in one sentence; a sentence that lacks the group is not segmented for it."""
        key = sentence, group
        if key not in self._matches:
            unit = self._sentences_of(self.document.paragraph(sentence))[sentence]
            members = unit.present & self.pack.groups[group]
            found = [match for literal, match in self._whole_words(sentence, unit) if literal in members] if members else []
            self._matches[key] = found
        return self._matches[key]

    def _whole_words(self, sentence: int, unit: _Unit) -> list[tuple[int, Match]]:
        """The literals of a sentence that cut no word, in the order of the text; segments it on the first call."""
        if sentence not in self._whole:
            starts, ends = self.document.words(sentence)
            literals = self.pack.literals
            found = []
            for literal, start, end in unit.hits:
                first = max(bisect_right(starts, start) - 1, 0)
                last = max(bisect_right(starts, end - 1) - 1, 0)
                if starts and not (self.no_diacritics or literals[literal][1]):
                    if starts[first] < start < ends[first] or starts[last] < end < ends[last]:
                        continue
                found.append((literal, Match(start, end, first, last, sentence, sentence, ((start, end),))))
            self._whole[sentence] = sorted(found, key=lambda pair: _by_offset(pair[1]))
        return self._whole[sentence]

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
            return [match for sentence in unit for match in self._matches_in(sentence, node[1])]
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
            return self._all_sentences()
        paragraph = self.document.paragraph
        if reach == PARAGRAPH:
            return self._sentences_of(paragraph(match.first_sentence))
        lines = range(paragraph(match.first_sentence), paragraph(match.last_sentence) + 1)
        inside = (sentence for line in lines for sentence in self._sentences_of(line))
        return [sentence for sentence in inside if match.first_sentence <= sentence <= match.last_sentence]

    def _closeness(self, within: int) -> Callable[[Match, Match], bool]:
        """Whether two neighbouring parts, in order of the text, are close enough."""
        if within == PIECE:
            return lambda a, b: True
        if within == PARAGRAPH:
            paragraph = self.document.paragraph
            return lambda a, b: paragraph(a.last_sentence) == paragraph(b.first_sentence)
        if within == SENTENCE:
            return lambda a, b: a.last_sentence == b.first_sentence
        return lambda a, b: a.last_sentence == b.first_sentence and _gap(a, b) <= within


def _earliest_end(node: list[Any], unit: _Unit, start: int) -> int | None:
    """A lower bound for the end of any match of ``node`` that starts at ``start`` or later; None if there can be none.

    Words, distances and ``unless`` are left aside: they only take matches away.
    """
    kind = node[0]
    if kind == "group":
        return next((end for begin, end in unit.spans(node[1]) if begin >= start), None)
    if kind == "unless":
        return _earliest_end(node[1], unit, start)
    if kind == "in_order":
        reached: int | None = start
        for part in node[1]:
            if reached is None:
                return None
            reached = _earliest_end(part, unit, reached)
        return reached
    ends = [_earliest_end(part, unit, start) for part in node[1]]
    possible = [end for end in ends if end is not None]
    if kind == "any":
        return min(possible, default=None)
    return max(possible) if len(possible) == len(ends) else None


def _end(span: Span) -> int:
    return span[1]


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
