"""Compiled packs: the same for the same pack; whatever the cache holds, only time changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from small_packs import rule

from mbncheck import Checker, CheckResult, Pack, load_pack
from mbncheck.pack.compile import compile_pack
from mbncheck.pack.compiled import COMPILED_FORMAT, compiled_pack, save_compiled, shipped_path

TEXT = "Nạn buôn người vẫn còn. Họ hứa cho em việc làm."


@pytest.fixture
def folder(make_pack: Callable[..., Path]) -> Path:
    """A small pack."""
    return make_pack(theme=[rule("T1.rule", ["@list", "thề"], element="1a", worth=1.0)], words={"list": ["hứa"]})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, not there yet."""
    place = tmp_path / "deep" / "cache"
    monkeypatch.setenv("MBNCHECK_CACHE", str(place))
    return place


def right(folder: Path) -> CheckResult:
    """The result that has to come out whatever the cache holds."""
    result = Checker(folder, model=None).check(TEXT)
    assert [item.text for item in result.themes["T1"].evidence] == ["hứa"]
    return result


def the_file(cache: Path) -> Path:
    """The one file of the cache."""
    (path,) = cache.iterdir()
    return path


def test_used_again(folder: Path, cache: Path) -> None:
    """The first start fills the cache, the second takes what is there."""
    first = right(folder)
    written = the_file(cache).stat().st_mtime_ns
    assert right(folder) == first
    assert the_file(cache).stat().st_mtime_ns == written
    assert compiled_pack(folder).data == compile_pack(load_pack(folder))


def test_the_cache_is_what_is_used(folder: Path, cache: Path) -> None:
    """A whole file with the right hash is taken without reading the pack's YAML again."""
    right(folder)
    data = dict(compiled_pack(folder).data) | {"version": "9.9.9"}
    save_compiled(data, the_file(cache))
    assert compiled_pack(folder).reference.version == "9.9.9"


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "truncated": lambda raw: raw[: len(raw) // 2],
    "truncated in the head": lambda raw: raw[:10],
    "one letter changed": lambda raw: raw.replace("hứa".encode(), "thế".encode()),
    "something behind": lambda raw: raw + b" ",
    "not UTF-8": lambda raw: raw + b"\xff",
    "zeros": lambda raw: bytes(len(raw)),
    "another format": lambda raw: raw.replace(str(COMPILED_FORMAT).encode(), str(COMPILED_FORMAT + 1).encode(), 1),
    "no head": lambda raw: raw.partition(b"\n")[2],
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damaged(folder: Path, cache: Path, case: str) -> None:
    """A damaged file in the cache is not used, and is made anew."""
    whole = right(folder)
    path = the_file(cache)
    raw = path.read_bytes()
    path.write_bytes(DAMAGE[case](raw))
    assert path.read_bytes() != raw
    assert right(folder) == whole
    assert path.read_bytes() == raw


def test_of_another_pack(folder: Path, cache: Path, make_pack: Callable[..., Path]) -> None:
    """A whole file of another pack under the name of this one is not used."""
    whole = right(folder)
    path = the_file(cache)
    raw = path.read_bytes()
    other = make_pack(theme=[rule("T1.other", "khác", element="1a", worth=1.0)], name="other")
    save_compiled(compile_pack(load_pack(other)), path)
    assert right(folder) == whole
    assert path.read_bytes() == raw


def test_stale(folder: Path, cache: Path) -> None:
    """A change in the pack is seen at the next start."""
    right(folder)
    text = (folder / "words.yaml").read_text(encoding="utf-8")
    (folder / "words.yaml").write_text(text.replace("hứa", "nguyện"), encoding="utf-8")
    assert Checker(folder, model=None).check(TEXT).themes["T1"].level == "absent"
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("obstacle", ["a file where the folder should be", "a folder where the file should be"])
def test_unwritable(folder: Path, cache: Path, obstacle: str) -> None:
    """A cache that cannot be written is done without."""
    if obstacle.startswith("a file"):
        cache.parent.mkdir(parents=True)
        cache.write_text("")
    else:
        right(folder)
        path = the_file(cache)
        path.unlink()
        path.mkdir()
    assert right(folder).themes["T1"].level == "covered"


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_no_permission(folder: Path, cache: Path) -> None:
    """A cache folder without permission to write is done without."""
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    assert right(folder).themes["T1"].level == "covered"
    assert list(cache.iterdir()) == []


def test_nothing_else_is_left_behind(folder: Path, cache: Path) -> None:
    """Writing the cache leaves no temporary files."""
    for _ in range(2):
        right(folder)
        the_file(cache).write_bytes(b"damaged")
    right(folder)
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_compiling_again_gives_the_same(folder: Path, real_pack: Pack) -> None:
    """The compiled form depends on the pack alone."""
    for pack in (load_pack(folder), real_pack):
        first, second = (json.dumps(compile_pack(pack), ensure_ascii=False) for _ in range(2))
        assert first == second


def test_compiling_in_another_process_gives_the_same(real_pack: Pack) -> None:
    """The order of sets, which differs from process to process, has no say."""
    code = (
        "import hashlib, json; from mbncheck import load_pack; from mbncheck.pack.compile import compile_pack;"
        "print(hashlib.sha256(json.dumps(compile_pack(load_pack())).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_shipped_form_is_up_to_date(real_pack: Pack) -> None:
    """Where a build has put a compiled form beside the code, it is used only while it is the pack's."""
    path = shipped_path(ROOT / "rules" / real_pack.about.id)
    if path.is_file():
        assert compiled_pack().reference.hash == real_pack.hash
