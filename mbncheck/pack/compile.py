"""From a ``Pack`` to what the matcher runs on: literals, groups, rules, and the gate's anchors.

The compiled form is plain JSON. A *group* is a set of literals any of which will do; a rule's
*needs* are alternatives, each a set of groups: one alternative must be present whole in the rule's unit
for the rule to match at all. They are derived from the pattern (``_Compiler.needs``), never written by
hand: a literal needs itself, ``in_order`` and ``all`` need every part, ``any`` needs one part. ``unless`` only
takes matches away, so it needs nothing. The first group of a need is its *anchor*, the rarest as far as its words
tell. That is why a gate built from anchors can never change a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mbncheck.errors import PackError
from mbncheck.pack.compiled import NUMBER, PARAGRAPH, PIECE, SENTENCE
from mbncheck.pack.schema import EvidenceRule, FalseFriend, Node, Pack, Pattern, Rule, ScopeRule, Words
from mbncheck.text.normalise import normalise

NUMBER_WORDS = "number_words"

MAX_ALTERNATIVES = 200
RARER = 20.0  # times, with every further syllable: a guess, on which only time depends

_REACHES = {"sentence": SENTENCE, "paragraph": PARAGRAPH, "piece": PIECE}


class _Compiler:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.literals: dict[tuple[str, bool], int] = {("", True): NUMBER}
        self.syllables = [0]  # of every literal
        self.groups: dict[tuple[int, ...], int] = {}
        self.members: list[tuple[int, ...]] = []

    def literal(self, text: str, rule: str) -> int:
        loose = text.startswith("~")
        shadow = normalise(text.removeprefix("~")).text.strip()
        if not shadow:
            raise PackError(
                f"{rule} → pattern: “{text}” không có chữ nào để tìm.",
                f"{rule} → pattern: {text!r} holds nothing to look for.",
            )
        if (shadow, loose) not in self.literals:
            self.literals[shadow, loose] = len(self.literals)
            self.syllables.append(len(shadow.split()))
        return self.literals[shadow, loose]

    def group(self, members: set[int]) -> int:
        key = tuple(sorted(members))
        if key not in self.groups:
            self.groups[key] = len(self.members)
            self.members.append(key)
        return self.groups[key]

    def expand(self, pattern: Pattern, words: Words, rule: str, seen: tuple[str, ...] = ()) -> set[int] | None:
        """The literals of a pattern made of nothing but literals and lists; else None."""
        if isinstance(pattern, str):
            if not pattern.startswith("@"):
                return {self.literal(pattern, rule)}
            return self._expand_list(pattern[1:], words, rule, seen)
        if isinstance(pattern, Node):
            return None
        members: set[int] = set()
        for part in pattern:
            expanded = self.expand(part, words, rule, seen)
            if expanded is None:
                return None
            members |= expanded
        return members

    def _expand_list(self, name: str, words: Words, rule: str, seen: tuple[str, ...]) -> set[int]:
        if name == "number":
            spelled = {self.literal(word, rule) for word in self.pack.words.get(NUMBER_WORDS, [])}
            return {NUMBER} | spelled
        entries = words.get(name, self.pack.words.get(name))
        if entries is None:
            raise PackError(
                f"{rule} → pattern: không có danh sách từ “@{name}”.",
                f"{rule} → pattern: there is no word list '@{name}'.",
            )
        if name in seen:
            raise PackError(
                f"{rule} → pattern: danh sách “@{name}” gọi lại chính nó.",
                f"{rule} → pattern: the list '@{name}' contains itself.",
            )
        members: set[int] = set()
        for entry in entries:
            members |= self.expand(entry, words, rule, (*seen, name)) or set()
        return members

    def node(self, pattern: Pattern, words: Words, rule: str) -> list[Any]:
        members = self.expand(pattern, words, rule)
        if members is not None:
            return ["group", self.group(members)]
        if isinstance(pattern, list):
            return ["any", [self.node(part, words, rule) for part in pattern]]
        assert isinstance(pattern, Node)  # noqa: S101 - a str always expands
        compiled = self._operator(pattern, words, rule)
        if pattern.unless is None:
            return compiled
        blocker = self.node(pattern.unless, words, rule)
        return ["unless", compiled, blocker, _reach(pattern.unless_within)]

    def _operator(self, pattern: Node, words: Words, rule: str) -> list[Any]:
        if pattern.any is not None:
            return self.node(pattern.any, words, rule)
        parts = pattern.all if pattern.all is not None else pattern.in_order or []
        nodes = [self.node(part, words, rule) for part in parts]
        return ["all" if pattern.all is not None else "in_order", nodes, _reach(pattern.within)]

    def needs(self, node: list[Any]) -> list[frozenset[int]]:
        """Alternatives, at least one of which must be present whole for ``node`` to match."""
        kind = node[0]
        if kind == "group":
            return [frozenset({node[1]})]
        if kind == "unless":
            return self.needs(node[1])
        parts = [self.needs(part) for part in node[1]]
        if kind == "any":
            return sorted({need for part in parts for need in part}, key=sorted)
        combined = [frozenset[int]()]
        for alternatives in parts:
            if len(combined) * len(alternatives) > MAX_ALTERNATIVES:
                continue  # leaving a part out only asks for less
            combined = [need | more for need in combined for more in alternatives]
        return sorted(set(combined), key=sorted)

    def commonness(self, group: int) -> tuple[float, int]:
        """How often a text may hold the group: every further syllable makes a literal much rarer.

        Which group becomes the anchor changes only time.
        """
        return sum(RARER ** -self.syllables[literal] for literal in self.members[group]), group

    def rule(self, rule: Rule, words: Words, theme: str, linked: bool) -> dict[str, Any]:
        node = self.node(rule.pattern, words, f"{self.pack.about.id}/{_file(theme)} → {rule.id}")
        needs = [sorted(need, key=self.commonness) for need in self.needs(node)]
        return {
            "id": rule.id,
            "kind": _kind(rule),
            "theme": theme,
            "element": rule.element if isinstance(rule, EvidenceRule) else "",
            "linked": linked,
            "worth": getattr(rule, "worth", 0.0),
            "cancels": list(rule.cancels) if isinstance(rule, FalseFriend) else [],
            "reach": rule.reach if isinstance(rule, FalseFriend) else "",
            "unit": _unit(node),
            "node": node,
            "needs": needs,
        }


def compile_pack(pack: Pack) -> dict[str, Any]:
    """The compiled form of ``pack``: plain JSON, the same for the same pack.

    Raises ``PackError`` for a word list that is missing or contains itself.
    """
    compiler = _Compiler(pack)
    rules = [compiler.rule(rule, words, theme, linked) for rule, words, theme, linked in _all_rules(pack)]
    return {
        "hash": pack.hash,
        "id": pack.about.id,
        "version": pack.about.version,
        "title": pack.about.title.model_dump(),
        "themes": [
            {
                "id": theme.theme,
                "title": theme.title.model_dump(),
                "plan": theme.plan,
                "elements": [element.model_dump() for element in theme.elements],
            }
            for theme in pack.themes
        ],
        "literals": [[text, loose] for text, loose in compiler.literals],
        "groups": [list(members) for members in compiler.members],
        "rules": rules,
        "titles": {rule.id: rule.title.model_dump() for rule in pack.rules()},
    }


def _all_rules(pack: Pack) -> Iterator[tuple[Rule, Words, str, bool]]:
    for scope_rule in pack.scope.rules:
        yield scope_rule, pack.scope.words, "scope", False
    for theme in pack.themes:
        linked = {element.id for element in theme.elements if element.linked}
        for rule in theme.rules:
            yield rule, theme.words, theme.theme, rule.element in linked
    for friend in pack.false_friends.rules:
        yield friend, pack.false_friends.words, "", False


def _file(theme: str) -> str:
    """The file of the rules that ``_all_rules`` gives with ``theme``."""
    return "scope.yaml" if theme == "scope" else f"{theme or 'false_friends'}.yaml"


def _kind(rule: Rule) -> str:
    if isinstance(rule, ScopeRule):
        return "scope"
    return "evidence" if isinstance(rule, EvidenceRule) else "false_friend"


def _reach(within: int | str) -> int:
    """Words as they are; sentence, paragraph and piece as negative numbers."""
    return within if isinstance(within, int) else _REACHES[within]


def _unit(node: list[Any]) -> int:
    """The widest reach that the pattern needs: where it is looked for."""
    if node[0] == "group":
        return SENTENCE
    if node[0] == "unless":
        return min(_unit(node[1]), SENTENCE)
    inner = min(_unit(part) for part in node[1])
    return min(inner, node[2], SENTENCE) if node[0] in ("all", "in_order") else inner
