"""The store: what is kept, people's decisions, reprints counted, exports that are the same bytes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archive_files import checker, text, worker, write_jsonl

from mbncheck import Article, EvaluationError, Rejected
from mbncheck.archive.decisions import record_labels
from mbncheck.archive.export import export_jsonl, export_parquet
from mbncheck.archive.outcomes import Outcomes
from mbncheck.archive.reprints import mark_reprints
from mbncheck.archive.run import scan
from mbncheck.archive.store import FileState, Store

NAMED = "Luật Phòng, chống mua bán người có hiệu lực. Công an phá đường dây buôn người."


def state(file: int, entries: int, **changes: object) -> FileState:
    """A file that is done."""
    fields = {"size": 1, "modified": 1, "hash": f"h{file}", "fingerprint": "f", "since": None, "done": True}
    return FileState(file, f"/archive/{file}.jsonl", entries=entries, **(fields | changes))  # type: ignore[arg-type]


def add(store: Store, file: int, *entries: Article | Rejected) -> None:
    """Put entries into a store as a scan would."""
    judge = checker()
    store.describe(judge.pack.reference, judge.pack.themes, None, "")
    outcomes = Outcomes()
    for number, entry in enumerate(entries):
        if isinstance(entry, Rejected):
            outcomes.reject(file, number, entry)
        else:
            outcomes.add(file, number, entry, judge.check_article(entry), ("x",) if "buôn" in entry.text else ())
    store.add(outcomes.table(), [state(file, len(entries), replaces=True)])
    store.mark_repeats()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store.open(tmp_path / "store.duckdb", create=True)


def piece(id: str, day: int | None, outlet: str = "Báo A", text: str = NAMED) -> Article:
    """An article of July 2020."""
    return Article(text, id=id, outlet=outlet, published=date(2020, 7, day) if day else None, airtime=90.0)


def test_pieces_come_back_as_they_were_known(store: Store) -> None:
    """Every field of an article that a score needs survives; its text does not come along."""
    article = Article(
        NAMED,
        id="1",
        outlet="Đài B",
        published=date(2020, 7, 30),
        title="Tựa",
        author="A. B.",
        medium="radio",
        genre="news",
        column="An ninh",
        locality="Gia Nghĩa",
        airtime=12.5,
        airtime_estimated=True,
        origin="dòng 3",
    )
    add(store, 1, article)
    (found,) = store.results()
    for name in ("id", "outlet", "published", "title", "author", "medium", "genre", "column", "locality"):
        assert getattr(found, name) == getattr(article, name), name
    assert (found.airtime, found.airtime_estimated, found.origin) == (12.5, True, "dòng 3")
    assert (found.words, found.places, found.path) == (len(NAMED.split()), ("x",), "/archive/1.jsonl")
    assert found.in_scope
    assert found.levels == {"T1": "mentioned", "T2": "absent", "T3": "absent"}
    assert not found.decided_by_human


def test_bounds_outlets_and_scope(store: Store) -> None:
    """Both ends of a period count; pieces without a date or of other outlets stay out when bounds are asked for."""
    add(store, 1, piece("a", 1), piece("b", 15), piece("c", 31, "Báo C"), piece("d", None), piece("e", 15, text="Mưa"))

    def ids(**bounds: object) -> list[str]:
        return [one.id for one in store.results(**bounds)]  # type: ignore[arg-type]

    assert ids() == ["a", "b", "e", "c", "d"]
    assert ids(since=date(2020, 7, 15), until=date(2020, 7, 31)) == ["b", "e", "c"]
    assert ids(until=date(2020, 7, 14)) == ["a"]
    assert ids(outlets=["Báo C"]) == ["c"]
    assert ids(in_scope=True) == ["a", "b", "c", "d"]
    assert ids(in_scope=False) == ["e"]


def test_decisions_override_and_are_marked(store: Store) -> None:
    """The latest decision holds, a theme at a time; out of scope caps the rest at mentioned."""
    add(store, 1, piece("a", 1), piece("b", 2))
    store.decide("a", levels={"T1": "covered"}, by="An", on=date(2020, 8, 1))
    first, second = store.results()
    assert (first.levels["T1"], first.in_scope, first.decided_by_human) == ("covered", True, True)
    assert (second.levels["T1"], second.decided_by_human) == ("mentioned", False)
    store.decide("a", in_scope=False)
    store.decide("a", levels={"T1": "absent", "T2": "mentioned"})
    first, _ = store.results()
    assert not first.in_scope
    assert (first.levels["T1"], first.levels["T2"]) == ("absent", "mentioned")
    assert [one.id for one in store.results(in_scope=True)] == ["b"]
    assert store.totals().pieces == 1


def test_decisions_outlive_a_new_scan(store: Store) -> None:
    """What a person decided holds after the file is scanned again."""
    add(store, 1, piece("a", 1))
    store.decide("a", in_scope=False)
    add(store, 1, piece("new", 1), piece("a", 1))
    assert {one.id: one.in_scope for one in store.results()} == {"new": True, "a": False}


def test_decisions_on_a_text(store: Store) -> None:
    """With the text's hash a decision keeps to that text: other pieces may have the same id."""
    import hashlib

    add(store, 1, piece("1", 1), piece("1", 2, "Báo B", text="Chuyện khác: buôn người."))
    store.decide("1", in_scope=False, text_hash=hashlib.sha256(NAMED.encode()).digest())
    assert [one.in_scope for one in store.results()] == [False, True]
    with pytest.raises(ValueError, match="neither"):
        store.decide(None, in_scope=True)


def test_labels_are_recorded(tmp_path: Path) -> None:
    """Labels of a JSONL file hold for the pieces of their id and text; those that hold for none are counted."""
    write_jsonl(tmp_path / "a.jsonl", range(3))
    scan([str(tmp_path / "a.jsonl")], tmp_path / "store.duckdb", worker())
    labels = [
        {"id": "somewhere/a.jsonl#0", "text": text(0), "in_scope": 0, "themes": {"T1": 0}},
        {"text": text(1), "in_scope": 1, "themes": {"T2": 2}},
        {"id": "2", "text": "another text", "in_scope": 1, "themes": {}},
        {"id": "22", "text": text(2), "in_scope": 1, "themes": {}},
    ]
    file = tmp_path / "labels.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in labels), encoding="utf-8")
    recorded = record_labels([file], tmp_path / "store.duckdb", by="An")
    assert (recorded.pieces, recorded.missing) == (4, 2)
    with Store.open(tmp_path / "store.duckdb") as held:
        assert [(one.in_scope, one.levels["T2"]) for one in held.results()] == [
            (False, "absent"),
            (True, "covered"),
            (False, "absent"),
        ]
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"labels\.jsonl"):
        record_labels([file], tmp_path / "store.duckdb")


def test_reprints_are_counted_and_named(store: Store) -> None:
    """Pieces are raw, unique ones without reprints; a reprint names who had it first, in whichever outlet."""
    add(store, 1, piece("late", 9, "Báo B"), piece("early", 2, "Báo A"), piece("alone", 3, text="Nạn buôn người ở xã."))
    assert mark_reprints(store) == 1
    assert {one.id: one.reprint_of for one in store.results()} == {"late": "early", "early": None, "alone": None}
    totals = store.totals()
    assert (totals.pieces, totals.unique) == (3, 2)
    store.decide("early", in_scope=False)
    assert mark_reprints(store) == 0
    assert (store.totals().pieces, store.totals().unique) == (2, 2)


def test_a_record_in_two_exports_is_one_piece(store: Store) -> None:
    """Exports that overlap repeat records: the same id, text, outlet and date count once, and are told."""
    add(store, 1, piece("a", 1), piece("b", 2))
    add(store, 2, piece("b", 2), piece("b", 2, "Báo B"))
    assert [(one.id, one.outlet, one.path[-7:]) for one in store.results()] == [
        ("a", "Báo A", "1.jsonl"),
        ("b", "Báo A", "1.jsonl"),
        ("b", "Báo B", "2.jsonl"),
    ]
    totals = store.totals()
    assert (totals.articles, totals.repeated, totals.pieces) == (4, 1, 3)
    unnamed = [replace(piece(str(row), 5), origin=str(row)) for row in (1, 1)]
    add(store, 3, unnamed[0])
    add(store, 4, unnamed[1])
    assert store.totals().repeated == 1, "a row's number is no name: the same text first in two tables is two pieces"


def test_an_export_says_everything_but_the_texts(store: Store, tmp_path: Path) -> None:
    """One record an entry, by path and position, the same in JSONL and Parquet; no full text, no file numbers."""
    broken = Rejected("/archive/2.jsonl", "hỏng", "broken", "sửa", "mend", origin="dòng 1")
    add(store, 2, broken, piece("z", 3))
    add(store, 1, piece("a", 1), piece("b", 2, text="Trời mưa ở Đắk Mil, không có gì."))
    mark_reprints(store)
    store.decide("b", in_scope=True)
    out = io.StringIO()
    assert export_jsonl(store, out) == export_parquet(store, tmp_path / "out.parquet") == 4
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [record.get("id") for record in records] == ["a", "b", None, "z"]
    assert records[0]["themes"][0]["level"] == "mentioned"
    assert records[0]["evidence"][0]["text"] in NAMED
    assert records[1]["decided_by_human"] == [{"theme": None, "level": None, "in_scope": True}]
    assert records[2]["reason_en"] == "broken"
    assert records[3]["reprint_of"] == "a"
    assert "Trời mưa" not in out.getvalue()
    assert not any({"file", "text", "modified"} & set(record) for record in records)
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [{k: str(v) for k, v in row.items() if v is not None} for row in table] == [
        {k: str(v) for k, v in record.items()} for record in records
    ]


def test_another_version_of_the_store_is_refused(store: Store) -> None:
    """A store of another format is not touched."""
    with store.transaction() as connection:
        connection.execute("UPDATE about SET schema_version = 99")
    store.close()
    with pytest.raises(Exception, match="99"):
        Store.open(store.path)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    """What an error interrupts is undone, and the store goes on."""

    def interrupted() -> None:
        with store.transaction() as connection:
            connection.execute("INSERT INTO decisions (id) VALUES ('x')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    add(store, 1, piece("x", 1))
    assert not next(store.results()).decided_by_human
