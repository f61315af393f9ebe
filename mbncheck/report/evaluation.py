"""An evaluation as tables for a terminal, and its disagreements as a page for study."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, select_autoescape
from rich.console import Console
from rich.table import Table

from mbncheck.evaluate.scores import Disagreement, Evaluation, Score
from mbncheck.locale import number, printable, say
from mbncheck.model import LEVELS, Evidence

if TYPE_CHECKING:
    from mbncheck.check.checker import Checker


def show_evaluation(
    evaluation: Evaluation, checker: Checker, lang: str, *, rule_scores: bool = False, color: bool = True
) -> None:
    """Print the tables."""
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
        console.print(_calibration(evaluation, lang))
    if evaluation.strata:
        console.print(_strata(evaluation, lang))
    if rule_scores:
        console.print(_rules(evaluation, lang))


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


def _calibration(evaluation: Evaluation, lang: str) -> Table:
    total = sum(bin_.count for bin_ in evaluation.calibration)
    error = sum(bin_.count * abs(bin_.predicted - bin_.observed) for bin_ in evaluation.calibration) / total
    table = Table(title=say(lang, "calibration", error=number(lang, 100 * error, 1)), title_justify="left")
    for name in ("predicted", "observed", "support"):
        table.add_column(say(lang, name), justify="right")
    for bin_ in evaluation.calibration:
        shares = (number(lang, 100 * value) + " %" for value in (bin_.predicted, bin_.observed))
        table.add_row(*shares, str(bin_.count))
    return table


def _strata(evaluation: Evaluation, lang: str) -> Table:
    table = Table(say(lang, "stratum"))
    for name in ("support", "micro", "scope"):
        table.add_column(say(lang, name), justify="right")
    for name, part in evaluation.strata.items():
        table.add_row(printable(name), str(part.n), number(lang, part.micro.f1, 3), number(lang, part.scope.f1, 3))
    return table


def _rules(evaluation: Evaluation, lang: str) -> Table:
    table = Table(say(lang, "rule"))
    for name in ("fired", "right", "wrong", "precision"):
        table.add_column(say(lang, name), justify="right")
    for rule in evaluation.rules:
        precision = number(lang, rule.right / rule.fired, 2)
        table.add_row(rule.rule, str(rule.fired), str(rule.right), str(rule.wrong), precision)
    return table


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
