"""Other word processors' files: legacy .doc, OpenDocument, RTF."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.formats import LIBREOFFICE
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.packages import check_document
from mbncheck.read.source import Source, article_of, facts_of, mended
from mbncheck.read.word import read_docx

_WORD_STREAM = "WordDocument".encode("utf-16-le")
_INFORMATION = b"{\\info"
_MOST_INFORMATION = 20_000  # bytes
_FIELD = re.compile(rb"\{\\(title|author|subject|category|keywords)\s((?:[^{}]|\{[^{}]*\})*)\}")


def read_doc(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a Word 97–2003 document, which LibreOffice turns into a .docx first."""
    raw = source.whole(options.max_document_bytes)
    if _WORD_STREAM not in raw:
        raise refusals.Refused(
            "tệp Office đời cũ nhưng không phải văn bản Word",
            "an old Office file, but no Word document",
            "hãy lưu lại thành .docx hoặc .xlsx",
            "save it as .docx or .xlsx",
        )
    converted = _converted(raw, options.seconds)
    yield from read_docx(Source("converted.docx", io.BytesIO(converted), len(converted)), options)


def _converted(raw: bytes, seconds: float) -> bytes:
    program = next(filter(None, map(shutil.which, LIBREOFFICE)), None)
    if not program:
        raise refusals.Refused(
            "tệp .doc đời cũ cần LibreOffice để đọc, mà máy này chưa có",
            "a legacy .doc needs LibreOffice, which is not on this machine",
            "hãy cài LibreOffice, hoặc mở bằng Word rồi lưu thành .docx",
            "install LibreOffice, or open it in Word and save it as .docx",
        )
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.doc"), Path(folder, "given.docx")
        given.write_bytes(raw)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",  # its own: no macro, no lock of the user's
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(given),
        ]
        subprocess.run(  # noqa: S603 - a fixed program on a file of ours
            command,
            check=False,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": folder},
        )
        if not made.exists():
            raise refusals.damaged("Word 97–2003", "Word 97–2003")
        return made.read_bytes()


def read_odt(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in an OpenDocument text: paragraphs, headings, lists and tables as they follow each other."""
    check_document(source, options, "content.xml", "meta.xml")
    from odfdo import Document

    document = Document(io.BytesIO(source.stream.read()))
    meta = document.meta
    facts = facts_of(
        (
            ("title", meta.title),
            ("author", meta.creator or meta.initial_creator),
            ("subject", meta.subject),
            ("description", meta.description),
            ("created", meta.creation_date),
            ("modified", meta.date),
        )
    )
    yield described(article_of(mended("\n".join(_odt_lines(document.body)).strip())), facts, "odt properties")


def _odt_lines(parent: Any) -> Iterator[str]:
    for child in parent.children:
        if child.tag in ("text:p", "text:h"):
            yield from child.inner_text.split("\n")
        elif child.tag == "table:table-row":
            yield "\t".join(" ".join(_odt_lines(cell)) for cell in child.children).rstrip("\t")
        elif child.tag not in ("text:tracked-changes", "office:annotation"):
            yield from _odt_lines(child)


def read_rtf(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a rich text (RTF)."""
    raw = source.whole(options.max_document_bytes)
    if not raw.rstrip(b" \t\r\n\0").endswith(b"}"):
        raise refusals.damaged("RTF", "RTF")
    start = raw.find(_INFORMATION)
    fields = (
        _FIELD.findall(raw, start, start + _MOST_INFORMATION) if start >= 0 else []
    )  # Unicode comes last, and stays
    facts = facts_of((key.decode("ascii"), _rtf_text(b"{\\rtf1\\ansi " + value + b"}")) for key, value in fields)
    yield described(article_of(mended(_rtf_text(raw))), facts, "rtf properties")


def _rtf_text(raw: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(raw.decode("latin-1"), errors="ignore")).strip()  # type: ignore[no-untyped-call]
