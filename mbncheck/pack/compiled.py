"""A compiled pack at run time, and where it comes from: shipped, cached, or compiled now.

Whatever the cache holds or lacks, only time changes: a compiled pack is used only where its format
and content hash are those of the pack's files, and its own checksum holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mbncheck.model import PackReference
from mbncheck.pack.locate import DEFAULT_PACK, find_pack, pack_hash

# Raised whenever the compiled form or what it is derived from (normalisation included) changes.
COMPILED_FORMAT = 6

NUMBER = 0  # literal 0 stands for a number in digits

SENTENCE, PARAGRAPH, PIECE = -1, -2, -3  # how far a pattern reaches, where it is not a number of words


@dataclass(frozen=True, eq=False)
class CompiledRule:
    """One rule as the matcher needs it; ``docs/rules.md`` explains the fields of the source.

    ``needs`` are alternatives, each with its anchor, the group to look for first; ``number`` is the rule's place
    in the pack.
    """

    number: int
    id: str
    kind: str
    theme: str
    element: str
    linked: bool
    worth: float
    cancels: frozenset[str]
    reach: str
    unit: int
    node: list[Any]
    needs: tuple[tuple[int, frozenset[int]], ...]

    @cached_property
    def groups(self) -> frozenset[int]:
        """Every group that the pattern looks at, ``unless`` included."""
        return frozenset(_groups(self.node))


class RuleIndex:
    """Rules by the anchors of their needs, so that only those are looked at whose anchor is present."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        self._by_anchor: dict[int, dict[int, list[tuple[frozenset[int], CompiledRule]]]] = {}
        for rule in rules:
            anchors = self._by_anchor.setdefault(rule.unit, {})
            for anchor, need in rule.needs:
                anchors.setdefault(anchor, []).append((need, rule))
        self._anchors = {unit: frozenset(anchors) for unit, anchors in self._by_anchor.items()}

    def reaches(self, unit: int) -> bool:
        """Whether a rule is looked for in units of this kind."""
        return unit in self._by_anchor

    def possible(self, present: set[int], unit: int | None = None) -> Iterable[CompiledRule]:
        """The rules (of one unit) that have a need whole among the groups present, each once."""
        units = self._by_anchor if unit is None else (unit,) if unit in self._by_anchor else ()
        found: dict[CompiledRule, None] = {}
        for kind in units:
            anchors = self._by_anchor[kind]
            for anchor in self._anchors[kind] & present:
                for need, rule in anchors[anchor]:
                    if need <= present:
                        found[rule] = None
        return found


class RuleSet:
    """Rules that are looked for together, and what they look at."""

    def __init__(self, rules: Sequence[CompiledRule], groups: Sequence[frozenset[int]], literals: int) -> None:
        self.index = RuleIndex(rules)
        self.groups_of: list[list[int]] = [[] for _ in range(literals)]  # for every literal
        for group in {group for rule in rules for group in rule.groups}:
            for literal in groups[group]:
                self.groups_of[literal].append(group)

    @property
    def literals(self) -> list[int]:
        """The literals that the rules look at, ``unless`` included, numbers in digits aside."""
        return [literal for literal, groups in enumerate(self.groups_of) if groups and literal != NUMBER]

    def possible(self, literals: Iterable[int]) -> Iterable[CompiledRule]:
        """The rules that these literals may make up."""
        return self.index.possible(set().union(*[self.groups_of[literal] for literal in literals]))


@dataclass(frozen=True)
class CompiledPack:
    """A pack ready to match: ``data`` is the JSON form made by ``compile_pack``."""

    data: Mapping[str, Any]

    @cached_property
    def reference(self) -> PackReference:
        """Id, version and content hash."""
        return PackReference(self.data["id"], self.data["version"], self.data["hash"])

    @cached_property
    def literals(self) -> list[tuple[str, bool]]:
        """Shadow text of every literal, and whether syllable boundaries are enough."""
        return [(text, loose) for text, loose in self.data["literals"]]

    @cached_property
    def groups(self) -> list[frozenset[int]]:
        """The literals of every group."""
        return [frozenset(members) for members in self.data["groups"]]

    @cached_property
    def rules(self) -> list[CompiledRule]:
        """Every rule, in the order of the pack."""
        return [
            CompiledRule(
                **{
                    **rule,
                    "number": number,
                    "cancels": frozenset(rule["cancels"]),
                    "needs": tuple((need[0], frozenset(need)) for need in rule["needs"]),
                }
            )
            for number, rule in enumerate(self.data["rules"])
        ]

    def rules_of(self, *kinds: str) -> RuleSet:
        """The rules of some kinds: scope, evidence, false_friend; all, if none is named."""
        if kinds not in self._rule_sets:
            rules = [rule for rule in self.rules if rule.kind in kinds or not kinds]
            self._rule_sets[kinds] = RuleSet(rules, self.groups, len(self.literals))
        return self._rule_sets[kinds]

    @cached_property
    def _rule_sets(self) -> dict[tuple[str, ...], RuleSet]:
        return {}

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """Theme ids in their order."""
        return tuple(theme["id"] for theme in self.data["themes"])

    def theme_title(self, theme: str, lang: str) -> str:
        """The title of a theme in ``lang``."""
        return next(str(entry["title"][lang]) for entry in self.data["themes"] if entry["id"] == theme)

    def element_title(self, element: str, lang: str) -> str:
        """The title of an element in ``lang``."""
        elements = (entry for theme in self.data["themes"] for entry in theme["elements"])
        return next(str(entry["title"][lang]) for entry in elements if entry["id"] == element)

    def rule_title(self, rule: str, lang: str) -> str:
        """The title of a rule in ``lang``."""
        return str(self.data["titles"][rule][lang])


def _groups(node: list[Any]) -> Iterator[int]:
    if node[0] == "group":
        yield node[1]
    elif node[0] == "unless":
        yield from _groups(node[1])
        yield from _groups(node[2])
    else:
        for part in node[1]:
            yield from _groups(part)


def compiled_pack(where: str | Path = DEFAULT_PACK) -> CompiledPack:
    """The compiled form of a pack given as a folder or as the id of a shipped one.

    Raises ``PackError`` where the pack is missing or wrong.
    """
    folder = find_pack(where)
    digest = pack_hash(folder)
    for path in (shipped_path(folder), _cached(digest)):
        data = _usable(path, digest)
        if data:
            return CompiledPack(data)
    # pydantic and YAML take longer to import than everything else here: only when needed.
    from mbncheck.pack.compile import compile_pack
    from mbncheck.pack.load import load_pack

    data = compile_pack(load_pack(folder))
    save_compiled(data, _cached(digest))
    return CompiledPack(data)


def save_compiled(data: Mapping[str, Any], path: Path) -> None:
    """Write a compiled pack whole or not at all; a place that cannot be written is passed over."""
    body = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    check = hashlib.sha256(body.encode()).hexdigest()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{COMPILED_FORMAT} {check}\n{body}")
        os.replace(temporary, path)


def _usable(path: Path, digest: str) -> dict[str, Any] | None:
    try:
        head, _, body = path.read_text(encoding="utf-8").partition("\n")
        if head != f"{COMPILED_FORMAT} {hashlib.sha256(body.encode()).hexdigest()}":
            return None
        data: dict[str, Any] = json.loads(body)
    except (OSError, ValueError):
        return None
    return data if data.get("hash") == digest else None


def shipped_path(folder: Path) -> Path:
    """Where the build puts the compiled form of a shipped pack (see ``hatch_build.py``)."""
    return Path(__file__).resolve().parent / "shipped" / f"{folder.name}.json"


def _cached(digest: str) -> Path:
    return cache_folder() / f"pack-{digest[:32]}.json"


def cache_folder() -> Path:
    """The user's cache folder for mbncheck; ``MBNCHECK_CACHE`` names another."""
    given = os.environ.get("MBNCHECK_CACHE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home())
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mbncheck"
