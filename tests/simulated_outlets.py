"""Outlets with a known habit, for proving scores and intervals; ``benchmarks/evenness.py`` runs the whole table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mbncheck.balance import evenness as module
from mbncheck.balance.evenness import distance, worst_distance

EVEN = np.full(7, 1 / 7)
HABITS = {
    "balanced": EVEN,
    "slight": np.array([0.20, 0.16, 0.14, 0.14, 0.14, 0.12, 0.10]),
    "mild": np.array([0.25, 0.20, 0.15, 0.15, 0.10, 0.10, 0.05]),
    "newsroom": np.array([0.06, 0.30, 0.05, 0.25, 0.28, 0.02, 0.04]),
    "one-sided": np.array([0.50, 0.20, 0.10, 0.08, 0.06, 0.04, 0.02]),
}
SIZES = {"one": np.array([1.0]), "several": np.array([0.5, 0.3, 0.2])}
"""The chances of one, two, … themes in a piece."""


def draw_outlet(random: np.random.Generator, habit: str, pieces: int, themes_a_piece: str) -> NDArray[np.uint8]:
    """Rows of 0 and 1: each piece draws its themes one after the other, without repeating, by the habit."""
    chances = SIZES[themes_a_piece]
    sizes = random.choice(len(chances), size=pieces, p=chances) + 1
    return draw_sets(random, habit, sizes)


def draw_sets(random: np.random.Generator, habit: str, sizes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The same for pieces with given numbers of themes."""
    keys = np.log(HABITS[habit]) + random.gumbel(size=(len(sizes), 7))  # the order of such keys is that of the draws
    ranks = (-keys).argsort(-1).argsort(-1)
    sets: NDArray[np.uint8] = (ranks < sizes[:, None]).astype(np.uint8)
    return sets


@cache
def true_evenness(habit: str, themes_a_piece: str) -> float:
    """The evenness of a habit in points: what an endless outlet would score."""
    if habit == "balanced":
        return 100.0
    tags = draw_outlet(np.random.default_rng(0), habit, 400_000, themes_a_piece).sum(0)
    return 100 * (1 - float(distance(tags / tags.sum(), EVEN)) / worst_distance(EVEN))


def evenness_scores(outlets: Sequence[NDArray[np.uint8]], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores alone of outlets whose pieces have the same numbers of themes and equal weights: for simulations."""
    resampling = module._resampling(outlets[0], np.ones(len(outlets[0])), target)
    assert resampling is not None
    codes = np.array([module._codes(sets) for sets in outlets])
    observed = distance(module._theme_shares(codes, np.ones(codes.shape[1]), len(target)), target)
    return module._score(observed, resampling.null(), worst_distance(target))


def mean_null_distance(
    sizes: NDArray[np.int64], target: NDArray[np.float64], draws: int, random: np.random.Generator
) -> float:
    """The mean √JSD of outlets that follow ``target``, with pieces of ``sizes`` themes each."""
    shape = (draws, len(sizes))
    codes = module._even_codes(sizes, target, random.random(shape))
    return float(distance(module._theme_shares(codes, np.ones(len(sizes)), len(target)), target).mean())
