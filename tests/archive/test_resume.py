"""Whatever interrupts a scan, the next one goes on: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from archive_files import exported, text, worker, write_jsonl
from conftest import ROOT

from mbncheck import Article, Checker
from mbncheck.archive import plan, run
from mbncheck.archive.run import scan
from mbncheck.archive.store import Store
from mbncheck.errors import StoreError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits as POSIX has them")
OWN_CODE = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def test_killed_at_ten_random_moments(tmp_path: Path) -> None:
    """After ten kills the export is that of an undisturbed scan, and no worker outlives its parent."""
    (tmp_path / "texts").mkdir()
    for number in range(40):
        (tmp_path / "texts" / f"{number}.txt").write_text(text(number), encoding="utf-8")
    write_jsonl(tmp_path / "a.jsonl", range(300), "a")
    write_jsonl(tmp_path / "b.jsonl", range(240), "b")
    script = str(Path(__file__).with_name("killed_scan.py"))
    done = subprocess.run([sys.executable, script, str(tmp_path)], env=OWN_CODE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5, "most scans came to their end before they were killed"
    calm = exported(tmp_path / "calm.duckdb")
    assert len(calm) == 40 + 300 + 240
    assert exported(tmp_path / "killed.duckdb") == calm


def test_an_interrupted_file_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles that are committed are not checked again, not even in a file cut off half-way."""
    names = [str(write_jsonl(tmp_path / "a.jsonl", range(100)))]
    monkeypatch.setattr(plan, "LARGE", 100)
    monkeypatch.setattr(plan, "BATCH", 10)
    monkeypatch.setattr(run, "COMMIT_ARTICLES", 20)
    monkeypatch.setattr(run, "COMMIT_SECONDS", 1e9)
    seen: list[str] = []
    check = Checker.check_article

    def stopping(self: Checker, article: Article) -> object:
        seen.append(article.id)
        if len(seen) == 55:
            raise KeyboardInterrupt
        return check(self, article)

    monkeypatch.setattr(Checker, "check_article", stopping)
    with pytest.raises(KeyboardInterrupt):
        scan(names, tmp_path / "store.duckdb", worker(), processes=1)
    with Store.open(tmp_path / "store.duckdb") as store:
        assert store.totals().articles == 40
    done = scan(names, tmp_path / "store.duckdb", worker(), processes=1)
    assert done.articles == 60
    assert [one.rpartition("#")[2] for one in seen[55:]] == [str(number) for number in range(40, 100)]
    monkeypatch.undo()
    scan(names, tmp_path / "calm.duckdb", worker())
    assert exported(tmp_path / "store.duckdb") == exported(tmp_path / "calm.duckdb")


def test_a_file_that_changed_meanwhile_starts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file that is another file now leaves nothing behind."""
    names = [str(write_jsonl(tmp_path / "a.jsonl", range(100)))]
    monkeypatch.setattr(plan, "LARGE", 100)
    monkeypatch.setattr(plan, "BATCH", 10)
    monkeypatch.setattr(run, "COMMIT_ARTICLES", 10)
    with monkeypatch.context() as patch:
        patch.setattr(run, "mark_reprints", _full_disk)
        patch.setattr(plan, "entries_of", lambda *_: iter(_entries(35)))
        with pytest.raises(OSError, match="full"):
            scan(names, tmp_path / "store.duckdb", worker(), processes=1)
    write_jsonl(tmp_path / "a.jsonl", range(500, 580))
    assert scan(names, tmp_path / "store.duckdb", worker()).totals.articles == 80
    scan(names, tmp_path / "calm.duckdb", worker())
    assert exported(tmp_path / "store.duckdb") == exported(tmp_path / "calm.duckdb")


def _entries(count: int) -> list[Article]:
    return [Article(text(number), id=str(number)) for number in range(count)]


def _full_disk(store: Store) -> int:
    raise OSError("disk full")


def test_a_full_disk_is_said_and_the_store_still_opens(tmp_path: Path) -> None:
    """At its quota a scan stops with a clear error; the store opens and, given room, ends like any other."""
    write_jsonl(tmp_path / "a.jsonl", range(1500))
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from archive_files import worker\n"
        "from mbncheck.archive import plan, run\n"
        "from mbncheck.errors import StoreError\n"
        "run.COMMIT_ARTICLES = plan.BATCH = plan.LARGE = 100\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "folder = Path(sys.argv[1])\n"
        "try:\n"
        "    run.scan([str(folder / 'a.jsonl')], folder / 'store.duckdb', worker(), processes=1)\n"
        "except StoreError as error:\n"
        "    print(error.en)\n"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path), "300000"]
    done = subprocess.run(arguments, env=OWN_CODE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "disk (or its quota) is full" in done.stdout
    with Store.open(tmp_path / "store.duckdb") as store:
        assert 0 < store.totals().articles < 1500
    scan([str(tmp_path / "a.jsonl")], tmp_path / "store.duckdb", worker())
    scan([str(tmp_path / "a.jsonl")], tmp_path / "calm.duckdb", worker())
    assert exported(tmp_path / "store.duckdb") == exported(tmp_path / "calm.duckdb")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A store that another process writes is said to be in use."""
    with Store.open(tmp_path / "store.duckdb", create=True):
        script = "import sys; from mbncheck.archive.store import Store; Store.open(sys.argv[1])"
        arguments = [sys.executable, "-c", script, str(tmp_path / "store.duckdb")]
        done = subprocess.run(arguments, env=OWN_CODE, capture_output=True, text=True)
    assert "đang được một lệnh mbncheck khác dùng" in done.stderr


def test_a_missing_store_is_said_to_be(tmp_path: Path) -> None:
    """Reading makes no store."""
    with pytest.raises(StoreError, match="không có kho"):
        Store.open(tmp_path / "none.duckdb")
    assert not list(tmp_path.iterdir())
