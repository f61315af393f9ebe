"""Periods: how they are written, what comes before them, what lies in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbncheck import BalanceError
from mbncheck.balance.periods import Period, parse_period

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2020-Q1", "2020-01-01", "2020-03-31"),
        ("2020-q4", "2020-10-01", "2020-12-31"),
        ("2020-H1", "2020-01-01", "2020-06-30"),
        ("2020-H2", "2020-07-01", "2020-12-31"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-01-05..2020-02-10", "2020-01-05", "2020-02-10"),
    ],
)
def test_written(written: str, start: str, end: str) -> None:
    """Each form that the help names means these days, both included."""
    period = parse_period(written)
    assert (str(period.start), str(period.end)) == (start, end)
    assert str(period) == written.upper()


@pytest.mark.parametrize(
    "written", ["", "2020-Q5", "2020-H3", "2020-13", "20", "0000", "2020-02-30..2020-03-01", "2020-01-05..", "２０２０"]
)
def test_not_a_period(written: str) -> None:
    """Anything else is refused, with what to write instead."""
    with pytest.raises(BalanceError, match="2020-Q1"):
        parse_period(written)


def test_backwards() -> None:
    """A period does not end before it starts."""
    with pytest.raises(BalanceError, match="kết thúc trước"):
        parse_period("2020-02-01..2020-01-01")


@pytest.mark.parametrize(
    ("written", "previous", "year_before"),
    [
        ("2020-Q1", "2019-Q4", "2019-Q1"),
        ("2020-H2", "2020-H1", "2019-H2"),
        ("2020", "2019", "2019"),
        ("2020-03", "2020-02", "2019-03"),
        ("2020-02-29..2020-03-09", "2020-02-19..2020-02-28", "2019-02-28..2019-03-09"),
    ],
)
def test_compared_with(written: str, previous: str, year_before: str) -> None:
    """The one before has the same span; the year before has the same days, 29 February aside."""
    period = parse_period(written)
    assert (str(period.previous()), str(period.year_before())) == (previous, year_before)


def test_parts() -> None:
    """Only months and quarters that lie in it whole are judged; touched months are all shown."""
    period = parse_period("2020-02-15..2020-07-31")
    assert [str(part) for part in period.parts("month")] == ["2020-03", "2020-04", "2020-05", "2020-06", "2020-07"]
    assert [str(part) for part in period.parts("quarter")] == ["2020-Q2"]
    assert period.parts("year") == []
    assert str(next(period.months_touched())) == "2020-02"
    assert period.length_in_months == pytest.approx(5 + 15 / 30.436875)


@given(DAYS, st.integers(0, 800))
def test_any_days(start: date, days: int) -> None:
    """What is written is read back; the one before ends the day before; whole months never exceed the days."""
    period = Period(start, start + timedelta(days))
    assert parse_period(str(period)) == period
    assert period.previous().end == start - timedelta(1)
    assert sum(month.days for month in period.months()) <= period.days
    assert len(list(period.months_touched())) - len(period.months()) <= 2
