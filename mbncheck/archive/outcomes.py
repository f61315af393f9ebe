"""What is kept of every entry of a file, as Arrow tables.

It is the one form that workers send, the store loads, and the parts of a cluster are written in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from mbncheck.model import Article, CheckResult, Evidence, Rejected
from mbncheck.text.normalise import normalise
from mbncheck.text.word_count import run_count, word_count

THEME = pa.struct(
    {
        "theme": pa.string(),
        "level": pa.string(),
        "elements": pa.list_(pa.string()),
        "share": pa.float64(),
        "total": pa.float64(),
        "probability": pa.float64(),
        "unsure": pa.bool_(),
    }
)
EVIDENCE = pa.struct(
    {
        "theme": pa.string(),
        "rule": pa.string(),
        "element": pa.string(),
        "start": pa.int64(),
        "end": pa.int64(),
        "text": pa.string(),
        "place": pa.string(),
        "line": pa.int64(),
        "column": pa.int64(),
        "worth": pa.float64(),
    }
)
ARTICLE = {
    "id": pa.string(),
    "origin": pa.string(),
    "text_hash": pa.binary(),
    "outlet": pa.string(),
    "published": pa.date32(),
    "title": pa.string(),
    "author": pa.string(),
    "medium": pa.string(),
    "genre": pa.string(),
    "column": pa.string(),
    "locality": pa.string(),
    "airtime": pa.float64(),
    "airtime_estimated": pa.bool_(),
    "length": pa.int64(),
    "words": pa.int64(),
    "in_scope": pa.bool_(),
    "scope_probability": pa.float64(),
    "no_diacritics": pa.bool_(),
    "places": pa.list_(pa.string()),
    "text": pa.string(),
}
REJECTED = {
    "reason_vi": pa.string(),
    "reason_en": pa.string(),
    "remedy_vi": pa.string(),
    "remedy_en": pa.string(),
}
SCHEMA = pa.schema(
    {
        "file": pa.int64(),
        "number": pa.int64(),
        **ARTICLE,
        **REJECTED,
        "themes": pa.list_(THEME),
        "evidence": pa.list_(EVIDENCE),
    }
)
_FLAT = [name for name in SCHEMA.names if name not in ("themes", "evidence")]


@dataclass
class Outcomes:
    """Gathers rows of ``SCHEMA``; a row holds either an article or why an entry was rejected."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    themes: list[list[dict[str, Any]]] = field(default_factory=list)
    evidence: list[list[dict[str, Any]]] = field(default_factory=list)
    in_scope: int = 0
    rejected: int = 0

    def add(self, file: int, number: int, article: Article, result: CheckResult, places: tuple[str, ...]) -> None:
        """The result of one article. Of its text, only a piece in scope leaves its shadow and its evidence."""
        encoded = article.text.encode("utf-8", "surrogatepass")
        self.rows.append(
            (
                file,
                number,
                _sound(article.id),
                _sound(article.origin),
                hashlib.sha256(encoded).digest(),
                _sound(article.outlet),
                article.published,
                _sound(article.title),
                _sound(article.author),
                _sound(article.medium),
                _sound(article.genre),
                _sound(article.column),
                _sound(article.locality),
                article.airtime,
                article.airtime_estimated,
                result.length,
                word_count(article.text, article.masked) if article.masked else run_count(encoded),
                result.in_scope,
                result.scope_probability,
                result.no_diacritics,
                places,
                _sound(normalise(article.text).text) if result.in_scope else None,
                None,
                None,
                None,
                None,
            )
        )
        self.in_scope += result.in_scope
        self.themes.append(list(_themes(result)))
        self.evidence.append(list(_evidence(result)) if result.in_scope else [])

    def reject(self, file: int, number: int, rejected: Rejected) -> None:
        """An entry, or the rest of a file, that could not be read."""
        reasons = (rejected.reason_vi, rejected.reason_en, rejected.remedy_vi, rejected.remedy_en)
        nothing = (None,) * (len(ARTICLE) - 2)
        self.rows.append((file, number, None, _sound(rejected.origin), *nothing, *map(_sound, reasons)))
        self.rejected += 1
        self.themes.append([])
        self.evidence.append([])

    def table(self) -> pa.Table:
        """All rows, in the order they came."""
        columns = zip(*self.rows, strict=True) if self.rows else ([] for _ in _FLAT)
        arrays = [pa.array(column, SCHEMA.field(name).type) for name, column in zip(_FLAT, columns, strict=True)]
        return pa.table([*arrays, _lists(self.themes, THEME), _lists(self.evidence, EVIDENCE)], schema=SCHEMA)


def _themes(result: CheckResult) -> Iterator[dict[str, Any]]:
    for theme in result.themes.values():
        if theme.evidence or theme.probability is not None:
            yield {
                "theme": theme.theme,
                "level": theme.level,
                "elements": theme.elements,
                "share": theme.share,
                "total": theme.total,
                "probability": theme.probability,
                "unsure": theme.unsure,
            }


def _evidence(result: CheckResult) -> Iterator[dict[str, Any]]:
    yield from (_evidence_row(None, item) for item in result.scope_evidence)
    for theme in result.themes.values():
        yield from (_evidence_row(theme.theme, item) for item in theme.evidence)


def _evidence_row(theme: str | None, item: Evidence) -> dict[str, Any]:
    return {
        "theme": theme,
        "rule": item.rule,
        "element": item.element,
        "start": item.start,
        "end": item.end,
        "text": _sound(item.text),
        "place": item.place,
        "line": item.line,
        "column": item.column,
        "worth": item.worth,
    }


def _lists(rows: list[list[dict[str, Any]]], of: pa.DataType) -> pa.ListArray:
    """Lists of structs; nearly all are empty, which Arrow's own conversion is slow at."""
    offsets = np.zeros(len(rows) + 1, np.int32)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, pa.array([item for row in rows for item in row], of))


def _sound(text: str | None) -> str | None:
    """``text`` as UTF-8 can hold it: a lone surrogate becomes a question mark."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
