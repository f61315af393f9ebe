"""Tables: which column holds what, where each row stands, and what is said of rows that hold nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from legacy_writers import cp1258, tcvn3, vni

from mbncheck import Article, Rejected
from mbncheck.read import tables
from mbncheck.read.files import ReadOptions, articles_of
from mbncheck.read.refusals import Refused
from mbncheck.read.rows import articles_in_table, field_of
from mbncheck.read.source import Source

TEXT = "Nạn mua bán người."


def read(path: Path, raw: bytes, **limits: Any) -> list[Article | Rejected]:
    """All that a file with this content gives."""
    path.write_bytes(raw)
    return list(articles_of(str(path), ReadOptions(**limits)))


def reasons(found: list[Article | Rejected]) -> list[str]:
    """Why parts were rejected, each after its place."""
    return [f"{one.origin}: {one.reason_en}" for one in found if isinstance(one, Rejected)]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Nội dung", "text"),
        ("NỘI DUNG", "text"),
        ("noi_dung", "text"),
        ("No\u0323\u0302i dung ", "text"),
        ("Content", "text"),
        ("Tiêu đề", "title"),
        ("Tít", "title"),
        ("Sapo", "lead"),
        ("Mã bài", "id"),
        ("Ghi chú", None),
        ("", None),
    ],
)
def test_columns(column: str, field: str | None) -> None:
    """Columns are known by Vietnamese and English names, in any case, with marks or without."""
    assert field_of(column) == field


def test_headline_lead_and_text() -> None:
    """A row's text is its headline, lead and body as lines; what the body begins with anyway is not said twice."""
    rows: list[tuple[str, list[Any]]] = [
        ("1", ["Tiêu đề", "Sapo", "Nội dung"]),
        ("2", ["Tên bài", "Dẫn.", "Thân."]),
        ("3", ["Tên bài", None, "Tên bài\nThân."]),
        ("4", ["", "Dẫn.", "Dẫn.\nThân."]),
    ]
    found = list(articles_in_table(iter(rows), ReadOptions()))
    assert [one.text for one in found if isinstance(one, Article)] == [
        "Tên bài\nDẫn.\nThân.",
        "Tên bài\nThân.",
        "Dẫn.\nThân.",
    ]


def test_rows_without_text() -> None:
    """A row that says something but holds no text is rejected with its number; an empty row is passed over."""
    rows: list[tuple[str, list[Any]]] = [
        ("1", ["id", "text"]),
        ("2", ["a", TEXT]),
        ("3", ["b", ""]),
        ("4", [None, None]),
        ("5", ["c", TEXT]),
    ]
    found = list(articles_in_table(iter(rows), ReadOptions()))
    assert [one.origin for one in found] == ["2", "3", "5"]
    assert reasons(found) == ["3: there is no text in it"]


def test_no_known_column() -> None:
    """A table whose columns say nothing is rejected with the names that it has."""
    rows = [("1", ["Cột A", "Cột B"]), ("2", [TEXT, TEXT])]
    with pytest.raises(Refused, match=r"no column is known to hold the text .there are: Cột A, Cột B"):
        list(articles_in_table(iter(rows), ReadOptions()))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(tmp_path: Path, separator: str, encoding: str) -> None:
    """CSV is read with any separator and any mark; quoted line ends and separators stay in the text."""
    body = f'Dòng một{separator}vẫn thế\nDòng hai "trích".'
    quoted = '"' + body.replace('"', '""') + '"'
    raw = separator.join(("Tiêu đề", "Nội dung")) + "\r\n" + separator.join(("Bài", quoted)) + "\r\n"
    found = read(tmp_path / "a.csv", raw.encode(encoding))
    assert [(one.origin, one.text) for one in found if isinstance(one, Article)] == [("2", f"Bài\n{body}")]


def test_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is read block by block; every row is there, whole, and in order."""
    monkeypatch.setattr(tables, "BLOCK", 64)
    lines = [json.dumps({"text": f"Bài số {number}: {TEXT}"}, ensure_ascii=False) for number in range(50)]
    found = read(tmp_path / "a.jsonl", "\n".join(lines).encode())
    assert [one.text for one in found if isinstance(one, Article)] == [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize(("encoding", "write"), [("tcvn3", tcvn3), ("vni", vni), ("cp1258", cp1258)])
def test_an_old_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, write: Callable[[str], bytes]
) -> None:
    """A table in an old encoding is recognised, its column names too, and every row tells what it was read as."""
    monkeypatch.setattr(tables, "BLOCK", 200)
    rows = ["tiêu đề;nội dung", *(f"bài {number};{TEXT}" for number in range(20))]
    found = [one for one in read(tmp_path / "a.csv", write("\r\n".join(rows))) if isinstance(one, Article)]
    assert [one.text for one in found] == [f"bài {number}\n{TEXT}" for number in range(20)]
    assert {one.encoding for one in found} == {encoding}


def test_jsonl_goes_on(tmp_path: Path) -> None:
    """A wrong line is told with its number, and the next one is read; blank lines count."""
    raw = f'{{"text": "{TEXT}"}}\n\n[1]\n{{"title": "a"}}\n{"[" * 100_000}\n{{"text": "{TEXT}"}}'.encode()
    found = read(tmp_path / "a.jsonl", raw)
    assert [one.origin for one in found] == ["1", "3", "4", "5", "6"]
    assert reasons(found) == ["3: not a JSON object", "4: there is no text in it", "5: not a JSON object"]


def test_ids(tmp_path: Path) -> None:
    """A row's own id follows the path; one that comes twice gives way to the row's place."""
    raw = "".join(f'{{"id": "{own}", "text": "{TEXT}"}}\n' for own in ("a", "b", "a", "")).encode()
    path = tmp_path / "a.jsonl"
    found = [one.id for one in read(path, raw) if isinstance(one, Article)]
    assert found == [f"{path}#a", f"{path}#b", f"{path}#3", f"{path}#4"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_too_many_rows(tmp_path: Path, name: str) -> None:
    """Rows over the limit are told as one; those before are read."""
    raw = f'{{"text": "{TEXT}"}}\n' * 5 if name == "a.jsonl" else f"text\n{TEXT}\n" + f"{TEXT}\n" * 4
    found = read(tmp_path / name, raw.encode(), max_members=3)
    assert [type(one) for one in found] == [Article, Article, Article, Rejected]
    assert reasons(found) == [": more than 3 entries; the rest is not read"]


def workbook(**sheets: list[list[Any]]) -> Source:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return Source("a.xlsx", out, len(out.getvalue()))


def test_sheets() -> None:
    """Every sheet is read; one without texts is passed over where others have some, a heading above is no matter."""
    source = workbook(
        Bìa=[["Báo cáo quý"]], Tin=[["DANH SÁCH"], [], ["STT", "Nội dung"], [1, TEXT]], Bài=[["text"], [TEXT], [TEXT]]
    )
    found = list(tables.read_xlsx(source, ReadOptions()))
    assert [one.origin for one in found] == ["Tin!4", "Bài!2", "Bài!3"]


def test_no_sheet_with_texts() -> None:
    """A workbook without any text says what each of its sheets has."""
    found = list(tables.read_xlsx(workbook(A=[["x"]], B=[["y", "z"]]), ReadOptions()))
    assert reasons(found) == [
        "A: no column is known to hold the text (there are: x)",
        "B: no column is known to hold the text (there are: y, z)",
    ]
