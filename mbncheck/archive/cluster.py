"""A scan on many machines: Dask hands out the parts, each part's outcomes become one Parquet file, and those are
loaded into the store here.

A part is a file that ``fsspec`` can reach (``s3://…``, ``hdfs://…``, a shared folder) and that this package can read.
Its outcomes are written beside and renamed, so that a part is there whole or not at all; a part that is there is
not done again, whichever run made it. Workers that die are replaced by Dask, and their parts done again elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mbncheck.archive.outcomes import SCHEMA, Outcomes
from mbncheck.archive.plan import FileJob, Files, Found, file_hash, local_files
from mbncheck.archive.run import Report, Scan, cores, plan_scan, recording
from mbncheck.archive.store import Store
from mbncheck.archive.worker import Done, Worker
from mbncheck.errors import StoreError
from mbncheck.model import Rejected

try:
    import fsspec
    from distributed import Client, LocalCluster, as_completed
except ImportError as error:
    raise StoreError(
        "Quét trên nhiều máy cần thêm thư viện; hãy cài: pip install 'mbncheck[cluster]'.",
        "Scanning on many machines needs more libraries; install them: pip install 'mbncheck[cluster]'.",
    ) from error

LOCAL = "local"
RETRIES = 2  # of a part whose worker raised; a worker that died is another matter, and Dask's
_ABOUT = b"mbncheck"


def scan_on_cluster(
    names: Iterable[str],
    store: str | Path,
    worker: Worker,
    scheduler: str,
    *,
    parts: str | None = None,
    processes: int | None = None,
    force: bool = False,
    report: Report | None = None,
) -> Scan:
    """Like ``scan``, on the machines of a Dask ``scheduler`` (``tcp://host:port``; ``"local"``: on this one's cores).

    ``names`` may be addresses that ``fsspec`` knows. Outcomes are written to the folder ``parts``, which every machine
    of the cluster and this one must reach (by default beside the store). The export equals that of ``scan``.
    Raises ``StoreError``.
    """
    plan = plan_scan(_find(names), store, worker, force=force)
    folder = parts or os.path.abspath(f"{store}.parts")
    with _client(scheduler, processes or cores()) as client, Store.open(store, create=True) as held:
        with recording(held, worker, plan, report) as recorder:
            for job, done in _do(client, worker, plan.jobs, folder, force):
                recorder.add(done, job.size)
        return recorder.result(plan)


def do_part(worker: Worker, job: FileJob, folder: str, fingerprint: str, force: bool = False) -> str:
    """Runs on the cluster: check one part and write its outcomes; where they are.

    ``fingerprint`` is that of the machine that asks. Raises ``StoreError`` where this one would give other results.
    """
    if worker.fingerprint != fingerprint:
        raise StoreError(
            "Máy trong cụm dùng phiên bản mbncheck, bộ quy tắc hoặc mô hình khác với máy này.",
            "A machine of the cluster has another version of mbncheck, of the pack or of the model.",
        )
    with _readable(job) as local:
        digest = file_hash(local.copy or local.name)
        target = f"{folder}/{_part_name(job, digest, worker)}"
        filesystem, path = fsspec.url_to_fs(target)
        if force or not filesystem.exists(path):
            filesystem.makedirs(os.path.dirname(path), exist_ok=True)
            unfinished = f"{path}.{uuid.uuid4().hex}.tmp"
            with filesystem.open(unfinished, "wb") as out:
                _write(worker(Files((local,))), out)
            filesystem.mv(unfinished, path)
    return target


def _part_name(job: FileJob, digest: str | None, worker: Worker) -> str:
    """One name for one content done in one way; a part that could not be read is never taken for done."""
    made_of = [job.path, digest or uuid.uuid4().hex, worker.fingerprint, str(worker.since)]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:40] + ".parquet"


def _write(done: Done, out: Any) -> None:
    (state,) = done.states
    about = {
        "hash": state.hash,
        "entries": state.entries,
        "fingerprint": state.fingerprint,
        "in_scope": done.in_scope,
        "rejected": done.rejected,
    }
    pq.write_table(done.outcomes.replace_schema_metadata({_ABOUT: json.dumps(about)}), out)


def _load(target: str, job: FileJob, worker: Worker) -> Done:
    """The outcomes of a part, numbered as the store numbers its file. Raises ``StoreError``."""
    try:
        with fsspec.open(target, "rb") as file:
            table = pq.read_table(file)
        about = json.loads(table.schema.metadata[_ABOUT])
        numbered = table.set_column(0, "file", pa.repeat(pa.scalar(job.file, pa.int64()), table.num_rows))
        outcomes = numbered.cast(SCHEMA)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{target}: không đọc được kết quả của cụm máy ({type(error).__name__}); máy này và mọi máy trong cụm phải "
            "cùng với tới thư mục --parts.",
            f"{target}: the cluster's outcome cannot be read ({type(error).__name__}); this machine and every machine "
            "of the cluster must reach the folder --parts.",
        ) from None
    _clear(target)
    state = worker.state(job, about["hash"], about["entries"], done=True, replaces=job.replaces)
    return Done(outcomes, (state,), about["in_scope"], about["rejected"])


def _clear(target: str) -> None:
    """Remove what workers that died left half-written of a part that is there now."""
    filesystem, path = fsspec.url_to_fs(target)
    with suppress(OSError):
        for unfinished in filesystem.glob(f"{path}.*.tmp"):
            filesystem.rm_file(unfinished)


def _do(
    client: Client, worker: Worker, jobs: Iterable[FileJob], folder: str, force: bool
) -> Iterator[tuple[FileJob, Done]]:
    """Every job and what came of it, as they are ready."""
    shared = client.submit(
        _same, worker, pure=False
    )  # a task, not scattered data: it outlives the worker that holds it
    waiting = {
        client.submit(
            do_part, shared, replace(job, known=None), folder, worker.fingerprint, force, pure=False, retries=RETRIES
        ): job
        for job in jobs
    }
    for future in as_completed(waiting):
        job = waiting.pop(future)
        error = future.exception()
        if isinstance(error, StoreError):
            raise error
        yield job, _failed(job, error, worker) if error else _load(future.result(), job, worker)


def _same(worker: Worker) -> Worker:
    return worker


def _failed(job: FileJob, error: BaseException, worker: Worker) -> Done:
    """A part that no worker could do; it is tried again by the next scan."""
    outcomes = Outcomes()
    kind = type(error).__name__
    outcomes.reject(
        job.file,
        0,
        Rejected(
            job.name,
            f"không máy nào trong cụm xử lý được ({kind})",
            f"no machine of the cluster could do it ({kind})",
            "hãy xem nhật ký của cụm máy rồi quét lại",
            "see the cluster's logs and scan again",
        ),
    )
    state = worker.state(job, None, 1, done=True, replaces=job.replaces)
    return Done(outcomes.table(), (state,), 0, 1)


@contextmanager
def _client(scheduler: str, processes: int) -> Iterator[Client]:
    if scheduler == LOCAL:
        with (
            LocalCluster(
                n_workers=processes,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.ERROR,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{scheduler}: không kết nối được với cụm máy ({error}).",
            f"{scheduler}: the cluster cannot be reached ({error}).",
        ) from None
    with client:
        yield client


def _find(names: Iterable[str]) -> Iterator[Found | Rejected]:
    """The files that ``names`` stand for, here or at addresses that ``fsspec`` knows; each once, by name."""
    for name in names:
        name = name.removeprefix("file://")  # the same file, the same name
        if "://" in name:
            yield from _remote(name)
        else:
            yield from local_files([name])


def _remote(address: str) -> Iterator[Found | Rejected]:
    try:
        filesystem, path = fsspec.url_to_fs(address)
        paths = filesystem.glob(path) if fsspec.core.has_magic(path) else filesystem.find(path)
        for one in sorted(paths):
            found = filesystem.unstrip_protocol(one)
            version = hashlib.sha256(str(filesystem.ukey(one)).encode()).digest()
            yield Found(found, found, int(filesystem.size(one) or 0), int.from_bytes(version[:7]))
    except (OSError, ValueError, ImportError) as error:
        reason = type(error).__name__
        yield Rejected(
            address,
            f"không với tới được địa chỉ này ({reason})",
            f"this address cannot be reached ({reason})",
            "hãy kiểm tra địa chỉ, quyền và thư viện fsspec của loại kho này",
            "check the address, permissions and the fsspec library for it",
        )
        return
    if not paths:
        yield Rejected(address, "không có tệp nào ở đây", "no file there", "hãy kiểm tra địa chỉ", "check the address")


@contextmanager
def _readable(job: FileJob) -> Iterator[FileJob]:
    """The job with a copy of its part on this machine, where its name is an address."""
    if "://" not in job.name:
        yield job
        return
    with tempfile.TemporaryDirectory(prefix="mbncheck-") as folder:
        filesystem, path = fsspec.url_to_fs(job.name)
        copy = os.path.join(folder, os.path.basename(path))
        filesystem.get_file(path, copy)
        yield replace(job, copy=copy)
