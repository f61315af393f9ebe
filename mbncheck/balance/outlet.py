"""The balance of every outlet in a period: the one place where the measures are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mbncheck.balance.directory import Directory, name_key
from mbncheck.balance.duties import Facts, judge
from mbncheck.balance.evenness import Evenness, evenness
from mbncheck.balance.gaps import find_gaps
from mbncheck.balance.model import (
    PROVINCE,
    WEIGHTS,
    MonthCount,
    OutletBalance,
    PlacesNamed,
    ThemeBalance,
    Trend,
    Volume,
    Weight,
)
from mbncheck.balance.periods import MONTHS_OF, Period, parse_period
from mbncheck.balance.pieces import pieces_of
from mbncheck.balance.rates import rate_ratio
from mbncheck.errors import BalanceError
from mbncheck.model import PackReference, Piece
from mbncheck.pack.schema import OutletEntry, OutletsFile, Pack

NO_NAME = ""


@dataclass
class _Outlet:
    """What is gathered of one outlet while the pieces go by: those in scope, and how many were checked."""

    entry: OutletEntry | None
    name: str
    pieces: list[Piece] = field(default_factory=list)
    checked: dict[Period, int] = field(default_factory=dict)
    undated: int = 0

    def add(self, piece: Piece, periods: Sequence[Period]) -> None:
        if piece.published is None:
            self.undated += piece.in_scope
            return
        for period in periods:
            if piece.published in period:
                self.checked[period] = self.checked.get(period, 0) + 1
        if piece.in_scope and any(piece.published in period for period in periods):
            self.pieces.append(piece)


def score(
    results: Iterable[Any],
    period: Period | str,
    pack: Pack,
    *,
    outlets: OutletsFile | None = None,
    weight: Weight = "pieces",
) -> list[OutletBalance]:
    """Score every outlet, and last the province as a whole.

    ``results``: pieces, checked articles, or a table (see ``balance.pieces``), in any order; pieces of the period
    before and of the same one a year before make the trends. ``outlets`` replaces the pack's list. First come the
    outlets of the list in its order, those without a piece among them, then by name those that are not on it, with
    ``known`` false, pieces without an outlet among them. The same pieces give the same scores, in any order.

    Raises ``BalanceError`` for a period or weight that is none, a table without what is needed, or where the extra
    ``balance`` is not installed; ``PackError`` where two outlets share a name.
    """
    if weight not in WEIGHTS:
        raise BalanceError(
            f"Không có trọng số “{weight}”; chọn {', '.join(WEIGHTS)}.",
            f"No such weight: {weight!r}; choose {', '.join(WEIGHTS)}.",
        )
    period = parse_period(period) if isinstance(period, str) else period
    listed = outlets or pack.outlets
    gathered = _gather(results, period, pack, Directory(listed.outlets if listed else ()))
    owners = {piece.id: key for key, outlet in gathered.items() for piece in outlet.pieces if key != PROVINCE}
    scorer = _Scorer(period, pack, weight, owners)
    return [scorer.balance(key, outlet) for key, outlet in gathered.items()]


def _gather(results: Iterable[Any], period: Period, pack: Pack, directory: Directory) -> dict[str, _Outlet]:
    periods = (period, period.previous(), period.year_before())
    known = {entry.id: _Outlet(entry, entry.name) for entry in directory.outlets}
    unknown: dict[str, _Outlet] = {}
    province = _Outlet(None, pack.about.place.vi)
    for piece in pieces_of(results, pack):
        entry = directory.find(piece.outlet)
        if entry:
            outlet = known[entry.id]
        else:
            name = piece.outlet or NO_NAME
            outlet = unknown.setdefault(name_key(name), _Outlet(None, name))
            outlet.name = min(outlet.name, name)  # of several spellings always the same one
        outlet.add(piece, periods)
        province.add(piece, periods)
    others = {f"?{key}": unknown[key] for key in sorted(unknown)}
    return {**known, **others, PROVINCE: province}


class _Scorer:
    """Scores outlets by one pack, in one period, with one weight; ``owners`` tells whose a piece is."""

    def __init__(self, period: Period, pack: Pack, weight: Weight, owners: Mapping[str, str]) -> None:
        self.period, self.pack, self.weight, self.owners = period, pack, weight, owners
        self.themes = [theme.theme for theme in pack.themes]
        self.asked = pack.about.balance
        valid = pack.about.valid
        self.within_validity = valid.start <= period.start and period.end <= valid.end
        self.reference = PackReference(pack.about.id, pack.about.version, pack.hash)

    def balance(self, key: str, outlet: _Outlet) -> OutletBalance:
        entry = outlet.entry
        raw = self._in(outlet, self.period)
        unique = _unique(raw)
        target = self._target(entry)
        previous = self._trend(key, outlet, self.period.previous())
        places = self._places(raw)
        found = [self._theme(theme, unique, target) for theme in self.themes]
        unweighted, scored = self._evenness(unique, target)
        facts = Facts(self.period, raw, previous, places, self.asked.window if self.asked else None)
        kind = entry.kind if entry else PROVINCE if key == PROVINCE else None
        duties = tuple(judge(duty, facts) for duty in self.pack.about.duties if kind in duty.kinds)
        volume = self._volume(key, outlet, self.period)
        return OutletBalance(
            outlet=key,
            name=outlet.name,
            kind=kind,
            known=kind is not None,
            period=self.period,
            within_validity=self.within_validity,
            weight=self.weight,
            volume=volume,
            undated=outlet.undated,
            unweighted=unweighted,
            previous=previous,
            year_before=self._trend(key, outlet, self.period.year_before()),
            months=tuple(self._months(raw)),
            themes=tuple(found),
            evenness=scored,
            duties=duties,
            places=places,
            gaps=tuple(find_gaps(volume, found, scored, duties, self.pack.about.duties, places, previous, kind)),
            pack=self.reference,
        )

    def _in(self, outlet: _Outlet, period: Period) -> list[Piece]:
        inside = [piece for piece in outlet.pieces if piece.published and piece.published in period]
        return sorted(inside, key=_order)

    def _target(self, entry: OutletEntry | None) -> dict[str, float]:
        asked = {**(self.asked.targets if self.asked else {}), **(entry.targets if entry else {})}
        weights = {theme: asked.get(theme, 1.0) for theme in self.themes}
        return {theme: weight / sum(weights.values()) for theme, weight in weights.items()}

    def _volume(self, key: str, outlet: _Outlet, period: Period) -> Volume:
        raw = self._in(outlet, period)
        unique = _unique(raw)
        on_air = [piece for piece in raw if piece.airtime is not None]
        firsts = [self.owners.get(piece.reprint_of, key) for piece in unique if piece.reprint_of]
        return Volume(
            checked=outlet.checked.get(period, 0),
            raw=len(raw),
            pieces=len(unique),
            first_elsewhere=sum(first != key for first in firsts) if key != PROVINCE else 0,
            words=sum(piece.words for piece in unique),
            minutes=sum(piece.airtime or 0.0 for piece in unique) / 60,
            broadcasts=len(on_air),
            minutes_on_air=sum(piece.airtime or 0.0 for piece in on_air) / 60,
            estimated=sum(piece.airtime_estimated for piece in on_air),
            by_human=sum(piece.decided_by_human for piece in raw),
            per_month=len(unique) / period.length_in_months,
        )

    def _trend(self, key: str, outlet: _Outlet, then: Period) -> Trend | None:
        """Against ``then``; ``None`` where nothing of the outlet was checked: no data is not zero."""
        if not outlet.checked.get(then):
            return None
        new, old = self._volume(key, outlet, self.period), self._volume(key, outlet, then)
        months, months_then = self.period.length_in_months, then.length_in_months

        def ratio(now: float, before: float) -> float | None:
            return now / months / (before / months_then) if before else None

        return Trend(
            then,
            old,
            rate_ratio(new.pieces, months, old.pieces, months_then),
            rate_ratio(new.broadcasts, months, old.broadcasts, months_then),
            ratio(new.words, old.words),
            ratio(new.minutes_on_air, old.minutes_on_air),
        )

    def _months(self, raw: Sequence[Piece]) -> Iterable[MonthCount]:
        for month in self.period.months_touched():
            inside = [piece for piece in raw if piece.published and piece.published in month]
            yield MonthCount(month, len(inside), sum(piece.airtime is not None for piece in inside))

    def _theme(self, theme: str, unique: Sequence[Piece], target: Mapping[str, float]) -> ThemeBalance:
        covered = [piece for piece in unique if piece.levels.get(theme) == "covered"]
        mentioned = sum(piece.levels.get(theme) == "mentioned" for piece in unique)
        everything = sum(self._weight(piece) * len(self._covered(piece)) for piece in unique)
        weighed = sum(map(self._weight, covered))
        share = weighed / everything if everything else 0.0
        return ThemeBalance(theme, len(covered), mentioned, share, target[theme], self._quota(theme))

    def _quota(self, theme: str) -> int:
        """What the pack asks for in its own span, in proportion to the period; at least one where it asks at all."""
        asked = self.asked.quotas.get(theme, 0) if self.asked else 0
        if not asked or not self.asked:
            return 0
        exact = asked * self.period.length_in_months / MONTHS_OF[self.asked.quota_per]
        return max(int(exact + 0.5), 1)

    def _covered(self, piece: Piece) -> list[str]:
        return [theme for theme in self.themes if piece.levels.get(theme) == "covered"]

    def _weight(self, piece: Piece) -> float:
        if self.weight == "words":
            return float(piece.words)
        return (piece.airtime or 0.0) if self.weight == "airtime" else 1.0

    def _evenness(self, unique: Sequence[Piece], target: Mapping[str, float]) -> tuple[int, Evenness | None]:
        """How many pieces with a theme have no weight, and the score of the others."""
        import numpy as np

        covering = [(self._covered(piece), self._weight(piece)) for piece in unique if self._covered(piece)]
        unweighted = sum(weight <= 0 for _, weight in covering)
        if not covering:
            return 0, None
        sets = np.array([[theme in found for theme in self.themes] for found, _ in covering], dtype=np.uint8)
        weights = np.array([weight for _, weight in covering])
        return unweighted, evenness(sets, weights, np.array([target[theme] for theme in self.themes]))

    def _places(self, raw: Sequence[Piece]) -> PlacesNamed:
        listed = self.pack.places
        places = listed.places if listed else ()
        key = tuple(place.id for place in places if place.key and place.in_use(self.period.end))
        named = Counter(place for piece in raw for place in piece.places)
        return PlacesNamed(dict(sorted(named.items())), key)


def _order(piece: Piece) -> tuple[Any, ...]:
    return piece.published, piece.id, piece.path, piece.origin, piece.outlet or ""


def _unique(pieces: Sequence[Piece]) -> list[Piece]:
    """The first piece of each group of reprints."""
    groups: dict[str, Piece] = {}
    for piece in pieces:
        groups.setdefault(piece.reprint_of or piece.id, piece)
    return list(groups.values())
