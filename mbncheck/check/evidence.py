"""From matches of rules to evidence: false friends taken away, places and lines told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mbncheck.check.combine import Match
from mbncheck.check.document import Document
from mbncheck.check.match import Matcher, RuleMatch
from mbncheck.model import Evidence

TIED_AT = 0.3  # scope evidence that adds up to less ties a piece to nothing
LINKED_TIE = 0.5  # elements marked ⛓ ask for one piece of scope evidence at least this strong


def total_worth(evidence: Iterable[Evidence], title_weight: float = 1.0) -> float:
    """Sum over sentences of the best worth in each; a title's sentence counts ``title_weight`` times."""
    best: dict[tuple[int, int], float] = {}
    for item in evidence:
        worth = item.worth * (title_weight if item.place == "title" else 1.0)
        best[item.sentence] = max(best.get(item.sentence, 0.0), worth)
    return round(sum(best.values()), 6)


@dataclass(frozen=True)
class Reading:
    """What the rules found in one piece: the ground on which levels are decided.

    ``warnings`` are the false friends that speak against the scope of the whole piece.
    """

    document: Document
    scope: tuple[Evidence, ...]
    evidence: tuple[Evidence, ...]
    themes: tuple[str, ...]
    warnings: tuple[str, ...]
    no_diacritics: bool


def read_piece(matcher: Matcher, document: Document) -> Reading | None:
    """Everything the rules find in a piece, or ``None`` where no scope rule ties it to the topic."""
    tied = matcher.matches_of(document, "scope").find("scope")
    if total_worth(_evidence(document, found) for found in tied) < TIED_AT:
        return None
    pieces = matcher.matches_of(document, "evidence", "false_friend")
    friends = pieces.find("false_friend")
    scope = [found for found in tied if not _cancelled(found, "scope", friends)]
    scope_evidence = tuple(sorted((_evidence(document, found) for found in scope), key=_in_text_order))
    if total_worth(scope_evidence) < TIED_AT:
        return None
    strongest = max(evidence.worth for evidence in scope_evidence)
    found_themes: list[tuple[str, Evidence]] = []
    for found in pieces.find("evidence"):
        if found.rule.linked and strongest < LINKED_TIE:
            continue
        if not _cancelled(found, found.rule.theme, friends):
            found_themes.append((found.rule.theme, _evidence(document, found)))
    found_themes.sort(key=lambda pair: _in_text_order(pair[1]))
    return Reading(
        document,
        scope_evidence,
        tuple(evidence for _, evidence in found_themes),
        tuple(theme for theme, _ in found_themes),
        tuple(sorted({friend.rule.id for friend in friends if friend.rule.reach == "piece"})),
        pieces.no_diacritics,
    )


def _cancelled(found: RuleMatch, theme: str, friends: Iterable[RuleMatch]) -> bool:
    return any(
        ("all" in friend.rule.cancels or theme in friend.rule.cancels) and _touches(friend, found.match)
        for friend in friends
    )


def _touches(friend: RuleMatch, match: Match) -> bool:
    if friend.rule.reach == "span":
        return any(start < friend.match.end and friend.match.start < end for start, end in match.parts)
    if friend.rule.reach == "sentence":
        first, last = friend.match.first_sentence, friend.match.last_sentence
        return match.first_sentence <= last and first <= match.last_sentence
    return False


def _evidence(document: Document, found: RuleMatch) -> Evidence:
    rule, match = found
    line, column = document.line_column(match.start)
    sentence = (document.sentence_span(match.first_sentence)[0], document.sentence_span(match.last_sentence)[1])
    return Evidence(
        rule=rule.id,
        element=rule.element,
        start=match.start,
        end=match.end,
        text=document.text[match.start : match.end],
        parts=match.parts,
        sentence=sentence,
        place=document.place(match.first_sentence),
        line=line,
        column=column,
        worth=rule.worth,
    )


def _in_text_order(evidence: Evidence) -> tuple[int, int, str]:
    return evidence.start, evidence.end, evidence.rule
