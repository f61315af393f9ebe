"""News industry formats: IPTC ninjs (JSON), NewsML-G2 and NITF (XML); and lists of articles in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.rows import article_of_record
from mbncheck.read.source import Source, decoded, facts_of, joined, with_headline
from mbncheck.read.web import text_of_html

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NINJS = ("headline", "headlines", "body_text", "body_html", "body_xhtml", "bodies")
_PARAGRAPHS = frozenset({"p", "hl2", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "blockquote", "pre"})


def read_json(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """The news item of a ninjs file; or every object of a list, as one row of a table each."""
    try:
        data = json.loads(decoded(source.whole(options.max_document_bytes), options).text)
    except (ValueError, RecursionError):
        raise refusals.damaged("JSON", "JSON") from None
    if isinstance(data, Mapping):
        items: list[Any] = data["items"] if isinstance(data.get("items"), list) else [data]
    else:
        items = data if isinstance(data, list) else []
    if not items or not all(isinstance(item, Mapping) for item in items):
        raise refusals.unknown_format()
    if len(items) > options.max_members:
        raise refusals.too_many_members(options.max_members)
    for number, item in enumerate(items, 1):
        origin = str(number) if len(items) > 1 else ""
        yield _ninjs(item, origin) if any(key in item for key in _NINJS) else article_of_record(item, origin, options)


def _ninjs(item: Mapping[str, Any], origin: str) -> Article:
    """One ninjs item, of version 1 (``headline``, ``body_html``) or later (``headlines``, ``bodies``)."""
    headline = str(item.get("headline") or _first(item.get("headlines"), "value"))
    html = item.get("body_html") or item.get("body_xhtml")
    body = str(item.get("body_text") or "") or text_of_html(str(html or _first(item.get("bodies"), "value")))
    places = item.get("place") or item.get("places")
    facts = facts_of(
        (
            *item.items(),
            ("title", headline),
            ("author", item.get("byline") or item.get("by")),
            ("outlet", item.get("copyrightholder") or item.get("copyrightHolder")),
            ("published", item.get("firstcreated") or item.get("firstCreated") or item.get("versioncreated")),
            ("locality", item.get("located") or _first(places, "name")),
            ("genre", _first(item.get("genre") or item.get("genres"), "name")),
        )
    )
    for told in ("body_text", "body_html", "body_xhtml"):
        facts.pop(told, None)
    return described(Article(with_headline(headline, body), origin=origin), facts, "ninjs")


def _first(items: Any, key: str) -> Any:
    """``key`` of the first of ``items``, where there is such a thing."""
    return (
        next((item.get(key, "") for item in items if isinstance(item, Mapping)), "") if isinstance(items, list) else ""
    )


def read_newsml(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every text item of a NewsML-G2 file (``newsItem``, alone or in a ``newsMessage``)."""
    root = parsed(source, options)
    items = [element for element in root.iter() if name_of(element) == "newsItem"]
    for number, item in enumerate(items[: options.max_members], 1):
        yield _newsml(item, str(number) if len(items) > 1 else "")
    if len(items) > options.max_members:
        raise refusals.too_many_members(options.max_members)


def _newsml(item: Element, origin: str) -> Article:
    headline = _text(item, "contentMeta", "headline")
    content = _find(item, "contentSet")
    plain = "" if content is None else _text(content, "inlineData")
    body = plain or ("" if content is None else joined(*_lines(content)))
    facts = {
        "title": headline,
        "author": _text(item, "contentMeta", "by") or _text(item, "contentMeta", "creator", "name"),
        "outlet": _text(item, "rightsInfo", "copyrightHolder", "name") or _text(item, "itemMeta", "provider", "name"),
        "published": _text(item, "contentMeta", "contentCreated") or _text(item, "itemMeta", "versionCreated"),
        "locality": _text(item, "contentMeta", "located", "name"),
        "genre": _text(item, "contentMeta", "genre", "name"),
    }
    return described(Article(with_headline(headline, body), origin=origin), facts_of(facts.items()), "NewsML-G2")


def read_nitf(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article of a NITF file."""
    root = parsed(source, options)
    content = _find(root, "body.content")
    headline = _text(root, "hedline", "hl1") or _text(root, "head", "title")
    issued = _find(root, "date.issue")
    facts = {
        "title": headline,
        "author": _text(root, "byline"),
        "locality": _text(root, "dateline", "location"),
        "published": "" if issued is None else issued.get("norm", ""),
        "outlet": _text(root, "doc.copyright") or _attribute(root, "doc.copyright", "holder"),
    }
    body = "" if content is None else joined(*_lines(content))
    yield described(Article(with_headline(headline, body)), facts_of(facts.items()), "NITF")


def parsed(source: Source, options: ReadOptions) -> Element:
    """The root of an XML file, which may declare no entities. Raises ``Refused``."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring

    raw = source.whole(options.max_bytes)
    try:
        root: Element = fromstring(raw, forbid_dtd=False)
    except ParseError:
        raise refusals.damaged("XML", "XML") from None
    except ValueError as error:  # defusedxml's own errors
        raise refusals.forbidden_xml() from error
    return root


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find(element: Element, *path: str) -> Element | None:
    """The first element below ``element`` on ``path``, at any depth, whatever the namespaces."""
    found: Element | None = element
    for name in path:
        found = next((inner for inner in found.iter() if name_of(inner) == name), None) if found is not None else None
    return found


def _text(element: Element, *path: str) -> str:
    found = _find(element, *path)
    return "" if found is None else _line(found)


def _attribute(element: Element, name: str, attribute: str) -> str:
    found = _find(element, name)
    return "" if found is None else found.get(attribute, "")


def _lines(element: Element) -> Iterable[str]:
    """The paragraphs below ``element``: an element that holds text directly is one, whatever it is called."""
    if name_of(element) in ("head", "style", "script", "media", "hedline"):
        return
    if name_of(element) in _PARAGRAPHS or (element.text or "").strip():
        yield _line(element)
        return
    for child in element:
        yield from _lines(child)


def _line(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
