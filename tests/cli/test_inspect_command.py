"""``mbncheck inspect``: what was read, where each thing was found, what was guessed and what could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run
from conftest import ROOT

SCRIPT = "Thời lượng: 5'30\"\n\nPTV: Bà con chú ý.\n\nPTV: Gọi 111.\n\n(Nhạc)\n"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run in an empty folder, as wide as a pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def write(name: str, raw: bytes | str) -> None:
    """A file in the folder."""
    Path(name).write_bytes(raw.encode() if isinstance(raw, str) else raw)


def test_what_is_shown() -> None:
    """Format, encoding, every field with its source, the parts of a script, notes, what could not be read."""
    write("a.txt", "---\nNgày đăng: 30/7/2020\n---\n" + SCRIPT)
    write("b.txt", "mua baùn ngöôøi ôû vuøng bieân giôùi\n".encode("cp1252"))
    write("c.txt", b"abc\xff")
    shown = run("inspect", "a.txt", "b.txt", "c.txt")
    assert shown.status == 2
    assert [line.strip() for line in shown.out.splitlines()] == [
        "a.txt",
        "Định dạng: text",
        "Bảng mã: utf-8 (độ tin cậy 100 %)",
        "Văn bản: 61 ký tự, 8 âm tiết được nói",
        "Ngày đăng, phát: 2020-07-30 ← phần đầu tệp: Ngày đăng",
        "Thời lượng: 5 phút 30 giây ← kịch bản: ghi trong kịch bản",
        "Kịch bản: nhãn người nói: 2, chỉ dẫn: 1, dòng ghi đầu trang: 1, câu mở đầu hoặc kết thúc: 1",
        "Người nói: PTV (2)",
        "b.txt",
        "Định dạng: text",
        "Bảng mã: vni (độ tin cậy 99 %)",
        "Văn bản: 31 ký tự, 7 âm tiết được nói",
        "MBN901: không phải UTF-8; đọc theo bảng mã VNI, độ tin cậy 99 %",
        "c.txt: không phải UTF-8 (byte thứ 4 sai); hãy lưu lại thành văn bản thuần với bảng mã UTF-8, hoặc nêu đúng"
        " bảng mã bằng --encoding.",
        "Đã đọc 2 bài; 1 chỗ không đọc được.",
    ]
    english = run("inspect", "a.txt", "c.txt", "--lang", "en").out
    assert "Published: 2020-07-30 ← front matter: Ngày đăng" in english
    assert "c.txt: not UTF-8 (byte 4 is wrong)" in english


def test_json() -> None:
    """The same as plain data, without the text."""
    write("a.txt", SCRIPT)
    write("c.txt", b"abc\xff")
    document = run("inspect", "a.txt", "c.txt", "--format", "json").json()
    (article,) = document["articles"]
    assert article["metadata"] == {"airtime": {"value": 330.0, "source": "script: stated"}}
    assert (article["format"], article["encoding"], article["confidence"]) == ("text", "utf-8", 1.0)
    assert (article["characters"], article["syllables"]) == (len(SCRIPT), 8)
    assert [turn["name"] for turn in article["speakers"]] == ["PTV", "PTV"]
    assert [SCRIPT[start:end].strip() for start, end in article["masked"]][:2] == ["Thời lượng: 5'30\"", "PTV:"]
    assert article["script"] == {"label": 2, "cue": 1, "head": 1, "opening": 1}
    assert document["rejected"][0]["path"] == "c.txt"
    assert "Bà con" not in run("inspect", "a.txt", "--format", "json").out


def test_an_ordinary_article() -> None:
    """An ordinary article has no script, and one file no sum."""
    shown = run("inspect", ROOT / "corpora" / "articles" / "vu-an-lua-ban.txt")
    assert shown.status == 0
    assert "Kịch bản" not in shown.out
    assert len(shown.out.splitlines()) == 4


def test_options_of_reading() -> None:
    """The encoding, the layout and the columns can be given, and what is wrong in them is told."""
    Path("Báo A").mkdir()
    write("Báo A/2020-07-30.txt", "mua baùn ngöôøi".encode("cp1252"))
    given = ("inspect", "Báo A/2020-07-30.txt", "--format", "json", "--encoding", "VNI")
    (article,) = run(*given, "--layout", "{outlet}/{date:%Y-%m-%d}").json()["articles"]
    assert {name: found["value"] for name, found in article["metadata"].items()} == {
        "outlet": "Báo A",
        "published": "2020-07-30",
    }
    assert (article["encoding"], article["characters"]) == ("vni", 13)
    for wrong in (("--encoding", "klingon"), ("--layout", "{foo}"), ("--column", "foo=x"), ("--column", "text")):
        shown = run("inspect", "Báo A", *wrong)
        assert shown.status == 2
        assert shown.err


def test_terminal_safety() -> None:
    """What files say of themselves cannot steer the terminal."""
    write("a.txt", '---\nTiêu đề: "x\\e[31mđỏ"\n---\nBài.\n')
    assert "\x1b" not in run("inspect", "a.txt").out
