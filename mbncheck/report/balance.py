"""Scores as a table for people at a terminal, and the gaps of each outlet in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mbncheck.balance.model import PROVINCE, DutyResult, OutletBalance, ThemeBalance, Trend
from mbncheck.locale import number, printable, say
from mbncheck.pack.schema import Pack
from mbncheck.report.phrases import (
    evenness_text,
    gap_texts,
    lowered,
    outlet_name,
    period_name,
    place_name,
    ratio_text,
)

WIDTH_OFF_TERMINAL = 120
NAMES_SHOWN = 6
DUTY_STYLES = {"met": "green", "missed": "red"}


class BalanceReport:
    """Prints scores: a table of all outlets with something in it, then each of them in words."""

    def __init__(self, pack: Pack, lang: str, *, color: bool | None = None, file: IO[str] | None = None) -> None:
        self.pack, self.lang = pack, lang
        self.console = Console(no_color=color is False, highlight=False, soft_wrap=False, file=file)
        if not self.console.is_terminal:
            self.console.width = max(self.console.width, WIDTH_OFF_TERMINAL)

    def show(self, balances: Sequence[OutletBalance]) -> None:
        """Print all of it."""
        silent = [balance for balance in balances if not _has_something(balance) and balance.outlet != PROVINCE]
        shown = [balance for balance in balances if balance not in silent] if len(balances) > 1 else list(balances)
        if not shown:
            return
        first = shown[0]
        weight = say(self.lang, f"weight_{first.weight}")
        reference = f"{first.pack.id} {first.pack.version}"
        title = say(
            self.lang, "score_title", period=period_name(first.period, self.lang), pack=reference, weight=weight
        )
        self.console.print(Text(title, style="bold"))
        self.console.print(self._table(shown))
        self._line(say(self.lang, "score_legend"), "dim")
        if first.weight != "pieces":
            self._line(say(self.lang, "score_legend_shares", weight=weight), "dim")
        for balance in shown:
            self._outlet(balance)
        self._closing(silent, first)

    def _line(self, text: str, style: str = "", indent: int = 0, mark: str = "") -> None:
        """One paragraph; lines that wrap stand below its first word."""
        if not indent:
            self.console.print(Text(text, style=style))
            return
        line = Table.grid(padding=0)
        line.add_row(Text(" " * indent + mark, style=style), Text(text, style=style))
        self.console.print(line)

    def _table(self, balances: Sequence[OutletBalance]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column(say(self.lang, "col_outlet"), min_width=18)
        table.add_column(say(self.lang, "col_pieces"), justify="right", no_wrap=True)
        table.add_column(say(self.lang, "col_per_month"), justify="right", no_wrap=True)
        trends = any(balance.previous or balance.year_before for balance in balances)
        for key in ("col_previous", "col_year_before") if trends else ():
            table.add_column(say(self.lang, key), min_width=11)
        for theme in self.pack.themes:
            table.add_column(theme.theme, justify="right", no_wrap=True)
        table.add_column(say(self.lang, "col_evenness"), min_width=10)
        table.add_column(say(self.lang, "col_duties"), justify="right", no_wrap=True)
        for balance in balances:
            if balance.outlet == PROVINCE:
                table.add_section()
            table.add_row(*self._row(balance, trends), style="bold" if balance.outlet == PROVINCE else "")
        return table

    def _row(self, balance: OutletBalance, trends: bool) -> list[Text]:
        volume = balance.volume
        cells = [
            Text(printable(outlet_name(balance, self.lang)), style="" if balance.known else "yellow"),
            Text(f"{number(self.lang, volume.pieces)}/{number(self.lang, volume.raw)}"),
            Text(number(self.lang, volume.per_month, 1)),
        ]
        for trend in (balance.previous, balance.year_before) if trends else ():
            cells.append(Text(ratio_text(trend.pieces if trend else None, self.lang)))  # noqa: PERF401 - reads better
        cells += [self._theme(balance, theme) for theme in balance.themes]
        return [*cells, Text(evenness_text(balance.evenness, self.lang)), Text(self._duties(balance.duties))]

    def _theme(self, balance: OutletBalance, theme: ThemeBalance) -> Text:
        shown = number(self.lang, theme.covered if balance.weight == "pieces" else 100 * theme.share)
        return Text(shown, style="" if theme.meets_quota else "red")

    @staticmethod
    def _duties(duties: Sequence[DutyResult]) -> str:
        judged = [duty for duty in duties if duty.status in ("met", "missed")]
        return f"{sum(duty.status == 'met' for duty in judged)}/{len(judged)}" if judged else "–"

    def _outlet(self, balance: OutletBalance) -> None:
        lang = self.lang
        kind = say(lang, f"kind_{balance.kind or 'unknown'}")
        name = outlet_name(balance, lang)
        self.console.print()
        self._line(name if balance.outlet == PROVINCE else say(lang, "score_outlet", name=name, kind=kind), "bold")
        for line in self._remarks(balance):
            self._line(line, indent=2)
        for duty in balance.duties:
            self._duty(duty)
        for gap in gap_texts(balance, self.pack, lang):
            self._line(gap, "yellow", indent=2, mark="▸ ")

    def _remarks(self, balance: OutletBalance) -> Iterable[str]:
        lang, volume = self.lang, balance.volume
        counts = {name: number(lang, getattr(volume, name)) for name in ("raw", "pieces", "checked", "words")}
        yield say(lang, "score_volume", **counts)
        if volume.broadcasts:
            minutes = number(lang, volume.minutes_on_air, 1)
            yield say(lang, "score_airtime", broadcasts=number(lang, volume.broadcasts), minutes=minutes)
        yield from (self._trend(trend) for trend in (balance.previous, balance.year_before) if trend)
        months = [month for month in balance.months if balance.period.span != "month"]
        by_month = ", ".join(f"{month.month.start:%m/%Y}: {number(lang, month.pieces)}" for month in months)
        if by_month:
            yield say(lang, "score_months", months=by_month)
        for message, count in (
            ("score_elsewhere", volume.first_elsewhere),
            ("score_by_human", volume.by_human),
            ("score_estimated", volume.estimated),
            ("score_undated", balance.undated),
        ):
            if count:
                yield say(lang, message, count=number(lang, count))
        if balance.unweighted:
            weight = say(lang, f"weight_{balance.weight}")
            yield say(lang, "score_unweighted", count=number(lang, balance.unweighted), weight=weight)
        if key_places := balance.places.key:
            named = [place_name(place, self.pack) for place in balance.places.key_named]
            names = f" ({', '.join(named)})" if named else ""
            yield say(lang, "score_places", named=len(named), total=len(key_places), names=names)

    def _trend(self, trend: Trend) -> str:
        def plain(ratio: float | None) -> str:
            return "–" if ratio is None else f"×{number(self.lang, ratio, 2)}"

        return say(
            self.lang,
            "score_trend",
            period=lowered(period_name(trend.period, self.lang)),
            pieces=ratio_text(trend.pieces, self.lang),
            broadcasts=ratio_text(trend.broadcasts, self.lang) if trend.volume.broadcasts else "–",
            words=plain(trend.words),
            minutes=plain(trend.minutes),
        )

    def _duty(self, result: DutyResult) -> None:
        duty = next(duty for duty in self.pack.about.duties if duty.id == result.duty)
        status = say(self.lang, f"duty_{result.status}")
        title = getattr(duty.title, self.lang)
        line = say(self.lang, "duty_line", title=title, paragraph=duty.paragraph, status=status)
        self._line(line, DUTY_STYLES.get(result.status, "dim"), indent=2, mark="• ")

    def _closing(self, silent: Sequence[OutletBalance], first: OutletBalance) -> None:
        if silent or not first.within_validity:
            self.console.print()
        if silent:
            names = ", ".join(outlet_name(balance, self.lang) for balance in silent[:NAMES_SHOWN])
            more = "…" if len(silent) > NAMES_SHOWN else ""
            self._line(say(self.lang, "score_silent", count=number(self.lang, len(silent)), names=names + more))
        if not first.within_validity:
            valid = self.pack.about.valid
            self._line(say(self.lang, "score_outside_validity", start=str(valid.start), end=str(valid.end)), "yellow")


def _has_something(balance: OutletBalance) -> bool:
    return bool(balance.volume.checked or balance.undated)
