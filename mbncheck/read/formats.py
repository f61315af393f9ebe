"""Every format that can be read: how it is recognised, which reader takes it, what it needs.

A reader is a function ``(Source, ReadOptions) → Iterator[Article | Rejected]``. It leaves ``id`` and ``path`` empty,
gives ``origin`` as the place within its source, and raises ``Refused`` where the rest cannot be read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.source import HEAD, Source, is_blank

Reader = Callable[[Source, ReadOptions], Iterator[Article | Rejected]]

EXTRA = "read"


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``reader`` is ``module:function``; ``needs`` the libraries of the extra, by import name.

    ``apart``: read in a process of its own, since its parser is large and files come from anyone. ``marked``: known
    by its content, so that a file of that name with another content is no such file. ``program``: names of a program
    that has to be there, any of them.
    """

    name: str
    title_vi: str
    title_en: str
    suffixes: tuple[str, ...]
    reader: str
    needs: tuple[str, ...] = ()
    apart: bool = True
    marked: bool = True
    program: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether its libraries are there."""
        from importlib.util import find_spec

        return all(find_spec(name) for name in self.needs)

    def load(self) -> Reader:
        """Its reader. Raises ``Refused`` with the install command where a library is missing."""
        if not self.installed:
            raise refusals.missing_library(self.title_vi, self.title_en, EXTRA)
        module, _, function = self.reader.partition(":")
        reader: Reader = getattr(import_module(f"mbncheck.read.{module}"), function)
        return reader


LIBREOFFICE = ("soffice", "libreoffice")
_XML = ("defusedxml", "lxml")
_WEB = ("trafilatura", "lxml")

FORMATS = (
    Format("text", "văn bản thuần", "plain text", (".txt", ".text"), "plain:read_text", apart=False, marked=False),
    Format("markdown", "Markdown", "Markdown", (".md", ".markdown"), "plain:read_markdown", apart=False, marked=False),
    Format("docx", "Word", "Word", (".docx",), "word:read_docx", ("docx",)),
    Format(
        "doc",
        "Word 97–2003 (qua LibreOffice)",
        "Word 97–2003 (through LibreOffice)",
        (".doc",),
        "office:read_doc",
        ("docx",),
        program=LIBREOFFICE,
    ),
    Format("odt", "OpenDocument", "OpenDocument", (".odt",), "office:read_odt", ("odfdo",)),
    Format("rtf", "RTF", "RTF", (".rtf",), "office:read_rtf", ("striprtf",)),
    Format("pdf", "PDF có lớp chữ", "PDF with a text layer", (".pdf",), "pdf:read_pdf", ("pdfminer",)),
    Format("html", "trang web đã lưu", "saved web page", (".html", ".htm", ".xhtml"), "web:read_page", _WEB),
    Format(
        "mhtml",
        "trang web đã lưu, một tệp",
        "saved web page, one file",
        (".mhtml", ".mht"),
        "mail:read_saved_page",
        _WEB,
        marked=False,
    ),
    Format("srt", "phụ đề SRT", "SRT subtitles", (".srt",), "subtitles:read_srt", ("webvtt",), marked=False),
    Format("vtt", "phụ đề WebVTT", "WebVTT subtitles", (".vtt",), "subtitles:read_vtt", ("webvtt",)),
    Format(
        "json",
        "tin IPTC ninjs, hoặc danh sách bài JSON",
        "IPTC ninjs news, or a JSON list of articles",
        (".json",),
        "news:read_json",
        ("lxml",),
        marked=False,
    ),
    Format("newsml", "tin IPTC NewsML-G2", "IPTC NewsML-G2 news", (".newsml", ".xml"), "news:read_newsml", _XML),
    Format("nitf", "tin IPTC NITF", "IPTC NITF news", (".nitf",), "news:read_nitf", _XML),
    Format("feed", "RSS, Atom", "RSS, Atom", (".rss", ".atom"), "feeds:read_feed", ("feedparser", *_XML)),
    Format(
        "eml",
        "thư điện tử và tệp đính kèm",
        "e-mail and its attachments",
        (".eml",),
        "mail:read_mail",
        _WEB,
        marked=False,
    ),
    Format("csv", "bảng CSV", "CSV table", (".csv",), "tables:read_csv", apart=False, marked=False),
    Format("tsv", "bảng TSV", "TSV table", (".tsv", ".tab"), "tables:read_tsv", apart=False, marked=False),
    Format("xlsx", "bảng Excel", "Excel table", (".xlsx",), "tables:read_xlsx", ("openpyxl", "defusedxml")),
    Format(
        "jsonl",
        "JSON từng dòng",
        "JSON lines",
        (".jsonl", ".ndjson"),
        "tables:read_jsonl",
        apart=False,
        marked=False,
    ),
    Format("parquet", "bảng Parquet", "Parquet table", (".parquet",), "tables:read_parquet", ("pyarrow",)),
    Format("zip", "tệp nén ZIP", "ZIP archive", (".zip",), "containers:read_zip"),
    Format("tar", "tệp nén tar, tar.gz", "tar or tar.gz archive", (".tar", ".tgz"), "containers:read_tar"),
    Format("gzip", "tệp nén gzip", "gzip file", (".gz",), "containers:read_gzip"),
    Format("warc", "kho trang web WARC", "WARC web archive", (".warc",), "warc:read_warc", ("warcio", *_WEB)),
)
_BY_NAME = {one.name: one for one in FORMATS}
_BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
SUFFIXES = frozenset(_BY_SUFFIX)

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
    (b"\x1f\x8b", "gzip"),
)
_IN_ZIP = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_ZIPPED = ("docx", "xlsx", "odt")
_ROOTS = {
    "html": "html",
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "nitf": "nitf",
    "newsitem": "newsml",
    "newsmessage": "newsml",
}
_NO_ELEMENT = r"(?s)\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html\b)[^>\[]*(\[.*?\]\s*)?>"
_ELEMENT = r"<(?:!doctype\s+)?(?:[a-z0-9_.-]+:)?([a-z]+)"
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257


def recognise(source: Source) -> Format:
    """The format of ``source``: by its content, else by its name. Raises ``Refused`` where it is none."""
    head = source.head()
    name = _by_signature(head)
    if name == "zip":
        name = _by_members(source)
    elif name == "gzip":
        name = _by_signature(unpacked_head(head)) or name
        name = name if name in ("tar", "warc") else "gzip"
    name = name or _by_markup(head)
    return _BY_NAME[name] if name else _by_suffix(source, head)


def reads_here(head: bytes, name: str) -> bool:
    """Whether a file that starts so needs no process apart: plain text and plain tables, packed with gzip or not."""
    name = name.lower()
    if head.startswith(b"\x1f\x8b"):
        head, name = unpacked_head(head), name.removesuffix(".gz")
    found = _by_signature(head) or _by_markup(head)
    by_suffix = _BY_SUFFIX.get(name[name.rfind(".") :])
    return not found and (by_suffix is None or not by_suffix.apart)


def format_of(path: str) -> str:
    """The name of a file's format; empty where it has none or cannot be opened (``-`` is plain text)."""
    if path == "-":
        return "text"
    if not os.path.isfile(path):  # a pipe would be waited for
        return ""
    try:
        with open(path, "rb") as stream:
            return recognise(Source(path, stream, os.fstat(stream.fileno()).st_size)).name
    except (OSError, ValueError, Refused):
        return ""


def is_known(path: str) -> bool:
    """Whether the name of a file, or else its first bytes, are of a format that can be read."""
    name = path.lower()
    if name.endswith((*SUFFIXES,)):
        return True
    if not os.path.isfile(path):  # a pipe would be waited for
        return False
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    return bool(_by_signature(head) or _by_markup(head))


def read_source(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article of ``source``; whatever its reader stumbles over becomes a ``Rejected``."""
    known: Format | None = None
    try:
        if not source.size:
            raise refusals.empty()
        known = recognise(source)
        nothing = True
        for found in known.load()(source, options):
            nothing = False
            if isinstance(found, Article) and is_blank(found.text):
                yield refusals.no_text(found.origin).rejected()
            else:
                yield found
        if nothing:  # an empty table or archive is told too
            yield refusals.no_text().rejected()
    except Refused as refused:
        yield refused.rejected()
    except ImportError as error:  # a library of the library
        if (error.name or "").startswith("mbncheck"):
            raise
        titles = (known.title_vi, known.title_en) if known else (source.suffix, source.suffix)
        yield refusals.missing_library(*titles, EXTRA).rejected()
    except MemoryError:
        yield refusals.too_much_memory(options.max_memory).rejected()
    except Exception:  # files come from anyone: a parser may raise whatever it likes, and the run goes on
        titles = (known.title_vi, known.title_en) if known else (source.suffix, source.suffix)
        yield refusals.damaged(*titles).rejected()


def within(found: Article | Rejected, member: str) -> Article | Rejected:
    """What was read of a member, with the member's name before its place and its own id."""
    found = replace(found, origin="#".join(filter(None, (member, found.origin))))
    return replace(found, id=f"{member}#{found.id}") if isinstance(found, Article) and found.id else found


def unpacked_head(head: bytes) -> bytes:
    """The first bytes of what gzip packed."""
    import zlib

    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error:
        return b""


def _by_signature(head: bytes) -> str | None:
    if head[_TAR_MARK_AT : _TAR_MARK_AT + len(_TAR_MARK)] == _TAR_MARK:
        return "tar"
    return next((name for mark, name in _SIGNATURES if head.startswith(mark)), None)


def _by_members(source: Source) -> str:
    """What a ZIP file holds: a document, a workbook, or simply files."""
    import zipfile
    import zlib

    from mbncheck.read.packages import check_directory

    try:
        check_directory(source)
        with zipfile.ZipFile(source.stream) as packed:
            names = set(packed.namelist())
            kind = packed.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        meant = next(
            (one for one in map(_BY_NAME.get, _ZIPPED) if one and source.suffix in one.suffixes), _BY_NAME["zip"]
        )
        raise refusals.damaged(meant.title_vi, meant.title_en) from None
    finally:
        source.stream.seek(0)
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    return next((name for member, name in _IN_ZIP if member in names), "zip")


_MAY_BE_MARKUP = (b"<", b"WEBVTT", b"webvtt", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" ", b"\t", b"\r", b"\n")


def _by_markup(head: bytes) -> str | None:
    if not head.startswith(_MAY_BE_MARKUP):
        return None
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", errors="ignore")
    text = text.removeprefix("ï»¿").lower()
    if text.startswith("webvtt"):
        return "vtt"
    if not text.lstrip().startswith("<"):
        return None
    while passed := re.match(_NO_ELEMENT, text):  # compiled here, since plain text never comes so far
        text = text[passed.end() :]
    root = re.match(_ELEMENT, text)
    return _ROOTS.get(root[1]) if root else None


def _by_suffix(source: Source, head: bytes) -> Format:
    found = _BY_SUFFIX.get(source.suffix)
    if found is None and not source.depth and b"\0" not in head:  # whoever names a file means it
        return _BY_NAME["text"]
    if found is None or (found.marked and head.lstrip().startswith(b"<")):  # XML of some other kind
        raise refusals.unknown_format()
    if found.marked:
        raise refusals.misnamed(source.suffix)
    return found
