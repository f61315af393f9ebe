"""Texts from JSONL files: one object a line with a ``text`` field; ``.gz`` is unpacked on the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from mbncheck.errors import ReadError

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
