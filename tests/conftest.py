"""What several tests need: a small pack of their own, and the labelled files where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import rule

SHARED = Path(__file__).resolve().parents[2] / "shared"
ROOT = Path(__file__).resolve().parents[1]

PackMaker = Callable[..., Path]


@pytest.fixture
def make_pack(tmp_path: Path) -> PackMaker:
    """Write a pack of the given rules: scope rules, T1 rules (element 1a, or 1b⛓), false friends, words."""

    def make(
        scope: object = (),
        theme: object = (),
        false_friends: object = (),
        words: object = None,
        theme_words: object = None,
        name: str = "small",
        **about: object,
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        both = {"vi": "Nhỏ", "en": "Small"}
        pack = {"id": name, "version": "1.0.0", "title": both, "source": both, "place": both}
        pack |= {"valid": {"from": "2020-01-01", "to": "2020-12-31"}} | about
        elements = [{"id": "1a", "title": both}, {"id": "1b", "title": both, "linked": True}]
        files = {
            "pack.yaml": pack,
            "scope.yaml": {"rules": list(scope) or [rule("S.named", "buôn người", worth=1.0)]},  # type: ignore[call-overload]
            "T1.yaml": {"theme": "T1", "title": both, "plan": "II.1", "elements": elements, "rules": list(theme)}  # type: ignore[call-overload]
            | ({"words": theme_words} if theme_words else {}),
            "false_friends.yaml": {"rules": list(false_friends)},  # type: ignore[call-overload]
            "words.yaml": words or {},
        }
        for file, data in files.items():
            (folder / file).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
        return folder

    return make


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache out of the tests, and the tests out of it."""
    monkeypatch.setenv("MBNCHECK_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
