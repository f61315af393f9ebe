"""A scan: what it keeps, passes over, replaces and rejects, and that processes change nothing."""

from __future__ import annotations

import json
import os
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from archive_files import DeadlyChecker, checker, exported, text, worker, write_jsonl

from mbncheck import Article, Checker, MbncheckError, Rejected
from mbncheck.archive import plan as plan_module
from mbncheck.archive.plan import Batch, Files, local_files, tasks
from mbncheck.archive.run import Progress, Scan, plan_scan, scan
from mbncheck.archive.store import Store
from mbncheck.archive.worker import Worker
from mbncheck.pack.load import load_places
from mbncheck.read.files import ReadOptions


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder of short texts, and two tables beside it."""
    folder = tmp_path / "bài"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(text(number), encoding="utf-8")
    write_jsonl(tmp_path / "a.jsonl", range(40), "a")
    write_jsonl(tmp_path / "b.jsonl", range(40, 60), "b")
    return tmp_path


def names(archive: Path) -> list[str]:
    """Everything in the archive."""
    return [str(archive / "bài"), str(archive / "a.jsonl"), str(archive / "b.jsonl")]


def run(archive: Path, store: str = "store.duckdb", since: date | None = None, **options: object) -> Scan:
    """Scan the archive into a store in it."""
    return scan(names(archive), archive / store, Worker(checker(), since), **options)  # type: ignore[arg-type]


def test_every_article_is_kept_with_what_was_found(archive: Path) -> None:
    """All articles are in the store, with levels as the checker gives them."""
    done = run(archive)
    assert (done.files, done.articles, done.in_scope, done.rejected) == (14, 72, 3 + 8 + 4, 0)
    with Store.open(archive / "store.duckdb") as store:
        pieces = {piece.id: piece for piece in store.results()}
    assert len(pieces) == 72
    for prefix, numbers in (("a", range(40)), ("b", range(40, 60))):
        for number in numbers:
            piece, expected = pieces[f"{prefix}{number}"], checker().check(text(number))
            assert piece.in_scope == expected.in_scope == (number % 5 == 0)
            assert dict(piece.levels) == {theme: found.level for theme, found in expected.themes.items()}
            assert piece.words == len(text(number).split())


def test_processes_change_nothing(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process and three leave the same export, also where a file is cut into batches."""
    run(archive, "one.duckdb", processes=1)
    monkeypatch.setattr(plan_module, "LARGE", 100)
    monkeypatch.setattr(plan_module, "BATCH", 3)
    monkeypatch.setattr(plan_module, "GROUP", 2)
    run(archive, "three.duckdb", processes=3)
    assert exported(archive / "one.duckdb") == exported(archive / "three.duckdb")


def test_a_second_scan_does_only_what_is_new_or_changed(archive: Path) -> None:
    """Unchanged files are not even read; a changed one replaces what was there; a new one is added."""
    run(archive)
    before = exported(archive / "store.duckdb")
    (archive / "bài" / "03.txt").chmod(0)
    again = run(archive)
    assert (again.files, again.unchanged, again.articles) == (0, 14, 0)
    assert exported(archive / "store.duckdb") == before
    write_jsonl(archive / "a.jsonl", range(38), "a")
    (archive / "bài" / "99.txt").write_text(text(5), encoding="utf-8")
    changed = run(archive)
    assert (changed.files, changed.unchanged, changed.articles) == (2, 13, 39)
    assert changed.totals.articles == 72 - 2 + 1


def test_a_touched_file_is_not_checked_again(archive: Path) -> None:
    """Another time of change with the same content costs a look, no more."""
    run(archive)
    os.utime(archive / "a.jsonl", (1, 1))
    again = run(archive)
    assert (again.files, again.articles, again.totals.articles) == (1, 0, 72)
    assert run(archive).files == 0


def test_force_does_everything_again(archive: Path) -> None:
    """``force`` checks unchanged files too, and doubles nothing."""
    run(archive)
    before = exported(archive / "store.duckdb")
    forced = run(archive, force=True)
    assert (forced.files, forced.articles) == (14, 72)
    assert exported(archive / "store.duckdb") == before


def test_another_pack_or_model_does_everything_again(archive: Path) -> None:
    """Results of another pack are replaced, none stays from before."""
    run(archive)
    done = scan(names(archive), archive / "store.duckdb", Worker(Checker(model=None)))
    assert (done.articles, done.totals.articles) == (72, 72)
    with Store.open(archive / "store.duckdb") as store:
        assert store.pack is not None
        assert store.pack.id == "dak-nong-2020"
        assert store.themes == ("T1", "T2", "T3", "T4", "T5", "T6", "T7")


def test_fingerprints_tell_results_apart() -> None:
    """Rules alone, the shipped model, another pack and the places looked for are four ways to make results."""
    judges = (checker(), Checker(), Checker(model=None))
    made = {Worker(judge).fingerprint for judge in judges} | {Worker(Checker(), places=load_places()).fingerprint}
    assert len(made) == 4
    assert Worker(checker()).fingerprint == worker().fingerprint


def test_what_cannot_be_read_is_recorded_and_the_run_goes_on(archive: Path) -> None:
    """A damaged line, a file of another kind and a missing name are rejected with reasons; totals add up."""
    with (archive / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("{oops\n")
    (archive / "bài" / "ảnh.jpg").write_bytes(b"\xff\xd8")
    done = scan([*names(archive), str(archive / "none.txt")], archive / "store.duckdb", worker())
    assert (done.articles, done.rejected) == (72, 3)
    totals = done.totals
    assert totals.read == totals.articles + totals.rejected + totals.earlier == 75
    with Store.open(archive / "store.duckdb") as store:
        rejected = list(store.rejected())
    assert sorted(Path(one.path).name for one in rejected) == ["a.jsonl", "none.txt", "ảnh.jpg"]
    assert all(one.reason_vi and one.reason_en and one.remedy_vi and one.remedy_en for one in rejected)


def test_a_file_that_can_be_read_again_is(archive: Path) -> None:
    """What was rejected is tried again, and its rejection goes when it succeeds."""
    missing = archive / "later.txt"
    scan([str(missing)], archive / "store.duckdb", worker())
    missing.write_text(text(0), encoding="utf-8")
    done = scan([str(missing)], archive / "store.duckdb", worker())
    assert (done.articles, done.totals.rejected, done.totals.articles) == (1, 0, 1)


def test_a_file_that_is_gone_keeps_its_results(archive: Path) -> None:
    """A folder that is not mounted today does not empty the store."""
    run(archive)
    (archive / "a.jsonl").unlink()
    assert run(archive).totals.articles == 72


def test_a_crash_in_checking_rejects_that_article(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that the checker cannot bear is rejected under its id, without its text."""
    check = Checker.check_article

    def crash(self: Checker, article: Article) -> object:
        if article.id.endswith("a7"):
            raise RuntimeError(article.text)
        return check(self, article)

    monkeypatch.setattr(Checker, "check_article", crash)
    assert run(archive, processes=1).articles == 71
    with Store.open(archive / "store.duckdb") as store:
        (rejected,) = store.rejected()
    assert "RuntimeError" in rejected.reason_vi
    assert text(7) not in str(rejected)


def test_an_article_that_kills_its_worker_is_rejected(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies (here by leaving at once) costs the entry that killed it and nothing else."""
    monkeypatch.setattr(plan_module, "LARGE", 100)
    write_jsonl(archive / "a.jsonl", range(8), "a")
    done = scan([str(archive / "a.jsonl")], archive / "store.duckdb", Worker(DeadlyChecker(archive)), processes=2)
    assert (done.articles, done.rejected, done.totals.read) == (7, 1, 8)
    with Store.open(archive / "store.duckdb") as store:
        (rejected,) = store.rejected()
        ids = {piece.id for piece in store.results()}
    assert rejected.origin
    assert ids == {f"a{number}" for number in range(7)}


def test_since_passes_over_earlier_articles_and_counts_them() -> None:
    """Articles published before the day are counted only; undated ones are checked."""
    days = [date(2020, 6, 30), date(2020, 7, 1), None]
    entries = tuple(Article(text(0), id=str(day), published=day) for day in days)
    (job,) = plan_scan(local_files([__file__]), "/no/store", worker()).jobs
    passing = Worker(checker(), date(2020, 7, 1))
    done = passing(Batch(job, "hash", 0, entries, last=True, size=0))
    assert done.outcomes["id"].to_pylist() == ["2020-07-01", "None"]
    assert done.outcomes["number"].to_pylist() == [1, 2]
    assert done.states[0].entries == 3


def test_reaching_further_back_does_files_again(archive: Path) -> None:
    """A scan without ``since``, or with an earlier one, redoes what was cut off; a later one has nothing to do."""
    run(archive, since=date(2020, 7, 1))
    assert run(archive, since=date(2020, 8, 1)).files == 0
    assert run(archive, since=date(2020, 1, 1)).files == 14
    assert run(archive).files == 14
    assert run(archive, since=date(2020, 1, 1)).files == 0


def test_a_dry_run_makes_nothing(archive: Path) -> None:
    """A plan says what would be done; no store appears."""
    found = plan_scan(local_files(names(archive)), archive / "store.duckdb", worker())
    assert (len(found.jobs), found.unchanged) == (14, 0)
    assert not (archive / "store.duckdb").exists()


def test_progress_reaches_its_total(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and bytes never run backwards or past their totals, and end there."""
    monkeypatch.setattr(plan_module, "LARGE", 100)
    monkeypatch.setattr(plan_module, "BATCH", 7)
    steps: list[Progress] = []
    run(archive, report=steps.append, processes=1)
    assert all(one.size <= two.size <= two.size_total for one, two in pairwise(steps))
    assert (steps[-1].files, steps[-1].size) == (steps[-1].files_total, steps[-1].size_total)
    assert steps[-1].articles == 72


def test_standard_input_is_refused(archive: Path) -> None:
    """A stream cannot be resumed: it is rejected with a remedy."""
    done = scan(["-"], archive / "store.duckdb", worker())
    assert (done.articles, done.rejected) == (0, 1)


def test_names_that_no_database_can_hold(tmp_path: Path) -> None:
    """A file name that is not UTF-8 and an id with a lone surrogate are kept in a form that is."""
    name = os.fsencode(tmp_path) + b"/b\xe0i.txt"
    try:
        Path(os.fsdecode(name)).write_text(text(0), encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "\ud800", "text": "x \udfff"}) + "\n", encoding="utf-8")
    scan([os.fsdecode(name), str(tmp_path / "b.jsonl")], tmp_path / "store.duckdb", worker())
    assert len(exported(tmp_path / "store.duckdb")) == 2


def test_small_files_are_grouped_and_large_ones_cut(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry is in exactly one task, in order; the last batch of a file says so."""
    monkeypatch.setattr(plan_module, "LARGE", 1_500)
    monkeypatch.setattr(plan_module, "BATCH", 16)
    found = plan_scan(local_files(names(archive)), archive / "store.duckdb", worker())
    handed = list(tasks(found.jobs, ReadOptions()))
    assert [len(task.jobs) for task in handed if isinstance(task, Files)] == [12]
    batches = [task for task in handed if isinstance(task, Batch)]
    assert [(batch.start, len(batch.entries), batch.last) for batch in batches] == [
        (0, 16, False),
        (16, 16, False),
        (32, 8, True),
        (0, 16, False),
        (16, 4, True),
    ]


def test_a_worker_makes_the_same_of_a_task_and_of_its_parts(archive: Path) -> None:
    """Splitting a task changes neither outcomes nor how far its file gets."""
    (job,) = plan_scan(local_files([str(archive / "a.jsonl")]), archive / "store.duckdb", worker()).jobs
    entries: tuple[Article | Rejected, ...] = tuple(Article(text(number), id=str(number)) for number in range(9))
    work = worker()
    whole = Batch(job, "hash", 4, entries, last=True, size=90)
    parts = work.split(whole)
    rows = [row for part in parts for row in work(part).outcomes.to_pylist()]
    assert rows == work(whole).outcomes.to_pylist()
    assert work(parts[-1]).states == work(whole).states
    assert sum(part.size for part in parts) == whole.size
    assert [isinstance(part, Batch) and part.last for part in parts] == [False] * 8 + [True]


def test_what_is_no_store_is_refused(archive: Path) -> None:
    """Something that is no store is refused with a reason, and left as it was."""
    (archive / "store.duckdb").write_text("not a database", encoding="utf-8")
    with pytest.raises(MbncheckError, match=r"store\.duckdb"):
        run(archive)
    assert (archive / "store.duckdb").read_text(encoding="utf-8") == "not a database"
