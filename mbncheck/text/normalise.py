"""The shadow text: what rules are matched against, with a map back to the original.

``normalise`` makes one spelling of the many that Vietnamese text arrives in (composed or
decomposed letters, *hoà* or *hòa*, *kỹ* or *kĩ*, curly quotes, no-break spaces, invisible
characters, upper case) and remembers where each character came from. Every offset that leaves
the program is an offset of the original text; ``Shadow.original`` gives it.

All spans are half-open and counted in characters (code points).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mbncheck.text.shadow import Edits, Shadow

__all__ = [
    "cluster_end",
    "compose",
    "is_invisible",
    "normalise",
]

SOFT_WRAP_AT = 40
"""A line shorter than this many characters was not broken by a mail program or an editor."""

_MEMO_LIMIT = 1 << 17
_MEMO_LONGEST = 24


# --- single characters ---------------------------------------------------------------------------


def _character_table() -> dict[int, str]:
    table = {ord(c): "-" for c in "‐‑‒–—―⁃−⸺⸻﹘﹣－"}
    table |= {ord(c): "'" for c in "‘’‚‛′‵´`ʹʻʼʽˈˊˋ‹›＇❛❜"}
    table |= {ord(c): '"' for c in "“”„‟″‶«»〝〞〟＂ʺ˝❝❞"}
    # Eth and the African D look like Đ, and keyboards and converters mistake them for it.
    table |= {ord(c): "đ" for c in "ðÐƉɖ"}
    for code in range(0xFF01, 0xFF5F):
        table.setdefault(code, chr(code - 0xFEE0))
    for code in range(0x1D400, 0x1D800):  # "bold" and "script" letters of social media
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            table[code] = plain
    return table


_CHARACTERS = _character_table()
_SHAPES = frozenset("\u0302\u0306\u031b")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=1 << 13)
def _is_mark(c: str) -> bool:
    """Whether ``c`` can belong to the character before it (a mark, or a Hangul vowel or final)."""
    if c < "\u0300":
        return False
    return unicodedata.category(c)[0] == "M" or "\u1160" <= c <= "\u11ff" or "\ud7b0" <= c <= "\ud7fb"


@lru_cache(maxsize=1 << 13)
def is_invisible(c: str) -> bool:
    """Whether ``c`` shows nothing: format and control characters, joiners, variation selectors."""
    if c < "\u0300":
        return unicodedata.category(c) in ("Cc", "Cf")
    return (
        unicodedata.category(c) in ("Cc", "Cf")
        or c in "\u034f\u180b\u180c\u180d\u180f"
        or "\ufe00" <= c <= "\ufe0f"
        or "\U000e0100" <= c <= "\U000e01ef"
    )


def compose(cluster: str) -> str:
    """One character and its marks: composed (NFC), invisible characters dropped.

    The tone comes after the letter's shape (é + ^ is ế, as broken converters write it); a lone
    surrogate becomes U+FFFD.
    """
    if "\ud800" <= cluster[0] <= "\udfff":
        cluster = "\ufffd" + cluster[1:]
    if len(cluster) > 1:
        cluster = cluster[0] + "".join(c for c in cluster[1:] if not is_invisible(c))
    composed = unicodedata.normalize("NFC", cluster)
    if len(composed) == 1:
        return composed
    decomposed = unicodedata.normalize("NFD", cluster)
    base, marks = decomposed[0], decomposed[1:]
    if len(marks) == 2 and marks[0] in _TONES and marks[1] in _SHAPES:
        return unicodedata.normalize("NFC", base + marks[1] + marks[0])
    return composed


def _settle(text: str) -> str:
    """Translate, compose and fold the case until nothing changes."""
    while True:
        after = unicodedata.normalize("NFC", text.translate(_CHARACTERS)).casefold()
        after = unicodedata.normalize("NFC", after)
        if after == text:
            return after
        text = after


# --- syllables -----------------------------------------------------------------------------------

_VOWELS = ("aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
           "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ")  # fmt: skip
_TONE_OF = {v: tone for row in _VOWELS for tone, v in enumerate(row)}
_ROW_OF = {v: row for row in _VOWELS for v in row}
_TONED = {row[0]: row[1:] for row in _VOWELS}

# Each pattern begins with a literal or one class, so that the scan runs at the speed of C, and
# looks behind for the rest.
# hoà, khoẻ, thuỷ: the tone goes to the first vowel of an open syllable.
_OPEN = (
    re.compile(rf"o[{_TONED['a']}{_TONED['e']}](?!\w)"),
    re.compile(rf"u[{_TONED['y']}](?!\w)(?<!q..)"),
)
# tòan, hùynh, qúa, gía, tíêng: and to the second where there is only one right place.
_CLOSED = re.compile(
    rf"[{_TONED['o']}{_TONED['u']}{_TONED['i']}{_TONED['y']}{_TONED['ư']}][aăâeêioôơuưy](?:"
    rf"(?<=[{_TONED['o']}][ae])(?=(?:ng|nh|ch|[nctiyomp])(?!\w))"
    rf"|(?<=[{_TONED['u']}]y)(?=(?:nh|ch|[ntupa])(?!\w))"
    rf"|(?<=q[{_TONED['u']}].)(?<![uư])|(?<=\bg[{_TONED['i']}].)(?<![iy])"
    rf"|(?<=[{_TONED['i']}{_TONED['y']}]ê)|(?<=[{_TONED['u']}][ôâ])|(?<=[{_TONED['ư']}]ơ))"
)
_I_OR_Y = tuple(
    (re.compile(rf"{y}(?!\w)(?:(?<=\b[hklmst].)|(?<=\bqu.))"), i)
    for y, i in zip(_ROW_OF["y"], _ROW_OF["i"], strict=True)
)


def _move_tone(match: re.Match[str]) -> str:
    pair = match.group()
    first, second = pair[0], pair[1]
    return _ROW_OF[first][_TONE_OF[second]] + _ROW_OF[second][_TONE_OF[first]]


def _spell(text: str) -> str:
    """One spelling of the syllables in settled text; the length stays."""
    text = _CLOSED.sub(_move_tone, text)
    for pattern in _OPEN:
        text = pattern.sub(_move_tone, text)
    for pattern, i in _I_OR_Y:
        text = pattern.sub(i, text)
    return text


# --- tokens --------------------------------------------------------------------------------------


def _plain(token: str) -> str | None:
    """The shadow of a token whose characters map one to one, else None."""
    if not token.isprintable() or any(map(_is_mark, token)):
        return None
    settled = _settle(token)
    if len(settled) != len(token) or not unicodedata.is_normalized("NFC", token):
        return None
    return _spell(settled)


class _Memo(dict[str, str | None]):
    """What ``_plain`` gave; a corpus has few different tokens, so nearly all are found here."""

    def __missing__(self, token: str) -> str | None:
        value = _plain(token)
        if len(self) < _MEMO_LIMIT and len(token) <= _MEMO_LONGEST:
            self[token] = value
        return value


_memo: Callable[[str], str | None] = _Memo().__getitem__


def _repair(token: str) -> tuple[str, Edits]:
    """The shadow of any token, cluster by cluster, and its edits."""
    edits = Edits()
    pieces: list[str] = []
    shadow = 0
    marked = False
    n = len(token)
    at = 0
    while at < n:
        end = at + 1
        if is_invisible(token[at]):
            while end < n and is_invisible(token[end]):
                end += 1
            edits.add(shadow, shadow, at, end)
            at = end
            continue
        end = cluster_end(token, at)
        piece = _settle_cluster(token[at:end])
        if (end - at, len(piece)) != (1, 1):
            edits.add(shadow, shadow + len(piece), at, end)
        marked = marked or any(map(_is_mark, piece))
        pieces.append(piece)
        shadow += len(piece)
        at = end
    text = "".join(pieces)
    # Moving a tone in front of a loose mark would let the mark compose with the bare vowel.
    return (text if marked else _spell(text)), edits


_repair_short = lru_cache(maxsize=1 << 14)(_repair)


def cluster_end(token: str, at: int) -> int:
    """Where the character at ``at`` ends with its marks, invisible ones among them included."""
    end = look = at + 1
    while look < len(token):
        c = token[look]
        if is_invisible(c):
            look += 1
        elif _is_mark(c):
            look += 1
            end = look
        else:
            break
    return end


@lru_cache(maxsize=1 << 13)
def _settle_cluster(cluster: str) -> str:
    return _settle(compose(compose(cluster).translate(_CHARACTERS)))


# --- ordinary text: whole, at the speed of C --------------------------------------------------------

# Whatever is not here goes the careful way; here are only composed characters whose shadow is one
# character, and of white space only the plain space and the line feed.
_ODD = re.compile("[^\n -~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ°²³×–—‘’“”•…·€₫«»éçñüöäåïëôûîÇÜÖÄ]")
_QUOTES_AND_DASHES = tuple((c, _CHARACTERS[ord(c)]) for c in "“”‘’–—«»`")
# A line end next to spaces, at the end of the text, or perhaps inside a sentence.
_UNEVEN = re.compile(r"\n(?:(?<= \n)| |\Z|(?<=[\w,]\n)[^\W\d_A-ZĐ])")
_BLANK_LINES = re.compile(r"\n\n+")


def _fold_ordinary(text: str) -> str:
    """The shadow, character by character, of text without odd ones."""
    text = text.casefold()
    for c, plain in _QUOTES_AND_DASHES:
        text = text.replace(c, plain)
    return _spell(text)


def _is_even(text: str) -> bool:
    """Whether an ordinary text has no white space to mend but blank lines."""
    return text[:1] not in (" ", "\n") and text[-1:] != " " and "  " not in text and _UNEVEN.search(text) is None


def _without_blank_lines(text: str) -> Shadow:
    if "\n\n" not in text:
        return Shadow(text, len(text))
    edits = Edits()
    lost = 0
    for match in _BLANK_LINES.finditer(text):
        start, end = match.span()
        edits.add(start - lost, start - lost + 1, start, end)
        lost += end - start - 1
    return Shadow(_BLANK_LINES.sub("\n", text), len(text), edits)


# --- lines ---------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its end: its shadow, and where in the line the visible part stands."""

    text: str
    start: int
    end: int
    edits: Edits | None = None


def _read_line(body: str) -> _Line:
    if body[:1] != " " and "  " not in body and _ODD.search(body) is None:
        return _Line(_fold_ordinary(body), 0, len(body))
    return _odd_line(body)


def _odd_line(body: str) -> _Line:
    edits = Edits()
    pieces: list[str] = []
    shadow = first = last = 0
    for match in _TOKEN.finditer(body):
        token = match.group()
        local: Edits | None = None
        value = _memo(token)
        if value is None:
            value, local = (_repair_short if len(token) <= _MEMO_LONGEST else _repair)(token)
        if not value:
            continue  # only invisible characters: they go with the gap
        if not pieces:
            first = match.start()
        else:
            if match.start() - last != 1:
                edits.add(shadow, shadow + 1, last, match.start())
            pieces.append(" ")
            shadow += 1
        if local is not None:
            edits.extend(local, shadow, match.start())
        pieces.append(value)
        shadow += len(value)
        last = match.end()
    return _Line("".join(pieces), first, last, edits)


class _Writer:
    """Joins the lines of a text into its shadow."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.edits = Edits()
        self.pieces: list[str] = []
        self.length = 0
        self.line_began = 0  # in the shadow, after the last line end that was kept
        self.done = 0  # in the original, after the last visible character

    def add(self, line: _Line, offset: int, line_ends: int) -> None:
        """Write ``line``, which starts at ``offset`` and ``line_ends`` after the one before."""
        start = offset + line.start
        if self.pieces:
            self._gap(start, line_ends == 1 and self._wraps(start))
        elif start:
            self.edits.add(0, 0, 0, start)
        if line.edits is not None:
            self.edits.extend(line.edits, self.length, offset)
        self.pieces.append(line.text)
        self.length += len(line.text)
        self.done = offset + line.end

    def _gap(self, start: int, soft: bool) -> None:
        if start - self.done != 1:
            self.edits.add(self.length, self.length + 1, self.done, start)
        self.pieces.append(" " if soft else "\n")
        self.length += 1
        if not soft:
            self.line_began = self.length

    def _wraps(self, start: int) -> bool:
        """Whether the line end before ``start`` stands inside a sentence."""
        if self.length - self.line_began < SOFT_WRAP_AT:
            return False
        last = self.pieces[-1][-1]
        if not (last.isalnum() or last == ","):
            return False
        while is_invisible(self.original[start]):
            start += 1
        # A text without capitals (a shadow, say) does not tell where sentences begin.
        return self.original[start].islower() and self._has_capitals

    @cached_property
    def _has_capitals(self) -> bool:
        return self.original not in (self.original.lower(), self.original.casefold())

    def finish(self) -> Shadow:
        if self.done != len(self.original):
            self.edits.add(self.length, self.length, self.done, len(self.original))
        edits = self.edits if self.edits.sa else None
        return Shadow("".join(self.pieces), len(self.original), edits)


def normalise(text: str) -> Shadow:
    r"""The shadow of ``text``: any string is accepted, lone surrogates and NUL included.

    The shadow is composed (NFC) and case-folded; tone placement, i/y, dashes, quotes and spaces
    have one form; invisible characters and white space at either end are gone; a run of line
    ends is one ``"\n"``, and a line end that only wraps a sentence is a space. Normalising a
    shadow again changes nothing.
    """
    if _ODD.search(text) is None and _is_even(text):
        return _without_blank_lines(_fold_ordinary(text))
    writer = _Writer(text)
    offset = line_ends = 0
    for raw in text.splitlines(keepends=True):
        line = _read_line(raw.rstrip())
        if line.text:
            writer.add(line, offset, line_ends)
            line_ends = 0
        offset += len(raw)
        line_ends += 1
    return writer.finish()
