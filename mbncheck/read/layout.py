"""What a path says of its article: ``--layout "{outlet}/{date:%Y-%m-%d}/{title}"``."""

from __future__ import annotations

import os
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from mbncheck.errors import ConfigError
from mbncheck.read.metadata import FIELDS, field_named

if TYPE_CHECKING:
    from parse import Parser, Result

__all__ = ["check_layout", "facts_in_path"]


def check_layout(layout: str) -> None:
    """Raise ``ConfigError`` where ``layout`` is no pattern, or names a field that articles do not have."""
    _parsers(layout)


def facts_in_path(path: str, layout: str) -> dict[str, str] | None:
    """Raw facts (key → value) in the last parts of ``path``, or ``None`` where it does not follow ``layout``.

    ``layout`` has one pattern for each part of the path, from the right: ``{field}`` for a name, with a date's form
    after a colon (``%d.%m.%Y``); fields have the names that facts have anywhere. The last part may leave the suffix
    out; ``{_}`` stands for a name that says nothing.
    """
    parsers = _parsers(layout)
    parts = unicodedata.normalize("NFC", path).replace(os.sep, "/").strip("/").split("/")[-len(parsers) :]
    if len(parts) < len(parsers):
        return None
    facts: dict[str, str] = {}
    for position, (parser, part) in enumerate(zip(parsers, parts, strict=True)):
        last = position == len(parsers) - 1
        found = (last and _parsed(parser, os.path.splitext(part)[0])) or _parsed(parser, part)
        if not found:
            return None
        facts |= {key: _written(value) for key, value in found.named.items()}
    return facts


def _parsed(parser: Parser, part: str) -> Result | None:
    try:
        return parser.parse(part)
    except ValueError:  # a day that is none: 31-2-2020
        return None


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=8)
def _parsers(layout: str) -> list[Parser]:
    from parse import compile as compile_pattern

    try:
        parts = layout.replace("\\", "/").replace("{_}", "{}").strip("/").split("/")
        parsers = [compile_pattern(part, case_sensitive=True) for part in parts]
    except (ValueError, KeyError, NotImplementedError) as error:
        raise _wrong(layout, str(error), str(error)) from None
    names = [name for parser in parsers for name in parser.named_fields]
    unknown = sorted({name for name in names if field_named(name) is None})
    if unknown:
        listed, known = ", ".join(unknown), ", ".join(FIELDS)
        raise _wrong(layout, f"không có trường {listed}; các trường: {known}", f"no field {listed}; there are {known}")
    if not names:
        raise _wrong(layout, "không có trường nào trong ngoặc nhọn", "no field in braces")
    return parsers


def _wrong(layout: str, vi: str, en: str) -> ConfigError:
    return ConfigError(f"layout “{layout}”: {vi}.", f"layout {layout!r}: {en}.")
