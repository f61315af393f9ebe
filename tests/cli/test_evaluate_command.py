"""``mbncheck evaluate FILE…``: tables, JSON, and pages of disagreements."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import ESCAPES, SMALL, run
from conftest import ARTICLES

RULES_ALONE = ("--model", "none", "--pack", SMALL)
LURE = "Nạn mua bán người: chúng hứa việc nhẹ, lương cao."
NONE = {"T1": 0, "T2": 0, "T3": 0}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Records written as JSON lines."""

    def write_records(*records: dict[str, Any], name: str = "a.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    return write_records


def labelled(text: str, in_scope: int = 1, stratum: str = "news", **themes: int) -> dict[str, Any]:
    """One labelled text; themes not named are absent."""
    return {"id": text[:8], "text": text, "in_scope": in_scope, "themes": NONE | themes, "stratum": stratum}


@pytest.fixture
def gold(write: Write) -> Path:
    """Three texts, of which the rules get one wrong in T1 and none in the scope."""
    return write(
        labelled(LURE, T2=2),
        labelled(f"{LURE} Luật thì chưa rõ.", T1=2, T2=2, stratum="court"),
        labelled("Trời mưa to.", 0, stratum="look-alike"),
    )


def test_tables(gold: Path) -> None:
    """Themes with their titles, micro, macro, scope, kappa; in both languages."""
    vi, en = (run("evaluate", gold, *RULES_ALONE, "--lang", lang) for lang in ("vi", "en"))
    assert vi.status == en.status == 0
    for words in ("3 văn bản", "T2 Thủ đoạn và cách phòng ngừa", "Gộp (micro)", "Phạm vi", "Kappa", "1,000"):
        assert words in vi.out
    for words in ("3 texts", "T2 Tricks and prevention", "Micro", "Scope", "1.000", "model: none"):
        assert words in en.out
    assert ESCAPES.search(vi.out + en.out) is None


def test_json(gold: Path) -> None:
    """JSON holds the figures."""
    figures = run("evaluate", gold, *RULES_ALONE, "--format", "json").json()
    assert figures["n"] == 3
    assert figures["scope"]["f1"] == 1.0
    assert figures["themes"]["T2"] | {"interval": None} == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "support": 2,
        "interval": None,
    }
    assert figures["themes"]["T1"]["recall"] == 0.0
    assert figures["micro"]["f1"] == pytest.approx(0.8)
    assert figures["strata"] == {}
    assert "text" not in json.dumps(figures)


def test_by_stratum(gold: Path) -> None:
    """Each stratum has its own figures, sorted by name."""
    figures = run("evaluate", gold, *RULES_ALONE, "--format", "json", "--by", "stratum").json()
    assert list(figures["strata"]) == ["court", "look-alike", "news"]
    assert [part["n"] for part in figures["strata"].values()] == [1, 1, 1]
    assert figures["strata"]["news"]["micro"]["f1"] == 1.0
    assert "look-alike" in run("evaluate", gold, *RULES_ALONE, "--by", "stratum").out


@pytest.mark.parametrize("option", ["--rules", "--rule-scores"])
def test_rules(gold: Path, option: str) -> None:
    """The table of rules: how often each fired and was right, what it adds to F1, which pieces hang on it."""
    assert "T2.easy-work" not in run("evaluate", gold, *RULES_ALONE).out
    shown = run("evaluate", gold, *RULES_ALONE, option).out
    (row,) = (line for line in shown.splitlines() if line.startswith("│ T2.easy-work"))
    assert [cell.strip() for cell in row.split("│")[2:9]] == ["2", "2", "0", "1,00", "+80,00", "0,00", "2"]
    assert "T2.easy-work: Nạn mua  T2 có nội dung → không có; Nạn mua  T2 có nội dung → không có\n" in shown


def test_rules_as_json(gold: Path) -> None:
    """With ``--rules`` the JSON tells each rule's contribution and every decision that would change."""
    plain = run("evaluate", gold, *RULES_ALONE, "--format", "json").json()["rules"]
    worth = run("evaluate", gold, *RULES_ALONE, "--format", "json", "--rules").json()["rules"]
    assert {rule["rule"]: rule["fired"] for rule in plain} == {rule["rule"]: rule["fired"] for rule in worth}
    (rule,) = (rule for rule in worth if rule["rule"] == "T2.easy-work")
    assert (rule["contribution"], rule["scope_contribution"]) == (pytest.approx(0.8), 0.0)
    assert rule["flips"] == [{"piece": "Nạn mua ", "theme": "T2", "before": 2, "after": 0, "gold": 2}] * 2


def test_a_pack_after_rules(gold: Path) -> None:
    """``--rules`` takes no pack here; who gives one is told how to."""
    shown = run("evaluate", gold, "--model", "none", "--rules", SMALL)
    assert shown.status == 2
    assert "--pack" in shown.err


def test_calibration_table(gold: Path) -> None:
    """With a model every theme has its row of reliability, and doubts are counted; without one there is nothing."""
    assert "Brier" not in run("evaluate", gold, *RULES_ALONE).out
    text = (ARTICLES / "vu-an-lua-ban.txt").read_text(encoding="utf-8")
    levels = {f"T{number}": 2 for number in (2, 4, 5)}
    gold.write_text(json.dumps({"text": text, "in_scope": 1, "themes": levels}), encoding="utf-8")
    shown = run("evaluate", gold, "--lang", "en").out
    assert "Brier" in shown
    rows = [line for line in shown.splitlines() if line.startswith("│T")]
    assert [row[1:3] for row in rows] == ["T1", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert all(sum("(1)" in cell for cell in row.split("│")) == 1 for row in rows)
    assert "Unsure: " in shown
    figures = run("evaluate", gold, "--format", "json").json()
    assert list(figures["calibration"]) == ["all", "scope", "T1", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert figures["doubt"]["unsure"] + figures["doubt"]["sure"] == 7


def test_strata_are_text(write: Write) -> None:
    """A stratum is shown as it is: neither markup nor orders to the terminal."""
    gold = write(labelled(LURE, T2=2, stratum="[/b]\x1b[31mx"))
    shown = run("evaluate", gold, *RULES_ALONE, "--by", "stratum")
    assert shown.status == 0
    assert "[/b]" in shown.out
    assert ESCAPES.search(shown.out) is None


# --- disagreements ---------------------------------------------------------------------------------

SCRIPT = "<script>alert('Nạn mua bán người')</script> & <b>việc nhẹ</b>, lương cao."


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_errors_as_a_page(write: Write, tmp_path: Path, lang: str) -> None:
    """The page shows text, evidence and difference; all text is escaped."""
    record = labelled(SCRIPT, T1=2) | {"id": "<i>1</i>", "evidence": {"T1": "<u>Luật</u>"}}
    page = tmp_path / "errors.html"
    shown = run("evaluate", write(record), *RULES_ALONE, "--errors", page, "--lang", lang)
    assert shown.status == 0
    assert str(page) in shown.err
    written = page.read_text(encoding="utf-8")
    for wrong in ("<script", "<b>việc", "<i>1", "<u>"):
        assert wrong not in written
    for right in ("&lt;script&gt;", "&lt;i&gt;1&lt;/i&gt;", "&lt;u&gt;Luật&lt;/u&gt;", f'lang="{lang}"'):
        assert right in written
    assert "T1" in written
    assert "<mark" in written
    assert "http" not in written.replace("http-equiv", "")
    assert html.unescape(written).count("alert('Nạn") == 1


def test_errors_as_lines(write: Write, tmp_path: Path) -> None:
    """JSON lines hold every disagreement with the evidence found, and nothing where there is none."""
    lines = tmp_path / "errors.jsonl"
    gold = write(labelled(LURE, T2=2), labelled(LURE, 0, stratum="odd"))
    assert run("evaluate", gold, *RULES_ALONE, "--errors", lines).status == 0
    (found,) = map(json.loads, lines.read_text(encoding="utf-8").splitlines())
    assert found["differences"] == {"scope": [0, 1], "T2": [0, 2]}
    assert found["stratum"] == "odd"
    (rule_id, start, end, words) = found["evidence"]["T2"][0]
    assert (rule_id, words) == ("T2.easy-work", "việc nhẹ, lương cao")
    assert found["text"][start:end] == words


def test_errors_to_nowhere(gold: Path, tmp_path: Path) -> None:
    """A file that cannot be written is told, after the tables."""
    shown = run("evaluate", gold, *RULES_ALONE, "--errors", tmp_path / "no" / "folder.html")
    assert shown.status == 2
    assert "Không ghi được" in shown.err
    assert "Gộp (micro)" in shown.out


# --- mistakes --------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, str]] = {
    "no JSON": ("{", "line 3 → JSON: "),
    "no object": ("[]", "line 3 → JSON: "),
    "no text": ('{"in_scope": 1, "themes": {}}', "line 3 → text: "),
    "empty text": ('{"text": "", "in_scope": 1, "themes": {}}', "line 3 → text: "),
    "no scope": ('{"text": "a", "themes": {}}', "line 3 → in_scope: "),
    "odd scope": ('{"text": "a", "in_scope": 2, "themes": {}}', "line 3 → in_scope: "),
    "odd level": ('{"text": "a", "in_scope": 1, "themes": {"T1": 3}}', "line 3 → themes.T1: "),
    "no themes": ('{"text": "a", "in_scope": 1}', "line 3 → themes: "),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_lines(tmp_path: Path, case: str) -> None:
    """A wrong line is told with file, line (blank ones count) and field, in either language."""
    wrong, place = WRONG[case]
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(labelled(LURE))}\n\n{wrong}\n", encoding="utf-8")
    shown = run("evaluate", path, *RULES_ALONE, "--lang", "en")
    assert (shown.status, shown.out) == (2, "")
    assert shown.err.startswith(f"{path}, {place}")
    assert f"{path}, dòng 3" in run("evaluate", path, *RULES_ALONE).err


@pytest.mark.parametrize("content", [b"", b"\n\n", None, b"\xff\xfe"])
def test_nothing_to_evaluate(tmp_path: Path, content: bytes | None) -> None:
    """Files that are empty, missing or not UTF-8 are told."""
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_bytes(content)
    shown = run("evaluate", path, *RULES_ALONE)
    assert (shown.status, shown.out) == (2, "")
    assert shown.err.startswith("Lỗi: ")


def test_a_byte_order_mark(tmp_path: Path) -> None:
    """A file that an editor on Windows saved is read."""
    path = tmp_path / "a.jsonl"
    path.write_text("\ufeff" + json.dumps(labelled(LURE, T2=2)), encoding="utf-8")
    assert run("evaluate", path, *RULES_ALONE).status == 0
