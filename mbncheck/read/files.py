"""From paths, folders and patterns to articles; whatever cannot be read becomes a ``Rejected``."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.formats import is_known, read_source, reads_here
from mbncheck.read.options import ReadOptions
from mbncheck.read.refusals import Refused
from mbncheck.read.scripts import as_script
from mbncheck.read.source import HEAD, HIDDEN, Source

__all__ = ["ReadOptions", "articles_of", "find_files", "read_file"]

STANDARD_INPUT = "-"


def find_files(names: Iterable[str]) -> Iterator[str | Rejected]:
    """The files that ``names`` stand for: files, folders (what can be read in them, sorted), patterns, ``-``.

    A name that stands for nothing, and a file in a folder that is of no known format, is a ``Rejected``.
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
    known = 0
    for folder, subfolders, files in os.walk(name):
        subfolders[:] = sorted(sub for sub in subfolders if not sub.startswith(HIDDEN))
        for file in sorted(files):
            if file.startswith(HIDDEN):
                continue
            path = os.path.join(folder, file)
            if is_known(path):
                known += 1
                yield path
            else:
                yield refusals.unknown_format().rejected(path)
    if not known:
        yield Rejected(
            name,
            "thư mục không có tệp nào đọc được",
            "the folder holds no file that can be read",
            "hãy chỉ đến thư mục có bài viết; xem các định dạng bằng lệnh mbncheck formats",
            "name a folder that holds articles; see mbncheck formats",
        )


def articles_of(path: str, options: ReadOptions | None = None) -> Iterator[Article | Rejected]:
    """Every article of one file, in an order that only its content decides; each with its own ``id``.

    The ``id`` of a file's only article is its path; of one among many ``path#`` and the one it has there (a column
    ``id``), or its ``origin``. ``-`` is standard input.
    """
    seen: set[str] = set()
    options = options or ReadOptions()
    for found in _outcomes(path, options):
        if isinstance(found, Rejected):
            yield replace(found, path=path)
            continue
        own = found.id if found.id and found.id not in seen else found.origin
        seen.add(own)
        article = as_script(replace(found, id=f"{path}#{own}" if own else path))
        if options.completes:
            from mbncheck.read.metadata import completed

            article = completed(article, path, options)
        yield article


def _outcomes(path: str, options: ReadOptions) -> Iterator[Article | Rejected]:
    try:
        if path == STANDARD_INPUT:
            yield from _standard_input(options)
            return
        if os.path.exists(path) and not os.path.isfile(path):
            raise refusals.not_a_file()
        with open(path, "rb") as stream:
            source = Source(path, stream, os.fstat(stream.fileno()).st_size)
            if reads_here(source.head(), path):
                yield from read_source(source, options)
                return
    except Refused as refused:
        yield refused.rejected()
        return
    except OSError as error:
        yield refusals.unreadable(error).rejected()
        return
    except ValueError:  # a NUL inside: no file can have that name
        yield refusals.unreadable(FileNotFoundError()).rejected()
        return
    from mbncheck.read.apart import articles_apart

    yield from articles_apart(path, options)


def _standard_input(options: ReadOptions) -> Iterator[Article | Rejected]:
    """Plain text, or any format that is known by its content."""
    import io

    raw = sys.stdin.buffer.read(options.max_document_bytes + 1)
    if reads_here(raw[:HEAD], "a.txt"):
        yield from read_source(Source("a.txt", io.BytesIO(raw), len(raw)), options)
        return
    import tempfile

    from mbncheck.read.apart import articles_apart

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "input")
        with open(path, "wb") as file:
            file.write(raw)
        yield from articles_apart(path, options)


def read_file(path: str) -> Article | Rejected:
    """The first article of a file, or why there is none."""
    return next(articles_of(path))
