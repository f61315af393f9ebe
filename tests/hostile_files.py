"""Files made to harm whoever opens them, each with what shall be said of it (part of the English reason)."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT

FORMATS = ROOT / "corpora" / "formats"
GIGABYTE = 1_000_000_000
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
_EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_MEGABYTE_OF_ZEROS = bytes(1_000_000)

Maker = Callable[[Path], None]


def _zipped(members: dict[str, bytes], repeat: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in members.items():
            with packed.open(name, "w") as member:
                for _ in range(repeat):
                    member.write(content)
    return out.getvalue()


def _nested(depth: int) -> bytes:
    inside = _zipped({"a.txt": "Nạn mua bán người.".encode()})
    for _ in range(depth):
        inside = _zipped({"inner.zip": inside})
    return inside


def _tar_with(*members: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for member in members:
            packed.addfile(member, io.BytesIO(b"x" * member.size))
    return out.getvalue()


def _climbing_tar() -> bytes:
    member = tarfile.TarInfo("../../../etc/harm.txt")
    member.size = 4
    return _tar_with(member)


def _linked_tar() -> bytes:
    member = tarfile.TarInfo("a.txt")
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return _tar_with(member)


def _linked_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        member = zipfile.ZipInfo("a.txt")
        member.external_attr = 0o120777 << 16
        packed.writestr(member, "/etc/passwd")
    return out.getvalue()


def _docx_with(document: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(FORMATS / "vu-an-lua-ban.docx") as given, zipfile.ZipFile(out, "w") as packed:
        for name in given.namelist():
            packed.writestr(name, document if name == "word/document.xml" else given.read(name))
    return out.getvalue()


def _xlsx_with(sheet: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(FORMATS / "vu-an-lua-ban.xlsx") as given, zipfile.ZipFile(out, "w") as packed:
        for name in given.namelist():
            packed.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else given.read(name))
    return out.getvalue()


def _cut(suffix: str, part: float = 0.5) -> bytes:
    raw = (FORMATS / f"vu-an-lua-ban.{suffix}").read_bytes()
    return raw[: int(len(raw) * part)]


def _gzip_bomb() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        for _ in range(60):
            packed.write(_MEGABYTE_OF_ZEROS)
    return out.getvalue()


def _scanned_pdf() -> bytes:
    """A page that shows nothing but a picture."""
    return _pdf(b"<</Length 18>>stream\n9 0 0 9 0 0 cm/I Do\nendstream")


def _bomb_pdf() -> bytes:
    """A page whose content unpacks to 400 MB, more than the tests allow."""
    packer = zlib.compressobj(1)
    content = b"".join(packer.compress(_MEGABYTE_OF_ZEROS * 20) for _ in range(20)) + packer.flush()
    return _pdf(b"<</Length %d/Filter/FlateDecode>>stream\n" % len(content) + content + b"\nendstream")


def _pdf(content: bytes) -> bytes:
    """A PDF file of one page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        content,
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\xff\nendstream",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size 6/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def _xml(prologue: str, entity: str) -> dict[str, str]:
    """The entity where each kind of XML would show it."""
    return {
        "nitf": f"{prologue}<nitf><body><body.content><p>{entity}</p></body.content></body></nitf>",
        "newsml": f"{prologue}<newsItem><contentSet><inlineData>{entity}</inlineData></contentSet></newsItem>",
        "rss": f"{prologue}<rss version='2.0'><channel><item><title>{entity}</title></item></channel></rss>",
    }


def _sparse(path: Path) -> None:
    """A gigabyte without a line end, that takes up no room on disk."""
    with open(path, "wb") as file:
        file.truncate(GIGABYTE)


def _long_line(path: Path) -> None:
    """A line longer than an article may be."""
    with open(path, "wb") as file:
        file.write(b'{"text": "' + b"a" * 30_000_000)


def _long_page(path: Path) -> None:
    """A page that goes on for a gigabyte."""
    with open(path, "wb") as file:
        file.write(b"<!DOCTYPE html><html>")
        file.truncate(GIGABYTE)


def _many_names(path: Path) -> None:
    """An archive of more members than allowed, all empty."""
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(3000):
            packed.writestr(f"{number}.txt", "")


def _long_directory(path: Path) -> None:
    """An archive whose list of members is 60 MB."""
    raw = _zipped({"a.txt": b""})
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entries = raw[start:end] * (60_000_000 // (end - start))
    with open(path, "wb") as file:
        file.write(raw[:start] + entries + raw[end : end + 12] + len(entries).to_bytes(4, "little") + raw[end + 16 :])


CONTENTS: dict[str, tuple[bytes | str, str]] = {
    "bomb.zip": (_zipped({"a.txt": _MEGABYTE_OF_ZEROS}, repeat=60), "unpacks to more than"),
    "bomb.docx": (_zipped({"word/document.xml": _MEGABYTE_OF_ZEROS}, repeat=60), "unpacks to more than"),
    "bomb.xlsx": (_zipped({"xl/workbook.xml": _MEGABYTE_OF_ZEROS}, repeat=60), "unpacks to more than"),
    "bomb.txt.gz": (_gzip_bomb(), "unpacks to more than"),
    "bomb.tar.gz": (_gzip_bomb(), "unpacks to more than"),
    "nested.zip": (_nested(8), "nested more than"),
    "climbing.zip": (_zipped({"../../etc/harm.txt": b"harm"}), "leads out of the archive"),
    "absolute.zip": (_zipped({"/etc/harm.txt": b"harm"}), "leads out of the archive"),
    "windows.zip": (_zipped({"C:/harm.txt": b"harm"}), "leads out of the archive"),
    "climbing.tar.gz": (_climbing_tar(), "leads out of the archive"),
    "linked.tar.gz": (_linked_tar(), "a link or a device"),
    "linked.zip": (_linked_zip(), "a link or a device"),
    "laughs.docx": (_docx_with(_LAUGHS + "<w:document>&a9;</w:document>"), "declares entities"),
    "laughs.xlsx": (_xlsx_with(_LAUGHS + "<worksheet>&a9;</worksheet>"), "declares entities"),
    "outside.docx": (_docx_with(_EXTERNAL + "<w:document>&e;</w:document>"), "declares entities"),
    "laughs.json": (json.dumps([[[]]]), "not of a format"),
    "deep.json": ("[" * 1_000_000, "damaged"),
    "deep.html": ("<html><body>" + "<div>" * 200_000, "no article found"),
    "zeros.txt": (bytes(1000), "binary"),
    "zeros.csv": (b"text\n" + bytes(1000), "binary"),
    "zeros.srt": (bytes(1000), "binary"),
    "zeros.docx": (bytes(1000), "named .docx, but"),
    "other.xml": ("<?xml version='1.0'?><settings/>", "not of a format"),
    "text.pdf": (b"Not a PDF at all.", "named .pdf, but"),
    "empty.docx": (b"", "empty"),
    "cut.docx": (_cut("docx"), "damaged or cut off (Word)"),
    "cut.xlsx": (_cut("xlsx"), "damaged or cut off (Excel"),
    "cut.odt": (_cut("odt"), "damaged or cut off (OpenDocument)"),
    "cut.parquet": (_cut("parquet"), "damaged or cut off (Parquet"),
    "cut.pdf": (_cut("pdf"), "damaged or cut off (PDF)"),
    "bomb.pdf": (_bomb_pdf(), "of memory"),
    "cut.zip": (_cut("zip"), "damaged or cut off (ZIP"),
    "cut.tar.gz": (_cut("tar.gz"), "damaged or cut off"),
    "cut.txt.gz": (_cut("txt.gz"), "damaged or cut off"),
    "cut.warc.gz": (_cut("warc.gz"), "damaged or cut off (WARC)"),
    "cut.rtf": (_cut("rtf"), "damaged or cut off (RTF)"),
    "cut.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "no Word document"),
    "scanned.pdf": (_scanned_pdf(), "without a text layer"),
    **{f"laughs.{kind}": (text, "declares entities") for kind, text in _xml(_LAUGHS, "&a9;").items()},
    **{f"outside.{kind}": (text, "declares entities") for kind, text in _xml(_EXTERNAL, "&e;").items()},
}
MADE: dict[str, tuple[Maker, str]] = {
    "line.txt": (_sparse, "larger than"),
    "line.csv": (_sparse, "larger than"),
    "line.jsonl": (_long_line, "larger than"),
    "line.html": (_long_page, "larger than"),
    "line.docx": (_sparse, "named .docx, but"),
    "directory.zip": (_long_directory, "the rest is not read"),
    "many.zip": (_many_names, "empty"),
    "folder.docx": (lambda path: path.mkdir(), "not an ordinary file"),
}
if hasattr(os, "mkfifo"):
    MADE["pipe.txt"] = (lambda path: os.mkfifo(path), "not an ordinary file")


def make_all(folder: Path) -> dict[str, str]:
    """Write them all; name → what shall be said."""
    for name, (content, _) in CONTENTS.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for name, (make, _) in MADE.items():
        make(folder / name)
    return {name: said for name, (_, said) in {**CONTENTS, **MADE}.items()}
