"""The learned reader at work: probabilities, decisions, and the sentences that carried them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from mbncheck.check.evidence import Reading
from mbncheck.check.levels import Judgement
from mbncheck.errors import ModelError
from mbncheck.learn.features import (
    Features,
    piece_features,
    pooled,
    sentence_features,
    sentence_syllables,
)
from mbncheck.learn.weights import SCOPE, SparseRows, Weights, load_weights, probabilities
from mbncheck.model import LEARNED, Evidence
from mbncheck.pack.compiled import CompiledPack

DEFAULT_MODEL = Path(__file__).resolve().parent / "default.json"
UNSURE_WITHIN = 0.15  # a probability this close to its threshold is shown as unsure
CARRYING = 2  # at most this many sentences are shown where no rule speaks
CARRIES_AT = 0.25  # a second sentence less likely than this carries nothing


@dataclass(frozen=True)
class PieceView:
    """A piece as the model sees it: named features, n-grams, and what its sentences say of each theme."""

    features: Features
    vector: SparseRows
    sentence_probabilities: Any  # shape (sentences, themes)


@dataclass(frozen=True)
class LearnedReader:
    """Judges pieces by trained weights."""

    name: str
    weights: Weights

    def warm_up(self) -> None:
        """Build the indexes of n-grams and named features."""
        _ = self.weights.vocabulary.index, self.weights.sentences.index, self.weights.pieces.index

    def view(self, reading: Reading) -> PieceView:
        """The features of a piece, its sentences judged first."""
        vocabulary, model = self.weights.vocabulary, self.weights.sentences
        known = list(map(vocabulary.known, sentence_syllables(reading)))
        found = probabilities(model.logits(sentence_features(reading), vocabulary.vectors(known)))
        features = piece_features(reading) | pooled(model.targets, found)
        return PieceView(features, vocabulary.vectors([list(chain.from_iterable(known))]), found)

    def judge(self, reading: Reading) -> Judgement:
        """Probabilities and decisions for the scope and every theme."""
        view = self.view(reading)
        logits = self.weights.pieces.logits([view.features], view.vector)[0] + self.weights.steps.logits(view.features)
        found = dict(zip(self.weights.pieces.targets, probabilities(logits).tolist(), strict=True))
        return judgement_of(reading, found, self.weights.thresholds, view.sentence_probabilities)

    def explain(self, reading: Reading, theme: str, most: int = 8) -> list[tuple[str, float]]:
        """The named features and n-grams that moved the log odds of ``theme`` most, strongest first."""
        view = self.view(reading)
        model, steps, vocabulary = self.weights.pieces, self.weights.steps, self.weights.vocabulary
        target = model.targets.index(theme)
        weights = model.weights[:, target]
        named = {
            name: value * weights[model.index[name]] for name, value in view.features.items() if name in model.index
        }
        for step in np.flatnonzero(steps.taken(view.features) & (steps.columns == target)).tolist():
            name = steps.names[steps.features[step]]
            named[name] = named.get(name, 0.0) + steps.moves[step]
        moved = [(name, float(value)) for name, value in named.items()]
        moved += [
            (f"“{vocabulary.terms[column]}”", float(value * weights[len(model.names) + column]))
            for column, value in zip(view.vector.columns.tolist(), view.vector.values.tolist(), strict=True)
        ]
        return sorted(moved, key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


def is_unsure(probability: float, threshold: float, in_scope: bool) -> bool:
    """Whether an editor should be told that a decision on a theme could as well have been the other."""
    return in_scope and abs(probability - threshold) < UNSURE_WITHIN


def judgement_of(
    reading: Reading, found: Mapping[str, float], thresholds: Mapping[str, float], sentences: Any
) -> Judgement:
    """Decisions from probabilities of the scope and the themes, and of sentences: shape (sentences, themes)."""
    themes = [target for target in found if target != SCOPE]
    columns = {theme: sentences[:, column] for column, theme in enumerate(themes)}
    covered = frozenset(theme for theme in themes if found[theme] >= thresholds[theme])
    in_scope = found[SCOPE] >= thresholds[SCOPE]
    near = (theme for theme in themes if is_unsure(found[theme], thresholds[theme], in_scope))
    return Judgement(
        scope=round(found[SCOPE], 4),
        in_scope=in_scope,
        probabilities={theme: round(found[theme], 4) for theme in themes},
        covered=covered,
        unsure=frozenset(near),
        likelihoods=_likelihoods(reading, columns),
        carrying={theme: _carrying(reading, columns[theme], theme) for theme in covered - set(reading.themes)},
    )


def _likelihoods(reading: Reading, columns: Mapping[str, Any]) -> tuple[float, ...]:
    """For each piece of evidence of the rules how likely its sentence, or the best of them, carries its theme."""
    starts = [start for start, _ in reading.document.sentences.values()]
    likely = {theme: column.tolist() for theme, column in columns.items()}
    found = []
    for theme, evidence in zip(reading.themes, reading.evidence, strict=True):
        start, end = evidence.sentence
        found.append(round(max(likely[theme][bisect_left(starts, start) : bisect_left(starts, end)]), 4))
    return tuple(found)


def _carrying(reading: Reading, likely: Any, theme: str) -> tuple[Evidence, ...]:
    """The sentences most likely to carry ``theme``, in the order of the text."""
    document = reading.document
    numbers = list(document.sentences)
    first, *others = np.argsort(-likely, kind="stable")[:CARRYING].tolist()
    best = [first, *(row for row in others if likely[row] >= CARRIES_AT)]
    evidence = []
    for row in sorted(best):
        start, end = document.sentence_span(numbers[row])
        line, position = document.line_column(start)
        evidence.append(
            Evidence(
                rule=f"{LEARNED}{theme}",
                element="",
                start=start,
                end=end,
                text=document.text[start:end],
                parts=((start, end),),
                sentence=(start, end),
                place=document.place(numbers[row]),
                line=line,
                column=position,
                worth=0.0,
                probability=round(float(likely[row]), 4),
            )
        )
    return tuple(evidence)


def model_hash(where: str | Path) -> str:
    """SHA-256 of a model's file, hex; empty where the default one is not there. Raises ``ModelError``."""
    if where == "default" and not DEFAULT_MODEL.is_file():
        return ""
    try:
        return sha256(Path(DEFAULT_MODEL if where == "default" else where).read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"{where}: không đọc được mô hình ({error.strerror}).",
            f"{where}: cannot read the model ({error.strerror}).",
        ) from None


def load_reader(where: str | Path, pack: CompiledPack) -> LearnedReader | None:
    """The reader ``"default"`` or from a file; the default one is used only with the pack it was made for.

    Raises ``ModelError`` for a file that is missing, damaged, or made for other themes.
    """
    if where == "default":
        if not DEFAULT_MODEL.is_file():
            return None
        weights = load_weights(DEFAULT_MODEL)
        if weights.about["pack"] != pack.reference.id:
            return None
        return LearnedReader(str(weights.about["name"]), weights)
    weights = load_weights(Path(where))
    if set(weights.sentences.targets) != set(pack.themes):
        raise ModelError(
            f"{where}: mô hình này được huấn luyện cho bộ quy tắc khác ({weights.about.get('pack')}).",
            f"{where}: this model was trained for another pack ({weights.about.get('pack')}).",
        )
    return LearnedReader(str(weights.about["name"]), weights)
