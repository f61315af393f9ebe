"""The model file: JSON that cannot run, the same bytes for the same weights, and scikit-learn's own figures."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from learn_set import FILLERS, LEAFLETS, LURES, pack, trained
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from mbncheck import Checker, ModelError
from mbncheck.learn import weights as weights_module
from mbncheck.learn.features import Features, ngrams, syllables
from mbncheck.learn.train import BOOSTING, SEED, _fit_steps
from mbncheck.learn.weights import (
    LinearModel,
    SparseRows,
    StepModel,
    Vocabulary,
    Weights,
    load_weights,
    probabilities,
    save_weights,
)
from mbncheck.text.normalise import normalise


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A whole model on disk."""
    path = tmp_path / "model.json"
    save_weights(trained().weights, path)
    return path


def test_as_scikit_learn(tmp_path: Path) -> None:
    """Weights learned by scikit-learn on its own tf-idf give its probabilities, saved and read back."""
    texts = [normalise(f"{a} {b}").text for a in (*LURES, *LEAFLETS) for b in FILLERS]
    labels = np.array([[text.startswith(tuple(map(str.lower, LURES))), "tờ rơi" in text] for text in texts])
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[^\W\d_]+")  # noqa: S106
    matrix = vectorizer.fit_transform(texts)
    fitted = [LogisticRegression(C=20).fit(matrix, labels[:, column]) for column in range(2)]
    vocabulary = Vocabulary(list(vectorizer.get_feature_names_out()), vectorizer.idf_.astype(np.float32))
    bias = np.array([one.intercept_[0] for one in fitted])
    learned = np.array([one.coef_[0] for one in fitted]).T
    sentences = LinearModel(("T1", "T2"), bias, (), learned)
    scope_too = np.hstack([learned, learned[:, :1]])[:, [2, 0, 1]]
    pieces = LinearModel(("scope", "T1", "T2"), np.array([bias[0], *bias]), (), scope_too)
    about = {"name": "sk", "pack": "small"}
    thresholds = dict.fromkeys(pieces.targets, 0.5)
    save_weights(Weights(about, vocabulary, sentences, pieces, steps(pieces.targets), thresholds), tmp_path / "sk.json")
    read = load_weights(tmp_path / "sk.json")
    nothing: list[Features] = [{}] * len(texts)
    ours = probabilities(read.sentences.logits(nothing, vectors(read.vocabulary, *texts)))
    of_the_piece = probabilities(read.pieces.logits(nothing, vectors(read.vocabulary, *texts)))
    assert of_the_piece == pytest.approx(ours[:, [0, 0, 1]])
    theirs = np.array([one.predict_proba(matrix)[:, 1] for one in fitted]).T
    assert ours == pytest.approx(theirs, abs=0.01)


def steps(targets: tuple[str, ...], *found: tuple[int, int, float, float]) -> StepModel:
    """Steps over the features a and b: feature, target, bound and move."""
    features, columns, bounds, moves = np.array(found).reshape(-1, 4).T
    return StepModel(targets, ("a", "b"), features.astype(np.int64), columns.astype(np.int64), bounds, moves)


def test_steps_add_up() -> None:
    """Every step taken moves its target; a feature that is not there is 0; one beyond all bounds stops at the last."""
    model = steps(("scope", "T1"), (0, 0, 0.5, 1.0), (0, 0, 1.5, 0.25), (0, 1, 0.5, -2.0), (1, 1, -1.0, 4.0))
    assert list(model.logits({"a": 0.5})) == [0, 4]
    assert list(model.logits({"a": 0.6})) == [1, 2]
    assert list(model.logits({"a": 2.0, "b": -1.0})) == list(model.logits({"a": 1e9, "b": -3.0})) == [1.25, -2]


def test_steps_as_scikit_learn() -> None:
    """What boosting learned is what the steps add up to."""
    chance = np.random.default_rng(7)
    features: list[Features] = [{"a": float(a), "b": float(b)} for a, b in chance.random((200, 2))]
    labels = np.array([[row["a"] > 0.4, row["a"] + row["b"] > 1] for row in features])
    model, bias = _fit_steps(("scope", "T1"), features, labels)
    matrix = np.array([[row["a"], row["b"]] for row in features])
    for column in range(2):
        boosted = GradientBoostingClassifier(**BOOSTING, random_state=SEED).fit(matrix, labels[:, column])
        ours = [model.logits(row)[column] + bias[column] for row in features]
        assert ours == pytest.approx(boosted.decision_function(matrix))


def vectors(vocabulary: Vocabulary, *texts: str) -> SparseRows:
    """The texts' tf-idf vectors."""
    return vocabulary.vectors([vocabulary.known(syllables(text)) for text in texts])


def test_vectors_have_length_one() -> None:
    """A tf-idf vector has length 1; a text of unknown n-grams has none; rows and columns ascend."""
    texts = ("tờ rơi được dán ở chợ phiên", "zzz", "", "cán bộ phát tờ rơi")
    found = vectors(trained().weights.vocabulary, *texts)
    lengths = np.bincount(found.rows, found.values**2, found.height)
    assert list(lengths) == pytest.approx([1, 0, 0, 1])
    places = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    assert places == sorted(set(places))


def test_rows_alone_or_together() -> None:
    """A row's log odds do not depend on the rows beside it."""
    model, vocabulary = trained().weights.sentences, trained().weights.vocabulary
    texts = (LURES[0].lower(), "", LEAFLETS[1].lower())
    named: list[Features] = [{"position": 0.5, "unknown": 9.0}, {}, {"rule:T1.promise": 1.0}]
    together = model.logits(named, vectors(vocabulary, *texts))
    for number, text in enumerate(texts):
        assert model.logits([named[number]], vectors(vocabulary, text))[0] == pytest.approx(together[number])
    assert together[1] == pytest.approx(model.bias)


def test_ngrams() -> None:
    """One and two neighbouring syllables, as often as they occur, digits as 0."""
    found = syllables("gọi 18001567, gọi")
    assert found == ["gọi", "0", "gọi"]
    assert ngrams(found) == ["gọi", "0", "gọi", "gọi 0", "0 gọi"]
    assert ngrams(syllables("")) == ngrams(syllables("…!")) == []


def test_known_ngrams() -> None:
    """What is known of a text is what its n-grams and the vocabulary have in common."""
    vocabulary = Vocabulary(("a", "a b", "b b", "c a"), np.ones(4, np.float32))
    for text in ("a b b b", "c", "a", "", "b a c a b"):
        found = [vocabulary.terms[place] for place in vocabulary.known(text.split())]
        assert found == [term for term in ngrams(text.split()) if term in vocabulary.terms]


def test_probabilities() -> None:
    """Log odds become probabilities, however large they are."""
    assert probabilities(np.array([0.0])) == pytest.approx([0.5])
    assert list(probabilities(np.array([-1e9, 1e9]))) == pytest.approx([0, 1])


def test_saved_again_the_same(model: Path, tmp_path: Path) -> None:
    """What was read back is written as the same bytes."""
    save_weights(load_weights(model), tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8")) == json.loads(
        model.read_text(encoding="utf-8")
    )


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """A change of the model's data."""

    def apply(raw: bytes) -> bytes:
        data = json.loads(raw)
        change(data)
        return json.dumps(data).encode()

    return apply


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "truncated": lambda raw: raw[: len(raw) // 2],
    "not UTF-8": lambda raw: raw[:-2] + b"\xff}",
    "a list": lambda raw: b"[]",
    "a number": lambda raw: b"1",
    "nested": lambda raw: b"[" * 100_000,
    "a pickle": lambda raw: pickle.dumps(json.loads(raw)),
    "another format": changed(lambda data: data.update(format=99)),
    "no format": changed(lambda data: data.pop("format")),
    "no thresholds": changed(lambda data: data.update(thresholds={})),
    "threshold of no number": changed(lambda data: data["thresholds"].update(T1="high")),
    "no about": changed(lambda data: data.pop("about")),
    "about is no mapping": changed(lambda data: data.update(about=5)),
    "no name": changed(lambda data: data["about"].pop("name")),
    "no pack": changed(lambda data: data["about"].pop("pack")),
    "a term too many": changed(lambda data: data.update(vocabulary=data["vocabulary"] + "\nthêm")),
    "weights cut": changed(lambda data: data["pieces"]["terms"].update(bytes="AAAA")),
    "weights of no base64": changed(lambda data: data["sentences"]["terms"].update(bytes="???")),
    "a scale too few": changed(lambda data: data["pieces"]["terms"]["scales"].pop()),
    "a scale of no number": changed(lambda data: data["idf"].update(scales=["x"])),
    "a bias too few": changed(lambda data: data["pieces"]["bias"].pop()),
    "a weight too few": changed(lambda data: next(iter(data["pieces"]["named"].values())).pop()),
    "not finite": changed(lambda data: data["pieces"].update(bias=[float("nan")] * len(data["pieces"]["bias"]))),
    "no steps": changed(lambda data: data.pop("steps")),
    "steps of another target": changed(lambda data: data["steps"].update(T9=data["steps"].pop("T1"))),
    "a step without a move": changed(lambda data: data["steps"]["T1"].update({"total:T1": [[0.5]]})),
    "a step to nowhere": changed(lambda data: data["steps"]["T1"].update({"total:T1": [[0.5, float("inf")]]})),
    "no scope": changed(lambda data: renamed(data, "scope", "T7")),
}


def renamed(data: dict[str, Any], old: str, new: str) -> None:
    """Another name for a target of the pieces' model."""
    data["pieces"]["targets"] = [new if target == old else target for target in data["pieces"]["targets"]]
    data["thresholds"][new] = data["thresholds"].pop(old)


@pytest.mark.parametrize("case", DAMAGE)
def test_damaged(model: Path, case: str) -> None:
    """A damaged model is refused by name, in both languages, when the first piece needs it."""
    model.write_bytes(DAMAGE[case](model.read_bytes()))
    checker = Checker(pack(), model=model)
    with pytest.raises(ModelError) as caught:
        checker.check("Nạn buôn người vẫn còn.")
    for message in (caught.value.vi, caught.value.en):
        assert str(model) in message
        assert "mbncheck train" in message


def test_too_large(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is refused before it is read as JSON."""
    monkeypatch.setattr(weights_module, "MAX_BYTES", 1000)
    with pytest.raises(ModelError, match="1000 bytes"):
        load_weights(model)


def test_missing(tmp_path: Path) -> None:
    """A model that is not there, and a folder, are refused by name."""
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ModelError, match=str(path)):
            load_weights(path)


def test_nothing_can_run(model: Path) -> None:
    """The file is JSON of numbers and words, and loading uses no pickle."""
    text = model.read_text(encoding="utf-8")
    assert set(json.loads(text)) == {
        "format",
        "about",
        "thresholds",
        "vocabulary",
        "idf",
        "sentences",
        "pieces",
        "steps",
    }
    source = Path(weights_module.__file__).read_text(encoding="utf-8")
    for word in ("pickle", "joblib", "eval(", "exec(", "allow_pickle"):
        assert word not in source
