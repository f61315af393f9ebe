"""Word documents (.docx): paragraphs, tables and text boxes as they follow each other, fonts of old encodings decoded.

Headers, footers, comments, deleted and hidden text are left out. A paragraph is a line. A row of a table is a line
too, its cells with tabs between; where cells have several paragraphs, the first ones share a line, then the second
ones, so that every line keeps its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, groupby, pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from mbncheck.model import Article
from mbncheck.read.metadata import described
from mbncheck.read.options import ReadOptions
from mbncheck.read.packages import check_document
from mbncheck.read.source import Source, facts_of
from mbncheck.text.encodings import decode_font

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a second copy of a text box
_UNSAID = frozenset({_FALLBACK, *(_W + name for name in ("del", "moveFrom", "pPr", "rPr", "sectPr"))})
_BOX = _W + "txbxContent"
_SIGNS = {
    _W + "tab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
    _W + "ptab": "\t",
    _W + "softHyphen": "\u00ad",  # the letter ư of .Vn* fonts
}
_PROPERTIES = ("title", "author", "subject", "category", "keywords", "comments", "created", "modified", "language")
_OWNER_FILE = "~$"

Run = tuple[str, str]  # text and the font it is shown in


def read_docx(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a Word document."""
    check_document(source, options, "word/document.xml")
    import docx

    document = docx.Document(source.stream)
    text, paragraphs = _joined(_Reader(document).parts(document.element.body))
    yield described(Article(text, paragraphs=paragraphs), facts_of(_properties(document)), "docx properties")


def _joined(parts: Iterable[tuple[str, str]]) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Lines with their places as one text, stripped, and which span of it comes from which place."""
    lines = list(parts)
    text = "\n".join(line for _, line in lines)
    blank = len(text) - len(text.lstrip())
    text = text.strip()
    spans = []
    ends = accumulate((len(line) + 1 for _, line in lines), initial=-blank)
    for place, same in groupby(zip(lines, pairwise(ends), strict=True), key=lambda item: item[0][0]):
        said = [(start, end - 1) for (_, line), (start, end) in same if line.strip()]
        if said:
            spans.append((max(said[0][0], 0), min(said[-1][1], len(text)), place))
    return text, tuple(spans)


def _properties(document: Document) -> Iterator[tuple[str, object]]:
    """What the document says of itself; found by its kind, since LibreOffice misspells the relation to it."""
    from docx.opc.parts.coreprops import CorePropertiesPart

    for relation in document.part.package.rels.values():
        if not relation.is_external and isinstance(relation.target_part, CorePropertiesPart):
            properties = relation.target_part.core_properties
            yield from ((name, getattr(properties, name)) for name in _PROPERTIES)
            return


class _Reader:
    """Walks the elements of one document; knows the font that each run is shown in."""

    def __init__(self, document: Document) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        self._styles = {style.style_id: style.element for style in document.styles}
        self._font_of_style = cache(self._look_up_style)
        ordinary = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
        anywhere = _font_in(document.styles.element.find(f"{_W}docDefaults/{_W}rPrDefault"))
        self._default = (self._font_of_style(ordinary.style_id) if ordinary else "") or anywhere

    def parts(self, body: Any) -> Iterator[tuple[str, str]]:
        """Every line and where it stands: ``p3`` is the third paragraph, ``t1r2`` the second row of the first table."""
        paragraphs = tables = 0
        for block in _blocks(body):
            if block.tag == _W + "p":
                paragraphs += 1
                yield from ((f"p{paragraphs}", line) for line in self._paragraph(block))
                continue
            tables += 1
            for number, row in enumerate(_rows(block), 1):
                yield from ((f"t{tables}r{number}", line) for line in self._row(row))

    def lines(self, parent: Any) -> Iterator[str]:
        """The lines of every paragraph and table below ``parent``, in order."""
        return (line for _, line in self.parts(parent))

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        font = self._font_of_style(_value(style)) or self._default
        boxes: list[Any] = []
        runs = self._runs(paragraph, font, boxes)
        text = "".join(
            decode_font("".join(part for part, _ in same), shown_in)
            for shown_in, same in groupby(runs, key=lambda run: run[1])
        )
        yield from text.split("\n")
        for box in boxes:
            yield from self.lines(box)

    def _runs(self, parent: Any, font: str, boxes: list[Any]) -> Iterator[Run]:
        """The text below ``parent`` piece by piece; text boxes met on the way are put aside."""
        for child in parent:
            if child.tag == _BOX:
                boxes.append(child)
            elif child.tag == _W + "t":
                yield child.text or "", font
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag], font
            elif child.tag == _W + "r":
                if child.find(f"{_W}rPr/{_W}vanish") is None:
                    yield from self._runs(child, self._font_of_run(child) or font, boxes)
            elif child.tag not in _UNSAID:
                yield from self._runs(child, font, boxes)

    def _row(self, row: Any) -> Iterator[str]:
        cells = [
            [line for line in self.lines(cell) if line.strip()] for cell in row.iter(_W + "tc") if _row_of(cell) is row
        ]
        for together in zip_longest(*cells, fillvalue=""):
            yield "\t".join(" ".join(part.split()) for part in together).rstrip("\t")

    def _font_of_run(self, run: Any) -> str:
        properties = run.find(_W + "rPr")
        if properties is None:
            return ""
        return _font_in(run) or self._font_of_style(_value(properties.find(_W + "rStyle")))

    def _look_up_style(self, name: str) -> str:
        """The font of a style, or of the first that it is based on and that has one."""
        for _ in range(len(self._styles)):
            style = self._styles.get(name)
            if style is None:
                return ""
            if font := _font_in(style):
                return font
            name = _value(style.find(_W + "basedOn"))
        return ""


def _font_in(element: Any) -> str:
    """The font that an element's own properties name, or an empty string."""
    fonts = None if element is None else element.find(f"{_W}rPr/{_W}rFonts")
    return "" if fonts is None else fonts.get(_W + "ascii") or fonts.get(_W + "hAnsi") or ""


def _value(element: Any) -> str:
    return "" if element is None else element.get(_W + "val") or ""


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables below an element, in order; content controls and the like are looked into."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag not in _UNSAID:
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table; those of tables within its cells are told with the cells."""
    return (row for row in table.iter(_W + "tr") if next(row.iterancestors(_W + "tbl")) is table)


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(_W + "tr"))
