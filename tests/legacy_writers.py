"""Writes Vietnamese as programs before Unicode did: the other direction of ``mbncheck.text.legacy``, for tests alone.

Each writer takes composed text and raises KeyError or UnicodeEncodeError for a character that its encoding cannot
carry. The tables were compared with glibc's iconv (TCVN5712-1, VISCII: all 256 cells) when they were made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from mbncheck.text import legacy

_SHAPES = "\u0302\u0306\u031b"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WINDOWS = legacy.TABLES["windows-1252"]


def bytes_by_table(name: str) -> Callable[[str], bytes]:
    """A writer of one byte a letter."""
    codes: dict[str, int] = {}
    for code, char in enumerate(legacy.TABLES[name]):
        codes.setdefault(char, code)
    return lambda text: bytes(codes[char] for char in text)


def tcvn3(text: str) -> bytes:
    """As the ABC fonts had it: no capital carries a tone, so that CHỐNG is typed CHèNG."""
    plain = "".join(char.lower() if len(_marks(char)) and legacy.TONED.match(char.lower()) else char for char in text)
    return bytes_by_table("tcvn3")(plain)


def abc_cannot(text: str) -> bool:
    """Whether a capital with a tone stands in a word, and a line, that is not in capitals: ABC loses it."""
    return legacy.with_capitals(_without_capitals(text)) != text


def _without_capitals(text: str) -> str:
    return "".join(char.lower() if legacy.TONED.match(char.lower()) else char for char in text)


def cp1258(text: str) -> bytes:
    """As Windows had it: the shape with the letter, the tone a character of its own."""
    out = []
    for char in text:
        marks = _marks(char)
        base = unicodedata.normalize("NFC", unicodedata.normalize("NFD", char)[0] + _only(marks, _SHAPES))
        out.append(base + _only(marks, _TONES) if marks else char)
    return "".join(out).encode("cp1258")


def vni(text: str) -> bytes:
    """As the ``VNI-*`` fonts had it: the mark is a letter of its own."""
    keys = {letter: key for key, letter in legacy.VNI.items()}
    keys |= {letter.upper(): key.upper() for letter, key in keys.items()}
    return bytes_by_table("windows-1252")("".join(keys.get(char, char) for char in text))


def viqr(text: str) -> bytes:
    """After RFC 1456: marks are punctuation, and punctuation that could be a mark is escaped."""
    signs = dict(zip(_SHAPES + _TONES, "^(+`'~?.", strict=True))
    out = []
    for at, char in enumerate(text):
        before = unicodedata.normalize("NFD", text[at - 1])[0].lower() if at else ""
        if char in "đĐ":
            out.append("dd" if char == "đ" else "DD")
        elif marks := _marks(char):
            base = unicodedata.normalize("NFD", char)[0]
            out.append(base + "".join(signs[mark] for mark in _only(marks, _SHAPES) + _only(marks, _TONES)))
        elif char == "\\" or (char in "^(+`'~?." and before in [*"aeiouy"]) or (char in "dD" and before in [*"dđ"]):
            out.append("\\" + char)
        else:
            out.append(char)
    return "".join(out).encode("ascii")


def misread(write: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """What is saved as UTF-8 after the bytes of ``write`` were taken for Windows-1252."""
    return lambda text: "".join(_WINDOWS[code] for code in write(text)).encode()


def references(text: str) -> bytes:
    """As old web forms had it: a numeric reference for each letter beyond ASCII."""
    return re.sub(r"[^\x00-\x7f]", lambda found: f"&#{ord(found.group())};", text).encode()


def _marks(char: str) -> str:
    return unicodedata.normalize("NFD", char)[1:]


def _only(marks: str, wanted: str) -> str:
    return "".join(mark for mark in marks if mark in wanted)


WRITERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8, decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "utf-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-le without a mark": lambda text: text.encode("utf-16-le"),
    "cp1258": cp1258,
    "tcvn3": tcvn3,
    "tcvn5712": bytes_by_table("tcvn5712"),
    "viscii": bytes_by_table("viscii"),
    "vni": vni,
    "viqr": viqr,
    "utf-8 as cp1252": misread(str.encode),
    "tcvn3 as cp1252": misread(tcvn3),
    "vni as cp1252": misread(vni),
    "references": references,
}
