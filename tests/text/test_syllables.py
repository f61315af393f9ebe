"""What is spelt as a Vietnamese syllable."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from conftest import ROOT

from mbncheck.text.syllables import is_common, is_syllable


@pytest.mark.parametrize(
    "word",
    ["người", "nghiêng", "quyết", "quốc", "gì", "giếng", "hoà", "hòa", "khuỷu", "ƯƠNG", "Đắk", "Lắk", "yêu", "ý", "ở"],
)
def test_syllables(word: str) -> None:
    """Syllables of every make are known, in capitals and decomposed too."""
    assert is_syllable(word)
    assert is_syllable(word.upper())
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["phßng", "ngöôøi", "bãt", "học̃", "việêt", "đ", "café", "garçon", "ñöôøng", "", "tát̀"])
def test_no_syllables(word: str) -> None:
    """What other encodings show, foreign words, two tones, and stops with a level tone are none."""
    assert not is_syllable(word)


def test_common_syllables_are_syllables() -> None:
    """Common syllables are syllables, whatever their case."""
    assert is_common("Người")
    assert is_common(unicodedata.normalize("NFD", "được"))
    assert not is_common("khuỷu")


def test_running_text() -> None:
    """Nearly all words with diacritics of this project's texts are syllables."""
    pieces = (ROOT / "corpora" / "pieces.jsonl").read_text(encoding="utf-8").splitlines()
    words = re.findall(r"[^\W\d_]+", " ".join(json.loads(piece)["text"] for piece in pieces))
    accented = [word for word in words if not word.isascii()]
    assert len(accented) > 5_000
    assert sum(map(is_syllable, accented)) > 0.995 * len(accented)
