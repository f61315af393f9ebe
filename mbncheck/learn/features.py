"""What the learned reader sees of a piece: numbers with names, from the rules and from short n-grams.

Every feature has a name that a person can read: ``total:T4`` (what the rules' evidence adds up to),
``rule:T4.promise-of-work`` (that rule fired), ``place:T2:title`` … The n-grams are one or two syllables
of the shadow text, digits as ``0``, weighted by a sublinear term frequency.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from mbncheck.check.evidence import Reading, total_worth
from mbncheck.check.levels import COVERED_AT
from mbncheck.model import Evidence, Span

Features = dict[str, float]

# Beyond these, the 99th percentile of the training pieces, more is not more: no long directive is extrapolated to.
MOST_CHARACTERS = 6000
MOST_WORTH = 13.0
MOST_SENTENCES = 20
MOST_CARRYING = 3.0  # sum of sentences' probabilities

RULE_WEIGHT = 0.3  # rules are many and rare: a smaller value regularises them more than the totals
_SYLLABLE = re.compile(r"[^\W\d_]+|\d+")


def piece_features(reading: Reading) -> Features:
    """The piece as a whole: scope, every theme, every element, every rule."""
    sentences = max(len(reading.document.sentences), 1)
    features: Features = {
        "length": math.log(min(len(reading.document.text), MOST_CHARACTERS) + 1) / 8,
        "false-friends": float(len(reading.warnings)),
        "no-diacritics": float(reading.no_diacritics),
    }
    features |= _totals("scope", reading.scope, sentences)
    for place in ("title", "lead"):
        features[f"place:scope:{place}"] = max((e.worth for e in reading.scope if e.place == place), default=0.0)
    for theme, evidence in _by_theme(reading).items():
        features |= _totals(theme, evidence, sentences)
        for place in ("title", "lead"):
            features[f"place:{theme}:{place}"] = max((e.worth for e in evidence if e.place == place), default=0.0)
    for element, evidence in _by_element(reading).items():
        features[f"element:{element}"] = min(total_worth(evidence), 3.0) / 2 + 0.5
    fired = {e.rule for e in (*reading.scope, *reading.evidence)} | set(reading.warnings)
    features |= {f"rule:{rule}": RULE_WEIGHT for rule in fired}
    return features


def _totals(name: str, evidence: Iterable[Evidence], sentences: int) -> Features:
    evidence = list(evidence)
    total, count = total_worth(evidence), len({e.sentence for e in evidence})
    return {
        f"total:{name}": min(total, 5.0) / 2,
        f"log:{name}": math.log1p(min(total, MOST_WORTH)),
        f"enough:{name}": float(total >= COVERED_AT),
        f"count:{name}": math.log1p(min(count, MOST_SENTENCES)),
        f"best:{name}": max((e.worth for e in evidence), default=0.0),
        f"density:{name}": min(count / sentences, 1.0),
    }


def _by_theme(reading: Reading) -> Mapping[str, list[Evidence]]:
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for theme, evidence in zip(reading.themes, reading.evidence, strict=True):
        groups[theme].append(evidence)
    return groups


def _by_element(reading: Reading) -> Mapping[str, list[Evidence]]:
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for evidence in reading.evidence:
        groups[evidence.element].append(evidence)
    return groups


def sentence_features(reading: Reading) -> list[Features]:
    """Each sentence: where it stands, and what the rules found in it."""
    sentences = list(reading.document.sentences.values())
    found: dict[Span, Features] = defaultdict(dict)
    for evidence in reading.scope:
        here = found[evidence.sentence]
        here[f"rule:{evidence.rule}"] = 1.0
        here["best:scope"] = max(here.get("best:scope", 0.0), evidence.worth)
    for theme, evidence in zip(reading.themes, reading.evidence, strict=True):
        here = found[evidence.sentence]
        here[f"rule:{evidence.rule}"] = 1.0
        for name in (f"element:{evidence.element}", f"best:{theme}"):
            here[name] = max(here.get(name, 0.0), evidence.worth)
    return [
        {
            **found.get(span, {}),
            "position": number / len(sentences),
            "first": float(number == 0),
            "second": float(number == 1),
            "short": float(span[1] - span[0] < 60),
        }
        for number, span in enumerate(sentences)
    ]


def sentence_syllables(reading: Reading) -> list[list[str]]:
    """The syllables of each sentence."""
    shadow = reading.document.shadow
    return [syllables(shadow.text[slice(*shadow.shadow(*span))]) for span in reading.document.sentences.values()]


def pooled(themes: Iterable[str], probabilities: Any) -> Features:
    """What the sentences of a piece say together for each theme: the best, the second, their sum.

    ``probabilities`` has the shape (sentences, themes).
    """
    features: Features = {}
    for theme, column in zip(themes, probabilities.T.tolist(), strict=True):
        first, second = sorted([*column, 0.0, 0.0], reverse=True)[:2]
        features[f"sentence:{theme}"] = _logit(first)
        features[f"second:{theme}"] = _logit(second)
        features[f"sentences:{theme}"] = math.log1p(5 * min(sum(column), MOST_CARRYING))
    return features


def _logit(probability: float) -> float:
    """Log odds, a third of them, cut below at -2."""
    return max(math.log(max(probability, 1e-9) / max(1 - probability, 1e-9)) / 3, -2.0)


def syllables(shadow: str) -> list[str]:
    """The syllables of a stretch of shadow text; every run of digits becomes ``0``."""
    return [token if token[0] > "9" else "0" for token in _SYLLABLE.findall(shadow)]


def ngrams(syllables: Iterable[str]) -> list[str]:
    """Each syllable, then each two neighbours."""
    single = list(syllables)
    return single + list(map(" ".join, pairwise(single)))
