"""Training: from labelled texts to weights, seeded, the same bytes for the same input.

Sentences are judged first: positives are the sentences a reader named as evidence, negatives all sentences
of pieces that do not cover the theme, and, at a tenth of the weight, those that the reader passed over. What
sentences say of their piece is then fed to the piece's model out of fold, so that it learns how far to
trust them. Thresholds are chosen on probabilities that cross-validation gave.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.ensemble import GradientBoostingClassifier
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
    sentence_syllables,
)
from mbncheck.learn.reader import judgement_of
from mbncheck.learn.weights import SCOPE, LinearModel, SparseRows, StepModel, Vocabulary, Weights, probabilities
from mbncheck.read.labelled import Labelled

SEED = 20200730
FOLDS = 5
INNER_FOLDS = 4
MIN_PIECES = 5  # an n-gram rarer than this is not learned
MAX_TERMS = 30_000
TERM_WEIGHT = 3.0
PENALTY = 1.5  # scikit-learn's C
MAX_PASSES = 10_000  # LIBLINEAR's, over the examples
PASSED_OVER = 0.1  # weight of the sentences of a covering piece that the reader did not name: less good, not wrong
BOOSTING = {  # stumps: functions of one feature each, which add up
    "max_depth": 1,
    "n_estimators": 200,
    "learning_rate": 0.1,
    "subsample": 0.7,
    "max_features": 0.3,
    "min_samples_leaf": 6,
}
FEW = 5  # a theme with fewer examples than this is not learned
NEVER = -6.0  # log odds of what is not learned
COVERED = 2
THRESHOLDS = tuple(round(0.30 + 0.025 * step, 3) for step in range(17))
PRIOR_THRESHOLD = 0.475
THRESHOLD_PULL = 0.25  # how far from the common threshold towards the best: most of a best one is chance

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Example:
    """One labelled piece with what the rules found; ``carrying`` maps themes to the reader's sentence."""

    record: Labelled
    reading: Reading
    features: Features
    sentences: list[Features]
    syllables: list[list[str]]
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
        record, reading, piece_features(reading), sentence_features(reading), sentence_syllables(reading), carrying
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
    thresholds = _thresholds(examples, np.array([opinion.probabilities for opinion in held_out]), themes)
    model = _fit(examples, themes)
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
        id(example.record): (example.reading, _judgement(example, opinion, themes, thresholds))
        for example, opinion in zip(examples, held_out, strict=True)
    }
    both = [judged.get(id(record), (None, None)) for record in records]
    weights = Weights(about, model.vocabulary, model.sentences, model.pieces, model.steps, thresholds)
    return Trained(weights, [reading for reading, _ in both], [judgement for _, judgement in both])


@dataclass(frozen=True)
class Opinion:
    """What a model that never saw a piece says of it: of the scope and every theme, and of its sentences."""

    probabilities: Any  # shape (1 + themes,)
    sentences: Any  # shape (sentences, themes)


def _judgement(example: Example, opinion: Opinion, themes: Sequence[str], thresholds: dict[str, float]) -> Judgement:
    found = dict(zip((SCOPE, *themes), opinion.probabilities.tolist(), strict=True))
    return judgement_of(example.reading, found, thresholds, opinion.sentences)


def cross_validated(examples: Sequence[Example], themes: Sequence[str], progress: Progress) -> list[Opinion]:
    """For every example the opinion of a model that never saw it."""
    found: dict[int, Opinion] = {}
    for number, (known, unknown) in enumerate(_folds(examples, FOLDS, SEED), 1):
        progress(f"{number}/{FOLDS}")
        opinions = _fit([examples[i] for i in known], themes).opinions([examples[i] for i in unknown])
        found |= dict(zip(unknown, opinions, strict=True))
    return [found[i] for i in range(len(examples))]


def _folds(examples: Sequence[Example], folds: int, seed: int) -> Iterator[tuple[list[int], list[int]]]:
    strata = [f"{example.record.stratum}{example.record.in_scope}" for example in examples]
    rare = {stratum for stratum, count in Counter(strata).items() if count < folds}
    strata = [f"rare{s[-1]}" if s in rare else s for s in strata]
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for known, unknown in splitter.split(np.zeros(len(examples)), strata):
        yield known.tolist(), unknown.tolist()


@dataclass(frozen=True)
class Model:
    """The layers and their vocabulary, trained on the same examples; those of the piece add up."""

    vocabulary: Vocabulary
    sentences: LinearModel
    pieces: LinearModel
    steps: StepModel

    def opinions(self, examples: Sequence[Example]) -> Iterator[Opinion]:
        """What the model says of each example."""
        sentences = _sentence_probabilities(examples, self.vocabulary, self.sentences)
        features, vectors = _piece_rows(examples, sentences, self.vocabulary, self.sentences.targets)
        logits = self.pieces.logits(features, vectors) + np.array([self.steps.logits(one) for one in features])
        return map(Opinion, probabilities(logits), sentences)


def _fit(examples: Sequence[Example], themes: Sequence[str]) -> Model:
    vocabulary = _vocabulary(examples)
    sentences: dict[int, Any] = {}
    for known, unknown in _folds(examples, INNER_FOLDS, SEED + 1):
        inner = _fit_sentences([examples[i] for i in known], themes, vocabulary)
        judged = _sentence_probabilities([examples[i] for i in unknown], vocabulary, inner)
        sentences |= dict(zip(unknown, judged, strict=True))
    out_of_fold = [sentences[i] for i in range(len(examples))]
    features, vectors = _piece_rows(examples, out_of_fold, vocabulary, themes)
    labels = np.array([_labels(example, themes) for example in examples])
    linear = _fit_linear((SCOPE, *themes), features, vectors, labels)
    steps, bias = _fit_steps((SCOPE, *themes), features, labels)
    pieces = replace(linear, bias=(linear.bias + bias) / 2, weights=linear.weights / 2)
    return Model(
        vocabulary, _fit_sentences(examples, themes, vocabulary), pieces, replace(steps, moves=steps.moves / 2)
    )


def _sentence_probabilities(examples: Sequence[Example], vocabulary: Vocabulary, model: LinearModel) -> list[Any]:
    """For each example what ``model`` says of its sentences: shape (sentences, themes)."""
    features = [row for example in examples for row in example.sentences]
    vectors = vocabulary.vectors([vocabulary.known(row) for example in examples for row in example.syllables])
    ends = np.cumsum([len(example.sentences) for example in examples])
    return list(np.split(probabilities(model.logits(features, vectors)), ends[:-1]))


def _piece_rows(
    examples: Sequence[Example], sentences: Sequence[Any], vocabulary: Vocabulary, themes: Sequence[str]
) -> tuple[list[Features], SparseRows]:
    features = [example.features | pooled(themes, judged) for example, judged in zip(examples, sentences, strict=True)]
    return features, vocabulary.vectors([_known(example, vocabulary) for example in examples])


def _known(example: Example, vocabulary: Vocabulary) -> list[int]:
    return [place for row in example.syllables for place in vocabulary.known(row)]


def _vocabulary(examples: Sequence[Example]) -> Vocabulary:
    pieces: Counter[str] = Counter()
    for example in examples:
        pieces.update({term for row in example.syllables for term in ngrams(row)})
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
    vectors = vocabulary.vectors([vocabulary.known(row) for example in examples for row in example.syllables])
    labels, weights = [], []
    for example in examples:
        for number in range(len(example.sentences)):
            labels.append([example.carrying.get(theme) == number for theme in themes])
            weights.append([_sentence_weight(example, theme, number) for theme in themes])
    shape = (-1, len(themes))
    return _fit_linear(
        tuple(themes), features, vectors, np.array(labels).reshape(shape), np.array(weights).reshape(shape)
    )


def _sentence_weight(example: Example, theme: str, number: int) -> float:
    """How much is known of a sentence: nothing where the theme is covered and the reader named no sentence."""
    if example.record.themes.get(theme, 0) != COVERED or example.carrying.get(theme) == number:
        return 1.0
    return PASSED_OVER if theme in example.carrying else 0.0


def _fit_linear(
    targets: tuple[str, ...], features: Sequence[Features], vectors: SparseRows, labels: Any, weights: Any = None
) -> LinearModel:
    """One L2-regularised logistic regression a target; ``weights`` of examples, 0 where nobody labelled them."""
    vectorizer = DictVectorizer(sort=True)
    named = vectorizer.fit_transform(features)
    names = tuple(vectorizer.get_feature_names_out().tolist())
    terms = csr_matrix((vectors.values, (vectors.rows, vectors.columns)), (vectors.height, vectors.width))
    matrix = hstack([named, TERM_WEIGHT * terms]).tocsr()
    bias, fitted = np.zeros(len(targets)), np.zeros((matrix.shape[1], len(targets)))
    for column in range(len(targets)):
        known = np.ones(len(labels)) if weights is None else weights[:, column]
        rows = np.flatnonzero(known)
        wanted = labels[rows, column]
        if min(wanted.sum(), (~wanted).sum()) < FEW:
            bias[column] = NEVER
            continue
        model = LogisticRegression(C=PENALTY, solver="liblinear", dual=True, max_iter=MAX_PASSES, random_state=SEED)
        model.fit(matrix[rows], wanted, known[rows])
        bias[column], fitted[:, column] = model.intercept_[0], model.coef_[0]
    fitted[len(names) :] *= TERM_WEIGHT
    return LinearModel(targets, bias, names, fitted)


def _fit_steps(targets: tuple[str, ...], features: Sequence[Features], labels: Any) -> tuple[StepModel, Any]:
    """For each target step functions of single features by gradient boosting of stumps, and what they start from.

    Rules are left to the linear model: a rule is there or not, and most are rare.
    """
    vectorizer = DictVectorizer(sort=True, sparse=False)
    matrix = vectorizer.fit_transform(
        [{name: value for name, value in row.items() if not name.startswith("rule:")} for row in features]
    )
    bias = np.full(len(targets), NEVER)
    moves: dict[tuple[int, int, float], float] = defaultdict(float)
    for column in range(len(targets)):
        wanted = labels[:, column]
        if min(wanted.sum(), (~wanted).sum()) < FEW:
            continue
        boosted = GradientBoostingClassifier(**BOOSTING, random_state=SEED).fit(matrix, wanted)
        bias[column] = np.log(wanted.mean() / (1 - wanted.mean()))
        for (stump,) in boosted.estimators_:
            tree = stump.tree_
            low, high = boosted.learning_rate * tree.value[[tree.children_left[0], tree.children_right[0]], 0, 0]
            bias[column] += low
            if tree.node_count > 1:
                moves[int(tree.feature[0]), column, float(tree.threshold[0])] += float(high - low)
    names = tuple(vectorizer.get_feature_names_out().tolist())
    taken = sorted(moves)
    of, column_of, bounds = map(np.array, zip(*taken, strict=True))
    return StepModel(targets, names, of, column_of, bounds, np.array([moves[step] for step in taken])), bias


def _thresholds(examples: Sequence[Example], found: Any, themes: Sequence[str]) -> dict[str, float]:
    """For each target the threshold with the best F1 by cross-validation, drawn most of the way to the common one."""
    labels = np.array([_labels(example, themes) for example in examples])
    chosen = {}
    for column, target in enumerate((SCOPE, *themes)):
        scores = {value: _f1(labels[:, column], found[:, column] >= value) for value in THRESHOLDS}
        best = max(THRESHOLDS, key=lambda value: (scores[value], -abs(value - PRIOR_THRESHOLD)))
        chosen[target] = round(PRIOR_THRESHOLD + THRESHOLD_PULL * (best - PRIOR_THRESHOLD), 4)
    return chosen


def _f1(gold: Any, found: Any) -> float:
    right = int((gold & found).sum())
    return 2 * right / max(int(gold.sum()) + int(found.sum()), 1)
