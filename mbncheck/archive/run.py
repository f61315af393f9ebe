"""A scan: plan, check on every core, store; whatever interrupts it, the next one goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from mbncheck import __version__
from mbncheck.archive.outcomes import SCHEMA, Outcomes
from mbncheck.archive.plan import Plan, make_plan, tasks
from mbncheck.archive.pool import workers
from mbncheck.archive.reprints import mark_reprints
from mbncheck.archive.store import FileState, Store, Totals
from mbncheck.archive.worker import Done, Worker
from mbncheck.check.checker import Checker
from mbncheck.read.files import ReadOptions

COMMIT_ARTICLES = 2_000  # a transaction costs ten milliseconds
COMMIT_SECONDS = 2.0  # and what an interruption may cost


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``size`` of ``size_total`` are bytes of files; an estimate inside a large file."""

    files: int
    files_total: int
    size: int
    size_total: int
    articles: int = 0
    in_scope: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """What a run did: files done and left alone, what it found in them, and what the store holds now."""

    files: int
    unchanged: int
    articles: int
    in_scope: int
    rejected: int
    totals: Totals


Report = Callable[[Progress], None]


def plan_scan(
    names: Iterable[str],
    store: str | Path,
    checker: Checker,
    *,
    since: date | None = None,
    force: bool = False,
    read: ReadOptions | None = None,
) -> Plan:
    """What a scan would do; nothing is checked, written or made. Raises ``StoreError``."""
    states: dict[str, FileState] = {}
    if Path(store).exists():
        with Store.open(store) as held:
            states = held.file_states()
    return make_plan(names, states, fingerprint(checker, read or ReadOptions()), since, force=force)


def scan(
    names: Iterable[str],
    store: str | Path,
    checker: Checker,
    *,
    processes: int = 1,
    since: date | None = None,
    force: bool = False,
    read: ReadOptions | None = None,
    report: Report | None = None,
) -> Scan:
    """Check every article of the files, folders and patterns ``names`` into the store, which is made if missing.

    Files that are done and unchanged are passed over; ``force`` does them again. Articles published before
    ``since`` are passed over and counted. What cannot be read is recorded, and the run goes on. The store's exported
    content is the same for any number of ``processes`` and however often a run was interrupted.
    Raises ``StoreError`` (disk full, store in use), ``ModelError``; KeyboardInterrupt leaves the store whole.
    """
    read = read or ReadOptions()
    plan = plan_scan(names, store, checker, since=since, force=force, read=read)
    model = checker.reader.name if checker.reader else None  # a damaged model ends the run here, not every article
    worker = Worker(checker, fingerprint(checker, read), since, read)
    with _pool(worker, plan, processes) as do, Store.open(store, create=True) as held:
        held.describe(checker.pack.reference, checker.pack.themes, model, checker.model_hash)
        run = held.begin_run(__version__, worker.fingerprint)
        recorder = Recorder(held, report, len(plan.jobs) + len(plan.rejected), plan.size)
        recorder.add(_not_found(plan, worker), 0)
        sizes: list[int] = []
        for done in do(_noting(tasks(plan.jobs, read), sizes)):
            recorder.add(done, sizes.pop(0))
        recorder.flush()
        mark_reprints(held)
        progress = recorder.progress
        held.end_run(
            run,
            files=progress.files,
            articles=progress.articles,
            in_scope=progress.in_scope,
            rejected=progress.rejected,
        )
        return Scan(
            progress.files, plan.unchanged, progress.articles, progress.in_scope, progress.rejected, held.totals()
        )
