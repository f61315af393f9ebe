"""Dates and durations, as newsrooms write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbncheck.read.dates import Written, parse_date, parse_duration, written_date

DAY = date(2020, 7, 30)


@pytest.mark.parametrize(
    "text",
    [
        "ngày 30 tháng 7 năm 2020",
        "Đắk Nông, ngày 30 tháng 07 năm 2020",
        "30 tháng bảy, 2020",
        "Ngày 30 tháng bảy năm 2020",
        "30/7/2020",
        "30/07/2020",
        "30-7-2020 08:15",
        "30 - 7 - 2020",
        "30.7.20",
        "30.07.2020",
        "Thứ Năm, 30/07/2020",
        "Thứ năm, ngày 30/7/2020, 08:15 (GMT+7)",
        "08:15 30/07/2020",
        "19h45, 30/7/2020",
        "Cập nhật lúc 08:15, Thứ Năm, 30/07/2020 (GMT+7)",
        "2020-07-30",
        "2020-07-30T23:59:59+07:00",
        "2020-07-29T18:30:00Z",
        "2020-07-30 08:15:00",
        "2020/7/30",
        "20200730",
        "Thu, 30 Jul 2020 08:15:00 +0700",
        "Wed, 29 Jul 2020 20:00:00 GMT",
        "30 July 2020",
        "July 30th, 2020",
        "30/7/20",
        "Nga\u0300y 30 tha\u0301ng 7 na\u0306m 2020",
    ],
)
def test_days(text: str) -> None:
    """One day, in every form; times of other zones are told in Vietnam's."""
    assert written_date(text) == Written(DAY)
    assert parse_date(f"  {text} ") == DAY


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("tháng 7-2020", date(2020, 7, 1), "month"),
        ("Tháng 7/2020", date(2020, 7, 1), "month"),
        ("tháng mười hai năm 2020", date(2020, 12, 1), "month"),
        ("7/2020", date(2020, 7, 1), "month"),
        ("2020-07", date(2020, 7, 1), "month"),
        ("July 2020", date(2020, 7, 1), "month"),
        ("Quý III/2020", date(2020, 7, 1), "quarter"),
        ("quý 4 năm 2020", date(2020, 10, 1), "quarter"),
        ("Q1/2020", date(2020, 1, 1), "quarter"),
        ("2020-Q2", date(2020, 4, 1), "quarter"),
        ("năm 2020", date(2020, 1, 1), "year"),
        ("2020", date(2020, 1, 1), "year"),
    ],
)
def test_less_than_a_day(text: str, day: date, precision: str) -> None:
    """Months, quarters and years stand for their first day and say so."""
    written = written_date(text)
    assert written
    assert (written.day, written.precision) == (day, precision)


@pytest.mark.parametrize(
    "text",
    ["", "30/7", "31/2/2020", "30/13/2020", "hôm qua", "số 118/KH-BCĐ", "1800 1567", "99999999", "tháng 7", "111"],
)
def test_no_dates(text: str) -> None:
    """What is no date, or lacks its year, is none; nothing is guessed."""
    assert written_date(text) is None


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day(day: date) -> None:
    """Any day comes back from each of the common forms."""
    for form in (
        "{d}/{m}/{y}",
        "{d:02}-{m:02}-{y}",
        "ngày {d} tháng {m} năm {y}",
        "{y}-{m:02}-{d:02}",
        "{d}.{m}.{s:02}",
    ):
        assert parse_date(form.format(d=day.day, m=day.month, y=day.year, s=day.year % 100)) == day


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    """No text makes it fail."""
    parse_date(text)
    parse_duration(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5 phút", 300),
        ("5'30\"", 330),
        ("5’30”", 330),
        ("1'25''", 85),
        ("4'10", 250),
        ('(25")', 25),
        ("28''", 28),
        ("1p30s", 90),
        ("1p30s – 2p30s", 90),
        ("30 giây", 30),
        ("3 phút 20 giây", 200),
        ("1 giờ 5 phút", 3900),
        ("05:30", 330),
        ("00:15:00", 900),
        ("00:01:25:10", 85.4),
        ("15'", 900),
        ("Thời lượng: 15 ph", 900),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    """Durations come in seconds."""
    assert parse_duration(text) == pytest.approx(seconds)


def test_numbers_alone() -> None:
    """A number alone is a duration only where its unit is known."""
    assert parse_duration("15") is None
    assert parse_duration("15", 60) == timedelta(minutes=15).total_seconds()
    assert parse_duration("2,5", 60) == 150
    assert parse_duration("", 60) is None
