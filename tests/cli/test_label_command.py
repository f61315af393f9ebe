"""``mbncheck label``: decisions given as options, as JSON, or asked for one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import ESCAPES, SMALL, Run, run

TEXT = "Nạn mua bán người: chúng hứa việc nhẹ, lương cao."
OPTIONS = ("--model", "none", "--pack", SMALL)
NAMED = ("--reason", "đọc lại", "--by", "An")


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bài.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def label(*arguments: str | Path, stdin: bytes = b"") -> Run:
    """``mbncheck label`` with the small pack."""
    return run("label", *arguments, *OPTIONS, stdin=stdin)


def records(name: str = "decisions.jsonl") -> list[dict[str, Any]]:
    """What was recorded; nothing where there is no file."""
    path = Path(name)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_options(article: Path) -> None:
    """Levels, scope and words of the text are recorded, and what differs from the program is said."""
    shown = label(article, "--set", "T1=covered", "--set", "T2=1", "--scope", "yes", "--evidence", "T1=hứa", *NAMED)
    assert shown.status == 0
    assert "An quyết định khác chương trình: T1 không có → có nội dung; T2 có nội dung → nhắc đến." in shown.out
    (made,) = records()
    assert (made["themes"], made["evidence"], made["reason"]) == ({"T1": 2, "T2": 1, "T3": 0}, {"T1": "hứa"}, "đọc lại")
    assert TEXT not in shown.out + shown.err


def test_agreeing(article: Path) -> None:
    """A decision that confirms the program is a record too."""
    shown = label(article, "--scope", "yes", *NAMED, "--out", "khác.jsonl", "--lang", "en")
    assert "An agrees with the program." in shown.out
    assert len(records("khác.jsonl")) == 1


def test_the_way_round(article: Path) -> None:
    """A check's JSON goes back in as it is or edited; evaluation reads what was recorded."""
    checked = run("check", article, *OPTIONS, "--format", "json")
    document = checked.json()
    assert label("--from", "-", *NAMED, stdin=checked.out.encode()).status == 0
    document["results"][0]["themes"]["T2"]["level"] = "absent"
    Path("sửa.json").write_text(json.dumps(document), encoding="utf-8")
    assert "T2 có nội dung → không có" in label("--from", "sửa.json", *NAMED).out
    figures = run("evaluate", "decisions.jsonl", *OPTIONS, "--format", "json").json()
    assert figures["n"] == 1
    assert figures["themes"]["T2"]["precision"] == 0.0
    article.write_text(f"{TEXT} Thêm.", encoding="utf-8")
    changed = label("--from", "-", *NAMED, stdin=checked.out.encode())
    assert changed.status == 2
    assert "đã khác" in changed.err


def test_a_list(article: Path) -> None:
    """A list names articles or gives texts, and may have reasons of its own; all is written or nothing."""
    decisions: list[dict[str, Any]] = [
        {"article": str(article), "themes": {"T1": "mentioned"}},
        {"text": "Trời mưa to.", "id": "mưa", "in_scope": False, "reason": "chuyện thời tiết", "by": "Bình"},
    ]
    shown = label("--from", "-", *NAMED, stdin=json.dumps(decisions).encode())
    assert shown.status == 0
    assert [(one["id"], one["by"]) for one in records()] == [(str(article), "An"), ("mưa", "Bình")]
    decisions.append({"text": "Gió.", "themes": {"T9": 1}})
    assert label("--from", "-", *NAMED, stdin=json.dumps(decisions).encode()).status == 2
    assert len(records()) == 2


def test_asked(article: Path) -> None:
    """Without a decision every item is asked; Enter keeps the program's word, nonsense is asked again."""
    answers = "\n9\n2\n\nnhắc đến\n\nkể rõ cách lừa\nAn\n"
    shown = label(article, stdin=answers.encode())
    assert shown.status == 0
    assert "Bằng chứng rõ nhất" in shown.out
    assert "hãy chọn 0, 1, 2" in shown.out + shown.err
    (made,) = records()
    assert made["themes"] == {"T1": 2, "T2": 2, "T3": 1}
    assert (made["in_scope"], made["reason"], made["by"]) == (1, "kể rõ cách lừa", "An")


def test_asked_out_of_scope(article: Path) -> None:
    """Once the piece is out of scope no theme can be covered any more."""
    shown = label(article, *NAMED, stdin=b"0\n\n2\n\n\n")
    assert shown.status == 0
    assert "hãy chọn 0, 1." in shown.out + shown.err
    assert records()[0]["themes"] == {"T1": 0, "T2": 1, "T3": 0}


def test_left_unanswered(article: Path) -> None:
    """Who leaves before the end records nothing."""
    assert label(article, stdin=b"1\n").status == 1
    assert records() == []


def test_one_of_many(article: Path) -> None:
    """In a file of many the article is chosen by its id."""
    lines = [{"id": "a", "text": TEXT}, {"id": "b", "text": "Trời mưa."}]
    Path("kho.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    shown = label("kho.jsonl", "--scope", "no", *NAMED)
    assert shown.status == 2
    assert "--id" in shown.err
    assert label("kho.jsonl", "--id", "b", "--scope", "no", *NAMED).status == 0
    assert [one["id"] for one in records()] == ["kho.jsonl#b"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "T1=often"), "often"),
        (("--set", "T1"), "T4=…"),
        (("--set", "T9=1"), "T9"),
        (("--evidence", "T1=không hề có"), "không hề có"),
        (("--scope", "no", "--set", "T1=2"), "ngoài phạm vi"),
        (("--scope", "yes", "--out", "no/folder.jsonl"), "Không ghi được"),
        (("--from", "none.json"), "none.json"),
    ],
    ids=str,
)
def test_mistakes(article: Path, arguments: tuple[str, ...], words: str) -> None:
    """Mistakes are told, and nothing is recorded."""
    shown = label(article, *arguments, *NAMED)
    assert shown.status == 2
    assert words in shown.err
    assert records() == []
    assert ESCAPES.search(shown.out + shown.err) is None


def test_nothing_named(article: Path) -> None:
    """Without an article, a reason or a name there is no decision."""
    assert "ARTICLE" in label("--scope", "yes", *NAMED).err
    assert "none.txt" in label("none.txt", "--scope", "yes", *NAMED).err
    assert "--reason" in label(article, "--scope", "yes", "--by", "An").err
    assert "--by" in label(article, "--scope", "yes", "--reason", "x").err
    assert records() == []
