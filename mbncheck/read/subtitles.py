"""Subtitles (.srt, .vtt): cues joined into sentences, airtime from their time codes."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, article_of, decoded

if TYPE_CHECKING:
    from webvtt import Caption
    from webvtt.models import Timestamp

_SENTENCE_ENDS = (".", "!", "?", "…", '."', ".”", "!”", "?”")
PAUSE = 3.0  # seconds without a word, after which another paragraph begins, full stop or not

Turn = tuple[int, int, str]


def read_srt(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The piece that SRT subtitles are of."""
    yield _article(source, options, "srt")


def read_vtt(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The piece that WebVTT subtitles are of; ``<v Name>`` names the speaker."""
    yield _article(source, options, "vtt")


def _article(source: Source, options: ReadOptions, kind: str) -> Article:
    from webvtt import WebVTT

    found = decoded(source.whole(options.max_bytes), options)
    captions: list[Caption] = WebVTT.from_buffer(io.StringIO(found.text), format=kind).captions
    if not captions:
        raise refusals.no_text()
    spoken, speakers = _joined(captions)
    airtime = _seconds(captions[-1].end_time) - _seconds(captions[0].start_time)
    return replace(
        article_of(found, spoken),
        airtime=max(airtime, 0.0),
        speakers=speakers,
        sources=(("airtime", "time codes"),),
    )


def _joined(captions: list[Caption]) -> tuple[str, tuple[Turn, ...]]:
    """The cues as running text, a line for each sentence, speaker and silence; and who speaks from where to where."""
    text = ""
    turns: list[Turn] = []
    before: Caption | None = None
    for caption in captions:
        words = " ".join(html.unescape(caption.text).split())
        if not words:
            continue
        if before is not None:
            text += "\n" if _ends_a_line(text, before, caption) else " "
        start = len(text)
        text += words
        if caption.voice and turns and before is not None and before.voice == caption.voice:
            start, _, _ = turns.pop()
        if caption.voice:
            turns.append((start, len(text), caption.voice))
        before = caption
    return text, tuple(turns)


def _ends_a_line(text: str, before: Caption, after: Caption) -> bool:
    silence = _seconds(after.start_time) - _seconds(before.end_time)
    return text.endswith(_SENTENCE_ENDS) or silence >= PAUSE or before.voice != after.voice


def _seconds(time: Timestamp) -> float:
    return time.in_milliseconds() / 1000
