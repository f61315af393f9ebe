"""What several tests need: a small pack of their own, and the labelled files where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_packs import pack_data, write_pack

from mbncheck import Pack, load_pack

SHARED = Path(__file__).resolve().parents[2] / "shared"
ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "corpora" / "articles"

PackMaker = Callable[..., Path]


@pytest.fixture
def make_pack(tmp_path: Path) -> PackMaker:
    """Write a pack of the given rules: scope rules, T1 rules (element 1a, or 1b⛓), false friends, words."""

    def make(*parts: Any, **named: Any) -> Path:
        files = pack_data(*parts, **named)
        return write_pack(tmp_path / files["pack.yaml"]["id"], files)

    return make


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache out of the tests, and the tests out of it."""
    monkeypatch.setenv("MBNCHECK_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def real_pack() -> Pack:
    """The shipped pack, read once."""
    return load_pack()
