"""What a score says of an outlet. All of it is frozen; ``docs/balance.md`` explains every figure.

Pieces are in scope. ``raw`` counts all of them, ``pieces`` each group of reprints once. Shares lie in [0, 1], scores
in points of 100, airtime is in minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mbncheck.balance.evenness import Evenness
from mbncheck.balance.periods import Period
from mbncheck.balance.rates import RateRatio
from mbncheck.model import PackReference

Weight = Literal["pieces", "words", "airtime"]
WEIGHTS: tuple[Weight, ...] = ("pieces", "words", "airtime")
DutyStatus = Literal["met", "missed", "unsure", "not_due", "no_data", "not_in_archive"]

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is in a period.

    ``checked`` counts every dated piece, in scope or not; ``first_elsewhere`` the pieces that another outlet had
    first. ``words`` and ``minutes`` are of ``pieces``, ``minutes_on_air`` of all ``broadcasts`` (raw pieces with an
    airtime, ``estimated`` ones of them by their words). ``by_human`` are raw pieces on which a person decided, at
    least in part.
    """

    checked: int
    raw: int
    pieces: int
    first_elsewhere: int
    words: int
    minutes: float
    broadcasts: int
    minutes_on_air: float
    estimated: int
    by_human: int
    per_month: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The period against an earlier one: rates per month, over those of then.

    ``pieces`` and ``broadcasts`` are counts and have exact intervals; ``words`` and ``minutes`` are plain ratios,
    ``None`` where there was nothing then.
    """

    period: Period
    volume: Volume
    pieces: RateRatio
    broadcasts: RateRatio
    words: float | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Raw pieces and broadcasts of one calendar month, or of the part of it that lies in the period."""

    month: Period
    pieces: int
    broadcasts: int


@dataclass(frozen=True, slots=True)
class ThemeBalance:
    """One theme: pieces that cover it, pieces that only mention it, its weighted share of all covered themes.

    ``target`` is the share that the pack asks for, ``quota`` the pieces that it asks for in this period.
    """

    theme: str
    covered: int
    mentioned: int
    share: float
    target: float
    quota: int

    @property
    def meets_quota(self) -> bool:
        """Whether as many pieces cover it as the pack asks for."""
        return self.covered >= self.quota


@dataclass(frozen=True, slots=True)
class DutyResult:
    """Whether a duty was met: ``value`` (the least of all parts of the period) against what is ``needed``.

    ``missed`` are the parts in which it was not met. ``unsure`` where fewer pieces than before may be chance.
    """

    duty: str
    status: DutyStatus
    value: float | None
    needed: float
    missed: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacesNamed:
    """Communes that the pieces name: raw pieces by id, and the key communes of the period."""

    named: Mapping[str, int]
    key: tuple[str, ...]

    @property
    def key_named(self) -> tuple[str, ...]:
        """The key communes that are named."""
        return tuple(place for place in self.key if place in self.named)

    @property
    def key_missing(self) -> tuple[str, ...]:
        """The key communes that are not."""
        return tuple(place for place in self.key if place not in self.named)

    @property
    def key_share(self) -> float | None:
        """The share of key communes named; ``None`` where the pack has none."""
        return len(self.key_named) / len(self.key) if self.key else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, as a code and what it is about; ``report.gaps`` puts it into words."""

    code: str
    themes: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class OutletBalance:
    """The balance of one outlet, or of the province as a whole (``outlet`` is then ``"province"``), in a period.

    ``name`` is the outlet's name in the list, or as its pieces give it; empty for pieces that name no outlet.
    ``known`` where it is on the list; only then are ``kind`` and ``duties`` there. ``undated`` pieces in scope belong
    to no period and are counted here alone. ``unweighted`` pieces cover a theme and have no weight (no airtime, say).
    ``evenness`` is ``None`` where no piece covers a theme.
    """

    outlet: str
    name: str
    kind: str | None
    known: bool
    period: Period
    within_validity: bool
    weight: Weight
    volume: Volume
    undated: int
    unweighted: int
    previous: Trend | None
    year_before: Trend | None
    months: tuple[MonthCount, ...]
    themes: tuple[ThemeBalance, ...]
    evenness: Evenness | None
    duties: tuple[DutyResult, ...]
    places: PlacesNamed
    gaps: tuple[Gap, ...]
    pack: PackReference

    @property
    def completeness(self) -> float:
        """The share of themes that reach the pack's quota."""
        return sum(theme.meets_quota for theme in self.themes) / len(self.themes)
