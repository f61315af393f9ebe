"""RTF and OpenDocument beyond the shared article: old encodings, tables, properties, what is cut."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from legacy_writers import tcvn3, vni
from odfdo import Document, Paragraph, Table

from mbncheck import Article
from mbncheck.read.office import read_odt, read_rtf
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.source import Source

SENTENCES = ["Nạn mua bán người ở Đắk Nông vẫn còn.", "Đừng nghe lời hứa việc nhẹ, lương cao; hãy gọi đường dây nóng."]


def rtf(body: bytes, head: bytes = b"") -> Article:
    """The article of a rich text with that body."""
    raw = rb"{\rtf1\ansi\ansicpg1252" + head + body + b"}"
    (article,) = read_rtf(Source("a.rtf", io.BytesIO(raw), len(raw)), ReadOptions())
    return article


def escaped(raw: bytes) -> bytes:
    """Bytes beyond ASCII as RTF writes them."""
    return b"".join(b"\\'%02x" % byte if byte > 127 else bytes([byte]) for byte in raw)


@pytest.mark.parametrize(("font", "write"), [(b".VnTime", tcvn3), (b"VNI-Times", vni)])
def test_rtf_in_old_fonts(font: bytes, write: Callable[[str], bytes]) -> None:
    """Letters that an old font showed as Vietnamese are Vietnamese again, and told as mended."""
    body = b"\\par ".join(rb"\f0 " + escaped(write(sentence)) for sentence in SENTENCES)
    article = rtf(body, rb"{\fonttbl{\f0\fnil " + font + b";}}")
    assert article.text.split("\n") == SENTENCES
    assert [note.code for note in article.notes] == ["MBN903"]


def test_rtf_in_unicode() -> None:
    """Unicode escapes are letters; properties are read, the Unicode form before the other."""
    word = b"".join(b"\\u%d?" % ord(char) if ord(char) > 127 else char.encode() for char in "Cảnh giác")
    info = rb"{\info{\upr{\title C?nh gi?c}{\*\ud{\title " + word + rb"}}}{\author H\'e0 My}}"
    article = rtf(word + rb"\par Hai", info)
    assert article.text == "Cảnh giác\nHai"
    assert (article.title, article.author) == ("Cảnh giác", "Hà My")
    assert article.notes == ()


def test_a_cut_rtf() -> None:
    """A rich text whose end is missing is refused, not read in part."""
    raw = rb"{\rtf1\ansi M\'f4t"
    with pytest.raises(Refused, match="damaged or cut off"):
        list(read_rtf(Source("a.rtf", io.BytesIO(raw), len(raw)), ReadOptions()))


def test_odt() -> None:
    """Tables keep their columns; spaces, tabs and line breaks written as elements are read; properties too."""
    document = Document("text")
    document.body.clear()
    document.body.append(Paragraph("Một   hai\tba\nbốn", formatted=True))
    table = Table("T", width=2, height=1)
    table.set_value("A1", "Hình")
    table.set_value("B1", "Lời")
    document.body.append(table)
    document.meta.title, document.meta.creator = "Tên bài", "Hà My"
    out = io.BytesIO()
    document.save(out)
    (article,) = read_odt(Source("a.odt", out, len(out.getvalue())), ReadOptions())
    assert article.text == "Một   hai\tba\nbốn\nHình\tLời"
    assert (article.title, article.author) == ("Tên bài", "Hà My")
