"""Gold against result: how often mbncheck says what a careful reader says.

"Covered" (level 2) is the positive class. Precision, recall and F1 per theme; micro over all decisions,
macro as the mean over themes; 95 % intervals by a percentile bootstrap over pieces (Efron &
Tibshirani 1993, ch. 13), seeded. Kappa is Cohen's with linear weights over the three levels (Cohen 1968).
All shares lie in [0, 1].
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from mbncheck.check.document import Document
from mbncheck.errors import EvaluationError
from mbncheck.evaluate.calibration import Doubt, Reliability, calibration, doubt
from mbncheck.model import LEVELS, Article, CheckResult, Evidence
from mbncheck.read.labelled import Labelled

RESAMPLES = 1000
SEED = 20200730


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 in [0, 1]; ``support`` positives in the gold; ``interval`` of F1 (95 %)."""

    precision: float
    recall: float
    f1: float
    support: int
    interval: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How a rule fared: pieces it fired in, and whether the reader saw the theme there at all."""

    rule: str
    fired: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A piece on which reader and program differ: theme (or ``scope``) -> (gold level, level found)."""

    record: Labelled
    result: CheckResult
    differences: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured over a set of labelled texts."""

    n: int
    micro: Score
    macro: Score
    scope: Score
    themes: Mapping[str, Score]
    kappa: float
    evidence_hit: float
    evidence_count: int
    calibration: Mapping[str, Reliability]
    doubt: Doubt
    rules: Sequence[RuleScore]
    strata: Mapping[str, Evaluation] = field(default_factory=dict)
    disagreements: Sequence[Disagreement] = ()


def evaluate(
    check: Callable[[Article], CheckResult],
    records: Sequence[Labelled],
    themes: Sequence[str],
    *,
    by_stratum: bool = False,
) -> Evaluation:
    """Check every record's text and compare with its labels; records keep their order."""
    results = [check(Article(record.text, id=record.id)) for record in records]
    whole = compare(records, results, themes)
    if not by_stratum:
        return whole
    return compare_parts(whole, records, results, themes, [record.stratum for record in records])


def compare_parts(
    whole: Evaluation,
    records: Sequence[Labelled],
    results: Sequence[CheckResult],
    themes: Sequence[str],
    labels: Sequence[str],
) -> Evaluation:
    """``whole`` with an evaluation of its own for every part that ``labels`` (one a record) names."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, label in enumerate(labels):
        positions[label or "-"].append(position)
    strata = {
        name: compare([records[i] for i in where], [results[i] for i in where], themes)
        for name, where in sorted(positions.items())
    }
    return replace(whole, strata=strata)


def compare(records: Sequence[Labelled], results: Sequence[CheckResult], themes: Sequence[str]) -> Evaluation:
    """The evaluation of results already made, ``results[i]`` belonging to ``records[i]``.

    Raises ``EvaluationError`` where there are none.
    """
    if not records:
        raise EvaluationError("Không có bài đã gán nhãn nào.", "There are no labelled texts.")
    gold = np.array([[record.themes.get(theme, 0) for theme in themes] for record in records])
    found = np.array([[LEVELS.index(result.themes[theme].level) for theme in themes] for result in results])
    gold_scope = np.array([[record.in_scope] for record in records]) == 1
    found_scope = np.array([[result.in_scope] for result in results])
    counts = outcome_counts(gold == 2, found == 2)
    draws = np.random.default_rng(SEED).integers(0, len(records), (RESAMPLES, len(records)))
    per_theme = {theme: _score(counts[:, [i]], draws) for i, theme in enumerate(themes)}
    hits = [hit for record, result in zip(records, results, strict=True) for hit in _evidence_hits(record, result)]
    return Evaluation(
        n=len(records),
        micro=_score(counts, draws),
        macro=_mean_score(per_theme, counts, draws),
        scope=_score(outcome_counts(gold_scope, found_scope), draws),
        themes=per_theme,
        kappa=_weighted_kappa(gold.ravel(), found.ravel()),
        evidence_hit=sum(hits) / len(hits) if hits else 0.0,
        evidence_count=len(hits),
        calibration=calibration(records, results, themes),
        doubt=doubt(records, results, themes),
        rules=_rule_scores(records, results),
        disagreements=tuple(_disagreements(records, results, themes)),
    )


def outcome_counts(gold: Any, found: Any) -> Any:
    """True positives, false positives and false negatives: shape (pieces, themes, 3)."""
    return np.stack([gold & found, ~gold & found, gold & ~found], axis=-1).astype(np.int64)


def f1_of(sums: Any) -> Any:
    """F1 from sums of shape (…, 3); 0 where there is nothing to find and nothing found."""
    doubled = 2 * sums[..., 0]
    whole = doubled + sums[..., 1] + sums[..., 2]
    return np.divide(doubled, whole, out=np.zeros(whole.shape), where=whole > 0)


def _score(counts: Any, draws: Any) -> Score:
    right, wrong, missed = (int(value) for value in counts.sum(axis=(0, 1)))
    resampled = f1_of(counts.sum(axis=1)[draws].sum(axis=1))
    return Score(
        precision=right / (right + wrong) if right + wrong else 0.0,
        recall=right / (right + missed) if right + missed else 0.0,
        f1=2 * right / (2 * right + wrong + missed) if right + wrong + missed else 0.0,
        support=right + missed,
        interval=_percentiles(resampled),
    )


def _mean_score(themes: Mapping[str, Score], counts: Any, draws: Any) -> Score:
    resampled = np.mean([f1_of(counts[:, i][draws].sum(axis=1)) for i in range(counts.shape[1])], axis=0)
    mean = {
        name: float(np.mean([getattr(score, name) for score in themes.values()]))
        for name in ("precision", "recall", "f1")
    }
    return Score(**mean, support=sum(score.support for score in themes.values()), interval=_percentiles(resampled))


def _percentiles(values: Any) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _weighted_kappa(gold: Any, found: Any) -> float:
    table = np.zeros((3, 3))
    np.add.at(table, (gold, found), 1)
    weights = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chance = float((weights * expected).sum())
    return 1 - float((weights * table).sum()) / chance if chance else 1.0


def _evidence_hits(record: Labelled, result: CheckResult) -> Iterable[bool]:
    """For every theme covered in both: whether the best evidence stands in the reader's sentence."""
    document = Document.of(record.text)
    for theme, words in record.evidence.items():
        found = result.themes.get(theme)
        start = record.text.find(unicodedata.normalize("NFC", words).rstrip(" …."))
        if found is None or found.level != "covered" or start < 0:
            continue
        left, right = document.sentence_span(document.sentence_at(start))
        best = best_evidence(found.evidence)
        yield best is not None and best.sentence[0] < right and left < best.sentence[1]


def best_evidence(evidence: Sequence[Evidence]) -> Evidence | None:
    """The evidence shown first: the strongest, the earliest of equals."""
    return max(evidence, key=lambda item: (item.worth, -item.start), default=None)


def _rule_scores(records: Sequence[Labelled], results: Sequence[CheckResult]) -> list[RuleScore]:
    fired: dict[str, list[bool]] = defaultdict(list)
    for record, result in zip(records, results, strict=True):
        for rule in sorted({item.rule for item in result.scope_evidence}):
            fired[rule].append(bool(record.in_scope))
        for theme, found in result.themes.items():
            for rule in sorted({item.rule for item in found.evidence}):
                fired[rule].append(record.themes.get(theme, 0) > 0)
    return [RuleScore(rule, len(right), sum(right), len(right) - sum(right)) for rule, right in sorted(fired.items())]


def _disagreements(
    records: Sequence[Labelled], results: Sequence[CheckResult], themes: Sequence[str]
) -> Iterable[Disagreement]:
    for record, result in zip(records, results, strict=True):
        different: dict[str, tuple[int, int]] = {}
        if record.in_scope != int(result.in_scope):
            different["scope"] = (record.in_scope, int(result.in_scope))
        for theme in themes:
            gold, found = record.themes.get(theme, 0), LEVELS.index(result.themes[theme].level)
            if (gold == 2) != (found == 2):
                different[theme] = (gold, found)
        if different:
            yield Disagreement(record, result, different)


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as plain data, disagreements left out (they hold texts)."""
    return {
        "n": evaluation.n,
        "micro": _plain(evaluation.micro),
        "macro": _plain(evaluation.macro),
        "scope": _plain(evaluation.scope),
        "themes": {theme: _plain(value) for theme, value in evaluation.themes.items()},
        "kappa": evaluation.kappa,
        "evidence_hit": evaluation.evidence_hit,
        "evidence_count": evaluation.evidence_count,
        "calibration": {name: _plain(value) for name, value in evaluation.calibration.items()},
        "doubt": asdict(evaluation.doubt),
        "rules": [asdict(value) for value in evaluation.rules],
        "strata": {name: as_dict(value) for name, value in evaluation.strata.items()},
    }


def _plain(value: Score | Reliability) -> dict[str, Any]:
    plain = asdict(value)
    plain["interval"] = list(value.interval)
    return plain


def disagreements_as_lines(evaluation: Evaluation) -> Iterable[str]:
    """One JSON object a line for every disagreement, with the evidence found."""
    for item in evaluation.disagreements:
        yield json.dumps(
            {
                "id": item.record.id,
                "stratum": item.record.stratum,
                "differences": {theme: list(pair) for theme, pair in item.differences.items()},
                "gold_evidence": item.record.evidence,
                "evidence": {
                    theme: [[e.rule, e.start, e.end, e.text] for e in found.evidence]
                    for theme, found in item.result.themes.items()
                    if found.evidence
                },
                "text": item.record.text,
            },
            ensure_ascii=False,
        )
