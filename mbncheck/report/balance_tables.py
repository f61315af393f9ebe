"""Scores for other programs: JSON, CSV, Parquet, Arrow, and a workbook.

The fields of a row are explained in ``docs/balance.md``. Text that a spreadsheet would run as a formula is defused.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import ceil
from typing import IO, Any, BinaryIO, TextIO

from mbncheck.balance.model import OutletBalance, Trend
from mbncheck.balance.periods import Period
from mbncheck.balance.rates import RateRatio
from mbncheck.errors import BalanceError
from mbncheck.locale import say
from mbncheck.pack.schema import Pack
from mbncheck.report.phrases import gap_texts, outlet_name, place_name

SCHEMA_VERSION = "1.0"
LINE = 15  # points that a line of a sheet is high
NARROWEST, WIDEST = 10, 70  # characters that a column is wide
ON_A_PAGE = 16  # columns that can still be read when printed across one page
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COUNTS = (
    "checked",
    "raw",
    "pieces",
    "first_elsewhere",
    "by_human",
    "per_month",
    "words",
    "minutes",
    "broadcasts",
    "minutes_on_air",
)


def balance_as_dict(balance: OutletBalance, pack: Pack) -> dict[str, Any]:
    """All that is known of one outlet as plain data; shares in [0, 1], scores in points, uncut."""
    data: dict[str, Any] = _plain(asdict(balance))
    data["completeness"] = balance.completeness
    for theme, entry in zip(balance.themes, data["themes"], strict=True):
        entry["meets_quota"] = theme.meets_quota
    data["places"] |= {"key_named": list(balance.places.key_named), "key_share": balance.places.key_share}
    duties = {duty.id: duty for duty in pack.about.duties}
    for entry in data["duties"]:
        duty = duties[entry["duty"]]
        entry |= {"title": duty.title.model_dump(), "paragraph": duty.paragraph, "quote": duty.quote}
    for gap, vi, en in zip(data["gaps"], gap_texts(balance, pack, "vi"), gap_texts(balance, pack, "en"), strict=True):
        gap["text"] = {"vi": vi, "en": en}
    return data


def _plain(value: Any) -> Any:
    """Periods as they are written, tuples as lists; ``asdict`` has made periods into pairs of days."""
    if isinstance(value, dict):
        if set(value) == {"start", "end"}:
            return str(Period(**value))
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def write_json(balances: Sequence[OutletBalance], pack: Pack, out: TextIO) -> None:
    """One document with every outlet."""
    document = {"schema": SCHEMA_VERSION, "outlets": [balance_as_dict(balance, pack) for balance in balances]}
    json.dump(document, out, ensure_ascii=False, indent=2)
    out.write("\n")


def balance_rows(balances: Iterable[OutletBalance], pack: Pack, lang: str = "vi") -> list[dict[str, Any]]:
    """One flat row an outlet, the same fields in each; gaps and names in ``lang``."""
    return [_row(balance, pack, lang) for balance in balances]


def _row(balance: OutletBalance, pack: Pack, lang: str) -> dict[str, Any]:
    even = balance.evenness
    row: dict[str, Any] = {
        "outlet": balance.outlet,
        "name": outlet_name(balance, lang),
        "kind": balance.kind,
        "known": balance.known,
        "period": str(balance.period),
        "weight": balance.weight,
        **{name: getattr(balance.volume, name) for name in _COUNTS},
        "undated": balance.undated,
        "unweighted": balance.unweighted,
        **_trend("previous", balance.previous),
        **_trend("year_before", balance.year_before),
        "completeness": balance.completeness,
        "evenness": even.score if even else None,
        "evenness_low": even.low if even else None,
        "evenness_high": even.high if even else None,
        "too_few": even.too_few if even else None,
        "duties_met": sum(duty.status == "met" for duty in balance.duties),
        "duties_missed": sum(duty.status == "missed" for duty in balance.duties),
        "key_places": len(balance.places.key),
        "key_places_named": len(balance.places.key_named),
    }
    for theme in balance.themes:
        row |= {f"{theme.theme}_covered": theme.covered, f"{theme.theme}_share": theme.share}
    return row | {"gaps": " ".join(gap_texts(balance, pack, lang))}


def _trend(name: str, trend: Trend | None) -> dict[str, float | None]:
    ratio = trend.pieces if trend else RateRatio(None, 0.0, None)
    return {
        f"{name}_pieces": trend.volume.pieces if trend else None,
        f"{name}_ratio": ratio.ratio,
        f"{name}_low": ratio.low if trend else None,
        f"{name}_high": ratio.high,
    }


def write_csv(balances: Sequence[OutletBalance], pack: Pack, out: TextIO, lang: str = "vi") -> None:
    """The rows as CSV (RFC 4180, UTF-8); text that a spreadsheet would run begins with an apostrophe [OWASP]."""
    rows = balance_rows(balances, pack, lang)
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _defused(value) for name, value in row.items()} for row in rows)


def _defused(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def balance_table(balances: Sequence[OutletBalance], pack: Pack, lang: str = "vi") -> Any:
    """The rows as a ``pyarrow.Table``; ``.to_pandas()`` makes it a data frame."""
    pa = _library("pyarrow")
    rows = balance_rows(balances, pack, lang)
    kinds = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    schema = pa.schema([(name, kinds[_kind(name, rows)]) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)


def _kind(name: str, rows: Sequence[dict[str, Any]]) -> type:
    """The type of a column, also where all of it is empty."""
    if name == "kind":
        return str
    if name == "too_few":
        return bool
    if name.endswith("_pieces"):
        return int
    found = {type(row[name]) for row in rows} - {type(None)}
    return found.pop() if len(found) == 1 else float


def write_parquet(balances: Sequence[OutletBalance], pack: Pack, out: BinaryIO, lang: str = "vi") -> None:
    """The rows as Parquet."""
    _library("pyarrow.parquet").write_table(balance_table(balances, pack, lang), out)


def write_xlsx(balances: Sequence[OutletBalance], pack: Pack, out: IO[bytes], lang: str = "vi") -> None:
    """A workbook: summary, themes, duties, gaps; every text a text, never a formula or a link."""
    xlsxwriter = _library("xlsxwriter")
    quiet = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, quiet) as book:
        book.set_properties({"created": _the_beginning(balances)})  # the same scores give the same bytes
        sheets = _Sheets(book, lang)
        sheets.add("sheet_summary", [_for_people(row, lang) for row in balance_rows(balances, pack, lang)])
        sheets.add("sheet_themes", [row for balance in balances for row in _theme_rows(balance, pack, lang)])
        sheets.add("sheet_duties", [row for balance in balances for row in _duty_rows(balance, pack, lang)])
        sheets.add("sheet_gaps", [row for balance in balances for row in _gap_rows(balance, pack, lang)])
    out.write(buffer.getvalue())


Row = list[tuple[str, Any]]


def _for_people(row: dict[str, Any], lang: str) -> Row:
    """A row as people read it: kinds in words, scores cut at 0 and 100, none where there are too few pieces."""
    shown = {
        **row,
        "kind": say(lang, f"kind_{row['kind'] or 'unknown'}"),
        "weight": say(lang, f"weight_{row['weight']}"),
    }
    for name in ("evenness", "evenness_low", "evenness_high"):
        value = row[name]
        shown[name] = None if value is None or row["too_few"] else min(max(value, 0.0), 100.0)
    return list(shown.items())


class _Sheets:
    """Adds sheets of rows with a frozen, filtered head and columns as wide as what they hold."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE6F0"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.count = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.part = book.add_format({"num_format": "#,##0.00", "valign": "top"})

    def add(self, key: str, rows: Sequence[Row]) -> None:
        sheet = self.book.add_worksheet(say(self.lang, key))
        names = [name for name, _ in rows[0]] if rows else []
        widths = [self._width(row[column][1] for row in rows) for column in range(len(names))]
        sheet.set_row(0, LINE * 2)
        for column, name in enumerate(names):
            sheet.write_string(0, column, _field(name, self.lang), self.head)
            sheet.set_column(column, column, widths[column])
        for line, row in enumerate(rows, 1):
            wrapped = (ceil(len(str(value)) / width) for (_, value), width in zip(row, widths, strict=True))
            sheet.set_row(line, LINE * max(wrapped, default=1))
            for column, (_, value) in enumerate(row):
                self._cell(sheet, line, column, value)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        if len(names) <= ON_A_PAGE:
            sheet.fit_to_pages(1, 0)
        if names:
            sheet.autofilter(0, 0, len(rows), len(names) - 1)

    @staticmethod
    def _width(values: Iterable[Any]) -> int:
        longest = max((len(value) for value in values if isinstance(value, str)), default=0)
        return min(max(longest + 2, NARROWEST), WIDEST)

    def _cell(self, sheet: Any, line: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_string(line, column, say(self.lang, "yes" if value else "no"), self.text)
        elif isinstance(value, int | float):
            sheet.write_number(line, column, value, self.count if isinstance(value, int) else self.part)
        else:
            sheet.write_string(line, column, str(value), self.text)


def _field(name: str, lang: str) -> str:
    """The name of a column in words; those of single themes begin with the theme."""
    theme, _, measure = name.partition("_")
    if theme[1:].isdigit():
        return say(lang, f"field_theme_{measure}", theme=theme)
    return say(lang, f"field_{name}")


def _theme_rows(balance: OutletBalance, pack: Pack, lang: str) -> Iterable[Row]:
    titles = {theme.theme: getattr(theme.title, lang) for theme in pack.themes}
    for theme in balance.themes:
        yield [
            ("outlet", balance.outlet),
            ("name", outlet_name(balance, lang)),
            ("theme", theme.theme),
            ("title", titles[theme.theme]),
            ("covered", theme.covered),
            ("mentioned", theme.mentioned),
            ("share", theme.share),
            ("target", theme.target),
            ("quota", theme.quota),
            ("meets_quota", theme.meets_quota),
        ]


def _duty_rows(balance: OutletBalance, pack: Pack, lang: str) -> Iterable[Row]:
    duties = {duty.id: duty for duty in pack.about.duties}
    for result in balance.duties:
        duty = duties[result.duty]
        yield [
            ("outlet", balance.outlet),
            ("name", outlet_name(balance, lang)),
            ("duty", getattr(duty.title, lang)),
            ("paragraph", duty.paragraph),
            ("quote", duty.quote),
            ("status", say(lang, f"duty_{result.status}")),
            ("value", result.value),
            ("needed", result.needed),
            ("missed", ", ".join(map(str, result.missed))),
        ]


def _gap_rows(balance: OutletBalance, pack: Pack, lang: str) -> Iterable[Row]:
    for gap, text in zip(balance.gaps, gap_texts(balance, pack, lang), strict=True):
        yield [
            ("outlet", balance.outlet),
            ("name", outlet_name(balance, lang)),
            ("gap", text),
            ("themes", ", ".join(gap.themes)),
            ("places", ", ".join(place_name(place, pack) for place in gap.places)),
        ]


def _the_beginning(balances: Sequence[OutletBalance]) -> Any:
    from datetime import datetime, time

    return datetime.combine(balances[0].period.start, time())


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise BalanceError(
            f"Thiếu thư viện {name}; hãy cài: pip install 'mbncheck[balance]'.",
            f"The library {name} is missing; install: pip install 'mbncheck[balance]'.",
        ) from None
