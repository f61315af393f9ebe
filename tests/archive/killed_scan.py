"""Run by ``test_resume``: scans that are killed at random moments, then one that is left alone.

In a process of its own, which never opens a store: a fork of a process with a database's threads is none to rely on.
Prints how many scans were killed at work, and how many had come to the end before.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from archive_files import worker

from mbncheck.archive import plan, run
from mbncheck.archive.worker import Worker

KILLS = 10
SEED = 20201125


def start(store: Path, names: list[str], work: Worker, processes: int) -> int:
    """Scan in a child that leads a group of its own; its id."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    try:
        run.scan(names, store, work, processes=processes)
    finally:
        os._exit(0)


def wait_for_orphans(group: int) -> None:
    """Workers die with the scan that started them: raises where one lives on."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("a worker outlived its parent")


def main(folder: Path) -> None:
    """Scan undisturbed, then killed again and again, then to the end."""
    run.COMMIT_ARTICLES, plan.BATCH, plan.LARGE, plan.GROUP = 20, 10, 1_000, 4
    names = [str(path) for path in sorted(folder.glob("*.jsonl"))] + [str(folder / "texts")]
    work = worker()
    work.warm_up()
    started = time.monotonic()
    os.waitpid(start(folder / "calm.duckdb", names, work, 1), 0)
    whole = time.monotonic() - started
    moments = random.Random(SEED)
    killed = 0
    for kill in range(KILLS):
        child = start(folder / "killed.duckdb", names, work, 1 + kill % 2)
        time.sleep(moments.uniform(0.1, 0.4) * whole)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        wait_for_orphans(child)
    os.waitpid(start(folder / "killed.duckdb", names, work, 2), 0)
    sys.stdout.write(f"{killed}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
