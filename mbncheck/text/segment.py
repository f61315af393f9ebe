"""Sentences and words: underthesea, made safe and held to offsets of the original text.

underthesea rewrites characters, takes exponential time on some strings and works on whole strings
only. Here its sentence and token rules and its model run over bounded, cleaned pieces whose every
character knows where it came from. Any string is accepted; nothing raises on odd characters.

underthesea is imported on the first call, not with this module.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mbncheck.text.normalise import cluster_end, compose, is_invisible, normalise
from mbncheck.text.segmenter import segmenter
from mbncheck.text.shadow import Shadow

__all__ = ["lines", "sentences", "sentences_of_line", "words"]

Span = tuple[int, int]

_LONGEST_PIECE = 2_000
_LONGEST_SENTENCE = 4_000
_LONGEST_RUN = 60
"""Characters without a space between; longer runs never reach underthesea's patterns."""


# --- clean text that knows where it came from ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Clean:
    """Composed text without invisible characters, and the original span of each character."""

    text: str
    offset: int
    starts: array[int] | None = None
    ends: array[int] | None = None

    def original(self, start: int, end: int) -> Span:
        """The span of a non-empty span of ``text``."""
        if self.starts is None or self.ends is None:
            return self.offset + start, self.offset + end
        return self.offset + self.starts[start], self.offset + self.ends[end - 1]


def _originals(clean: _Clean, spans: Iterable[Span]) -> list[Span]:
    """The spans in the original; two that share a letter and its marks become one."""
    found: list[Span] = []
    for span in spans:
        start, end = clean.original(*span)
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


_HIDDEN = re.compile("[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f\\xad\\u0300-\\u036f\\u0600-\\u061c\\u180b-\\u180f"
                     "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ud800-\\udfff\\ufe00-\\ufe0f"
                     "\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]")  # fmt: skip
_SPACE = re.compile(r"[^\S ]")
_SAME_LENGTH = {ord("ð"): "đ", ord("Ð"): "Đ", ord("Ɖ"): "Đ"}


def _clean(text: str, start: int, end: int) -> _Clean:
    part = text[start:end]
    if _HIDDEN.search(part) is None and unicodedata.is_normalized("NFC", part):
        return _Clean(_SPACE.sub(" ", part).translate(_SAME_LENGTH), start)
    pieces: list[str] = []
    starts, ends = array("I"), array("I")
    at = 0
    while at < len(part):
        if is_invisible(part[at]) and not part[at].isspace():
            at += 1
            continue
        stop = at + 1 if part[at].isspace() else cluster_end(part, at)
        piece = _SPACE.sub(" ", compose(part[at:stop])).translate(_SAME_LENGTH)
        pieces.append(piece)
        starts.extend([at] * len(piece))
        ends.extend([stop] * len(piece))
        at = stop
    return _Clean("".join(pieces), start, starts, ends)


def _bounded(text: str, limit: int) -> Iterator[Span]:
    """Pieces of at most ``limit`` characters, cut after a sentence if possible, else at a space."""
    start = 0
    while len(text) - start > limit:
        cuts = (text.rfind(mark, start + limit // 2, start + limit) for mark in (". ", "? ", "! "))
        cut = max(cuts) + 1 or text.rfind(" ", start + limit // 2, start + limit)
        cut = cut if cut > start else start + limit
        yield start, cut
        start = cut
    if start < len(text):
        yield start, len(text)


# --- sentences -----------------------------------------------------------------------------------

_NO_SENTENCE_INSIDE = re.compile(rf"(?:https?:|ftp:|www\.)\S*\w|[\w.+-]{{1,64}}@\S*\w|\S{{{2 * _LONGEST_RUN},}}")
_CLOSING = "\"”’»)]'"
_CLOSERS = re.compile(rf"[{re.escape(_CLOSING)}]+(?=\s|$)")
_ELLIPSIS = re.compile(rf"…[{re.escape(_CLOSING)}]*(\s+)(?=[\"“‘«(-]*\s?[^\W\d_])")
_TOKEN_EDGE = re.compile(r"[\s\"“”‘’()\[\]]")
_TAIL = 80
"""Characters before a sentence end that are looked at."""
_OPENING_WORD = re.compile(r"[\"“‘«(\s–-]*(\w?)")
_ENUMERATOR = re.compile(r"[\"“(]?(?:\d{1,3}|[IVXivx]{1,4}|[A-Za-zđĐ])(?:\.\d{1,2})*[.)]+")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]")
_INITIAL_FIRST = re.compile(r"[A-ZĐ]\.|\(")
# fmt: off
_TITLES = frozenset((
    "tp", "tx", "tt", "gs", "pgs", "ts", "ths", "bs", "ks", "ls", "cn", "đ/c", "đc", "mr", "mrs",
    "ms", "dr", "st", "nxb", "kp", "kts", "nsưt", "nsnd",
))
# fmt: on


def sentences(text: str, shadow: Shadow | None = None) -> list[Span]:
    """The sentences of ``text``, in order, as half-open offsets into it.

    They do not overlap, and neither begin nor end with white space. A line end is a sentence end
    unless it only wraps a line (``normalise`` decides); pass ``shadow`` if it is at hand.
    """
    if shadow is None:
        shadow = normalise(text)
    return [span for line in lines(shadow) for span in sentences_of_line(text, *line)]


def lines(shadow: Shadow) -> list[Span]:
    """The lines of a text, soft wraps joined, as half-open offsets into the original; empty ones left out."""
    spans: list[Span] = []
    start = 0
    for line in shadow.text.split("\n"):
        if line:
            spans.append(shadow.original(start, start + len(line)))
        start += len(line) + 1
    return spans


def sentences_of_line(text: str, start: int, end: int) -> list[Span]:
    """The sentences of the line ``text[start:end]``, in order, as half-open offsets into ``text``."""
    clean = _clean(text, start, end)
    return [clean.original(a, b) for a, b in _sentences_in(clean.text)]


def _sentences_in(line: str) -> list[Span]:
    masked = _NO_SENTENCE_INSIDE.sub(lambda match: "x" * len(match.group()), line)
    found: list[Span] = []
    for start, end in _bounded(masked, _LONGEST_PIECE):
        for a, b in _split(masked, start, end):
            if found and _belong_together(line, found[-1], (a, b)):
                found[-1] = found[-1][0], b
            else:
                found.append((a, b))
    return found


def _split(line: str, start: int, end: int) -> Iterator[Span]:
    """Underthesea's sentences in ``line[start:end]``, closing quotes given back to their owner."""
    seek = owned = start
    for sentence in segmenter().split(line[start:end]):
        a = line.index(sentence, seek, end)
        b = seek = a + len(sentence)
        a = max(a, owned)
        a += len(line[a:b]) - len(line[a:b].lstrip())
        closers = _CLOSERS.match(line, b, end)
        owned = closers.end() if closers else b
        if a < b:
            yield from _split_at_ellipses(line, a, owned)


def _split_at_ellipses(line: str, start: int, end: int) -> Iterator[Span]:
    for match in _ELLIPSIS.finditer(line, start, end):
        if _opens_with_capital(line[match.end() : match.end() + 4]):
            yield start, match.start(1)
            start = match.end()
    if start < end:
        yield start, end


def _opens_with_capital(text: str) -> bool:
    match = _OPENING_WORD.match(text)
    return match is not None and match[1].isupper()


def _belong_together(line: str, left: Span, right: Span) -> bool:
    """Whether the end underthesea saw between two stretches of ``line`` is none."""
    before, after = line[max(left[0], left[1] - _TAIL) : left[1]], line[right[0] : right[1]]
    if not any(map(str.isalnum, after)) or not any(map(str.isalnum, before)):
        return True
    unquoted = before.rstrip(_CLOSING)
    bare = unquoted.rstrip(".?!…")
    if bare == unquoted or _ENUMERATOR.fullmatch(before):
        return True
    token = _TOKEN_EDGE.split(bare)[-1]
    if left[1] == right[0]:
        return not (_ends_a_sentence(token) and _opens_with_capital(after))
    if after[0] in ",;:)":
        return True
    if unquoted != before:
        return after[0].islower()  # "Sao?" chị hỏi
    return before[-2:-1] != "." and before[-1] == "." and _is_abbreviation(token, after)


def _is_abbreviation(token: str, after: str) -> bool:
    """Whether a full stop between ``token`` and ``after`` shortens a word: TP. Huế, N.T. H., V.Q. (41 tuổi)."""
    last = token.rpartition(".")[2]
    if last.lower() in _TITLES or (_INITIALS.fullmatch(token) and _INITIAL_FIRST.match(after)):
        return True
    return after[0].islower() and (len(last) <= 1 or not last.islower()) and not last.isdigit()


def _ends_a_sentence(token: str) -> bool:
    """Whether a word before a full stop without a space is one that can end a sentence."""
    if "." in token:
        return False
    return token.isdigit() or (len(token) >= 2 and token.islower())


# --- words ---------------------------------------------------------------------------------------

_RUN = re.compile(r"\S+")
_URL_SIGN = re.compile(r"(?:ftp|http)s?:|\.[a-z]{2,13}/")
_URL = re.compile(r"(?:(?:ftp|http)s?:|[a-z0-9.\-]*\.[a-z]{2,13}/)[^\s()<>{}\[\]]*")
_LONG_URL = re.compile(r"(?:ftp|http)s?:[^\s()<>{}\[\]]*")
_URL_END = "`!()[]{};:'\".,<>?«»“”‘’"
_GLUED = re.compile(r"\w+|[^\w\s]+")
_MISREAD_TITLE = re.compile(r"Th[^.][sS](?=\w)")
_WORD = re.compile(r"\w+")
_UNUSUAL = re.compile(rf"\S{{{_LONGEST_RUN + 1},}}|{_URL_SIGN.pattern}|Th[^.][sS]\w")
"""What ``_tokens`` has to look after; nearly all sentences have none of it."""


def words(text: str, start: int, end: int) -> list[Span]:
    """The words of the sentence ``text[start:end]`` as half-open offsets into ``text``.

    Words are underthesea's: of one syllable or several ("buôn bán"), punctuation marks included.
    A word may hold white space, never at its ends.
    """
    clean = _clean(text, start, end)
    pieces = _bounded(clean.text, _LONGEST_SENTENCE)
    return _originals(clean, (span for piece in pieces for span in _words_in(clean.text, *piece)))


def _words_in(text: str, start: int, end: int) -> list[Span]:
    engine = segmenter()
    if _UNUSUAL.search(text, start, end):
        tokens = list(_tokens(text, start, end, engine.token_pattern))
    else:
        tokens = [match.span() for match in engine.token_pattern.finditer(text, start, end)]
    if not tokens:
        return []
    written = [engine.normalise_token(text[a : min(b, a + _LONGEST_RUN)]) for a, b in tokens]
    joined: list[Span] = []
    for (a, b), tag in zip(tokens, engine.tag(written), strict=True):
        if tag == "I-W" and joined:
            joined[-1] = joined[-1][0], b
        else:
            joined.append((a, b))
    return joined


def _tokens(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Underthesea's tokens in ``text[start:end]``; what would hang its patterns is set aside."""
    ordinary = start  # where the stretch began that its patterns may see
    for run in _RUN.finditer(text, start, end):
        at, stop = run.span()
        url_pattern = _URL if stop - at <= _LONGEST_RUN else _LONG_URL
        while _URL_SIGN.search(text, at, stop) and (url := url_pattern.search(text, at, stop)):
            if url.start() - at > _LONGEST_RUN:
                break
            yield from _matches(text, ordinary, url.start(), pattern)
            at = ordinary = url.start() + max(1, len(url.group().rstrip(_URL_END)))
            yield url.start(), at
        if stop - at > _LONGEST_RUN:
            yield from _matches(text, ordinary, at, pattern)
            yield from _glued(text, at, stop)
            ordinary = stop
    yield from _matches(text, ordinary, end, pattern)


def _glued(text: str, start: int, end: int) -> Iterator[Span]:
    """Parts of a run too long for a word: sentences without spaces; else the run itself."""
    parts = [match.span() for match in _GLUED.finditer(text, start, end)]
    if 3 * len(parts) > end - start:
        yield start, end
    else:
        yield from parts


def _matches(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Span]:
    while (match := pattern.search(text, start, end)) is not None:
        # "Th.S" is written as an open pattern there and takes "Th s" out of "Th sống".
        if _MISREAD_TITLE.match(text, match.start(), end) and match.end() - match.start() == 4:
            match = _WORD.match(text, match.start(), end) or match
        yield match.span()
        start = max(match.end(), start + 1)
