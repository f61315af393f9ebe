"""Broadcast scripts: what is said, who says it, how long it takes.

A script is told by signs that nothing else has: two of them (*PTV:*, *Lời bình:*, *(Nhạc hiệu)*, a table with *Hình*
and *Lời*, the opening of a loudspeaker bulletin …), or one where the medium is known to be radio or television. What
is not said is masked; words on the screen are not, but take no time to say.

Airtime is what the sheet states, else the sum of its tapes or its duration column, else what its time codes span; else
it is estimated from syllables. Read aloud, Vietnamese runs at 5.2 syllables a second between pauses (Pellegrino,
Coupé, Marsico: A cross-language perspective on speech information rate, *Language* 87, 2011); with the pauses of
broadcast speech at 3.5 to 4.5, of which the middle is taken here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from mbncheck.model import Article, Span

if TYPE_CHECKING:
    from mbncheck.read.cues import Element

__all__ = ["SYLLABLES_A_SECOND", "as_script", "syllables"]

SYLLABLES_A_SECOND = 4.0
BROADCAST = ("phát thanh", "truyền thanh", "truyền hình", "radio", "tv", "television", "loudspeaker", "loa")
MOST_ROWS = 0.6  # of a table's rows must state their length for the sum to stand for all


def as_script(article: Article) -> Article:
    """``article`` with its masks, speakers and airtime where it is a broadcast script; else the article itself.

    An airtime that is known already stays. Facts of the sheet's head (when it is on air) fill what is not known.
    """
    text = article.text
    known = _is_broadcast(article)
    if not known and not _may_be_script(text):
        return article
    from mbncheck.read.cues import elements_of, strength

    elements = elements_of(text)
    if strength(text, elements) < (1 if known else 2):
        return article
    masked = _merged([*article.masked, *((one.start, one.end) for one in elements if one.kind != "opening")])
    script = replace(article, masked=masked, speakers=article.speakers or _speakers(text, elements, masked))
    return _dated(_timed(script, elements), elements)


# --- what lets ordinary articles through -----------------------------------------------------------------------

# How a line of a script starts, without bullets and in small letters; what follows is asked below.
_BEFORE_COLON = (
    "ptv", "mc", "btv", "phát", "biên tập viên", "dẫn chương trình", "người dẫn", "người đọc", "xướng", "ld", "lb",
    "vo", "lời", "phỏng vấn", "pb", "sync", "băng",
)  # fmt: skip
_BEFORE_COLON_SOON = ("nhạc", "tiếng", "hình", "cảnh", "chữ", "bảng chữ", "từ đầu", "đến cuối")
_ALONE = (
    "nhạc hiệu", "nhạc cắt", "nhạc nền", "trả băng", "thời lượng", "tổng thời lượng", "a lô", "alô", "hỡi",
    "thưa bà con", "thưa toàn thể", "thưa quý", "kính thưa", "kính chào", "bà con ơi", "bà con chú ý", "đây là đài",
)  # fmt: skip
_BEFORE_BAR = ("tt", "stt", "hình", "lời", "âm thanh", *"0123456789")
_IN_BRACKETS = (
    "nhạc", "tiếng", "trống", "hình", "cảnh", "cận", "toàn", "quay", "đọc", "phát", "lặp", "nhắc", "chậm", "băng",
    "giọng", "bảng chữ", "chữ", "thông báo", "chương trình", "đài", "kênh",
)  # fmt: skip
_BULLETS = " \t-–•*|"
_ODD_STARTS = frozenset(_BULLETS + "([0123456789")
_REACH, _SOON = 50, 16  # characters of a line in which its label ends


def _three_letters(*words: str) -> frozenset[str]:
    """The first three characters of lines that start with ``words``: small letters, with a capital, in capitals."""
    starts = {word[:3] if len(word) > 2 else word + after for word in words for after in ": (\t|0123456789"}
    return frozenset(form for start in starts for form in (start, start.capitalize(), start.upper()))


_STARTS = _three_letters(*_BEFORE_COLON, *_BEFORE_COLON_SOON, *_ALONE, "tt", "stt", "âm thanh")


def _may_be_script(text: str) -> bool:
    """Whether some line starts as hardly any but those of scripts do; quick, since every article is asked."""
    lines = [line for line in text.split("\n") if line[:3] in _STARTS or line[:1] in _ODD_STARTS]
    return any(map(_is_sign, lines))


def _is_sign(line: str) -> bool:
    start = line[:_REACH].lstrip(_BULLETS).lower()
    if start[:1] in ("(", "["):
        return start[1:].lstrip().startswith(_IN_BRACKETS)
    if start.startswith(_ALONE) or (start[2:3] == start[5:6] == ":" and start[:2].isdigit()):
        return True
    colon = start.find(":")
    if (colon >= 0 and start.startswith(_BEFORE_COLON)) or (
        0 <= colon < _SOON and start.startswith(_BEFORE_COLON_SOON)
    ):
        return True
    return ("|" in line or "\t" in line) and start.startswith(_BEFORE_BAR)


def _is_broadcast(article: Article) -> bool:
    if not (article.medium or article.genre):
        return False
    known = f"{article.medium or ''} {article.genre or ''}".lower()
    return any(word in known for word in BROADCAST)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _speakers(text: str, elements: Iterable[Element], masked: Iterable[Span]) -> tuple[tuple[int, int, str], ...]:
    """Who says which span: from a label to the next; words on the screen are nobody's."""
    turns = [(one.end, one.name) for one in elements if one.kind == "label"]
    turns += [(one.words[0], "") for one in elements if one.words]
    hidden = _merged([*masked, *(one.words for one in elements if one.words)])
    spoken = []
    following = sorted(turns)
    for (start, name), (end, _) in zip(following, [*following[1:], (len(text), "")], strict=False):
        said = _trimmed(text, start, end, hidden)
        if name and said:
            spoken.append((*said, name))
    return tuple(spoken)


def _trimmed(text: str, start: int, end: int, hidden: Iterable[Span]) -> Span | None:
    """The span without what is masked or blank at its ends."""
    said = [(left, right) for left, right in _between(start, end, hidden) if not text[left:right].isspace()]
    if not said:
        return None
    first, last = text[said[0][0] : said[0][1]], text[said[-1][0] : said[-1][1]]
    return said[0][0] + len(first) - len(first.lstrip()), said[-1][0] + len(last.rstrip())


def _between(start: int, end: int, hidden: Iterable[Span]) -> Iterator[Span]:
    for left, right in hidden:
        if right <= start or left >= end:
            continue
        if start < left:
            yield start, left
        start = max(start, right)
    if start < end:
        yield start, end


# --- how long it takes ------------------------------------------------------------------------------------------------


def _timed(article: Article, elements: tuple[Element, ...]) -> Article:
    if article.airtime is not None:
        return article
    seconds, way = _measured(elements)
    estimated = seconds is None
    if seconds is None:
        shown = [one.words for one in elements if one.words]
        seconds = syllables(article.text, (*article.masked, *shown)) / SYLLABLES_A_SECOND + _on_tape(elements)
        way = "syllables"
    return replace(
        article,
        airtime=round(seconds, 1),
        airtime_estimated=estimated,
        sources=(*article.sources, ("airtime", f"script: {way}")),
    )


def syllables(text: str, masked: Iterable[Span] = ()) -> int:
    """How many syllables it takes to say ``text`` but for the ``masked`` spans; a digit is taken for one."""
    return sum(len(_syllable().findall(text, *span)) for span in _between(0, len(text), _merged(masked)))


@cache
def _syllable() -> re.Pattern[str]:
    return re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+|\\d")  # a letter's marks may stand apart


def _measured(elements: tuple[Element, ...]) -> tuple[float | None, str]:
    """The airtime that the sheet tells, and how; ``None`` where it does not."""
    stated = [one.seconds for one in elements if one.kind == "head" and one.seconds]
    if stated:
        return stated[0], "stated"
    tapes = [one.seconds for one in elements if one.name == "tape" and one.seconds]
    if tapes:
        return sum(tapes), "tapes"
    rows = sum(one.kind == "label" and one.start == one.end for one in elements)
    column = [one.seconds for one in elements if one.kind == "table" and one.seconds]
    if column and len(column) >= MOST_ROWS * rows:
        return sum(column), "duration column"
    starts = [one.seconds for one in elements if one.kind == "time" and not one.name and one.seconds is not None]
    ends = [one.seconds for one in elements if one.kind == "time" and one.name and one.seconds is not None]
    if starts and ends and max(ends) > min(starts):
        return max(ends) - min(starts), "time codes"
    return None, ""


def _on_tape(elements: Iterable[Element]) -> float:
    return sum(one.seconds for one in elements if one.kind == "cue" and one.seconds)


def _dated(script: Article, elements: Iterable[Element]) -> Article:
    """What the head of the sheet says of the piece, where nothing else did."""
    from mbncheck.read.metadata import described

    facts = {
        one.name: script.text[script.text.index(":", one.start) + 1 : one.end].strip()
        for one in elements
        if one.kind == "head" and one.name
    }
    return described(script, facts, "script") if facts else script
