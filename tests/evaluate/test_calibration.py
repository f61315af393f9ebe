"""Calibration: figures by hand, against scikit-learn's, and on simulated readers whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from mbncheck import CheckResult, PackReference, ThemeResult
from mbncheck.evaluate.calibration import ALL, SCOPE, Doubt, Reliability, calibration, doubt
from mbncheck.read.labelled import Labelled

THEMES = ("T1", "T2")
PACK = PackReference("small", "1.0.0", "0" * 64)
Pair = tuple[float | None, bool]


def gold(*covered: bool, in_scope: bool = True) -> Labelled:
    """A text in which these themes are covered."""
    return Labelled(text="a", in_scope=int(in_scope), themes={t: 2 * c for t, c in zip(THEMES, covered, strict=False)})


def found(
    *probabilities: float | None, scope: float | None = None, in_scope: bool = True, unsure: Sequence[str] = ()
) -> CheckResult:
    """A result that calls themes covered from one half on."""
    themes = {
        theme: ThemeResult(
            theme, "covered" if p is not None and p >= 0.5 else "absent", (), (), 0.0, 0.0, p, theme in unsure
        )
        for theme, p in zip(THEMES, probabilities, strict=True)
    }
    return CheckResult("", 1, in_scope, scope, (), themes, PACK)


def of_pairs(pairs: Sequence[tuple[Pair, Pair]]) -> dict[str, Reliability]:
    """The calibration of (probability, outcome) for two themes a piece."""
    records = [gold(first[1], second[1]) for first, second in pairs]
    return dict(calibration(records, [found(first[0], second[0]) for first, second in pairs], THEMES))


def test_by_hand() -> None:
    """Bins, Brier score and error as counted on paper; 1 falls in the last bin; what has no probability is left out."""
    pairs: list[tuple[Pair, Pair]] = [
        ((0.95, True), (0.12, False)),
        ((1.0, True), (0.18, True)),
        ((0.91, False), (None, False)),
    ]
    whole = of_pairs(pairs)[ALL]
    assert [(one.low, one.high, one.count) for one in whole.bins] == [(0.1, 0.2, 2), (0.9, 1.0, 3)]
    assert [one.predicted for one in whole.bins] == [pytest.approx(0.15), pytest.approx(2.86 / 3)]
    assert [one.observed for one in whole.bins] == [pytest.approx(0.5), pytest.approx(2 / 3)]
    assert whole.count == 5
    assert whole.error == pytest.approx((2 * 0.35 + 3 * (2.86 - 2) / 3) / 5)
    assert whole.brier == pytest.approx((0.05**2 + 0.12**2 + 0 + 0.82**2 + 0.91**2) / 5)
    assert of_pairs(pairs)["T2"].count == 2


def test_scope() -> None:
    """The scope has its own reliability."""
    records = [gold(True, in_scope=True), gold(False, in_scope=False)]
    results = [found(0.9, 0.1, scope=0.9), found(0.1, 0.1, scope=0.3, in_scope=False)]
    scope = calibration(records, results, THEMES)[SCOPE]
    assert scope.count == 2
    assert scope.error == pytest.approx(0.2)


def test_without_a_model() -> None:
    """Without probabilities there is no calibration and no doubt."""
    assert of_pairs([((None, True), (None, False))]) == {}
    assert doubt([gold(True)], [found(None, None)], THEMES) == Doubt(0, 0, 0, 0)


decisions = st.tuples(st.floats(0, 1), st.booleans())


@given(st.lists(st.tuples(decisions, decisions), min_size=1, max_size=20))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_invariants(pairs: list[tuple[Pair, Pair]]) -> None:
    """Bins hold every decision once, in order; the Brier score is scikit-learn's; all figures are shares."""
    whole = of_pairs(pairs)[ALL]
    flat = [pair for both in pairs for pair in both]
    assert sum(one.count for one in whole.bins) == whole.count == len(flat)
    assert [one.low for one in whole.bins] == sorted({one.low for one in whole.bins})
    assert all(one.low - 1e-9 <= one.predicted <= one.high + 1e-9 for one in whole.bins)
    assert whole.brier == pytest.approx(brier_score_loss([so for _, so in flat], [p for p, _ in flat]))
    assert 0 <= whole.error <= 1
    assert 0 <= whole.interval[0] <= whole.interval[1] <= 1


def test_simulated_readers() -> None:
    """An honest reader's error is near 0, that of one too loud is what it should be, within its interval."""
    chance = np.random.default_rng(1)
    true = chance.uniform(0.02, 0.98, 2000)
    outcome = chance.uniform(size=2000) < true
    loud = 1 / (1 + (1 / true - 1) ** 3)
    honest, too_loud = (
        of_pairs([((float(p), bool(so)), (None, False)) for p, so in zip(said, outcome, strict=True)])["T1"]
        for said in (true, loud)
    )
    expected = float(np.mean(np.abs(loud - true)))
    assert honest.error < 0.03
    assert too_loud.error == pytest.approx(expected, abs=0.02)
    assert too_loud.interval[0] < expected < too_loud.interval[1]
    assert too_loud.brier > honest.brier


def test_the_same_again() -> None:
    """Intervals are seeded."""
    pairs: list[tuple[Pair, Pair]] = [((n / 20, n % 3 == 0), (1 - n / 20, n % 2 == 0)) for n in range(20)]
    assert of_pairs(pairs) == of_pairs(pairs)


def test_doubt() -> None:
    """Unsure decisions and the others are counted with their mistakes, in pieces called in scope."""
    records = [gold(True, False), gold(True, True), gold(True, True)]
    results = [
        found(0.55, 0.9, unsure=["T1"]),
        found(0.45, 0.9, unsure=["T1"]),
        found(0.1, 0.1, in_scope=False),
    ]
    assert doubt(records, results, THEMES) == Doubt(unsure=2, unsure_wrong=1, sure=2, sure_wrong=1)
