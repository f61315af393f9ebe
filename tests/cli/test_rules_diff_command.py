"""``mbncheck rules diff OLD NEW ARCHIVE…``: packs and models compared over articles of every kind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from command_line import ESCAPES, run
from conftest import PackMaker
from small_packs import rule

TEXT = "Nạn buôn người còn nhiều. Họ hứa trả công cao."
PLAIN = "Trời mưa to."


@pytest.fixture
def packs(make_pack: PackMaker) -> tuple[Path, Path]:
    """Two packs whose rule for promises differs in worth."""
    return (
        make_pack(theme=[rule("T1.promise", "~hứa", element="1a", worth=0.5)], name="old"),
        make_pack(theme=[rule("T1.promise", "~hứa", element="1a", worth=1.0)], name="new"),
    )


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, Path]:
    """Two articles in packed JSON lines, one in a folder."""
    lines = tmp_path / "a.jsonl.gz"
    records = ({"id": "một", "text": TEXT}, {"id": "hai", "text": PLAIN})
    lines.write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ba.txt").write_text(TEXT, encoding="utf-8")
    return lines, folder


def test_text(packs: tuple[Path, Path], archive: tuple[Path, Path]) -> None:
    """Both sides are named, every piece that changes with its evidence, then the sums; in both languages."""
    shown = run("rules", "diff", *packs, *archive)
    assert shown.status == 0
    assert shown.out.startswith("− bộ quy tắc old 1.0.0")
    for words in ("một\n", "T1 Nhỏ: nhắc đến → có nội dung", "= T1.promise 1:30 hứa", "ba.txt"):
        assert words in shown.out
    assert "hai\n" not in shown.out
    assert shown.out.endswith("Đã so 3 bài: 2 bài đổi phạm vi hoặc mức; 0 tệp không đọc được.\n")
    english = run("rules", "diff", *packs, *archive, "--lang", "en").out
    assert "T1 Small: mentioned → covered" in english
    assert ESCAPES.search(shown.out + english) is None


def test_json(packs: tuple[Path, Path], archive: tuple[Path, Path]) -> None:
    """JSON holds both sides, the sums, and the changes with exact offsets."""
    plain = run("rules", "diff", *packs, *archive, "--format", "json").json()
    assert (plain["old"]["pack"]["id"], plain["new"]["pack"]["id"]) == ("old", "new")
    assert (plain["checked"], plain["changed"], plain["rejected"]) == (3, 2, 0)
    (difference,) = plain["changes"][0]["differences"].values()
    (kept,) = difference["kept"]
    assert TEXT[kept["start"] : kept["end"]] == kept["text"] == "hứa"
    assert difference["probabilities"] == [None, None]


def test_models(packs: tuple[Path, Path], archive: tuple[Path, Path]) -> None:
    """``none``, ``default`` and model files stand for models of one pack."""
    plain = run("rules", "diff", "none", "default", archive[0], "--format", "json").json()
    assert plain["old"]["model"] is None
    assert plain["new"]["model"]
    assert plain["old"]["pack"] == plain["new"]["pack"]
    same = run("rules", "diff", "none", "none", archive[0], "--pack", packs[1], "--format", "json").json()
    assert (same["old"]["pack"]["id"], same["changed"]) == ("new", 0)
    assert run("rules", "diff", "none", "no-such.json", archive[0]).status == 2


def test_what_cannot_be_read(packs: tuple[Path, Path], archive: tuple[Path, Path], tmp_path: Path) -> None:
    """Missing files and broken lines are told and counted, the others compared, and the status is 2."""
    broken = tmp_path / "b.jsonl"
    broken.write_text(json.dumps({"text": TEXT}) + "\n{", encoding="utf-8")
    shown = run("rules", "diff", *packs, tmp_path / "none.txt", broken, archive[0])
    assert shown.status == 2
    assert "none.txt" in shown.err
    assert f"{broken}, dòng 2" in shown.err
    assert "Đã so 3 bài: 2 bài đổi phạm vi hoặc mức; 2 tệp không đọc được." in shown.out


def test_a_pack_that_is_none(packs: tuple[Path, Path], archive: tuple[Path, Path]) -> None:
    """A side that is neither pack nor model is told."""
    shown = run("rules", "diff", packs[0], "no-such-pack", archive[0], "--lang", "en")
    assert (shown.status, shown.out) == (2, "")
    assert "no-such-pack" in shown.err


def test_ids_are_text(packs: tuple[Path, Path], tmp_path: Path) -> None:
    """Ids and words of an archive give the terminal no orders and no markup."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "[bold]\x1b[31mx", "text": TEXT}), encoding="utf-8")
    shown = run("rules", "diff", *packs, path).out
    assert "[bold]" in shown
    assert ESCAPES.search(shown) is None
