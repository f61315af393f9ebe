"""Changes between two packs: which pieces, from which level to which, on what evidence."""

from __future__ import annotations

from collections.abc import Sequence

from small_packs import pack_of, rule

from mbncheck import Article, Checker
from mbncheck.evaluate.changes import Change, Tally, all_themes, change_as_dict, changes, tally_as_dict

NAMED = "Nạn buôn người còn nhiều."
PROMISE = "Họ hứa trả công cao."
LEAFLET = "Cán bộ phát tờ rơi."


def checker(*rules: object, **parts: object) -> Checker:
    """A pack of these T1 rules."""
    return Checker(pack_of(theme=rules, **parts), model=None)


def found(old: Checker, new: Checker, *texts: str) -> Sequence[Change | None]:
    """The changes over these texts."""
    return list(changes(old, new, [Article(text, id=str(number)) for number, text in enumerate(texts)]))


PROMISES = rule("T1.promise", "~hứa", element="1a", worth=0.5)
STRONGER = rule("T1.promise", "~hứa", element="1a", worth=1.0)
LEAFLETS = rule("T1.leaflet", "~tờ rơi", element="1a", worth=0.5)


def test_nothing_changes_between_equals() -> None:
    """The same pack on both sides changes nothing."""
    same = checker(PROMISES)
    assert found(same, checker(PROMISES), f"{NAMED} {PROMISE}", "Trời mưa.") == [None, None]


def test_a_level_changes() -> None:
    """A stronger rule, a new one, and a dropped one, each with its evidence on the right side."""
    text = f"{NAMED} {PROMISE} {LEAFLET}"
    old = checker(PROMISES)
    (stronger,) = found(old, checker(STRONGER), text)
    assert stronger is not None
    (theme,) = stronger.differences.values()
    assert (theme.before, theme.after) == (1, 2)
    assert ([item.text for item in theme.kept], theme.gone, theme.new) == (["hứa"], (), ())
    (added,) = found(old, checker(PROMISES, LEAFLETS), text)
    assert added is not None
    theme = added.differences["T1"]
    assert [item.rule for item in theme.new] == ["T1.leaflet"]
    assert text[theme.new[0].start : theme.new[0].end] == "tờ rơi"
    (dropped,) = found(old, checker(LEAFLETS), f"{NAMED} {PROMISE}")
    assert dropped is not None
    assert [(d.before, d.after, len(d.gone)) for d in dropped.differences.values()] == [(1, 0, 1)]


def test_the_scope_changes() -> None:
    """The scope is told with its own evidence, and the levels that hang on it."""
    weak = checker(STRONGER, scope=[rule("S.named", "~buôn người", worth=0.5)])
    (change,) = found(weak, checker(STRONGER), f"{NAMED} {PROMISE}")
    assert change is not None
    assert [(name, one.before, one.after) for name, one in change.differences.items()] == [
        ("scope", 0, 1),
        ("T1", 1, 2),
    ]
    assert [item.rule for item in change.differences["scope"].kept] == ["S.named"]


def test_themes_of_one_pack_alone() -> None:
    """A theme that the other pack does not have is absent there."""
    both = checker(PROMISES, second=[rule("T2.leaflet", "~tờ rơi", element="2a", worth=1.0)])
    old = checker(PROMISES)
    assert all_themes(old, both) == ("T1", "T2")
    text = f"{NAMED} {LEAFLET}"
    for sides, levels in (((old, both), (0, 2)), ((both, old), (2, 0))):
        (change,) = found(*sides, text)
        assert change is not None
        assert [(name, one.before, one.after) for name, one in change.differences.items()] == [("T2", *levels)]


def test_sums() -> None:
    """Pieces and moves are counted, changed or not; plain data holds words for levels and no text of the article."""
    tally = Tally()
    for change in found(checker(PROMISES), checker(STRONGER), f"{NAMED} {PROMISE}", "Trời mưa.", f"{PROMISE} {NAMED}"):
        tally.add(change)
        if change:
            assert change_as_dict(change)["differences"]["T1"]["after"] == "covered"
            assert NAMED not in str(change_as_dict(change))
    moves = [{"of": "T1", "before": "mentioned", "after": "covered", "pieces": 2}]
    assert tally_as_dict(tally) == {"checked": 3, "changed": 2, "moves": moves}
