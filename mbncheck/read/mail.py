"""E-mail (.eml) with what is attached to it, and saved web pages in the same wrapping (.mhtml)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import cast

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.formats import read_source, within
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, decoded, facts_of, is_blank, with_headline
from mbncheck.read.web import article_in_page, declared_encoding, text_of_html


def read_mail(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """The message, under its subject, and then every article attached to it."""
    message = _message(source, options)
    subject, body = str(message["subject"] or ""), _body(message, options)
    attachments = list(message.iter_attachments())
    if not is_blank(body):
        facts = facts_of(
            (
                ("title", subject),
                ("author", _name(str(message["from"] or ""))),
                ("date", message["date"]),
                ("to", message["to"]),
            )
        )
        yield described(Article(with_headline(subject, body)), facts, "mail header")
    elif not attachments:
        raise refusals.no_text()
    for number, attachment in enumerate(attachments, 1):
        if number > options.max_members:
            raise refusals.too_many_members(options.max_members)
        name = attachment.get_filename() or f"{number}"
        for found in _attached(attachment, name, source.depth + 1, options):
            yield within(found, name)


def read_saved_page(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article of a web page that was saved with its pictures as one file."""
    message = _message(source, options)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise refusals.misnamed(source.suffix)
    raw = _bytes(page)
    known = facts_of((("url", message["snapshot-content-location"] or page["content-location"]),))
    yield article_in_page(decoded(raw, options, page.get_content_charset() or declared_encoding(raw)), known)


def _message(source: Source, options: ReadOptions) -> EmailMessage:
    return message_from_bytes(source.whole(options.max_document_bytes), policy=policy.default)


def _body(message: EmailMessage, options: ReadOptions) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    raw = _bytes(part)
    text = decoded(raw, options, part.get_content_charset()).text.replace("\r\n", "\n") if raw.strip() else ""
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _name(sender: str) -> str:
    """The sender's name, or address where there is none."""
    name, address = parseaddr(sender)
    return name or address


def _attached(attachment: EmailMessage, name: str, depth: int, options: ReadOptions) -> Iterator[Article | Rejected]:
    if depth > options.max_depth:
        yield refusals.too_deep(options.max_depth).rejected()
        return
    if attachment.get_content_type() == "message/rfc822":
        raw, name = cast(EmailMessage, attachment.get_content()).as_bytes(), "forwarded.eml"
    else:
        raw = _bytes(attachment)
    yield from read_source(Source(name, io.BytesIO(raw), len(raw), depth), options)


def _bytes(part: Message) -> bytes:
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""
