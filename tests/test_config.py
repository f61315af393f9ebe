"""Settings: where they are found, what they say, what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run
from conftest import ROOT

from mbncheck.config import Config, find_config, load_config
from mbncheck.errors import ConfigError

ALL = """
lang = "en"
rules = "dak-nong-2020"
model = "none"
encoding = "ABC"
layout = "{outlet}/{date:%Y-%m-%d}/{title}"
[columns]
text = "Nội dung bài"
outlet = "Đơn vị"
[defaults]
medium = "báo in"
[outlets."Đài huyện"]
medium = "phát thanh"
[limits]
max-pages = 10
seconds = 2.5
"""


def written(folder: Path, text: str, name: str = "mbncheck.toml") -> str:
    """A file of settings."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_everything(tmp_path: Path) -> None:
    """Every key is read; encodings by any of their names."""
    found = load_config(written(tmp_path, ALL))
    assert (found.lang, found.rules, found.model, found.encoding) == ("en", "dak-nong-2020", "none", "tcvn3")
    assert found.layout == "{outlet}/{date:%Y-%m-%d}/{title}"
    assert found.columns == {"text": "Nội dung bài", "outlet": "Đơn vị"}
    assert (found.defaults, found.outlets) == ({"medium": "báo in"}, {"Đài huyện": {"medium": "phát thanh"}})
    assert found.limits == {"max_pages": 10, "seconds": 2.5}


def test_where_they_are_found(tmp_path: Path) -> None:
    """The nearest file counts: a project's only where it has a table for this program; none is no error."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_config(str(deep)) == Config()
    written(tmp_path, '[tool.mbncheck]\nlang = "en"\n', "pyproject.toml")
    assert find_config(str(deep)).lang == "en"
    written(tmp_path / "a", "[tool.other]\n", "pyproject.toml")
    assert find_config(str(deep)).lang == "en"
    path = written(tmp_path / "a", 'lang = "vi"\n')
    assert (find_config(str(deep)).lang, find_config(str(deep)).path) == ("vi", path)


def test_places_count_from_the_settings(tmp_path: Path) -> None:
    """A pack or model beside the settings is meant by its name there."""
    (tmp_path / "rules").mkdir()
    assert load_config(written(tmp_path, 'rules = "rules"\n')).rules == str(tmp_path / "rules")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("layuot = 'x'", "layuot"),
        ("[columns]\nnoi_dung = 'x'", "columns.noi_dung"),
        ("[defaults]\ntitle = 'x'", "defaults.title"),
        ("[outlets.A]\noutlet = 'x'", "outlets.A.outlet"),
        ("[limits]\nmax_words = 1", "limits.max_words"),
        ("[limits]\nseconds = -1", "limits.seconds"),
        ("[limits]\nseconds = true", "limits.seconds"),
        ("lang = 'fr'", "lang"),
        ("encoding = 'klingon'", "encoding"),
        ("layout = '{foo}'", "layout"),
        ("columns = 'x'", "columns"),
        ("model = 5", "model"),
        ("outlets = 5", "outlets"),
        ("lang = ", "mbncheck.toml"),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, key: str) -> None:
    """An unknown key and a wrong value are errors that name file and key."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    for message in (caught.value.vi, caught.value.en):
        assert message.startswith(path)
        assert key in message


def test_settings_stand_behind_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings take the place of defaults; the command line goes before them; a slip in them ends the run."""
    written(tmp_path, 'lang = "en"\nmodel = "none"\n[defaults]\noutlet = "Báo A"\n')
    (tmp_path / "a.txt").write_text("Trời mưa.\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    assert "out of scope" in run("a.txt").out
    assert "ngoài phạm vi" in run("a.txt", "--lang", "vi").out
    assert run("a.txt", "--format", "json").json()["results"][0]["outlet"] == "Báo A"
    written(tmp_path, "lnag = 'en'\n")
    shown = run("a.txt")
    assert (shown.status, "lnag" in shown.err) == (2, True)
