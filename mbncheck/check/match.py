"""The matcher: from literals on the shadow text to matches of rules.

One pass of an Aho–Corasick automaton finds every literal of the pack. A rule is looked at only in
units (a sentence; a paragraph or the piece where the pattern reaches further) in which all its needs
are present; only the sentences of such units are segmented, and literals that cut a word are
dropped there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise, product
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from mbncheck.check.document import Document
from mbncheck.model import Span
from mbncheck.pack.compiled import NUMBER, CompiledPack, CompiledRule
from mbncheck.text.normalise import fold, lacks_diacritics

SENTENCE, PARAGRAPH, PIECE = -1, -2, -3

MOST_TRIED = 5  # for a part of ``all``: its matches nearest to the rarest part
MOST_CHOICES = 125  # combinations of them

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
class LiteralFinder:
    """An Aho–Corasick automaton over some of a pack's literals, as they are and without diacritics."""

    pack: CompiledPack
    literals: Sequence[int]

    def found(self, shadow: str, *, folded: bool) -> Literals:
        """The literals in ``shadow`` (folded already where ``folded``), syllables not yet looked at."""
        automaton, members, groups = self._folded if folded else self._plain
        return Literals(automaton.find_matches_as_indexes(shadow, overlapping=True), members, groups)

    @cached_property
    def _plain(self) -> tuple[AhoCorasick, list[list[int]], list[int]]:
        return self._over(self.literals, str)

    @cached_property
    def _folded(self) -> tuple[AhoCorasick, list[list[int]], list[int]]:
        """Single syllables with diacritics are too ambiguous to fold."""
        texts = self.pack.literals
        clear = [n for n in self.literals if " " in texts[n][0] or fold(texts[n][0]) == texts[n][0]]
        return self._over(clear, fold)

    def _over(
        self, literals: Sequence[int], spell: Callable[[str], str]
    ) -> tuple[AhoCorasick, list[list[int]], list[int]]:
        members: dict[str, list[int]] = defaultdict(list)
        for number in literals:
            members[spell(self.pack.literals[number][0])].append(number)
        groups = [0] * len(members)
        for row, numbers in enumerate(members.values()):
            for number in numbers:
                groups[row] |= self.pack.groups_of[number]
        return AhoCorasick(list(members)), list(members.values()), groups


@dataclass(frozen=True)
class Literals:
    """What an automaton found: rows of its own, each of which stands for one or more literals."""

    rows: list[Hit]
    members: list[list[int]]
    row_groups: list[int]

    def groups(self) -> int:
        """The groups present, as bits."""
        present = 0
        for row in {hit[0] for hit in self.rows}:
            present |= self.row_groups[row]
        return present

    def only(self, wanted: int) -> Iterator[Hit]:
        """The literals found of the groups ``wanted`` (bits), in the order of the ends."""
        useful = {row for row in {hit[0] for hit in self.rows} if self.row_groups[row] & wanted}
        for row, start, end in self.rows:
            if row in useful:
                for literal in self.members[row]:
                    yield literal, start, end


@dataclass(frozen=True)
class Matcher:
    """The automata of one compiled pack: over the literals of its scope rules, and over all literals."""

    pack: CompiledPack

    @cached_property
    def _scope(self) -> LiteralFinder:
        return LiteralFinder(self.pack, self.pack.literals_of("scope"))

    @cached_property
    def _everything(self) -> LiteralFinder:
        return LiteralFinder(self.pack, range(1, len(self.pack.literals)))

    def _wanted(self, present: int, only_scope: bool) -> int:
        """The groups that matter where just these are present: those of the rules that may match, as bits."""
        wanted = 0
        for rule in self.pack.rules_of["scope"] if only_scope else self.pack.rules:
            if rule.possible(present):
                wanted |= rule.group_bits
        return wanted

    def matches_of(self, document: Document, *, only_scope: bool = False) -> PieceMatches:
        """The literals of ``document``, ready to be asked for rules (with ``only_scope``, for scope rules)."""
        shadow = document.shadow.text
        no_diacritics = lacks_diacritics(shadow)
        if no_diacritics:
            shadow = fold(shadow)
        found = (self._scope if only_scope else self._everything).found(shadow, folded=no_diacritics)
        wanted = self._wanted(found.groups() | self.pack.digit_groups, only_scope)
        hits = [hit for hit in found.only(wanted) if whole_syllables(shadow, hit[1], hit[2])]
        hits += [(NUMBER, *digits.span()) for digits in _DIGITS.finditer(shadow)]
        return PieceMatches(self.pack, document, hits, no_diacritics)


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

    __slots__ = ("_always", "_pack", "_spans", "hits", "literals", "present")

    def __init__(self, pack: CompiledPack, hits: list[Hit], always: int = 0) -> None:
        self._pack = pack
        self._always = always  # groups taken as present everywhere, as bits
        self._spans: dict[int, list[Span]] = {}
        self.hits = hits
        self.literals = frozenset(hit[0] for hit in hits)
        self.present = always  # groups, as bits
        groups_of = pack.groups_of
        for literal in self.literals:
            self.present |= groups_of[literal]

    def spans(self, group: int) -> list[Span]:
        """Where the group's literals are, in the order of their ends."""
        if group not in self._spans:
            members = self.literals & self._pack.groups[group]
            found = [(start, end) for literal, start, end in self.hits if literal in members] if members else []
            self._spans[group] = sorted(found, key=_end)
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
            if self._always >> node[1] & 1:
                return start
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


class PieceMatches:
    """The literals found in one piece, by line and sentence, and the rules that they make up.

    A rule is tried in the piece, the line and the sentence, each only where the one before allows it, and
    without regard to words and distances at first; only where all of that allows it are words segmented,
    literals that cut a word dropped, and the whole pattern tried.
    """

    def __init__(self, pack: CompiledPack, document: Document, hits: Sequence[Hit], no_diacritics: bool) -> None:
        self.pack = pack
        self.document = document
        self.no_diacritics = no_diacritics
        spans = document.shadow.originals([(start, end) for _, start, end in hits])
        located = sorted(((hit[0], *span) for hit, span in zip(hits, spans, strict=True)), key=_start)
        self._piece = Unit(pack, located)
        by_line = _grouped(located, document.line_starts)
        self._lines = {line: self._piece if len(by_line) == 1 else Unit(pack, here) for line, here in by_line.items()}
        self._sentences: dict[int, list[int]] = {}
        self._units: dict[int, Unit] = {}
        self._matches: dict[tuple[int, int], list[Match]] = {}
        self._whole: dict[int, list[tuple[int, Match]]] = {}
        self._blockers: dict[tuple[int, int, int], Blockers] = {}

    def find(self, kind: str) -> list[RuleMatch]:
        """Every match of the rules of one kind, one per rule and sentence, in the order of rules."""
        rules = [rule for rule in self.pack.rules_of[kind] if rule.possible(self._piece.present)]
        places = self._places(rules)
        return [RuleMatch(rule, match) for rule in rules for match in self._matches_at(rule, places[rule.id])]

    def matches_of(self, rule: CompiledRule) -> list[Match]:
        """The matches of one rule, one a sentence: the tightest, the first of equals."""
        return self._matches_at(rule, self._places([rule])[rule.id])

    def _places(self, rules: Sequence[CompiledRule]) -> Mapping[str, list[int]]:
        """For each rule that stays within a line the lines, or the sentences, that have its needs."""
        places: dict[str, list[int]] = defaultdict(list)
        paragraph = [(need, rule.id) for rule in rules if rule.unit == PARAGRAPH for need in rule.needs]
        sentence = [(need, rule.id) for rule in rules if rule.unit == SENTENCE for need in rule.needs]
        for line, unit in self._lines.items():
            present = unit.present
            for name in {name for need, name in paragraph if present & need == need}:
                places[name].append(line)
            here = [(need, name) for need, name in sentence if present & need == need]
            for number in self._sentences_of(line) if here else ():
                present = self._units[number].present
                for name in {name for need, name in here if present & need == need}:
                    places[name].append(number)
        return places

    def _matches_at(self, rule: CompiledRule, places: list[int]) -> list[Match]:
        if rule.unit == PIECE:
            whole = self._piece.in_order(rule)
            return self._one_per_sentence(self._evaluate(rule.node, self._all_sentences())) if whole else []
        found: list[Match] = []
        for place in places:
            if rule.unit == PARAGRAPH:
                if self._lines[place].in_order(rule):
                    found += self._evaluate(rule.node, self._sentences_of(place))
            # the order is worth looking at only where it may save segmenting the sentence
            elif place in self._whole or self._units[place].in_order(rule):
                found += self._evaluate(rule.node, (place,))
        return self._one_per_sentence(found)

    def _sentences_of(self, line: int) -> list[int]:
        """The sentences of a line that have literals; splits the line on the first call."""
        if line not in self._sentences:
            hits = self._lines[line].hits if line in self._lines else []
            by_position = _grouped(hits, self.document.line_sentences(line)[1]) if hits else {}
            number = self.document.sentence_number
            units = {number(line, position): Unit(self.pack, here) for position, here in by_position.items()}
            self._units |= units
            self._sentences[line] = list(units)
        return self._sentences[line]

    def _all_sentences(self) -> list[int]:
        return [sentence for line in self._lines for sentence in self._sentences_of(line)]

    def _matches_in(self, unit: Iterable[int], group: int) -> list[Match]:
        """The matches of a group in some sentences; a sentence that lacks the group is not segmented for it."""
        bit = 1 << group
        found: list[Match] = []
        for sentence in unit:
            here = self._units[sentence]
            if here.present & bit:
                key = sentence, group
                if key not in self._matches:
                    members = self.pack.groups[group]
                    whole = self._whole_words(sentence, here)
                    self._matches[key] = [match for literal, match in whole if literal in members]
                found += self._matches[key]
        return found

    def _whole_words(self, sentence: int, unit: Unit) -> list[tuple[int, Match]]:
        """The literals of a sentence that cut no word, in the order of the text; segments it on the first call."""
        if sentence not in self._whole:
            starts, ends = self.document.words(sentence)
            literals = self.pack.literals
            found = []
            for literal, start, end in unit.hits:
                first = max(bisect_right(starts, start) - 1, 0)
                last = max(bisect_right(starts, end - 1) - 1, 0)
                held = starts and not (self.no_diacritics or literals[literal][1])
                if held and (starts[first] < start < ends[first] or starts[last] < end < ends[last]):
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
            return self._matches_in(unit, node[1])
        if kind == "any":
            return sorted({match for part in node[1] for match in self._evaluate(part, unit)}, key=_by_offset)
        if kind == "unless":
            matches = self._evaluate(node[1], unit)
            return [match for match in matches if not self._voided(match, node[2], node[3])]
        parts = [self._evaluate(part, unit) for part in node[1]]
        if not all(parts):
            return []
        close = self._closeness(node[2])
        return _in_order(parts, close) if kind == "in_order" else _in_any_order(parts, close)

    def _voided(self, match: Match, blocker: list[Any], reach: int) -> bool:
        first, last = self._around(match, reach)
        key = id(blocker), first, last
        if key not in self._blockers:
            self._blockers[key] = Blockers(self._evaluate(blocker, self._between(first, last)))
        found = self._blockers[key]
        return len(found) > 0 if reach < 0 else found.within(match, reach)

    def _around(self, match: Match, reach: int) -> Span:
        """The first and the last sentence in which a match can be voided."""
        number, paragraph = self.document.sentence_number, self.document.paragraph
        if reach == PIECE:
            return 0, number(len(self.document.lines), 0)
        if reach == PARAGRAPH:
            line = paragraph(match.first_sentence)
            return number(line, 0), number(line + 1, 0) - 1
        return match.first_sentence, match.last_sentence

    def _between(self, first: int, last: int) -> list[int]:
        lines = range(self.document.paragraph(first), self.document.paragraph(last) + 1)
        inside = (sentence for line in lines for sentence in self._sentences_of(line))
        return [sentence for sentence in inside if first <= sentence <= last]

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


class Blockers:
    """The matches of an ``unless`` in some sentences."""

    def __init__(self, matches: list[Match]) -> None:
        spans = sorted((m.first_sentence, m.first_word, m.last_sentence, m.last_word) for m in matches)
        self._starts = [span[:2] for span in spans]
        self._reached = list(accumulate((span[2:] for span in spans), max))

    def __len__(self) -> int:
        return len(self._starts)

    def within(self, match: Match, words: int) -> bool:
        """Whether one stands inside ``match``, or at most so many words before or behind it."""
        before = bisect_right(self._starts, (match.last_sentence, match.last_word + words + 1))
        return before > 0 and self._reached[before - 1] >= (match.first_sentence, match.first_word - words - 1)


def _grouped(hits: Iterable[Hit], starts: Sequence[int]) -> dict[int, list[Hit]]:
    """Hits, in order of their starts, by the stretch that holds them; ``starts`` is where stretches start."""
    groups: dict[int, list[Hit]] = defaultdict(list)
    stretch, last = 0, len(starts) - 1
    for hit in hits:
        while stretch < last and starts[stretch + 1] <= hit[1]:
            stretch += 1
        groups[stretch].append(hit)
    return dict(groups)


def _start(hit: Hit) -> int:
    return hit[1]


def _end(span: Span) -> int:
    return span[1]


def _match_end(match: Match) -> int:
    return match.end


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
        chains = list(_linked(sorted(chains, key=_match_end), sorted(following, key=_by_offset), close))
    return chains


def _linked(chains: list[Match], following: list[Match], close: Callable[[Match, Match], bool]) -> Iterator[Match]:
    """Every match joined to the chain that ends before it, is close and starts last.

    In time that grows with the number of matches, not its square: a chain too far from one match is too far
    from all later ones, so those still close make a sliding window, of which only falling starts are kept.
    """
    window: deque[Match] = deque()
    ahead = 0
    for match in following:
        while ahead < len(chains) and chains[ahead].end <= match.start:
            while window and _by_offset(window[-1]) < _by_offset(chains[ahead]):
                window.pop()
            window.append(chains[ahead])
            ahead += 1
        while window and not close(window[0], match):
            window.popleft()
        if window:
            yield _joined((window[0], match))


def _in_any_order(parts: list[list[Match]], close: Callable[[Match, Match], bool]) -> list[Match]:
    """For every match of the rarest part the nearest choice of the other parts in which all are close."""
    seeds, *rest = sorted(parts, key=len)
    others = [sorted(part, key=_by_offset) for part in rest]
    found: list[Match] = []
    for seed in seeds:
        near = [_nearest(seed, part) for part in others]
        for choice in islice(product([seed], *near), MOST_CHOICES):
            chosen = sorted(choice, key=_by_offset)
            pairs = list(pairwise(chosen))
            if all(a.end <= b.start for a, b in pairs) and all(close(a, b) for a, b in pairs):
                found.append(_joined(chosen))
                break
    return found


def _nearest(seed: Match, others: list[Match]) -> list[Match]:
    """The few of ``others``, which are in text order, that start nearest to ``seed``, nearest first."""
    at = bisect_left(others, seed.start, key=lambda match: match.start)
    around = others[max(at - MOST_TRIED, 0) : at + MOST_TRIED]
    return sorted(around, key=lambda match: (abs(match.start - seed.start), match.start))[:MOST_TRIED]
