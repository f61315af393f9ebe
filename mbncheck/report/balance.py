"""Scores as a table for people at a terminal, and the gaps of each outlet in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mbncheck.balance.model import PROVINCE, DutyResult, OutletBalance, ThemeBalance
from mbncheck.locale import number, printable, say
from mbncheck.pack.schema import Pack
from mbncheck.report.phrases import (
    evenness_text,
    gap_texts,
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

    def _line(self, text: str, style: str = "", indent: int = 0) -> None:
        self.console.print(Text(" " * indent + text, style=style))

    def _table(self, balances: Iterable[OutletBalance]) -> Table:
        table = Table(expand=self.console.is_terminal, pad_edge=False)
        table.add_column(say(self.lang, "col_outlet"), ratio=3, min_width=18)
        table.add_column(say(self.lang, "col_pieces"), justify="right", no_wrap=True)
        table.add_column(say(self.lang, "col_per_month"), justify="right", no_wrap=True)
        table.add_column(say(self.lang, "col_previous"), min_width=10)
        table.add_column(say(self.lang, "col_year_before"), min_width=10)
        for theme in self.pack.themes:
            table.add_column(theme.theme, justify="right", no_wrap=True)
        table.add_column(say(self.lang, "col_evenness"), min_width=10)
        table.add_column(say(self.lang, "col_duties"), justify="right", no_wrap=True)
        for balance in balances:
            if balance.outlet == PROVINCE:
                table.add_section()
            table.add_row(*self._row(balance), style="bold" if balance.outlet == PROVINCE else "")
        return table

    def _row(self, balance: OutletBalance) -> list[Text]:
        volume, previous, year = balance.volume, balance.previous, balance.year_before
        cells = [
            Text(printable(outlet_name(balance, self.lang)), style="" if balance.known else "yellow"),
            Text(f"{number(self.lang, volume.pieces)}/{number(self.lang, volume.raw)}"),
            Text(number(self.lang, volume.per_month, 1)),
            Text(ratio_text(previous.pieces if previous else None, self.lang)),
            Text(ratio_text(year.pieces if year else None, self.lang)),
        ]
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
        lang, volume = self.lang, balance.volume
        kind = say(lang, f"kind_{balance.kind or 'unknown'}")
        name = outlet_name(balance, lang)
        self.console.print()
        self._line(name if balance.outlet == PROVINCE else say(lang, "score_outlet", name=name, kind=kind), "bold")
        self._line(
            say(
                lang,
                "score_volume",
                raw=number(lang, volume.raw),
                pieces=number(lang, volume.pieces),
                elsewhere=number(lang, volume.first_elsewhere),
                checked=number(lang, volume.checked),
                words=number(lang, volume.words),
                broadcasts=number(lang, volume.broadcasts),
                minutes=number(lang, volume.minutes_on_air, 1),
            ),
            indent=2,
        )
        for line in self._remarks(balance):
            self._line(line, indent=2)
        for duty in balance.duties:
            self._duty(duty)
        for gap in gap_texts(balance, self.pack, lang):
            self._line(f"▸ {gap}", "yellow", indent=2)

    def _remarks(self, balance: OutletBalance) -> Iterable[str]:
        lang, volume = self.lang, balance.volume
        months = [month for month in balance.months if balance.period.span != "month"]
        counts = ", ".join(f"{month.month.start:%m/%Y}: {number(lang, month.pieces)}" for month in months)
        if counts:
            yield say(lang, "score_months", months=counts)
        for key, count in (
            ("score_by_human", volume.by_human),
            ("score_estimated", volume.estimated),
            ("score_undated", balance.undated),
        ):
            if count:
                yield say(lang, key, count=number(lang, count))
        if balance.unweighted:
            weight = say(lang, f"weight_{balance.weight}")
            yield say(lang, "score_unweighted", count=number(lang, balance.unweighted), weight=weight)
        key_places = balance.places.key
        if key_places:
            named = [place_name(place, self.pack) for place in balance.places.key_named]
            names = f" ({', '.join(named)})" if named else ""
            yield say(lang, "score_places", named=len(named), key=len(key_places), names=names)

    def _duty(self, result: DutyResult) -> None:
        duty = next(duty for duty in self.pack.about.duties if duty.id == result.duty)
        status = say(self.lang, f"duty_{result.status}")
        title = getattr(duty.title, self.lang)
        line = say(self.lang, "duty_line", title=title, paragraph=duty.paragraph, status=status)
        self._line(f"• {line}", DUTY_STYLES.get(result.status, "dim"), indent=2)

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
