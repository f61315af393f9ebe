"""What every rule is worth: how often it is right, and what would change if it were dropped.

Leave one out: the readings of the pieces are kept, so that only pieces in which the rule speaks are decided again, and
no text is matched twice. A learned model is used as it is, not trained again without the rule. False friends that
cancel words or sentences leave no trace in a reading; only those that speak against whole pieces are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mbncheck.check.checker import Checker
from mbncheck.check.evidence import LINKED_TIE, TIED_AT, Reading, total_worth
from mbncheck.evaluate.scores import f1_of, outcome_counts
from mbncheck.model import LEVELS, Article, CheckResult
from mbncheck.read.labelled import Labelled

SCOPE = "scope"
IN_SCOPE, COVERED = 1, 2

Progress = Callable[[Sequence[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Flip:
    """A decision (covered or not, in scope or not) that would be another without a rule.

    ``before``, ``after`` and the reader's ``gold`` are levels 0 to 2, for ``"scope"`` 0 or 1.
    """

    piece: str
    theme: str
    before: int
    after: int
    gold: int


@dataclass(frozen=True, slots=True)
class RuleWorth:
    """A rule on labelled texts.

    It ``fired`` in so many pieces, and was ``right`` where the reader saw its theme at all (a scope rule: where the
    piece is in scope; a false friend: where it is not). ``contribution`` is micro-F1 of "covered" with the rule minus
    that without it, ``scope_contribution`` the same of the scope's F1; both in [-1, 1], below 0 where it does harm.
    """

    rule: str
    fired: int
    right: int
    wrong: int
    contribution: float
    scope_contribution: float
    flips: tuple[Flip, ...]


def rules_worth(
    checker: Checker,
    records: Sequence[Labelled],
    readings: Sequence[Reading | None],
    results: Sequence[CheckResult],
    progress: Progress = iter,
) -> list[RuleWorth]:
    """Every rule that fired, the most useful first; ``readings[i]`` and ``results[i]`` belong to ``records[i]``."""
    themes = checker.pack.themes
    linked = frozenset(rule.id for rule in checker.pack.rules if rule.linked)
    positive = np.array([IN_SCOPE, *(COVERED for _ in themes)])
    gold = np.array([[record.in_scope, *(record.themes.get(theme, 0) for theme in themes)] for record in records])
    before = np.array([_levels(result, themes) for result in results])
    counts = outcome_counts(gold >= positive, before >= positive)
    whole = counts.sum(axis=0)
    pieces = _pieces_of_rules(readings)
    found = []
    for rule in progress(sorted(pieces)):
        where = list(pieces[rule])
        right = sum(_right(pieces[rule][i], records[i]) for i in where)
        after = np.array([_levels_without(rule, linked, checker, records[i], readings[i]) for i in where])
        changed = outcome_counts(gold[where] >= positive, after >= positive)
        alone = whole - counts[where].sum(axis=0) + changed.sum(axis=0)
        found.append(
            RuleWorth(
                rule=rule,
                fired=len(where),
                right=right,
                wrong=len(where) - right,
                contribution=_micro_f1(whole) - _micro_f1(alone),
                scope_contribution=float(f1_of(whole[0]) - f1_of(alone[0])),
                flips=tuple(
                    Flip(records[i].id or str(i + 1), (SCOPE, *themes)[column], *map(int, levels))
                    for row, i in enumerate(where)
                    for column, levels in enumerate(zip(before[i], after[row], gold[i], strict=True))
                    if (levels[0] >= positive[column]) != (levels[1] >= positive[column])
                ),
            )
        )
    return sorted(found, key=lambda worth: (-worth.contribution, -worth.scope_contribution, worth.rule))


def _micro_f1(sums: Any) -> float:
    return float(f1_of(sums[1:].sum(axis=0)))


def _pieces_of_rules(readings: Sequence[Reading | None]) -> Mapping[str, Mapping[int, str]]:
    """Rule -> the pieces in which it spoke -> of what: a theme, the scope, or against the piece (``""``)."""
    pieces: dict[str, dict[int, str]] = defaultdict(dict)
    for number, reading in enumerate(readings):
        for rule, theme in _spoken(reading) if reading else ():
            pieces[rule][number] = theme
    return pieces


def _spoken(reading: Reading) -> Iterator[tuple[str, str]]:
    for item in reading.scope:
        yield item.rule, SCOPE
    for theme, item in zip(reading.themes, reading.evidence, strict=True):
        yield item.rule, theme
    for rule in reading.warnings:
        yield rule, ""


def _right(theme: str, record: Labelled) -> bool:
    if theme in (SCOPE, ""):
        return (record.in_scope == 1) == (theme == SCOPE)
    return record.themes.get(theme, 0) > 0


def _levels(result: CheckResult, themes: Sequence[str]) -> list[int]:
    return [int(result.in_scope), *(LEVELS.index(result.themes[theme].level) for theme in themes)]


def _levels_without(
    rule: str, linked: frozenset[str], checker: Checker, record: Labelled, reading: Reading | None
) -> list[int]:
    left = without_rule(reading, rule, linked) if reading else None
    return _levels(decided(checker, record, left), checker.pack.themes)


def decided(checker: Checker, record: Labelled, reading: Reading | None) -> CheckResult:
    """What ``checker`` says of a piece that was read already."""
    judgement = checker.reader.judge(reading) if reading and checker.reader else None
    return checker.decide(Article(record.text, id=record.id), reading, judgement)


def without_rule(reading: Reading, rule: str, linked: frozenset[str]) -> Reading | None:
    """What would have been read without ``rule``; ``linked`` are the rules of elements that need a tie.

    ``None`` where nothing would tie the piece to the topic any more.
    """
    scope = tuple(item for item in reading.scope if item.rule != rule)
    if total_worth(scope) < TIED_AT:
        return None
    tied = max(item.worth for item in scope) >= LINKED_TIE
    kept = [
        (theme, item)
        for theme, item in zip(reading.themes, reading.evidence, strict=True)
        if item.rule != rule and (tied or item.rule not in linked)
    ]
    return replace(
        reading,
        scope=scope,
        evidence=tuple(item for _, item in kept),
        themes=tuple(theme for theme, _ in kept),
        warnings=tuple(warning for warning in reading.warnings if warning != rule),
    )
