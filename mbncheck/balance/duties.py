"""What the plan asks of each kind of outlet, and whether it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbncheck.balance.model import DutyResult, DutyStatus, PlacesNamed, Trend
from mbncheck.balance.periods import Period
from mbncheck.model import Piece
from mbncheck.pack.schema import Duty, Window


@dataclass(frozen=True, slots=True)
class Facts:
    """What duties are judged by: raw in-scope pieces of the period, the trend, the places named."""

    period: Period
    pieces: Sequence[Piece]
    previous: Trend | None
    places: PlacesNamed
    window: Window | None


def judge(duty: Duty, facts: Facts) -> DutyResult:
    """Whether ``duty`` was met. A broadcast repeated counts each time: it was on air each time."""
    if duty.measure == "not_in_archive":
        return DutyResult(duty.id, "not_in_archive", None, duty.at_least)
    if duty.measure == "growth":
        return _growth(duty, facts.previous)
    if duty.measure == "key_places":
        return _compare(duty, facts.places.key_share)
    parts = list(_parts(duty, facts))
    if not parts:
        return DutyResult(duty.id, "not_due", None, duty.at_least)
    counts = {part: _count(duty, [piece for piece in facts.pieces if _in(piece, part)]) for part in parts}
    missed = tuple(part for part in parts if counts[part] < duty.at_least)
    return DutyResult(duty.id, "missed" if missed else "met", min(counts.values()), duty.at_least, missed)


def _compare(duty: Duty, value: float | None) -> DutyResult:
    status: DutyStatus = "no_data" if value is None else "met" if value >= duty.at_least else "missed"
    return DutyResult(duty.id, status, value, duty.at_least)


def _growth(duty: Duty, previous: Trend | None) -> DutyResult:
    """A fall counts against an outlet only where chance alone would hardly make it: the interval lies below."""
    result = _compare(duty, previous.pieces.ratio if previous else None)
    high = previous.pieces.high if previous else None
    may_be_chance = high is None or high >= duty.at_least
    return replace(result, status="unsure") if result.status == "missed" and may_be_chance else result


def _parts(duty: Duty, facts: Facts) -> Iterator[Period]:
    if duty.per == "period":
        yield facts.period
    elif duty.per == "window":
        yield from windows(facts.period, facts.window)
    else:
        yield from facts.period.parts(duty.per)


def windows(period: Period, window: Window | None) -> Iterator[Period]:
    """The days around the national day, of every year whose national day lies in ``period``; cut to it."""
    for year in range(period.start.year, period.end.year + 1) if window else ():
        assert window is not None  # noqa: S101 - the range is empty without one
        start, day, end = (_day(year, written) for written in (window.start, window.day, window.end))
        if day in period:
            yield Period(max(start, period.start), min(end, period.end))


def _day(year: int, month_and_day: str) -> date:
    month, day = map(int, month_and_day.split("-"))
    return date(year, month, day)


def _count(duty: Duty, pieces: Sequence[Piece]) -> int:
    if duty.measure == "pieces":
        return len(pieces)
    return len({theme for piece in pieces for theme, level in piece.levels.items() if level == "covered"})


def _in(piece: Piece, part: Period) -> bool:
    return piece.published is not None and piece.published in part
