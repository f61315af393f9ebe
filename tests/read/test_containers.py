"""Archives: every member in order under its own name, limits held, nothing written out."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mbncheck import Article, Rejected
from mbncheck.read.files import ReadOptions, articles_of

TEXT = "Nạn mua bán người."


def read(path: Path, raw: bytes, **limits: Any) -> dict[str, str]:
    """Place → text, or the reason against it."""
    path.write_bytes(raw)
    found = list(articles_of(str(path), ReadOptions(**limits)))
    assert len({one.origin for one in found}) == len(found)
    return {one.origin: one.text if isinstance(one, Article) else one.reason_en for one in found}


def zipped(members: dict[str, bytes], password: bool = False) -> bytes:
    """A ZIP file; ``password`` marks its members as behind one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    raw = out.getvalue()
    return raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01") if password else raw


def tarred(members: dict[str, bytes]) -> bytes:
    """A tar file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return out.getvalue()


MEMBERS = {
    "b/hai.txt": TEXT.encode(),
    "a/một.txt": TEXT.encode(),
    "a/ảnh.png": b"\x89PNG\0",
    "a/rỗng.txt": b"",
    ".ẩn.txt": TEXT.encode(),
    "__MACOSX/a/._một.txt": b"\0",
}


def test_zip(tmp_path: Path) -> None:
    """Members come by name; hidden ones are left out, what cannot be read is told."""
    found = read(tmp_path / "a.zip", zipped(MEMBERS))
    assert list(found) == sorted(name for name in MEMBERS if name[0] in "ab")
    assert found["a/một.txt"] == TEXT
    assert found["a/ảnh.png"] == "not of a format that can be read"
    assert found["a/rỗng.txt"] == "the file is empty"


@pytest.mark.parametrize("packed", [False, True])
def test_tar(tmp_path: Path, packed: bool) -> None:
    """Members of a tar file come in its own order."""
    raw = tarred(MEMBERS)
    found = read(tmp_path / "a.tar.gz", gzip.compress(raw) if packed else raw)
    assert list(found) == [name for name in MEMBERS if name[0] in "ab"]
    assert found["b/hai.txt"] == TEXT


def test_names_in_utf_8_without_saying_so(tmp_path: Path) -> None:
    """Names that a program wrote in UTF-8 without the mark for it are read as such."""
    raw = zipped({"dai-một.txt": TEXT.encode()}).replace(b"\x00\x08", b"\x00\x00")
    assert list(read(tmp_path / "a.zip", raw)) == ["dai-một.txt"]


def test_passwords(tmp_path: Path) -> None:
    """A member behind a password is told."""
    assert read(tmp_path / "a.zip", zipped({"a.txt": b"a"}, password=True)) == {"a.txt": "protected by a password"}


def test_gzip_of_one_file(tmp_path: Path) -> None:
    """What gzip packed is read as the file it is, at no other place."""
    assert read(tmp_path / "a.txt.gz", gzip.compress(TEXT.encode())) == {"": TEXT}
    assert read(tmp_path / "b.jsonl.gz", gzip.compress(f'{{"text": "{TEXT}"}}'.encode())) == {"1": TEXT}


def test_archives_in_archives(tmp_path: Path) -> None:
    """Each level adds its name; the level that is too deep is told by its place."""
    inner = zipped({"a.txt": TEXT.encode()})
    raw = zipped({"2.tar.gz": gzip.compress(tarred({"1.zip": inner})), "b.txt": TEXT.encode()})
    assert read(tmp_path / "3.zip", raw) == {"2.tar.gz#1.zip#a.txt": TEXT, "b.txt": TEXT}
    assert read(tmp_path / "4.zip", raw, max_depth=2) == {
        "2.tar.gz#1.zip": "archives nested more than 2 deep",
        "b.txt": TEXT,
    }


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_limits(tmp_path: Path, kind: str) -> None:
    """A member over the limit is told and the next one read; members over their number end the archive."""
    members = {"a.txt": b"a" * 5000, "b.txt": TEXT.encode(), "c.txt": TEXT.encode()}
    raw = zipped(members) if kind == "zip" else gzip.compress(tarred(members))
    path = tmp_path / f"a.{kind}"
    assert read(path, raw, max_bytes=1000) == {"a.txt": "larger than 0.001 MB", "b.txt": TEXT, "c.txt": TEXT}
    assert "more than 2 entries; the rest is not read" in read(path, raw, max_members=2).values()
    assert read(path, raw, max_archive_bytes=1000).popitem()[1] == "larger than 0.001 MB"


# --- WARC ----------------------------------------------------------------------------------------------------


def warc(*answers: tuple[str, str, str, bytes]) -> bytes:
    """A web archive of these answers: address, status, media type, bytes."""
    out = b""
    for address, status, kind, raw in answers:
        block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + raw
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Length: {len(block)}\r\n"
        out += head.encode() + b"Content-Type: application/http;msgtype=response\r\n\r\n" + block + b"\r\n\r\n"
    return out


def test_warc(tmp_path: Path) -> None:
    """Pages and documents that were there are read; redirects, missing pages, styles and pictures are passed over."""
    page = f"<html><body><article><h1>Tít</h1><p>{TEXT * 9}</p></article></body></html>".encode()
    found = read(
        tmp_path / "a.warc",
        warc(
            ("https://a.example/1", "200 OK", "text/html; charset=utf-8", page),
            ("https://a.example/2", "301 Moved", "text/html", page),
            ("https://a.example/3", "404 Not Found", "text/html", page),
            ("https://a.example/4.css", "200 OK", "text/css", b"p {}"),
            ("https://a.example/5", "200 OK", "text/plain", TEXT.encode()),
            ("https://a.example/6.pdf", "200 OK", "application/pdf", b"%PDF-1.4 cut"),
        ),
    )
    assert found == {
        "https://a.example/1": f"Tít\n{TEXT * 9}",
        "https://a.example/5": TEXT,
        "https://a.example/6.pdf": "damaged or cut off (PDF)",
    }


def test_rejected_parts_keep_their_file(tmp_path: Path) -> None:
    """A rejected member names its archive and its own place."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"ảnh.png": b"\x89PNG\0"}))
    (found,) = articles_of(str(path))
    assert isinstance(found, Rejected)
    assert (found.path, found.origin, found.place) == (str(path), "ảnh.png", f"{path}#ảnh.png")


@pytest.mark.parametrize(("name", "raw"), [("a.zip", zipped({})), ("a.jsonl", b"\n\n"), ("a.csv", b"text\n")])
def test_nothing_in_it(tmp_path: Path, name: str, raw: bytes) -> None:
    """An archive or a table without a single article is told, not passed over."""
    assert read(tmp_path / name, raw) == {"": "there is no text in it"}
