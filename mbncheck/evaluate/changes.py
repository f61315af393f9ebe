"""What changes between two packs or models: pieces whose scope or levels differ, with the evidence on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mbncheck.check.checker import Checker
from mbncheck.model import LEVELS, Article, CheckResult, Evidence

SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Difference:
    """One decision that differs: levels 0 to 2 (scope: 0 or 1), probabilities where there are, and the evidence.

    ``gone`` is evidence of the old side alone, ``new`` of the new side alone, ``kept`` of both.
    """

    before: int
    after: int
    probabilities: tuple[float | None, float | None]
    gone: tuple[Evidence, ...]
    new: tuple[Evidence, ...]
    kept: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A piece on which the two sides differ: ``"scope"`` or theme -> how."""

    article: Article
    differences: Mapping[str, Difference]


@dataclass
class Tally:
    """Sums over a comparison; ``moves`` counts (scope or theme, before, after)."""

    checked: int = 0
    changed: int = 0
    moves: Counter[tuple[str, int, int]] = field(default_factory=Counter)

    def add(self, change: Change | None) -> None:
        """Count one piece, changed or not."""
        self.checked += 1
        if change:
            self.changed += 1
            self.moves.update((name, one.before, one.after) for name, one in change.differences.items())


def changes(old: Checker, new: Checker, articles: Iterable[Article]) -> Iterator[Change | None]:
    """For every article what changes, ``None`` where nothing does.

    A theme that only one of the packs has is absent on the other side.
    """
    themes = all_themes(old, new)
    for article in articles:
        differences = _differences(old.check_article(article), new.check_article(article), themes)
        yield Change(article, differences) if differences else None


def all_themes(old: Checker, new: Checker) -> tuple[str, ...]:
    """The themes of both packs, those of the old one first."""
    return tuple(dict.fromkeys((*old.pack.themes, *new.pack.themes)))


def _differences(before: CheckResult, after: CheckResult, themes: Sequence[str]) -> dict[str, Difference]:
    found = {}
    if before.in_scope != after.in_scope:
        probabilities = before.scope_probability, after.scope_probability
        levels = int(before.in_scope), int(after.in_scope)
        found[SCOPE] = _difference(levels, probabilities, before.scope_evidence, after.scope_evidence)
    for theme in themes:
        one, other = before.themes.get(theme), after.themes.get(theme)
        levels = LEVELS.index(one.level) if one else 0, LEVELS.index(other.level) if other else 0
        if levels[0] != levels[1]:
            probabilities = one.probability if one else None, other.probability if other else None
            evidence = one.evidence if one else (), other.evidence if other else ()
            found[theme] = _difference(levels, probabilities, *evidence)
    return found


def _difference(
    levels: tuple[int, int],
    probabilities: tuple[float | None, float | None],
    before: Sequence[Evidence],
    after: Sequence[Evidence],
) -> Difference:
    old, new = {_place(item) for item in before}, {_place(item) for item in after}
    return Difference(
        *levels,
        probabilities,
        gone=tuple(item for item in before if _place(item) not in new),
        new=tuple(item for item in after if _place(item) not in old),
        kept=tuple(item for item in after if _place(item) in old),
    )


def _place(item: Evidence) -> tuple[str, int, int]:
    return item.rule, item.start, item.end


def change_as_dict(change: Change) -> dict[str, Any]:
    """A change as plain data; offsets count characters of the original text, half-open."""
    article = change.article
    return {
        "id": article.id,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "differences": {
            name: {
                "before": level_word(name, one.before),
                "after": level_word(name, one.after),
                "probabilities": list(one.probabilities),
                **{
                    side: [
                        {"rule": item.rule, "start": item.start, "end": item.end, "text": item.text}
                        for item in getattr(one, side)
                    ]
                    for side in ("gone", "new", "kept")
                },
            }
            for name, one in change.differences.items()
        },
    }


def level_word(name: str, level: int) -> str:
    """A level as the messages and the JSON call it: also ``in_scope`` and ``out_of_scope``."""
    if name == SCOPE:
        return "in_scope" if level else "out_of_scope"
    return LEVELS[level]


def side_as_dict(checker: Checker) -> dict[str, Any]:
    """One of the two sides as plain data: its pack, and the name of its model."""
    return {"pack": asdict(checker.pack.reference), "model": checker.reader.name if checker.reader else None}


def tally_as_dict(tally: Tally) -> dict[str, Any]:
    """The sums as plain data; ``moves`` sorted by theme and levels."""
    return {
        "checked": tally.checked,
        "changed": tally.changed,
        "moves": [
            {"of": name, "before": level_word(name, before), "after": level_word(name, after), "pieces": count}
            for (name, before, after), count in sorted(tally.moves.items())
        ],
    }
