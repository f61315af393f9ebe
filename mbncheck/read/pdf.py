"""PDF files that hold text: lines are joined into paragraphs, page numbers left out, scans refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, article_of, facts_of, mended

if TYPE_CHECKING:
    from pdfminer.layout import LTPage, LTTextLine

END_WITHIN = 2048  # bytes
SAME_SIZE = 0.15  # lines whose heights differ by more than this part are no one paragraph
SHORT_LINE = 0.9  # a line that ends before this part of its column's width ends its paragraph
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", '."', ".”", "!”", "?”")


def read_pdf(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a PDF file."""
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFParser

    if source.size > options.max_document_bytes:
        raise refusals.too_large(options.max_document_bytes)
    _check_end(source)
    try:
        document = PDFDocument(PDFParser(source.stream))
    except PDFPasswordIncorrect:
        raise refusals.encrypted() from None
    paragraphs = list(
        _across_pages(_without_running_heads([_paragraphs(page) for page in _pages(document, options.max_pages)]))
    )
    if not paragraphs:
        raise refusals.Refused(
            "PDF không có lớp chữ (bản chụp, bản quét)",
            "a PDF without a text layer (scanned)",
            "hãy nhận dạng chữ (OCR) trước, hoặc xin tệp gốc",
            "recognise its text (OCR) first, or ask for the original",
        )
    yield described(article_of(mended("\n".join(paragraphs))), facts_of(_properties(document)), "pdf properties")


def _check_end(source: Source) -> None:
    """Raise ``Refused`` where the end is missing: the library would make do with the pages that are left."""
    source.stream.seek(max(source.size - END_WITHIN, 0))
    end = source.stream.read()
    source.stream.seek(0)
    if b"%%EOF" not in end:
        raise refusals.damaged("PDF", "PDF")


def _pages(document: Any, limit: int) -> Iterator[LTPage]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None))
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        if number > limit:
            raise refusals.too_many_pages(limit)
        interpreter.process_page(page)
        yield device.get_result()


def _paragraphs(page: LTPage) -> list[str]:
    from pdfminer.layout import LTTextBox

    boxes = sorted((item for item in page if isinstance(item, LTTextBox)), key=lambda box: (-box.y1, box.x0))
    found = [paragraph for box in boxes for paragraph in _in_box(list(box), box.x0, box.x1)]
    return [paragraph for paragraph in found if paragraph and not paragraph.strip("- –—").isdigit()]


def _in_box(lines: list[LTTextLine], left: float, right: float) -> Iterator[str]:
    """The paragraphs of one block of lines: each but the last line of a paragraph fills the column, in one size."""
    paragraph: list[str] = []
    for line, after in zip_longest(lines, lines[1:]):
        paragraph += line.get_text().split()
        short = line.x1 - left < SHORT_LINE * (right - left)
        if short or after is None or abs(after.height - line.height) > SAME_SIZE * line.height:
            yield " ".join(paragraph)
            paragraph = []


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the lines that begin or end every one of them."""
    heads, feet = ({page[end] for page in pages if page} for end in (0, -1))
    if len(pages) < 2 or not all(pages):
        return pages
    first, last = int(len(heads) == 1), int(len(feet) == 1)
    return [page[first : len(page) - last] for page in pages]


def _across_pages(pages: Iterable[list[str]]) -> Iterator[str]:
    """The paragraphs of all pages; one that a page's end cuts in two is one again."""
    before = ""
    for page in pages:
        for paragraph in page:
            if before and not before.endswith(_SENTENCE_ENDS) and paragraph[0].islower():
                before = f"{before} {paragraph}"
                continue
            if before:
                yield before
            before = paragraph
    if before:
        yield before


def _properties(document: Any) -> Iterator[tuple[str, str]]:
    from pdfminer.utils import decode_text

    for information in document.info:
        for key, value in information.items():
            if isinstance(value, bytes):
                yield key.lower(), decode_text(value)
