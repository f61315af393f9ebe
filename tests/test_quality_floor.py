"""The floor under the quality of results, which cannot be lowered quietly.

``FLOOR`` pins the SHA-256 of every labelled file and the least micro-F1 and scope-F1 that the default
checker (shipped pack, shipped model) must reach on it. The files hold texts that rules and model were made
with, so the figures are no measure of quality on unseen texts (``docs/evaluation.md`` has those); they
notice when something that worked is broken.

To raise a floor: run ``mbncheck evaluate corpora/NAME.jsonl --format json`` and write the new figures minus 0.01,
rounded down to three decimals. To change a file: put its new hash (``sha256sum corpora/NAME.jsonl``) here in the
same commit. To lower a floor: say in ``docs/changelog.md`` why, in the same commit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import pytest
from conftest import ROOT

from mbncheck import Checker
from mbncheck.evaluate.scores import Evaluation, evaluate
from mbncheck.learn.reader import DEFAULT_MODEL
from mbncheck.read.labelled import Labelled, read_labelled

CORPORA = ROOT / "corpora"


@dataclass(frozen=True)
class Floor:
    """The least that must be reached on one file of this content."""

    sha256: str
    texts: int
    micro_f1: float
    scope_f1: float


FLOOR = {
    "directives.jsonl": Floor(
        "da823b938a840f24b0e4f1fe2daf8f50657002e00458259277cb6323ee25beb2",
        texts=30,
        micro_f1=0.99,
        scope_f1=0.99,
    ),
    "official.jsonl": Floor(
        "f79c19ea227b967e6277c2d917ca58be6cc8552f43456b1327eb814ec002f3f9",
        texts=160,
        micro_f1=0.985,
        scope_f1=0.982,
    ),
    "pieces.jsonl": Floor(
        "2d3326d7611cdcedc2f8024289d262a2d07ed8ce4ca12e142a6e326d939ce067",
        texts=112,
        micro_f1=0.962,
        scope_f1=0.953,
    ),
    "retold.jsonl": Floor(
        "e64eda72058487f2e46b3d7492c5ab8436e411c086fb44de853edba1f2824328",
        texts=255,
        micro_f1=0.96,
        scope_f1=0.987,
    ),
    "stories.jsonl": Floor(
        "3486a00278d1bd4b61122a1e714ff5324633ce8bc572585455178bb45b97e7dd",
        texts=171,
        micro_f1=0.695,
        scope_f1=0.848,
    ),
}


def lines_of(name: str) -> bytes:
    """The file with the line ends that it has in the repository."""
    return (CORPORA / name).read_bytes().replace(b"\r\n", b"\n")


@cache
def measured(name: str) -> Evaluation:
    """How the default checker fares on one file."""
    checker = Checker()
    return evaluate(checker.check_article, records(name), checker.pack.themes)


def records(name: str) -> list[Labelled]:
    """The labelled texts of one file."""
    return read_labelled([CORPORA / name], Checker().pack.themes)


def test_every_labelled_file_is_pinned() -> None:
    """A labelled file that comes is pinned; one that is pinned stays."""
    assert {path.name for path in CORPORA.glob("*.jsonl")} == set(FLOOR)


def test_the_default_model_is_shipped() -> None:
    """The floor is that of rules and model together."""
    assert DEFAULT_MODEL.is_file()


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_files_are_as_pinned(name: str) -> None:
    """The texts and labels are those that the figures were measured on."""
    assert hashlib.sha256(lines_of(name)).hexdigest() == FLOOR[name].sha256
    assert len(records(name)) == FLOOR[name].texts


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_themes(name: str) -> None:
    """Micro-F1 over the seven themes does not fall under its floor."""
    assert measured(name).micro.f1 >= FLOOR[name].micro_f1


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_scope(name: str) -> None:
    """F1 of the scope does not fall under its floor."""
    assert measured(name).scope.f1 >= FLOOR[name].scope_f1


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_labels_are_sound(name: str) -> None:
    """All seven themes are labelled; out of scope none is covered; only themes that are there have evidence."""
    for record in records(name):
        assert record.in_scope or 2 not in record.themes.values(), record.id
        assert set(record.themes) == {f"T{n}" for n in range(1, 8)}, record.id
        for theme in record.evidence:
            assert record.themes[theme] > 0, f"{record.id} {theme}"
