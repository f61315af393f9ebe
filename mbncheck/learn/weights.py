"""The model file: JSON with weights and a vocabulary of short n-grams; nothing in it can run.

Weights of named features are decimal numbers; those of n-grams are signed bytes times a scale, one scale a
target, in base64. The vocabulary is one string, n-grams separated by line ends, no running text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from mbncheck.errors import ModelError
from mbncheck.learn.features import Features

MODEL_FORMAT = 2
MAX_BYTES = 2_000_000
SCOPE = "scope"
_NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
_NO_STEPS = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class SparseRows:
    """A sparse matrix: ``values[i]`` stands at row ``rows[i]`` and column ``columns[i]``; rows ascend."""

    height: int
    width: int
    rows: Any  # int64
    columns: Any  # int64
    values: Any  # float64


@dataclass(frozen=True)
class Vocabulary:
    """N-grams and their inverse document frequencies."""

    terms: Sequence[str]
    idf: Any  # float32, one a term

    @cached_property
    def index(self) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
        """Where each syllable stands, and each pair of syllables: first -> second -> place."""
        single: dict[str, int] = {}
        pairs: dict[str, dict[str, int]] = {}
        for place, term in enumerate(self.terms):
            first, _, second = term.partition(" ")
            if second:
                pairs.setdefault(first, {})[second] = place
            else:
                single[first] = place
        return single, pairs

    def known(self, syllables: Sequence[str]) -> list[int]:
        """Where the n-grams of a stretch of text stand, each as often as it occurs; unknown ones are left out."""
        single, pairs = self.index
        places = [single[one] for one in syllables if one in single]
        places += [pairs[a][b] for a, b in pairwise(syllables) if a in pairs and b in pairs[a]]
        return places

    def vectors(self, known: Sequence[Sequence[int]]) -> SparseRows:
        """One tf-idf vector of length 1 for each list of n-grams: (1 + ln tf) · idf, as in scikit-learn."""
        height, width = len(known), max(len(self.terms), 1)
        lengths = list(map(len, known))
        of_row = np.repeat(np.arange(height), lengths)
        places = of_row * width + np.fromiter(chain.from_iterable(known), np.int64, sum(lengths))
        places, tf = np.unique(places, return_counts=True)
        rows, columns = np.divmod(places, width)
        values = (1 + np.log(tf)) * self.idf[columns]
        norms = np.sqrt(np.bincount(rows, values * values, height))
        return SparseRows(height, len(self.terms), rows, columns, values / norms[rows])


@dataclass(frozen=True)
class LinearModel:
    """Logistic regressions for several targets over named features and, after them, n-grams."""

    targets: tuple[str, ...]
    bias: Any  # float64, one a target
    names: tuple[str, ...]
    weights: Any  # float64, shape (names + terms, targets)

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each named feature stands."""
        return {name: number for number, name in enumerate(self.names)}

    def logits(self, named: Sequence[Features], vectors: SparseRows) -> Any:
        """Log odds: shape (rows, targets)."""
        index = self.index
        known = [
            (row, index[name], value)
            for row, features in enumerate(named)
            for name, value in features.items()
            if name in index
        ]
        rows, columns, values = map(np.array, zip(*known, strict=True)) if known else _NOTHING
        named_sums = _row_sums(vectors.height, rows, self.weights[columns] * values[:, None])
        weights = self.weights[vectors.columns + len(self.names)]
        return self.bias + named_sums + _row_sums(vectors.height, vectors.rows, weights * vectors.values[:, None])


def _row_sums(height: int, rows: Any, entries: Any) -> Any:
    """Sums of ``entries`` (shape: entries, targets) that belong to the same row; ``rows`` ascend."""
    sums = np.zeros((height, entries.shape[1]))
    if len(rows):
        starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
        sums[rows[starts]] = np.add.reduceat(entries, starts, axis=0)
    return sums


@dataclass(frozen=True)
class StepModel:
    """Step functions of named features: beyond ``bounds[i]``, ``names[features[i]]`` moves a target by ``moves[i]``."""

    targets: tuple[str, ...]
    names: tuple[str, ...]
    features: Any  # int64, one a step
    columns: Any  # int64, the step's target
    bounds: Any  # float64
    moves: Any  # float64, log odds

    def taken(self, features: Features) -> Any:
        """Which steps a piece's features take: bool, one a step."""
        values = np.array([features.get(name, 0.0) for name in self.names], np.float32)  # as scikit-learn's trees
        return values[self.features] > self.bounds

    def logits(self, features: Features) -> Any:
        """Log odds that the steps add, one a target."""
        return np.bincount(self.columns, self.moves * self.taken(features), len(self.targets))


@dataclass(frozen=True)
class Weights:
    """A whole model: sentences, pieces, thresholds, and what it was trained with."""

    about: Mapping[str, Any]
    vocabulary: Vocabulary
    sentences: LinearModel
    pieces: LinearModel
    steps: StepModel
    thresholds: Mapping[str, float]


def probabilities(logits: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def save_weights(weights: Weights, path: Path) -> None:
    """Write the model; the same weights give the same bytes."""
    data = {
        "format": MODEL_FORMAT,
        "about": dict(weights.about),
        "thresholds": dict(weights.thresholds),
        "vocabulary": "\n".join(weights.vocabulary.terms),
        "idf": _packed(weights.vocabulary.idf[:, None]),
        "sentences": _model_data(weights.sentences),
        "pieces": _model_data(weights.pieces),
        "steps": _steps_data(weights.steps),
    }
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    path.write_text(written, encoding="utf-8", newline="\n")


def load_weights(path: Path) -> Weights:
    """Read a model. Raises ``ModelError`` where it is missing, too large or damaged."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise ValueError(f"> {MAX_BYTES} bytes")
        return _weights(json.loads(raw))
    except OSError as error:
        raise ModelError(
            f"{path}: không đọc được mô hình ({error.strerror}).", f"{path}: cannot read the model ({error.strerror})."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ModelError(
            f"{path}: tệp mô hình hỏng hoặc không đúng dạng ({error}); hãy huấn luyện lại bằng mbncheck train.",
            f"{path}: the model file is damaged or of another format ({error}); train it again with mbncheck train.",
        ) from None


def _weights(data: Mapping[str, Any]) -> Weights:
    if data["format"] != MODEL_FORMAT:
        raise ValueError(f"format {data['format']}")
    terms = data["vocabulary"].split("\n") if data["vocabulary"] else []
    vocabulary = Vocabulary(terms, _unpacked(data["idf"], len(terms), 1)[:, 0])
    sentences, pieces = (_model(data[name], len(terms)) for name in ("sentences", "pieces"))
    thresholds = {name: float(value) for name, value in data["thresholds"].items()}
    if pieces.targets != (SCOPE, *sentences.targets) or set(thresholds) != set(pieces.targets):
        raise ValueError("targets")
    about = dict(data["about"])
    if not (isinstance(about["name"], str) and isinstance(about["pack"], str)):
        raise ValueError("about")
    return Weights(about, vocabulary, sentences, pieces, _steps(data["steps"], pieces.targets), thresholds)


def _model_data(model: LinearModel) -> dict[str, Any]:
    named = model.weights[: len(model.names)].tolist()
    return {
        "targets": list(model.targets),
        "bias": [round(value, 4) for value in model.bias.tolist()],
        "named": {name: [round(value, 4) for value in values] for name, values in zip(model.names, named, strict=True)},
        "terms": _packed(model.weights[len(model.names) :]),
    }


def _model(data: Mapping[str, Any], terms: int) -> LinearModel:
    targets, names = tuple(data["targets"]), tuple(data["named"])
    named = np.array(list(data["named"].values()), dtype=np.float64).reshape(len(names), len(targets))
    bias = np.array(data["bias"], dtype=np.float64)
    if bias.shape != (len(targets),):
        raise ValueError("shape")
    if not (np.isfinite(bias).all() and np.isfinite(named).all()):
        raise ValueError("not a number")
    weights = np.concatenate([named, _unpacked(data["terms"], terms, len(targets))])
    return LinearModel(targets, bias, names, weights)


def _steps_data(model: StepModel) -> dict[str, Any]:
    """For each target and feature the bounds, rising, with the move beyond each."""
    data: dict[str, dict[str, list[list[float]]]] = {target: {} for target in model.targets}
    steps = zip(
        model.columns.tolist(), model.features.tolist(), model.bounds.tolist(), model.moves.tolist(), strict=True
    )
    for column, feature, bound, move in sorted(steps):
        data[model.targets[column]].setdefault(model.names[feature], []).append([round(bound, 6), round(move, 4)])
    return data


def _steps(data: Mapping[str, Any], targets: tuple[str, ...]) -> StepModel:
    if set(data) != set(targets):
        raise ValueError("targets")
    names = tuple(sorted({name for features in data.values() for name in features}))
    steps = [
        (names.index(name), targets.index(target), float(bound), float(move))
        for target, features in data.items()
        for name, pairs in features.items()
        for bound, move in pairs
    ]
    features, columns, bounds, moves = (np.array(part) for part in zip(*steps, strict=True)) if steps else _NO_STEPS
    if not (np.isfinite(bounds).all() and np.isfinite(moves).all()):
        raise ValueError("not a number")
    return StepModel(targets, names, features, columns, bounds, moves)


def _packed(matrix: Any) -> dict[str, Any]:
    """A matrix as signed bytes, one scale a column."""
    scales = np.abs(matrix).max(axis=0, initial=0.0) / 127
    safe = np.where(scales > 0, scales, 1.0)
    steps = np.rint(matrix / safe).astype(np.int8)
    return {
        "scales": [float(f"{value:.6g}") for value in scales],
        "bytes": base64.b64encode(np.ascontiguousarray(steps).tobytes()).decode("ascii"),
    }


def _unpacked(data: Mapping[str, Any], rows: int, columns: int) -> Any:
    steps = np.frombuffer(base64.b64decode(data["bytes"], validate=True), dtype=np.int8).reshape(rows, columns)
    scales = np.array(data["scales"], dtype=np.float32).reshape(columns)
    if not np.isfinite(scales).all():
        raise ValueError("not a number")
    return steps.astype(np.float32) * scales
