"""From names to articles: whatever cannot be read is told and counted, nothing raises."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from mbncheck import Article, Rejected
from mbncheck.read.files import ReadOptions, articles_of, find_files, read_file

TEXT = "Nạn mua bán người.\nGọi 111.\n"

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="needs what Windows does not allow")


def as_root() -> bool:
    """Whether permissions mean nothing."""
    return not hasattr(os, "geteuid") or os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with texts, something else, hidden things and a subfolder."""
    for name in ("b.txt", "a.md", "deep/c.TXT", "deep/d.markdown", ".hidden.txt", ".git/e.txt", "deep/~$open.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    return tmp_path


def outcome(found: object, folder: Path) -> str:
    """A name within the folder; a rejected one with a mark before it."""
    path = found.path if isinstance(found, Rejected) else str(found)
    return ("!" if isinstance(found, Rejected) else "") + Path(path).relative_to(folder).as_posix()


def rejected(path: Path | str) -> Rejected:
    """What is said of a file that cannot be read."""
    found = read_file(str(path))
    assert isinstance(found, Rejected)
    assert found.path == str(path)
    assert all((found.reason_vi, found.reason_en, found.remedy_vi, found.remedy_en))
    return found


def text_of(path: Path) -> str:
    """The text of a file that can be read."""
    found = read_file(str(path))
    assert isinstance(found, Article), found
    assert found.id == str(path)
    return found.text


# --- finding ---------------------------------------------------------------------------------------


def test_a_folder(folder: Path) -> None:
    """A folder stands for its texts, sorted, at any depth; what is no text is told, what is hidden left out."""
    found = [outcome(item, folder) for item in find_files([str(folder)])]
    assert found == ["a.md", "b.txt", "!picture.png", "deep/c.TXT", "deep/d.markdown"]


def test_files_and_patterns(folder: Path) -> None:
    """Files and patterns stand for themselves, in the order given, each once."""
    names = [str(folder / "b.txt"), str(folder / "*.*"), str(folder / "**" / "*.TXT"), str(folder / "deep")]
    found = [outcome(item, folder) for item in find_files(names)]
    assert found[:3] == ["b.txt", "a.md", "picture.png"]
    assert sorted(found[3:]) == ["deep/c.TXT", "deep/d.markdown"]


def test_names_with_magic_characters(tmp_path: Path) -> None:
    """A file whose name looks like a pattern is the file."""
    path = tmp_path / "bài [1].txt"
    path.write_text(TEXT, encoding="utf-8")
    assert list(find_files([str(path)])) == [str(path)]


def test_the_same_file_once(folder: Path) -> None:
    """A file named twice, by whatever way, is checked once."""
    around = os.path.join(str(folder), "deep", "..", "b.txt")
    assert len(list(find_files([str(folder / "b.txt"), around, str(folder / "b.txt")]))) == 1


@not_on_windows
def test_the_same_file_by_a_link(folder: Path) -> None:
    """A link to a file already named is not checked again."""
    (folder / "z.txt").symlink_to(folder / "b.txt")
    assert len(list(find_files([str(folder / "b.txt"), str(folder / "z.txt")]))) == 1


def test_names_for_nothing(tmp_path: Path) -> None:
    """A name, a pattern or a folder that stands for nothing is told."""
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / name) for name in ("missing.txt", "*.none", "empty")]
    found = list(find_files(names))
    assert [item.path for item in found if isinstance(item, Rejected)] == names
    assert [item.reason_en for item in found if isinstance(item, Rejected)] == [
        "no such file or folder",
        "no file matches this pattern",
        "the folder holds no file that can be read",
    ]


def test_standard_input_is_a_name() -> None:
    """``-`` stands for standard input."""
    assert list(find_files(["-"])) == ["-"]


@not_on_windows
def test_links_in_a_circle(tmp_path: Path) -> None:
    """Links that lead round in a circle are told, not followed for ever."""
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    names = [item for item in find_files([str(tmp_path)]) if isinstance(item, str)]
    assert [Path(name).name for name in names] == ["a.txt", "b.txt", "good.txt"]
    for name in names[:2]:
        assert "cannot be read" in rejected(name).reason_en


@not_on_windows
def test_a_dangling_link(tmp_path: Path) -> None:
    """A link to nothing is told as a missing file."""
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere.txt")
    (name,) = find_files([str(tmp_path / "a.txt")])
    assert isinstance(name, str)
    assert rejected(name).reason_en == "no such file"


def test_a_folder_named_like_a_text(folder: Path) -> None:
    """A folder called a.txt is a folder; read as a file it is told."""
    (folder / "a.txt").mkdir()
    (folder / "a.txt" / "inside.txt").write_text(TEXT, encoding="utf-8")
    assert "a.txt/inside.txt" in [outcome(item, folder) for item in find_files([str(folder)])]
    assert rejected(folder / "a.txt").reason_en == "not an ordinary file"


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8 and, with its mark, UTF-16 are read; the mark is not part of the text, line ends stay."""
    path = tmp_path / "a.txt"
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        path.write_bytes(text.encode(encoding))
        assert text_of(path) == text


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_ends_of_utf_16(tmp_path: Path, mark: bytes, encoding: str) -> None:
    """UTF-16 is read in either byte order."""
    path = tmp_path / "a.txt"
    path.write_bytes(mark + TEXT.encode(encoding))
    assert text_of(path) == TEXT


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        ("\u00a0\u200b\n".encode(), "the file is empty"),
        (b"PK\x03\x04\0\0", "damaged or cut off (ZIP archive)"),
        (b"a\0b\0\0", "binary, not a text"),
        (b"abc\xff", "not UTF-8 (byte 4 is wrong)"),
        (b"\xff\xfea\0b", "not UTF-16"),
    ],
)
def test_what_is_no_text(tmp_path: Path, raw: bytes, reason: str) -> None:
    """Empty, binary and differently encoded files are told for what they are."""
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    assert reason in rejected(path).reason_en


def test_missing(tmp_path: Path) -> None:
    """A file that has gone is told."""
    assert rejected(tmp_path / "a.txt").reason_vi == "không có tệp này"


@pytest.mark.skipif(as_root(), reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    """A file without permission to read is told."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    assert rejected(path).reason_en == "no permission to read this file"


@not_on_windows
def test_no_ordinary_file(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    assert rejected(path).reason_en == "not an ordinary file"


@not_on_windows
def test_a_pipe_in_a_folder(tmp_path: Path) -> None:
    """A pipe without a known name in a folder is told, not waited for."""
    os.mkfifo(tmp_path / "pipe")
    assert [type(found) for found in find_files([str(tmp_path)])] == [Rejected, Rejected]


def test_too_large(tmp_path: Path) -> None:
    """A file over the limit is told with the limit; one at the limit is read."""
    path = tmp_path / "a.txt"
    options = ReadOptions(max_bytes=1_000_000)
    path.write_bytes(b"a" * 1_000_000)
    assert [len(found.text) for found in articles_of(str(path), options) if isinstance(found, Article)] == [1_000_000]
    path.write_bytes(b"a" * 1_000_001)
    (found,) = articles_of(str(path), options)
    assert isinstance(found, Rejected)
    assert found.reason_en == "larger than 1 MB"


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16")])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    """Standard input is read like a file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    (found,) = articles_of("-")
    assert isinstance(found, Article)
    assert (found.text, found.id) == (TEXT, "-")


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on standard input is told."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    (found,) = articles_of("-")
    assert isinstance(found, Rejected)
    assert (found.path, found.reason_en) == ("-", "the file is empty")


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, ""])
def test_impossible_names(name: str) -> None:
    """A name that no file can have is told like a missing one."""
    (found,) = find_files([name])
    assert isinstance(found, Rejected)
    assert isinstance(read_file(name), Rejected)
