"""How files are to be read, and how much of this machine a file may use up."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The limits are safe for files from anyone; whatever passes one becomes a ``Rejected``.

    ``max_bytes``: of the text of one article; a document with pictures (Word, OpenDocument, PDF) may have ten times
    as many, and so may what is packed in an archive. ``max_archive_bytes``: of a file of many articles (table,
    archive, WARC), packed or unpacked. ``max_pages``: of a PDF. ``max_members``: articles of one file, members of
    one archive. ``max_depth``: archives within archives. ``max_ratio``: unpacked over packed bytes.
    ``max_memory``: bytes that a parser may hold (Linux, macOS). ``seconds``: to wait for a file's next article.
    ``encoding``: forced upon every plain text, page and table; ``None`` to recognise it.
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

    @property
    def max_document_bytes(self) -> int:
        """Bytes of a document whose text is only a part of it."""
        return 10 * self.max_bytes
