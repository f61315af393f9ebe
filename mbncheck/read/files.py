"""From paths, folders and patterns to plain-text articles; whatever cannot be read becomes a ``Rejected``."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mbncheck.model import Article, Rejected

MAX_BYTES = 20_000_000
TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text"})
STANDARD_INPUT = "-"

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def find_files(names: Iterable[str]) -> Iterator[str | Rejected]:
    """The files that ``names`` stand for: files, folders (their texts, sorted), patterns, ``-``.

    A name that stands for nothing, and a file in a folder that is not a text, is a ``Rejected``.
    The same file is given once.
    """
    seen: set[str] = set()
    for name in names:
        for found in _expand(name):
            key = found if isinstance(found, str) else found.path
            if key == STANDARD_INPUT or _real_path(key) not in seen:
                seen.add(_real_path(key))
                yield found


def _real_path(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL inside: no file can have that name
        return path


def _expand(name: str) -> Iterator[str | Rejected]:
    if name == STANDARD_INPUT:
        yield name
    elif os.path.isdir(name):
        yield from _folder(name)
    elif os.path.lexists(name):
        yield name
    elif glob.has_magic(name):
        matched = sorted(glob.glob(name, recursive=True))
        if not matched:
            yield Rejected(
                name,
                "không có tệp nào khớp với mẫu này",
                "no file matches this pattern",
                "hãy kiểm tra lại mẫu tên tệp",
                "check the pattern",
            )
        for path in matched:
            yield from _expand(path) if not glob.has_magic(path) else (path,)
    else:
        yield Rejected(
            name,
            "không có tệp hay thư mục này",
            "no such file or folder",
            "hãy kiểm tra lại đường dẫn",
            "check the path",
        )


def _folder(name: str) -> Iterator[str | Rejected]:
    texts = 0
    for folder, subfolders, files in os.walk(name):
        subfolders[:] = sorted(sub for sub in subfolders if not sub.startswith("."))
        for file in sorted(files):
            if file.startswith("."):
                continue
            path = os.path.join(folder, file)
            if Path(file).suffix.lower() in TEXT_SUFFIXES:
                texts += 1
                yield path
            else:
                yield Rejected(
                    path,
                    "không phải tệp văn bản (.txt, .md)",
                    "not a text file (.txt, .md)",
                    "hãy lưu bài thành .txt (UTF-8), hoặc nêu đích danh tệp này nếu nó là văn bản thuần",
                    "save it as .txt (UTF-8), or name the file itself if it is plain text",
                )
    if not texts:
        yield Rejected(
            name,
            "thư mục không có tệp văn bản nào (.txt, .md)",
            "the folder holds no text file (.txt, .md)",
            "hãy chỉ đến thư mục có bài viết",
            "name a folder that holds articles",
        )


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are to be read; the defaults are safe for files from anyone."""

    max_bytes: int = MAX_BYTES


def articles_of(path: str, options: ReadOptions | None = None) -> Iterator[Article | Rejected]:
    """Every article of one file, in an order that only its content decides; each with its own ``id``."""
    options = options or ReadOptions()
    if path.endswith((".jsonl", ".jsonl.gz")):
        yield from _records(path)
    else:
        yield read_file(path)


def _records(path: str) -> Iterator[Article | Rejected]:
    from mbncheck.read.tables import read_records

    for number, record in enumerate(read_records(path), 1):
        yield Article(str(record.get("text", "")), id=str(record.get("id", f"{path}#{number}")), origin=f"{number}")


def read_file(path: str, stdin: BinaryIO | None = None) -> Article | Rejected:
    """The article in a text file (``-``: standard input): UTF-8, or UTF-16 with its mark."""
    try:
        if path == STANDARD_INPUT:
            raw = (stdin or sys.stdin.buffer).read(MAX_BYTES + 1)
        elif os.path.exists(path) and not os.path.isfile(path):
            return _rejected(path, "không phải tệp thường", "not an ordinary file", *_NAME_A_FILE)
        else:
            with open(path, "rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(path, error)
    except ValueError:
        return _unreadable(path, FileNotFoundError())
    return _decoded(path, raw)


def _decoded(path: str, raw: bytes) -> Article | Rejected:
    if len(raw) > MAX_BYTES:
        return _rejected(
            path,
            f"tệp lớn hơn {MAX_BYTES // 1_000_000} MB",
            f"larger than {MAX_BYTES // 1_000_000} MB",
            "hãy tách tệp: mỗi tệp một bài",
            "split it: one article a file",
        )
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in raw:
        return _rejected(path, "tệp nhị phân, không phải văn bản", "binary, not a text", *_SAVE_AS_TEXT)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        return _rejected(
            path,
            f"không phải UTF-8 (byte thứ {error.start + 1} sai)",
            f"not UTF-8 (byte {error.start + 1} is wrong)",
            *_SAVE_AS_TEXT,
        )
    if not text.strip("\ufeff \t\r\n\0\u00a0\u200b"):
        return _rejected(path, "tệp rỗng", "the file is empty", "hãy kiểm tra lại nội dung tệp", "check its content")
    return Article(text, id=path)


_SAVE_AS_TEXT = (
    "hãy lưu lại thành văn bản thuần với bảng mã UTF-8",
    "save it again as plain text in UTF-8",
)
_NAME_A_FILE = ("hãy nêu tên một tệp văn bản", "name a text file")


def _unreadable(path: str, error: OSError) -> Rejected:
    if isinstance(error, PermissionError):
        return _rejected(
            path,
            "không có quyền đọc tệp này",
            "no permission to read this file",
            "hãy cấp quyền đọc",
            "grant read permission",
        )
    if isinstance(error, FileNotFoundError):
        return _rejected(path, "không có tệp này", "no such file", "hãy kiểm tra lại đường dẫn", "check the path")
    return _rejected(
        path,
        f"không đọc được ({error.strerror})",
        f"cannot be read ({error.strerror})",
        "hãy kiểm tra tệp và ổ đĩa",
        "check the file and the disk",
    )


def _rejected(path: str, reason_vi: str, reason_en: str, remedy_vi: str, remedy_en: str) -> Rejected:
    return Rejected(path, reason_vi, reason_en, remedy_vi, remedy_en)
