"""Results cannot be changed, and travel all the same."""

from __future__ import annotations

import copy
import pickle
from collections.abc import MutableMapping
from typing import Any, cast

import pytest

from mbncheck import CheckResult, PackReference, ThemeResult

PACK = PackReference("small", "1.0.0", "0" * 64)


def theme(name: str) -> ThemeResult:
    """A theme that is absent."""
    return ThemeResult(name, "absent", (), (), 0.0, 0.0)


def result() -> CheckResult:
    """A result of two themes, not in the order of the alphabet."""
    return CheckResult("a", 3, False, None, (), {"T2": theme("T2"), "T1": theme("T1")}, PACK)


def test_themes_are_read_only() -> None:
    """Neither the mapping nor what it was made of changes a result."""
    source = {"T1": theme("T1")}
    made = CheckResult("a", 3, False, None, (), source, PACK)
    source["T2"] = theme("T2")
    assert list(made.themes) == ["T1"]
    with pytest.raises(TypeError):
        cast(MutableMapping[str, Any], made.themes)["T1"] = theme("T2")
    with pytest.raises(AttributeError):
        cast(Any, made.themes)._results = {}
    with pytest.raises(AttributeError):
        cast(Any, made.themes).clear()


def test_results_travel() -> None:
    """Pickled, copied and copied deeply a result stays equal, in order, and unchangeable."""
    one = result()
    for other in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):  # noqa: S301 - our own bytes
        assert other == one
        assert list(other.themes) == ["T2", "T1"]
        assert type(other.themes) is type(one.themes)


def test_results_compare() -> None:
    """Equal results are equal to the hash; themes equal any mapping of the same content."""
    assert hash(result()) == hash(result())
    assert result().themes == {"T1": theme("T1"), "T2": theme("T2")}
    assert result().themes != {"T1": theme("T1")}
    assert "T1" in repr(result().themes)
