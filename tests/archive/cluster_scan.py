"""Run by ``test_cluster``: a scan on two Dask workers, one of which is killed half-way.

In a process of its own, since a cluster brings threads, processes and warnings of its own.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from archive_files import worker
from distributed import Client, LocalCluster

from mbncheck.archive.cluster import scan_on_cluster
from mbncheck.archive.run import Progress


def main(folder: Path) -> None:
    """Scan every part; prints the workers before the kill and after."""
    names = [str(folder / "parts"), *(str(path) for path in sorted(folder.glob("parts/*.jsonl")))]
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        pids = sorted(client.run(os.getpid).values())
        killed: list[int] = []

        def kill(progress: Progress) -> None:
            if progress.files * 3 >= progress.files_total and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        store = folder / "cluster.duckdb"
        done = scan_on_cluster(names[1:], store, worker(), cluster.scheduler_address, report=kill)
        again = scan_on_cluster(names[1:], store, worker(), cluster.scheduler_address)
    sys.stdout.write(f"{len(killed)} {done.articles} {again.articles} {again.unchanged}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
