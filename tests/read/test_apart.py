"""The process apart: what it gives is what reading here gives, and nothing it meets can stop the run."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from mbncheck import Article, Rejected
from mbncheck.model import Note
from mbncheck.read import apart
from mbncheck.read.files import ReadOptions, articles_of

FOLDER = ROOT / "corpora" / "formats"
DOCX = str(FOLDER / "vu-an-lua-ban.docx")
XLSX = str(FOLDER / "vu-an-lua-ban.xlsx")


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """No process waits from another test, and none is left behind."""
    apart.close_idle()
    yield
    apart.close_idle()


texts = st.text(st.characters(exclude_categories=()))  # lone surrogates too: old documents hold some
articles = st.builds(
    Article,
    text=texts,
    title=st.none() | texts,
    published=st.none() | st.dates(),
    airtime=st.none() | st.floats(0, 1e6),
    origin=texts,
    masked=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))).map(tuple),
    speakers=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), texts)).map(tuple),
    sources=st.lists(st.tuples(texts, texts)).map(tuple),
    notes=st.lists(st.builds(Note, texts, texts, texts)).map(tuple),
)


@given(articles | st.builds(Rejected, texts, texts, texts, texts, texts, texts))
def test_there_and_back(found: Article | Rejected) -> None:
    """Whatever is answered arrives as it was."""
    raw = apart.encoded(apart.answer_for(found))
    assert raw.endswith(b"\n")
    assert raw.count(b"\n") == 1
    assert apart.outcome_of(apart.decoded(raw)) == found


def test_the_process_is_kept() -> None:
    """One process reads one file after another."""
    list(articles_of(DOCX))
    (first,) = apart.waiting()
    list(articles_of(XLSX))
    assert apart.waiting() == [first]


def test_several_at_a_time() -> None:
    """Two files read in turns, in one thread or in two, do not mix."""
    alone = list(articles_of(DOCX)), list(articles_of(XLSX))
    first, second = articles_of(XLSX), articles_of(XLSX)
    assert [next(first), next(second), *first, *second] == [
        alone[1][0],
        alone[1][0],
        *alone[1][1:],
        *alone[1][1:],
    ]
    found: dict[int, list[Article | Rejected]] = {}
    threads = [
        threading.Thread(target=lambda number=number: found.update({number: list(articles_of(DOCX))}))
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(found.values()) == [alone[0]] * 3


def test_leaving_early() -> None:
    """Who stops half-way through a file leaves no process in the middle of it."""
    reading = articles_of(XLSX)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert apart.waiting() == []
    assert len(list(articles_of(XLSX))) == 2


def test_too_slow() -> None:
    """A parser is stopped at its time limit, said to be, and the next file gets a new one."""
    (found,) = articles_of(DOCX, ReadOptions(seconds=0.001))
    assert isinstance(found, Rejected)
    assert found.reason_en == "stopped after 0.001 seconds"
    assert apart.waiting() == []
    assert all(isinstance(one, Article) for one in articles_of(DOCX))


def test_a_death_while_waiting() -> None:
    """A process that died while it waited is not asked."""
    list(articles_of(DOCX))
    apart.waiting()[0].close()
    assert isinstance(next(articles_of(DOCX)), Article)


def test_a_death_while_reading() -> None:
    """A process that dies before its last answer leaves a reason."""
    process = apart.Process()
    try:
        answers = process.ask(XLSX, ReadOptions())
        assert "article" in next(answers)
        process.close()
        assert process.obituary(ReadOptions()).reason_en.endswith("breaks its parser")
    finally:
        process.close()


@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="needs fork")
def test_a_forked_worker() -> None:
    """A forked worker does not take over its parent's process."""
    list(articles_of(DOCX))
    assert len(apart.waiting()) == 1
    child = os.fork()
    if not child:
        os._exit(len(apart.waiting()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_no_module_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that lies among the files to read is never imported."""
    (tmp_path / "docx.py").write_text("raise SystemExit('harm')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert isinstance(next(articles_of(DOCX)), Article)


def test_dates_travel() -> None:
    """A day is a day again."""
    found = next(articles_of(str(FOLDER / "vu-an-lua-ban.html")))
    assert isinstance(found, Article)
    assert found.published == date(2020, 8, 19)
