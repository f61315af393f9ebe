"""Editors' decisions: read from JSON, held against pack and text, written so that evaluation and training read them."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

from mbncheck import Article, Checker, CheckResult, EvaluationError
from mbncheck.label import Decision, append_records, decisions_from_json, level_of, record_of
from mbncheck.read.labelled import read_labelled
from mbncheck.report.json import result_as_dict

TODAY = date(2026, 11, 25)
ARTICLE = Article(
    "Nạn mua bán người: chúng hứa việc nhẹ, lương cao.", id="bài", outlet="Báo A", published=date(2020, 7, 30)
)
NAMED = {"reason": "đọc lại", "by": "An"}


@pytest.fixture(scope="module")
def checker() -> Checker:
    """The small pack; it says in scope, T2 covered."""
    return Checker(SMALL, model=None)


@pytest.fixture(scope="module")
def result(checker: Checker) -> CheckResult:
    """What it says of the article."""
    return checker.check_article(ARTICLE)


def record(result: CheckResult, **fields: Any) -> dict[str, Any]:
    """The record of a decision with reason and name."""
    return record_of(ARTICLE, result, Decision.model_validate(NAMED | fields), TODAY)


@pytest.mark.parametrize(
    ("word", "level"),
    [
        (0, 0),
        ("1", 1),
        ("covered", 2),
        (" Có nội dung ", 2),
        ("nhắc đến", 1),
        ("không có", 0),
        ("nha\u0306\u0301c \u0111\u00ea\u0301n", 1),
    ],
)
def test_levels(word: object, level: int) -> None:
    """Levels are read as people write them, in either language, composed or not."""
    assert level_of(word) == level


@pytest.mark.parametrize("word", [3, -1, "", "yes", True, None, 1.5])
def test_what_is_no_level(word: object) -> None:
    """Anything else is no level."""
    with pytest.raises(ValueError, match="covered"):
        level_of(word)


def test_the_record(result: CheckResult) -> None:
    """The editor's word and the program's stand side by side, with who, why and when."""
    made = record(result, themes={"T1": "covered"}, evidence={"T1": "chúng hứa"})
    assert made | {"program": None} == {
        "id": "bài",
        "text": ARTICLE.text,
        "in_scope": 1,
        "themes": {"T1": 2, "T2": 2, "T3": 0},
        "stratum": "correction",
        "evidence": {"T1": "chúng hứa"},
        "by": "An",
        "reason": "đọc lại",
        "date": "2026-11-25",
        "outlet": "Báo A",
        "published": "2020-07-30",
        "title": None,
        "program": None,
    }
    assert made["program"]["themes"] == {"T1": 0, "T2": 2, "T3": 0}
    assert made["program"]["pack"]["hash"] == result.pack.hash


def test_out_of_scope_caps(result: CheckResult) -> None:
    """Out of scope the program's covered themes become mentioned; an editor's own may not stand."""
    assert record(result, in_scope=False)["themes"] == {"T1": 0, "T2": 1, "T3": 0}
    with pytest.raises(EvaluationError, match="ngoài phạm vi"):
        record(result, in_scope=False, themes={"T2": 2})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "--reason"),
        ({"by": ""}, "--by"),
        ({"themes": {"T9": 1}}, "T9"),
        ({"evidence": {"T9": "chúng"}}, "T9"),
        ({"evidence": {"T1": "không có chữ này"}}, "T1"),
        ({"evidence": {"T1": " "}}, "T1"),
        ({"length": 3}, "bài"),
    ],
)
def test_contradictions(result: CheckResult, fields: dict[str, Any], words: str) -> None:
    """A decision without reason or name, on no theme, on no words, or on another text is refused in both languages."""
    with pytest.raises(EvaluationError) as caught:
        record(result, **fields)
    assert words in caught.value.vi
    assert words in caught.value.en


# --- from JSON -------------------------------------------------------------------------------------


def test_decisions(result: CheckResult) -> None:
    """One decision, a list, an edited result, a whole document of results, and JSON lines."""
    one = {"article": "a.txt", "in_scope": True, "themes": {"T1": "covered"}} | NAMED
    decision = Decision(article="a.txt", in_scope=True, themes={"T1": 2}, reason="đọc lại", by="An")
    checked = result_as_dict(result)
    checked["themes"]["T3"]["level"] = "mentioned"
    said = Decision(article="bài", in_scope=True, themes={"T1": 0, "T2": 2, "T3": 1}, length=len(ARTICLE.text))
    for data, expected in (
        (one, [decision]),
        ([one, one], [decision, decision]),
        (checked, [said]),
        ({"schema": "1.0", "results": [checked, checked], "rejected": []}, [said, said]),
    ):
        assert decisions_from_json(json.dumps(data)) == expected
    assert decisions_from_json(f"{json.dumps(one)}\n\n{json.dumps(checked)}\n") == [decision, said]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "[]",
        "{",
        "5",
        '{"themes": {"T1": 7}}',
        '{"levels": {}}',
        '{"schema": "1.0", "results": [{}]}',
        '{"schema": "1.0", "results": 5}',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_decision(raw: str) -> None:
    """What is no decision is told, never guessed."""
    with pytest.raises(EvaluationError, match="JSON"):
        decisions_from_json(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["schema", "results", "themes", "id", "in_scope", "length"]), inner)
        ),
        max_leaves=8,
    )
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_json(data: Any) -> None:
    """Any JSON is decisions or an error of ours."""
    with contextlib.suppress(EvaluationError):
        assert all(isinstance(one, Decision) for one in decisions_from_json(json.dumps(data)))


# --- the file --------------------------------------------------------------------------------------


def test_records_are_labelled_texts(result: CheckResult, tmp_path: Path) -> None:
    """What is written is read as labelled; a decision taken again supersedes the first."""
    path = tmp_path / "decisions.jsonl"
    append_records(path, [record(result)])
    append_records(path, [record(result, themes={"T1": 1}, by="Bình")])
    assert len(path.read_bytes().splitlines()) == 2
    (read,) = read_labelled([path], ("T1", "T2", "T3"))
    assert (read.text, read.by, read.themes) == (ARTICLE.text, "Bình", {"T1": 1, "T2": 2, "T3": 0})


def test_a_line_cut_off(result: CheckResult, tmp_path: Path) -> None:
    """A last line without its end does not swallow the next record."""
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(json.dumps(record(result)).encode())
    append_records(path, [record(result)])
    assert [json.loads(line)["by"] for line in path.read_text(encoding="utf-8").splitlines()] == ["An", "An"]


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits")
def test_the_file_is_private(result: CheckResult, tmp_path: Path) -> None:
    """A new file can be read by its owner alone, since it holds whole articles; an old one keeps its permissions."""
    path = tmp_path / "decisions.jsonl"
    append_records(path, [record(result)])
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    os.chmod(path, 0o640)
    append_records(path, [record(result)])
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
