"""ZIP files from anyone, opened within limits: archives, and the documents that are archives within."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zipfile import ZipFile, ZipInfo

from mbncheck.read import refusals
from mbncheck.read.options import MEGABYTE, ReadOptions
from mbncheck.read.source import HEAD, Source

HARMLESS = 10 * MEGABYTE  # what unpacks to no more than this may be packed as tightly as it likes
MAX_DIRECTORY = 50 * MEGABYTE  # bytes of the list of members
_END, _END_SIZE, _END_WITHIN = b"PK\x05\x06", 22, 22 + 0xFFFF  # the record that closes a ZIP file, and its comment
_SMALLEST_ENTRY = 46
_ENCRYPTED = 0x1


def check_directory(source: Source) -> None:
    """Raise ``Refused`` where the list of members alone would fill the memory: the library reads all of it."""
    source.stream.seek(max(source.size - _END_WITHIN, 0))
    end = source.stream.read()
    source.stream.seek(0)
    record = end[end.rfind(_END) :]
    if len(record) >= _END_SIZE and int.from_bytes(record[12:16], "little") > MAX_DIRECTORY:
        raise refusals.too_many_members(MAX_DIRECTORY // _SMALLEST_ENTRY)


@contextmanager
def opened(source: Source, options: ReadOptions) -> Iterator[ZipFile]:
    """The ZIP file in ``source``, no larger and no more tightly packed than allowed.

    Its directory is believed: the library never unpacks more of a member than that says. Raises ``Refused``.
    """
    check_directory(source)
    with ZipFile(source.stream) as packed:
        members = packed.infolist()
        if len(members) > options.max_members:
            raise refusals.too_many_members(options.max_members)
        check_expansion(sum(member.file_size for member in members), source.size, options)
        yield packed
    source.stream.seek(0)


def check_expansion(unpacked: int, packed: int, options: ReadOptions) -> None:
    """Raise ``Refused`` where so many bytes out of so few are more than allowed."""
    if unpacked > options.max_archive_bytes:
        raise refusals.too_large(options.max_archive_bytes)
    if unpacked > HARMLESS and unpacked > options.max_ratio * packed:
        raise refusals.expands_too_much(options.max_ratio)


def check_document(source: Source, options: ReadOptions, *parts: str) -> None:
    """Raise ``Refused`` unless the document in ``source`` has ``parts``, of bearable size and without entities."""
    if source.size > options.max_document_bytes:
        raise refusals.too_large(options.max_document_bytes)
    with opened(source, options) as packed:
        if any(packed.getinfo(name).file_size > options.max_bytes for name in parts):
            raise refusals.too_large(options.max_bytes)
        check_entities(packed, parts)


def check_entities(packed: ZipFile, parts: Iterable[str]) -> None:
    """Raise ``Refused`` where one of ``parts`` is behind a password, or has a document type: entities are in there."""
    for name in parts:
        if is_encrypted(packed.getinfo(name)):
            raise refusals.encrypted()
        with packed.open(name) as part:
            if b"<!DOCTYPE" in part.read(HEAD):
                raise refusals.forbidden_xml()


def is_encrypted(member: ZipInfo) -> bool:
    """Whether a password guards ``member``."""
    return bool(member.flag_bits & _ENCRYPTED)


def name_of(member: ZipInfo) -> str:
    """Its name; many programs write UTF-8 without saying so, which the library takes for code page 437."""
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename
