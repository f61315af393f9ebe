"""What a worker does with a task: read, check, and keep what is to be kept. Runs in this process or in others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mbncheck import __version__
from mbncheck.archive.outcomes import Outcomes
from mbncheck.archive.plan import Batch, FileJob, Files, Task, entries_of, file_hash
from mbncheck.archive.store import SCHEMA_VERSION, FileState
from mbncheck.check.checker import Checker
from mbncheck.model import Article, Rejected
from mbncheck.read.files import ReadOptions

if TYPE_CHECKING:
    from mbncheck.balance.directory import Directory
    from mbncheck.pack.schema import OutletsFile, PlacesFile


PROGRAM = f"mbncheck {__version__}"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: outcomes, how far its files are, and counts for the progress bar."""

    outcomes: pa.Table
    states: tuple[FileState, ...]
    in_scope: int
    rejected: int

    @property
    def articles(self) -> int:
        """Articles checked."""
        return int(self.outcomes.num_rows) - self.rejected


@dataclass(frozen=True)
class Worker:
    """Does tasks; the same task gives the same outcomes wherever it is done.

    Articles published before ``since`` are passed over and counted. ``places`` are the communes to look for in pieces
    in scope; ``outlets`` are those that need not say which province they speak of.
    """

    checker: Checker
    since: date | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    places: PlacesFile | None = None
    outlets: OutletsFile | None = None

    @cached_property
    def fingerprint(self) -> str:
        """What decides the results beside a file's content, hex: program, pack, model, reading, places."""
        made_of = [
            PROGRAM,
            SCHEMA_VERSION,
            self.checker.pack.reference.hash,
            self.checker.model_hash,
            asdict(self.read),
            self.places.model_dump_json() if self.places else None,
            self.outlets.model_dump_json() if self.outlets else None,
        ]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what it was made of: another machine finds its own fingerprint."""
        return Worker, (self.checker, self.since, self.read, self.places, self.outlets)

    def warm_up(self) -> None:
        """Load what the first task would load."""
        self.checker.warm_up()

    def __call__(self, task: Task) -> Done:
        """Do one task."""
        outcomes = Outcomes()
        if isinstance(task, Batch):
            states = [self._batch(task, outcomes)]
        else:
            states = [self._file(job, outcomes) for job in task.jobs]
        return Done(outcomes.table(), tuple(states), outcomes.in_scope, outcomes.rejected)

    def split(self, task: Task) -> list[Task]:
        """One task for each file, or for each entry of a file."""
        if isinstance(task, Files):
            return [Files((job,)) for job in task.jobs] if len(task.jobs) > 1 else []
        if len(task.entries) <= 1:
            return []
        last = len(task.entries) - 1
        return [
            replace(
                task,
                start=task.start + number,
                entries=(entry,),
                last=task.last and number == last,
                size=task.size if number == last else 0,
            )
            for number, entry in enumerate(task.entries)
        ]

    def give_up(self, task: Task) -> Done:
        """The file, or the entry of a file, is rejected: whoever does it dies."""
        outcomes = Outcomes()
        if isinstance(task, Files):
            job, start, digest, last = task.jobs[0], 0, None, True
        else:
            job, start, digest, last = task.job, task.start, task.hash, task.last
        outcomes.reject(job.file, start, _deadly(job, task))
        state = self.state(job, digest, start + 1, done=last, replaces=job.replaces and start == 0)
        return Done(outcomes.table(), (state,), 0, 1)

    def _batch(self, batch: Batch, outcomes: Outcomes) -> FileState:
        done = self._entries(batch.job.file, batch.start, batch.entries, outcomes)
        replaces = batch.job.replaces and batch.start == 0
        return self.state(batch.job, batch.hash, done, done=batch.last, replaces=replaces)

    def _file(self, job: FileJob, outcomes: Outcomes) -> FileState:
        digest = file_hash(job.copy or job.name)
        known = job.known
        if known and known.done and known.hash and known.hash == digest:
            return self.state(job, digest, known.entries, done=True, replaces=False)
        done = self._entries(job.file, 0, entries_of(job.name, self.read, job.copy), outcomes)
        return self.state(job, digest, done, done=True, replaces=job.replaces)

    def _entries(self, file: int, start: int, entries: Iterable[Article | Rejected], outcomes: Outcomes) -> int:
        """Check the entries of a file that is done up to ``start``; how many are done then."""
        number = start
        for number, entry in enumerate(entries, start + 1):
            if isinstance(entry, Rejected):
                outcomes.reject(file, number - 1, entry)
            elif not (self.since and entry.published and entry.published < self.since):
                self._article(file, number - 1, entry, outcomes)
        return number

    def _article(self, file: int, number: int, article: Article, outcomes: Outcomes) -> None:
        try:
            result = self.checker.check_article(article)
            places = self._places_of(article) if result.in_scope else ()
            outcomes.add(file, number, article, result, places)
        except Exception as error:  # one article must not end the run
            outcomes.reject(file, number, _failed(article, error))

    def _places_of(self, article: Article) -> tuple[str, ...]:
        if self.places is None:
            return ()
        from mbncheck.balance.places import places_named

        local = self._directory.find(article.outlet) is not None
        return places_named(article.text, self.places, article.published, local=local)

    @cached_property
    def _directory(self) -> Directory:
        from mbncheck.balance.directory import Directory

        return Directory(self.outlets.outlets if self.outlets else ())

    def state(self, job: FileJob, digest: str | None, entries: int, *, done: bool, replaces: bool) -> FileState:
        """How far a file is, as the store keeps it."""
        return FileState(
            job.file,
            job.path,
            job.size,
            job.modified,
            digest,
            self.fingerprint,
            self.since,
            entries,
            done,
            replaces,
        )


def _failed(article: Article, error: Exception) -> Rejected:
    kind = type(error).__name__
    return Rejected(
        "",
        f"lỗi khi kiểm tra ({kind})",
        f"failed while checking ({kind})",
        "hãy báo cho người phát triển mbncheck",
        "tell the developers of mbncheck",
        origin=article.origin or article.id,
    )


def _deadly(job: FileJob, task: Task) -> Rejected:
    entry = task.entries[0] if isinstance(task, Batch) and task.entries else None
    return Rejected(
        job.name,
        "làm chết tiến trình xử lý nó (thường vì hết bộ nhớ)",
        "kills the process that works on it (most often for lack of memory)",
        "hãy tách nhỏ hoặc lưu lại dưới dạng khác rồi quét lại",
        "split it or save it in another form and scan again",
        origin=(entry.origin or entry.id) if isinstance(entry, Article) else "",
    )
