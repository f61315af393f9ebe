"""Spans of days that are scored: quarters, half-years, years, and any dates."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mbncheck.errors import BalanceError

Span = Literal["month", "quarter", "half", "year", "dates"]

MONTHS_OF: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS_PER_MONTH = 365.2425 / 12

_NAMED = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?", re.ASCII | re.IGNORECASE)
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` to ``end``; both belong to it."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BalanceError(
                f"Kỳ {self.start}..{self.end} kết thúc trước khi bắt đầu; hãy đổi chỗ hai ngày.",
                f"Period {self.start}..{self.end} ends before it starts; swap the days.",
            )

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        """As ``parse_period`` reads it: 2020-Q1, 2020-H1, 2020, 2020-03, or 2020-01-05..2020-02-10."""
        year, month = self.start.year, self.start.month
        match self.span:
            case "year":
                return f"{year:04}"
            case "half":
                return f"{year:04}-H{(month + 5) // 6}"
            case "quarter":
                return f"{year:04}-Q{(month + 2) // 3}"
            case "month":
                return f"{year:04}-{month:02}"
        return f"{self.start}..{self.end}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def span(self) -> Span:
        """What it is: a whole month, quarter, half-year or year of the calendar, or any dates."""
        for span, months in MONTHS_OF.items():
            if (self.start.month - 1) % months == 0 and self == _whole(self.start.year, self.start.month, months):
                return span
        return "dates"

    @property
    def length_in_months(self) -> float:
        """Its length in months: whole ones counted, other days by the mean month of 30.44 days."""
        whole = self.months()
        inside = sum(month.days for month in whole)
        return len(whole) + (self.days - inside) / DAYS_PER_MONTH

    def months(self) -> list[Period]:
        """The calendar months that lie in it whole, in order."""
        return [month for month in self.months_touched() if month.start >= self.start and month.end <= self.end]

    def parts(self, span: Span) -> list[Period]:
        """The calendar months, quarters, half-years or years that lie in it whole, in order."""
        months = MONTHS_OF[span]
        starts = [month.start for month in self.months() if (month.start.month - 1) % months == 0]
        parts = [_whole(start.year, start.month, months) for start in starts]
        return [part for part in parts if part.end <= self.end]

    def previous(self) -> Period:
        """The one before: the quarter before a quarter and so on; as many days before any dates."""
        last = self.start - timedelta(days=1)
        if self.span == "dates":
            return Period(last - timedelta(days=self.days - 1), last)
        months = MONTHS_OF[self.span]
        first = last.year * 12 + last.month - months
        return _whole(first // 12, first % 12 + 1, months)

    def year_before(self) -> Period:
        """The same days of the year before; 29 February becomes the 28th."""
        if self.span != "dates":
            return _whole(self.start.year - 1, self.start.month, MONTHS_OF[self.span])
        return Period(_year_back(self.start), _year_back(self.end))

    def months_touched(self) -> Iterator[Period]:
        """The calendar months of which it has at least a day, in order."""
        at = self.start.year * 12 + self.start.month - 1
        while (month := _whole(at // 12, at % 12 + 1, 1)).start <= self.end:
            yield month
            at += 1
            if at // 12 > date.max.year:
                return


def _whole(year: int, month: int, months: int) -> Period:
    last = month + months - 1
    return Period(date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _year_back(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def parse_period(written: str) -> Period:
    """A period as people write it: ``2020-Q1``, ``2020-H1``, ``2020``, ``2020-03``, ``2020-01-05..2020-02-10``.

    Raises ``BalanceError`` for anything else.
    """
    try:
        if dates := _DATES.fullmatch(written):
            return Period(date.fromisoformat(dates[1]), date.fromisoformat(dates[2]))
        if named := _NAMED.fullmatch(written):
            year, quarter, half, month = (int(part) if part else 0 for part in named.groups())
            if quarter:
                return _whole(year, 3 * quarter - 2, 3)
            if half:
                return _whole(year, 6 * half - 5, 6)
            return _whole(year, month, 1) if month else _whole(year, 1, 12)
    except ValueError:
        pass  # a day that no calendar has
    raise BalanceError(
        f"Không hiểu kỳ “{written}”; hãy viết 2020-Q1, 2020-H1, 2020, 2020-03 hoặc 2020-01-05..2020-02-10.",
        f"No such period: {written!r}; write 2020-Q1, 2020-H1, 2020, 2020-03 or 2020-01-05..2020-02-10.",
    )
