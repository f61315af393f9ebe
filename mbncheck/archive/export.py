"""A store's content as JSONL or Parquet: the same content gives the same bytes, whoever made it and however.

One record an entry, by path and position: an article with its themes and evidence, or why it was rejected. Numbers
of files, times, runs and texts stay in the store.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Literal

import pyarrow.parquet as pq

from mbncheck.archive.failures import unwritten_file
from mbncheck.archive.queries import EXPORT
from mbncheck.archive.store import Store

Format = Literal["jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("jsonl", "parquet")


def export_jsonl(store: Store, out: IO[str]) -> int:
    """Write one JSON object a line, without fields that are null; returns how many. Raises ``StoreError``."""
    count = 0
    for batch in store.arrow(EXPORT):
        for record in batch.to_pylist():
            known = {name: value for name, value in record.items() if value is not None}
            out.write(json.dumps(known, ensure_ascii=False, default=str, separators=(",", ":")) + "\n")
            count += 1
    return count


def export_parquet(store: Store, path: str | Path) -> int:
    """Write a Parquet file; returns how many records. Raises ``StoreError``."""
    count = 0
    reader = store.arrow(EXPORT)
    try:
        with pq.ParquetWriter(path, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
                count += batch.num_rows
    except OSError as error:
        raise unwritten_file(path, error) from None
    return count
