"""What a learned reader leaves standing of the rules' evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbncheck import Checker
from mbncheck.check.evidence import Reading
from mbncheck.check.levels import MENTIONED_AT, SHOWN_AT, Judgement, theme_results
from mbncheck.model import Evidence, ThemeResult

TEXT = (
    "Công an tỉnh Đắk Nông khởi tố hai bị can về tội mua bán người.\n"
    "Hai nạn nhân bị lừa bán sang Trung Quốc đã được giải cứu, đưa về với gia đình.\n"
    "Bộ đội biên phòng bắt giữ một đối tượng mua bán người."
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    """A piece with evidence of T2 in three sentences."""
    found = Checker(model=None).read(TEXT)
    assert found is not None
    assert len({item.sentence for item in _of("T2", found)}) == 3
    return found


def _of(theme: str, reading: Reading) -> list[Evidence]:
    return [item for item, of in zip(reading.evidence, reading.themes, strict=True) if of == theme]


def decided(reading: Reading, by_line: list[float], *, in_scope: bool = True, probability: float = 0.9) -> ThemeResult:
    """T2, where the sentence of each line is so likely to carry it."""
    evidence = tuple(_of("T2", reading))
    judgement = Judgement(
        scope=0.9,
        in_scope=in_scope,
        probabilities={"T2": probability},
        covered=frozenset({"T2"} if probability > 0.5 else ()),
        unsure=frozenset(),
        likelihoods=tuple(by_line[item.line - 1] for item in evidence),
        carrying={},
    )
    only = replace(reading, evidence=evidence, themes=("T2",) * len(evidence))
    return theme_results(only, in_scope, ["T2"], judgement)["T2"]


def test_in_scope_the_unlikely_give_way(reading: Reading) -> None:
    """A sentence that hardly carries the theme is not shown beside one that does."""
    found = decided(reading, [0.8, SHOWN_AT / 2, SHOWN_AT])
    assert {item.line for item in found.evidence} == {1, 3}
    assert found.level == "covered"


def test_in_scope_something_stays(reading: Reading) -> None:
    """Where every sentence is unlikely the likeliest stays, so that a covered theme shows evidence."""
    found = decided(reading, [SHOWN_AT / 8, SHOWN_AT / 4, SHOWN_AT / 8])
    assert {item.line for item in found.evidence} == {2}


@pytest.mark.parametrize(
    ("sentence", "probability", "level"),
    [
        (MENTIONED_AT, MENTIONED_AT, "mentioned"),
        (MENTIONED_AT / 2, MENTIONED_AT, "absent"),
        (MENTIONED_AT, MENTIONED_AT / 2, "absent"),
    ],
)
def test_out_of_scope_both_must_be_likely(reading: Reading, sentence: float, probability: float, level: str) -> None:
    """Out of scope a theme is mentioned only where the piece and a sentence are likely enough."""
    found = decided(reading, [sentence, 0.0, 0.0], in_scope=False, probability=probability)
    assert found.level == level
    assert bool(found.evidence) == (level == "mentioned")
    assert found.total > 0  # the rules' own sum is told all the same
