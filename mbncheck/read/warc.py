"""WARC files: the pages and documents that a web archive holds; pictures, styles and scripts are passed over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.formats import read_source, within
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.source import Source, decoded, facts_of
from mbncheck.read.web import article_in_page, declared_encoding

_PAGES = ("text/html", "application/xhtml+xml")
_DOCUMENTS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/plain": ".txt",
}


def read_warc(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every page and document that was answered with 200, by its address."""
    from warcio.archiveiterator import ArchiveIterator

    if source.size > options.max_archive_bytes:
        raise refusals.too_large(options.max_archive_bytes)
    number = 0
    for record in ArchiveIterator(source.stream):
        kind = _kind(record)
        if kind not in _PAGES and kind not in _DOCUMENTS:
            continue
        number += 1
        if number > options.max_members:
            raise refusals.too_many_members(options.max_members)
        address = record.rec_headers.get_header("WARC-Target-URI") or str(number)
        for found in _record(record, kind, address, source.depth + 1, options):
            yield within(found, address)


def _kind(record: Any) -> str:
    """The media type of a record that holds an answer; empty for any other."""
    if record.rec_type == "resource":
        written = record.rec_headers.get_header("Content-Type")
    elif record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
        written = record.http_headers.get_header("Content-Type")
    else:
        written = None
    return (written or "").partition(";")[0].strip().lower()


def _record(record: Any, kind: str, address: str, depth: int, options: ReadOptions) -> Iterator[Article | Rejected]:
    limit = options.max_bytes if kind in _PAGES else options.max_document_bytes
    raw = record.content_stream().read(limit + 1)
    try:
        if len(raw) > limit:
            raise refusals.too_large(limit)
        if getattr(record.raw_stream, "limit", 0) > 0:  # bytes that were promised and are not there
            raise refusals.damaged("WARC", "WARC")
        if kind in _PAGES:
            known = facts_of((("url", address), ("retrieved", record.rec_headers.get_header("WARC-Date"))))
            yield article_in_page(decoded(raw, options, declared_encoding(raw)), known)
            return
    except Refused as refused:
        yield refused.rejected()
        return
    name = urlsplit(address).path.rpartition("/")[2] or "page"
    suffix = _DOCUMENTS[kind]
    named = name if name.lower().endswith(suffix) else name + suffix
    yield from read_source(Source(named, io.BytesIO(raw), len(raw), depth), options)
