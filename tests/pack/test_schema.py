"""The JSON Schemas that editors use: they accept the real files and refuse what loading refuses."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT
from small_packs import BOTH, pack_data, rule

from mbncheck.pack.schema import FILE_MODELS, json_schema

RULES = ROOT / "rules"
KINDS = {
    "pack": "pack.yaml",
    "scope": "scope.yaml",
    "theme": "T1.yaml",
    "false_friends": "false_friends.yaml",
    "places": "places.yaml",
    "outlets": "outlets.yaml",
}


def validator(kind: str) -> jsonschema.Draft202012Validator:
    """A validator of one kind of file, its schema checked first."""
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def kind_of(path: Path) -> str | None:
    """The schema for a file of a pack; ``words.yaml`` has none."""
    return "theme" if path.stem.startswith("T") else path.stem if path.stem in FILE_MODELS else None


def as_an_editor(path: Path) -> Any:
    """A YAML file as an editor's language server reads it: dates stay strings, as in JSON."""
    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    loader.add_constructor("tag:yaml.org,2002:timestamp", lambda here, node: here.construct_scalar(node))
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a SafeLoader


def test_every_kind_has_a_schema() -> None:
    """The kinds of files and their schemas are the same."""
    assert set(KINDS) == set(FILE_MODELS)
    for kind in FILE_MODELS:
        validator(kind)


@pytest.mark.parametrize("path", sorted(RULES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_real_files(path: Path) -> None:
    """The shipped files are valid by the schema of their kind."""
    kind = kind_of(path)
    if kind is None:
        assert path.name == "words.yaml"
        return
    errors = validator(kind).iter_errors(as_an_editor(path))
    assert [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in errors] == []


@pytest.fixture
def files() -> dict[str, Any]:
    """The files of a small pack, by kind."""
    friend = rule("F.x", "x", cancels=["T1"])
    data = pack_data(theme=[rule("T1.x", {"all": ["a", "b"]}, element="1a", worth=1.0)], false_friends=[friend])
    data["outlets.yaml"] = {"outlets": [{"id": "o", "name": "Báo A", "kind": "press"}]}
    data["places.yaml"] = {
        "source": BOTH,
        "as_of": "2020-12-31",
        "provinces": [{"name": "Đắk Nông"}],
        "places": [{"id": "a", "name": "A", "unit": "xã"}],
    }
    return {kind: data[file] for kind, file in KINDS.items()}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_unknown_and_missing_fields(files: dict[str, Any], kind: str) -> None:
    """The schema refuses a field too many, and one too few, in the file and in its rules."""
    check = validator(kind)
    assert check.is_valid(files[kind])
    entries = {"places": "places", "outlets": "outlets"}.get(kind, "rules")
    places: list[list[str | int]] = [[]] if kind == "pack" else [[], [entries, 0]]
    for place in places:
        for change in ("more", "less"):
            data = copy.deepcopy(files[kind])
            here = data
            for step in place:
                here = here[step]
            if change == "more":
                here["unheard_of"] = 1
            elif place or kind != "false_friends":  # that file may be empty
                del here[entries if entries in here else "id"]
            else:
                continue
            assert not check.is_valid(data), f"{kind} {place} {change}"


@pytest.mark.parametrize(
    ("pattern", "valid"),
    [
        ("a", True),
        (18001567, True),  # without quotes, it is read as it is written
        (["a", "@list"], True),
        ({"any": ["a", {"all": ["b", ["c", "d"]], "within": 3}]}, True),
        ({"in_order": ["a", "b"], "within": "paragraph", "unless": "c", "unless_within": 2}, True),
        ({"in_order": ["a", "b"], "within": 101}, False),
        ({"any": ["a"], "besides": ["b"]}, False),
        ("", False),
        ({"any": "a"}, False),
    ],
)
def test_patterns(files: dict[str, Any], pattern: object, valid: bool) -> None:
    """The schema knows patterns in patterns."""
    data = files["theme"]
    data["rules"][0]["pattern"] = pattern
    assert validator("theme").is_valid(data) is valid
