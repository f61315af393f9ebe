"""``mbncheck score`` and ``demo``: from a store to the table and the files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from mbncheck import Article, Checker
from mbncheck.archive.outcomes import Outcomes
from mbncheck.archive.store import FileState, Store
from mbncheck.cli import cli, main

CASE = "Công an vừa triệt phá đường dây lừa bán phụ nữ sang Campuchia. Bà con gọi ngay 111 để tố giác mua bán người."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of a few pieces of two outlets, one of them on no list, and one piece without a date."""
    path = tmp_path_factory.mktemp("score") / "store.duckdb"
    checker = Checker(model=None)
    articles = [
        Article(CASE, "1", outlet="Báo Đắk Nông", published=date(2020, 7, 30)),
        Article(CASE + " Xã Đắk Wil họp dân.", "2", outlet="Báo Đắk Nông", published=date(2020, 8, 2)),
        Article("Trời mưa.", "3", outlet="Báo Đắk Nông", published=date(2020, 8, 3)),
        Article(CASE, "4", outlet="Trang lạ", published=date(2020, 8, 3)),
        Article(CASE, "5", outlet="Báo Đắk Nông"),
    ]
    outcomes = Outcomes()
    for number, article in enumerate(articles):
        outcomes.add(1, number, article, checker.check_article(article), ())
    with Store.open(path, create=True) as held:
        held.describe(checker.pack.reference, checker.pack.themes, None, "")
        held.add(outcomes.table(), [FileState(1, "/a.jsonl", 1, 1, "h", "f", None, len(articles), True, replaces=True)])
    return str(path)


def run(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(cli, ["score", *arguments])


def test_text(store: str) -> None:
    """The table, unknown outlets and undated pieces said."""
    result = run("--store", store, "--period", "2020-Q3")
    assert result.exit_code == 0
    assert "Quý III/2020" in result.output
    assert "Trang lạ: không có trong danh sách" in result.output
    assert "1 bài không đề ngày" in result.output


def test_one_outlet_as_json(store: str) -> None:
    """One outlet, found by any of its names."""
    result = run("--store", store, "--period", "2020-Q3", "--outlet", "báo đăk nông", "--format", "json")
    (outlet,) = json.loads(result.output)["outlets"]
    assert (outlet["outlet"], outlet["volume"]["raw"], outlet["volume"]["checked"]) == ("bao-dak-nong", 2, 3)
    assert outlet["undated"] == 1


@pytest.mark.parametrize("output", ["json", "csv", "parquet", "xlsx", "text"])
def test_files(store: str, tmp_path: Path, output: str) -> None:
    """Every format is written to a file, twice the same."""
    paths = [tmp_path / f"{number}.{output}" for number in (1, 2)]
    for path in paths:
        result = run("--store", store, "--period", "2020-H2", "--format", output, "--output", str(path), "--lang", "en")
        assert result.exit_code == 0, result.output
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if output == "xlsx":
        assert openpyxl.load_workbook(paths[0]).sheetnames == ["Summary", "Themes", "Duties", "Gaps"]
    if output == "csv":
        assert paths[0].read_bytes().startswith(b"\xef\xbb\xbfoutlet,name")


def test_own_outlets(store: str, tmp_path: Path) -> None:
    """``--outlets`` replaces the list of the pack."""
    listed = tmp_path / "outlets.yaml"
    listed.write_text("outlets:\n  - {id: la, name: Trang lạ, kind: portal}\n", encoding="utf-8")
    result = run("--store", store, "--period", "2020-Q3", "--outlets", str(listed), "--lang", "en")
    assert "Trang lạ: bulletin or portal" in result.output
    assert "Báo Đắk Nông: not on the list" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--period", "2020-Q3", "--outlet", "Báo X"), "Báo X"),
        (("--period", "2020-Q3", "--format", "xlsx"), "--output"),
        (("--period", "2019"), "kho không có bài nào đề ngày"),
    ],
)
def test_refused(store: str, arguments: tuple[str, ...], message: str) -> None:
    """What cannot be done is said, with status 2."""
    result = run("--store", store, *arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("arguments", [["--period", "quý 3"], ["--period", "2020", "--outlets", "/no/such/file"]])
def test_errors_in_words(store: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of the core are one line, never a traceback."""
    with pytest.raises(SystemExit) as left:
        main(["score", "--store", store, *arguments])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("Lỗi: ")


def test_a_file_that_cannot_be_written(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A place that cannot be written to is named."""
    with pytest.raises(SystemExit):
        main(["score", "--store", store, "--period", "2020-Q3", "--format", "csv", "--output", "/no/such/place.csv"])
    assert "/no/such/place.csv" in capsys.readouterr().err
