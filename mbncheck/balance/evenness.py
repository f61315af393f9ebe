"""Evenness against its own noise: how evenly an outlet's pieces spread over the themes.

``docs/balance.md`` explains each formula with its source. Sets of themes are rows of 0 and 1, one column a theme.
Distances are √JSD to base 2, in [0, 1]; scores are points, 100 for an outlet as even as the target.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from mbncheck.balance.rates import CONFIDENCE, scipy_part
from mbncheck.errors import BalanceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Sets = NDArray[np.uint8]
    Codes = NDArray[np.int64]

SEED = 20200730
MAX_THEMES = 12
MIN_PIECES = 5
WIDEST = 50.0
"""An interval wider than this many points of 100 says nothing: "too few pieces"."""

# How many outlets are drawn: for few pieces, and for more by how many pieces there are in all.
_DRAWS = ((1000, 100_000), (500, 2_000_000), (50, 0))
_NULL_DRAWS = ((5000, 200_000), (1000, 2_000_000), (50, 0))
_STEEPEST = 40.0
_POSITION_TOLERANCE = 1 / 256
_ROUNDS, _CLOSE = 2000, 1e-10


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly an outlet's pieces spread over the themes, measured against the pack's target.

    ``distance`` is √JSD between the two, ``expected`` its mean for an outlet of this size that follows the target;
    both in [0, 1]. ``score`` is in points: 0 for everything on the theme furthest from the target, 100 on average
    for an outlet that follows it; single scores may exceed 100 and are cut only where they are shown. ``low`` and
    ``high`` (in [0, 100]) hold the evenness of the outlet's habit, of which its pieces are a sample, with 95 %
    confidence. ``pieces`` were counted. ``too_few`` where the interval says nothing.
    """

    distance: float
    expected: float
    score: float
    low: float
    high: float
    pieces: int
    too_few: bool


def distance(shares: Array, target: Array) -> Array:
    """√JSD to base 2 between each row of ``shares`` and ``target``, both summing to 1 [Lin 1991; Endres & Schindelin
    2003].
    """
    import numpy as np

    rel_entr = scipy_part("special").rel_entr
    middle = (shares + target) / 2
    divergence = (rel_entr(shares, middle).sum(-1) + rel_entr(target, middle).sum(-1)) / (2 * log(2))
    result: Array = np.sqrt(np.maximum(divergence, 0.0))  # rounding may go below zero
    return result


def worst_distance(target: Array) -> float:
    """The largest distance from ``target`` that any distribution has: all on one theme (√JSD is convex enough)."""
    import numpy as np

    return float(distance(np.eye(len(target)), target).max())


@dataclass(frozen=True, slots=True)
class _Design:
    """All sets of k themes as codes, with their chances summed up for drawing."""

    codes: Codes
    summed: Array

    def draw(self, uniform: Array) -> Codes:
        import numpy as np

        chosen = np.searchsorted(self.summed, uniform, side="right")
        drawn: Codes = self.codes[np.minimum(chosen, len(self.codes) - 1)]
        return drawn


@lru_cache(maxsize=8)
def _all_sets(themes: int) -> Array:
    """The set that each code stands for, a row of 0 and 1: theme j is in it where bit j is 1."""
    import numpy as np

    return ((np.arange(1 << themes)[:, None] >> np.arange(themes)) & 1).astype(np.float64)


def _codes(sets: Sets) -> Codes:
    import numpy as np

    codes: Codes = (sets.astype(np.int64) << np.arange(sets.shape[1])).sum(1)
    return codes


@lru_cache(maxsize=256)
def _design(target: tuple[float, ...], size: int) -> _Design:
    """Sets of ``size`` themes, each theme in as many as the target asks, otherwise as random as can be.

    The largest entropy under given inclusion chances: conditional Poisson sampling, P(S) ∝ Π odds [Chen, Dempster &
    Liu 1994]; the odds by iterative proportional fitting. A theme cannot be in a piece more than once: what the
    target asks above that goes to the others.
    """
    import numpy as np

    every = _all_sets(len(target))
    wanted = _inclusion(np.array(target), size)
    always = wanted >= 1 - 1e-12
    codes = np.flatnonzero((every.sum(1) == size) & (every[:, always] == 1).all(1))
    sets = every[codes]
    odds = np.where(always, 1.0, wanted)
    for _ in range(_ROUNDS):
        weights = np.where(sets == 1, odds, 1.0).prod(1)
        chances = weights / weights.sum()
        now = chances @ sets
        if np.abs(now - wanted).max() < _CLOSE:
            break
        odds = np.where(always, 1.0, odds * wanted / now)
    return _Design(codes, chances.cumsum())


def _inclusion(target: Array, size: int) -> Array:
    """How likely each theme is to be among ``size``: in proportion to the target, but never above 1."""
    import numpy as np

    wanted = size * target
    while (wanted > 1).any():
        full = wanted >= 1
        rest = target[~full]
        if not len(rest) or not rest.sum():
            return np.minimum(wanted, 1.0)
        wanted = np.where(full, 1.0, target * (size - full.sum()) / rest.sum())
    return wanted


def _even_codes(sizes: NDArray[np.int64], target: Array, uniform: Array) -> Codes:
    """Random sets of themes that follow ``target``, one for each of ``uniform``, whose numbers in [0, 1) decide.

    ``sizes`` says how many themes each has, or each of a column.
    """
    import numpy as np

    drawn = np.zeros(uniform.shape, dtype=np.int64)
    for size in np.flatnonzero(np.bincount(sizes.ravel())):
        here = (..., sizes == size) if sizes.ndim < uniform.ndim else sizes == size
        drawn[here] = _design(tuple(target.tolist()), int(size)).draw(uniform[here])
    return drawn


def _theme_shares(codes: Codes, weights: Array, themes: int) -> Array:
    """The share of each theme in each row of pieces (codes of sets, with their weights)."""
    import numpy as np

    rows = np.broadcast_to(np.arange(len(codes))[:, None], codes.shape).ravel()
    return _shares_of_rows(rows, codes.ravel(), np.broadcast_to(weights, codes.shape).ravel(), len(codes), themes)


def _shares_of_rows(rows: Codes, codes: Codes, weights: Array, draws: int, themes: int) -> Array:
    """The same for pieces in any order, each with its row."""
    import numpy as np

    counts = np.bincount((rows << themes) + codes, weights=weights, minlength=draws << themes)
    sums = counts.reshape(draws, -1) @ _all_sets(themes)
    shares: Array = sums / sums.sum(-1, keepdims=True)
    return shares


def _draws(limits: Sequence[tuple[int, int]], pieces: int) -> int:
    """The most of ``(draws, pieces in all)`` that fits: large outlets have little noise and need few draws."""
    return max(min(draws, in_all // pieces if in_all else draws) for draws, in_all in limits)


class _Resampling:
    """Outlets like the one observed, from one that follows the target (position 0) to ever more uneven ones.

    At position λ in [0, 1] each piece drawn from the observed ones keeps its themes with probability λ, and else
    takes as many themes at random as the target asks; so 0 is the null, 1 the ordinary bootstrap of pieces. Beyond 1
    pieces on themes that the outlet favours are drawn more often (exponential tilting). The same random numbers serve
    every position, so that what comes out is smooth in it.
    """

    def __init__(self, sets: Sets, weights: Array, target: Array, random: np.random.Generator) -> None:
        import numpy as np

        self.codes, self.weights, self.target = _codes(sets), weights, target
        self.sets, self.sizes = sets, sets.sum(1, dtype=np.int64)
        pieces = len(sets)
        shape = (_draws(_DRAWS, pieces), pieces)
        self.random = random
        drawn, self.kept, even = random.random(shape), random.random(shape), random.random(shape)
        self.index = (drawn * pieces).astype(np.int64)
        self.even_codes = _even_codes(self.sizes[self.index], target, even)
        order = drawn.argsort(axis=None)  # sorted once, since every steepness looks them up
        self.drawn, self.rows, self.draws = drawn.ravel()[order], order // pieces, shape[0]
        observed = _theme_shares(self.codes[None], weights, len(target))[0]
        self.distance = distance(observed, target)
        favoured = np.log(np.maximum(observed, 1e-12) / target)
        self.pull = (sets @ favoured) / self.sizes
        self.of_size = np.bincount(self.sizes) / pieces
        self.highest = np.full(len(self.of_size), -np.inf)
        np.maximum.at(self.highest, self.sizes, self.pull)
        self._known: dict[float, Array] = {}

    def null(self) -> Array:
        """Distances of outlets with just these pieces' sizes and weights that follow the target."""
        shape = (_draws(_NULL_DRAWS, len(self.sizes)), len(self.sizes))
        codes = _even_codes(self.sizes, self.target, self.random.random(shape))
        return distance(_theme_shares(codes, self.weights, len(self.target)), self.target)

    def truth(self, position: float) -> float:
        """The distance of the habit at a position."""
        favoured = self._tilt(position) * self.weights
        shares = (favoured @ self.sets) / (favoured @ self.sizes)
        part = min(position, 1.0)
        return float(distance(part * shares + (1 - part) * self.target, self.target))

    def distances(self, position: float) -> Array:
        """Distances of outlets drawn from the habit at a position."""
        if position not in self._known:
            self._known[position] = self._distances(position)
        return self._known[position]

    def _distances(self, position: float) -> Array:
        import numpy as np

        themes = len(self.target)
        if position <= 1:
            codes = np.where(self.kept < position, self.codes[self.index], self.even_codes)
            return distance(_theme_shares(codes, self.weights[self.index], themes), self.target)
        ends = np.searchsorted(self.drawn, self._tilt(position).cumsum()[:-1])
        counts = np.diff(ends, prepend=0, append=len(self.drawn))
        codes, weights = np.repeat(self.codes, counts), np.repeat(self.weights, counts)
        return distance(_shares_of_rows(self.rows, codes, weights, self.draws, themes), self.target)

    def _tilt(self, position: float) -> Array:
        """The chance of each observed piece; at position 2 only the most extreme of every size are left.

        How many pieces have how many themes stays, since that is what the noise depends on.
        """
        import numpy as np

        steepness = 0.0 if position <= 1 else (position - 1) / max(2 - position, 1 / _STEEPEST)
        weights = np.exp(steepness * (self.pull - self.highest[self.sizes]))
        sums = np.bincount(self.sizes, weights=weights)
        tilt: Array = weights / sums[self.sizes] * self.of_size[self.sizes]
        return tilt


def evenness(sets: Sets, weights: Array, target: Array) -> Evenness | None:
    """Score how evenly pieces spread over themes; ``None`` where no piece has both a theme and a weight.

    ``sets`` has a row of 0 and 1 for every piece, ``weights`` a number ≥ 0, ``target`` a positive share for every
    theme, together 1. Random numbers are seeded: the same pieces in the same order give the same result. Raises
    ``BalanceError`` for more than 12 themes.
    """
    if len(target) > MAX_THEMES:
        raise BalanceError(
            f"Độ cân đối chỉ tính được với tối đa {MAX_THEMES} chủ đề; bộ quy tắc này có {len(target)}.",
            f"Evenness works for up to {MAX_THEMES} themes; this pack has {len(target)}.",
        )
    resampling = _resampling(sets, weights, target)
    if resampling is None:
        return None
    null = resampling.null()
    observed = float(resampling.distance)
    worst = worst_distance(target)
    nearest, furthest = _interval(resampling, observed, float(null.mean()))
    low, high = (max(100 * (1 - end / worst), 0.0) for end in (furthest, nearest))
    pieces = len(resampling.codes)
    too_few = pieces < MIN_PIECES or high - low > WIDEST
    score = float(_score(resampling.distance, null, worst))
    return Evenness(observed, float(null.mean()), score, low, high, pieces, too_few)


def _resampling(sets: Sets, weights: Array, target: Array) -> _Resampling | None:
    import numpy as np

    told = (sets.sum(1) > 0) & (weights > 0)
    if not told.any():
        return None
    return _Resampling(sets[told], weights[told] / weights[told].sum(), target, np.random.default_rng(SEED))


def _score(observed: Array, null: Array, worst: float) -> Array:
    """100 on average under the null, whatever its size; near the evenness of the habit elsewhere; 0 at the worst.

    JSD is biased upward by about its null mean, so that is taken off before the root; what the root leaves of a
    bias under the null is taken off after it.
    """
    import numpy as np

    bias = float((null**2).mean())

    def corrected(value: Array) -> Array:
        less = value**2 - bias
        result: Array = np.sign(less) * np.sqrt(np.abs(less))
        return result

    centre = corrected(null).mean()
    scale = corrected(np.array(worst)) - centre
    if scale < 1e-9:  # one piece with one theme: nothing else was possible
        return np.full_like(observed, 100.0)
    score: Array = 100 * (1 - (corrected(observed) - centre) / scale)
    return score


def _interval(resampling: _Resampling, observed: float, noise: float) -> tuple[float, float]:
    """The habits whose outlets would show what was observed in at least 95 of 100 cases: nearest and furthest.

    A test inverted along the positions of ``resampling``: too large a distance speaks against a habit with level
    5 % − a, too small a one with level a, where a grows from 0 for the habit that follows the target (nothing can be
    smaller) to 2.5 % once the habit stands out of the noise. So the interval is never empty, and holds 95 % at the
    bound too [Feldman & Cousins 1998, in spirit].
    """
    total = 1 - CONFIDENCE

    def small_level(position: float) -> float:
        return total / 2 * min(1.0, resampling.truth(position) / noise) if noise else total / 2

    def not_too_small(position: float) -> float:
        return float((resampling.distances(position) <= observed).mean()) - small_level(position)

    def not_too_large(position: float) -> float:
        return float((resampling.distances(position) >= observed).mean()) - (total - small_level(position))

    nearest = 0.0 if not_too_large(0.0) >= 0 else _crossing(not_too_large, 0.0, 2.0)
    furthest = (
        _crossing(not_too_small, max(nearest, 1.0), 2.0)
        if not_too_small(1.0) >= 0
        else (_crossing(not_too_small, nearest, 1.0))
    )
    return resampling.truth(nearest), resampling.truth(furthest)


def _crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Where ``function`` changes sign between two positions; the far one where it does not."""
    if (function(low) >= 0) == (function(high) >= 0):
        return high
    return float(scipy_part("optimize").brentq(function, low, high, xtol=_POSITION_TOLERANCE))
