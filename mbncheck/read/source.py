"""What a reader is handed, wherever it came from: a file, a member of an archive, an attachment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO

from mbncheck.errors import EncodingError
from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.options import ReadOptions
from mbncheck.text.encodings import Decoded, decode

HEAD = 4096
HIDDEN = (".", "~$")  # how names begin that are not meant for people: hidden files, the marks of files open in Word


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name; ``depth`` counts the archives around them."""

    name: str
    stream: BinaryIO
    size: int
    depth: int = 0

    @property
    def suffix(self) -> str:
        """The end of the name, in small letters, with its dot."""
        return os.path.splitext(self.name)[1].lower()

    def head(self) -> bytes:
        """The first bytes; the stream stands at its start again."""
        head = self.stream.read(HEAD)
        self.stream.seek(0)
        return head

    def whole(self, limit: int) -> bytes:
        """All bytes. Raises ``Refused`` where there are more than ``limit``."""
        if self.size > limit:
            raise refusals.too_large(limit)
        raw = self.stream.read(limit + 1)
        if len(raw) > limit:
            raise refusals.too_large(limit)
        return raw


def decoded(raw: bytes, options: ReadOptions, declared: str | None = None) -> Decoded:
    """The text in ``raw``; ``declared`` is what the file itself says of its encoding, believed where nothing else fits.

    Old pages declare Latin-1 whatever they are in, so what is found comes first. Raises ``Refused``.
    """
    try:
        return _decoded(raw, options.encoding)
    except refusals.Refused:
        if not declared or options.encoding:
            raise
    return _decoded(raw, declared)


def _decoded(raw: bytes, encoding: str | None) -> Decoded:
    try:
        found = decode(raw, encoding)
    except EncodingError as error:
        raise refusals.Refused(error.reason_vi, error.reason_en, error.remedy_vi, error.remedy_en) from None
    if "\0" in found.text:
        raise refusals.binary()
    return found


def mended(text: str) -> Decoded:
    """Text that a document's library decoded: letters of an old encoding, shown in a font of its own, are mended."""
    return replace(
        decode(text.encode("utf-8", "replace")), encoding=""
    )  # whatever the bytes were, it was not read here


def article_of(found: Decoded, text: str | None = None) -> Article:
    """An article of what was decoded: all of it, or the ``text`` made of it; it remembers how it was read."""
    return Article(
        found.text if text is None else text,
        encoding=found.encoding,
        confidence=found.confidence,
        notes=found.notes,
    )


def joined(*paragraphs: str | None) -> str:
    """Paragraphs as lines; empty ones are left out."""
    return "\n".join(part.strip() for part in paragraphs if part and part.strip())


def with_headline(headline: str | None, body: str) -> str:
    """``body`` under its headline, unless it opens with it anyway."""
    headline = " ".join((headline or "").split())
    return body if body.lstrip().startswith(headline) else joined(headline, body)


def is_blank(text: str) -> bool:
    """Whether nothing can be read in ``text``."""
    return not text.strip("\ufeff \t\r\n\0\u00a0\u200b")


def facts_of(pairs: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Key → value as strings, without what says nothing; lists and objects are left out."""
    return {
        str(key).strip(): " ".join(str(value).split())
        for key, value in pairs
        if key is not None and value is not None and not isinstance(value, dict | list | tuple) and str(value).strip()
    }
