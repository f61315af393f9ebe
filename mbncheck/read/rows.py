"""From the rows of a table to articles: which column holds what, whatever kind of file the table is in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.metadata import described, renamed
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import facts_of, joined, with_headline

HEADER_WITHIN = 20  # rows in which the names of the columns are looked for: exports often begin with a heading
_NAMES = {
    "text": "text, body, content, fulltext, article, noi dung, noi dung bai viet, noi dung tin bai, toan van, bai viet,"
    " van ban, noi dung chi tiet, body text, article text",
    "lead": "lead, sapo, summary, description, tom tat, mo ta, dan nhap, chapeau, loi dan bai, trich yeu",
    "title": "title, headline, tieu de, tua de, dau de, tit, ten bai, ten bai viet, ten tin bai, nhan de",
    "id": "id, ma bai, ma tin, article id, ma so",
}
_COLUMN = {name.strip(): field for field, names in _NAMES.items() for name in names.split(",")}


@lru_cache(maxsize=1024)
def field_of(column: object) -> str | None:
    """Which of ``text``, ``lead``, ``title``, ``id`` a column holds, by its Vietnamese or English name."""
    return _COLUMN.get(_plain(str(column)))


def articles_in_table(rows: Iterable[tuple[str, Sequence[Any]]], options: ReadOptions) -> Iterator[Article | Rejected]:
    """One article a row; ``rows`` are (origin, cells), the column names in one of the first.

    Raises ``Refused`` where no column is known to hold the text.
    """
    numbered = iter(rows)
    columns = _columns(numbered, options)
    for number, (origin, cells) in enumerate(numbered, 1):
        if number > options.max_members:
            raise refusals.too_many_members(options.max_members)
        record = dict(zip(columns, cells, strict=False))
        if any(cell not in (None, "") for cell in cells):
            yield article_of_record(record, origin, options)


def article_of_record(record: Mapping[str, Any], origin: str, options: ReadOptions) -> Article | Rejected:
    """The article of one row or object: headline, lead and text as lines, the rest as facts."""
    parts: dict[str, str] = {}
    record = renamed(record, options.columns) if options.columns else record
    for column, value in record.items():
        field = field_of(column)
        if field and field not in parts and isinstance(value, str | int) and str(value).strip():
            parts[field] = str(value).replace("\r\n", "\n").strip()
    if "text" not in parts:
        return refusals.no_text(origin).rejected()
    lead = parts.get("lead", "")
    body = parts["text"] if parts["text"].startswith(lead) else joined(lead, parts["text"])
    facts = facts_of(pair for pair in record.items() if field_of(pair[0]) not in ("text", "lead"))
    if "title" in parts:
        facts["title"] = parts["title"]
    article = Article(with_headline(parts.get("title"), body), id=parts.get("id", ""), origin=origin)
    return described(article, facts, "column")


def _columns(rows: Iterator[tuple[str, Sequence[Any]]], options: ReadOptions) -> list[str]:
    first: list[str] = []
    for _, (_, cells) in zip(range(HEADER_WITHIN), rows, strict=False):
        names = ["" if cell is None else str(cell).strip() for cell in cells]
        first = first or [name for name in names if name]
        if any(field_of(name) == "text" for name in renamed(dict.fromkeys(names), options.columns)):
            return names
    shown = ", ".join(first[:12])
    raise refusals.Refused(
        f"không cột nào được nhận là nội dung bài (có: {shown})",
        f"no column is known to hold the text (there are: {shown})",
        "hãy đặt tên cột nội dung là “Nội dung” hoặc text",
        'name the column of the texts "Nội dung" or text',
    )


def _plain(name: str) -> str:
    """A column's name in small letters without marks: "Nội_dung " is "noi dung"."""
    spread = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(char if char.isalnum() else " " for char in spread if unicodedata.category(char) != "Mn")
    return " ".join(letters.split())
