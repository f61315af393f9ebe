"""The statistics: by hand, against the figures of the design, and on simulated outlets."""

from __future__ import annotations

import sys
from math import log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_outlets import HABITS, draw_outlet, draw_sets, evenness_scores, mean_null_distance, true_evenness

from mbncheck import BalanceError
from mbncheck.balance import evenness as module
from mbncheck.balance.evenness import distance, evenness, worst_distance
from mbncheck.balance.rates import RateRatio, rate_ratio

EVEN = np.full(7, 1 / 7)
RUNS = 400


def test_distance_by_hand() -> None:
    """√JSD of (1, 0) and (1/2, 1/2): the middle is (3/4, 1/4)."""
    shares, target = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    by_hand = (log2(4 / 3) + 0.5 * log2(2 / 3) + 0.5 * log2(2)) / 2
    assert distance(shares, target) == pytest.approx(sqrt(by_hand))
    assert distance(target, target) == pytest.approx(0, abs=1e-7)
    assert distance(np.array([0.0, 1.0]), shares) == pytest.approx(1)


def test_worst_by_hand() -> None:
    """All on one of seven equal themes: the middle has 4/7 there and 1/14 elsewhere."""
    by_hand = (log2(7 / 4) + log2((1 / 7) / (4 / 7)) / 7 + 6 / 7 * log2(2)) / 2
    assert worst_distance(EVEN) == pytest.approx(sqrt(by_hand))


@pytest.mark.parametrize(("tags", "expected"), [(10, 0.38), (20, 0.24), (50, 0.15), (100, 0.10), (300, 0.06)])
def test_null_distribution_of_the_design(tags: int, expected: float) -> None:
    """DESIGN §6: what perfectly balanced tags show already."""
    mean = mean_null_distance(np.ones(tags, dtype=np.int64), EVEN, 4000, np.random.default_rng(1))
    assert mean == pytest.approx(expected, abs=0.006)


def test_null_keeps_how_many_themes_each_piece_covers() -> None:
    """Five pieces of two themes are closer to the target than ten of one: themes of a piece never repeat."""
    random = np.random.default_rng(2)
    pairs = mean_null_distance(np.full(5, 2), EVEN, 4000, random)
    single = mean_null_distance(np.ones(10, dtype=np.int64), EVEN, 4000, random)
    assert pairs < single - 0.02
    assert mean_null_distance(np.full(3, 7), EVEN, 50, random) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("size", range(1, 7))
def test_drawn_sets_follow_the_target(size: int) -> None:
    """Sets of any size hold each theme as often as the target asks, up to once."""
    target = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.06, 0.04])
    design = module._design(tuple(target.tolist()), size)
    chances = np.diff(design.summed, prepend=0)
    held = chances @ module._all_sets(7)[design.codes]
    assert held == pytest.approx(module._inclusion(target, size), abs=1e-6)
    assert held.sum() == pytest.approx(size)


def test_rate_ratio_by_hand() -> None:
    """Three events against one: Clopper and Pearson's bounds of 3/4, known in closed form, as odds."""
    found = rate_ratio(3, 1, 1, 1)
    low, high = 0.19412, 0.99369  # solve P(X >= 3 | 4, p) = 0.025 and P(X <= 3 | 4, p) = 1 - p^4 = 0.025
    assert high == pytest.approx(0.975**0.25, abs=1e-5)
    assert found.ratio == 3
    assert found.low == pytest.approx(low / (1 - low), rel=1e-3)
    assert found.high == pytest.approx(high / (1 - high), rel=1e-2)


def test_rate_ratio_at_its_ends() -> None:
    """Exposure scales it; nothing before has no ratio and no upper bound; nothing at all says nothing."""
    assert rate_ratio(6, 3, 1, 1).ratio == 2
    only_now = rate_ratio(5, 1, 0, 1)
    assert (only_now.ratio, only_now.high) == (None, None)
    assert only_now.low > 0
    assert rate_ratio(0, 1, 5, 1) == RateRatio(0.0, 0.0, pytest.approx(0.025**-0.2 - 1))  # type: ignore[arg-type]
    assert rate_ratio(0, 1, 0, 1) == RateRatio(None, 0.0, None)
    with pytest.raises(ValueError, match="exposures"):
        rate_ratio(1, 0, 1, 1)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.1, 50), st.floats(0.1, 50))
def test_rate_ratio_turns_over(events: int, before: int, exposure: float, exposure_before: float) -> None:
    """The interval holds the ratio, and comparing the other way round gives its reciprocal."""
    here, there = (
        rate_ratio(events, exposure, before, exposure_before),
        rate_ratio(before, exposure_before, events, exposure),
    )
    if here.ratio is not None:
        assert here.low <= here.ratio <= (here.high if here.high is not None else np.inf)
    if here.low > 0:
        assert there.high == pytest.approx(1 / here.low)


def test_rate_ratio_holds_the_truth() -> None:
    """Exact intervals are never short: at least 95 % of Poisson counts with a true ratio of 1.5."""
    random = np.random.default_rng(3)
    counts = zip(random.poisson(9, RUNS), random.poisson(6, RUNS), strict=True)
    held = [found.low <= 1.5 <= (found.high or np.inf) for found in (rate_ratio(a, 1, b, 1) for a, b in counts)]
    assert np.mean(held) >= 0.95


def sets(*pieces: set[int]) -> np.ndarray:
    """Pieces as rows of 0 and 1."""
    return np.array([[theme in piece for theme in range(7)] for piece in pieces], dtype=np.uint8)


def test_all_on_one_theme() -> None:
    """Many pieces on a single theme: next to nothing of 100, and an interval that says so."""
    found = evenness(sets(*[{3}] * 60), np.ones(60), EVEN)
    assert found is not None
    assert found.distance == pytest.approx(worst_distance(EVEN))
    assert found.score == pytest.approx(0, abs=1e-9)
    assert found.low == 0
    assert found.high < 15
    assert not found.too_few


def test_as_the_target_asks() -> None:
    """Each theme equally often: above 100 uncut, since chance alone would do worse; the interval reaches 100."""
    found = evenness(sets(*[{theme} for theme in range(7)] * 6), np.ones(42), EVEN)
    assert found is not None
    assert found.distance == pytest.approx(0, abs=1e-6)
    assert found.high == 100
    assert found.score > 100
    assert found.low > 75


def test_too_few_pieces() -> None:
    """Four pieces never tell, nor does an interval of more than half the scale."""
    assert evenness(sets(*[set(range(7))] * 4), np.ones(4), EVEN).too_few  # type: ignore[union-attr]
    assert evenness(sets({0}, {1}, {2}, {0}, {3}), np.ones(5), EVEN).too_few  # type: ignore[union-attr]
    assert evenness(sets(set(), set()), np.ones(2), EVEN) is None
    assert evenness(sets({1}), np.zeros(1), EVEN) is None


def test_weights_count() -> None:
    """A piece with no weight does not count; only proportions do."""
    pieces = sets({0}, {1}, {2, 3}, {4}, {5}, {6}, {0, 2}, {3})
    weights = np.array([1.0, 2, 3, 1, 1, 2, 1, 0])
    found = evenness(pieces, weights, EVEN)
    assert found == evenness(pieces[:7], weights[:7], EVEN)
    assert found.pieces == 7  # type: ignore[union-attr]
    other = evenness(pieces, weights * 8, EVEN)
    assert other.score == pytest.approx(found.score)  # type: ignore[union-attr]


def test_own_targets() -> None:
    """An outlet is measured against its target: the same pieces are even by one and not by another."""
    target = np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    pieces = sets(*([{0}] * 4 + [{theme} for theme in range(1, 7)]) * 5)
    by_own, by_even = evenness(pieces, np.ones(50), target), evenness(pieces, np.ones(50), EVEN)
    assert by_own is not None
    assert by_even is not None
    assert by_own.score > 100 > by_even.score


def test_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scipy the error says what to install."""
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(BalanceError, match=r"mbncheck\[balance\]"):
        rate_ratio(1, 1, 1, 1)


def test_too_many_themes() -> None:
    """More themes than can be enumerated are refused in words."""
    with pytest.raises(BalanceError, match="12"):
        evenness(np.ones((3, 13), dtype=np.uint8), np.ones(3), np.full(13, 1 / 13))


@pytest.mark.parametrize("sizes", [(1,), (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)], ids=["one theme", "several themes"])
def test_balanced_outlets_of_any_size_score_alike(sizes: tuple[int, ...]) -> None:
    """Perfectly balanced outlets of 10, 30 and 100 pieces score the same on average, within 3 points: within 1.5."""
    random = np.random.default_rng(20200730)
    means = []
    for pieces in (10, 30, 100):
        outlets = [draw_sets(random, "balanced", np.resize(sizes, pieces)) for _ in range(4000)]
        means.append(evenness_scores(outlets, EVEN).mean())
    assert max(means) - min(means) < 1.5
    assert means == pytest.approx([100] * 3, abs=1.5)


@pytest.mark.parametrize("habit", ["mild", "newsroom"])
def test_scores_come_near_the_habit_whatever_the_size(habit: str) -> None:
    """Small outlets are not flattered: from 30 pieces on the mean score is the habit's evenness, within 4 points."""
    random = np.random.default_rng(20200730)
    for pieces in (30, 100):
        outlets = [draw_sets(random, habit, np.ones(pieces, dtype=np.int64)) for _ in range(2000)]
        assert evenness_scores(outlets, EVEN).mean() == pytest.approx(true_evenness(habit, "one"), abs=4)


@pytest.mark.parametrize(("habit", "pieces", "themes_a_piece"), [("balanced", 20, "one"), ("newsroom", 20, "several")])
def test_intervals_hold_the_truth(
    habit: str, pieces: int, themes_a_piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 400 seeded outlets with a known habit 93–97 % have it in their interval; the full table is a benchmark."""
    monkeypatch.setattr(module, "_DRAWS", ((300, 100_000),))  # fewer draws are as right on average, and quicker
    monkeypatch.setattr(module, "_NULL_DRAWS", ((1000, 200_000),))
    truth = true_evenness(habit, themes_a_piece)
    random = np.random.default_rng(20200730)
    held = 0
    for _ in range(RUNS):
        found = evenness(draw_outlet(random, habit, pieces, themes_a_piece), np.ones(pieces), EVEN)
        assert found is not None
        held += found.low - 1e-9 <= truth <= found.high + 1e-9
    assert 0.93 <= held / RUNS <= 0.97


def test_habits_are_what_they_say() -> None:
    """The simulation's own truth: balanced is 100, the rest lies below, in its order."""
    assert true_evenness("balanced", "one") == pytest.approx(100)
    assert true_evenness("balanced", "several") == pytest.approx(100)
    others = [true_evenness(habit, "one") for habit in HABITS if habit != "balanced"]
    assert others == sorted(others, reverse=True)
    assert others[0] < 95
