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
from pathlib import Path
from typing import Any

import numpy as np

from mbncheck.errors import ModelError
from mbncheck.learn.features import Features

MODEL_FORMAT = 1
MAX_BYTES = 2_000_000
SCOPE = "scope"


Vector = tuple[Any, Any]  # positions (int64) and values (float64) of a sparse vector


@dataclass(frozen=True)
class Vocabulary:
    """N-grams and their inverse document frequencies."""

    terms: Sequence[str]
    idf: Any  # float32, one a term

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each n-gram stands."""
        return {term: number for number, term in enumerate(self.terms)}

    def vector(self, counts: Mapping[str, int]) -> Vector:
        """Positions and values of a tf-idf vector of length 1: (1 + ln tf) · idf, as in scikit-learn."""
        index = self.index
        known = sorted((index[term], count) for term, count in counts.items() if term in index)
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        positions, tf = np.array(known).T
        values = (1 + np.log(tf)) * self.idf[positions]
        return positions, values / np.sqrt(values @ values)


@dataclass(frozen=True)
class LinearModel:
    """Logistic regressions for several targets over named features and n-grams."""

    targets: tuple[str, ...]
    bias: Any  # float64, one a target
    named: Mapping[str, Any]  # name -> float64, one a target
    terms: Any  # float32, shape (terms, targets)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.named)}

    @cached_property
    def _matrix(self) -> Any:
        return np.array(list(self.named.values())).reshape(len(self.named), len(self.targets))

    def logits(self, features: Features, vector: Vector) -> Any:
        """Log odds, one a target."""
        rows = self._rows
        known = [(rows[name], value) for name, value in features.items() if name in rows]
        result = self.bias.copy()
        if known:
            result += np.array([value for _, value in known]) @ self._matrix[[row for row, _ in known]]
        positions, values = vector
        if len(positions):
            result += values @ self.terms[positions]
        return result


@dataclass(frozen=True)
class Weights:
    """A whole model: sentences, pieces, thresholds, and what it was trained with."""

    about: Mapping[str, Any]
    vocabulary: Vocabulary
    sentences: LinearModel
    pieces: LinearModel
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
    return Weights(about, vocabulary, sentences, pieces, thresholds)


def _model_data(model: LinearModel) -> dict[str, Any]:
    return {
        "targets": list(model.targets),
        "bias": [round(float(value), 4) for value in model.bias],
        "named": {name: [round(float(value), 4) for value in values] for name, values in model.named.items()},
        "terms": _packed(model.terms),
    }


def _model(data: Mapping[str, Any], terms: int) -> LinearModel:
    targets = tuple(data["targets"])
    named = {name: np.array(values, dtype=np.float64) for name, values in data["named"].items()}
    bias = np.array(data["bias"], dtype=np.float64)
    if bias.shape != (len(targets),) or any(values.shape != bias.shape for values in named.values()):
        raise ValueError("shape")
    if not all(np.isfinite(values).all() for values in (bias, *named.values())):
        raise ValueError("not a number")
    return LinearModel(targets, bias, named, _unpacked(data["terms"], terms, len(targets)))


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
