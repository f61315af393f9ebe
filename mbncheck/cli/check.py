"""``mbncheck PATH…``: check articles and show the words that prove each theme."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import FAILED, options
from mbncheck.locale import say
from mbncheck.model import Article, CheckResult, Rejected
from mbncheck.read.files import find_files, read_file


@click.command(
    "check",
    help="Kiểm tra tệp, thư mục, mẫu tên tệp; '-' là đầu vào chuẩn.\n\n"
    "Check files, folders and patterns; '-' is standard input.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Dạng kết quả / form of the output.",
)
@options.lang
@options.pack
@options.model
@click.option("--theme", "themes", multiple=True, metavar="T1…", help="Chỉ xem chủ đề này / only this theme.")
@click.option("--explain", is_flag=True, help="Nêu quy tắc và trọng số / show rules and weights.")
@click.option("--quiet", is_flag=True, help="Chỉ in dòng kết luận / only the closing line.")
@options.no_color
def command(
    paths: tuple[str, ...],
    output: str,
    lang: str,
    pack: str,
    model: str,
    themes: tuple[str, ...],
    explain: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Parse, check, render."""
    checker = Checker(pack, model=model)
    wanted = _wanted(checker, themes, lang)
    outcomes = _outcomes(checker, paths, lang)
    if output == "text":
        from mbncheck.report.terminal import TextReport

        report = TextReport(checker, lang, wanted, explain=explain, quiet=quiet, color=_color(no_color))
        failed = report.show(outcomes)
    else:
        from mbncheck.report.json import write_json

        failed = write_json(outcomes, sys.stdout, wanted, lines=output == "jsonl", warn=_warner(lang))
    if failed:
        sys.exit(FAILED)


def _wanted(checker: Checker, themes: tuple[str, ...], lang: str) -> tuple[str, ...]:
    known = checker.pack.themes
    for theme in themes:
        if theme not in known:
            raise click.UsageError(say(lang, "unknown_theme", theme=theme, themes=", ".join(known)))
    return tuple(theme for theme in known if theme in themes) if themes else known


def _color(no_color: bool) -> bool | None:
    """False: never; None: where the output is a terminal that takes it."""
    return False if no_color else None


def _warner(lang: str):  # type: ignore[no-untyped-def]
    def warn(rejected: Rejected) -> None:
        reason, remedy = (
            (rejected.reason_en, rejected.remedy_en) if lang == "en" else (rejected.reason_vi, rejected.remedy_vi)
        )
        click.echo(say(lang, "rejected", path=rejected.path, reason=reason, remedy=remedy), err=True)

    return warn


def _outcomes(checker: Checker, paths: tuple[str, ...], lang: str) -> Iterator[tuple[Article, CheckResult] | Rejected]:
    found = list(find_files(paths))
    for item in _with_progress(found, lang):
        article = item if isinstance(item, Rejected) else read_file(item)
        if isinstance(article, Rejected):
            yield article
        else:
            yield article, checker.check_article(article)


def _with_progress(found: list[str | Rejected], lang: str) -> Iterator[str | Rejected]:
    """The files, with a progress bar on standard error where many are read at a terminal."""
    if len(found) < 20 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from found
        return
    with click.progressbar(found, label=say(lang, "reading"), file=sys.stderr) as bar:
        yield from bar
