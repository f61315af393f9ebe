"""Packs from files: every error names file, rule and field; nothing that YAML can do hurts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_packs import BOTH, rule, theme_file

from mbncheck import Checker, PackError, load_pack
from mbncheck.pack.load import MAX_FILE_BYTES

MakePack = Callable[..., Path]


def t1(pattern: object = "hứa", **fields: object) -> dict[str, object]:
    """One rule of T1, right but for what the test changes."""
    return rule("T1.rule", pattern, **{"element": "1a", "worth": 1.0, **fields})


def without(field: str) -> dict[str, object]:
    """One rule of T1 that lacks a field."""
    return {key: value for key, value in t1().items() if key != field}


def refused(folder: Path) -> PackError:
    """The error that using the pack in ``folder`` gives; checking and loading agree that it is wrong."""
    with pytest.raises(PackError) as caught:
        Checker(folder, model=None)
    return caught.value


def edited(folder: Path, file: str, content: str | bytes) -> Path:
    """``folder`` with one file rewritten."""
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


WRONG_RULES: dict[str, tuple[dict[str, object], str, str, str]] = {
    "unknown field": (t1(wroth=1), "wroth", "không có trường nào tên như vậy", "Extra inputs"),
    "unknown field of a pattern": (t1({"any": ["a"], "foo": 1}), "pattern → foo", "không có trường", "Extra inputs"),
    "missing field": (without("worth"), "worth", "thiếu trường này", "Field required"),
    "missing title": (t1(title={"vi": "a"}), "title → en", "thiếu trường này", "Field required"),
    "no examples": (t1(examples=[]), "examples", "không được để trống", "at least 1"),
    "no near misses": (t1(near_misses=[]), "near_misses", "không được để trống", "at least 1"),
    "empty example": (t1(examples=["  "]), "examples → 0", "không được để trống", "at least 1"),
    "worth is no number": (t1(worth="much"), "worth", "phải là một số", "valid number"),
    "worth too small": (t1(worth=0), "worth", "số quá nhỏ", "greater than 0"),
    "worth too large": (t1(worth=1.5), "worth", "số quá lớn", "less than or equal to 1"),
    "worth not a number at all": (t1(worth="nan"), "worth", "số", "1"),
    "unknown element": (t1(element="9z"), "element", "1a, 1b", "'9z' is not one of 1a, 1b"),
    "two operators": (t1({"any": ["a"], "all": ["b"]}), "pattern", "exactly one of", "exactly one of any"),
    "no operator": (t1({"within": 3}), "pattern", "exactly one of", "exactly one of any, all, in_order"),
    "empty operator": (t1({"all": []}), "pattern", "exactly one of", "not empty"),
    "odd distance": (t1({"all": ["a", "b"], "within": "word"}), "pattern → within", "số nguyên", "integer"),
    "distance too long": (t1({"all": ["a", "b"], "within": 101}), "pattern → within", "số quá lớn", "equal to 100"),
    "empty literal": (t1(""), "pattern", "không được để trống", "at least 1"),
    "literal too long": (t1("x" * 201), "pattern", "không hợp lệ", "at most 200"),
    "literal of spaces": (t1("  "), "pattern", "không có chữ nào để tìm", "nothing to look for"),
    "literal of nothing visible": (t1({"any": ["a", "\u200b"]}), "pattern", "không có chữ nào", "nothing to look for"),
    "tilde alone": (t1("~"), "pattern", "không có chữ nào để tìm", "nothing to look for"),
    "unknown list": (t1("@nowhere"), "pattern", "không có danh sách từ “@nowhere”", "no word list '@nowhere'"),
    "no name of a list": (t1("@"), "pattern", "không có danh sách từ", "no word list"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_RULES)
def test_wrong_rules(make_pack: MakePack, case: str) -> None:
    """A mistake in a rule is told in both languages, with file, rule and field."""
    wrong, field, vi, en = WRONG_RULES[case]
    error = refused(make_pack(theme=[wrong]))
    for message, words in ((error.message("vi"), vi), (error.message("en"), en)):
        assert "small/T1.yaml" in message
        place, _, reason = message.rpartition(f"T1.rule → {field}: ")
        assert place, f"{message!r} does not lead to T1.rule → {field}"
        assert words in reason
    assert str(error) == error.vi


def test_pattern_deep_inside(make_pack: MakePack) -> None:
    """A mistake deep inside a pattern is told with the way to it, not with names from the validator."""
    error = refused(make_pack(theme=[t1({"all": ["a", {"in_order": ["b", {"any": ["c"], "beside": "d"}]}]})]))
    assert "T1.rule → pattern → all → 1 → in_order → 1 → beside: " in error.en


def test_bad_id(make_pack: MakePack) -> None:
    """A rule whose id is malformed is named by it all the same."""
    error = refused(make_pack(theme=[rule("t1 rule", "a", element="1a", worth=1)]))
    assert "T1.yaml → t1 rule → id: viết không đúng dạng" in error.vi


def test_duplicate_ids(make_pack: MakePack) -> None:
    """An id used twice, in one file or in two, is refused with both files."""
    assert "T1.yaml → T1.rule → id: used before, in T1.yaml" in refused(make_pack(theme=[t1(), t1("b")])).en
    error = refused(make_pack(theme=[t1()], false_friends=[rule("T1.rule", "x", cancels=["T1"])]))
    assert "false_friends.yaml → T1.rule → id: used before, in T1.yaml" in error.en
    assert "mã quy tắc này đã dùng" in error.vi


def test_unknown_cancels(make_pack: MakePack) -> None:
    """A false friend can only cancel themes of the pack, the scope, or all."""
    error = refused(make_pack(false_friends=[rule("F.x", "a", cancels=["T9"])]))
    assert "false_friends.yaml → F.x → cancels: no theme 'T9'" in error.en
    assert "F.x → cancels: không có chủ đề “T9”" in error.vi
    for target in ("T1", "scope", "all"):
        assert load_pack(make_pack(false_friends=[rule("F.x", "a", cancels=[target])]))


def test_theme_file_names(make_pack: MakePack) -> None:
    """A theme stands in the file of its name, so that no theme can be there twice."""
    error = refused(edited(make_pack(), "T2.yaml", json.dumps(theme_file("T1", []))))
    assert "T2.yaml → theme: must be T2" in error.en
    assert "T2.yaml → theme: phải là T2" in error.vi


def test_no_theme(make_pack: MakePack) -> None:
    """A pack without themes is none."""
    folder = make_pack()
    (folder / "T1.yaml").unlink()
    assert "no theme" in refused(folder).en


def test_period(make_pack: MakePack) -> None:
    """The period of a pack is two real days in order."""
    error = refused(make_pack(valid={"from": "2020-13-01", "to": "2020-12-31"}))
    assert "pack.yaml → valid → from: phải là một ngày dạng 2020-01-31" in error.vi
    assert "before it starts" in refused(make_pack(valid={"from": "2021-01-01", "to": "2020-01-01"})).en


WRONG_FILES: dict[str, tuple[str | bytes, str, str]] = {
    "duplicate key": ("a: [x]\na: [y]\n", ":2:1: ", "'a' stands twice"),
    "alias bomb": (
        "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n",
        ":2:8: ",
        "aliases are not allowed",
    ),
    "deep nesting": (f"a: {'[' * 30}{']' * 30}", ":1:27: ", "nested too deeply"),
    "very deep nesting": (f"a: {'[' * 100_000}", ":1:", "nest"),
    "not YAML": ("a: [x", ":2:1: ", "expected"),
    "control character": ("a: [\x00]", ": ", "control characters are not allowed"),
    "not UTF-8": (b"a: [\xe9]", ": ", "must be UTF-8"),
    "UTF-16": ("a: [hứa]".encode("utf-16"), ": ", "must be UTF-8"),
    "huge": (f"# {'x' * MAX_FILE_BYTES}", ": ", "larger than 2,000,000 bytes"),
    "key that is a list": ("? [a, b]\n: [x]", ":1:3: ", "a key must be a word"),
    "list for a mapping": ("- a", ": ", "dictionary"),
    "mapping for a list": ("a: {b: c}", " → a: ", "list"),
    "bad name of a list": ("Bad Name: [x]", " → Bad Name: ", "pattern"),
    "merge key": ("a: [x]\n<<: {b: [y]}", " → <<: ", "pattern"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_FILES)
def test_wrong_files(make_pack: MakePack, case: str) -> None:
    """A file that is no plain YAML mapping is refused by name, with line and column where there are any."""
    content, place, words = WRONG_FILES[case]
    error = refused(edited(make_pack(), "words.yaml", content))
    assert f"small/words.yaml{place}" in error.en
    assert words in error.en
    assert "small/words.yaml" in error.vi


def test_tags_make_nothing(make_pack: MakePack, tmp_path: Path) -> None:
    """A YAML tag that would run code is text like any other."""
    trace = tmp_path / "trace"
    folder = edited(make_pack(), "words.yaml", f"a: !!python/object/apply:os.mkdir ['{trace}']")
    assert load_pack(folder).words == {"a": [str(trace)]}
    assert not trace.exists()


def test_scalars_stay_words(make_pack: MakePack) -> None:
    """What looks like a number, a date, a truth value or nothing stays as it is written."""
    written = "18001567, 069.2348560, 010, 1e3, 0x1F, 2020-07-30, yes, off, null, ~, 1_000"
    pack = load_pack(edited(make_pack(), "words.yaml", f"a: [{written}]"))
    assert pack.words["a"] == written.split(", ")


def test_ids_like_numbers(make_pack: MakePack) -> None:
    """Ids and versions that YAML would read as numbers stay words."""
    pack = load_pack(make_pack(name="2020", version="1.0.0"))
    assert (pack.about.id, pack.about.version) == ("2020", "1.0.0")
    element = {"id": "1e", "title": BOTH}
    folder = make_pack(theme=[rule("T1.1e5", "18001567", element="1e", worth=1)])
    data = json.loads((folder / "T1.yaml").read_text(encoding="utf-8"))
    edited(folder, "T1.yaml", json.dumps(data | {"elements": [element]}))
    assert load_pack(folder).themes[0].rules[0].id == "T1.1e5"
    result = Checker(folder, model=None).check("Nạn buôn người: gọi 18001567.")
    assert [item.text for item in result.themes["T1"].evidence] == ["18001567"]


def test_lists_in_a_circle(make_pack: MakePack) -> None:
    """A word list that holds itself, straight or by way of another, is refused."""
    for words in ({"a": ["@a"]}, {"a": ["x", "@b"], "b": ["@a"]}):
        error = refused(make_pack(theme=[t1("@a")], words=words))
        assert "T1.yaml → T1.rule → pattern: the list '@a' contains itself" in error.en
        assert "gọi lại chính nó" in error.vi


def test_lists_in_lists(make_pack: MakePack) -> None:
    """A list may use another, twice over; a theme's own list comes before the pack's."""
    folder = make_pack(
        theme=[t1("@a")],
        words={"a": ["thề"], "b": ["nguyện"]},
        theme_words={"a": ["hứa", "@b", "@b"]},
    )
    checker = Checker(folder, model=None)
    for word, level in (("hứa", "covered"), ("nguyện", "covered"), ("thề", "absent")):
        assert checker.check(f"Nạn buôn người. Họ {word} đấy.").themes["T1"].level == level


@pytest.mark.parametrize("missing", ["pack.yaml", "scope.yaml"])
def test_missing_files(make_pack: MakePack, missing: str) -> None:
    """A pack needs its description and its scope."""
    folder = make_pack()
    (folder / missing).unlink()
    assert missing in refused(folder).en


@pytest.mark.parametrize("file", ["T9.yaml", "words.yaml", "pack.yaml"])
def test_a_folder_for_a_file(make_pack: MakePack, file: str) -> None:
    """A folder or a dangling link in the place of a file is refused by name."""
    folder = make_pack()
    (folder / file).unlink(missing_ok=True)
    (folder / file).mkdir()
    assert file in refused(folder).en


@pytest.mark.parametrize("name", ["no-such-pack", "", "a" * 5000, "a\0b", "../rules"])
def test_no_such_pack(name: str) -> None:
    """A name that stands for no pack is refused, and the shipped packs are named."""
    with pytest.raises(PackError) as caught:
        load_pack(name)
    assert "dak-nong-2020" in caught.value.en
    assert "Các bộ có sẵn: dak-nong-2020" in caught.value.vi


def test_files_made_on_windows(make_pack: MakePack) -> None:
    """A byte order mark and other line ends change nothing, not even the hash."""
    folder = make_pack(theme=[t1()])
    before = load_pack(folder)
    content = (folder / "T1.yaml").read_text(encoding="utf-8").replace(", ", ",\n")
    edited(folder, "T1.yaml", content)
    unix = load_pack(folder)
    edited(folder, "T1.yaml", content.replace("\n", "\r\n"))
    windows = load_pack(folder)
    assert windows.hash == unix.hash != before.hash
    assert windows.themes == unix.themes == before.themes
    edited(folder, "T1.yaml", "\ufeff" + content)
    assert load_pack(folder).themes == before.themes


# --- packs that extend others ----------------------------------------------------------------------


@pytest.fixture
def extending(make_pack: MakePack) -> Callable[..., Path]:
    """A pack that extends another, its files given as data; ``pack.yaml`` is made."""

    def extend(base: str, name: str = "child", said: str | None = None, **files: Any) -> Path:
        folder = make_pack(name=name)
        about = json.loads((folder / "pack.yaml").read_text(encoding="utf-8"))
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
        for path in folder.glob("*.yaml"):
            path.unlink()
        edited(folder, "pack.yaml", "\n".join([*lines, said or f"extends: {base}"]))
        for file, data in files.items():
            edited(folder, f"{file}.yaml", json.dumps(data, ensure_ascii=False))
        return folder

    return extend


Extend = Callable[..., Path]


def test_extends(make_pack: MakePack, extending: Extend) -> None:
    """An extending pack keeps what it does not say anew: whole files, whole lists."""
    make_pack(
        theme=[t1("@promise")],
        second=[rule("T2.old", "cũ", element="2a", worth=1.0)],
        words={"promise": ["hứa"], "other": ["khác"]},
        name="base",
    )
    child = extending(
        "base",
        T2=theme_file("T2", [rule("T2.new", "mới", element="2a", worth=1.0)]),
        T10=theme_file("T10", [rule("T10.x", "mười", element="10a", worth=1.0)]),
        words={"promise": ["~nguyện"]},
    )
    pack = load_pack(child)
    assert pack.about.id == "child"
    assert [theme.theme for theme in pack.themes] == ["T1", "T2", "T10"]
    assert [rule.id for rule in pack.rules()] == ["S.named", "T1.rule", "T2.new", "T10.x"]
    assert pack.words == {"promise": ["~nguyện"], "other": ["khác"]}
    result = Checker(child, model=None).check("Nạn buôn người. Họ hứa, họ nguyện.")
    assert [item.text for item in result.themes["T1"].evidence] == ["nguyện"]


def test_the_hash_covers_the_base(make_pack: MakePack, extending: Extend) -> None:
    """A change in the base changes the hash of what extends it."""
    base = make_pack(theme=[t1("hứa")], name="base")
    child = extending("base")
    before = load_pack(child).hash
    assert before != load_pack(base).hash
    make_pack(theme=[t1("nguyện")], name="base")
    assert load_pack(child).hash != before
    assert Checker(child, model=None).pack.reference.hash == load_pack(child).hash


def test_extends_a_shipped_pack(extending: Extend) -> None:
    """A pack elsewhere may extend a shipped one by its id."""
    child = extending("dak-nong-2020", words={"mine": ["x"]})
    pack = load_pack(child)
    assert [theme.theme for theme in pack.themes] == [f"T{n}" for n in range(1, 8)]
    assert "mine" in pack.words


def test_extends_nothing_there(extending: Extend) -> None:
    """The pack that is extended has to be there."""
    assert "no-such-pack" in refused(extending("no-such-pack")).en


def test_extends_in_a_circle(extending: Extend) -> None:
    """Packs that extend each other, or themselves, are refused."""
    for links in ({"child": "child"}, {"child": "b", "b": "child"}, {"child": "b", "b": "c", "c": "b"}):
        folders = [extending(base, name) for name, base in links.items()]
        error = refused(folders[0])
        assert "pack.yaml → extends: the packs extend each other in a circle" in error.en
        assert "thành vòng" in error.vi


@pytest.mark.parametrize("said", ["'extends': base", "extends : base", "extends: base/../base", "? extends\n: base"])
def test_extends_written_otherwise(make_pack: MakePack, extending: Extend, said: str) -> None:
    """An ``extends`` that the quick look for it would miss is refused, never passed over."""
    make_pack(name="base")
    folder = extending("base", said=said, T1=theme_file("T1", []), scope={"rules": [rule("S.x", "x", worth=1)]})
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert "pack.yaml → extends" in caught.value.en
