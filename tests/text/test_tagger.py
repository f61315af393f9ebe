"""The word model with a memory against underthesea's own."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import joblib
import pytest
import underthesea
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from underthesea.pipeline import word_tokenize as package
from underthesea.pipeline.word_tokenize import regex_tokenize

from mbncheck.text.crf import TwoLabelField, read_field
from mbncheck.text.segmenter import segmenter
from mbncheck.text.tagger import Template, WordTagger

MODEL = Path(package.__file__).parent / "models" / "ws_crf_vlsp2013_20230727" / "models.bin"


@cache
def theirs() -> Any:
    """Underthesea's own model."""
    underthesea.word_tokenize("a")
    return package.word_tokenize_model


def expected(tokens: Sequence[str]) -> list[str]:
    """The labels that underthesea gives."""
    labels: list[str] = theirs().predict([[token] for token in tokens])
    return labels


def test_the_same_labels_on_every_piece_written_here() -> None:
    """Every line of our own corpora is cut into the same words as by underthesea."""
    texts = [
        json.loads(line)["text"]
        for name in ("pieces", "official")
        for line in (ROOT / "corpora" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    lines = [tokens for text in texts for line in text.splitlines() if (tokens := regex_tokenize.tokenize(line))]
    assert len(lines) > 1000
    assert [segmenter().tag(tokens) for tokens in lines] == [expected(tokens) for tokens in lines]


TOKEN = st.one_of(
    st.sampled_from(["hôm", "nay", "bị", "lừa", "bán", "Công", "an", "Đắk", "Nông", "111", "1.111", "2147483648",
                     "-5", "Th", "sống", ".", ",", "’", "[", "TP.HCM", "người", "mua", "đ/c", "²", "٣", "Ａ"]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6),
)  # fmt: skip


@given(st.lists(TOKEN, min_size=1, max_size=12))
def test_the_same_labels_on_any_tokens(tokens: list[str]) -> None:
    """Odd tokens and short sentences, whose windows reach out on both sides, are labelled as by underthesea.

    Where two labellings weigh the same, either will do.
    """
    assert weight(tokens, segmenter().tag(tokens)) == pytest.approx(weight(tokens, expected(tokens)), abs=1e-6)


@cache
def tagger() -> WordTagger:
    """The tagger, of its own."""
    templates, dictionary = (joblib.load(MODEL.parent / name) for name in ("features.bin", "dictionary.bin"))
    return WordTagger(field(), templates, dictionary)


@cache
def field() -> TwoLabelField:
    """The weights of underthesea's model."""
    return read_field(MODEL)


def weight(tokens: Sequence[str], labels: Sequence[str]) -> float:
    """What a labelling weighs."""
    first = [int(label != field().labels[0]) for label in labels]
    own = sum(odds for odds, second in zip(tagger().odds(tokens), first, strict=True) if not second)
    return own + sum(field().transitions[a][b] for a, b in pairwise(first))


def test_no_tokens() -> None:
    """A sentence without tokens has no labels."""
    assert segmenter().tag([]) == []


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory too small for one sentence gives the same labels."""
    monkeypatch.setattr("mbncheck.text.tagger.REMEMBERED", 2)
    forgetful = tagger.__wrapped__()
    tokens = [
        "Công",
        "an",
        "tỉnh",
        "Đắk",
        "Nông",
        "giải",
        "cứu",
        "ba",
        "nạn",
        "nhân",
        "bị",
        "lừa",
        "bán",
        "sang",
        "Campuchia",
        ".",
    ]
    assert forgetful.tags(tokens) == expected(tokens)
    assert forgetful.tags(tokens) == expected(tokens)


@pytest.mark.parametrize("name", ["T", "T[a]", "T[0].lower.lower", "U[0]", "T[0"])
def test_unknown_templates(name: str) -> None:
    """A template of another form is refused, not misread."""
    with pytest.raises(ValueError, match=r"^[TU]"):
        Template.of(name)


def test_the_best_labels() -> None:
    """The path with the most weight wins, not the best label of each token."""
    field = TwoLabelField(("B", "I"), {}, ((0.0, 0.0), (0.0, -5.0)))
    assert field.best([1.0, -1.0, -1.1]) == ["B", "B", "I"]  # I after I costs 5
    assert field.best([]) == []


def test_what_is_no_model(tmp_path: Path) -> None:
    """A file of another kind is refused with its name."""
    path = tmp_path / "models.bin"
    raw = bytearray(MODEL.read_bytes())
    raw[:4] = b"nope"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=r"models\.bin"):
        read_field(path)
    path.write_bytes(b"lCRF")
    with pytest.raises((ValueError, struct.error)):
        read_field(path)
