"""The model file: JSON that cannot run, the same bytes for the same weights, and scikit-learn's own figures."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from learn_set import FILLERS, LEAFLETS, LURES, pack, trained
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from mbncheck import Checker, ModelError
from mbncheck.learn import weights as weights_module
from mbncheck.learn.features import ngrams
from mbncheck.learn.weights import LinearModel, Vocabulary, Weights, load_weights, probabilities, save_weights
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
    terms = np.array([one.coef_[0] for one in fitted]).T.astype(np.float32)
    sentences = LinearModel(("T1", "T2"), bias, {}, terms)
    scope_too = np.hstack([terms, terms[:, :1]])[:, [2, 0, 1]]
    pieces = LinearModel(("scope", "T1", "T2"), np.array([bias[0], *bias]), {}, scope_too)
    about = {"name": "sk", "pack": "small"}
    thresholds = dict.fromkeys(pieces.targets, 0.5)
    save_weights(Weights(about, vocabulary, sentences, pieces, thresholds), tmp_path / "sk.json")
    read = load_weights(tmp_path / "sk.json")
    for text, row in zip(texts, matrix, strict=True):
        ours = probabilities(read.sentences.logits({}, read.vocabulary.vector(ngrams(text))))
        of_the_piece = probabilities(read.pieces.logits({}, read.vocabulary.vector(ngrams(text))))
        assert list(of_the_piece) == pytest.approx([ours[0], *ours])
        theirs = [one.predict_proba(row)[0, 1] for one in fitted]
        assert ours == pytest.approx(theirs, abs=0.01)


def test_vectors_have_length_one() -> None:
    """A tf-idf vector has length 1; a text of unknown n-grams has none."""
    vocabulary = trained().weights.vocabulary
    positions, values = vocabulary.vector(ngrams("tờ rơi được dán ở chợ phiên"))
    assert math.isclose(float(values @ values), 1, rel_tol=1e-6)
    assert list(positions) == sorted(positions)
    for counts in (ngrams("zzz"), ngrams("")):
        assert [len(part) for part in vocabulary.vector(counts)] == [0, 0]


def test_ngrams() -> None:
    """One and two neighbouring syllables, digits as 0."""
    assert ngrams("gọi 18001567, gọi") == {"gọi": 2, "0": 1, "gọi 0": 1, "0 gọi": 1}


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
    assert set(json.loads(text)) == {"format", "about", "thresholds", "vocabulary", "idf", "sentences", "pieces"}
    source = Path(weights_module.__file__).read_text(encoding="utf-8")
    for word in ("pickle", "joblib", "eval(", "exec(", "allow_pickle"):
        assert word not in source
