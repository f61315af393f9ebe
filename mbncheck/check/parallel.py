"""Many articles on several cores, results in order.

Segmentation holds the interpreter's lock, so threads do not help. Workers are forked with everything
loaded where the platform forks safely, and spawned elsewhere.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from mbncheck.model import Article, CheckResult

if TYPE_CHECKING:
    from mbncheck.check.checker import Checker

BATCH = 64
BATCHES_AHEAD = 4  # a worker's supply: enough to keep it busy, little enough to keep memory flat

_checker: Checker | None = None


def check_in_processes(checker: Checker, articles: Iterable[Article], processes: int) -> Iterator[CheckResult]:
    """Check ``articles`` in ``processes`` workers; at most a few batches are held at a time."""
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        checker.warm_up()
    waiting: deque[Future[list[CheckResult]]] = deque()
    source = iter(articles)
    with ProcessPoolExecutor(processes, context, _start_worker, (checker,)) as pool:
        try:
            while batch := list(islice(source, BATCH)):
                waiting.append(pool.submit(_check_batch, batch))
                if len(waiting) >= processes * BATCHES_AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start_worker(checker: Checker) -> None:
    global _checker
    _checker = checker


def _check_batch(batch: list[Article]) -> list[CheckResult]:
    assert _checker is not None  # noqa: S101 - _start_worker ran first
    return [_checker.check_article(article) for article in batch]
