"""What was read of a file and why, for people and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from mbncheck.locale import number, printable, say
from mbncheck.model import Article, Rejected
from mbncheck.read.cues import Kind, elements_of
from mbncheck.read.metadata import FIELDS
from mbncheck.read.scripts import syllables
from mbncheck.report.json import note_as_dict, rejected_as_dict

Inspected = tuple[str, Article] | Rejected
"""The format of a file and an article of it, or what could not be read."""

KINDS: tuple[Kind, ...] = ("label", "cue", "time", "head", "table", "caption", "opening")


def inspected_as_dict(format: str, article: Article) -> dict[str, Any]:
    """What was read of one article, as plain data; its text stays out. Airtime in seconds, offsets half-open."""
    sources = dict(article.sources)
    fields = {name: getattr(article, name) for name in FIELDS}
    return {
        "id": article.id,
        "origin": article.origin,
        "format": format,
        "encoding": article.encoding or None,
        "confidence": article.confidence,
        "characters": len(article.text),
        "syllables": syllables(article.text, article.masked),
        "metadata": {
            name: {"value": _plain(value), "source": sources.get(name)}
            for name, value in fields.items()
            if value is not None
        },
        "airtime_estimated": article.airtime_estimated,
        "script": script_elements(article),
        "masked": [list(span) for span in article.masked],
        "speakers": [{"start": start, "end": end, "name": name} for start, end, name in article.speakers],
        "paragraphs": [{"start": start, "end": end, "place": place} for start, end, place in article.paragraphs],
        "notes": [note_as_dict(note) for note in article.notes],
    }


def script_elements(article: Article) -> dict[str, int]:
    """How many of each kind of element a script has; nothing for an ordinary article."""
    if not (article.masked or article.speakers or article.airtime_estimated):
        return {}
    counted = Counter(one.kind for one in elements_of(article.text) if one.start < one.end)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_inspection(found: Iterable[Inspected], out: TextIO) -> int:
    """Write one JSON document (``articles``, ``rejected``); returns how many could not be read."""
    articles, rejected = [], []
    for item in found:
        if isinstance(item, Rejected):
            rejected.append(rejected_as_dict(item))
        else:
            articles.append(inspected_as_dict(*item))
    json.dump({"articles": articles, "rejected": rejected}, out, ensure_ascii=False, indent=2)
    out.write("\n")
    return len(rejected)


def show_inspection(found: Iterable[Inspected], lang: str, *, color: bool = True) -> int:
    """Print what was read, article by article, then the sums; returns how many could not be read."""
    console = Console(no_color=not color, highlight=False, soft_wrap=True)
    read = rejected = 0
    for item in found:
        if isinstance(item, Rejected):
            rejected += 1
            reason, remedy = (item.reason_en, item.remedy_en) if lang == "en" else (item.reason_vi, item.remedy_vi)
            console.print(Text(say(lang, "rejected", path=item.place, reason=reason, remedy=remedy), style="red"))
        else:
            read += 1
            console.print(Text(printable(item[1].id) or "-", style="bold"))
            for title, value in _lines(*item, lang):
                console.print(Text(f"  {title}: ", style="dim").append(printable(value), style=""))
            for note in item[1].notes:
                console.print(Text(f"  {note.code}: {printable(note.message(lang))}", style="yellow"))
    if read + rejected > 1:
        console.print(Text(say(lang, "inspect_summary", read=read, rejected=rejected)))
    return rejected


def _lines(format: str, article: Article, lang: str) -> Iterator[tuple[str, str]]:
    yield say(lang, "inspect_format"), format
    if article.encoding:
        confidence = say(lang, "inspect_confidence", percent=number(lang, int(100 * article.confidence)))
        yield say(lang, "inspect_encoding"), f"{article.encoding} ({confidence})"
    size = {"characters": number(lang, len(article.text))}
    size["syllables"] = number(lang, syllables(article.text, article.masked))
    yield say(lang, "inspect_text"), say(lang, "inspect_size", **size)
    sources = dict(article.sources)
    for name in FIELDS:
        value = getattr(article, name)
        if value is not None:
            shown = _airtime(article, lang) if name == "airtime" else str(_plain(value))
            yield (
                say(lang, f"inspect_{name}"),
                f"{shown} ← {_source(sources[name], lang)}" if name in sources else shown,
            )
    if article.paragraphs:
        rows = sum(place.startswith("t") for _, _, place in article.paragraphs)
        counted = {"paragraphs": len(article.paragraphs) - rows, "rows": rows}
        yield say(lang, "inspect_paragraphs"), say(lang, "inspect_counted", **counted)
    if elements := script_elements(article):
        yield (
            say(lang, "inspect_script"),
            ", ".join(f"{say(lang, f'inspect_{kind}')}: {count}" for kind, count in elements.items()),
        )
    if article.speakers:
        turns = Counter(name for _, _, name in article.speakers)
        yield say(lang, "inspect_speakers"), ", ".join(f"{name} ({count})" for name, count in turns.items())


def _source(source: str, lang: str) -> str:
    """Where a field was found, in the reader's language; the key is shown as the file has it."""
    place, _, key = source.partition(": ")
    known = {"vi": _PLACES_VI, "en": {}}[lang]
    return f"{known.get(place, place)}: {known.get(key, key)}" if key else known.get(place, place)


_PLACES_VI = {
    "front matter": "phần đầu tệp",
    "column": "cột",
    "layout": "đường dẫn",
    "settings": "cấu hình",
    "script": "kịch bản",
    "docx properties": "thuộc tính tệp Word",
    "odt properties": "thuộc tính tệp ODT",
    "rtf properties": "thuộc tính tệp RTF",
    "pdf properties": "thuộc tính tệp PDF",
    "html meta": "thẻ meta của trang",
    "mail header": "phần đầu thư",
    "feed": "nguồn tin",
    "stated": "ghi trong kịch bản",
    "tapes": "thời lượng băng",
    "duration column": "cột thời lượng",
    "time codes": "mã thời gian",
    "syllables": "số âm tiết",
}


def _airtime(article: Article, lang: str) -> str:
    minutes, seconds = divmod(round(article.airtime or 0), 60)
    shown = say(lang, "inspect_minutes", minutes=minutes, seconds=seconds)
    return f"{shown} ({say(lang, 'inspect_estimated')})" if article.airtime_estimated else shown
