"""From evidence to levels: the rules' own arithmetic, and what a learned reader may change.

A sentence counts once for a theme, with its strongest evidence; a theme is covered where the
sentences add up to 1 (``annotation/GUIDELINES.md``: two sentences, or one that carries the fact alone)
and the piece is in scope (settled call 1: out of scope caps at mentioned).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mbncheck.check.evidence import Reading, total_worth
from mbncheck.model import Evidence, Level, ThemeResult

COVERED_AT = 1.0
IN_SCOPE_AT = 1.0
TITLE_WEIGHT = 2.0

# What is shown of the rules' evidence where a learned reader has a say; chosen by cross-validation on the weighted
# kappa of three levels (docs/levels.md).
SHOWN_AT = 0.02  # in scope: a sentence less likely to carry the theme is left out beside a likelier one
MENTIONED_AT = 0.1  # out of scope: neither a theme nor a sentence less likely is called mentioned


@dataclass(frozen=True)
class Judgement:
    """A learned reader's word on one piece: probabilities in [0, 1], and sentences that carry them.

    ``covered`` says for each theme whether its probability passes the theme's threshold; ``unsure`` lists
    the themes near theirs; ``likelihoods`` tell for each ``reading.evidence`` how likely its sentence carries its
    theme; ``carrying`` gives evidence for themes that no rule speaks for.
    """

    scope: float
    in_scope: bool
    probabilities: Mapping[str, float]
    covered: frozenset[str]
    unsure: frozenset[str]
    likelihoods: tuple[float, ...]
    carrying: Mapping[str, tuple[Evidence, ...]]


def scope_total(reading: Reading) -> float:
    """The rules' points for the scope of a piece; every false friend of the whole piece takes one."""
    return total_worth(reading.scope, TITLE_WEIGHT) - len(reading.warnings)


def theme_results(
    reading: Reading, in_scope: bool, themes: Iterable[str], judgement: Judgement | None
) -> dict[str, ThemeResult]:
    """The result of every theme, in order."""
    found = reading.evidence
    if judgement:
        found = tuple(map(_with_probability, found, judgement.likelihoods))
    groups: dict[str, list[Evidence]] = {theme: [] for theme in themes}
    for theme, evidence in zip(reading.themes, found, strict=True):
        groups[theme].append(evidence)
    return {
        theme: _theme_result(reading, in_scope, theme, tuple(evidence), judgement) for theme, evidence in groups.items()
    }


def _with_probability(evidence: Evidence, probability: float) -> Evidence:
    return replace(evidence, probability=probability)


def absent_results(themes: Iterable[str]) -> dict[str, ThemeResult]:
    """Every theme absent: what a piece that the gate stops gets."""
    return {theme: ThemeResult(theme, "absent", (), (), 0.0, 0.0) for theme in themes}


def _theme_result(
    reading: Reading, in_scope: bool, theme: str, evidence: tuple[Evidence, ...], judgement: Judgement | None
) -> ThemeResult:
    total = total_worth(evidence)
    if judgement:
        evidence = _shown(evidence, in_scope, judgement.probabilities[theme])
    covered = in_scope and (theme in judgement.covered if judgement else total >= COVERED_AT)
    if covered and not evidence and judgement:
        evidence = judgement.carrying.get(theme, ())
    level: Level = "covered" if covered else "mentioned" if evidence else "absent"
    return ThemeResult(
        theme=theme,
        level=level,
        elements=tuple(sorted({item.element for item in evidence if item.element})),
        evidence=evidence,
        share=_share(evidence, len(reading.document.text)),
        total=total,
        probability=judgement.probabilities[theme] if judgement else None,
        unsure=bool(judgement and theme in judgement.unsure),
    )


def _shown(evidence: tuple[Evidence, ...], in_scope: bool, probability: float) -> tuple[Evidence, ...]:
    """The evidence that the learned reader leaves standing; in scope never none where there was some."""
    likelihoods = [item.probability or 0.0 for item in evidence]
    least = min(SHOWN_AT, max(likelihoods, default=0.0)) if in_scope else MENTIONED_AT
    if not in_scope and probability < MENTIONED_AT:
        return ()
    return tuple(item for item, likelihood in zip(evidence, likelihoods, strict=True) if likelihood >= least)


def _share(evidence: Iterable[Evidence], length: int) -> float:
    """The part of the piece's characters in sentences with evidence; sentences never overlap."""
    covered, reached = 0, 0
    for start, end in sorted({item.sentence for item in evidence}):
        covered += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return round(covered / length, 6) if length else 0.0
