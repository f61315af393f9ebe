"""An evaluation as tables for a terminal, and its disagreements as a page for study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, select_autoescape
from rich.console import Console
from rich.table import Table

from mbncheck.evaluate.ablation import RuleWorth
from mbncheck.evaluate.calibration import ALL, SCOPE, THEME_BINS, Doubt, Reliability
from mbncheck.evaluate.scores import Disagreement, Evaluation, Score
from mbncheck.locale import number, printable, say
from mbncheck.model import LEVELS, Evidence

if TYPE_CHECKING:
    from mbncheck.check.checker import Checker


SHOWN_FLIPS = 6  # pieces named for a rule; all of them stand in the JSON


def show_evaluation(
    evaluation: Evaluation, checker: Checker, lang: str, *, worth: Sequence[RuleWorth] = (), color: bool = True
) -> None:
    """Print the tables; that of rules where there is a ``worth`` of any."""
    console = Console(no_color=not color, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = max(console.width, 110)
    model = checker.reader.name if checker.reader else say(lang, "model_none")
    reference = checker.pack.reference
    pack = f"{reference.id} {reference.version} ({reference.hash[:12]})"
    console.print(say(lang, "evaluate_title", count=evaluation.n, pack=pack, model=model), style="bold")
    console.print(_scores(evaluation, checker, lang))
    console.print(say(lang, "kappa", value=number(lang, evaluation.kappa, 3)))
    hit = number(lang, 100 * evaluation.evidence_hit, 1)
    console.print(say(lang, "evidence_hit", value=hit, count=evaluation.evidence_count))
    if evaluation.calibration:
        console.print(_calibration_heading(evaluation.calibration[ALL], lang))
        console.print(_calibration(evaluation.calibration[ALL], lang))
        console.print(say(lang, "reliability"))
        console.print(_reliability(evaluation.calibration, lang))
        console.print(_doubt(evaluation.doubt, lang))
    if evaluation.strata:
        console.print(_strata(evaluation, lang))
    if worth:
        console.print(say(lang, "rules_title"))
        console.print(_rules(worth, lang))
        for line in _flips(worth, lang):
            console.print(line, soft_wrap=True)


def _scores(evaluation: Evaluation, checker: Checker, lang: str) -> Table:
    table = Table(say(lang, "theme"))
    for name in ("precision", "recall", "f1"):
        table.add_column(say(lang, name), justify="right")
    table.add_column(say(lang, "interval"), justify="right")
    table.add_column(say(lang, "support"), justify="right")
    for theme, score in evaluation.themes.items():
        table.add_row(f"{theme} {checker.pack.theme_title(theme, lang)}", *_cells(score, lang))
    table.add_section()
    for name in ("micro", "macro", "scope"):
        table.add_row(say(lang, name), *_cells(getattr(evaluation, name), lang), style="bold")
    return table


def _cells(score: Score, lang: str) -> Iterable[str]:
    for value in (score.precision, score.recall, score.f1):
        yield number(lang, value, 3)
    yield f"{number(lang, score.interval[0], 2)} – {number(lang, score.interval[1], 2)}"
    yield str(score.support)


def _calibration_heading(reliability: Reliability, lang: str) -> str:
    error, brier = number(lang, 100 * reliability.error, 1), number(lang, reliability.brier, 3)
    low, high = (number(lang, 100 * value, 1) for value in reliability.interval)
    return say(lang, "calibration", error=error, low=low, high=high, brier=brier)


def _calibration(reliability: Reliability, lang: str) -> Table:
    table = Table()
    for name in ("predicted", "observed", "decisions"):
        table.add_column(say(lang, name), justify="right")
    for bin_ in reliability.bins:
        table.add_row(_percent(bin_.predicted, lang), _percent(bin_.observed, lang), str(bin_.count))
    return table


def _reliability(calibration: Mapping[str, Reliability], lang: str) -> Table:
    """A row a theme: of the decisions that each bin holds, the share that were so."""
    table = Table(say(lang, "theme"), pad_edge=False)
    width = 100 // THEME_BINS
    for start in range(0, 100, width):
        table.add_column(f"{start}–{start + width} %", justify="right")
    table.add_column("Brier", justify="right")
    table.add_column(say(lang, "calibration_error"), justify="right")
    for name, reliability in calibration.items():
        if name == ALL:
            continue
        cells = ["–"] * THEME_BINS
        for bin_ in reliability.bins:
            cells[round(bin_.low * THEME_BINS)] = f"{_percent(bin_.observed, lang)} ({bin_.count})"
        low, high = (number(lang, 100 * value, 1) for value in reliability.interval)
        error = f"{number(lang, 100 * reliability.error, 1)} ({low} – {high})"
        table.add_row(say(lang, "scope") if name == SCOPE else name, *cells, number(lang, reliability.brier, 3), error)
    return table


def _doubt(doubt: Doubt, lang: str) -> str:
    def wrong(count: int, of: int) -> str:
        return number(lang, 100 * count / of, 1) if of else "–"

    return say(
        lang,
        "doubt",
        unsure=doubt.unsure,
        unsure_wrong=wrong(doubt.unsure_wrong, doubt.unsure),
        sure=doubt.sure,
        sure_wrong=wrong(doubt.sure_wrong, doubt.sure),
    )


def _percent(share: float, lang: str) -> str:
    return f"{number(lang, 100 * share)} %"


def _strata(evaluation: Evaluation, lang: str) -> Table:
    table = Table(say(lang, "stratum"))
    for name in ("support", "micro", "scope"):
        table.add_column(say(lang, name), justify="right")
    for name, part in evaluation.strata.items():
        table.add_row(printable(name), str(part.n), number(lang, part.micro.f1, 3), number(lang, part.scope.f1, 3))
    return table


def _rules(worth: Sequence[RuleWorth], lang: str) -> Table:
    table = Table(say(lang, "rule"))
    for name in ("fired", "right", "wrong", "precision", "contribution", "scope_contribution", "flips"):
        table.add_column(say(lang, name), justify="right")
    for rule in worth:
        precision = number(lang, rule.right / rule.fired, 2)
        parts = (_points(rule.contribution, lang), _points(rule.scope_contribution, lang))
        counts = (str(rule.fired), str(rule.right), str(rule.wrong))
        table.add_row(rule.rule, *counts, precision, *parts, str(len(rule.flips) or "–"))
    return table


def _points(difference: float, lang: str) -> str:
    """A difference of F1 in hundredths, with its sign."""
    hundredths = round(100 * difference, 2)
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else ""
    return sign + number(lang, abs(hundredths), 2)


def _flips(worth: Sequence[RuleWorth], lang: str) -> Iterable[str]:
    """A line a rule: which pieces would be decided otherwise without it."""
    if any(rule.flips for rule in worth):
        yield say(lang, "flips_title")
    for rule in worth:
        flips = [
            f"{flip.piece} {say(lang, 'scope') if flip.theme == SCOPE else flip.theme} "
            f"{_level(flip.theme, flip.before, lang)} → {_level(flip.theme, flip.after, lang)}"
            for flip in rule.flips[:SHOWN_FLIPS]
        ]
        more = len(rule.flips) - len(flips)
        if flips:
            yield printable(f"  {rule.rule}: {'; '.join(flips)}") + (
                f"; {say(lang, 'more', count=more)}" if more else ""
            )


def disagreements_page(evaluation: Evaluation, checker: Checker, lang: str) -> str:
    """An HTML page, self-contained, all text escaped: every disagreement with its evidence marked."""
    environment = Environment(loader=PackageLoader("mbncheck.report"), autoescape=select_autoescape(default=True))
    template = environment.get_template("disagreements.html")
    return template.render(
        lang=lang,
        title=say(lang, "disagreements", count=len(evaluation.disagreements)),
        pieces=[_piece(item, checker, lang) for item in evaluation.disagreements],
        reader=say(lang, "reader_says"),
        program=say(lang, "program_says"),
    )


def _piece(item: Disagreement, checker: Checker, lang: str) -> dict[str, object]:
    evidence = [
        (theme, piece)
        for theme, found in item.result.themes.items()
        if theme in item.differences
        for piece in found.evidence
    ]
    if "scope" in item.differences:
        evidence += [("scope", piece) for piece in item.result.scope_evidence]
    return {
        "id": item.record.id,
        "stratum": item.record.stratum,
        "differences": [
            (theme, _title(theme, checker, lang), _level(theme, pair[0], lang), _level(theme, pair[1], lang))
            for theme, pair in item.differences.items()
        ],
        "gold": [(theme, words) for theme, words in item.record.evidence.items() if theme in item.differences],
        "runs": list(_runs(item.record.text, evidence)),
    }


def _title(theme: str, checker: Checker, lang: str) -> str:
    return say(lang, "scope") if theme == "scope" else checker.pack.theme_title(theme, lang)


def _level(theme: str, value: int, lang: str) -> str:
    if theme == "scope":
        return say(lang, "in_scope" if value else "out_of_scope")
    return say(lang, LEVELS[value])


def _runs(text: str, evidence: Iterable[tuple[str, Evidence]]) -> Iterable[tuple[str, str]]:
    """The text as runs: (words, what they prove), nothing where they prove nothing; overlaps go to the first."""
    position = 0
    marks = sorted((part, f"{theme} {item.rule}") for theme, item in evidence for part in item.parts)
    for (start, end), label in marks:
        if start < position:
            continue
        yield text[position:start], ""
        yield text[start:end], label
        position = end
    yield text[position:], ""
