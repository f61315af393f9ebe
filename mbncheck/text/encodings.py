"""From bytes to text, whatever Vietnamese was written in; what was guessed or mended is told, never done silently.

Plain UTF-8 is decoded here and returned; everything else goes to ``mbncheck.text.detection``, which is loaded then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mbncheck.errors import EncodingError
from mbncheck.model import Note

__all__ = ["ENCODINGS", "Decoded", "decode", "decode_font", "encoding_named"]

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1258",
    "tcvn3",
    "tcvn5712",
    "vni",
    "viscii",
    "viqr",
    "cp1252",
)
"""The names that ``decode`` takes, and tells."""

_ALIASES = {"abc": "tcvn3", "tcvn": "tcvn5712", "windows-1258": "cp1258", "windows-1252": "cp1252", "utf8": "utf-8"}
_UTF_8_MARK, _UTF_16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")

ORDINARY = b"\xe1\xbb"
"""What nearly every Vietnamese text in UTF-8 holds: the first two bytes of most letters with two marks."""

# What UTF-8 holds where it was made from a wrong reading: áº á» Æ° Ã… (UTF-8 read as Windows-1252), ® ¸ and soft hyphen
# (đ á ư of TCVN3); and ø (a tone of VNI). Compiled when first needed.
_MISREAD = rb"\xc2(?:[\xad\xae\xb8]|(?<=\xc3\xa1\xc2)[\xba\xbb]|(?<=\xc3\x86\xc2)\xb0|(?<=\xc3\x83\xc2))"
_VNI_TONE = b"\xc3\xb8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was come by.

    ``confidence`` in [0, 1]: 1 where the bytes or the caller say so; else the probability of this reading
    among all that are possible, times the share of its words with diacritics that are Vietnamese syllables.
    """

    text: str
    encoding: str
    confidence: float = 1.0
    notes: tuple[Note, ...] = ()


def decode(raw: bytes, encoding: str | None = None) -> Decoded:
    """The text of ``raw``; ``encoding`` (a name of ``encoding_named``) forces one, ``None`` finds it out.

    Raises ``EncodingError`` for binary data, where nothing fits, where the forced encoding does not, and where
    there is none of that name.
    """
    if encoding is None and b"\0" not in raw and not raw.startswith(_UTF_16_MARKS):
        try:
            text = raw.decode("utf-8-sig" if raw.startswith(_UTF_8_MARK) else "utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if ORDINARY in raw and not looks_misread(raw):
                return Decoded(text, "utf-8")  # ordinary Vietnamese
    from mbncheck.text.detection import decode_forced, detected

    return detected(raw) if encoding is None else decode_forced(raw, encoding_named(encoding))


def looks_misread(raw: bytes) -> bool:
    """Whether signs of a wrong reading, or references of old web forms, are in UTF-8.

    Looks for single bytes first, which costs nothing: ordinary Vietnamese seldom has any of these.
    """
    if b"&" in raw and b"&#" in raw:
        return True
    return (b"\xc2" in raw and re.search(_MISREAD, raw) is not None) or (b"\xb8" in raw and _VNI_TONE in raw)


def decode_font(text: str, font: str) -> str:
    """``text`` of a Word run in a ``.Vn*`` (TCVN3; names ending in H show capitals) or ``VNI-*`` font, in Unicode.

    Text in other fonts stays as it is.
    """
    if not font.strip().lower().startswith((".vn", "vni-")):
        return text
    from mbncheck.text.legacy import decode_font as decode_run

    return decode_run(text, font)


def encoding_named(name: str) -> str:
    """The encoding that ``name`` stands for: one of ``ENCODINGS``, an alias, or any text encoding Python knows.

    Raises ``EncodingError`` where there is none.
    """
    wanted = name.strip().lower().replace("_", "-")
    wanted = _ALIASES.get(wanted, wanted)
    if wanted in ENCODINGS:
        return wanted
    import codecs

    try:
        found = codecs.lookup(wanted)
        "".encode(found.name)  # refuses what Python calls a codec and is no encoding of text
    except (LookupError, ValueError):
        raise EncodingError(
            f"không có bảng mã “{name}”",
            f"no encoding {name!r}",
            f"các bảng mã: {', '.join(ENCODINGS)}",
            f"the encodings are {', '.join(ENCODINGS)}",
        ) from None
    return found.name
