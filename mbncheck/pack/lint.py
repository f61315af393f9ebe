"""Problems of a pack that no single rule shows: rules that cannot fire, repeat or shadow one another."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mbncheck.check.document import Document
from mbncheck.check.match import Matcher
from mbncheck.pack.compile import NUMBER_WORDS, compile_pack
from mbncheck.pack.compiled import NUMBER, CompiledPack, CompiledRule
from mbncheck.pack.schema import Node, Pack, Pattern, Rule, Words

FEW = 3  # a rule seen fewer times than this is not called shadowed


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: the key of its message and what the message names."""

    key: str
    values: Mapping[str, object]


def lint(pack: Pack, texts: Iterable[str] = ()) -> Iterator[Problem]:
    """Duplicates, impossible rules and unused lists; with ``texts`` also silent and shadowed rules."""
    compiled = CompiledPack(compile_pack(pack))
    yield from _duplicates(compiled)
    yield from _impossible(compiled)
    yield from _unused_lists(pack)
    texts = list(texts)
    if texts:
        yield from _seen_in(compiled, texts)


def _duplicates(compiled: CompiledPack) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for rule in compiled.rules:
        key = json.dumps([rule.kind, rule.element, rule.node, sorted(rule.cancels), rule.reach])
        if key in first:
            yield Problem("lint_duplicate", {"rule": rule.id, "other": first[key]})
        first.setdefault(key, rule.id)


def _impossible(compiled: CompiledPack) -> Iterator[Problem]:
    for rule in compiled.rules:
        for text in _empty_groups(compiled, rule.node):
            yield Problem("lint_impossible", {"rule": rule.id, "reason": text})


def _empty_groups(compiled: CompiledPack, node: list[Any]) -> Iterator[str]:
    if node[0] == "group":
        members = compiled.data["groups"][node[1]]
        if not any(member == NUMBER or compiled.literals[member][0] for member in members):
            yield "∅"
    elif node[0] == "unless":
        yield from _empty_groups(compiled, node[1])
        if node[1] == node[2]:
            yield "unless"
    else:
        for part in node[1]:
            yield from _empty_groups(compiled, part)


def _unused_lists(pack: Pack) -> Iterator[Problem]:
    files: list[tuple[Words, Sequence[Rule]]] = [(theme.words, theme.rules) for theme in pack.themes]
    files += [(pack.scope.words, pack.scope.rules), (pack.false_friends.words, pack.false_friends.rules)]
    used_everywhere: set[str] = {NUMBER_WORDS}
    for words, rules in files:
        used = {name for rule in rules for name in _names(rule.pattern)}
        used |= {entry[1:] for entries in words.values() for entry in entries if entry.startswith("@")}
        used_everywhere |= used
        for name in sorted(set(words) - used):
            yield Problem("lint_unused_list", {"name": name})
    used_everywhere |= {e[1:] for entries in pack.words.values() for e in entries if e.startswith("@")}
    for name in sorted(set(pack.words) - used_everywhere):
        yield Problem("lint_unused_list", {"name": name})


def _names(pattern: Pattern) -> Iterator[str]:
    if isinstance(pattern, str):
        if pattern.startswith("@"):
            yield pattern[1:]
    elif isinstance(pattern, Node):
        for parts in (pattern.any, pattern.all, pattern.in_order, [pattern.unless] if pattern.unless else None):
            for part in parts or ():
                yield from _names(part)
    else:
        for part in pattern:
            yield from _names(part)


def _seen_in(compiled: CompiledPack, texts: list[str]) -> Iterator[Problem]:
    fired: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    matcher = Matcher(compiled)
    for number, text in enumerate(texts):
        pieces = matcher.matches_of(Document.of(text))
        for rule in compiled.rules:
            fired[rule.id] |= {(number, match.start, match.end) for match in pieces.matches_of(rule)}
    for rule in compiled.rules:
        if not fired[rule.id]:
            yield Problem("lint_silent", {"rule": rule.id, "count": len(texts)})
    yield from _shadowed(compiled.rules, fired)


def _shadowed(rules: list[CompiledRule], fired: Mapping[str, set[tuple[int, int, int]]]) -> Iterator[Problem]:
    for rule in rules:
        for other in rules:
            same = (rule.kind, rule.element, rule.worth) == (other.kind, other.element, other.worth)
            if same and len(fired[rule.id]) >= FEW and fired[rule.id] < fired[other.id]:
                yield Problem("lint_shadowed", {"rule": rule.id, "other": other.id})
                break
