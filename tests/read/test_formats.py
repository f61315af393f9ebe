"""Every format: the same article gives the same text, themes and evidence, and says the same of itself."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, run
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbncheck import Article, Checker, CheckResult, Rejected
from mbncheck.read import refusals
from mbncheck.read.files import ReadOptions, articles_of, find_files
from mbncheck.read.formats import FORMATS, LIBREOFFICE, SUFFIXES, read_source, recognise
from mbncheck.read.source import Source

FOLDER = ROOT / "corpora" / "formats"
NAME = "vu-an-lua-ban"
FILES = sorted(path.name for path in FOLDER.iterdir())
TITLE = 'Lời hứa "việc nhẹ, lương cao" và hai quán karaoke'
AUTHOR, OUTLET, DAY = "Trần Nguyên", "Báo Biên Cương", date(2020, 8, 19)
HAS_LIBREOFFICE = any(map(shutil.which, LIBREOFFICE))

# What each file says of itself, at least.
_DOCUMENT = {"title": TITLE, "author": AUTHOR}
_PIECE = {**_DOCUMENT, "outlet": OUTLET, "published": DAY}
_TIMED = {"airtime": 148.25, "airtime_estimated": False}
_NOTHING: dict[str, Any] = {}
_PLACED = {**_PIECE, "locality": "Đắk Glong"}
TOLD: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("doc", "docx", "odt", "rtf", "pdf", "hai-cot.pdf", "zip", "tar.gz"), _DOCUMENT),
    **dict.fromkeys(("md", "html", "mhtml", "warc.gz", "rss", "csv", "tsv", "xlsx", "jsonl", "parquet"), _PIECE),
    **dict.fromkeys(("json", "newsml", "nitf"), _PLACED),
    "eml": {**_DOCUMENT, "published": DAY},
    **dict.fromkeys(("srt", "vtt"), _TIMED),
    **dict.fromkeys(("txt", "txt.gz"), _NOTHING),
}
# Where the article stands in files of many.
ORIGINS = {
    "csv": "2",
    "tsv": "2",
    "jsonl": "1",
    "parquet": "1",
    "xlsx": "Quý III!4",
    "rss": "1",
    "zip": f"tháng 8/{NAME}.docx",
    "tar.gz": f"thang-8/{NAME}.docx",
    "warc.gz": f"https://baobiencuong.example/{NAME}.html",
}

every_file = pytest.mark.parametrize("name", FILES)


def suffix_of(name: str) -> str:
    """What follows the article's name."""
    return name.removeprefix(f"{NAME}.")


@cache
def outcomes(name: str) -> tuple[Article | Rejected, ...]:
    """All that one file of the folder gives."""
    if name.endswith(".doc") and not HAS_LIBREOFFICE:
        pytest.skip("needs LibreOffice")
    return tuple(articles_of(str(FOLDER / name)))


def article_in(name: str) -> Article:
    """The article that they all hold."""
    (found,) = (one for one in outcomes(name) if isinstance(one, Article) and TITLE in one.text)
    return found


@pytest.fixture(scope="module")
def checker() -> Checker:
    """The shipped rules and the shipped model."""
    return Checker()


def evidence(result: CheckResult) -> dict[str, tuple[str, set[tuple[str, str]]]]:
    """Theme → level, and the words that each rule found."""
    return {
        theme: (found.level, {(item.rule, item.text) for item in found.evidence})
        for theme, found in result.themes.items()
    }


# --- the same article everywhere ----------------------------------------------------------------------


def test_every_format_has_a_file() -> None:
    """There is a file of every format that is listed."""
    known = {recognise(source).name for source in map(source_of, FILES)}
    assert known == {known.name for known in FORMATS}


def source_of(name: str) -> Source:
    """One file of the folder as readers get it."""
    raw = (FOLDER / name).read_bytes()
    return Source(name, io.BytesIO(raw), len(raw))


@every_file
def test_nothing_is_rejected(name: str) -> None:
    """Every part of every file can be read."""
    assert [found for found in outcomes(name) if isinstance(found, Rejected)] == []


@every_file
def test_the_text(name: str) -> None:
    """Paragraphs are lines; subtitles have a line a sentence. Nothing is added, nothing is missing."""
    wanted = [line for line in (FOLDER / f"{NAME}.txt").read_text(encoding="utf-8").split("\n") if line]
    lines = [line.removeprefix("# ") for line in article_in(name).text.split("\n") if line]
    if suffix_of(name) in ("srt", "vtt"):
        assert " ".join(lines) == " ".join(wanted)
        assert len(lines) > len(wanted)
    else:
        assert lines == wanted


@every_file
def test_what_it_says_of_itself(name: str) -> None:
    """Title, author, outlet and day come from the file, each with its source; so does the place in a file of many."""
    suffix, article = suffix_of(name), article_in(name)
    sources = dict(article.sources)
    for field, value in TOLD[suffix].items():
        assert getattr(article, field) == value, field
        assert field == "airtime_estimated" or sources[field], field
    assert article.origin == ORIGINS.get(suffix, "")


@every_file
def test_the_same_themes_and_words(name: str, checker: Checker) -> None:
    """Themes, levels and the words that prove them are those of the plain text, at their own offsets."""
    article = article_in(name)
    result = checker.check_article(article)
    assert evidence(result) == evidence(checker.check_article(article_in(f"{NAME}.txt")))
    for found in result.themes.values():
        for item in found.evidence:
            assert article.text[item.start : item.end] == item.text


@every_file
def test_the_same_again(name: str) -> None:
    """A second reading gives the same, in the same order; every article has an id of its own."""
    assert name.endswith(".doc") or tuple(articles_of(str(FOLDER / name))) == outcomes(name)
    ids = [found.id for found in outcomes(name) if isinstance(found, Article)]
    assert len(set(ids)) == len(ids)
    assert all(own.startswith(str(FOLDER / name)) for own in ids)


def test_speakers_of_subtitles() -> None:
    """The voice of a cue is the speaker of its words; cues of one voice that follow each other are one turn."""
    article = article_in(f"{NAME}.vtt")
    assert article.speakers == ((0, len(article.text), "PTV"),)


# --- a quarter's archive ------------------------------------------------------------------------------


def test_a_mixed_archive(tmp_path: Path) -> None:
    """A folder that mixes every format, an archive of them all and something unreadable is checked in one run."""
    quarter = tmp_path / "quý 3"
    shutil.copytree(FOLDER, quarter)
    (quarter / f"{NAME}.doc").unlink()  # LibreOffice is not everywhere
    with zipfile.ZipFile(quarter / "tất cả.zip", "w") as packed:
        for path in sorted(quarter.iterdir()):
            if path.name != "tất cả.zip":
                packed.write(path, f"tháng 7/{path.name}")
    (quarter / "ảnh.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    (quarter / "hỏng.docx").write_bytes(b"PK\x03\x04 not any more")
    shown = run(quarter, "--model", "none", "--rules", SMALL, "--format", "json")
    document = shown.json()
    alone = sum(len(outcomes(name)) for name in FILES if not name.endswith(".doc"))
    assert len(document["results"]) == 2 * alone
    assert sorted(Path(item["path"]).name for item in document["rejected"]) == ["hỏng.docx", "ảnh.png"]
    assert len({item["id"] for item in document["results"]}) == 2 * alone
    assert shown.status == 2


# --- by content first -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "suffix", ["docx", "odt", "rtf", "pdf", "html", "xlsx", "parquet", "zip", "tar.gz", "nitf", "vtt"]
)
def test_content_before_name(tmp_path: Path, suffix: str) -> None:
    """A file is read as what it is, whatever it is called."""
    path = tmp_path / ("bài.txt" if suffix == "docx" else "bài")
    path.write_bytes((FOLDER / f"{NAME}.{suffix}").read_bytes())
    assert list(find_files([str(tmp_path)])) == [str(path)]
    found = [one for one in articles_of(str(path)) if isinstance(one, Article) and TITLE in one.text]
    assert [one.text for one in found] == [article_in(f"{NAME}.{suffix}").text]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_names_that_promise(tmp_path: Path, suffix: str) -> None:
    """Binary rubbish is rejected under every name, with a reason and a remedy in both languages."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"\x01\x02\x03\0\xfe" * 50)
    (found,) = articles_of(str(path))
    assert isinstance(found, Rejected)
    assert found.path == str(path)
    assert all((found.reason_vi, found.reason_en, found.remedy_vi, found.remedy_en))


def test_a_name_that_says_nothing(tmp_path: Path) -> None:
    """A plain text under an unknown name is read where it is named itself; in a folder it is told."""
    path = tmp_path / "bài.v2"
    path.write_text(TITLE, encoding="utf-8")
    assert [found.text for found in articles_of(str(path)) if isinstance(found, Article)] == [TITLE]
    assert [type(found) for found in find_files([str(tmp_path)])] == [Rejected, Rejected]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formats that are known by their content may come by standard input."""
    raw = (FOLDER / f"{NAME}.docx").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    (found,) = articles_of("-")
    assert isinstance(found, Article)
    assert (found.id, found.text) == ("-", article_in(f"{NAME}.docx").text)


# --- what is broken --------------------------------------------------------------------------------------

FUZZED = [name for name in FILES if not name.endswith(".doc")]  # LibreOffice takes too long for many examples


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FUZZED), st.data())
def test_broken_files(name: str, data: st.DataObject) -> None:
    """However a file is cut and garbled, reading it ends in articles and rejections, never in an exception."""
    raw = bytearray((FOLDER / name).read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    found = list(read_source(Source(name, io.BytesIO(cut), len(cut)), ReadOptions()))
    assert found
    assert all(isinstance(one, Article | Rejected) for one in found)


# --- what is missing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [one for one in FORMATS if one.needs], ids=lambda one: one.name)
def test_a_missing_library(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format whose library is missing is rejected with the command that installs it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(refusals.Refused) as caught:
        known.load()
    assert "pip install 'mbncheck[read]'" in caught.value.remedy_vi


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A legacy Word file says what it needs where LibreOffice is missing."""
    from mbncheck.read.office import read_doc

    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(refusals.Refused, match="needs LibreOffice"):
        list(read_doc(source_of(f"{NAME}.doc"), ReadOptions()))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_list(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``mbncheck formats`` lists every format with its suffixes, and what is missing."""
    shown = run("formats", "--lang", lang)
    assert shown.status == 0
    for known in FORMATS:
        assert any(line.startswith(known.name) and known.suffixes[0] in line for line in shown.out.splitlines())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "pip install 'mbncheck[read]'" in run("formats", "--lang", lang).out
