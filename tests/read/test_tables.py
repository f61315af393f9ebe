"""Texts from JSONL files: read one by one, errors with file and line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mbncheck import ReadError
from mbncheck.read import tables
from mbncheck.read.tables import read_records, read_texts

LINES = '{"text": "Nạn mua bán người.", "id": 1}\n\n{"text": "Gọi 111."}\n{"title": "không có text"}\n{"text": 5}\n'


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_records_and_texts(tmp_path: Path, name: str, mark: str) -> None:
    """Objects come one a line, packed or not, with a byte order mark or without; blank lines are passed over."""
    path = tmp_path / name
    raw = (mark + LINES).encode()
    path.write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    assert len(list(read_records(str(path)))) == 4
    assert list(read_texts([str(path), str(path)])) == ["Nạn mua bán người.", "Gọi 111."] * 2


@pytest.mark.parametrize("wrong", ["[1]", "{", '"text"', "null", "[" * 100_000, '{"text": "\t"}'])
def test_a_wrong_line(tmp_path: Path, wrong: str) -> None:
    """A line that is no JSON object is told with its number, after the good ones were given."""
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "a"}}\n\n{wrong}\n', encoding="utf-8")
    records = read_records(str(path))
    assert next(records) == {"text": "a"}
    with pytest.raises(ReadError) as caught:
        next(records)
    assert caught.value.en == f"{path}, line 3: not a JSON object."
    assert caught.value.vi == f"{path}, dòng 3: không phải một đối tượng JSON."


def test_a_line_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the limit is told, not parsed."""
    monkeypatch.setattr(tables, "MAX_LINE", 20)
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": "mua bán người"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match="dòng 2"):
        list(read_records(str(path)))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("latin.jsonl", b'{"text": "\xe9"}'),
        ("cut.jsonl.gz", gzip.compress(LINES.encode())[:-12]),
        ("no.jsonl.gz", LINES.encode()),
        ("packed.jsonl", gzip.compress(LINES.encode())),
    ],
)
def test_a_wrong_file(tmp_path: Path, name: str, raw: bytes) -> None:
    """A file in another encoding, cut off, or packed unlike its name is told."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(ReadError, match="UTF-8"):
        list(read_texts([str(path)]))


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there, and a folder, are told by name."""
    for path in (tmp_path / "a.jsonl", tmp_path):
        with pytest.raises(ReadError, match=tmp_path.name):
            list(read_texts([str(path)]))
