"""Labelled texts from JSONL files: what a reader decided of each, and the corrections of editors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mbncheck.errors import EvaluationError

MAX_LINE = 5_000_000


class Labelled(BaseModel):
    """One text with what a reader decided; further fields of a record are passed over.

    ``themes`` maps themes to 0 absent, 1 mentioned, 2 covered; those left out are absent. ``evidence`` maps themes
    to the first words of the sentence that carries them. ``by`` and ``reason`` are an editor's (``mbncheck label``).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str = Field(min_length=1)
    in_scope: int = Field(ge=0, le=1)
    themes: dict[str, Annotated[int, Field(ge=0, le=2)]]
    id: str = ""
    stratum: str = ""
    evidence: dict[str, str] = {}
    elements: list[str] = []
    by: str = ""
    reason: str = ""


def read_labelled(paths: Iterable[str | Path], themes: Sequence[str]) -> list[Labelled]:
    """The records of JSONL files, in order; ``themes`` are the pack's.

    Of several corrections of one text the last counts. Raises ``EvaluationError`` naming file, line (blank
    lines count) and field, also where a record speaks of a theme that the pack does not have.
    """
    records = [record for path in paths for record in _records(path, themes)]
    if not records:
        raise EvaluationError("Không có bài đã gán nhãn nào.", "There are no labelled texts.")
    return list(_latest(records))


def _latest(records: Sequence[Labelled]) -> Iterator[Labelled]:
    last = {record.text: record for record in records if record.by}
    for record in records:
        if not record.by or record is last[record.text]:
            yield record


def _records(path: str | Path, themes: Sequence[str]) -> Iterator[Labelled]:
    try:
        with open(path, encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _record(path, number, line, themes)
    except (OSError, UnicodeDecodeError):
        raise EvaluationError(
            f"{path}: không đọc được tệp (cần JSONL, UTF-8).", f"{path}: cannot be read (JSONL in UTF-8 is needed)."
        ) from None


def _record(path: str | Path, number: int, line: str, themes: Sequence[str]) -> Labelled:
    try:
        if len(line) > MAX_LINE:
            raise ValueError("line too long")
        record = Labelled.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(map(str, problem["loc"])) or "JSON"
        raise _wrong(path, number, f"{where}: {problem['msg']}") from None
    except ValueError as error:
        raise _wrong(path, number, str(error)) from None
    for field in ("themes", "evidence"):
        unknown = [theme for theme in getattr(record, field) if theme not in themes]
        if unknown:
            known = ", ".join(themes)
            place = f"{field}.{unknown[0]}"
            raise EvaluationError(
                f"{path}, dòng {number} → {place}: bộ quy tắc không có chủ đề này; các chủ đề là: {known}.",
                f"{path}, line {number} → {place}: the pack has no such theme; the themes are {known}.",
            )
    return record.model_copy(update={"text": unicodedata.normalize("NFC", record.text)})


def _wrong(path: str | Path, number: int, problem: str) -> EvaluationError:
    return EvaluationError(f"{path}, dòng {number} → {problem}", f"{path}, line {number} → {problem}")
