"""News formats, feeds, mail and subtitles: several items in one file, and the forms that the shared article has not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from mbncheck import Article, Rejected
from mbncheck.read import feeds, mail, news, subtitles
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.source import Source

Found = Iterator[Article | Rejected]


def read(reader: Callable[[Source, ReadOptions], Any], raw: str | bytes, name: str = "a", **limits: Any) -> list[Any]:
    """All that a reader makes of these bytes."""
    data = raw.encode() if isinstance(raw, str) else raw
    return list(reader(Source(name, io.BytesIO(data), len(data)), ReadOptions(**limits)))


# --- ninjs, NewsML-G2, NITF ----------------------------------------------------------------------------


def test_ninjs_of_later_versions() -> None:
    """Version 2 keeps headlines and bodies in lists."""
    item = {
        "headlines": [{"value": "Tít"}],
        "bodies": [{"contentType": "text/html", "value": "<p>Một.</p><p>Hai.</p>"}],
        "by": "Hà My",
        "firstCreated": "2020-07-30T05:00:00Z",
        "places": [{"name": "Đắk Mil"}],
    }
    (article,) = read(news.read_json, json.dumps(item))
    assert article.text == "Tít\nMột.\nHai."
    assert (article.title, article.author, article.published) == ("Tít", "Hà My", date(2020, 7, 30))


def test_a_list_of_articles() -> None:
    """A JSON list is a table, whose objects have the names of columns; one without text is told."""
    found = read(news.read_json, json.dumps([{"Tiêu đề": "A", "Nội dung": "Một."}, {"title": "B"}]))
    assert found[0].text == "A\nMột."
    assert (found[1].origin, found[1].reason_en) == ("2", "there is no text in it")


@pytest.mark.parametrize("raw", ["[]", "5", '["a"]', '"a"', "null"])
def test_json_of_another_kind(raw: str) -> None:
    """JSON that is neither news nor a list of articles is refused."""
    with pytest.raises(Refused, match="not of a format"):
        read(news.read_json, raw)


NEWSML = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>"""
ITEM = """<newsItem><itemMeta><provider><name>Thông tấn</name></provider><versionCreated>2020-07-3{n}</versionCreated>
</itemMeta><contentMeta><headline>Tin {n}</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"""


def test_several_items() -> None:
    """A message of many items gives each, with XHTML, NITF or plain text inside."""
    contents = (
        "<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><body><p>Một <b>hai</b>.</p><p>Ba.</p></body></html>"
        "</inlineXML>",
        "<inlineData contenttype='text/plain'>Bốn.</inlineData>",
    )
    items = "".join(ITEM.format(n=number, content=content) for number, content in enumerate(contents))
    found = read(news.read_newsml, NEWSML.format(items=items))
    assert [one.text for one in found] == ["Tin 0\nMột hai.\nBa.", "Tin 1\nBốn."]
    assert [one.origin for one in found] == ["1", "2"]
    assert found[1].outlet == "Thông tấn"
    assert found[1].published == date(2020, 7, 31)


def test_nitf_with_a_table_and_a_doctype() -> None:
    """A document type without entities is allowed; lists and tables are read too."""
    raw = """<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd"><nitf><body><body.head><hedline><hl1>Tít</hl1></hedline></body.head>
    <body.content><p>Một.</p><ul><li>Hai</li></ul><table><tr><td>Ba</td></tr></table></body.content></body></nitf>"""
    (article,) = read(news.read_nitf, raw)
    assert article.text == "Tít\nMột.\nHai\nBa"


# --- feeds ---------------------------------------------------------------------------------------------------


def test_atom() -> None:
    """Atom is read like RSS; an entry of a summary alone gives that."""
    raw = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo</title><entry><title>Một</title>
    <summary>Tóm tắt.</summary><updated>2020-07-30T00:00:00Z</updated></entry><entry><title>Hai</title>
    <content type="html">&lt;p&gt;Thân.&lt;/p&gt;</content></entry></feed>"""
    found = read(feeds.read_feed, raw)
    assert [(one.origin, one.text, one.outlet) for one in found] == [
        ("1", "Một\nTóm tắt.", "Báo"),
        ("2", "Hai\nThân.", "Báo"),
    ]
    assert found[0].published == date(2020, 7, 30)


def test_feeds_that_are_merely_wrong() -> None:
    """A feed with an unclosed element is still read, as feed readers do."""
    (article,) = read(feeds.read_feed, "<rss version='2.0'><channel><item><title>Một & hai</title></item></rss>")
    assert article.text == "Một & hai"


# --- mail ----------------------------------------------------------------------------------------------------


def message(text: str, subtype: str = "plain", charset: str = "utf-8") -> EmailMessage:
    """A message with that text."""
    made = EmailMessage()
    made["Subject"] = "Bài gửi tòa soạn"
    made.set_content(text, subtype=subtype, charset=charset)
    return made


def test_html_mail() -> None:
    """A message in HTML alone is read as its text."""
    (article,) = read(mail.read_mail, message("<p>Một.</p><p>Hai.</p>", "html").as_bytes())
    assert article.text == "Bài gửi tòa soạn\nMột.\nHai."


def test_attachments() -> None:
    """What is attached is read by its own format; what cannot be is told by its name; forwarded mail counts as mail."""
    made = message("Kính gửi.")
    made.add_attachment(b"Nguy c\xc6\xa1.", maintype="text", subtype="plain", filename="bài.txt")
    made.add_attachment(b"\x89PNG\0", maintype="image", subtype="png", filename="ảnh.png")
    made.add_attachment(message("Bên trong."))
    found = read(mail.read_mail, made.as_bytes())
    assert [one.origin for one in found] == ["", "bài.txt", "ảnh.png", "3"]
    assert [one.text for one in found if isinstance(one, Article)][1:] == ["Nguy cơ.", "Bài gửi tòa soạn\nBên trong."]
    assert isinstance(found[2], Rejected)


def test_mail_in_mail_in_mail() -> None:
    """Messages within messages stop at the depth allowed."""
    made = message("0")
    for number in range(1, 6):
        outer = message(str(number))
        outer.add_attachment(made)
        made = outer
    found = read(mail.read_mail, made.as_bytes(), max_depth=2)
    assert [type(one) for one in found] == [Article, Article, Article, Rejected]
    assert found[-1].reason_en == "archives nested more than 2 deep"


# --- subtitles -----------------------------------------------------------------------------------------------


def test_cues_make_sentences() -> None:
    """Cues are joined until a sentence ends, someone else speaks or all are silent; tags and entities are no text."""
    raw = """WEBVTT

00:01.000 --> 00:02.000
<v PTV>Kính thưa <i>bà con</i>,

00:02.000 --> 00:03.500
<v PTV>hôm nay R&amp;D.

00:03.500 --> 00:04.000
<v PV>Vâng

00:04.000 --> 00:05.000
<v PTV>xin mời

00:09.000 --> 00:10.250
<v PTV>nghe tiếp
"""
    (article,) = read(subtitles.read_vtt, raw)
    assert article.text == "Kính thưa bà con, hôm nay R&D.\nVâng\nxin mời\nnghe tiếp"
    assert [(article.text[start:end], who) for start, end, who in article.speakers] == [
        ("Kính thưa bà con, hôm nay R&D.", "PTV"),
        ("Vâng", "PV"),
        ("xin mời\nnghe tiếp", "PTV"),
    ]
    assert article.airtime == 9.25
    assert not article.airtime_estimated


def test_no_cues() -> None:
    """Subtitles without a cue are refused."""
    with pytest.raises(Refused, match="no text"):
        read(subtitles.read_vtt, "WEBVTT\n\nNOTE không có gì\n")
