"""What is missing, worst first; ``report.gaps`` says it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbncheck.balance.evenness import Evenness
from mbncheck.balance.model import DutyResult, Gap, PlacesNamed, ThemeBalance, Trend, Volume
from mbncheck.pack.schema import Duty

CROWDED = 1.5
"""A theme takes too much where its share is more than this many times its target."""


def find_gaps(
    volume: Volume,
    themes: Sequence[ThemeBalance],
    evenness: Evenness | None,
    results: Sequence[DutyResult],
    duties: Sequence[Duty],
    places: PlacesNamed,
    previous: Trend | None,
    kind: str | None,
) -> Iterator[Gap]:
    """The gaps of one outlet. One without any piece has that one alone, and its duties."""
    if volume.raw:
        yield from _themes(themes)
    else:
        yield Gap("silent")
    measures = {duty.id: duty for duty in duties}
    for result in results:
        duty = measures[result.duty]
        if result.status == "missed":
            yield from _duty(duty, result, volume, previous, places)
    if evenness and not evenness.too_few and evenness.high < 100:
        crowded = tuple(theme.theme for theme in themes if theme.share > CROWDED * theme.target)
        if crowded:
            yield Gap("crowded", themes=crowded)
    if evenness and evenness.too_few:
        yield Gap("too_few", numbers=(evenness.pieces,))
    if kind is None:
        yield Gap("unknown")


def _themes(themes: Sequence[ThemeBalance]) -> Iterator[Gap]:
    absent = tuple(theme.theme for theme in themes if not theme.covered and not theme.mentioned)
    mentioned = tuple(theme.theme for theme in themes if not theme.covered and theme.mentioned)
    if absent:
        yield Gap("theme_absent", themes=absent)
    if mentioned:
        yield Gap("theme_only_mentioned", themes=mentioned)
    for theme in themes:
        if theme.covered and not theme.meets_quota:
            yield Gap("theme_below_quota", themes=(theme.theme,), numbers=(theme.covered, theme.quota))


def _duty(duty: Duty, result: DutyResult, volume: Volume, previous: Trend | None, places: PlacesNamed) -> Iterator[Gap]:
    if duty.measure == "key_places":
        yield Gap("key_places", places=places.key_missing, numbers=(len(places.key_missing), len(places.key)))
    elif duty.measure == "growth" and previous:
        yield Gap("fewer", periods=(previous.period,), numbers=(volume.pieces, previous.volume.pieces))
    elif duty.measure == "pieces" and duty.per == "window":
        yield Gap("window", periods=result.missed)
    elif duty.measure == "pieces" and duty.per == "month" and volume.raw:
        yield Gap("months", periods=result.missed)
