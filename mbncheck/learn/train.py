"""Training: from labelled texts to weights, seeded, the same bytes for the same input.

Sentences are judged first: positives are the sentences a reader named as evidence, negatives all sentences
of pieces that do not cover the theme; other sentences are left out, since nobody said what they are. What
sentences say of their piece is then fed to the piece's model out of fold, so that it learns how far to
trust them. Thresholds are chosen on probabilities that cross-validation gave.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from mbncheck.check.checker import Checker
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
from mbncheck.learn.weights import SCOPE, LinearModel, Vocabulary, Weights, probabilities
from mbncheck.read.labelled import Labelled

SEED = 20200730
FOLDS = 5
INNER_FOLDS = 4
MIN_PIECES = 3  # an n-gram rarer than this is not learned
MAX_TERMS = 30_000
TERM_WEIGHT = 3.0
PENALTY = 1.5  # scikit-learn's C
FEW = 5  # a theme with fewer examples than this is not learned
COVERED = 2
THRESHOLDS = tuple(round(0.30 + 0.025 * step, 3) for step in range(17))
PRIOR_THRESHOLD = 0.45

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Example:
    """One labelled piece with what the rules found; ``carrying`` maps themes to the reader's sentence."""

    record: Labelled
    reading: Reading
    features: Features
    counts: Counter[str]
    sentences: list[Features]
    sentence_counts: list[Counter[str]]
    carrying: dict[str, int]


def read_examples(checker: Checker, records: Sequence[Labelled], progress: Progress) -> list[Example]:
    """The records that pass the gate; the others are decided without a model."""
    examples = []
    for number, record in enumerate(records, 1):
        reading = checker.read(record.text)
        if reading is not None:
            examples.append(_example(record, reading))
        if number % 100 == 0 or number == len(records):
            progress(f"{number}/{len(records)}")
    return examples


def _example(record: Labelled, reading: Reading) -> Example:
    document = reading.document
    rows = {number: row for row, number in enumerate(document.sentences)}
    carrying = {}
    for theme, words in record.evidence.items():
        start = record.text.find(unicodedata.normalize("NFC", words).rstrip(" …."))
        if start >= 0:
            carrying[theme] = rows[document.sentence_at(start)]
    return Example(
        record,
        reading,
        piece_features(reading),
        ngrams(document.shadow.text),
        sentence_features(reading),
        [ngrams(text) for text in sentence_shadows(reading)],
        carrying,
    )


@dataclass(frozen=True)
class Trained:
    """New weights, and what cross-validation said: for each record its reading and judgement, if it passed the gate."""

    weights: Weights
    readings: Sequence[Reading | None]
    judgements: Sequence[Judgement | None]


def train(checker: Checker, records: Sequence[Labelled], name: str, progress: Progress) -> Trained:
    """Train on ``records``; ``checker`` needs no model.

    Raises ``ModelError`` where there are too few examples.
    """
    themes = checker.pack.themes
    examples = read_examples(checker, records, progress)
    if sum(example.record.in_scope for example in examples) < FOLDS * FEW:
        raise ModelError("Quá ít bài trong phạm vi để huấn luyện.", "Too few pieces in scope to train on.")
    held_out = cross_validated(examples, themes, progress)
    thresholds = _thresholds(examples, held_out, themes)
    vocabulary, sentences, pieces = _fit(examples, themes)
    reference = checker.pack.reference
    about = {
        "name": name,
        "pack": reference.id,
        "pack_version": reference.version,
        "pack_hash": reference.hash,
        "texts": len(records),
        "seed": SEED,
    }
    judged = {
        id(example.record): (example.reading, _judgement(row, themes, thresholds))
        for example, row in zip(examples, held_out, strict=True)
    }
    both = [judged.get(id(record), (None, None)) for record in records]
    weights = Weights(about, vocabulary, sentences, pieces, thresholds)
    return Trained(weights, [reading for reading, _ in both], [judgement for _, judgement in both])


def _judgement(row: Any, themes: Sequence[str], thresholds: dict[str, float]) -> Judgement:
    found = dict(zip((SCOPE, *themes), row.tolist(), strict=True))
    return Judgement(
        scope=found[SCOPE],
        in_scope=found[SCOPE] >= thresholds[SCOPE],
        probabilities={theme: found[theme] for theme in themes},
        covered=frozenset(theme for theme in themes if found[theme] >= thresholds[theme]),
        unsure=frozenset(),
        carrying={},
    )


def cross_validated(examples: Sequence[Example], themes: Sequence[str], progress: Progress) -> Any:
    """Probabilities for every example from models that never saw it: shape (examples, 1 + themes)."""
    found = np.zeros((len(examples), 1 + len(themes)))
    for number, (known, unknown) in enumerate(_folds(examples, FOLDS, SEED), 1):
        progress(f"{number}/{FOLDS}")
        train_on = [examples[i] for i in known]
        vocabulary, sentences, pieces = _fit(train_on, themes)
        for i in unknown:
            found[i] = _piece_probabilities(examples[i], vocabulary, sentences, pieces)
    return found


def _folds(examples: Sequence[Example], folds: int, seed: int) -> Iterator[tuple[Any, Any]]:
    strata = [f"{example.record.stratum}{example.record.in_scope}" for example in examples]
    rare = {stratum for stratum, count in Counter(strata).items() if count < folds}
    strata = [f"rare{s[-1]}" if s in rare else s for s in strata]
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(examples)), strata)


def _fit(examples: Sequence[Example], themes: Sequence[str]) -> tuple[Vocabulary, LinearModel, LinearModel]:
    vocabulary = _vocabulary(examples)
    sentences = _fit_sentences(examples, themes, vocabulary)
    features: list[Features] = [{}] * len(examples)
    for known, unknown in _folds(examples, INNER_FOLDS, SEED + 1):
        inner = _fit_sentences([examples[i] for i in known], themes, vocabulary)
        for i in unknown:
            features[i] = _with_sentences(examples[i], vocabulary, inner)
    labels = np.array([_labels(example, themes) for example in examples])
    vectors = [vocabulary.vector(example.counts) for example in examples]
    return vocabulary, sentences, _fit_linear((SCOPE, *themes), features, vectors, labels, vocabulary)


def _vocabulary(examples: Sequence[Example]) -> Vocabulary:
    pieces: Counter[str] = Counter()
    for example in examples:
        pieces.update(example.counts.keys())
    common = [(term, count) for term, count in pieces.items() if MIN_PIECES <= count <= len(examples) / 2]
    common.sort(key=lambda pair: (-pair[1], pair[0]))
    kept = sorted(common[:MAX_TERMS])
    counts = np.array([count for _, count in kept])
    idf = np.log((1 + len(examples)) / (1 + counts)) + 1
    return Vocabulary([term for term, _ in kept], idf.astype(np.float32))


def _labels(example: Example, themes: Sequence[str]) -> list[bool]:
    record = example.record
    return [record.in_scope == 1, *(record.themes.get(theme, 0) == COVERED for theme in themes)]


def _fit_sentences(examples: Sequence[Example], themes: Sequence[str], vocabulary: Vocabulary) -> LinearModel:
    features = [row for example in examples for row in example.sentences]
    vectors = [vocabulary.vector(counts) for example in examples for counts in example.sentence_counts]
    labels, used = [], []
    for example in examples:
        for number in range(len(example.sentences)):
            labels.append([example.carrying.get(theme) == number for theme in themes])
            used.append([example.record.themes.get(theme, 0) != COVERED for theme in themes])
    positive = np.array(labels).reshape(-1, len(themes))
    return _fit_linear(
        tuple(themes), features, vectors, positive, vocabulary, positive | np.array(used).reshape(-1, len(themes))
    )


def _fit_linear(
    targets: tuple[str, ...],
    features: Sequence[Features],
    vectors: Sequence[tuple[Any, Any]],
    labels: Any,
    vocabulary: Vocabulary,
    used: Any = None,
) -> LinearModel:
    """One L2-regularised logistic regression a target; ``used`` masks examples nobody labelled."""
    vectorizer = DictVectorizer(sort=True)
    named = vectorizer.fit_transform(features)
    terms = _matrix(vectors, len(vocabulary.terms))
    matrix = hstack([named, TERM_WEIGHT * terms]).tocsr()
    bias, weights = np.zeros(len(targets)), np.zeros((matrix.shape[1], len(targets)))
    for column in range(len(targets)):
        rows = np.flatnonzero(used[:, column]) if used is not None else np.arange(matrix.shape[0])
        wanted = labels[rows, column]
        if min(wanted.sum(), (~wanted).sum()) < FEW:
            bias[column] = -6.0  # too few to learn from: never likely
            continue
        fitted = LogisticRegression(C=PENALTY, solver="liblinear", random_state=SEED).fit(matrix[rows], wanted)
        bias[column], weights[:, column] = fitted.intercept_[0], fitted.coef_[0]
    names = vectorizer.get_feature_names_out()
    split = len(names)
    return LinearModel(
        targets,
        bias,
        dict(zip(names, weights[:split], strict=True)),
        (TERM_WEIGHT * weights[split:]).astype(np.float32),
    )


def _matrix(vectors: Sequence[tuple[Any, Any]], columns: int) -> Any:
    lengths = [len(positions) for positions, _ in vectors]
    pointers = np.concatenate([[0], np.cumsum(lengths)])
    positions = np.concatenate([positions for positions, _ in vectors] or [np.zeros(0, dtype=np.int64)])
    values = np.concatenate([values for _, values in vectors] or [np.zeros(0)])
    return csr_matrix((values, positions, pointers), shape=(len(vectors), columns))


def _with_sentences(example: Example, vocabulary: Vocabulary, model: LinearModel) -> Features:
    rows = [
        model.logits(features, vocabulary.vector(counts))
        for features, counts in zip(example.sentences, example.sentence_counts, strict=True)
    ]
    found = probabilities(np.array(rows).reshape(len(rows), len(model.targets)))
    features = dict(example.features)
    for column, theme in enumerate(model.targets):
        features |= pooled(theme, found[:, column].tolist())
    return features


def _piece_probabilities(example: Example, vocabulary: Vocabulary, sentences: LinearModel, pieces: LinearModel) -> Any:
    features = _with_sentences(example, vocabulary, sentences)
    return probabilities(pieces.logits(features, vocabulary.vector(example.counts)))


def _thresholds(examples: Sequence[Example], found: Any, themes: Sequence[str]) -> dict[str, float]:
    """For each target the threshold with the best F1 by cross-validation, drawn half-way to the common one."""
    labels = np.array([_labels(example, themes) for example in examples])
    chosen = {}
    for column, target in enumerate((SCOPE, *themes)):
        scores = {value: _f1(labels[:, column], found[:, column] >= value) for value in THRESHOLDS}
        best = max(THRESHOLDS, key=lambda value: (scores[value], -abs(value - PRIOR_THRESHOLD)))
        chosen[target] = round((best + PRIOR_THRESHOLD) / 2, 4)
    return chosen


def _f1(gold: Any, found: Any) -> float:
    right = int((gold & found).sum())
    return 2 * right / max(int(gold.sum()) + int(found.sum()), 1)
