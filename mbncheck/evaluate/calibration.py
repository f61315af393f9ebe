"""Whether probabilities mean what they say, theme by theme, and whether "unsure" is said where it should be.

Brier score: mean squared distance between probability and outcome (Brier 1950). Expected calibration error: mean
over decisions of the distance between predicted and observed share of their bin (Naeini et al. 2015), bins of equal
width. Its 95 % interval is a percentile bootstrap over pieces; few decisions push the error up, never down, so
read it with its interval. Probabilities and shares lie in [0, 1].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbncheck.model import LEVELS, CheckResult
from mbncheck.read.labelled import Labelled

RESAMPLES = 1000
SEED = 20200730
BINS = 10
THEME_BINS = 5  # a theme has a seventh of the decisions, most of them near 0
ALL = "all"
SCOPE = "scope"
COVERED = 2


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions whose probability lies in [``low``, ``high``); mean probability, and the share that were so."""

    low: float
    high: float
    count: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the probabilities of one kind of decision are calibrated; ``interval`` is that of ``error`` (95 %)."""

    count: int
    brier: float
    error: float
    interval: tuple[float, float]
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Decisions on themes of in-scope pieces, marked unsure and not, and how many of each the reader contradicts."""

    unsure: int
    unsure_wrong: int
    sure: int
    sure_wrong: int


def calibration(
    records: Sequence[Labelled], results: Sequence[CheckResult], themes: Sequence[str]
) -> Mapping[str, Reliability]:
    """The reliability of all themes together (``"all"``), of the scope and of each theme.

    What has no probability is left out: pieces that the gate stopped, and everything where there is no model.
    """
    predicted = np.array([[_number(result.themes[theme].probability) for theme in themes] for result in results])
    outcome = np.array([[record.themes.get(theme, 0) == COVERED for theme in themes] for record in records])
    scope = np.array([[_number(result.scope_probability)] for result in results])
    in_scope = np.array([[record.in_scope == 1] for record in records])
    found = {ALL: _reliability(predicted, outcome, BINS), SCOPE: _reliability(scope, in_scope, THEME_BINS)}
    for column, theme in enumerate(themes):
        found[theme] = _reliability(predicted[:, [column]], outcome[:, [column]], THEME_BINS)
    return {name: reliability for name, reliability in found.items() if reliability}


def _number(probability: float | None) -> float:
    return np.nan if probability is None else probability


def _reliability(predicted: Any, outcome: Any, bins: int) -> Reliability | None:
    """``predicted`` (nan where there is none) and ``outcome`` have shape (pieces, decisions)."""
    known = ~np.isnan(predicted)
    if not known.any():
        return None
    pieces, _ = np.nonzero(known)
    probability, so = predicted[known], outcome[known].astype(float)
    place = np.minimum((probability * bins).astype(int), bins - 1)
    counts, off = np.zeros(len(predicted)), np.zeros((len(predicted), bins))
    np.add.at(counts, pieces, 1)
    np.add.at(off, (pieces, place), probability - so)
    drawn = np.random.default_rng(SEED).multinomial(
        len(predicted), np.full(len(predicted), 1 / len(predicted)), RESAMPLES
    )
    resampled = np.abs(drawn @ off).sum(axis=1) / np.maximum(drawn @ counts, 1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Reliability(
        count=len(probability),
        brier=float(np.mean((probability - so) ** 2)),
        error=float(np.abs(off.sum(axis=0)).sum() / len(probability)),
        interval=(float(low), float(high)),
        bins=tuple(
            Bin(number / bins, (number + 1) / bins, len(held), float(held.mean()), float(so[place == number].mean()))
            for number in range(bins)
            if len(held := probability[place == number])
        ),
    )


def doubt(records: Sequence[Labelled], results: Sequence[CheckResult], themes: Sequence[str]) -> Doubt:
    """How often the program is wrong where it says that it is unsure, and where it does not."""
    right = {True: 0, False: 0}
    wrong = {True: 0, False: 0}
    for record, result in zip(records, results, strict=True):
        for theme in themes:
            found = result.themes[theme]
            if not result.in_scope or found.probability is None:
                continue
            agreed = (found.level == LEVELS[COVERED]) == (record.themes.get(theme, 0) == COVERED)
            (right if agreed else wrong)[found.unsure] += 1
    return Doubt(right[True] + wrong[True], wrong[True], right[False] + wrong[False], wrong[False])
