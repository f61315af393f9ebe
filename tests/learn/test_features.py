"""What the learned reader sees of a piece."""

from __future__ import annotations

import numpy as np
from learn_set import LURES, TIE, pack

from mbncheck import Checker
from mbncheck.learn.features import Features, piece_features, pooled


def features_of(text: str) -> Features:
    """The features of a text that passes the gate."""
    reading = Checker(pack(), model=None).read(text)
    assert reading is not None
    return piece_features(reading)


def test_more_is_not_always_more() -> None:
    """Beyond what training pieces hold, a longer text of the same kind looks the same."""
    long, longer = (features_of("\n".join([TIE, *LURES] * times)) for times in (100, 300))
    assert long == longer
    assert features_of("\n".join([TIE, *LURES]))["log:T1"] < long["log:T1"]


def test_many_sentences_together() -> None:
    """What sentences say together stops growing; a piece without sentences says nothing."""
    many, more, none = (pooled(("T1",), np.full((count, 1), 0.9)) for count in (10, 1000, 0))
    assert many == more
    assert none["sentence:T1"] == none["second:T1"] == -2.0
    assert none["sentences:T1"] == 0.0


def test_pooled() -> None:
    """The best, the second best and the sum, whatever the order of the sentences."""
    one = pooled(("T1", "T2"), np.array([[0.9, 0.2], [0.1, 0.5], [0.5, 0.5]]))
    other = pooled(("T1", "T2"), np.array([[0.5, 0.5], [0.9, 0.5], [0.1, 0.2]]))
    assert one == other
    assert one["second:T1"] == 0.0
    assert one["sentence:T1"] > one["second:T1"] == one["sentence:T2"] == one["second:T2"]
