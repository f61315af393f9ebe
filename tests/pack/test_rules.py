"""The shipped pack: every rule proves itself, and themes and elements are those of the plan."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import ROOT
from small_packs import pack_of, rule

from mbncheck import Checker, Pack
from mbncheck.pack.compile import compile_pack
from mbncheck.pack.lint import lint
from mbncheck.pack.proof import Failure, failures
from mbncheck.pack.schema import Bilingual, Pattern
from mbncheck.read.labelled import Labelled, read_labelled

ELEMENTS = {"T1": "abcd", "T2": "abcdefghi", "T3": "abcdefg", "T4": "abcde", "T5": "abcdefg", "T6": "ab", "T7": "ab"}
LINKED = {"2f", "2g", "2h", "2i", "3d", "3e", "3f", "5c", "5d", "6b", "7a"}
FEWEST_RULES = 500
FEWEST_EXPRESSIONS = 3000


def directives() -> list[Labelled]:
    """The labelled plans, letters and reports."""
    return read_labelled([ROOT / "corpora" / "directives.jsonl"], list(ELEMENTS))


def test_every_sentence_of_every_rule(real_pack: Pack) -> None:
    """Every example matches its rule and no near miss does."""
    wrong = [f"{f.rule} {'should' if f.expected else 'should not'} match: {f.sentence}" for f in failures(real_pack)]
    assert wrong == []


def test_every_rule_has_sentences(real_pack: Pack) -> None:
    """Every rule has an example and a near miss; none is both, none stands twice in a rule."""
    for one in real_pack.rules():
        assert one.examples, one.id
        assert one.near_misses, one.id
        sentences = [*one.examples, *one.near_misses]
        assert len(sentences) == len(set(sentences)), one.id


def test_directives_that_list_all_themes(real_pack: Pack) -> None:
    """Rules alone find all seven themes in a plan that sets them, however it words them."""
    checker = Checker(real_pack, model=None)
    complete = [one for one in directives() if set(one.themes.values()) == {2}]
    found = {one.id: checker.check(one.text).themes for one in complete}
    missed = [
        f"{name} {theme}" for name, themes in found.items() for theme in themes if themes[theme].level != "covered"
    ]
    assert len(complete) >= 6
    assert missed == []


def test_directives_on_other_matters(real_pack: Pack) -> None:
    """Plans on traffic, drugs, labour export or data cover nothing, whatever words they share."""
    checker = Checker(real_pack, model=None)
    others = [one for one in directives() if not one.in_scope]
    covered = [
        f"{one.id} {theme.theme}"
        for one in others
        for theme in checker.check(one.text).themes.values()
        if theme.level == "covered"
    ]
    assert len(others) >= 8
    assert covered == []


def test_proof_notices() -> None:
    """A rule whose sentences are wrong is told; a prefix limits the look."""
    pack = pack_of(
        theme=[
            rule("T1.a", "hứa", element="1a", worth=1, examples=["Họ hứa.", "Họ thề."], near_misses=["Họ hứa đấy."]),
            rule("T1.b", "thề", element="1a", worth=1, examples=["Họ thề."], near_misses=["Họ đi."]),
        ],
        scope=[rule("S.x", "buôn người", worth=1, examples=["Nạn buôn người."], near_misses=["Nạn khác."])],
    )
    assert list(failures(pack)) == [Failure("T1.a", "Họ thề.", True), Failure("T1.a", "Họ hứa đấy.", False)]
    assert list(failures(pack, "T1.b")) == []
    assert len(list(failures(pack, "T1.a"))) == 2


def test_hundreds_of_expressions(real_pack: Pack) -> None:
    """The pack knows several hundred rules and thousands of expressions."""
    assert len(real_pack.rules()) >= FEWEST_RULES
    assert len(compile_pack(real_pack)["literals"]) >= FEWEST_EXPRESSIONS


def test_themes_and_elements(real_pack: Pack) -> None:
    """The seven themes with the elements of the guidelines, each bound to its paragraph of the plan."""
    assert {theme.theme: [element.id for element in theme.elements] for theme in real_pack.themes} == {
        theme: [f"{theme[1:]}{letter}" for letter in letters] for theme, letters in ELEMENTS.items()
    }
    linked = {element.id for theme in real_pack.themes for element in theme.elements if element.linked}
    assert linked == LINKED
    assert [theme.plan for theme in real_pack.themes] == [f"II.{number}" for number in range(1, 8)]


def titles(pack: Pack) -> dict[str, Bilingual]:
    """Every title of the pack by what it is the title of."""
    found = {"pack": pack.about.title, "source": pack.about.source, "place": pack.about.place}
    found |= {theme.theme: theme.title for theme in pack.themes}
    found |= {element.id: element.title for theme in pack.themes for element in theme.elements}
    return found | {one.id: one.title for one in pack.rules()}


def test_titles(real_pack: Pack) -> None:
    """Pack, themes, elements and rules are named in Vietnamese and in English, not twice the same in one."""
    for name, title in titles(real_pack).items():
        assert len(title.vi) >= 3, name
        assert len(title.en) >= 3, name
        assert title.vi != title.en, name


def test_every_element_has_a_rule(real_pack: Pack) -> None:
    """No element is left to chance: each has rules of its own."""
    with_rules = {one.element for theme in real_pack.themes for one in theme.rules}
    assert {element.id for theme in real_pack.themes for element in theme.elements} == with_rules


def test_ids_say_where_rules_live(real_pack: Pack) -> None:
    """A rule's id starts with its theme, S or F."""
    for theme in real_pack.themes:
        assert all(one.id.startswith(f"{theme.theme}.") for one in theme.rules)
    assert all(one.id.startswith("S.") for one in real_pack.scope.rules)
    assert all(one.id.startswith("F.") for one in real_pack.false_friends.rules)


def strings(pattern: Pattern) -> list[str]:
    """Every literal and list name of a pattern."""
    if isinstance(pattern, str):
        return [pattern]
    if isinstance(pattern, list):
        return [text for part in pattern for text in strings(part)]
    parts = [*(pattern.any or ()), *(pattern.all or ()), *(pattern.in_order or ())]
    return [text for part in (*parts, pattern.unless or []) for text in strings(part)]


def test_the_files_are_composed(real_pack: Pack) -> None:
    """What people read and search in the files is in NFC, without invisible characters or no-break spaces."""
    written = [text for one in real_pack.rules() for text in (*one.examples, *one.near_misses, *strings(one.pattern))]
    written += [text for title in titles(real_pack).values() for text in (title.vi, title.en)]
    for text in written:
        assert unicodedata.is_normalized("NFC", text), text
        assert all(char.isprintable() for char in text), ascii(text)


@pytest.mark.parametrize("key", ["lint_impossible", "lint_unused_list", "lint_duplicate"])
def test_lint(real_pack: Pack, key: str) -> None:
    """The pack has no rule that cannot fire, none that repeats another, no list without use."""
    assert [dict(problem.values) for problem in lint(real_pack) if problem.key == key] == []
