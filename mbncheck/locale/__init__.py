"""What users read, in Vietnamese (the default) and English: one table of messages a language."""

from __future__ import annotations

import unicodedata

from mbncheck.locale.en import MESSAGES as _EN
from mbncheck.locale.vi import MESSAGES as _VI

LANGUAGES = ("vi", "en")
_TABLES = {"vi": _VI, "en": _EN}


def say(lang: str, key: str, **values: object) -> str:
    """The message ``key`` in ``lang``, with its values filled in, safe for a terminal."""
    safe = {name: printable(value) if isinstance(value, str) else value for name, value in values.items()}
    return _TABLES[lang][key].format(**safe)


def printable(text: str) -> str:
    """``text`` on one line without anything that a terminal would obey."""
    return "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char.isspace():
        return " "
    return "\ufffd" if unicodedata.category(char)[0] == "C" else char


def number(lang: str, value: float, decimals: int = 0) -> str:
    """A number as ``lang`` writes it: 1.234,5 in Vietnamese, 1,234.5 in English."""
    written = f"{value:,.{decimals}f}"
    return written if lang == "en" else written.translate(str.maketrans(",.", ".,"))
