"""What a pack says of places, outlets, targets and duties: read, refused with file and field, and true to the plan."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from small_packs import BOTH, pack_data, rule, write_pack

from mbncheck import Pack, PackError, load_pack
from mbncheck.balance.directory import Directory
from mbncheck.pack.compile import compile_pack
from mbncheck.pack.load import load_outlets, load_places

PLAN = SHARED / "plan" / "ke-hoach-dak-nong-2020.txt"
PLACES: dict[str, Any] = {
    "source": BOTH,
    "as_of": "2020-12-31",
    "provinces": [{"name": "Đắk Nông"}],
    "areas": [{"id": "h", "name": "Huyện", "unit": "huyện"}],
    "places": [{"id": "a", "name": "Xã A", "unit": "xã", "area": "h"}],
}
BALANCE: dict[str, Any] = {
    "paragraph": "II",
    "note": BOTH,
    "window": {"start": "07-15", "day": "07-30", "end": "08-05"},
}


def written(folder: Path, places: object = None, outlets: object = None, **about: Any) -> Path:
    """A small pack with these files beside its rules."""
    files = pack_data(theme=[rule("T1.a", "luật", element="1a", worth=1.0)], **about)
    files |= {name: data for name, data in (("places.yaml", places), ("outlets.yaml", outlets)) if data is not None}  # type: ignore[misc]
    return write_pack(folder / "small", files)


def test_a_pack_needs_none_of_it(tmp_path: Path) -> None:
    """Places, outlets, targets and duties are all optional."""
    pack = load_pack(written(tmp_path))
    assert (pack.places, pack.outlets, pack.about.balance, pack.about.duties) == (None, None, None, ())
    assert load_places(tmp_path / "small") is None


def test_it_is_read(tmp_path: Path) -> None:
    """What the files say is there, and the places can be had alone."""
    outlets = {"outlets": [{"id": "o", "name": "Báo A", "kind": "press", "targets": {"T1": 2}}]}
    folder = written(tmp_path, PLACES, outlets, balance={**BALANCE, "targets": {"T1": 1}})
    pack = load_pack(folder)
    assert pack.places == load_places(folder)
    assert pack.outlets is not None
    assert pack.outlets.outlets[0].targets == {"T1": 2}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"places": {**PLACES, "places": [*PLACES["places"], *PLACES["places"]]}}, "places.yaml.*a: used twice"),
        ({"places": {**PLACES, "areas": []}}, "places.yaml.*no area or place h"),
        ({"places": {**PLACES, "colour": "red"}}, "places.yaml → colour"),
        ({"outlets": {"outlets": [{"id": "o", "name": "A", "kind": "blog"}]}}, "outlets.yaml → outlets → o → kind"),
        (
            {"outlets": {"outlets": [{"id": "o", "name": "A", "kind": "press", "targets": {"T9": 1}}]}},
            "outlets.yaml → o.*T9",
        ),
        ({"balance": {**BALANCE, "quotas": {"T8": 1}}}, "pack.yaml → balance.*T8"),
        ({"balance": {**BALANCE, "targets": {"T1": 0}}}, "pack.yaml → balance → targets → T1"),
        ({"balance": {**BALANCE, "window": {"start": "08-01", "day": "07-30", "end": "08-05"}}}, "not in order"),
    ],
)
def test_refused(tmp_path: Path, parts: dict[str, Any], message: str) -> None:
    """An error names file and field."""
    with pytest.raises(PackError, match=message):
        load_pack(written(tmp_path, **parts))


def test_a_file_of_outlets(tmp_path: Path) -> None:
    """A list of one's own is read as a pack's, and refused as one."""
    path = tmp_path / "mine.yaml"
    path.write_text(json.dumps({"outlets": [{"id": "o", "name": "A", "kind": "radio"}]}), encoding="utf-8")
    assert load_outlets(path).outlets[0].kind == "radio"
    path.write_text("outlets: [{id: o}]", encoding="utf-8")
    with pytest.raises(PackError, match=r"mine\.yaml"):
        load_outlets(path)


def test_an_extending_pack_inherits_places_and_outlets(tmp_path: Path) -> None:
    """A province's next year keeps its communes and outlets; duties belong to the plan of the year."""
    written(tmp_path, PLACES, {"outlets": []}, balance=BALANCE)
    about = pack_data(name="next", extends="small")["pack.yaml"]
    folder = write_pack(tmp_path / "next", {})
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in about.items() if name != "extends"]
    (folder / "pack.yaml").write_text("\n".join(["extends: small", *lines]), encoding="utf-8")
    pack = load_pack(folder)
    assert pack.places == load_places(tmp_path / "small") == load_places(tmp_path / "next")
    assert pack.about.balance is None


def test_check_loads_none_of_it(real_pack: Pack) -> None:
    """The compiled pack that every start reads holds no place, outlet or duty."""
    compiled = json.dumps(compile_pack(real_pack), ensure_ascii=False)
    assert "Buôn Choáh" not in compiled
    assert "press-every-month" not in compiled


def test_shipped_names_are_distinct(real_pack: Pack) -> None:
    """No two outlets of the shipped list can be taken for each other."""
    assert real_pack.outlets is not None
    kinds = [outlet.kind for outlet in Directory(real_pack.outlets.outlets).outlets]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"press": 3, "portal": 2, "radio": 79, "telecom": 3}


def test_shipped_duties(real_pack: Pack) -> None:
    """Every kind of outlet has a duty, every theme a target, a quota and words; the window holds the national day."""
    balance = real_pack.about.balance
    assert balance is not None
    themes = {theme.theme for theme in real_pack.themes}
    assert set(balance.targets) == set(balance.quotas) == set(balance.topics) == themes
    assert {kind for duty in real_pack.about.duties for kind in duty.kinds} == {
        "press",
        "portal",
        "radio",
        "telecom",
        "province",
    }
    assert balance.window.day == "07-30"


@pytest.mark.skipif(not PLAN.is_file(), reason="the plan lies beside the project")
def test_duties_quote_the_plan(real_pack: Pack) -> None:
    """What a duty quotes stands in the plan word for word."""
    plan = re.sub(r"\s+", " ", PLAN.read_text(encoding="utf-8"))
    assert [duty.id for duty in real_pack.about.duties if duty.quote not in plan] == []
