"""``mbncheck rules …``: for those who write rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from command_line import GOLDEN, SMALL, run
from small_packs import rule

from mbncheck import Pack

MakePack = Callable[..., Path]


def proved(id_: str, pattern: object, example: str, near_miss: str, **fields: object) -> dict[str, object]:
    """A rule with real sentences."""
    return rule(id_, pattern, **{"examples": [example], "near_misses": [near_miss], **fields})


@pytest.fixture
def good(make_pack: MakePack) -> Path:
    """A pack whose rules prove themselves."""
    scope = [proved("S.named", "~buôn người", "Nạn buôn người.", "Chợ đông người.", worth=1.0)]
    theme = [proved("T1.law", "~luật", "Có luật ấy.", "Có lệ ấy.", element="1a", worth=0.5)]
    return make_pack(scope=scope, theme=theme)


def test_list() -> None:
    """One line a rule: id, element, worth, title, in the language asked for."""
    vi, en = (run("rules", "list", "--rules", SMALL, "--lang", lang).out.splitlines() for lang in ("vi", "en"))
    assert vi == [
        "S.trafficking\t-\t1,00\tNói đến mua bán người",
        "T1.law\t1a\t0,50\tNêu tên luật",
        "T2.easy-work\t2a\t1,00\tViệc nhẹ lương cao",
        "T2.online\t2b\t0,50\tMạng xã hội",
        "T3.child-line\t3a\t1,00\tSố 111",
        "F.fair\t-\t-\tHội chợ việc làm",
    ]
    assert en[1] == "T1.law\t1a\t0.50\tNames the law"


def test_list_of_the_real_pack(real_pack: Pack) -> None:
    """The shipped pack is the default."""
    assert len(run("rules", "list").out.splitlines()) == len(real_pack.rules())


def test_show() -> None:
    """Everything a rule says: title, element, worth, pattern, sentences."""
    shown = run("rules", "show", "T2.online", "--rules", SMALL)
    assert shown.status == 0
    for words in ("T2.online: Mạng xã hội", "2b", "0.5", '"unless": "~tải ứng dụng"', "- Đối tượng", "- Bà con"):
        assert words in shown.out
    assert "Must match" in run("rules", "show", "T2.online", "--rules", SMALL, "--lang", "en").out


def test_show_nothing() -> None:
    """A rule that is not there is told."""
    shown = run("rules", "show", "T9.none", "--rules", SMALL)
    assert (shown.status, shown.out) == (2, "")
    assert "T9.none" in shown.err


def test_test(good: Path) -> None:
    """All right: one line with how many, status 0."""
    shown = run("rules", "test", "--rules", good)
    assert (shown.status, shown.out) == (0, "2 quy tắc, 4 câu thử: tất cả đều đúng.\n")
    assert run("rules", "test", "--rules", good, "--only", "T1", "--lang", "en").out.startswith("1 rules, 2 test")
    assert run("rules", "test", "--rules", SMALL).status == 0


def test_test_fails(make_pack: MakePack) -> None:
    """A sentence that its rule gets wrong is shown with the rule, and the status is 1."""
    theme = [proved("T1.law", "~luật", "Có lệ ấy.", "Có luật ấy.", element="1a", worth=0.5)]
    folder = make_pack(theme=theme)
    shown = run("rules", "test", "--rules", folder, "--only", "T1")
    assert shown.status == 1
    first, second, last = shown.out.splitlines()
    assert first == "T1.law: phải khớp mà không khớp: Có lệ ấy."
    assert second == "T1.law: không được khớp mà lại khớp: Có luật ấy."
    assert last == "2 câu thử sai."


def test_lint(good: Path, make_pack: MakePack, tmp_path: Path) -> None:
    """Problems one a line with status 1; none, status 0; a corpus shows rules that never fire."""
    assert run("rules", "lint", "--rules", good).status == 0
    corpus = tmp_path / "a.jsonl"
    corpus.write_text(json.dumps({"text": "Nạn buôn người."}) + "\n", encoding="utf-8")
    shown = run("rules", "lint", "--rules", good, "--corpus", corpus, "--lang", "en")
    assert shown.status == 1
    assert shown.out.splitlines() == ["T1.law: never fired in 1 texts", "1 problems."]


def test_lint_of_a_wrong_corpus(good: Path, tmp_path: Path) -> None:
    """A corpus line that is no JSON is told with file and line."""
    corpus = tmp_path / "a.jsonl"
    corpus.write_text('{"text": "a"}\n[]\n', encoding="utf-8")
    shown = run("rules", "lint", "--rules", good, "--corpus", corpus)
    assert (shown.status, shown.err) == (2, f"Lỗi: {corpus}, dòng 2: không phải một đối tượng JSON.\n")


@pytest.mark.parametrize("kind", ["theme", "pack", "scope", "false_friends"])
def test_schema(kind: str) -> None:
    """The schema of every kind of file comes as JSON; that of themes by default."""
    shown = run("rules", "schema", kind)
    jsonschema.Draft202012Validator.check_schema(shown.json())
    assert (run("rules", "schema").out == shown.out) is (kind == "theme")


@pytest.mark.parametrize("command", [("list",), ("show", "T1.law"), ("test",), ("lint",)], ids=" ".join)
def test_a_broken_pack(make_pack: MakePack, command: tuple[str, ...]) -> None:
    """Every command tells a mistake in a pack with file, rule and field, and leaves with 2."""
    folder = make_pack(theme=[rule("T1.law", "~luật", element="1a", worth=2)])
    shown = run("rules", *command, "--rules", folder)
    assert (shown.status, shown.out) == (2, "")
    assert "T1.yaml → T1.law → worth: số quá lớn" in shown.err


def test_the_golden_pack_is_sound() -> None:
    """The pack behind the golden files proves itself and passes lint."""
    assert (GOLDEN / "pack" / "pack.yaml").is_file()
    assert run("rules", "lint", "--rules", SMALL).status == 0
