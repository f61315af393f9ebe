"""How files are to be read, and how much of this machine a file may use up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The limits are safe for files from anyone; whatever passes one becomes a ``Rejected``.

    ``max_bytes``: of the text of one article; a document with pictures (Word, OpenDocument, PDF) may have ten times
    as many, and so may what is packed in an archive. ``max_archive_bytes``: of a file of many articles (table,
    archive, WARC), packed or unpacked. ``max_pages``: of a PDF. ``max_members``: articles of one file, members of
    one archive. ``max_depth``: archives within archives. ``max_ratio``: unpacked over packed bytes.
    ``max_memory``: bytes that a parser may hold (Linux, macOS). ``seconds``: to wait for a file's next article.
    ``encoding``: forced upon every plain text, page and table; ``None`` to recognise it. ``layout``: what paths say of
    their articles (``mbncheck.read.layout``). ``columns``: field (or ``text``, ``lead``, ``id``) → the column of tables
    that holds it. ``defaults``: field → value for articles that do not tell it; ``outlets``: outlet → the same for its
    articles alone.
    """

    max_bytes: int = 20 * MEGABYTE
    max_archive_bytes: int = 2_000 * MEGABYTE
    max_pages: int = 500
    max_members: int = 200_000
    max_depth: int = 3
    max_ratio: int = 200
    max_memory: int = 800 * MEGABYTE
    seconds: float = 60.0
    encoding: str | None = None
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    outlets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def completes(self) -> bool:
        """Whether articles are told anything beyond what their files say."""
        return bool(self.layout or self.defaults or self.outlets)

    @property
    def max_document_bytes(self) -> int:
        """Bytes of a document whose text is only a part of it."""
        return 10 * self.max_bytes


LIMITS = (
    "max_bytes",
    "max_archive_bytes",
    "max_pages",
    "max_members",
    "max_depth",
    "max_ratio",
    "max_memory",
    "seconds",
)
"""The fields of ``ReadOptions`` that are limits."""
