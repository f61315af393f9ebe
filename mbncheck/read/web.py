"""Web pages as browsers and archives save them, and pieces of HTML inside other formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, article_of, decoded, facts_of, joined, with_headline
from mbncheck.text.encodings import Decoded

_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_.:-]+)|^\s*<\?xml[^>]+encoding=["']([a-z0-9_.:-]+)""", re.I
)
_HEAD = 4096
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
        " header hr li main nav ol p pre section table tbody td tfoot th thead tr ul",
    )
)
_UNSEEN = frozenset({"script", "style", "template", "noscript", "head", "title"})


def read_page(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article of a saved web page, without what surrounds it."""
    raw = source.whole(options.max_bytes)
    yield article_in_page(decoded(raw, options, declared_encoding(raw)))


def article_in_page(page: Decoded, known: Mapping[str, str] | None = None) -> Article:
    """The article of a page, under its headline; ``known`` is what is known of the page from elsewhere.

    Raises ``Refused`` where there is no article in it.
    """
    from trafilatura import bare_extraction

    found = bare_extraction(
        page.text,
        url=(known or {}).get("url"),
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},  # what is said, nothing guessed
    )
    body = getattr(found, "text", None)
    if not found or not body:
        raise refusals.Refused(
            "không tìm thấy bài viết trong trang web",
            "no article found in the web page",
            "hãy chép phần bài ra tệp .docx hoặc .txt",
            "copy the article into a .docx or .txt file",
        )
    names = ("title", "author", "date", "sitename", "hostname", "url", "description", "categories", "tags")
    facts = facts_of((name, _scalar(getattr(found, name, None))) for name in names)
    article = article_of(page, with_headline(facts.get("title"), body))
    return described(article, {**facts, **(known or {})}, "html meta")


def text_of_html(html: str) -> str:
    """All that a piece of HTML shows, a block a line."""
    from lxml import html as lxml_html

    if not html.strip():
        return ""
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    return joined(*(" ".join(line.split()) for line in "".join(_shown(root)).split("\n")))


def declared_encoding(raw: bytes) -> str | None:
    """The encoding that a page says it is in."""
    found = _DECLARED.search(raw, 0, _HEAD)
    return (found[1] or found[2]).decode("ascii").lower() if found else None


def _shown(element: Any) -> Iterator[str]:
    if isinstance(element.tag, str) and element.tag not in _UNSEEN:
        around = "\n" if element.tag in _BLOCKS else ""
        yield around + re.sub(r"\s+", " ", element.text or "")
        for child in element:
            yield from _shown(child)
            yield re.sub(r"\s+", " ", child.tail or "")
        yield around


def _scalar(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
