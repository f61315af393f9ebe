"""``mbncheck evaluate FILE…``: how often the program says what a reader says."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import options
from mbncheck.cli.progress import with_progress
from mbncheck.errors import EvaluationError
from mbncheck.locale import say


@click.command(
    "evaluate",
    help="So kết quả với nhãn của người đọc (JSONL: text, in_scope, themes).\n\n"
    "Compare results with a reader's labels (JSONL: text, in_scope, themes).",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE.jsonl…")
@options.form("text", "json")
@click.option("--by", type=click.Choice(["stratum"]), help="Chia theo nhóm / split by stratum.")
@click.option(
    "--rules",
    "--rule-scores",
    "rules",
    is_flag=True,
    help="Từng quy tắc: độ đúng, đóng góp, điều gì đổi nếu bỏ nó / each rule: precision, contribution, "
    "what would change if it were dropped.",
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False),
    metavar="OUT.html|OUT.jsonl",
    help="Ghi các chỗ khác nhau / write the disagreements.",
)
@options.lang
@options.pack_alone
@options.model
@options.no_color
def command(
    files: tuple[str, ...],
    output: str,
    by: str | None,
    rules: bool,
    errors: str | None,
    lang: str,
    pack: str,
    model: str,
    no_color: bool,
) -> None:
    """Parse, evaluate, render."""
    from mbncheck.evaluate.ablation import decided, rules_worth
    from mbncheck.evaluate.scores import as_dict, compare, compare_parts
    from mbncheck.read.labelled import read_labelled

    for file in files:
        if os.path.isdir(file):
            raise click.UsageError(say(lang, "folder_of_labels", path=file))
    checker = Checker(pack, model=model)
    themes = checker.pack.themes
    records = read_labelled(files, themes)
    readings = [checker.read(record.text) for record in with_progress(records, say(lang, "reading"))]
    results = [decided(checker, record, reading) for record, reading in zip(records, readings, strict=True)]
    evaluation = compare(records, results, themes)
    if by:
        evaluation = compare_parts(evaluation, records, results, themes, [record.stratum for record in records])
    counted = partial(with_progress, label=say(lang, "dropping_rules"))
    worth = rules_worth(checker, records, readings, results, counted) if rules else []
    if output == "json":
        figures = as_dict(evaluation) | ({"rules": [asdict(rule) for rule in worth]} if rules else {})
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        from mbncheck.report.evaluation import show_evaluation

        show_evaluation(evaluation, checker, lang, worth=worth, color=not no_color)
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
