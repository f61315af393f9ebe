"""PDF files that hold text: lines are joined into paragraphs, page numbers left out, scans refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import zip_longest
from statistics import median
from typing import TYPE_CHECKING, Any

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, article_of, facts_of, mended

if TYPE_CHECKING:
    from pdfminer.layout import LTComponent, LTPage, LTTextBox, LTTextLine

END_WITHIN = 2048  # bytes
SAME_SIZE = 0.15  # lines whose letters differ by more than this part are no one paragraph
SPACE = 0.25  # between words, as a part of the letters' size
GAP = 0.6  # less of it between two lines of one paragraph, likewise
INDENT = 0.5  # from which a line begins a paragraph, likewise
MOST_BOXES = 150  # on a page; a page of more is a table or a drawing
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
        across_pages(without_running_heads([_paragraphs(page) for page in _pages(document, options.max_pages)]))
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

    boxes = in_reading_order([item for item in page if isinstance(item, LTTextBox)])
    found = [paragraph for lines in _runs(boxes) for paragraph in _in_run(lines)]
    return [paragraph for paragraph in found if paragraph and not paragraph.strip("- –—").isdigit()]


def in_reading_order(boxes: list[LTTextBox]) -> list[LTTextBox]:
    """The blocks of a page as they are read, column by column under what spans the columns.

    One block comes before another that lies below it in the same column, and before one to the right of it unless
    something that spans both stands between them: T. M. Breuel (2003), High performance document layout analysis.
    """
    boxes = sorted(boxes, key=lambda box: (-box.y1, box.x0))
    if len(boxes) > MOST_BOXES:
        return boxes
    before: dict[int, list[int]] = {
        later: [earlier for earlier in range(len(boxes)) if _comes_before(earlier, later, boxes)]
        for later in range(len(boxes))
    }
    try:
        return [boxes[number] for number in TopologicalSorter(before).static_order()]
    except CycleError:  # blocks that overlap
        return boxes


def _comes_before(earlier: int, later: int, boxes: list[LTTextBox]) -> bool:
    one, other = boxes[earlier], boxes[later]
    if _share_a_column(one, other):
        return one.y1 > other.y1 if one.y1 != other.y1 else earlier < later
    low, high = sorted((one.y1, other.y1))
    between = (box for box in boxes if box is not one and box is not other and low < box.y1 < high)
    return one.x1 <= other.x0 and not any(_share_a_column(box, one) and _share_a_column(box, other) for box in between)


def _share_a_column(one: LTComponent, other: LTComponent) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _runs(boxes: list[LTTextBox]) -> Iterator[list[LTTextLine]]:
    """Lines that follow each other closely in one column, in one size: the library makes blocks of every indent."""
    run: list[LTTextLine] = []
    for box in boxes:
        lines = list(box)
        if run and not _goes_on(run[-1], lines[0]):
            yield run
            run = []
        run += lines
    if run:
        yield run


def _goes_on(line: LTTextLine, after: LTTextLine) -> bool:
    return _share_a_column(line, after) and _same_size(line, after) and 0 <= line.y0 - after.y1 < GAP * _size(line)


def _in_run(lines: list[LTTextLine]) -> Iterator[str]:
    """The paragraphs of lines that follow each other."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    indented = [line.x0 - left > INDENT * _size(line) for line in lines]
    indents_tell = 2 * sum(indented) < len(lines)
    paragraph: list[str] = []
    for number, (line, after) in enumerate(zip_longest(lines, lines[1:])):
        paragraph += line.get_text().split()
        if after is None or (indents_tell and indented[number + 1]) or _is_last(line, after, right):
            yield " ".join(paragraph)
            paragraph = []


def _is_last(line: LTTextLine, after: LTTextLine, right: float) -> bool:
    """Whether ``line`` ends its paragraph: the word that follows would have fitted, or is of another size."""
    fitted = line.x1 + _first_word(after) + SPACE * _size(line) < right
    return fitted or not _same_size(line, after)


def _same_size(line: LTTextLine, after: LTTextLine) -> bool:
    return abs(_size(after) - _size(line)) <= SAME_SIZE * _size(line)


def _size(line: LTTextLine) -> float:
    """The size of most letters of a line; its height would be that of the one odd letter from another font."""
    return float(median(char.size for char in line if hasattr(char, "size")))


def _first_word(line: LTTextLine) -> float:
    """The width of a line's first word."""
    end = next((char.x0 for char in line if char.get_text().isspace() and hasattr(char, "x0")), line.x1)
    return float(end - line.x0)


def without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the lines that begin or end every one of them."""
    heads, feet = ({page[end] for page in pages if page} for end in (0, -1))
    if len(pages) < 2 or not all(pages):
        return pages
    first, last = int(len(heads) == 1), int(len(feet) == 1)
    return [page[first : len(page) - last] for page in pages]


def across_pages(pages: Iterable[list[str]]) -> Iterator[str]:
    """The paragraphs of all pages; one that the end of a page or a column cuts in two is one again."""
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
