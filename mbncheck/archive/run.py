"""A scan: plan, check on every core, store; whatever interrupts it, the next one goes on where it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from mbncheck.archive.outcomes import Outcomes
from mbncheck.archive.plan import Found, Plan, local_files, make_plan, tasks
from mbncheck.archive.pool import pool
from mbncheck.archive.reprints import mark_reprints
from mbncheck.archive.store import FileState, Store, Totals
from mbncheck.archive.worker import PROGRAM, Done, Worker
from mbncheck.model import Rejected

COMMIT_ARTICLES = 2_000  # a transaction costs ten milliseconds
COMMIT_SECONDS = 2.0  # and what an interruption may cost
LITTLE = 1_000_000  # bytes: done before more processes have started


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


def plan_scan(found: Iterable[Found | Rejected], store: str | Path, worker: Worker, *, force: bool = False) -> Plan:
    """What a scan of ``found`` (``local_files``) would do; nothing is checked or written. Raises ``StoreError``."""
    states: dict[str, FileState] = {}
    if Path(store).exists():
        with Store.open(store) as held:
            states = held.file_states()
    return make_plan(found, states, worker.fingerprint, worker.since, force=force)


def scan(
    names: Iterable[str],
    store: str | Path,
    worker: Worker,
    *,
    processes: int | None = None,
    force: bool = False,
    report: Report | None = None,
) -> Scan:
    """Check every article of the files, folders and patterns ``names`` into the store, which is made if missing.

    Files that are done and unchanged are passed over; ``force`` does them again. What cannot be read is recorded, and
    the run goes on. ``processes`` is by default one a core, or one where there is little to do. The store's exported
    content is the same for any number of them, and however often a run was interrupted. Raises ``StoreError`` (disk
    full, store in use) or ``ModelError``; KeyboardInterrupt leaves the store whole.
    """
    plan = plan_scan(local_files(names), store, worker, force=force)
    with pool(worker, processes or _enough(plan)) as workers, Store.open(store, create=True) as held:
        with recording(held, worker, plan, report) as recorder:
            for task, done in workers.do(tasks(plan.jobs, worker.read)):
                recorder.add(done, task.size)
        return recorder.result(plan)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _enough(plan: Plan) -> int:
    return cores() if plan.size > LITTLE else 1


@contextmanager
def recording(store: Store, worker: Worker, plan: Plan, report: Report | None) -> Iterator[Recorder]:
    """A recorder for one run; at its end everything is committed, reprints are found and the run is noted."""
    checker = worker.checker
    model = checker.reader.name if checker.reader else None  # a damaged model ends the run here, not every article
    store.describe(checker.pack.reference, checker.pack.themes, model, checker.model_hash)
    run = store.begin_run(PROGRAM, worker.fingerprint)
    recorder = Recorder(store, plan, report)
    recorder.add(_not_found(plan, worker), 0)
    yield recorder
    recorder.flush()
    store.mark_repeats()
    mark_reprints(store)
    now = recorder.progress
    store.end_run(run, files=now.files, articles=now.articles, in_scope=now.in_scope, rejected=now.rejected)


class Recorder:
    """Gathers what workers have done and commits it now and then; reports each step."""

    def __init__(self, store: Store, plan: Plan, report: Report | None) -> None:
        self.progress = Progress(0, len(plan.jobs) + len(plan.rejected), 0, plan.size)
        self._store = store
        self._report = report or (lambda progress: None)
        self._held: list[Done] = []
        self._last = time.monotonic()

    def add(self, done: Done, size: int) -> None:
        """Take in what came of a task that brings the run ``size`` bytes further."""
        now = self.progress
        self.progress = replace(
            now,
            files=now.files + sum(state.done for state in done.states),
            size=now.size + size,
            articles=now.articles + done.articles,
            in_scope=now.in_scope + done.in_scope,
            rejected=now.rejected + done.rejected,
        )
        self._held.append(done)
        rows = sum(one.outcomes.num_rows for one in self._held)
        if rows >= COMMIT_ARTICLES or time.monotonic() - self._last >= COMMIT_SECONDS:
            self.flush()
        self._report(self.progress)

    def result(self, plan: Plan) -> Scan:
        """What the run did, and what the store holds now."""
        now = self.progress
        totals = self._store.totals()
        return Scan(now.files, plan.unchanged, now.articles, now.in_scope, now.rejected, totals)

    def flush(self) -> None:
        """Commit what is held."""
        if self._held:
            outcomes = pa.concat_tables([done.outcomes for done in self._held])
            self._store.add(outcomes, _latest(state for done in self._held for state in done.states))
        self._held = []
        self._last = time.monotonic()


def _latest(states: Iterable[FileState]) -> list[FileState]:
    """One state a file: the last, which replaces what was stored where any of them does."""
    latest: dict[int, FileState] = {}
    for state in states:
        earlier = latest.get(state.file)
        latest[state.file] = replace(state, replaces=state.replaces or bool(earlier and earlier.replaces))
    return list(latest.values())


def _not_found(plan: Plan, worker: Worker) -> Done:
    """Names that stand for nothing readable, recorded like files of one rejected entry."""
    outcomes = Outcomes()
    for job, rejected in plan.rejected:
        outcomes.reject(job.file, 0, rejected)
    states = tuple(worker.state(job, None, 1, done=True, replaces=job.replaces) for job, _ in plan.rejected)
    return Done(outcomes.table(), states, 0, outcomes.rejected)
