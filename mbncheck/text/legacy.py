"""The encodings that Vietnamese was written in before Unicode: tables, and text out of them.

TCVN 5712:1993 (VN1; its subset VN3, TCVN3, is what the ``.Vn*`` fonts of ABC show), VISCII 1.1 and VIQR
(RFC 1456), VNI for Windows (the ``VNI-*`` fonts). ``cp1258`` is Python's own.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable

__all__ = ["CODECS", "TABLES", "TONED", "VNI", "as_bytes", "decode_font", "with_capitals"]

# --- one byte a letter ---------------------------------------------------------------------------

_ASCII = "".join(map(chr, range(0x80)))
# What Windows shows for 80-9F, of which word processors put quotes and dashes into texts of any font.
_WINDOWS = "".join(
    bytes([code]).decode("cp1252") if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(code)
    for code in range(0x80, 0xA0)
)
_VN = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_VN1_CAPITALS = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
_VN1_CONTROLS = {0x01: "Ú", 0x02: "Ụ", 0x04: "Ừ", 0x05: "Ử", 0x06: "Ữ"} | dict(enumerate("ỨỰỲỶỸÝỴ", 0x11))
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}


def _low(controls: dict[int, str]) -> str:
    return "".join(controls.get(code, chr(code)) for code in range(0x80))


TABLES = {
    "tcvn3": _low(_VN1_CONTROLS) + _WINDOWS + _VN,
    "tcvn5712": _low(_VN1_CONTROLS) + _VN1_CAPITALS + _VN,
    "cp1258": "".join(bytes([code]).decode("cp1258", "replace").replace("\ufffd", "\ufffe") for code in range(0x100)),
    "viscii": _low(_VISCII_CONTROLS) + _VISCII,
    "windows-1252": _ASCII + _WINDOWS + "".join(map(chr, range(0xA0, 0x100))),
}
_BYTE_OF = {ord(char): code for code, char in enumerate(TABLES["windows-1252"])}

# --- VNI: the mark is a letter of its own ------------------------------------------------------------

_TONE_MARKS = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_HATTED = dict(zip("âàáåãä", ("", *_TONE_MARKS.values()), strict=True))  # aâ, aà, aá…: with a circumflex
_BREVED = dict(zip("êèéúüë", ("", *_TONE_MARKS.values()), strict=True))  # aê, aè, aé…: with a breve
for _marks in (_HATTED, _BREVED):  # the font's order is grave, acute, hook, tilde, dot, as above
    assert len(_marks) == 6  # noqa: S101
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for base, plain in (*((c, c) for c in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        table |= {base + mark: plain + tone for mark, tone in _TONE_MARKS.items()}
    for base in "aeo":
        table |= {base + mark: base + "\u0302" + tone for mark, tone in _HATTED.items()}
    table |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVED.items()}
    del table["yï"]  # ỵ is î
    return {key: unicodedata.normalize("NFC", letter) for key, letter in table.items()}


VNI = _vni_table()
_VNI_CASES = {**VNI, **{key.upper(): letter.upper() for key, letter in VNI.items()}}
_VNI_CASES |= {key[0].upper() + key[1:]: letter.upper() for key, letter in VNI.items()}
_VNI_LETTER = re.compile("[aeouyôöAEOUYÔÖ][øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË]|[ñôöæóòîÑÔÖÆÓÒÎ]")


def _from_vni(text: str) -> str:
    return _VNI_LETTER.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    shown = found.group()
    letter = _VNI_CASES.get(shown)
    if letter is None:  # two letters that are no pair of the font
        letter = _VNI_CASES.get(shown[0], shown[0]) + shown[1:]
    return letter


# --- VIQR: marks are punctuation -------------------------------------------------------------------

_VIQR = re.compile(r"\\(?P<literal>.)|(?P<d>[dD][dD])|(?P<vowel>[aeiouyAEIOUY])(?P<shape>[\^(+])?(?P<tone>['`?~.])?")
_VIQR_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_VIQR_TONES = {"`": "\u0300", "'": "\u0301", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_SHAPED = {"^": "aeo", "(": "a", "+": "ou"}


def _from_viqr(text: str) -> str:
    return _VIQR.sub(_viqr_letter, text)


def _viqr_letter(found: re.Match[str]) -> str:
    if literal := found["literal"]:
        return str(literal)
    if found["d"]:
        return "Đ" if found["d"][0] == "D" else "đ"
    vowel, shape, tone = found["vowel"], found["shape"] or "", found["tone"] or ""
    if shape and vowel.lower() not in _VIQR_SHAPED[shape]:
        return str(found.group())
    marks = _VIQR_SHAPES.get(shape, "") + _VIQR_TONES.get(tone, "")
    return unicodedata.normalize("NFC", vowel + marks)


# --- capitals that ABC has not -----------------------------------------------------------------------

_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[^\W\d_]+")
TONED = re.compile("[àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")


_CAPITALS = re.compile("[A-ZĂÂÊÔƠƯĐ][àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]?[A-ZĂÂÊÔƠƯĐ]")


def with_capitals(text: str) -> str:
    """ABC has no capitals with a tone: *CHèNG* is typed for CHỐNG. Give them back where the rest is capitals."""
    return _LINE.sub(_with_capitals, text)


def _with_capitals(found: re.Match[str]) -> str:
    line = found.group()
    if _CAPITALS.search(line) is None:
        return line
    return _raised(line, 3) or _WORD.sub(_raised_word, line)


def _raised_word(word: re.Match[str]) -> str:
    return _raised(word.group(), 2) or word.group()


def _raised(text: str, least: int) -> str | None:
    """``text`` in capitals if all its letters that can be capitals, at least ``least``, are."""
    others = TONED.sub("", text)
    return text.upper() if others == others.upper() and sum(map(str.isupper, others)) >= least else None


# --- the door ------------------------------------------------------------------------------------------


def _from_table(name: str, raw: bytes) -> str:
    text, _ = codecs.charmap_decode(raw, "strict", TABLES[name])
    return unicodedata.normalize("NFC", text)


CODECS: dict[str, Callable[[bytes], str]] = {
    "cp1258": lambda raw: _from_table("cp1258", raw),
    "tcvn3": lambda raw: with_capitals(_from_table("tcvn3", raw)),
    "tcvn5712": lambda raw: _from_table("tcvn5712", raw),
    "viscii": lambda raw: _from_table("viscii", raw),
    "vni": lambda raw: _from_vni(_from_table("windows-1252", raw)),
    "viqr": lambda raw: _from_viqr(raw.decode("ascii")),
}
"""Encoding → how its bytes read, composed (NFC). They raise UnicodeDecodeError for a byte that stands for nothing."""


def as_bytes(text: str) -> bytes | None:
    """The bytes that Windows showed as ``text`` (Windows-1252); ``None`` where some character is not of it."""
    try:
        return bytes(_BYTE_OF[ord(char)] for char in text)
    except KeyError:
        return None


def decode_font(text: str, font: str) -> str:
    """A run of a Word file in Unicode: ``.Vn*`` fonts hold TCVN3 (those ending in H show capitals), ``VNI-*`` VNI.

    Text in any other font, and characters that such fonts do not have, stay as they are.
    """
    name = font.strip().lower()
    if name.startswith("vni-"):
        return _from_vni(text)
    if not name.startswith(".vn"):
        return text
    table = {ord(shown): char for shown, char in _shown("tcvn3")}
    decoded = unicodedata.normalize("NFC", text.translate(table))
    return decoded.upper() if name.removesuffix(" bold").endswith("h") else with_capitals(decoded)


def _shown(encoding: str) -> list[tuple[str, str]]:
    """What Windows shows for each byte from A0 on, and what it means."""
    meant, shown = TABLES[encoding], TABLES["windows-1252"]
    return [(shown[code], meant[code]) for code in range(0xA0, 0x100)]
