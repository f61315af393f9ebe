"""What lint finds: rules that repeat, cannot fire, never fired, are shadowed; lists that nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from small_packs import pack_of, rule

from mbncheck.locale import say
from mbncheck.pack.lint import lint

TEXTS = [f"Họ hứa việc làm ở nơi thứ {n}. Họ hứa lương cao." for n in range(4)]


def found(texts: Sequence[str] = (), **parts: Any) -> list[tuple[str, dict[str, object]]]:
    """The problems of a small pack whose default scope rule plays no part."""
    pack = pack_of(**{"scope": [rule("S.x", "hứa", worth=1.0)], **parts})
    return [(problem.key, dict(problem.values)) for problem in lint(pack, texts)]


def t1(name: str, pattern: object, worth: float = 1.0) -> dict[str, object]:
    """A rule of T1."""
    return rule(f"T1.{name}", pattern, element="1a", worth=worth)


def test_nothing_wrong() -> None:
    """A sound pack has no problems, with texts and without."""
    parts: dict[str, Any] = {"theme": [t1("a", "@list"), t1("b", "lương cao")], "words": {"list": ["việc làm"]}}
    assert found(**parts) == []
    assert found(TEXTS, **parts) == []


def test_duplicate() -> None:
    """Two rules that look for the same in the same element are told."""
    problems = found(theme=[t1("a", ["hứa", "thề"]), t1("b", {"any": ["thề", "hứa"]}, worth=0.5)])
    assert problems == [("lint_duplicate", {"rule": "T1.b", "other": "T1.a"})]


def test_the_same_words_for_something_else() -> None:
    """The same pattern for another element, or as a false friend, is no duplicate."""
    other = rule("T1.b", "thề", element="1b", worth=1.0)
    assert found(theme=[t1("a", "thề"), other], false_friends=[rule("F.a", "thề", cancels=["all"])]) == []


@pytest.mark.parametrize(
    "pattern",
    [[], {"all": ["a", []]}, {"any": [{"in_order": ["a", "@empty"]}, "b"]}, {"any": ["a"], "unless": ["a"]}],
)
def test_impossible(pattern: object) -> None:
    """A part that nothing can match, or that voids itself, is told."""
    keys = [key for key, _ in found(theme=[t1("a", pattern), t1("use", ["@empty", "c"])], words={"empty": []})]
    assert keys == ["lint_impossible"]


def test_unused_list() -> None:
    """A list that no rule and no other list names is told, of the pack or of a file."""
    problems = found(
        theme=[t1("a", {"all": ["@used", {"any": ["b"], "unless": "@mine"}]})],
        words={"used": ["a", "@inner"], "inner": ["i"], "spare": ["s"], "number_words": ["hai"]},
        theme_words={"mine": ["m"], "idle": ["x"]},
    )
    assert problems == [("lint_unused_list", {"name": "idle"}), ("lint_unused_list", {"name": "spare"})]


def test_silent() -> None:
    """With texts, a rule that fires in none of them is told."""
    assert found(TEXTS, theme=[t1("a", "thề thốt")]) == [("lint_silent", {"rule": "T1.a", "count": 4})]


def test_shadowed() -> None:
    """With texts, a rule that only fires where another of the same element and worth does is told."""
    promise, narrow = t1("wide", "hứa"), t1("narrow", {"any": ["hứa"], "unless": "lương cao"})
    assert found(TEXTS, theme=[promise, narrow]) == [("lint_shadowed", {"rule": "T1.narrow", "other": "T1.wide"})]
    assert found(TEXTS[:2], theme=[promise, narrow]) == []  # too few to tell
    assert found(TEXTS, theme=[promise, t1("narrow", {"any": ["hứa"], "unless": "lương cao"}, worth=0.5)]) == []


def test_every_problem_can_be_said() -> None:
    """Each kind of problem has a message in both languages."""
    theme = [t1("a", "hứa"), t1("b", "hứa"), t1("c", []), t1("d", {"any": ["hứa"], "unless": "lương cao"})]
    problems = found(TEXTS, theme=theme, words={"spare": ["s"]})
    assert {key for key, _ in problems} == {
        "lint_duplicate",
        "lint_impossible",
        "lint_unused_list",
        "lint_silent",
        "lint_shadowed",
    }
    for key, values in problems:
        for lang in ("vi", "en"):
            assert str(values.get("rule", values.get("name"))) in say(lang, key, **values)
