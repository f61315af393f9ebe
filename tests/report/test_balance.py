"""Scores shown and written: the table and its words, JSON, CSV, Parquet, and a workbook that runs nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from made_pieces import a_quarter

from mbncheck import OutletBalance, Pack, score
from mbncheck.balance.evenness import Evenness
from mbncheck.balance.periods import parse_period
from mbncheck.balance.rates import RateRatio
from mbncheck.report import balance_tables, phrases
from mbncheck.report.balance import BalanceReport

GOLDEN = ROOT / "tests" / "golden"
EVIL = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def balances(real_pack: Pack) -> list[OutletBalance]:
    """The made quarter, scored by the shipped pack."""
    return score(a_quarter(), "2020-Q3", real_pack)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text(balances: list[OutletBalance], real_pack: Pack, lang: str) -> None:
    """The table and the words are those of the golden file, to the letter; no line is wider than 120."""
    out = io.StringIO()
    BalanceReport(real_pack, lang, color=False, file=out).show(balances)
    shown = "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
    assert shown == (GOLDEN / f"balance.{lang}.txt").read_text(encoding="utf-8")
    assert max(map(len, shown.splitlines())) <= 120


def test_json(balances: list[OutletBalance], real_pack: Pack) -> None:
    """The document is that of the golden file; the pack's hash, which every edit changes, and last digits aside."""
    out = io.StringIO()
    chosen = [balance for balance in balances if balance.outlet in ("bao-dak-nong", "?", "province")]
    balance_tables.write_json(chosen, real_pack, out)
    document = json.loads(out.getvalue(), parse_float=lambda digits: round(float(digits), 3))
    for outlet in document["outlets"]:
        assert outlet["pack"].pop("hash") == real_pack.hash
    assert document == json.loads((GOLDEN / "balance.json").read_text(encoding="utf-8"))


def test_csv(balances: list[OutletBalance], real_pack: Pack) -> None:
    """One row an outlet, the same fields in each; a name that a spreadsheet would run is defused."""
    out = io.StringIO()
    balance_tables.write_csv(balances, real_pack, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == len(balances)
    names = [row["name"] for row in rows]
    assert f"'{EVIL}" in names
    assert not any(value.startswith(("=", "+", "@", "\t")) for row in rows for value in row.values())
    (paper,) = [row for row in rows if row["outlet"] == "bao-dak-nong"]
    assert (paper["raw"], paper["T4_covered"], paper["previous_ratio"]) == ("5", "3", "4.0")
    assert "Tháng 8/2020" in paper["gaps"]


def test_parquet(balances: list[OutletBalance], real_pack: Pack) -> None:
    """Types hold where a column is empty, and the same scores give the same bytes."""
    first, again = io.BytesIO(), io.BytesIO()
    balance_tables.write_parquet(balances, real_pack, first)
    balance_tables.write_parquet(balances, real_pack, again)
    assert first.getvalue() == again.getvalue()
    table = pq.read_table(io.BytesIO(first.getvalue()))
    assert table.num_rows == len(balances)
    assert str(table.schema.field("year_before_ratio").type) == "double"
    assert str(table.schema.field("year_before_pieces").type) == "int64"
    assert table.to_pandas().set_index("outlet").loc["province", "raw"] == 10


def test_workbook(balances: list[OutletBalance], real_pack: Pack, tmp_path: Path) -> None:
    """Four sheets in words; texts stay texts: no formula, no link; the same scores give the same bytes."""
    first, again = io.BytesIO(), io.BytesIO()
    balance_tables.write_xlsx(balances, real_pack, first)
    balance_tables.write_xlsx(balances, real_pack, again)
    assert first.getvalue() == again.getvalue()
    path = tmp_path / "balance.xlsx"
    path.write_bytes(first.getvalue())
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Tổng hợp", "Chủ đề", "Nhiệm vụ", "Chỗ trống"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert not any(cell.hyperlink for cell in cells)
    assert EVIL in {cell.value for cell in cells}
    summary = book["Tổng hợp"]
    head = [cell.value for cell in summary[1]]
    assert head[:3] == ["Mã", "Cơ quan", "Loại"]
    rows = {row[0]: dict(zip(head, row, strict=True)) for row in summary.iter_rows(min_row=2, values_only=True)}
    assert rows["bao-dak-nong"]["Bài trong phạm vi"] == 5
    assert (rows["bao-dak-nong"]["Loại"], rows["bao-dak-nong"]["Điểm cân đối"]) == ("báo chí", None)  # too few pieces
    assert 0 <= rows["province"]["Điểm cân đối"] <= 100
    assert rows["bao-dak-nong"]["T4: bài nêu rõ"] == 3
    assert book["Chủ đề"].max_row == 1 + 7 * len(balances)


def test_nothing_to_write(real_pack: Pack) -> None:
    """Scores without a gap or duty still make a workbook."""
    bare = real_pack.model_copy(update={"about": real_pack.about.model_copy(update={"duties": ()}), "outlets": None})
    out = io.BytesIO()
    balance_tables.write_xlsx(score([], "2020-Q3", bare), bare, out)
    assert openpyxl.load_workbook(io.BytesIO(out.getvalue()))["Nhiệm vụ"].max_row == 1


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2020-Q4", "Quý IV/2020", "Quarter 4/2020"),
        ("2020-H1", "6 tháng đầu năm 2020", "First half of 2020"),
        ("2020-H2", "6 tháng cuối năm 2020", "Second half of 2020"),
        ("2020", "Năm 2020", "2020"),
        ("2020-02", "Tháng 2/2020", "2020-02"),
        ("2020-01-05..2020-02-10", "Từ 05/01/2020 đến 10/02/2020", "2020-01-05 to 2020-02-10"),
    ],
)
def test_periods_in_words(period: str, vi: str, en: str) -> None:
    """Periods as each language says them."""
    assert phrases.period_name(parse_period(period), "vi") == vi
    assert phrases.period_name(parse_period(period), "en") == en


def test_only_what_is_shown_is_cut() -> None:
    """A score above 100 is shown as 100; too few pieces show no figure."""
    evenness = Evenness(0.01, 0.1, 108.2, 88.4, 100.0, 50, too_few=False)
    assert phrases.evenness_text(evenness, "vi") == "100 (88–100)"
    assert phrases.evenness_text(Evenness(0.3, 0.3, 99.0, 20.0, 100.0, 4, too_few=True), "vi") == "quá ít bài"
    assert phrases.evenness_text(None, "vi") == "–"


def test_ratios_in_words() -> None:
    """Ratios with their interval; without an upper bound, without anything then, without data."""
    assert phrases.ratio_text(RateRatio(0.5, 0.25, 1.0), "vi") == "×0,50 (0,25–1,00)"
    assert phrases.ratio_text(RateRatio(2.0, 0.5, None), "en") == "×2.00 (0.50–∞)"
    assert phrases.ratio_text(RateRatio(None, 0.5, None), "vi") == "kỳ trước không có"
    assert phrases.ratio_text(None, "vi") == "–"


def test_lists_in_words() -> None:
    """Parts that hold commas are set apart by semicolons."""
    assert phrases.listed(["A", "B", "C"], "vi") == "A, B và C"
    assert phrases.listed(["A, B", "C"], "vi") == "A, B; C"
    assert phrases.listed([], "vi") == ""
