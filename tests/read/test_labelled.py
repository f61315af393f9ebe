"""Labelled files: order, composition, errors with their place, and corrections that supersede one another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mbncheck import EvaluationError
from mbncheck.read.labelled import read_labelled

THEMES = ("T1", "T2")


def test_read_labelled(tmp_path: Path) -> None:
    """Records keep their order over files; texts are composed; unknown fields are passed over."""
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    record = {"text": "ma\u0323ng", "in_scope": 1, "themes": {"T1": 2}, "foreign": 0}
    first.write_text(f"\n{json.dumps(record)}\n\n", encoding="utf-8")
    second.write_text(json.dumps({**record, "text": "b", "id": "2"}), encoding="utf-8")
    assert [item.text for item in read_labelled([first, str(second)], THEMES)] == ["mạng", "b"]


@pytest.mark.parametrize("level", [-1, 3, 1.5, "2x", None])
def test_levels_that_are_none(tmp_path: Path, level: object) -> None:
    """A level is 0, 1 or 2; anything else is told with its line and theme."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "a", "in_scope": 1, "themes": {"T1": level}}), encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_labelled([path], THEMES)
    assert "line 1 → themes.T1" in caught.value.en


def test_a_line_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the limit is told, not parsed."""
    monkeypatch.setattr("mbncheck.read.labelled.MAX_LINE", 40)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "a" * 100, "in_scope": 1, "themes": {}}), encoding="utf-8")
    with pytest.raises(EvaluationError, match="dòng 1"):
        read_labelled([path], THEMES)


@pytest.mark.parametrize("field", ["themes", "evidence"])
def test_unknown_themes(tmp_path: Path, field: str) -> None:
    """A theme that the pack does not have is told with file, line and theme, never passed over."""
    path = tmp_path / "a.jsonl"
    good = {"text": "a", "in_scope": 1, "themes": {"T1": 2}}
    wrong = good | {field: {"T1": 2 if field == "themes" else "a", "T9": 1 if field == "themes" else "a"}}
    path.write_text(f"{json.dumps(good)}\n\n{json.dumps(wrong)}\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_labelled([path], THEMES)
    assert caught.value.en.startswith(f"{path}, line 3 → {field}.T9: ")
    assert "T1, T2" in caught.value.vi


def test_the_last_correction_counts(tmp_path: Path) -> None:
    """Of an editor's decisions on one text the last stands, in its place; other records are all kept."""
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    plain = {"text": "a", "in_scope": 1, "themes": {"T1": 2}}
    by_an = plain | {"by": "An", "reason": "xem lại"}
    first.write_text("\n".join(map(json.dumps, (by_an, plain, plain, plain | {"text": "b"}))), encoding="utf-8")
    second.write_text(json.dumps(by_an | {"by": "Bình", "themes": {"T1": 1}}), encoding="utf-8")
    read = read_labelled([first, second], THEMES)
    assert [(item.text, item.by, item.themes["T1"]) for item in read] == [
        ("a", "", 2),
        ("a", "", 2),
        ("b", "", 2),
        ("a", "Bình", 1),
    ]
