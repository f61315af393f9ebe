"""Results as JSON, after the published schema ``docs/check-result.schema.json`` (its version in every result)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TextIO

from mbncheck.model import Article, CheckResult, Evidence, Note, PackReference, Rejected, ThemeResult

SCHEMA_VERSION = "1.1"

Outcome = tuple[Article, CheckResult] | Rejected


def result_as_dict(result: CheckResult, themes: Iterable[str] | None = None) -> dict[str, Any]:
    """``result`` as plain data; offsets count characters of the original text, half-open."""
    wanted = list(themes) if themes is not None else list(result.themes)
    return {
        "schema": SCHEMA_VERSION,
        "id": result.id,
        "outlet": result.outlet,
        "published": result.published.isoformat() if result.published else None,
        "length": result.length,
        "in_scope": result.in_scope,
        "scope_probability": result.scope_probability,
        "scope_evidence": [_evidence(item) for item in result.scope_evidence],
        "no_diacritics": result.no_diacritics,
        "notes": [note_as_dict(note) for note in result.notes],
        "themes": {theme: _theme(result.themes[theme]) for theme in wanted},
        "pack": {"id": result.pack.id, "version": result.pack.version, "hash": result.pack.hash},
        "model": result.model,
    }


def _theme(theme: ThemeResult) -> dict[str, Any]:
    return {
        "level": theme.level,
        "elements": list(theme.elements),
        "share": theme.share,
        "total": theme.total,
        "probability": theme.probability,
        "unsure": theme.unsure,
        "evidence": [_evidence(item) for item in theme.evidence],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "element": item.element,
        "start": item.start,
        "end": item.end,
        "text": item.text,
        "parts": [list(part) for part in item.parts],
        "sentence": list(item.sentence),
        "place": item.place,
        "line": item.line,
        "column": item.column,
        "worth": item.worth,
        "probability": item.probability,
        "speaker": item.speaker,
    }


def note_as_dict(note: Note) -> dict[str, Any]:
    """A note on the text itself, as plain data."""
    return {"code": note.code, "message": {"vi": note.message_vi, "en": note.message_en}}


def result_from_dict(data: Mapping[str, Any], text: str = "") -> CheckResult:
    """The result that ``result_as_dict`` gave ``data`` of; lists may have become tuples on the way.

    ``text``, the piece itself, is not in ``data``; without it the result has no ``to_doc``.
    Raises ValueError where ``data`` follows another version of the schema.
    """
    if data.get("schema") != SCHEMA_VERSION:
        raise ValueError(f"not a result of schema {SCHEMA_VERSION}: {data.get('schema')!r}")
    return CheckResult(
        id=data["id"],
        length=data["length"],
        in_scope=data["in_scope"],
        scope_probability=data["scope_probability"],
        scope_evidence=tuple(map(_evidence_from, data["scope_evidence"])),
        themes={theme: _theme_from(theme, found) for theme, found in data["themes"].items()},
        pack=PackReference(**data["pack"]),
        model=data["model"],
        no_diacritics=data["no_diacritics"],
        outlet=data["outlet"],
        published=date.fromisoformat(data["published"]) if data["published"] else None,
        notes=tuple(Note(note["code"], note["message"]["vi"], note["message"]["en"]) for note in data["notes"]),
        text=text,
    )


def _theme_from(theme: str, data: Mapping[str, Any]) -> ThemeResult:
    elements, evidence = tuple(data["elements"]), tuple(map(_evidence_from, data["evidence"]))
    return ThemeResult(**{**data, "theme": theme, "elements": elements, "evidence": evidence})


def _evidence_from(data: Mapping[str, Any]) -> Evidence:
    parts = tuple((start, end) for start, end in data["parts"])
    return Evidence(**{**data, "parts": parts, "sentence": tuple(data["sentence"])})


def rejected_as_dict(rejected: Rejected) -> dict[str, Any]:
    """A file that could not be read, as plain data."""
    return {
        "path": rejected.path,
        "origin": rejected.origin,
        "reason": {"vi": rejected.reason_vi, "en": rejected.reason_en},
        "remedy": {"vi": rejected.remedy_vi, "en": rejected.remedy_en},
    }


def write_json(
    outcomes: Iterable[Outcome],
    out: TextIO,
    themes: Iterable[str],
    *,
    lines: bool,
    warn: Callable[[Rejected], None],
) -> int:
    """Write one JSON document (``results``, ``rejected``), or with ``lines`` one result a line.

    Returns how many files were rejected.
    """
    wanted = tuple(themes)
    results: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            warn(outcome)
            entry = rejected_as_dict(outcome)
            rejected.append(entry)
            if lines:
                _dump({"rejected": entry}, out)
            continue
        record = result_as_dict(outcome[1], wanted)
        if lines:
            _dump(record, out)
        else:
            results.append(record)
    if not lines:
        document = {"schema": SCHEMA_VERSION, "results": results, "rejected": rejected}
        json.dump(document, out, ensure_ascii=False, indent=2)
        out.write("\n")
    return len(rejected)


def _dump(record: dict[str, Any], out: TextIO) -> None:
    out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
