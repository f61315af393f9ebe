"""Labels that people gave, recorded in a store as decisions that override the program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mbncheck.archive.reprints import mark_reprints
from mbncheck.archive.store import Store
from mbncheck.model import LEVELS
from mbncheck.read.labelled import read_labelled


@dataclass(frozen=True, slots=True)
class Recorded:
    """Pieces that were decided on, and how many of those the store does not hold (or holds with another text)."""

    pieces: int
    missing: int


def record_labels(labels: Iterable[str | Path], store: str | Path, *, by: str = "", on: date | None = None) -> Recorded:
    """Record the labels of JSONL files (``mbncheck.read.labelled.read_labelled``) as decisions.

    A label holds for the pieces of its id and text; for every piece of its text where it has no id. Reprints are
    found anew, since the scope of pieces may have changed. Raises ``EvaluationError`` or ``StoreError``.
    """
    missing = 0
    with Store.open(store) as held:
        records = read_labelled(labels, held.themes)
        for record in records:
            digest = hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).digest()
            held.decide(
                record.id or None,
                in_scope=bool(record.in_scope),
                levels={theme: LEVELS[level] for theme, level in record.themes.items()},
                text_hash=digest,
                by=by,
                on=on,
            )
            missing += not held.holds(record.id or None, digest)
        mark_reprints(held)
    return Recorded(len(records), missing)
