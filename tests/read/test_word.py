"""Word documents: everything that is read stands in order, nothing else comes in, old fonts are decoded."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from legacy_writers import tcvn3, vni

from mbncheck import Article
from mbncheck.read.apart import answer_for, outcome_of
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source
from mbncheck.read.word import read_docx

BOX = """<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:drawing>
</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict>
</mc:Fallback></mc:AlternateContent></w:r>"""


def read(document: Any) -> Article:
    """The article that a document gives."""
    out = io.BytesIO()
    document.save(out)
    (article,) = read_docx(Source("a.docx", out, len(out.getvalue())), ReadOptions())
    return article


def lines(document: Any) -> list[str]:
    """Its lines."""
    return read(document).text.split("\n")


def test_order() -> None:
    """Paragraphs, tables and text boxes come as they follow each other; headers and footers do not come."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Đầu trang"
    document.sections[0].footer.paragraphs[0].text = "Chân trang"
    document.add_heading("Tiêu đề", 1)
    document.add_paragraph("Trước khung")._p.append(parse_xml(BOX.format(ns=nsdecls("w"), text="Trong khung")))
    table = document.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"ô {number}"
    document.add_paragraph("Sau bảng")
    assert lines(document) == ["Tiêu đề", "Trước khung", "Trong khung", "ô 0\tô 1\tô 2", "ô 3\tô 4\tô 5", "Sau bảng"]


def test_paragraphs_are_known() -> None:
    """Every line knows its paragraph, or its table and row, as Word counts them; blank paragraphs count too."""
    document = docx.Document()
    for text in ("", "  Bắt nhóm buôn người", "", "Hai câu.\nMột đoạn."):
        document.add_paragraph(text)
    table = document.add_table(2, 2)
    table.cell(1, 0).text = "Số máy"
    table.cell(1, 1).text = "111"
    document.add_paragraph("Hết. ")
    article = read(document)
    places = [(article.text[start:end], place) for start, end, place in article.paragraphs]
    assert places == [
        ("Bắt nhóm buôn người", "p2"),
        ("Hai câu.\nMột đoạn.", "p4"),
        ("Số máy\t111", "t1r2"),
        ("Hết.", "p5"),
    ]
    assert outcome_of(json.loads(json.dumps(answer_for(article)))) == article


def test_a_script_s_table() -> None:
    """Cells with several paragraphs keep their column on every line; a table within a cell is told with it."""
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).text = "1"
    table.cell(0, 1).text = "Toàn cảnh"
    table.cell(0, 2).text = "PTV: Kính chào bà con."
    table.cell(0, 2).add_paragraph("Nạn mua bán người vẫn còn.")
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"
    assert lines(document) == ["1\tToàn cảnh\tPTV: Kính chào bà con.", "\ta b\tNạn mua bán người vẫn còn."]


def test_what_nobody_reads() -> None:
    """Deleted and hidden text, field codes and comments are left out; inserted text and links are read."""
    document = docx.Document()
    paragraph = document.add_paragraph("Còn ")
    for xml in (
        '<w:del {ns} w:author="a"><w:r><w:delText>đã xóa </w:delText></w:r></w:del>',
        "<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>ẩn </w:t></w:r>",
        "<w:r {ns}><w:instrText>PAGE</w:instrText></w:r>",
        '<w:ins {ns} w:author="a"><w:r><w:t>thêm </w:t></w:r></w:ins>',
        "<w:hyperlink {ns}><w:r><w:t>liên kết</w:t><w:tab/><w:t>xa</w:t><w:br/><w:t>dòng hai</w:t></w:r></w:hyperlink>",
    ):
        paragraph._p.append(parse_xml(xml.format(ns=nsdecls("w"))))
    assert lines(document) == ["Còn thêm liên kết\txa", "dòng hai"]


SENTENCE = "Nạn mua bán người ở Đắk Nông: đừng nghe lời hứa “việc nhẹ, lương cao”."


def spoken(text: str) -> str:
    """The sentence in signs that every old encoding has."""
    return text.replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(
    ("font", "written"),
    [(".VnTime", tcvn3(spoken(SENTENCE))), ("VNI-Times", vni(spoken(SENTENCE)))],
)
def test_old_fonts(font: str, written: bytes) -> None:
    """A run in an old font is decoded, also where its letters are cut across runs or a style names the font."""
    shown = written.decode("cp1252")  # what Word keeps for such a font
    document = docx.Document()
    direct = document.add_paragraph()
    for part in (shown[:7], shown[7:9], shown[9:]):
        direct.add_run(part).font.name = font
    document.styles.add_style("Old", 1).font.name = font
    document.styles.add_style("Older", 1).base_style = document.styles["Old"]
    document.add_paragraph(shown, style="Older")
    mixed = document.add_paragraph("Bằng Unicode: ")
    mixed.add_run(shown).font.name = font
    document.styles["Normal"].font.name = font
    document.add_paragraph(shown)
    wanted = spoken(SENTENCE)
    got = lines(document)
    assert got[:2] == [wanted, wanted]
    assert got[2] == f"Bằng Unicode: {wanted}"
    assert got[3] == wanted


def test_properties(tmp_path: Path) -> None:
    """What Word keeps of a document is told; what python-docx makes up for one without it is not."""
    document = docx.Document()
    document.add_paragraph("a")
    document.core_properties.title, document.core_properties.author = "Tên bài", "Hà My"
    article = read(document)
    assert (article.title, article.author) == ("Tên bài", "Hà My")
    assert dict(article.sources)["title"].startswith("docx properties")
