"""Tables of many articles: CSV, TSV, JSON lines, Excel, Parquet; and plain JSON lines for labelled texts."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import IO, Any, BinaryIO

from mbncheck.errors import ReadError
from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.options import ReadOptions
from mbncheck.read.packages import check_entities, opened
from mbncheck.read.rows import article_of_record, articles_in_table
from mbncheck.read.source import Source, decoded
from mbncheck.text.encodings import Decoded

BLOCK = 16_000_000  # bytes decoded at a time
BUFFER = 1_000_000  # bytes of a Parquet file
ROWS_AT_A_TIME = 256
MAX_LINE = 20_000_000


def read_records(path: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, one by one.

    Raises ``ReadError`` naming file and line (blank lines count).
    """
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _record(path, number, line)
    except (OSError, EOFError, UnicodeDecodeError):
        raise ReadError(
            f"{path}: không đọc được (cần JSONL, UTF-8).", f"{path}: cannot be read (JSONL in UTF-8 is needed)."
        ) from None


def read_texts(paths: Iterable[str]) -> Iterator[str]:
    """The ``text`` of every record of every file."""
    for path in paths:
        for record in read_records(path):
            text = record.get("text")
            if isinstance(text, str):
                yield text


def _opened(path: str) -> IO[str]:
    if path.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return open(path, encoding="utf-8-sig")


def _record(path: str, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ReadError(
            f"{path}, dòng {number}: không phải một đối tượng JSON.", f"{path}, line {number}: not a JSON object."
        )
    return record


def read_csv(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every row of a CSV file, whatever separates its columns."""
    yield from _read_separated(source, options, ",;\t|")


def read_tsv(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every row of a file with tabs between its columns."""
    yield from _read_separated(source, options, "\t")


def _read_separated(source: Source, options: ReadOptions, separators: str) -> Iterator[Article | Rejected]:
    lines = DecodedLines(source, options)
    rest = iter(lines)
    first = next(rest, "")
    separator = max(separators, key=first.count)
    csv.field_size_limit(options.max_bytes)
    rows = csv.reader(chain([first], rest), delimiter=separator)
    try:
        for found in articles_in_table(((str(number), cells) for number, cells in enumerate(rows, 1)), options):
            yield lines.marked(found)
    except csv.Error:
        raise refusals.damaged("CSV", "CSV") from None


def read_jsonl(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every object of a JSON lines file; a line that is none is told, and the next one read."""
    lines = DecodedLines(source, options)
    for number, line in enumerate(lines, 1):
        if number > options.max_members:
            raise refusals.too_many_members(options.max_members)
        if line.strip():
            yield lines.marked(_article_of_line(line, str(number), options))


def _article_of_line(line: str, origin: str, options: ReadOptions) -> Article | Rejected:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if isinstance(record, dict):
        return article_of_record(record, origin, options)
    return refusals.Refused(
        "không phải một đối tượng JSON", "not a JSON object", "hãy sửa dòng này", "mend this line", origin
    ).rejected()


class DecodedLines:
    """The lines of a text of any size, with their ends; no more than a block is held at a time.

    UTF-8 is decoded line by line, so that a line that was misread is mended alone; any other encoding is recognised by
    the first block that is not UTF-8. Iterating raises ``Refused`` where a line is longer than an article may be, or
    the bytes are no text.
    """

    def __init__(self, source: Source, options: ReadOptions) -> None:
        if source.size > options.max_archive_bytes:
            raise refusals.too_large(options.max_archive_bytes)
        self._source = source
        self._options = options
        self._pieces: list[Decoded] = []

    def __iter__(self) -> Iterator[str]:
        if self._source.head().startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from _utf_16_lines(self._source, self._options)
            return
        options = self._options
        for block in _blocks(self._source.stream, options.max_bytes):
            if not options.encoding and _is_utf_8(block):
                for raw in io.BytesIO(block):
                    yield self._piece(raw, options).text
                continue
            found = self._piece(block, options)
            if not options.encoding and not found.encoding.startswith("utf-8"):
                options = replace(options, encoding=found.encoding)
            for line in io.StringIO(found.text, newline=""):
                self._pieces = [found]
                yield line

    def _piece(self, raw: bytes, options: ReadOptions) -> Decoded:
        found = decoded(raw, options)
        self._pieces.append(found)
        return found

    def marked(self, found: Article | Rejected) -> Article | Rejected:
        """``found``, made of the lines since the last call, with what these were read as."""
        pieces, self._pieces = self._pieces or [Decoded("", "utf-16")], []
        if isinstance(found, Rejected):
            return found
        notes = tuple(dict.fromkeys(note for piece in pieces for note in piece.notes))
        return replace(found, encoding=pieces[-1].encoding, confidence=min(p.confidence for p in pieces), notes=notes)


def _is_utf_8(block: bytes) -> bool:
    try:
        block.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return b"\0" not in block


def _blocks(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """Whole lines, about a block of them at a time."""
    while block := stream.read(BLOCK):
        if not block.endswith(b"\n"):
            block += stream.readline(limit)
        last = len(block) - block.rfind(b"\n", 0, -1) - 1
        if last > limit:
            raise refusals.too_large(limit)
        yield block


def _utf_16_lines(source: Source, options: ReadOptions) -> Iterator[str]:
    lines = io.TextIOWrapper(source.stream, encoding="utf-16", newline="")
    try:
        while line := lines.readline(options.max_bytes):
            if len(line) >= options.max_bytes:
                raise refusals.too_large(options.max_bytes)
            yield line
    except UnicodeError:
        raise refusals.binary() from None
    finally:
        lines.detach()


def read_xlsx(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every row of every sheet of a workbook; a sheet without texts is passed over where another has some."""
    with opened(source, options) as packed:
        check_entities(packed, (name for name in packed.namelist() if name.endswith(".xml")))
    from openpyxl import load_workbook

    workbook = load_workbook(source.stream, read_only=True, data_only=True, keep_links=False)
    refused: list[refusals.Refused] = []
    for sheet in workbook.worksheets:
        try:
            yield from articles_in_table(_rows(sheet), options)
        except refusals.Refused as refusal:
            refusal.origin = sheet.title
            refused.append(refusal)
    if len(refused) == len(workbook.worksheets):
        yield from (refusal.rejected() for refusal in refused)


def _rows(sheet: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield f"{sheet.title}!{number}", cells


def read_parquet(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every row of a Parquet file."""
    if source.size > options.max_archive_bytes:
        raise refusals.too_large(options.max_archive_bytes)
    yield from articles_in_table(_parquet_rows(source.stream), options)


def _parquet_rows(stream: BinaryIO) -> Iterator[tuple[str, Sequence[Any]]]:
    from pyarrow import parquet

    table = parquet.ParquetFile(stream, memory_map=False, buffer_size=BUFFER)
    yield "0", table.schema_arrow.names
    number = 0
    for batch in table.iter_batches(batch_size=ROWS_AT_A_TIME, use_threads=False):
        for row in batch.to_pylist():
            number += 1
            yield str(number), list(row.values())
