"""One function over many tasks in several processes: results in the order of the tasks, few tasks held at a time.

Workers are forked with everything loaded where the platform forks safely, and spawned elsewhere. They leave
Ctrl-C to their parent, and die with it however it dies.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

from mbncheck.errors import StoreError

AHEAD = 3  # tasks waiting for each worker: enough to keep it busy, little enough to keep memory flat
FORKS = sys.platform == "linux"

TaskT = TypeVar("TaskT")
DoneT = TypeVar("DoneT")
_TaskT = TypeVar("_TaskT", contravariant=True)
_DoneT = TypeVar("_DoneT", covariant=True)


class Work(Protocol[_TaskT, _DoneT]):
    """What is done with each task; it travels to the workers."""

    def warm_up(self) -> None:
        """Load what the first task would load."""

    def __call__(self, task: _TaskT, /) -> _DoneT:
        """Do one task."""


@contextmanager
def workers(work: Work[TaskT, DoneT], processes: int) -> Iterator[Callable[[Iterable[TaskT]], Iterator[DoneT]]]:
    """A function that does tasks in ``processes`` processes (1: in this one), results in order.

    Enter it before anything starts threads: they do not survive a fork. Raises ``StoreError`` where a worker dies.
    """
    if processes <= 1:
        yield partial(map, work)
        return
    if FORKS:
        work.warm_up()
        gc.freeze()  # what is loaded stays shared between the processes
    context = multiprocessing.get_context("fork" if FORKS else "spawn")
    executor = ProcessPoolExecutor(processes, context, _start, (work,))
    try:
        executor.submit(_do_nothing).result()  # all workers are forked here
        yield partial(_in_order, executor, processes * AHEAD)
    except BrokenProcessPool:
        raise StoreError(
            "Một tiến trình con đã chết giữa chừng (thường vì hết bộ nhớ); phần đã ghi vẫn nguyên vẹn. "
            "Hãy chạy lại đúng lệnh này để quét tiếp, hoặc dùng --processes 1.",
            "A worker process died (most often for lack of memory); what was written is whole. "
            "Run the same command again to go on, or use --processes 1.",
        ) from None
    finally:
        executor.shutdown(cancel_futures=True)


def _in_order(executor: ProcessPoolExecutor, most: int, tasks: Iterable[TaskT]) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    source = iter(tasks)
    while True:
        waiting.extend(executor.submit(_do, task) for task in islice(source, most - len(waiting)))
        if not waiting:
            return
        yield waiting.popleft().result()


_work: Callable[[Any], Any] | None = None


def _start(work: Callable[[Any], Any]) -> None:
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
    assert _work is not None  # noqa: S101 - _start ran first
    return _work(task)


def _do_nothing() -> None:
    """A first task, which starts the workers."""
