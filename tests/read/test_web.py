"""Saved pages and pieces of HTML: the article and nothing around it, in whatever encoding it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from legacy_writers import cp1258, tcvn3

from mbncheck import Article
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.source import Source
from mbncheck.read.web import declared_encoding, read_page, text_of_html

BODY = [
    "Nạn mua bán người vẫn diễn ra ở vùng biên, người dân cần cảnh giác với lời hứa việc nhẹ, lương cao.",
    "Công an xã nhắc bà con không đưa giấy tờ cho người lạ giữ và hỏi kỹ nơi làm việc trước khi đi.",
    "Ai cần giúp đỡ hãy gọi đường dây nóng để được tư vấn miễn phí, ngày cũng như đêm.",
]
PAGE = """<html><head>{head}<title>Cảnh giác lời mời - Báo Biên Cương</title></head><body>
<div id="menu"><a href="/">Trang chủ</a> <a href="/the-thao">Thể thao</a></div>
<div class="article"><h1>Cảnh giác lời mời</h1>{body}</div>
<div id="footer">Bản quyền</div></body></html>"""


def read(raw: bytes, **options: Any) -> Article:
    """The article of a page."""
    (article,) = read_page(Source("a.html", io.BytesIO(raw), len(raw)), ReadOptions(**options))
    return article


def page(head: str = "", write: Callable[[str], str] = str) -> str:
    """A page with that head."""
    return PAGE.format(head=head, body="".join(f"<p>{write(line)}</p>" for line in BODY))


def test_only_the_article() -> None:
    """Menus and footers are left out; the headline comes first, a paragraph is a line."""
    assert read(page().encode()).text.split("\n") == ["Cảnh giác lời mời", *BODY]


def test_entities() -> None:
    """Letters written as numbers, as old systems did, are letters again."""
    numbered = page(write=lambda text: "".join(f"&#{ord(char)};" if ord(char) > 127 else char for char in text))
    assert read(numbered.encode("utf-8")).text.split("\n")[1:] == BODY


@pytest.mark.parametrize("declared", ["windows-1258", "iso-8859-1", "utf-8", "x-never-heard-of", ""])
@pytest.mark.parametrize(("encoding", "write"), [("cp1258", cp1258), ("tcvn3", tcvn3)])
def test_old_charsets(encoding: str, write: Callable[[str], bytes], declared: str) -> None:
    """A page in an old encoding is read as what it is, whatever it declares."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    article = read(write(page(meta)))
    assert article.text.split("\n")[1:] == BODY
    assert article.encoding == encoding


def test_a_forced_encoding() -> None:
    """``encoding`` is obeyed."""
    assert read(page().encode("utf-16-le"), encoding="utf-16-le").text.split("\n")[1:] == BODY


def test_facts() -> None:
    """Day and author come from the page's own words about itself."""
    head = '<meta name="author" content="Hà My"><meta property="article:published_time" content="2020-07-29T08:00:00">'
    article = read(page(head).encode())
    assert (article.title, article.author, article.published) == ("Cảnh giác lời mời", "Hà My", date(2020, 7, 29))


def test_no_day_is_made_up() -> None:
    """A page that says no day has none, though its text names one."""
    assert read(page().replace("ngày cũng như đêm", "kể từ 30/7/2019").encode()).published is None


def test_no_article() -> None:
    """A page without an article is refused."""
    with pytest.raises(Refused, match="no article found"):
        read(b"<html><body><img src='a.png'></body></html>")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b'<meta charset="UTF-8">', "utf-8"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=x-sjis'>", "x-sjis"),
        (b"<?xml version='1.0' encoding='utf-16'?>", "utf-16"),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_declared(raw: bytes, encoding: str | None) -> None:
    """What a page declares is found in either form."""
    assert declared_encoding(raw) == encoding


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Một</p><p>Hai <b>ba</b></p>", "Một\nHai ba"),
        ("Một<br/>Hai", "Một\nHai"),
        ("<ul><li>Một</li> <li>Hai</li></ul>", "Một\nHai"),
        ("<p>a&nbsp;&#7889; &lt;b&gt;</p><script>x</script><style>y</style>", "a ố <b>"),
        ("  chữ   trơn\n  hai dòng ", "chữ trơn hai dòng"),
        ("", ""),
        ("<!-- c --><p>Một<!-- d --> hai</p>", "Một hai"),
    ],
)
def test_pieces(html: str, text: str) -> None:
    """A piece of HTML gives a line a block; nothing that is not shown comes in."""
    assert text_of_html(html) == text
