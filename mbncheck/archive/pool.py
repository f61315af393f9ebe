"""One kind of work over many tasks in several processes: results in the order of the tasks, few tasks held at a time.

Workers are forked with everything loaded where the platform forks safely, and spawned elsewhere. They leave
Ctrl-C to their parent, and die with it however it dies. A task that kills its worker (a crash inside a library, no
memory left) is found, given up and told of; the others go on.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

AHEAD = 3  # tasks waiting for each worker: enough to keep it busy, little enough to keep memory flat
FORKS = sys.platform == "linux"

TaskT = TypeVar("TaskT")
DoneT = TypeVar("DoneT")
_DoneT = TypeVar("_DoneT", covariant=True)


class Work(Protocol[TaskT, _DoneT]):
    """What is done with each task; it travels to the workers."""

    def warm_up(self) -> None:
        """Load what the first task would load."""

    def __call__(self, task: TaskT, /) -> _DoneT:
        """Do one task."""

    def split(self, task: TaskT, /) -> Sequence[TaskT]:
        """Smaller tasks that come to the same; none where it cannot be split."""

    def give_up(self, task: TaskT, /) -> _DoneT:
        """What is to be said of a task that kills whoever does it."""


@contextmanager
def pool(work: Work[TaskT, DoneT], processes: int) -> Iterator[Pool[TaskT, DoneT]]:
    """Does tasks in ``processes`` processes (1: in this one).

    Enter it before anything starts threads: they do not survive a fork.
    """
    if processes > 1 and FORKS:
        work.warm_up()
        gc.freeze()  # what is loaded stays shared between the processes
    running = Pool(work, processes)
    try:
        yield running
    finally:
        running.stop()


class Pool(Generic[TaskT, DoneT]):
    """Worker processes for one kind of work; without any it is done in this process."""

    def __init__(self, work: Work[TaskT, DoneT], processes: int) -> None:
        self._work = work
        self._processes = processes
        self._executor: ProcessPoolExecutor | None = None
        if processes > 1:
            self._start(processes, "fork" if FORKS else "spawn")

    def do(self, tasks: Iterable[TaskT]) -> Iterator[tuple[TaskT, DoneT]]:
        """Each task, and what came of it, in order; a task that killed its worker comes in its smaller parts."""
        if self._processes <= 1:
            yield from ((task, self._work(task)) for task in tasks)
            return
        waiting: deque[tuple[TaskT, Future[DoneT]]] = deque()
        for task in tasks:
            waiting.append((task, self._submit(task)))
            if len(waiting) >= self._processes * AHEAD:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def stop(self) -> None:
        """End the workers, when they are through with what they are doing."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _next(self, waiting: deque[tuple[TaskT, Future[DoneT]]]) -> Iterator[tuple[TaskT, DoneT]]:
        task, future = waiting[0]
        try:
            done = future.result()
        except BrokenProcessPool:
            suspects = deque(task for task, _ in waiting)
            waiting.clear()
            yield from self._one_by_one(suspects)
            return
        waiting.popleft()
        yield task, done

    def _one_by_one(self, suspects: deque[TaskT]) -> Iterator[tuple[TaskT, DoneT]]:
        self.stop()
        while suspects:
            task = suspects.popleft()
            try:
                done = self._submit(task, processes=1).result()
            except BrokenProcessPool:
                self.stop()
                parts = self._work.split(task)
                suspects.extendleft(reversed(parts))
                if parts:
                    continue
                done = self._work.give_up(task)
            yield task, done
        self.stop()

    def _start(self, processes: int, method: str) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(method)
        self._executor = ProcessPoolExecutor(processes, context, _start, (self._work,))
        self._executor.submit(_do_nothing).result()  # all workers are started here
        return self._executor

    def _submit(self, task: TaskT, processes: int | None = None) -> Future[DoneT]:
        try:
            # By now there are threads, which a fork would lose.
            executor = self._executor or self._start(processes or self._processes, "spawn")
            return executor.submit(_do, task)
        except BrokenProcessPool as error:
            broken: Future[DoneT] = Future()
            broken.set_exception(error)
            return broken


_work: Any = None


def _start(work: Any) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Any) -> Any:
    return _work(task)


def _do_nothing() -> None:
    """A first task, which starts the workers."""
