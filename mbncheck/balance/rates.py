"""How one rate compares with another, with an exact interval; ``docs/balance.md`` gives the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mbncheck.errors import BalanceError

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How one rate compares with another: ``ratio`` with the exact 95 % interval ``low``–``high``.

    ``ratio`` is ``None`` without events in the second, ``high`` is ``None`` where it has no upper bound.
    """

    ratio: float | None
    low: float
    high: float | None


def rate_ratio(events: int, exposure: float, events_before: int, exposure_before: float) -> RateRatio:
    """The rate ``events / exposure`` over ``events_before / exposure_before``, conditional on their sum.

    Given n = a + b events of two Poisson processes, a is binomial with share θ = ρE/(ρE + F) [Przyborowski & Wilenski
    1940]; Clopper & Pearson's exact interval for θ is turned into one for ρ. Exposures are positive (months, days).
    Raises ValueError for a negative count or an exposure that is not positive.
    """
    if min(events, events_before) < 0 or min(exposure, exposure_before) <= 0:
        raise ValueError("counts must not be negative, exposures must be positive")
    scale = exposure_before / exposure
    total = events + events_before
    if total == 0:
        return RateRatio(None, 0.0, None)
    share = scipy_part("stats").binomtest(events, total).proportion_ci(CONFIDENCE, method="exact")
    low, high = (None if bound >= 1 else float(bound / (1 - bound) * scale) for bound in share)
    ratio = events / events_before * scale if events_before else None
    return RateRatio(ratio, low or 0.0, high)


def scipy_part(name: str) -> Any:
    """A module of SciPy, imported now. Raises ``BalanceError`` naming the extra where it is missing."""
    try:
        from importlib import import_module

        return import_module(f"scipy.{name}")
    except ImportError:
        raise BalanceError(
            "Chấm điểm cần thêm thư viện: pip install 'mbncheck[balance]'.",
            "Scores need more libraries: pip install 'mbncheck[balance]'.",
        ) from None
