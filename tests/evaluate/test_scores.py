"""Evaluation: figures computed by hand, and against scikit-learn's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support
from small_packs import pack_of, rule

from mbncheck import Checker, CheckResult, EvaluationError, Evidence, PackReference, ThemeResult
from mbncheck.evaluate.scores import (
    Evaluation,
    RuleScore,
    as_dict,
    best_evidence,
    compare,
    compare_parts,
    disagreements_as_lines,
    evaluate,
)
from mbncheck.model import LEVELS
from mbncheck.read.labelled import Labelled

THEMES = ("T1", "T2")
PACK = PackReference("small", "1.0.0", "0" * 64)
Levels = tuple[int, int]

# (gold, found) for T1 and T2, with the scope in gold and found.
FOUR: list[tuple[Levels, Levels, tuple[int, int]]] = [
    ((2, 0), (2, 2), (1, 1)),
    ((2, 2), (0, 2), (1, 1)),
    ((0, 2), (0, 2), (1, 0)),
    ((1, 0), (2, 0), (0, 1)),
]


def gold(levels: Levels, in_scope: int = 1, **fields: object) -> Labelled:
    """A labelled text."""
    return Labelled.model_validate(
        {"text": "Một câu. Hai câu.", "in_scope": in_scope, "themes": dict(zip(THEMES, levels, strict=True))} | fields
    )


def evidence(start: int, end: int, worth: float = 1.0, rule_id: str = "T1.x") -> Evidence:
    """Evidence that is its own sentence."""
    span = (start, end)
    return Evidence(rule_id, "1a", start, end, "x" * (end - start), (span,), span, "body", 1, start + 1, worth)


def found(
    levels: Levels,
    in_scope: int = 1,
    probabilities: Sequence[float | None] = (None, None),
    items: Mapping[str, Sequence[Evidence]] | None = None,
) -> CheckResult:
    """A result with these levels."""
    themes = {
        theme: ThemeResult(theme, LEVELS[level], (), tuple((items or {}).get(theme, ())), 0.0, 0.0, probability)
        for theme, level, probability in zip(THEMES, levels, probabilities, strict=True)
    }
    return CheckResult("", 17, bool(in_scope), None, tuple((items or {}).get("scope", ())), themes, PACK)


def of(pairs: Sequence[tuple[Levels, Levels, tuple[int, int]]]) -> Evaluation:
    """The evaluation of pairs of levels."""
    records = [gold(levels, scope) for levels, _, (scope, _) in pairs]
    return compare(records, [found(levels, scope) for _, levels, (_, scope) in pairs], THEMES)


def test_by_hand() -> None:
    """Precision, recall and F1 of themes, micro, macro and scope, as counted on paper."""
    four = of(FOUR)
    first, second = four.themes["T1"], four.themes["T2"]
    assert (first.precision, first.recall, first.f1, first.support) == (0.5, 0.5, 0.5, 2)
    assert (second.precision, second.recall, second.f1) == pytest.approx((2 / 3, 1.0, 0.8))
    assert (four.micro.precision, four.micro.recall, four.micro.f1) == pytest.approx((3 / 5, 3 / 4, 2 / 3))
    assert (four.macro.precision, four.macro.recall, four.macro.f1) == pytest.approx((7 / 12, 0.75, 0.65))
    assert (four.scope.precision, four.scope.recall, four.scope.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (four.micro.support, four.macro.support, four.scope.support) == (4, 4, 3)
    assert four.n == 4


def test_kappa_by_hand() -> None:
    """Eight decisions, five steps apart in all where 7.75 are expected by chance."""
    assert of(FOUR).kappa == pytest.approx(1 - 5 / 7.75)


def test_intervals() -> None:
    """Intervals hold the estimate, lie in [0, 1], narrow with more pieces, and are the same again."""
    small, large = of(FOUR), of(FOUR * 25)
    for name in ("micro", "macro", "scope"):
        for score in (getattr(small, name), getattr(large, name)):
            assert 0 <= score.interval[0] <= score.f1 <= score.interval[1] <= 1
        narrow, wide = getattr(large, name).interval, getattr(small, name).interval
        assert narrow[1] - narrow[0] < (wide[1] - wide[0]) / 2
    assert of(FOUR) == small


def test_perfect() -> None:
    """Where reader and program agree in everything, everything is 1."""
    perfect = of([((2, 0), (2, 0), (1, 1)), ((1, 2), (1, 2), (1, 1)), ((0, 0), (0, 0), (0, 0))])
    for score in (perfect.micro, perfect.macro, perfect.scope, *perfect.themes.values()):
        assert (score.precision, score.recall, score.f1) == (1, 1, 1)
    assert perfect.kappa == 1
    assert perfect.disagreements == ()


def test_nothing_to_find() -> None:
    """Where there is nothing to find and nothing found, figures are 0, never undefined."""
    empty = of([((0, 0), (0, 0), (0, 0))] * 3)
    for score in (empty.micro, empty.macro, empty.scope, *empty.themes.values()):
        assert (score.precision, score.recall, score.f1, score.support) == (0, 0, 0, 0)
        assert score.interval == (0, 0)
    assert (empty.kappa, empty.evidence_hit, empty.evidence_count) == (1, 0, 0)
    assert empty.calibration == {}
    assert json.dumps(as_dict(empty), allow_nan=False)


def test_nothing_at_all() -> None:
    """Without a single text there is nothing to say."""
    with pytest.raises(EvaluationError, match="Không có bài"):
        compare([], [], THEMES)


levels = st.tuples(st.integers(0, 2), st.integers(0, 2))
scopes = st.tuples(st.integers(0, 1), st.integers(0, 1))


@given(st.lists(st.tuples(levels, levels, scopes), min_size=1, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=60)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning", "ignore::RuntimeWarning")
def test_as_scikit_learn(pairs: list[tuple[Levels, Levels, tuple[int, int]]]) -> None:
    """Figures are scikit-learn's."""
    ours = of(pairs)
    read = np.array([pair[0] for pair in pairs])
    said = np.array([pair[1] for pair in pairs])
    for name, average in (("micro", "micro"), ("macro", "macro")):
        theirs = precision_recall_fscore_support(read == 2, said == 2, average=average, zero_division=0)
        score = getattr(ours, name)
        assert (score.precision, score.recall, score.f1) == pytest.approx(theirs[:3])
        assert 0 <= score.interval[0] <= score.interval[1] <= 1
    if len(set(read.ravel()) | set(said.ravel())) > 1:
        kappa = cohen_kappa_score(read.ravel(), said.ravel(), weights="linear", labels=[0, 1, 2])
        assert ours.kappa == pytest.approx(kappa)


# --- evidence, rules, disagreements -----------------------------------------------------


@pytest.mark.parametrize(
    ("words", "item", "hit", "count"),
    [
        ("Một câu", evidence(0, 8), 1.0, 1),
        ("Một câu…", evidence(0, 8), 1.0, 1),
        ("Hai câu", evidence(0, 8), 0.0, 1),
        ("Hai", evidence(9, 17), 1.0, 1),
        ("Không có câu này", evidence(0, 8), 0.0, 0),
    ],
)
def test_evidence_hits(words: str, item: Evidence, hit: float, count: int) -> None:
    """Evidence hits where the best of it stands in the sentence that the reader named."""
    weaker = evidence(9, 17, worth=0.3) if item.start == 0 else evidence(0, 8, worth=0.3)
    result = found((2, 0), items={"T1": [item, weaker]})
    one = compare([gold((2, 0), evidence={"T1": words})], [result], THEMES)
    assert (one.evidence_hit, one.evidence_count) == (hit, count)


def test_evidence_of_themes_not_found() -> None:
    """Themes that the program does not call covered have no say in the hits."""
    one = compare([gold((2, 2), evidence={"T1": "Một", "T2": "Hai"})], [found((1, 0))], THEMES)
    assert one.evidence_count == 0


def test_best_evidence() -> None:
    """The strongest, the earliest of equals."""
    items = [evidence(5, 8, 0.5), evidence(9, 12), evidence(0, 4, 0.9), evidence(3, 6)]
    best = best_evidence(items)
    assert best is not None
    assert best.start == 3
    assert best_evidence([]) is None


def test_rule_scores() -> None:
    """A rule counts once a piece, and is right where the reader saw its theme at all."""
    items = {"T1": [evidence(0, 3), evidence(9, 12)], "scope": [evidence(0, 3, rule_id="S.x")]}
    records = [gold((1, 0)), gold((0, 0), in_scope=0)]
    scores = compare(records, [found((1, 0), items=items)] * 2, THEMES).rules
    assert list(scores) == [RuleScore("S.x", 2, 1, 1), RuleScore("T1.x", 2, 1, 1)]


def test_disagreements() -> None:
    """Pieces that differ in the scope or in what is covered, with both sides; mentioned or absent is no matter."""
    four = of(FOUR)
    assert [dict(item.differences) for item in four.disagreements] == [
        {"T2": (0, 2)},
        {"T1": (2, 0)},
        {"scope": (1, 0)},
        {"scope": (0, 1), "T1": (1, 2)},
    ]
    assert of([((1, 0), (0, 1), (1, 1))]).disagreements == ()
    lines = [json.loads(line) for line in disagreements_as_lines(four)]
    assert lines[0]["differences"] == {"T2": [0, 2]}
    assert lines[0]["text"] == "Một câu. Hai câu."


# --- whole runs --------------------------------------------------------------------------------------


@pytest.fixture
def checker() -> Checker:
    """A small checker of one theme."""
    return Checker(pack_of(theme=[rule("T1.x", "~hứa", element="1a", worth=1.0)]), model=None)


def test_evaluate(checker: Checker) -> None:
    """Every text is checked and compared; themes that a record leaves out are absent."""
    texts = ["Nạn buôn người. Họ hứa đấy.", "Nạn buôn người.", "Trời mưa."]
    records = [Labelled(text=text, in_scope=1, themes={"T1": 2} if n == 0 else {}) for n, text in enumerate(texts)]
    whole = evaluate(checker.check_article, records, checker.pack.themes)
    assert whole.micro.f1 == 1.0
    assert whole.scope.recall == pytest.approx(2 / 3)
    assert whole.strata == {}


def test_strata(checker: Checker) -> None:
    """Strata are sorted; records without one stand under a dash; each is evaluated as if alone."""
    records = [
        Labelled(text="Nạn buôn người. Họ hứa đấy.", in_scope=1, themes={"T1": 2}, stratum="news"),
        Labelled(text="Trời mưa.", in_scope=0, themes={"T1": 0}, stratum=""),
        Labelled(text="Nạn buôn người.", in_scope=1, themes={"T1": 2}, stratum="news"),
    ]
    whole = evaluate(checker.check_article, records, checker.pack.themes, by_stratum=True)
    assert {name: part.n for name, part in whole.strata.items()} == {"-": 1, "news": 2}
    assert list(whole.strata) == sorted(whole.strata)
    alone = evaluate(checker.check_article, records[::2], checker.pack.themes)
    assert as_dict(whole.strata["news"]) == as_dict(alone)
    assert whole.strata["-"].micro.support == 0


def test_parts_by_any_label() -> None:
    """Parts may be named from outside: files, say."""
    records = [gold((2, 0)), gold((0, 2)), gold((0, 0))]
    results = [found((2, 0)), found((0, 0)), found((0, 0))]
    whole = compare_parts(compare(records, results, THEMES), records, results, THEMES, ["b", "a", "b"])
    assert {name: part.micro.f1 for name, part in whole.strata.items()} == {"a": 0.0, "b": 1.0}


def test_as_dict_is_plain() -> None:
    """The figures are plain JSON, without texts."""
    figures = json.loads(json.dumps(as_dict(of(FOUR)), allow_nan=False))
    assert figures["themes"]["T2"]["recall"] == 1.0
    assert len(figures["micro"]["interval"]) == 2
    assert "disagreements" not in figures
