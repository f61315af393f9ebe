"""What a run has to do: which files are new or changed, and how they are handed out to workers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mbncheck.archive.store import FileState
from mbncheck.errors import MbncheckError
from mbncheck.model import Article, Rejected
from mbncheck.read.files import STANDARD_INPUT, ReadOptions, articles_of, find_files

# Files of these kinds hold many articles. A large one is read here and checked by all workers; every other file is
# read by the worker that checks it, since reading (PDF, old encodings) may be the greater part of the work.
MANY = (
    ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".xlsx", ".xls", ".ods", ".parquet",
    ".zip", ".tar", ".tgz", ".gz", ".warc", ".xml", ".newsml", ".rss", ".atom", ".eml",
)  # fmt: skip
LARGE = 1_000_000  # bytes
BATCH = 256  # articles that a worker gets at once
BATCH_CHARACTERS = 1_000_000
GROUP = 32  # small files that a worker gets at once
GROUP_BYTES = 1_000_000
BYTES_PER_CHARACTER = 1.3  # of Vietnamese in UTF-8; packed to about a third. For the time left only.
PACKED_TO = 0.3
PACKED = (".gz", ".tgz", ".zip", ".xlsx", ".ods", ".parquet")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that can be read: how it was named, how the store knows it, bytes, and when it was changed."""

    name: str
    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class FileJob:
    """One file to do; ``path``, ``size`` and ``modified`` as in ``Found``.

    ``known`` is what the store holds of it, made in the same way as now. ``replaces`` where the store holds anything.
    ``copy`` is where it can be read if not by its name.
    """

    file: int
    name: str
    path: str
    size: int
    modified: int
    known: FileState | None
    replaces: bool
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to do, names that stand for nothing readable, and how many files need nothing."""

    jobs: tuple[FileJob, ...]
    rejected: tuple[tuple[FileJob, Rejected], ...]
    unchanged: int

    @property
    def size(self) -> int:
        """Bytes to do."""
        return sum(job.size for job in self.jobs)


@dataclass(frozen=True, slots=True)
class Files:
    """Whole files for one worker, which reads them itself."""

    jobs: tuple[FileJob, ...]

    @property
    def size(self) -> int:
        """Bytes that this task brings the run further."""
        return sum(job.size for job in self.jobs)


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries ``start``… of one file that was read here; ``last`` ends it."""

    job: FileJob
    hash: str
    start: int
    entries: tuple[Article | Rejected, ...]
    last: bool
    size: int


Task = Files | Batch


def make_plan(
    found: Iterable[Found | Rejected],
    states: Mapping[str, FileState],
    fingerprint: str,
    since: date | None,
    *,
    force: bool,
) -> Plan:
    """What is to be done for the files found, given what the store knows (``states``, by path).

    A file of the same size and time of change, done in the same way and as far back, needs nothing and is not read.
    """
    jobs: list[FileJob] = []
    rejected: list[tuple[FileJob, Rejected]] = []
    unchanged = 0
    fresh = max((state.file for state in states.values()), default=0)
    seen: set[str] = set()
    for one in found:
        path = path_key(one.path) if isinstance(one, Rejected) else one.path
        if path in seen:
            continue
        seen.add(path)
        state = states.get(path)
        fresh += state is None
        number = state.file if state else fresh
        if isinstance(one, Rejected):
            if state is None or state.hash is None:  # what was read before is kept though the file is gone
                rejected.append((FileJob(number, one.path, path, 0, 0, None, state is not None), one))
            continue
        usable = state if state and not force and _made_so(state, fingerprint, since) else None
        if usable and usable.done and usable.hash and (usable.size, usable.modified) == (one.size, one.modified):
            unchanged += 1
        else:
            jobs.append(FileJob(number, one.name, path, one.size, one.modified, usable, state is not None))
    return Plan(tuple(jobs), tuple(rejected), unchanged)


def local_files(names: Iterable[str]) -> Iterator[Found | Rejected]:
    """The files of this machine that ``names`` stand for."""
    for found in find_files(names):
        if isinstance(found, Rejected):
            yield found
        elif found == STANDARD_INPUT:
            yield _NO_STANDARD_INPUT
        else:
            yield Found(found, path_key(found), *_size_and_time(found))


def _made_so(state: FileState, fingerprint: str, since: date | None) -> bool:
    reaches = state.since is None or (since is not None and state.since <= since)
    return state.fingerprint == fingerprint and reaches


def tasks(jobs: Iterable[FileJob], read: ReadOptions) -> Iterator[Task]:
    """The jobs as tasks for workers, in order; at most one batch is held at a time."""
    group: list[FileJob] = []
    for job in jobs:
        if job.size > LARGE and job.name.lower().endswith(MANY):
            digest = file_hash(job.name)
            if digest is not None:
                yield from _grouped(group)
                group = []
                yield from _batches(job, digest, read)
                continue
        group.append(job)
        if len(group) >= GROUP or sum(one.size for one in group) >= GROUP_BYTES:
            yield from _grouped(group)
            group = []
    yield from _grouped(group)


def _grouped(group: list[FileJob]) -> Iterator[Files]:
    if group:
        yield Files(tuple(group))


def _batches(job: FileJob, digest: str, read: ReadOptions) -> Iterator[Batch]:
    """The entries of a large file, from where the store left off."""
    known = job.known if job.known and job.known.hash == digest else None
    start = known.entries if known else 0
    if known and known.done:
        yield Batch(job, digest, start, (), last=True, size=job.size)
        return
    per_character = BYTES_PER_CHARACTER * (PACKED_TO if job.name.lower().endswith(PACKED) else 1)
    held: list[Article | Rejected] = []
    characters, told = 0, 0
    for number, entry in enumerate(entries_of(job.name, read)):
        if number < start:
            continue
        held.append(entry)
        characters += len(entry.text) if isinstance(entry, Article) else 0
        if len(held) >= BATCH or characters >= BATCH_CHARACTERS:
            size = min(int(characters * per_character), job.size - told)
            yield Batch(job, digest, start, tuple(held), last=False, size=size)
            start, told, held, characters = start + len(held), told + size, [], 0
    yield Batch(job, digest, start, tuple(held), last=True, size=job.size - told)


def entries_of(name: str, read: ReadOptions, copy: str | None = None) -> Iterator[Article | Rejected]:
    """Every entry of a file, read from ``copy`` if given; where reading breaks off, a last ``Rejected`` says why.

    The id of an article is its own: without the path, which the store keeps beside it, and which may change.
    """
    path = copy or name
    try:
        for entry in articles_of(path, read):
            yield _named(entry, path, name)
    except MbncheckError as error:
        vi, en = (message.replace(path, name) for message in (error.vi, error.en))
        yield Rejected(name, vi, en, "hãy sửa tệp rồi quét lại", "mend the file and scan again")
    except Exception as error:  # one broken file must not end the run
        kind = type(error).__name__
        yield Rejected(name, f"lỗi khi đọc ({kind})", f"failed while reading ({kind})", *_TELL)


def _named(entry: Article | Rejected, path: str, name: str) -> Article | Rejected:
    """An entry read from ``path``, as the store calls it."""
    if isinstance(entry, Rejected):
        return entry if path == name else replace(entry, path=name)
    own = name if entry.id == path else entry.id.removeprefix(f"{path}#")
    return entry if own == entry.id else replace(entry, id=own)


def file_hash(name: str) -> str | None:
    """SHA-256 of a file's content, hex; ``None`` where it cannot be read."""
    try:
        with open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def path_key(name: str) -> str:
    """How the store knows a file: its real, absolute path, in characters that UTF-8 can hold."""
    try:
        path = os.path.realpath(name)
    except ValueError:  # a NUL inside: no file can have that name
        path = name
    return path.encode("utf-8", "backslashreplace").decode()


def _size_and_time(name: str) -> tuple[int, int]:
    try:
        found = os.stat(name)
    except (OSError, ValueError):
        return 0, 0
    return found.st_size, found.st_mtime_ns


_TELL = ("hãy báo cho người phát triển mbncheck", "tell the developers of mbncheck")
_NO_STANDARD_INPUT = Rejected(
    STANDARD_INPUT,
    "không quét được đầu vào chuẩn: không thể quét tiếp khi bị ngắt",
    "standard input cannot be scanned: it could not be resumed",
    "hãy lưu thành tệp",
    "save it to a file",
)
