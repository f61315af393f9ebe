"""The demonstration quarter: one quarter of three outlets that differ as the readme says."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

from conftest import ROOT
from rapidfuzz import fuzz

from mbncheck import Article, Checker, CheckResult

DEMO = ROOT / "corpora" / "demo"
FIELDS = {"id", "outlet", "published", "title", "medium", "text"}
REPRINTED_AT = 75  # percent of likeness of two texts, headlines and all


@cache
def records() -> dict[str, list[dict[str, Any]]]:
    """The records of each file."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(DEMO.glob("*.jsonl"))
    }


@cache
def results() -> dict[str, list[CheckResult]]:
    """What the default checker says of each piece."""
    checker = Checker()
    return {
        name: [checker.check_article(Article(piece["text"], id=piece["id"])) for piece in pieces]
        for name, pieces in records().items()
    }


def covered(name: str) -> Counter[str]:
    """How many pieces of an outlet cover each theme."""
    return Counter(
        theme for result in results()[name] for theme, found in result.themes.items() if found.level == "covered"
    )


def test_fields() -> None:
    """Every record has its fields, a text of its own, and airtime where it is spoken."""
    pieces = [piece for file in records().values() for piece in file]
    assert len({piece["id"] for piece in pieces}) == len({piece["text"] for piece in pieces}) == len(pieces) == 148
    for piece in pieces:
        assert set(piece) - {"airtime"} == FIELDS
        assert ("airtime" in piece) == (piece["medium"] == "radio")
        assert 60 <= len(piece["text"].split()) <= 180, piece["id"]
        assert 20 <= piece.get("airtime", 20) <= 120, piece["id"]


def test_one_quarter() -> None:
    """All pieces are of the third quarter of 2020, in order; every outlet has one on 30 July itself."""
    for name, pieces in records().items():
        dates = [date.fromisoformat(piece["published"]) for piece in pieces]
        assert date(2020, 7, 1) <= dates[0] <= dates[-1] <= date(2020, 9, 30)
        assert dates == sorted(dates), name
        assert date(2020, 7, 30) in dates, name


def test_reprints() -> None:
    """Five pieces of the portal are the others', with another headline."""
    others = [piece for name in ("bao-cao-nguyen", "truyen-thanh-bu-prang") for piece in records()[name]]
    reprints = [
        (piece, other)
        for piece in records()["trang-tin-nam-tay-nguyen"]
        for other in others
        if fuzz.ratio(piece["text"], other["text"]) >= REPRINTED_AT
    ]
    assert len(reprints) == 5
    assert all(piece["title"] != other["title"] and piece["text"] != other["text"] for piece, other in reprints)


def test_outlets_differ() -> None:
    """The paper covers every theme, the radio no personal data, the portal hardly anything but cases."""
    paper, radio, portal = map(covered, ("bao-cao-nguyen", "truyen-thanh-bu-prang", "trang-tin-nam-tay-nguyen"))
    assert set(paper) == {"T1", "T2", "T3", "T4", "T5", "T6", "T7"}
    assert radio["T7"] == 0
    assert radio["T3"] > portal["T3"]
    assert portal["T2"] + portal["T4"] + portal["T5"] > 0.8 * portal.total()


def test_half_is_something_else() -> None:
    """About half of the pieces have nothing to do with the topic."""
    in_scope = [result.in_scope for file in results().values() for result in file]
    assert 0.4 < sum(in_scope) / len(in_scope) < 0.6
