"""An editor's decision on a piece, and its record among labelled texts.

A record holds what ``evaluate`` and ``train`` read (text, scope, themes), what the program had said, and who decided
otherwise, when and why. It holds the whole text of the piece, since both need it: keep the file where the
pieces are kept.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from mbncheck.errors import EvaluationError
from mbncheck.locale import LANGUAGES, say
from mbncheck.model import LEVELS, Article, CheckResult

STRATUM = "correction"
MAX_JSON = 50_000_000  # characters

_LEVELS = {str(number): number for number in range(len(LEVELS))} | {
    word: number
    for number, level in enumerate(LEVELS)
    for word in (level, *(say(lang, level).casefold() for lang in LANGUAGES))
}


def level_of(word: object) -> int:
    """A level as people write it: 0, 1, 2, absent, mentioned, covered, or the Vietnamese words.

    Raises ValueError for anything else.
    """
    key = unicodedata.normalize("NFC", str(word)).strip().casefold()
    if isinstance(word, bool) or key not in _LEVELS:
        raise ValueError(f"{word}: 0, 1, 2, {', '.join(LEVELS)}")
    return _LEVELS[key]


class Decision(BaseModel):
    """What an editor decided of one piece, named by its file (``article``) or given by its ``text``.

    What is not decided stays as the program has it: ``in_scope`` where None, and themes that are not in ``themes``
    (theme -> 0 absent, 1 mentioned, 2 covered). ``evidence``: theme -> words of the sentence that carries it.
    ``length``: characters of the text that was decided on, where known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: str = ""
    text: str = ""
    id: str = ""
    in_scope: bool | None = None
    themes: dict[str, Annotated[int, BeforeValidator(level_of)]] = {}
    evidence: dict[str, str] = {}
    reason: str = ""
    by: str = ""
    length: int | None = None


class _Theme(BaseModel):
    level: Annotated[int, BeforeValidator(level_of)]


class _Result(BaseModel):
    """The part of a check result that an editor may have edited."""

    id: str
    length: int
    in_scope: bool
    themes: dict[str, _Theme]

    def decision(self) -> Decision:
        themes = {theme: found.level for theme, found in self.themes.items()}
        return Decision(article=self.id, in_scope=self.in_scope, themes=themes, length=self.length)


def decisions_from_json(raw: str) -> list[Decision]:
    """The decisions in a JSON document: one, a list of them, or the output of
    ``mbncheck check --format json`` (or ``jsonl``).

    Raises ``EvaluationError`` naming the place in the document.
    """
    try:
        if len(raw) > MAX_JSON:
            raise ValueError(f"> {MAX_JSON} characters")
        decisions = [decision for item in _items(raw) for decision in _decisions(item)]
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise EvaluationError(f"JSON → {place}: {problem['msg']}", f"JSON → {place}: {problem['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"Không phải JSON hợp lệ: {error}", f"Not valid JSON: {error}") from None
    _hold(bool(decisions), "JSON không có quyết định nào.", "The JSON holds no decision.")
    return decisions


def _items(raw: str) -> list[Any]:
    """What a document holds, or the lines of one in JSONL."""
    try:
        data = json.loads(raw)
    except ValueError:
        data = [json.loads(line) for line in raw.splitlines() if line.strip()]
    return data if isinstance(data, list) else [data]


def _decisions(item: Any) -> list[Decision]:
    if isinstance(item, dict) and "schema" in item:
        results = TypeAdapter(list[_Result]).validate_python(item.get("results", [item]))
        return [result.decision() for result in results]
    return [Decision.model_validate(item)]


def record_of(article: Article, result: CheckResult, decision: Decision, today: date) -> dict[str, Any]:
    """The record of a decision on ``article``, of which the program says ``result``.

    Raises ``EvaluationError`` where the decision contradicts itself, the pack or the text, or lacks reason or name.
    """
    _hold(decision.reason.strip() != "", "Cần nêu lý do (--reason).", "A reason is needed (--reason).")
    _hold(decision.by.strip() != "", "Cần ghi tên người quyết định (--by).", "Who decides is needed (--by).")
    _hold(
        decision.length in (None, len(article.text)),
        f"{article.id}: bài đã khác so với lúc kiểm tra; hãy kiểm tra lại.",
        f"{article.id}: the text has changed since it was checked; check it again.",
    )
    for theme in (*decision.themes, *decision.evidence):
        _hold(
            theme in result.themes,
            say("vi", "unknown_theme", theme=theme, themes=", ".join(result.themes)),
            say("en", "unknown_theme", theme=theme, themes=", ".join(result.themes)),
        )
    in_scope = result.in_scope if decision.in_scope is None else decision.in_scope
    return {
        "id": article.id,
        "text": article.text,
        "in_scope": int(in_scope),
        "themes": _themes(result, decision, in_scope),
        "stratum": STRATUM,
        "evidence": dict(_evidence(article, decision)),
        "by": decision.by.strip(),
        "reason": decision.reason.strip(),
        "date": today.isoformat(),
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "title": article.title,
        "program": {
            "in_scope": int(result.in_scope),
            "themes": levels_of(result),
            "pack": {"id": result.pack.id, "version": result.pack.version, "hash": result.pack.hash},
            "model": result.model,
        },
    }


def levels_of(result: CheckResult) -> dict[str, int]:
    """Theme -> level as a number."""
    return {theme: LEVELS.index(found.level) for theme, found in result.themes.items()}


def _themes(result: CheckResult, decision: Decision, in_scope: bool) -> dict[str, int]:
    """Every theme's level; out of scope caps at mentioned, and an editor may not say otherwise."""
    covered = [theme for theme, level in decision.themes.items() if LEVELS[level] == "covered"]
    _hold(
        in_scope or not covered,
        f"Bài ngoài phạm vi thì không chủ đề nào là “có nội dung”: {', '.join(covered)}.",
        f"In a piece out of scope no theme can be covered: {', '.join(covered)}.",
    )
    highest = LEVELS.index("covered" if in_scope else "mentioned")
    return {theme: min(level, highest) for theme, level in (levels_of(result) | decision.themes).items()}


def _evidence(article: Article, decision: Decision) -> Iterable[tuple[str, str]]:
    text = unicodedata.normalize("NFC", article.text)
    for theme, words in decision.evidence.items():
        words = unicodedata.normalize("NFC", words)
        _hold(
            words.strip() != "" and words in text,
            f"{theme}: trong bài không có những chữ này: “{words}”.",
            f"{theme}: the text does not hold these words: “{words}”.",
        )
        yield theme, words


def _hold(so: bool, vi: str, en: str) -> None:
    if not so:
        raise EvaluationError(vi, en)


def append_records(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Add ``records`` to a JSONL file, safe on the disk when this returns; a new file is its owner's alone.

    A last line that was cut off is closed first. Raises OSError.
    """
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with open(path, "ab+", opener=_private) as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            lines = lines if file.read(1) == b"\n" else "\n" + lines
        file.write(lines.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
