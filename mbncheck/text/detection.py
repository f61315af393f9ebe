"""Finding out what Vietnamese was written in: the reading whose words are Vietnamese wins.

The words with diacritics of every reading are held against the spelling of Vietnamese syllables
(``mbncheck.text.syllables``). Text that went through a wrong reading before it was saved is mended line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from html import unescape
from math import exp
from typing import NoReturn

from mbncheck.errors import EncodingError
from mbncheck.model import NO_DIACRITICS, Note
from mbncheck.text.encodings import ORDINARY, Decoded, looks_misread
from mbncheck.text.legacy import CODECS, as_bytes
from mbncheck.text.syllables import is_common, is_syllable

__all__ = ["decode_forced", "detected"]

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DETECTED = ("cp1258", "tcvn3", "vni", "viscii", "tcvn5712")
_ACCEPTED_AT = 0.6  # less of the words with diacritics possible in Vietnamese: no reading at all
_SUREST = 0.99  # a guess is never certain
_SAMPLE = 1 << 16  # bytes; a decision needs no more
# Control characters that stand for nothing: not white space, not the capitals that VISCII and TCVN 5712 put there.
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r\f\v\x1a\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17\x19\x1e"})
_MOST_CONTROLS = 0.05


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read some bytes, and what it makes of the words beyond ASCII.

    ``weight`` is their logarithmic likelihood; ``telling`` are the syllables of more than one letter.
    """

    encoding: str
    text: str
    weight: float
    syllables: int
    others: int
    telling: int

    @property
    def share(self) -> float:
        """The part of the words beyond ASCII that are Vietnamese syllables; 1 where there are none."""
        return self.syllables / (self.syllables + self.others) if self.syllables or self.others else 1.0


def detected(raw: bytes) -> Decoded:
    """The text of ``raw`` in the encoding that is found out. Raises ``EncodingError`` where it is no text."""
    mark = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    if mark == "utf-16":
        return _finished(_strictly(raw, mark), mark)
    if b"\0" in raw:
        return _without_mark(raw)
    try:
        text = raw.decode(mark)
    except UnicodeDecodeError as error:
        return _legacy_or_mixed(raw, error)
    return _ascii(raw, text) if raw.isascii() else _mended(raw, text)


def decode_forced(raw: bytes, encoding: str) -> Decoded:
    """The text of ``raw`` in ``encoding``. Raises ``EncodingError`` where it is not."""
    if encoding in CODECS:
        try:
            return _finished(CODECS[encoding](raw), encoding)
        except UnicodeDecodeError as error:
            _refuse(encoding, error)
    return _finished(_strictly(raw, "utf-8-sig" if encoding == "utf-8" else encoding), encoding)


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        _refuse(encoding.removesuffix("-sig"), error)


def _refuse(encoding: str, error: UnicodeDecodeError) -> NoReturn:
    raise EncodingError(
        f"không phải {encoding.upper()} (byte thứ {error.start + 1} sai)",
        f"not {encoding.upper()} (byte {error.start + 1} is wrong)",
        *_SAVE_AS_UTF_8,
    ) from None


_SAVE_AS_UTF_8 = (
    "hãy lưu lại thành văn bản thuần với bảng mã UTF-8, hoặc nêu đúng bảng mã bằng --encoding",
    "save it again as plain text in UTF-8, or name its encoding with --encoding",
)


# --- bytes that are not UTF-8 ----------------------------------------------------------------------------


def _without_mark(raw: bytes) -> Decoded:
    """UTF-16 that lost its mark: every other byte of its spaces and letters is NUL."""
    sample = raw[:_SAMPLE]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(raw) % 2 == 0 and high.count(0) >= 0.3 * len(high) and sample.count(0) == high.count(0):
            return _finished(_strictly(raw, encoding), encoding, _SUREST, (_read_as(encoding, _SUREST),))
    raise _binary()


def _binary() -> EncodingError:
    return EncodingError(
        "tệp nhị phân, không phải văn bản",
        "binary, not a text",
        "hãy lưu lại thành văn bản thuần với bảng mã UTF-8",
        "save it again as plain text in UTF-8",
    )


def _legacy_or_mixed(raw: bytes, error: UnicodeDecodeError) -> Decoded:
    sample = raw[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(sample):
        raise _binary()
    lines = raw.splitlines(keepends=True)
    if any(map(_is_vietnamese_utf_8, lines)):
        return _line_by_line(lines, error)
    best = _best(raw)
    if best is None:
        _refuse("utf-8", error)
    reading, confidence = best
    text = _decoded_as(reading.encoding, raw, error)
    text, restored = _with_lost_letters(text, reading.encoding)
    notes = (_read_as(reading.encoding, confidence), *((_restored(restored),) if restored else ()))
    return _finished(text, reading.encoding, confidence, notes)


_SYLLABLE_WORD = re.compile(r"[^\W\d_]+")
_HORNED = re.compile("[ơớờởỡợ]", re.IGNORECASE)
_ONLY_U = {"nh": "như", "th": "thư"}


def _with_lost_letters(text: str, encoding: str) -> tuple[str, int]:
    """TCVN3 that lost its ư, and how many were put back: its byte is a soft hyphen, which many programs drop.

    Only where there is none left at all, and where the word is none without it, or a common one with it: *đợc* is
    được, *ngời* người.
    """
    if encoding != "tcvn3" or "ư" in text:
        return text, 0
    restored = _SYLLABLE_WORD.sub(_with_lost_letter, text)
    return restored, len(restored) - len(text)


def _with_lost_letter(found: re.Match[str]) -> str:
    word = found.group()
    if horned := _HORNED.search(word):
        letter = "Ư" if word.isupper() else "ư"
        longer = f"{word[: horned.start()]}{letter}{word[horned.start() :]}"
        if is_syllable(longer) and (is_common(longer) or not is_syllable(word)):
            return longer
    return _ONLY_U.get(word, word)


def _is_accented_utf_8(line: bytes) -> bool:
    """Whether a line has letters beyond ASCII, and more of them whole in UTF-8 than broken."""
    if line.isascii():
        return False
    text = line.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * broken


def _is_vietnamese_utf_8(line: bytes) -> bool:
    """Whether it is so, and no accident: the words are Vietnamese."""
    if not _is_accented_utf_8(line):
        return False
    reading = _reading("utf-8", line.decode("utf-8", "replace"))
    return reading.telling > 0 and reading.share >= _ACCEPTED_AT


def _decoded_as(encoding: str, raw: bytes, error: UnicodeDecodeError) -> str:
    try:
        return CODECS[encoding](raw)
    except UnicodeDecodeError:  # beyond what the decision was made on
        _refuse("utf-8", error)


def _line_by_line(lines: list[bytes], error: UnicodeDecodeError) -> Decoded:
    """A file put together from several: some lines in UTF-8, the others in something older or broken."""
    others = [number for number, line in enumerate(lines) if not line.isascii() and not _is_accented_utf_8(line)]
    best = _best(b"".join(lines[number] for number in others)) if others else None
    older_text = partial(_decoded_as, best[0].encoding, error=error) if best else _replaced
    older = frozenset(others)
    texts = [older_text(line) if number in older else _replaced(line) for number, line in enumerate(lines)]
    notes = []
    if best:
        notes.append(_mixed(best[0].encoding, [number + 1 for number in others]))
    broken = [number + 1 for number, text in enumerate(texts) if "\ufffd" in text]
    if 2 * len(broken) > sum(not line.isascii() for line in lines):
        _refuse("utf-8", error)
    if broken:
        notes.append(_unreadable(sum(text.count("\ufffd") for text in texts), broken))
    encoding = f"utf-8 + {best[0].encoding}" if best else "utf-8"
    confidence = best[1] if best else 1 - len(broken) / len(lines)
    return _finished("".join(texts).removeprefix("\ufeff"), encoding, round(confidence, 4), tuple(notes))


def _replaced(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _best(raw: bytes) -> tuple[_Reading, float] | None:
    """The most Vietnamese of all readings of ``raw`` and its confidence; ``None`` where none is."""
    sample = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:_SAMPLE]
    readings: dict[str, _Reading] = {}
    for encoding in _DETECTED:
        try:
            text = CODECS[encoding](sample)
        except UnicodeDecodeError:
            continue
        readings.setdefault(text.casefold(), _reading(encoding, text))  # two that read the same are one
    best = max(readings.values(), key=lambda reading: reading.weight, default=None)
    if best is None or not best.telling or best.share < _ACCEPTED_AT:
        return None
    posterior = 1 / sum(exp(min(other.weight - best.weight, 0.0)) for other in readings.values())
    return best, _guessed(posterior * best.share)


def _guessed(confidence: float) -> float:
    return min(round(confidence, 4), _SUREST)


# --- how Vietnamese a text is --------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\s\d\x00-@\[-`{-\x7f–—‘’“”…«»•·°€₫§]+")
_LOG_COMMON, _LOG_SYLLABLE, _LOG_OTHER = -1.0, -3.0, -8.0  # natural logarithms, roughly as in running text


def _reading(encoding: str, text: str) -> _Reading:
    weight, syllables, others, telling = 0.0, 0, 0, 0
    for token in _TOKEN.findall(text):
        if token.isascii():
            continue
        likelihood = _likelihood(token)
        weight += likelihood
        if likelihood > _LOG_OTHER:
            syllables += 1
            telling += len(token) > 1
        else:
            others += 1
    return _Reading(encoding, text, weight, syllables, others, telling)


@lru_cache(maxsize=1 << 16)
def _likelihood(token: str) -> float:
    if not is_syllable(token):
        return _LOG_OTHER
    return _LOG_COMMON if is_common(token) else _LOG_SYLLABLE


# --- ASCII -----------------------------------------------------------------------------------------------------

_VIQR_SIGN = re.compile(rb"[aeo]\^|[ou]\+|a\(|dd|[aeiouy](?:['`~]|[.?]\w)", re.IGNORECASE)
_VIQR_SHARE = 0.3  # of the words carry a diacritic in any Vietnamese text; in fact about four in five do


def _ascii(raw: bytes, text: str) -> Decoded:
    if b"&#" in raw:
        return _mended(raw, text)
    if _VIQR_SIGN.search(raw, 0, _SAMPLE):
        decoded = CODECS["viqr"](raw)
        reading = _reading("viqr", decoded[:_SAMPLE])
        words = _TOKEN.findall(decoded[:_SAMPLE])
        accented = sum(not word.isascii() for word in words)
        if accented >= _VIQR_SHARE * len(words) and reading.share >= _ACCEPTED_AT:
            confidence = _guessed(reading.share)
            return _finished(decoded, "viqr", confidence, (_read_as("viqr", confidence),))
    return _finished(text, "utf-8")


def _finished(text: str, encoding: str, confidence: float = 1.0, notes: tuple[Note, ...] = ()) -> Decoded:
    """``text`` decoded; a note more where it is Vietnamese without diacritics."""
    head = text[:_SAMPLE]
    if len(head.encode("ascii", "ignore")) >= 0.98 * len(head):
        from mbncheck.text.diacritics import lacks_diacritics

        if lacks_diacritics(head.casefold()):
            notes = (*notes, NO_DIACRITICS)
    return Decoded(text, encoding, confidence, notes)


# --- UTF-8 made from a wrong reading ------------------------------------------------------------------------------

_REFERENCE = re.compile(r"&#(?:[0-9]{2,7}|x[0-9a-fA-F]{2,6});")
_LATIN = re.compile("[\x80-\xff]")


def _mended(raw: bytes, text: str) -> Decoded:
    """UTF-8 whose characters went through a wrong reading before they were saved: mended line by line, and told."""
    lines = raw.splitlines(keepends=True)
    suspects = {
        number: line.decode("utf-8")
        for number, line in enumerate(lines)
        if looks_misread(line) or (ORDINARY not in line and not line.isascii())
    }
    mended = {number: _mended_line(line) for number, line in suspects.items()}
    mended |= _older_lines(mended)
    changed = {number: line for number, line in mended.items() if line != suspects[number]}
    if not changed:
        return _finished(text, "utf-8")
    whole = b"".join(changed[number].encode() if number in changed else line for number, line in enumerate(lines))
    return _finished(whole.decode("utf-8-sig"), "utf-8", notes=(_repaired([number + 1 for number in changed]),))


def _mended_line(line: str) -> str:
    if "&#" in line:
        line = _REFERENCE.sub(_referred, line)
    if _LATIN.search(line) is None:
        return line
    before = _reading("utf-8", line)
    if not before.others:
        return line
    from ftfy import TextFixerConfig, fix_encoding

    fixed = fix_encoding(line, TextFixerConfig(fix_c1_controls=False))
    return fixed if _reading("utf-8", fixed).others < before.others else line


def _referred(found: re.Match[str]) -> str:
    letter = unescape(found.group())
    return found.group() if letter.isascii() else letter  # quotes and the like may belong to the form of the file


def _older_lines(lines: Mapping[int, str]) -> dict[int, str]:
    """The lines that are TCVN3, VNI or VISCII shown as Windows-1252, and how they read."""
    suspects = {}
    for number, line in lines.items():
        if _LATIN.search(line) and _reading("utf-8", line).share < _ACCEPTED_AT and (raw := as_bytes(line)):
            suspects[number] = raw
    best = _best(b"".join(suspects.values())) if suspects else None
    if best is None or best[0].encoding == "cp1258":
        return {}
    decoder = CODECS[best[0].encoding]
    return {number: decoder(raw) for number, raw in suspects.items()}


# --- notes ----------------------------------------------------------------------------------------------------------

_MOST_LINES = 5


def _listed(lines: Iterable[int]) -> str:
    numbers = list(lines)
    return ", ".join(map(str, numbers[:_MOST_LINES])) + (" …" if len(numbers) > _MOST_LINES else "")


def _read_as(encoding: str, confidence: float) -> Note:
    percent = int(100 * confidence)
    return Note(
        "MBN901",
        f"không phải UTF-8; đọc theo bảng mã {encoding.upper()}, độ tin cậy {percent} %",
        f"not UTF-8; read as {encoding.upper()}, confidence {percent} %",
    )


def _mixed(encoding: str, lines: list[int]) -> Note:
    return Note(
        "MBN902",
        f"lẫn hai bảng mã: UTF-8 và {encoding.upper()} (dòng {_listed(lines)})",
        f"two encodings in one text: UTF-8 and {encoding.upper()} (line {_listed(lines)})",
    )


def _repaired(lines: list[int]) -> Note:
    return Note(
        "MBN903",
        f"chữ bị đọc sai bảng mã, đã sửa lại ở {len(lines)} dòng (dòng {_listed(lines)})",
        f"letters had been read in a wrong encoding; mended in {len(lines)} lines (line {_listed(lines)})",
    )


def _restored(count: int) -> Note:
    return Note(
        "MBN903",
        f"chữ ư đã bị mất, khôi phục được {count} chỗ; có thể còn sót",
        f"the letter ư had been lost; put back in {count} places, perhaps not in all",
    )


def _unreadable(count: int, lines: list[int]) -> Note:
    return Note(
        "MBN904",
        f"{count} ký tự hỏng, không đọc được (dòng {_listed(lines)})",
        f"{count} damaged characters could not be read (line {_listed(lines)})",
    )
