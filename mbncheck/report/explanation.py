"""What moved the learned reader, in words: its features are named for programs (``second:T5``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mbncheck.locale import printable, say

if TYPE_CHECKING:
    from mbncheck.pack.compiled import CompiledPack

SCOPE = "scope"
OF_A_THEME = ("total", "log", "enough", "count", "best", "density", "sentence", "second", "sentences")
OF_THE_PIECE = ("length", "false-friends", "no-diacritics")


def feature_in_words(name: str, pack: CompiledPack, lang: str) -> str:
    """The feature ``name`` of a model as an editor would call it; a name of a kind not known is given as it is."""
    kind, _, subject = name.partition(":")
    if name.startswith("“"):
        return say(lang, "feature_words", words=name)
    if kind == "rule":
        return say(lang, "feature_rule", rule=subject, title=_rule_title(subject, pack, lang))
    if kind == "element":
        return say(lang, "feature_element", element=subject, title=_element_title(subject, pack, lang))
    if kind == "place":
        theme, _, place = subject.partition(":")
        return say(lang, f"feature_place_{place}", theme=_subject(theme, lang))
    if kind in OF_A_THEME:
        return say(lang, f"feature_{kind}", theme=_subject(subject, lang))
    if name in OF_THE_PIECE:
        return say(lang, f"feature_{name.replace('-', '_')}")
    return printable(name)


def _subject(theme: str, lang: str) -> str:
    return say(lang, "feature_scope") if theme == SCOPE else theme


def _rule_title(rule: str, pack: CompiledPack, lang: str) -> str:
    """The title of a rule; "?" where the model knows a rule that the pack does not have."""
    return pack.rule_title(rule, lang) if rule in pack.data["titles"] else "?"


def _element_title(element: str, pack: CompiledPack, lang: str) -> str:
    known = {entry["id"] for theme in pack.data["themes"] for entry in theme["elements"]}
    return pack.element_title(element, lang) if element in known else "?"
