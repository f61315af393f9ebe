"""Periods, ratios and gaps in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mbncheck.balance.evenness import Evenness
from mbncheck.balance.model import PROVINCE, Gap, OutletBalance
from mbncheck.balance.periods import Period
from mbncheck.balance.rates import RateRatio
from mbncheck.locale import number, say
from mbncheck.pack.schema import Pack

_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def period_name(period: Period, lang: str) -> str:
    """A period as a sentence begins with it: "Quý I/2020", "Tháng 3/2020", "Từ 05/01/2020 đến 10/02/2020"."""
    year, month = period.start.year, period.start.month
    match period.span:
        case "year":
            return say(lang, "period_year", year=year)
        case "half":
            return say(lang, "period_half_1" if month == 1 else "period_half_2", year=year)
        case "quarter":
            quarter = (month + 2) // 3
            return say(lang, "period_quarter", quarter=_ROMAN[quarter] if lang == "vi" else quarter, year=year)
        case "month":
            return say(lang, "period_month", month=f"{month:02}" if lang == "en" else month, year=year)
    return say(lang, "period_dates", start=_day(period.start, lang), end=_day(period.end, lang))


def _day(day: object, lang: str) -> str:
    return f"{day:%Y-%m-%d}" if lang == "en" else f"{day:%d/%m/%Y}"


def outlet_name(balance: OutletBalance, lang: str) -> str:
    """The outlet's name, or words for those without one and for the province."""
    if balance.outlet == PROVINCE:
        return say(lang, "whole_province")
    return balance.name or say(lang, "no_outlet")


def ratio_text(ratio: RateRatio | None, lang: str) -> str:
    """×0,56 (0,15–1,80); a dash without data, words where there was nothing then."""
    if ratio is None:
        return "–"
    if ratio.ratio is None:
        return say(lang, "nothing_then")
    high = "∞" if ratio.high is None else number(lang, ratio.high, 2)
    return f"×{number(lang, ratio.ratio, 2)} ({number(lang, ratio.low, 2)}–{high})"


def evenness_text(evenness: Evenness | None, lang: str) -> str:
    """82 (61–100), cut at 0 and 100; or that there are too few pieces."""
    if evenness is None:
        return "–"
    if evenness.too_few:
        return say(lang, "too_few_pieces")
    shown = (min(max(value, 0.0), 100.0) for value in (evenness.score, evenness.low, evenness.high))
    score, low, high = (number(lang, value) for value in shown)
    return f"{score} ({low}–{high})"


def gap_texts(balance: OutletBalance, pack: Pack, lang: str) -> list[str]:
    """Every gap as a sentence."""
    return [_gap_text(gap, balance, pack, lang) for gap in balance.gaps]


def _gap_text(gap: Gap, balance: OutletBalance, pack: Pack, lang: str) -> str:
    values: dict[str, object] = {
        "period": period_name(balance.period, lang),
        "topics": listed([topic(theme, pack, lang) for theme in gap.themes], lang),
        "places": ", ".join(place_name(place, pack) for place in gap.places),
        "periods": _periods(gap.periods, lang),
        "within": lowered(_periods(gap.periods, lang)),
    }
    numbers = {f"n{order}": number(lang, value) for order, value in enumerate(gap.numbers)}
    return say(lang, f"gap_{gap.code}", **values, **numbers)


def listed(parts: Sequence[str], lang: str) -> str:
    """Parts in a row; semicolons where a part holds a comma or "and" itself."""
    joint = say(lang, "and")
    plain = not any("," in part or f" {joint} " in part for part in parts)
    if len(parts) < 2 or not plain:
        return "; ".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def topic(theme: str, pack: Pack, lang: str) -> str:
    """A theme as it stands after "about": the pack's words for it, else its title."""
    topics = pack.about.balance.topics if pack.about.balance else {}
    titles = {each.theme: each.title for each in pack.themes}
    return str(getattr(topics.get(theme, titles[theme]), lang))


def place_name(place: str, pack: Pack) -> str:
    """The name of a commune by its id."""
    names = {entry.id: entry.name for entry in pack.places.places} if pack.places else {}
    return names.get(place, place)


def _periods(periods: Iterable[Period], lang: str) -> str:
    names = [period_name(period, lang) for period in periods]
    if names and lang == "vi":
        names = [names[0], *map(lowered, names[1:])]
    return listed(names, lang)


def lowered(name: str) -> str:
    """A name as it stands within a sentence."""
    return name[:1].lower() + name[1:]
