"""``mbncheck evaluate FILE…``: how often the program says what a reader says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import options
from mbncheck.errors import EvaluationError
from mbncheck.locale import say


@click.command(
    "evaluate",
    help="So kết quả với nhãn của người đọc (JSONL: text, in_scope, themes).\n\n"
    "Compare results with a reader's labels (JSONL: text, in_scope, themes).",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE.jsonl…")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Dạng kết quả / form of the output.",
)
@click.option("--by", type=click.Choice(["stratum"]), help="Chia theo nhóm / split by stratum.")
@click.option("--rule-scores", is_flag=True, help="Thêm bảng từng quy tắc / add the table of rules.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False),
    metavar="OUT.html|OUT.jsonl",
    help="Ghi các chỗ khác nhau / write the disagreements.",
)
@options.lang
@options.rules
@options.model
@options.no_color
def command(
    files: tuple[str, ...],
    output: str,
    by: str | None,
    rule_scores: bool,
    errors: str | None,
    lang: str,
    pack: str,
    model: str,
    no_color: bool,
) -> None:
    """Parse, evaluate, render."""
    from mbncheck.evaluate.scores import as_dict, evaluate
    from mbncheck.read.labelled import read_labelled

    checker = Checker(pack, model=model)
    records = read_labelled(files, checker.pack.themes)
    evaluation = evaluate(checker.check_article, records, checker.pack.themes, by_stratum=by == "stratum")
    if output == "json":
        json.dump(as_dict(evaluation), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        from mbncheck.report.evaluation import show_evaluation

        show_evaluation(evaluation, checker, lang, rule_scores=rule_scores, color=not no_color)
    if errors:
        _write_errors(Path(errors), evaluation, checker, lang)
        click.echo(say(lang, "written", path=errors), err=True)


def _write_errors(path: Path, evaluation, checker, lang: str) -> None:  # type: ignore[no-untyped-def]
    from mbncheck.evaluate.scores import disagreements_as_lines
    from mbncheck.report.evaluation import disagreements_page

    if path.suffix.lower() in (".html", ".htm"):
        content = disagreements_page(evaluation, checker, lang)
    else:
        content = "".join(f"{line}\n" for line in disagreements_as_lines(evaluation))
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            say("vi", "cannot_write", path=path, reason=error.strerror),
            say("en", "cannot_write", path=path, reason=error.strerror),
        ) from None
