"""Archives: every member is read like a file, without ever being written out under its own name."""

from __future__ import annotations

import gzip
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from typing import IO, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from mbncheck.model import Article, Rejected
from mbncheck.read import refusals
from mbncheck.read.formats import read_source, within
from mbncheck.read.options import ReadOptions
from mbncheck.read.packages import HARMLESS, is_encrypted, name_of, opened
from mbncheck.read.source import HIDDEN, Source

_CHUNK = 1_000_000
_IN_MEMORY = 10_000_000


def read_zip(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article in every member, by name."""
    _check_depth(source, options)
    with opened(source, options) as packed:
        for member in sorted(packed.infolist(), key=name_of):
            name = name_of(member)
            if member.is_dir() or _is_hidden(name):
                continue
            for found in _zip_member(packed, member, name, source.depth + 1, options):
                yield within(found, name)


def _zip_member(
    packed: ZipFile, member: ZipInfo, name: str, depth: int, options: ReadOptions
) -> Iterator[Article | Rejected]:
    refused = _refusal(name, linked=stat.S_ISLNK(member.external_attr >> 16))
    if not refused and is_encrypted(member):
        refused = refusals.encrypted()
    if refused:
        yield refused.rejected()
        return
    with packed.open(member) as stream:
        yield from _member(stream, name, depth, options)


def read_tar(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article in every member, in the archive's own order; the archive may be packed with gzip."""
    _check_depth(source, options)
    stream = _unpacked(source, options) if source.head().startswith(b"\x1f\x8b") else source.stream
    with tarfile.open(fileobj=stream, mode="r|") as packed:
        for number, member in enumerate(packed, 1):
            if number > options.max_members:
                raise refusals.too_many_members(options.max_members)
            if member.isdir() or _is_hidden(member.name):
                continue
            for found in _tar_member(packed, member, source.depth + 1, options):
                yield within(found, member.name)


def _tar_member(
    packed: tarfile.TarFile, member: tarfile.TarInfo, depth: int, options: ReadOptions
) -> Iterator[Article | Rejected]:
    refused = _refusal(member.name, linked=not member.isfile())
    stream = None if refused else packed.extractfile(member)
    if stream is None:
        yield (refused or refusals.not_a_member()).rejected()
        return
    yield from _member(stream, member.name, depth, options)


def read_gzip(source: Source, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article of the one file that gzip packed; it is not counted as an archive around it."""
    name = source.name[: -len(".gz")] if source.suffix == ".gz" else source.name
    _check_depth(source, options)
    yield from _member(_unpacked(source, options), name, source.depth + 1, options, many=True)


def _member(
    stream: IO[bytes], name: str, depth: int, options: ReadOptions, *, many: bool = False
) -> Iterator[Article | Rejected]:
    """The articles of one member, unpacked into a file without a name where it is large."""
    limit = options.max_archive_bytes if many else options.max_document_bytes
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as unpacked:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                yield refusals.too_large(limit).rejected()
                return
            unpacked.write(chunk)
        unpacked.seek(0)
        yield from read_source(Source(name, cast(BinaryIO, unpacked), size, depth), options)


def _check_depth(source: Source, options: ReadOptions) -> None:
    if source.depth >= options.max_depth:
        raise refusals.too_deep(options.max_depth)


def _refusal(name: str, *, linked: bool) -> refusals.Refused | None:
    """Why a member is not read for its name or kind alone."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        return refusals.unsafe_name()
    return refusals.not_a_member() if linked else None


def _is_hidden(name: str) -> bool:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "__MACOSX" in parts or any(part.startswith(HIDDEN) for part in parts)


def _unpacked(source: Source, options: ReadOptions) -> BinaryIO:
    return cast(BinaryIO, _Bounded(gzip.GzipFile(fileobj=source.stream, mode="rb"), source.size, options))


class _Bounded:
    """A stream of unpacked bytes that ends with ``Refused`` where there are more than allowed."""

    def __init__(self, stream: gzip.GzipFile, packed: int, options: ReadOptions) -> None:
        self._stream = stream
        self._options = options
        self._ratio_limit = max(HARMLESS, options.max_ratio * packed)
        self._given = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """At most ``size`` bytes, a chunk where none is said: never all there is."""
        chunk = self._stream.read(_CHUNK if size is None or size < 0 else size)
        self._given += len(chunk)
        if self._given > self._ratio_limit:
            raise refusals.expands_too_much(self._options.max_ratio)
        if self._given > self._options.max_archive_bytes:
            raise refusals.too_large(self._options.max_archive_bytes)
        return chunk
