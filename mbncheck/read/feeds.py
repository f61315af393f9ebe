"""RSS and Atom files: every entry is an article."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, facts_of, joined, with_headline
from mbncheck.read.web import text_of_html


def read_feed(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every entry of a feed, with all the text that the feed gives of it."""
    import feedparser

    raw = source.whole(options.max_bytes)
    _refuse_entities(raw)
    feed = feedparser.parse(io.BytesIO(raw), resolve_relative_uris=False, sanitize_html=False)
    if not feed.entries:
        raise refusals.no_text()
    outlet = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        if number > options.max_members:
            raise refusals.too_many_members(options.max_members)
        yield _article(entry, outlet, str(number))


def _article(entry: Any, outlet: str | None, origin: str) -> Article:
    headline = text_of_html(entry.get("title", ""))
    summary = text_of_html(entry.get("summary", ""))
    full = joined(*(text_of_html(content.value) for content in entry.get("content", ())))
    body = full if summary in full else joined(summary, full)
    day = entry.get("published_parsed") or entry.get("updated_parsed")
    facts = facts_of(
        (
            ("title", headline),
            ("author", entry.get("author")),
            ("outlet", outlet),
            ("published", "{}-{:02}-{:02}".format(*day[:3]) if day else entry.get("published")),
            ("category", ", ".join(tag.term for tag in entry.get("tags", ()) if tag.term)),
            ("url", entry.get("link")),
        )
    )
    return described(Article(with_headline(headline, body), origin=origin), facts, "feed")


def _refuse_entities(raw: bytes) -> None:
    """Raise ``Refused`` where the XML declares entities; XML that is merely wrong is the feed library's matter."""
    from xml.sax import SAXException
    from xml.sax.handler import ContentHandler

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    try:
        parseString(raw, ContentHandler())
    except DefusedXmlException:
        raise refusals.forbidden_xml() from None
    except SAXException:
        return
