"""``mbncheck PATH…``: what is checked, shown, and left as exit status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import ESCAPES, GOLDEN, SMALL, run
from conftest import ARTICLES, ROOT

from mbncheck import Checker
from mbncheck.report.json import SCHEMA_VERSION, result_as_dict

NAMES = [f"corpora/articles/{path.name}" for path in sorted(ARTICLES.glob("*.txt"))]
RULES_ALONE = ("--model", "none", "--rules", SMALL)
SCHEMA = ROOT / "docs" / "check-result.schema.json"
WRITE_GOLDEN = "MBNCHECK_WRITE_GOLDEN"
GOOD = "Nạn mua bán người: chúng hứa việc nhẹ, lương cao.\n"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from the project's root, as wide as a pipe, without what a terminal or CI may ask for."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CLICOLOR_FORCE", "JUPYTER_COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """One article on disk."""
    path = tmp_path / "bài.txt"
    path.write_text(GOOD, encoding="utf-8")
    return path


# --- golden files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("articles.vi", []),
        ("articles.en", ["--lang", "en"]),
        ("articles.explain", ["--explain"]),
        ("articles.quiet", ["--quiet"]),
        ("articles.one-theme", ["--theme", "T3"]),
    ],
)
def test_golden(name: str, options: list[str]) -> None:
    """The articles are shown as they were; set MBNCHECK_WRITE_GOLDEN=1 to write the files anew."""
    path = GOLDEN / f"{name}.txt"
    shown = run(*NAMES, *RULES_ALONE, *options)
    assert (shown.status, shown.err) == (0, "")
    if os.environ.get(WRITE_GOLDEN):
        path.write_text(shown.out, encoding="utf-8", newline="\n")
    assert shown.out == path.read_text(encoding="utf-8")


# --- which files -----------------------------------------------------------------------------------


def test_check_is_the_default(article: Path) -> None:
    """``mbncheck PATH`` and ``mbncheck check PATH`` are the same, options first or last."""
    asked = run("check", article, *RULES_ALONE)
    assert asked.status == 0
    assert run(article, *RULES_ALONE) == asked
    assert run(*RULES_ALONE, article) == asked


def test_others_are_still_checked(article: Path, tmp_path: Path) -> None:
    """One file that cannot be read is told, the others are checked, the status is 2."""
    (tmp_path / "hỏng.txt").write_bytes(b"\xff")
    names = (article, tmp_path / "hỏng.txt", tmp_path / "không-có.txt", NAMES[0])
    shown = run(*names, *RULES_ALONE)
    assert shown.status == 2
    assert shown.out.count("ký tự") == 2
    assert "Đã đọc 4 bài: 2 bài được kiểm tra, 2 tệp" in shown.out
    assert [line.partition(": ")[0] for line in shown.err.splitlines()] == [str(names[1]), str(names[2])]
    assert "không phải UTF-8 (byte thứ 1 sai); hãy lưu lại" in shown.err
    assert "no such file or folder; check the path" in run(*names, *RULES_ALONE, "--lang", "en").err


def test_read_is_checked_and_rejected(article: Path, tmp_path: Path) -> None:
    """In a folder, too, everything is accounted for."""
    (tmp_path / "bảng.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "rỗng.txt").write_bytes(b"")
    document = run(tmp_path, *RULES_ALONE, "--format", "json").json()
    assert [Path(result["id"]).name for result in document["results"]] == ["bài.txt"]
    assert sorted(Path(item["path"]).name for item in document["rejected"]) == ["bảng.xlsx", "rỗng.txt"]


def test_standard_input(article: Path) -> None:
    """``-`` is standard input."""
    from_file = run(article, *RULES_ALONE, "--format", "json").json()["results"][0]
    from_pipe = run("-", *RULES_ALONE, "--format", "json", stdin=article.read_bytes()).json()["results"][0]
    assert from_pipe == from_file | {"id": "-"}


def test_nothing_to_check() -> None:
    """Without a path the command says so."""
    shown = run("check")
    assert shown.status == 2
    assert "PATH" in shown.err


# --- forms -----------------------------------------------------------------------------------------


def test_json_is_the_result(article: Path) -> None:
    """JSON holds what the library gives."""
    document = run(article, "--model", "none", "--format", "json").json()
    result = Checker(model=None).check(GOOD, id=str(article))
    assert document == {"schema": SCHEMA_VERSION, "results": [result_as_dict(result)], "rejected": []}


def test_json_lines(article: Path, tmp_path: Path) -> None:
    """JSON lines hold one result a line, what cannot be read in its place."""
    missing = tmp_path / "không-có.txt"
    shown = run(NAMES[0], missing, article, *RULES_ALONE, "--format", "jsonl")
    assert shown.status == 2
    first, second, third = shown.lines()
    assert (first["id"], third["id"]) == (NAMES[0], str(article))
    assert second["rejected"]["path"] == str(missing)
    whole = run(NAMES[0], missing, article, *RULES_ALONE, "--format", "json").json()
    assert whole["results"] == [first, third]
    assert whole["rejected"] == [second["rejected"]]


def validator(definition: str) -> Any:
    """A validator of one part of the published schema."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    part = {**schema, "$ref": f"#/$defs/{definition}"}
    return jsonschema.Draft202012Validator(part, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("options", [(), ("--model", "none"), ("--theme", "T2"), RULES_ALONE], ids=" ".join)
def test_the_published_schema(options: tuple[str, ...]) -> None:
    """Both forms of JSON follow the published schema."""
    names = (*NAMES, "corpora/không-có.txt")
    validator("document").validate(run(*names, *options, "--format", "json").json())
    for line in run(*names, *options, "--format", "jsonl").lines():
        validator("line").validate(line)


def test_the_published_schema_refuses() -> None:
    """The schema refuses fields too many, levels that are none, and offsets that are no numbers."""
    result = run(NAMES[0], *RULES_ALONE, "--format", "jsonl").lines()[0]
    check = validator("result")
    assert check.is_valid(result)
    for wrong in ({"more": 1}, {"length": "5"}, {"in_scope": None}, {"schema": "9"}):
        assert not check.is_valid(result | wrong)


def test_one_theme(article: Path) -> None:
    """``--theme`` leaves the others out, in every form."""
    result = run(article, *RULES_ALONE, "--theme", "T3", "--theme", "T1", "--format", "json").json()["results"][0]
    assert list(result["themes"]) == ["T1", "T3"]
    shown = run(article, *RULES_ALONE, "--theme", "T3").out
    assert "T3 Đường dây nóng" in shown
    assert "T2" not in shown


def test_quiet(article: Path) -> None:
    """``--quiet`` gives a line a piece, that starts with its name."""
    shown = run(article, *RULES_ALONE, "--quiet").out
    assert shown == f"{article}: Còn thiếu 2 chủ đề: T1 Luật và văn bản chỉ đạo; T3 Đường dây nóng.\n"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_languages(article: Path, lang: str) -> None:
    """The table speaks the language asked for."""
    shown = run(article, *RULES_ALONE, "--lang", lang).out
    for vi, en in (("Chủ đề", "Theme"), ("có nội dung", "covered"), ("Thủ đoạn", "Tricks"), ("dòng 1", "line 1")):
        assert ((vi if lang == "vi" else en) in shown) is True
        assert ((en if lang == "vi" else vi) in shown) is False


def test_numbers_of_each_language(tmp_path: Path) -> None:
    """Thousands have a point in Vietnamese and a comma in English."""
    path = tmp_path / "a.txt"
    path.write_text("a" * 1234, encoding="utf-8")
    assert "1.234 ký tự" in run(path, *RULES_ALONE).out
    assert "1,234 characters" in run(path, *RULES_ALONE, "--lang", "en").out


# --- terminals -------------------------------------------------------------------------------------

EVIL = "Nạn mua bán người \x1b[31mđỏ\x1b[0m \x1b]0;tên\x07 \x9b2J \u202e \x08 hứa việc \x1b[8mnhẹ\x1b[0m, lương cao.\n"


@pytest.mark.parametrize("options", [(), ("--explain",), ("--quiet",), ("--lang", "en")], ids=" ".join)
def test_articles_give_no_orders(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Escape sequences in an article never reach the terminal."""
    path = tmp_path / "a.txt"
    path.write_text(EVIL, encoding="utf-8")
    shown = run(path, *RULES_ALONE, *options)
    assert shown.status == 0
    assert ESCAPES.search(shown.out) is None
    assert "\u202e" not in shown.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_names_give_no_orders(tmp_path: Path) -> None:
    """Neither do escape sequences in the names of files, readable or not."""
    good, wrong = tmp_path / "a\x1b[31m\n.txt", tmp_path / "b\x1b[31m.txt"
    good.write_text(GOOD, encoding="utf-8")
    wrong.write_bytes(b"\xff")
    for options in ((), ("--quiet",), ("--lang", "en"), ("--format", "json")):
        shown = run(good, wrong, tmp_path / "c\x1b[31m.txt", *RULES_ALONE, *options)
        assert shown.status == 2
        assert ESCAPES.search(shown.out + shown.err) is None, options


def test_markup_is_text(tmp_path: Path) -> None:
    """Square brackets in articles and names are shown as they are, not read as rich's markup."""
    path = tmp_path / "[bold]a[x].txt"
    path.write_text("Nạn mua bán người [red]đỏ[/nope]: việc nhẹ, lương cao.\n", encoding="utf-8")
    shown = run(path, *RULES_ALONE, "--explain")
    assert shown.status == 0
    assert "[bold]a[x].txt" in shown.out
    assert "[red]đỏ[/nope]" in re.sub(r"\s+", " ", shown.out)


def test_colours(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where colours are asked for they come, and ``--no-color`` takes them away again."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    colourful, plain = (run(article, *RULES_ALONE, *options).out for options in ((), ("--no-color",)))
    assert "\x1b[1;32m" in colourful
    assert re.search(r"\x1b\[[0-9;]*3[0-7]", plain) is None


def test_no_color_into_a_pipe(article: Path, tmp_path: Path) -> None:
    """Into a pipe there are no escape codes, with ``--no-color`` and without."""
    for options in ((), ("--no-color",), ("--quiet", "--no-color"), ("--explain", "--no-color")):
        shown = run(article, tmp_path / "none.txt", *RULES_ALONE, *options)
        assert ESCAPES.search(shown.out + shown.err) is None


# --- mistakes --------------------------------------------------------------------------------------


def test_unknown_theme(article: Path) -> None:
    """A theme that the pack does not have is told, with those it has."""
    shown = run(article, *RULES_ALONE, "--theme", "T9")
    assert shown.status == 2
    assert "Không có chủ đề “T9”; các chủ đề là: T1, T2, T3" in shown.err
    assert "No theme 'T9'" in run(article, *RULES_ALONE, "--theme", "T9", "--lang", "en").err


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Lỗi: no-such-pack: không có"), ("en", "no-such-pack: no rule pack")]
)
def test_unknown_pack(article: Path, lang: str, words: str) -> None:
    """A pack that is not there is told in the language asked for, without a traceback."""
    shown = run(article, "--rules", "no-such-pack", "--lang", lang)
    assert (shown.status, shown.out) == (2, "")
    assert shown.err.startswith(words)


@pytest.mark.parametrize("option", ["--lang=en", "--lang en"])
def test_unknown_model(article: Path, option: str) -> None:
    """A model that is not there is told by its path."""
    shown = run(article, "--model", "nowhere.json", *option.split())
    assert shown.status == 2
    assert shown.err.startswith("nowhere.json: cannot read the model")


@pytest.mark.parametrize("options", [("--format", "xml"), ("--lang", "fr"), ("--nonsense",)], ids=" ".join)
def test_wrong_options(article: Path, options: tuple[str, ...]) -> None:
    """Options that are none leave with 2."""
    shown = run(article, *options)
    assert shown.status == 2
    assert shown.out == ""


# --- the whole process -----------------------------------------------------------------------------


def test_help_and_version() -> None:
    """Help and version answer, in both languages, and leave with 0."""
    assert run("--version").out.startswith("mbncheck, version ")
    assert "Check articles" in run("--help").out
    for command in ("check", "evaluate", "rules", "train"):
        shown = run(command, "--help")
        assert shown.status == 0
        assert "--" in shown.out


def test_a_console_of_another_encoding(article: Path) -> None:
    """A console that is not UTF-8 gets what it can show rather than a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "mbncheck", str(article), *RULES_ALONE],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert "thuộc phạm vi phòng, chống mua bán người".encode() in b" ".join(done.stdout.split())
    assert done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_a_progress_bar_at_a_terminal(tmp_path: Path) -> None:
    """Where many files are read at a terminal a bar moves below the results and is gone at the end."""
    import pty

    for number in range(25):
        (tmp_path / f"{number:02}.txt").write_text("Mưa rào về chiều.", encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mbncheck", "--quiet", "--model", "none", str(tmp_path)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # Linux tells of the closed terminal so
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode("utf-8")
    assert "100%" in text
    assert text.count(".txt: ") == 25
    assert "Đã đọc 25 bài" in text.splitlines()[-1]
