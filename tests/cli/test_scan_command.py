"""``scan``, ``rejected``, ``export`` and ``decide`` as an officer meets them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from archive_files import text, write_jsonl
from command_line import SMALL, run

from mbncheck import Checker
from mbncheck.archive.store import Store

ALONE = ("--rules", SMALL, "--model", "none")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A table of ten articles and a file that is none."""
    write_jsonl(tmp_path / "quý.jsonl", range(10))
    (tmp_path / "ảnh.jpg").write_bytes(b"\xff\xd8")
    return tmp_path


def scan(archive: Path, *more: str) -> object:
    """Scan both files."""
    return run("scan", archive / "quý.jsonl", archive / "ảnh.jpg", "--store", archive / "kho.duckdb", *ALONE, *more)


def test_a_scan_says_what_it_did(archive: Path) -> None:
    """Totals that add up, in both languages; nothing on standard error where that is no terminal."""
    first = run("scan", archive / "quý.jsonl", archive / "ảnh.jpg", "--store", archive / "kho.duckdb", *ALONE)
    assert (first.status, first.err) == (0, "")
    assert "10 bài" in first.out
    assert "11 mục = 10 bài + 1 mục không đọc được + 0 bài" in first.out
    assert "mbncheck rejected --store" in first.out
    again = run(
        "scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb", *ALONE, "--lang", "en", "--processes", "2"
    )
    assert "Scanned 0 files, 0 articles" in again.out
    assert "1 files unchanged" in again.out


def test_what_was_rejected_is_listed(archive: Path) -> None:
    """Each with its reason and remedy; as JSON lines for programs."""
    scan(archive)
    shown = run("rejected", "--store", archive / "kho.duckdb")
    assert shown.status == 0
    assert "ảnh.jpg" in shown.out
    (record,) = run("rejected", "--store", archive / "kho.duckdb", "--format", "jsonl").lines()
    assert record["path"].endswith("ảnh.jpg")
    (archive / "ảnh.jpg").write_text(text(0), encoding="utf-8")
    (archive / "ảnh.jpg").rename(archive / "ảnh.txt")
    run("scan", archive / "ảnh.txt", "--store", archive / "mới.duckdb", *ALONE)
    assert run("rejected", "--store", archive / "mới.duckdb", "--lang", "en").out == "Nothing was rejected.\n"


def test_a_dry_run_only_says(archive: Path) -> None:
    """Nothing is made."""
    shown = run("scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb", *ALONE, "--dry-run")
    assert "Sẽ quét 1 tệp" in shown.out
    assert not (archive / "kho.duckdb").exists()


def test_exports(archive: Path) -> None:
    """To standard output, to a file, as Parquet; the same records."""
    scan(archive)
    lines = run("export", "--store", archive / "kho.duckdb").lines()
    assert [line.get("id") for line in lines] == [*map(str, range(10)), None]
    written = run("export", "--store", archive / "kho.duckdb", "--output", archive / "out.jsonl")
    assert (written.status, written.out) == (0, "")
    assert [json.loads(line) for line in (archive / "out.jsonl").read_text(encoding="utf-8").splitlines()] == lines
    run("export", "--store", archive / "kho.duckdb", "--format", "parquet", "--output", archive / "out.parquet")
    assert (archive / "out.parquet").read_bytes()[:4] == b"PAR1"
    assert run("export", "--store", archive / "kho.duckdb", "--format", "parquet").status == 2
    nowhere = run("export", "--store", archive / "kho.duckdb", "--output", archive / "none" / "out.jsonl")
    assert nowhere.status == 2
    assert "không ghi được" in nowhere.err


def test_labels_override(archive: Path) -> None:
    """A person's label changes what the store says of a piece."""
    scan(archive)
    label = {"id": "5", "text": text(5), "in_scope": 0, "themes": {"T1": 0}}
    (archive / "nhãn.jsonl").write_text(json.dumps(label, ensure_ascii=False), encoding="utf-8")
    said = run("decide", archive / "nhãn.jsonl", "--store", archive / "kho.duckdb", "--by", "An")
    assert said.out == "Đã ghi quyết định cho 1 bài; 0 bài trong số đó chưa có trong kho.\n"
    with Store.open(archive / "kho.duckdb") as store:
        assert {piece.id for piece in store.results(in_scope=True)} == {"0"}


def test_nothing_to_read_is_a_failure(tmp_path: Path) -> None:
    """A scan that read nothing does not look like one that found nothing."""
    done = run("scan", tmp_path / "none", "--store", tmp_path / "kho.duckdb", *ALONE)
    assert done.status == 2
    assert "Không có tệp nào đọc được" in done.err


def test_ctrl_c_says_how_to_go_on(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is whole, the message names it, the status is that of an interruption."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checker, "check_article", interrupted)
        stopped = run("scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb", *ALONE, "--processes", "1")
    assert stopped.status == 130
    assert "chạy lại đúng lệnh này" in stopped.err
    assert "10 bài" in run("scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb", *ALONE).out


def test_progress_at_a_terminal(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the bar shows files, articles, those in scope and the time left."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "140")
    shown = run("scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb", *ALONE)
    assert "1/1 tệp" in shown.err
    assert "10 bài · " in shown.err
    assert "2 thuộc phạm vi · 0 không đọc được" in shown.err


def test_missing_libraries_are_named(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command says what to install."""
    for module in [
        name for name in sys.modules if name.startswith(("mbncheck.archive", "mbncheck.cli.scan", "duckdb"))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    told = run("scan", archive / "quý.jsonl", "--store", archive / "kho.duckdb")
    assert told.status == 2
    assert "pip install 'mbncheck[archive]'" in told.err
