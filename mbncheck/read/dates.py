"""Dates and durations in all the forms Vietnamese newsrooms write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Literal

__all__ = ["DURATION", "Written", "parse_date", "parse_duration", "written_date"]

VIETNAM = timezone(timedelta(hours=7))
FRAMES_A_SECOND = 25  # of a time code 00:01:25:10 (PAL, as in Vietnam)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it was written: a month, a quarter or a year stands for its first day, and ``precision`` says so."""

    day: date
    precision: Literal["day", "month", "quarter", "year"] = "day"


def parse_date(text: str) -> date | None:
    """The day of publication in ``text``; the first of it for a month, a quarter, a year. ``None`` for no date."""
    written = written_date(text)
    return written.day if written else None


def written_date(text: str) -> Written | None:
    """The date in ``text`` and how exactly it is told; the day comes before the month, as in Vietnam.

    A time with another time zone is told in Vietnam's (GMT+7).
    """
    text = unicodedata.normalize("NFC", text).strip()
    moment = _moment(text)
    if moment:
        return Written(moment)
    text = text.casefold()
    return _day(text) or _quarter(text) or _of_month(text) or _of_year(text)


def _day(text: str) -> Written | None:
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            if day := _date(found["year"], _month(found["month"]), int(found["day"])):
                return Written(day)
    return None


def _quarter(text: str) -> Written | None:
    found = _QUARTER.search(text)
    day = _date(found["year"] or found["before"], 3 * _QUARTERS[found["quarter"]] - 2, 1) if found else None
    return Written(day, "quarter") if day else None


def _of_month(text: str) -> Written | None:
    for pattern in _MONTHS:
        if (found := pattern.search(text)) and (day := _date(found["year"], _month(found["month"]), 1)):
            return Written(day, "month")
    return None


def _of_year(text: str) -> Written | None:
    found = _YEAR.fullmatch(text)
    day = _date(found["year"], 1, 1) if found else None
    return Written(day, "year") if day else None


def _moment(text: str) -> date | None:
    """The day of a machine's time stamp: ISO 8601, or as in the head of an e-mail."""
    parsers: tuple[Callable[[str], datetime], ...] = (datetime.fromisoformat, parsedate_to_datetime)
    for parse in parsers:
        try:
            moment = parse(text)
        except (ValueError, IndexError, TypeError):
            continue
        try:
            return (moment.astimezone(VIETNAM) if moment.tzinfo else moment).date()
        except OverflowError:
            return None
    return None


_MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "giêng|một|jan|january", "hai|feb|february", "ba|mar|march", "tư|bốn|apr|april", "năm|may",
            "sáu|jun|june", "bảy|bẩy|jul|july", "tám|aug|august", "chín|sep|sept|september", "mười|oct|october",
            "mười một|nov|november", "mười hai|chạp|dec|december",
        ),
        1,
    )
    for word in words.split("|")
}  # fmt: skip
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_DAY = r"(?<!\d)(?P<day>[0-3]?\d)"
_NUMBER = r"(?P<month>[01]?\d)"
_FULL_YEAR = r"(?P<year>(?:19|20)\d\d)"
_LONG_YEAR = rf"{_FULL_YEAR}(?!\d)"
_WORD = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
_ENGLISH = "|".join(word for word in _WORD.split("|") if word.isascii() and word not in ("hai", "ba"))
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}\s*(?:/|-|\.|–)\s*{_NUMBER}\s*(?:/|-|\.|–)\s*{_LONG_YEAR}",
        rf"{_DAY}\s+tháng\s+(?P<month>[01]?\d|{_WORD})\s*(?:năm|[,/.-])?\s*{_LONG_YEAR}",
        rf"(?<!\d){_FULL_YEAR}\s*[/.-]\s*{_NUMBER}\s*[/.-]\s*(?P<day>[0-3]?\d)(?!\d)",
        rf"{_DAY}\s+(?P<month>{_ENGLISH})\.?,?\s+{_LONG_YEAR}",
        rf"\b(?P<month>{_ENGLISH})\.?\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+{_LONG_YEAR}",
        rf"{_DAY}(?P<mark>[/.-]){_NUMBER}(?P=mark)(?P<year>\d\d)(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)",
    )
)
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"tháng\s+(?P<month>[01]?\d|{_WORD})\s*(?:năm|[/.,-])?\s*{_LONG_YEAR}",
        rf"(?<![\d/.-]){_NUMBER}\s*[/.-]\s*{_LONG_YEAR}",
        rf"(?<!\d){_FULL_YEAR}\s*[/.-]\s*{_NUMBER}(?![\d/.-])",
        rf"\b(?P<month>{_ENGLISH})\.?,?\s+{_LONG_YEAR}",
    )
)
_QUARTER = re.compile(
    rf"(?:(?P<before>(?:19|20)\d\d)\s*[/.-]?\s*)?\b(?:quý|quí|q|quarter)\s*(?P<quarter>iv|i{{1,3}}|[1-4])\b"
    rf"(?:\s*(?:năm|[/.,-])?\s*{_LONG_YEAR})?"
)
_YEAR = re.compile(rf"(?:năm\s+)?{_LONG_YEAR}")


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _MONTH_WORDS[written]


def _date(year: str | None, month: int, day: int) -> date | None:
    if not year:
        return None
    number = int(year)
    if number < 100:
        number += 2000 if number < 70 else 1900
    try:
        return date(number, month, day)
    except ValueError:
        return None


# --- durations -------------------------------------------------------------------------------------------

_MINUTE_MARK, _SECOND_MARK = "['’′´]", "(?:[\"”″]|['’′´]{2})"
DURATION = (
    rf"(?:\d{{1,3}}\s*(?:giờ|h)\s*)?\d{{1,3}}\s*(?:phút|ph\b|p(?=\s*\d|\b)|{_MINUTE_MARK}(?!{_MINUTE_MARK}))"
    rf"(?:\s*\d{{1,2}}\s*(?:giây|gi\b|s\b|{_SECOND_MARK})?)?"
    rf"|\d{{1,4}}\s*(?:giây|s\b|{_SECOND_MARK})|\d{{1,2}}\s*(?:giờ|h)\b|\d{{1,2}}:\d{{2}}(?::\d{{2}}){{0,2}}"
)
"""A regular expression for a duration: 5 phút, 1'25", 25", 1p30s, 90 giây, 05:30, 00:01:25:10."""

_DURATION = re.compile(rf"(?<![\d:])(?:{DURATION})(?![\d:])", re.IGNORECASE)
_PART = re.compile(rf"(\d+)\s*(giờ|h|phút|ph|p|giây|gi|s|{_SECOND_MARK}|{_MINUTE_MARK}|$)", re.IGNORECASE)
_SECONDS = {"giờ": 3600, "h": 3600, "phút": 60, "ph": 60, "p": 60, "giây": 1, "gi": 1, "s": 1, "": 1}
_NUMBER_ALONE = re.compile(r"\d+(?:[.,]\d+)?")


def parse_duration(text: str, unit: float | None = None) -> float | None:
    """The first duration in ``text``, in seconds; ``None`` for none.

    ``unit`` is how many seconds a number alone stands for; without it a number alone is no duration.
    """
    text = text.strip()
    if unit and _NUMBER_ALONE.fullmatch(text):
        return float(text.replace(",", ".")) * unit
    found = _DURATION.search(text)
    if not found:
        return None
    written = found.group().lower()
    if ":" in written:
        return _clock(written)
    return float(sum(int(number) * _seconds(mark) for number, mark in _PART.findall(written)))


def _seconds(mark: str) -> int:
    if mark in _SECONDS:
        return _SECONDS[mark]
    return 60 if re.fullmatch(_MINUTE_MARK, mark) else 1


def _clock(written: str) -> float:
    """05:30 is minutes and seconds; 00:05:30 has hours; a fourth number counts frames."""
    numbers = [int(part) for part in written.split(":")]
    frames = numbers.pop() if len(numbers) == 4 else 0
    hours, minutes, seconds = [0] * (3 - len(numbers)) + numbers
    return hours * 3600 + minutes * 60 + seconds + frames / FRAMES_A_SECOND
