"""Weights in words: every kind of feature of the shipped model is said as an editor would say it."""

from __future__ import annotations

import pytest
from conftest import ARTICLES

from mbncheck import Checker
from mbncheck.learn.reader import DEFAULT_MODEL
from mbncheck.learn.weights import load_weights
from mbncheck.locale import LANGUAGES
from mbncheck.report.explanation import feature_in_words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_feature_of_the_shipped_model_has_words(lang: str) -> None:
    """No feature is shown by the name that programs use."""
    pack = Checker(model=None).pack
    for name in load_weights(DEFAULT_MODEL).pieces.named:
        words = feature_in_words(name, pack, lang)
        assert words != name, name
        assert ":" not in name or not words.startswith(name.split(":")[0] + ":") or name.startswith("rule:"), name


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("second:T5", "câu nói rõ thứ hai về T5", "the second clearest sentence on T5"),
        ("best:scope", "bằng chứng mạnh nhất về phạm vi", "strongest evidence of the scope"),
        ("place:T2:title", "bằng chứng về T2 ở tiêu đề", "evidence of T2 in the title"),
        ("“lừa bán”", "cụm từ “lừa bán”", "the words “lừa bán”"),
        ("rule:T9.gone", "quy tắc T9.gone: ?", "rule T9.gone: ?"),
        ("made-up\x1b[31m:T1", "made-up\ufffd[31m:T1", "made-up\ufffd[31m:T1"),
    ],
)
def test_words(name: str, vi: str, en: str) -> None:
    """The words; what the pack or this version does not know is shown as it is, safely."""
    pack = Checker(model=None).pack
    assert (feature_in_words(name, pack, "vi"), feature_in_words(name, pack, "en")) == (vi, en)


def test_titles_stand_beside_their_codes() -> None:
    """Rules and elements are shown with their titles."""
    checker = Checker()
    text = (ARTICLES / "vu-an-lua-ban.txt").read_text(encoding="utf-8")
    shown = [
        feature_in_words(name, checker.pack, "vi")
        for theme in checker.pack.themes
        for name, _ in checker.explain(text, theme, 40)
    ]
    element = checker.pack.element_title("4a", "vi")
    assert f"có nội dung 4a: {element}" in shown
    assert not any(words.endswith("?") for words in shown)
