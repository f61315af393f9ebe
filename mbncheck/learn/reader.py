"""The learned reader at work: probabilities, decisions, and the sentences that carried them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mbncheck.check.evidence import Reading
from mbncheck.check.levels import Judgement
from mbncheck.errors import ModelError
from mbncheck.learn.features import (
    Features,
    ngrams,
    piece_features,
    pooled,
    sentence_features,
    sentence_shadows,
)
from mbncheck.learn.weights import SCOPE, Vector, Weights, load_weights, probabilities
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
    vector: Vector
    sentence_probabilities: Any  # shape (sentences, themes)


@dataclass(frozen=True)
class LearnedReader:
    """Judges pieces by trained weights."""

    name: str
    weights: Weights

    def warm_up(self) -> None:
        """Build the index of n-grams."""
        _ = self.weights.vocabulary.index

    def view(self, reading: Reading) -> PieceView:
        """The features of a piece, its sentences judged first."""
        sentences = self.sentence_probabilities(reading)
        features = piece_features(reading)
        for column, theme in enumerate(self.weights.sentences.targets):
            features |= pooled(theme, sentences[:, column].tolist())
        return PieceView(features, self.weights.vocabulary.vector(ngrams(reading.document.shadow.text)), sentences)

    def sentence_probabilities(self, reading: Reading) -> Any:
        """For each sentence and theme the probability that it carries the theme: shape (sentences, themes)."""
        vocabulary, model = self.weights.vocabulary, self.weights.sentences
        rows = [
            model.logits(features, vocabulary.vector(ngrams(text)))
            for features, text in zip(sentence_features(reading), sentence_shadows(reading), strict=True)
        ]
        return probabilities(np.array(rows).reshape(len(rows), len(model.targets)))

    def judge(self, reading: Reading) -> Judgement:
        """Probabilities and decisions for the scope and every theme."""
        view = self.view(reading)
        model = self.weights.pieces
        found = dict(zip(model.targets, probabilities(model.logits(view.features, view.vector)).tolist(), strict=True))
        thresholds = self.weights.thresholds
        themes = [target for target in model.targets if target != SCOPE]
        covered = frozenset(theme for theme in themes if found[theme] >= thresholds[theme])
        in_scope = found[SCOPE] >= thresholds[SCOPE]
        return Judgement(
            scope=round(found[SCOPE], 4),
            in_scope=in_scope,
            probabilities={theme: round(found[theme], 4) for theme in themes},
            covered=covered,
            unsure=frozenset(theme for theme in themes if self._unsure(found, theme, in_scope)),
            carrying={theme: self._carrying(reading, view, theme) for theme in covered},
        )

    def _unsure(self, found: dict[str, float], theme: str, in_scope: bool) -> bool:
        return in_scope and abs(found[theme] - self.weights.thresholds[theme]) < UNSURE_WITHIN

    def _carrying(self, reading: Reading, view: PieceView, theme: str) -> tuple[Evidence, ...]:
        """The sentences most likely to carry ``theme``, in the order of the text."""
        document = reading.document
        column = self.weights.sentences.targets.index(theme)
        numbers = list(document.sentences)
        likely = view.sentence_probabilities[:, column]
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
                    worth=round(float(view.sentence_probabilities[row, column]), 4),
                )
            )
        return tuple(evidence)

    def explain(self, reading: Reading, theme: str, most: int = 8) -> list[tuple[str, float]]:
        """The named features and n-grams that moved the log odds of ``theme`` most, strongest first."""
        view = self.view(reading)
        model = self.weights.pieces
        column = model.targets.index(theme)
        moved = [
            (name, float(value * model.named[name][column]))
            for name, value in view.features.items()
            if name in model.named
        ]
        positions, values = view.vector
        moved += [
            (f"“{self.weights.vocabulary.terms[position]}”", float(value * model.terms[position, column]))
            for position, value in zip(positions.tolist(), values.tolist(), strict=True)
        ]
        return sorted(moved, key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


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
