"""A scan on a Dask cluster is the scan of one machine, whatever happens to a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from archive_files import exported, worker, write_jsonl
from conftest import ROOT

from mbncheck.archive.cluster import _find, _load, do_part
from mbncheck.archive.plan import FileJob, Found, entries_of
from mbncheck.archive.run import plan_scan, scan
from mbncheck.archive.worker import Worker
from mbncheck.errors import StoreError
from mbncheck.model import Article, Rejected
from mbncheck.read.files import ReadOptions

OWN_CODE = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder of nine parts."""
    (tmp_path / "parts").mkdir()
    for part in range(9):
        write_jsonl(tmp_path / "parts" / f"{part}.jsonl", range(part * 50, part * 50 + 50))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_worker_is_killed_half_way(parts: Path) -> None:
    """Its parts are done again; the export is that of one process; a second scan has nothing to do."""
    script = str(Path(__file__).with_name("cluster_scan.py"))
    done = subprocess.run([sys.executable, script, str(parts)], env=OWN_CODE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "450", "0", "9"]
    names = [str(path) for path in sorted(parts.glob("parts/*.jsonl"))]
    scan(names, parts / "one.duckdb", worker(), processes=1)
    assert exported(parts / "cluster.duckdb") == exported(parts / "one.duckdb")
    assert len(list((parts / "cluster.duckdb.parts").glob("*.parquet"))) == 9
    assert not list((parts / "cluster.duckdb.parts").glob("*.tmp"))


def worker_and_job(parts: Path, address: str) -> tuple[Worker, FileJob]:
    """A worker of the small pack, and the job of one part."""
    (job,) = plan_scan(_find([address]), parts / "store.duckdb", worker()).jobs
    return worker(), job


def test_a_part_that_is_there_is_not_done_again(parts: Path) -> None:
    """The same content done in the same way has the same file; ``force`` and other content do not trust it."""
    work, job = worker_and_job(parts, str(parts / "parts" / "3.jsonl"))
    target = do_part(work, job, str(parts / "out"), work.fingerprint)
    written = Path(target).stat().st_mtime_ns
    assert do_part(work, job, str(parts / "out"), work.fingerprint) == target
    assert Path(target).stat().st_mtime_ns == written
    assert do_part(work, job, str(parts / "out"), work.fingerprint, force=True) == target
    assert Path(target).stat().st_mtime_ns > written
    write_jsonl(parts / "parts" / "3.jsonl", range(7))
    assert do_part(work, job, str(parts / "out"), work.fingerprint) != target


def test_a_part_is_loaded_as_it_was_written(parts: Path) -> None:
    """Outcomes come back with the store's number for the file; a damaged part is refused with a reason."""
    work, job = worker_and_job(parts, str(parts / "parts" / "0.jsonl"))
    target = do_part(work, job, str(parts / "out"), work.fingerprint)
    done = _load(target, job, work)
    assert (done.articles, done.in_scope, done.rejected, done.states[0].entries) == (50, 10, 0, 50)
    assert set(done.outcomes["file"].to_pylist()) == {1}
    Path(target).write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="parquet"):
        _load(target, job, work)


def test_machines_that_differ_are_refused(parts: Path) -> None:
    """A worker with another version, pack or model does nothing."""
    _, job = worker_and_job(parts, str(parts / "parts" / "0.jsonl"))
    with pytest.raises(StoreError, match="phiên bản"):
        do_part(worker(), job, str(parts / "out"), "another")


def test_addresses_are_found_and_read(parts: Path) -> None:
    """An address of fsspec stands for its files; entries are called after it, not after the copy that is read."""
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/archive/a.txt", "Nạn buôn người.".encode())
    memory.pipe("/archive/b.txt", b"")
    (first, second) = _find(["memory://archive"])
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert (first.name, first.size) == ("memory:///archive/a.txt", len("Nạn buôn người.".encode()))
    assert [one.path for one in _find(["file://" + str(parts / "parts" / "1.jsonl")]) if isinstance(one, Found)] == [
        str(parts / "parts" / "1.jsonl")
    ]
    work, job = worker_and_job(parts, "memory://archive/a.txt")
    done = _load(do_part(work, job, str(parts / "out"), work.fingerprint), job, work)
    assert done.outcomes["id"].to_pylist() == ["memory:///archive/a.txt"]
    (missing,) = _find(["memory://nowhere"])
    assert isinstance(missing, Rejected)


def test_a_copy_is_called_after_its_original(tmp_path: Path) -> None:
    """Ids and rejections do not name the temporary file."""
    copy = tmp_path / "copy.jsonl"
    copy.write_text('{"text": "x"}\n{oops\n', encoding="utf-8")
    article, rejected = entries_of("s3://bucket/part.jsonl", ReadOptions(), str(copy))
    assert isinstance(article, Article)
    assert isinstance(rejected, Rejected)
    assert str(tmp_path) not in f"{article} {rejected}"
    assert rejected.path == "s3://bucket/part.jsonl"
