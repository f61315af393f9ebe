"""Small packs for tests: as the data of their YAML files, or straight as a ``Pack``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mbncheck import Pack
from mbncheck.pack.schema import FalseFriendFile, PackFile, ScopeFile, ThemeFile

BOTH = {"vi": "Nhỏ", "en": "Small"}
NAMED = "buôn người"
Data = dict[str, Any]


def rule(id_: str, pattern: object, **fields: object) -> dict[str, object]:
    """One rule as YAML data; the sentences are placeholders."""
    base = {"id": id_, "title": {"vi": id_, "en": id_}, "examples": ["x"], "near_misses": ["x"], "pattern": pattern}
    return {**base, **fields}


def theme_file(theme: str, rules: Sequence[object], words: object = None) -> Data:
    """A theme with an element ``a`` and a linked one ``b``."""
    number = theme[1:]
    elements = [{"id": f"{number}a", "title": BOTH}, {"id": f"{number}b", "title": BOTH, "linked": True}]
    data: Data = {"theme": theme, "title": BOTH, "plan": f"II.{number}", "elements": elements, "rules": list(rules)}
    return data | ({"words": words} if words else {})


def pack_data(
    scope: Sequence[object] = (),
    theme: Sequence[object] = (),
    false_friends: Sequence[object] = (),
    words: object = None,
    theme_words: object = None,
    name: str = "small",
    second: Sequence[object] = (),
    **about: object,
) -> dict[str, Data]:
    """The files of a pack: scope rules (by default the word for trafficking), T1, and T2 where ``second`` has rules."""
    pack: Data = {"id": name, "version": "1.0.0", "title": BOTH, "source": BOTH, "place": BOTH}
    pack["valid"] = {"from": "2020-01-01", "to": "2020-12-31"}
    files: dict[str, Any] = {
        "pack.yaml": pack | about,
        "scope.yaml": {"rules": list(scope) or [rule("S.named", NAMED, worth=1.0)]},
        "T1.yaml": theme_file("T1", theme, theme_words),
        "false_friends.yaml": {"rules": list(false_friends)},
        "words.yaml": words or {},
    }
    return files | ({"T2.yaml": theme_file("T2", second)} if second else {})


def write_pack(folder: Path, files: dict[str, Data]) -> Path:
    """The files written into ``folder``; JSON is YAML."""
    folder.mkdir(exist_ok=True)
    for file, data in files.items():
        (folder / file).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def pack_of(**parts: Any) -> Pack:
    """The pack of ``pack_data`` without the way through files, for tests that need hundreds."""
    files = pack_data(**parts)
    themes = [ThemeFile.model_validate(files[name]) for name in ("T1.yaml", "T2.yaml") if name in files]
    return Pack(
        about=PackFile.model_validate(files["pack.yaml"]),
        themes=themes,
        scope=ScopeFile.model_validate(files["scope.yaml"]),
        false_friends=FalseFriendFile.model_validate(files["false_friends.yaml"]),
        words=files["words.yaml"],
        hash="0" * 64,
    )
