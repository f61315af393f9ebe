"""Writes ``corpora/formats/``: one article in every format, by the real tool where there is one.

    python corpora/make_formats.py

Needs LibreOffice Writer and the libraries of ``mbncheck[read]``; the tests need only the files.
"""

from __future__ import annotations

import csv
import email.policy
import gzip
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from email.message import EmailMessage
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "formats"
NAME = "vu-an-lua-ban"
PARAGRAPHS = [line for line in (HERE / "articles" / f"{NAME}.txt").read_text(encoding="utf-8").split("\n") if line]
TITLE, *BODY = PARAGRAPHS
AUTHOR, OUTLET, DAY, PLACE = "Trần Nguyên", "Báo Biên Cương", "2020-08-19", "Đắk Glong"


def write(suffix: str, content: str | bytes) -> None:
    """One file of the folder."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    (FOLDER / f"{NAME}.{suffix}").write_bytes(raw)


def paragraphs(tag: str = "p", of: list[str] | None = None) -> str:
    """The paragraphs as elements."""
    return "\n".join(f"<{tag}>{escape(line, quote=False)}</{tag}>" for line in of or BODY)


def word() -> None:
    """Word, and what LibreOffice makes of it."""
    import docx

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLE, AUTHOR
    document.sections[0].header.paragraphs[0].text = f"{OUTLET} – bản thảo"
    document.add_heading(TITLE, 1)
    for line in BODY:
        document.add_paragraph(line)
    document.save(str(FOLDER / f"{NAME}.docx"))
    for kind in ("doc", "odt", "rtf", "pdf"):
        convert(FOLDER / f"{NAME}.docx", kind)


def columns() -> None:
    """A PDF as newspapers set it: two columns, first lines indented, no space between paragraphs."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Mm

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLE, AUTHOR
    section = document.sections[0]._sectPr
    for one in section.xpath("./w:cols"):
        section.remove(one)
    section.append(parse_xml(f'<w:cols {nsdecls("w")} w:num="2" w:space="400"/>'))
    for line in PARAGRAPHS:
        layout = document.add_paragraph(line).paragraph_format
        layout.first_line_indent, layout.space_after = Mm(10), 0
    made = FOLDER / f"{NAME}.hai-cot.docx"
    document.save(str(made))
    convert(made, "pdf")
    made.unlink()


def convert(path: Path, kind: str) -> None:
    """The same document as LibreOffice writes it in another format."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(FOLDER), str(path)], check=True)


def plain() -> None:
    """Text, Markdown with front matter."""
    front = f"title: '{TITLE}'\nauthor: {AUTHOR}\noutlet: {OUTLET}\ndate: {DAY}\n"
    write("txt", "\n\n".join(PARAGRAPHS) + "\n")
    write("md", f"---\n{front}---\n\n# {TITLE}\n\n" + "\n\n".join(BODY) + "\n")


PAGE = f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{escape(TITLE)} - {OUTLET}</title>
<meta property="og:title" content="{escape(TITLE)}"><meta property="og:site_name" content="{OUTLET}">
<meta property="article:published_time" content="{DAY}T07:30:00+07:00"><meta name="author" content="{AUTHOR}">
<style>nav {{ color: red }}</style><script>var mua_ban_nguoi = 1;</script></head>
<body><nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/phap-luat">Pháp luật</a></li></ul></nav>
<main><article><h1>{escape(TITLE)}</h1>
{paragraphs()}
</article></main>
<aside><h2>Tin liên quan</h2><ul><li><a href="/1">Giá cà phê tăng nhẹ</a></li></ul></aside>
<footer><p>Bản quyền thuộc {OUTLET}. Cấm sao chép dưới mọi hình thức.</p></footer></body></html>
"""


def web() -> None:
    """A saved page, the same as one file, and in a web archive."""
    write("html", PAGE)
    page = EmailMessage(policy=email.policy.SMTP)
    page["From"], page["Subject"] = "<Saved by Blink>", TITLE
    page["Snapshot-Content-Location"] = f"https://baobiencuong.example/{NAME}.html"
    page.set_content(PAGE, subtype="html", cte="quoted-printable")
    page.make_related()
    page.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<anh>")
    write("mhtml", page.as_bytes())

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for address, kind, raw in (
        (f"https://baobiencuong.example/{NAME}.html", "text/html; charset=utf-8", PAGE.encode()),
        ("https://baobiencuong.example/style.css", "text/css", b"nav { color: red }"),
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        dated = {"WARC-Date": f"{DAY}T08:00:00Z"}
        record = writer.create_warc_record(
            address, "response", io.BytesIO(raw), http_headers=headers, warc_headers_dict=dated
        )
        writer.write_record(record)
    write("warc.gz", out.getvalue())


def clock(seconds: float, comma: str) -> str:
    """A time code."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{comma}{round((seconds - whole) * 1000):03}"


def cues() -> list[tuple[float, float, str]]:
    """Start, end, and about nine words each; half a second of silence after a paragraph."""
    found, time = [], 1.0
    for line in PARAGRAPHS:
        words = line.split()
        for start in range(0, len(words), 9):
            spoken = words[start : start + 9]
            found.append((time, time + len(spoken) / 4, " ".join(spoken)))
            time += len(spoken) / 4
        time += 0.5 if line != TITLE else 4
    return found


def subtitles() -> None:
    """SRT and WebVTT."""
    timed = cues()
    write(
        "srt",
        "\n".join(
            f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{words}\n"
            for number, (start, end, words) in enumerate(timed, 1)
        ),
    )
    write(
        "vtt",
        "WEBVTT\n\n"
        + "\n".join(
            f"{clock(start, '.')} --> {clock(end, '.')}\n<v PTV>{escape(words, quote=False)}</v>\n"
            for start, end, words in timed
        ),
    )


def news() -> None:
    """IPTC ninjs, NewsML-G2, NITF, and a feed."""
    html = paragraphs()
    ninjs = {
        "uri": f"urn:baobiencuong.example:{NAME}", "type": "text", "language": "vi",
        "versioncreated": f"{DAY}T07:30:00+07:00", "headline": TITLE, "byline": AUTHOR,
        "copyrightholder": OUTLET, "located": PLACE, "body_html": html,
    }  # fmt: skip
    write("json", json.dumps(ninjs, ensure_ascii=False, indent=1))
    write(
        "newsml",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:{NAME}" version="1" standard="NewsML-G2">
<itemMeta><itemClass qcode="ninat:text"/><versionCreated>{DAY}T07:30:00+07:00</versionCreated></itemMeta>
<rightsInfo><copyrightHolder><name>{OUTLET}</name></copyrightHolder></rightsInfo>
<contentMeta><located><name>{PLACE}</name></located><by>{AUTHOR}</by><headline>{escape(TITLE)}</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
<head><title>{escape(TITLE)}</title></head><body>
{html}
</body></html></inlineXML></contentSet></newsItem>
""",
    )
    write(
        "nitf",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf><head><title>{escape(TITLE)}</title><docdata><date.issue norm="20200819T073000+0700"/>
<doc.copyright holder="{OUTLET}" year="2020"/></docdata></head>
<body><body.head><hedline><hl1>{escape(TITLE)}</hl1></hedline><byline>{AUTHOR}</byline>
<dateline><location>{PLACE}</location></dateline></body.head>
<body.content><block>
{html}
</block></body.content></body></nitf>
""",
    )
    write(
        "rss",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>{OUTLET}</title><link>https://baobiencuong.example/</link><description>Pháp luật</description>
<item><title>{escape(TITLE)}</title><link>https://baobiencuong.example/{NAME}.html</link><dc:creator>{AUTHOR}</dc:creator>
<pubDate>Wed, 19 Aug 2020 07:30:00 +0700</pubDate><description>{escape(BODY[0])}</description>
<content:encoded><![CDATA[{html}]]></content:encoded></item></channel></rss>
""",
    )


def mail() -> None:
    """An e-mail with the article as its text and a note attached."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"] = f"{AUTHOR} <nguyen@baobiencuong.example>", "toasoan@baobiencuong.example"
    message["Subject"], message["Date"] = TITLE, "Wed, 19 Aug 2020 07:30:00 +0700"
    message.set_content("\n\n".join(BODY), cte="base64")
    message.add_attachment("Ảnh gửi sau.\n".encode(), maintype="text", subtype="plain", filename="ghi chú.txt")
    write("eml", message.as_bytes())


def tables() -> None:
    """One article among others in every kind of table."""
    import openpyxl
    import pyarrow
    from pyarrow import parquet

    columns = ("Mã bài", "Tiêu đề", "Tác giả", "Cơ quan báo chí", "Ngày đăng", "Nội dung")
    rows = [
        ("BC-01", TITLE, AUTHOR, OUTLET, DAY, "\n".join(BODY)),
        ("BC-02", "Mưa rào về chiều", "Hà My", OUTLET, "2020-08-20", "Ngày mai trời nhiều mây, chiều có mưa rào."),
    ]
    for suffix, separator in (("csv", ";"), ("tsv", "\t")):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator).writerows([columns, *rows])
        write(suffix, "\ufeff" + out.getvalue())
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Quý III"
    sheet.append(["DANH SÁCH TIN, BÀI QUÝ III NĂM 2020"])
    sheet.append([])
    for row in (columns, *rows):
        sheet.append(row)
    workbook.save(FOLDER / f"{NAME}.xlsx")
    records = [dict(zip(("id", "title", "author", "outlet", "published", "text"), row, strict=True)) for row in rows]
    write("jsonl", "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    parquet.write_table(pyarrow.Table.from_pylist(records), FOLDER / f"{NAME}.parquet")


def archives() -> None:
    """The Word file in a ZIP file and in a packed tar file, the text alone with gzip."""
    given = FOLDER / f"{NAME}.docx"
    with zipfile.ZipFile(FOLDER / f"{NAME}.zip", "w") as packed:
        packed.write(given, f"tháng 8/{given.name}")
    with tarfile.open(FOLDER / f"{NAME}.tar.gz", "w:gz") as packed:
        packed.add(
            given,
            f"thang-8/{given.name}",
            filter=lambda member: member.replace(uid=0, gid=0, uname="", gname="", deep=False),
        )
    write("txt.gz", gzip.compress((FOLDER / f"{NAME}.txt").read_bytes(), mtime=0))


def main() -> None:
    """Write them all anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for make in (word, columns, plain, web, subtitles, news, mail, tables, archives):
        make()


if __name__ == "__main__":
    main()
