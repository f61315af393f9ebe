"""The matcher: from literals on the shadow text to matches of rules.

One pass of an automaton finds the literals. A rule is looked at only in units (a sentence; a paragraph or the
piece where its pattern reaches further) in which all its needs are present, found by its anchor; only the
sentences of such units are segmented, and literals that cut a word are dropped there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mbncheck.check.combine import Blockers, Close, Match, by_offset, gap, in_any_order, in_order
from mbncheck.check.document import Document
from mbncheck.check.literals import Hit, LiteralFinder, Literals, Unit
from mbncheck.model import Span
from mbncheck.pack.compiled import PARAGRAPH, PIECE, SENTENCE, CompiledPack, CompiledRule, RuleIndex
from mbncheck.text.diacritics import fold, lacks_diacritics


class RuleMatch(NamedTuple):
    """A rule and where it matched."""

    rule: CompiledRule
    match: Match


@dataclass(frozen=True)
class Matcher:
    """The automata of one compiled pack, one for each choice of kinds of rules."""

    pack: CompiledPack

    @cached_property
    def _finders(self) -> dict[tuple[str, ...], LiteralFinder]:
        return {}

    def literals_of(self, shadow: str, *kinds: str) -> tuple[Literals, bool]:
        """The literals in a shadow text that rules of these kinds look at, and whether it lacks diacritics."""
        if kinds not in self._finders:
            self._finders[kinds] = LiteralFinder(self.pack, self.pack.rules_of(*kinds).literals)
        no_diacritics = lacks_diacritics(shadow)
        found = self._finders[kinds].found(fold(shadow) if no_diacritics else shadow, folded=no_diacritics)
        return found, no_diacritics

    def matches_of(self, document: Document, *kinds: str) -> PieceMatches:
        """The literals of ``document``, ready to be asked for rules of these kinds (of all, if none is named)."""
        found, no_diacritics = self.literals_of(document.shadow.text, *kinds)
        rules = self.pack.rules_of(*kinds)
        literals = found.numbers()
        wanted = {group for rule in rules.possible(literals) for group in rule.groups}
        groups_of = {literal: wanted.intersection(rules.groups_of[literal]) for literal in literals}
        useful = {literal: groups for literal, groups in groups_of.items() if groups}
        return PieceMatches(self.pack, document, useful, list(found.hits(useful)), no_diacritics)


class PieceMatches:
    """The literals found in one piece, by line and sentence, and the rules that they make up.

    A rule is tried in the piece, the line and the sentence, each only where the one before allows it, and
    without regard to words and distances at first; only where all of that allows it are words segmented,
    literals that cut a word dropped, and the whole pattern tried.
    """

    def __init__(
        self,
        pack: CompiledPack,
        document: Document,
        groups_of: Mapping[int, set[int]],
        hits: Sequence[Hit],
        no_diacritics: bool,
    ) -> None:
        self.pack = pack
        self.document = document
        self.no_diacritics = no_diacritics
        self._hits = sorted(hits, key=_start)  # in the shadow, until a line is split
        by_line = _grouped(self._hits, document.shadow_line_starts)
        self._groups_of = groups_of
        self._lines = {line: self._unit(here) for line, here in by_line.items()}
        self._sentences: dict[int, list[int]] = {}
        self._units: dict[int, Unit] = {}
        self._matches: dict[tuple[int, int], list[Match]] = {}
        self._words: dict[int, WordEdges] = {}
        self._whole: dict[int, dict[int, list[Match]]] = {}  # by sentence and literal
        self._blockers: dict[tuple[int, int, int], Blockers] = {}

    def _unit(self, hits: Sequence[Hit]) -> Unit:
        return Unit(self.pack.groups, self._groups_of, hits)

    def find(self, kind: str) -> list[RuleMatch]:
        """Every match of the rules of one kind, one per rule and sentence, in the order of rules."""
        return self._find(self.pack.rules_of(kind).index)

    def matches_of(self, rule: CompiledRule) -> list[Match]:
        """The matches of one rule, one a sentence: the tightest, the first of equals."""
        return [found.match for found in self._find(RuleIndex([rule]))]

    def _find(self, rules: RuleIndex) -> list[RuleMatch]:
        found: dict[CompiledRule, list[Match]] = defaultdict(list)
        for rule, sentences in self._places(rules):
            found[rule] += self._evaluate(rule.node, sentences)
        return [
            RuleMatch(rule, match)
            for rule in sorted(found, key=lambda rule: rule.number)
            for match in self._one_per_sentence(found[rule])
        ]

    def _places(self, rules: RuleIndex) -> Iterator[tuple[CompiledRule, Sequence[int]]]:
        """The rules, each with the sentences in which literals allow a match; the order of both is the text's."""
        whole = list(rules.possible(self._piece.present, PIECE)) if rules.reaches(PIECE) else []
        for rule in whole:
            if self._piece.in_order(rule):
                yield rule, self._all_sentences
        for line, unit in self._lines.items():
            for rule in rules.possible(unit.present, PARAGRAPH):
                if unit.in_order(rule):
                    yield rule, self._sentences_of(line)
            yield from self._sentence_places(rules, line, unit)

    def _sentence_places(self, rules: RuleIndex, line: int, unit: Unit) -> Iterator[tuple[CompiledRule, Sequence[int]]]:
        if line not in self._sentences:  # splitting the line may be saved
            possible = rules.possible(unit.present, SENTENCE)
            if not any(unit.in_order(rule) for rule in possible):
                return
        for sentence in self._sentences_of(line):
            here = self._units[sentence]
            for rule in rules.possible(here.present, SENTENCE):
                # the order is worth looking at only where it may save segmenting the sentence
                if sentence in self._words or here.in_order(rule):
                    yield rule, (sentence,)

    @cached_property
    def _piece(self) -> Unit:
        return next(iter(self._lines.values())) if len(self._lines) == 1 else self._unit(self._hits)

    def _sentences_of(self, line: int) -> list[int]:
        """The sentences of a line that have literals; splits the line on the first call."""
        if line not in self._sentences:
            hits = self._originals(self._lines[line].hits) if line in self._lines else []
            by_position = _grouped(hits, self.document.line_sentences(line)[1]) if hits else {}
            number = self.document.sentence_number
            units = {number(line, position): self._unit(here) for position, here in by_position.items()}
            self._units |= units
            self._sentences[line] = list(units)
        return self._sentences[line]

    def _originals(self, hits: Sequence[Hit]) -> list[Hit]:
        spans = self.document.shadow.originals([(start, end) for _, start, end in hits])
        return [(hit[0], *span) for hit, span in zip(hits, spans, strict=True)]

    @cached_property
    def _all_sentences(self) -> list[int]:
        return [sentence for line in self._lines for sentence in self._sentences_of(line)]

    def _matches_in(self, sentences: Sequence[int], group: int) -> list[Match]:
        """The matches of a group in some sentences; a sentence that lacks the group is not segmented for it."""
        if len(sentences) == 1:
            here = sentences[0]
            return self._matches_of_group(here, group) if group in self._units[here].present else []
        if sentences is self._all_sentences:
            having = self._sentences_having.get(group, [])
        else:
            having = [sentence for sentence in sentences if group in self._units[sentence].present]
        found = [self._matches_of_group(sentence, group) for sentence in having]
        return [match for matches in found for match in matches]

    @cached_property
    def _sentences_having(self) -> dict[int, list[int]]:
        """All sentences by the groups that they have."""
        having: dict[int, list[int]] = defaultdict(list)
        for sentence in self._all_sentences:
            for group in self._units[sentence].present:
                having[group].append(sentence)
        return having

    def _matches_of_group(self, sentence: int, group: int) -> list[Match]:
        key = sentence, group
        if key not in self._matches:
            literals = self._units[sentence].literals_in(group)
            found = [self._matches_of_literal(sentence, literal) for literal in literals]
            matches = [match for matches in found for match in matches]
            self._matches[key] = matches if len(matches) < 2 else sorted(matches, key=by_offset)
        return self._matches[key]

    def _matches_of_literal(self, sentence: int, literal: int) -> list[Match]:
        """Where a literal stands in a sentence without cutting a word; segments the sentence on the first call."""
        if sentence not in self._words:
            self._words[sentence] = WordEdges(*self.document.words(sentence))
            self._whole[sentence] = {}
        whole = self._whole[sentence]
        if literal not in whole:
            words = self._words[sentence]
            loose = self.no_diacritics or self.pack.literals[literal][1]
            whole[literal] = [
                Match(start, end, *span, sentence, sentence, ((start, end),))
                for _, start, end in self._units[sentence].by_literal[literal]
                if (span := words.covering(start, end, loose=loose))
            ]
        return whole[literal]

    def _one_per_sentence(self, matches: Iterable[Match]) -> list[Match]:
        """The tightest match of a rule in each sentence; the first of equals."""
        best: dict[int, Match] = {}
        for match in matches:
            held = best.get(match.first_sentence)
            if held is None or _tightness(match) < _tightness(held):
                best[match.first_sentence] = match
        return [best[sentence] for sentence in sorted(best)]

    def _evaluate(self, node: list[Any], sentences: Sequence[int]) -> list[Match]:
        kind = node[0]
        if kind == "group":
            return self._matches_in(sentences, node[1])
        if kind == "unless":
            matches = self._evaluate(node[1], sentences)
            return [match for match in matches if not self._voided(match, node[2], node[3])]
        parts = []
        for part in node[1]:
            found = self._evaluate(part, sentences)
            if found:
                parts.append(found)
            elif kind != "any":
                return []
        if kind == "any":
            return parts[0] if len(parts) == 1 else [match for found in parts for match in found]
        close = self._closeness(node[2])
        return in_order(parts, close) if kind == "in_order" else in_any_order(parts, close)

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

    def _closeness(self, within: int) -> Close:
        """Whether two neighbouring parts, in order of the text, are close enough."""
        if within == PIECE:
            return lambda a, b: True
        if within == PARAGRAPH:
            paragraph = self.document.paragraph
            return lambda a, b: paragraph(a.last_sentence) == paragraph(b.first_sentence)
        if within == SENTENCE:
            return lambda a, b: a.last_sentence == b.first_sentence
        return lambda a, b: a.last_sentence == b.first_sentence and gap(a, b) <= within


class WordEdges:
    """Where the words of a sentence start and end."""

    def __init__(self, starts: Sequence[int], ends: Sequence[int]) -> None:
        self._starts, self._ends = starts, ends
        self._starting = {start: number for number, start in enumerate(starts)}
        self._ending = {end: number for number, end in enumerate(ends)}

    def covering(self, start: int, end: int, *, loose: bool) -> Span | None:
        """The first and the last word of a stretch; None for one that cuts a word, unless ``loose``."""
        first, last = self._starting.get(start), self._ending.get(end)
        if first is None:
            first = max(bisect_right(self._starts, start) - 1, 0)
            if not loose and self._cut(first, start):
                return None
        if last is None:
            last = max(bisect_right(self._starts, end - 1) - 1, 0)
            if not loose and self._cut(last, end):
                return None
        return first, last

    def _cut(self, word: int, at: int) -> bool:
        return bool(self._starts) and self._starts[word] < at < self._ends[word]


def _grouped(hits: Iterable[Hit], starts: Sequence[int]) -> dict[int, list[Hit]]:
    """Hits, in order of their starts, by the stretch that holds them; ``starts`` is where stretches start."""
    groups: dict[int, list[Hit]] = defaultdict(list)
    stretch, last = 0, len(starts) - 1
    for hit in hits:
        while stretch < last and starts[stretch + 1] <= hit[1]:
            stretch += 1
        groups[stretch].append(hit)
    return dict(groups)


def _tightness(match: Match) -> tuple[int, int, tuple[Span, ...]]:
    return match.end - match.start, match.start, match.parts


def _start(hit: Hit) -> int:
    return hit[1]
