"""``mbncheck PATH…``: check articles and show the words that prove each theme."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import FAILED, options
from mbncheck.cli.reading import Rejections
from mbncheck.locale import say
from mbncheck.model import Article, CheckResult, Rejected
from mbncheck.read.files import ReadOptions, articles_of, find_files

MANY = 20  # files, from which on a progress bar is worth looking at


@click.command(
    "check",
    help="Kiểm tra tệp, thư mục, mẫu tên tệp; '-' là đầu vào chuẩn.\n\n"
    "Check files, folders and patterns; '-' is standard input.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@options.form("text", "json", "jsonl")
@options.lang
@options.pack
@options.model
@click.option("--theme", "themes", multiple=True, metavar="T1…", help="Chỉ xem chủ đề này / only this theme.")
@click.option("--explain", is_flag=True, help="Nêu quy tắc và trọng số / show rules and weights.")
@click.option("--quiet", is_flag=True, help="Chỉ in dòng kết luận / only the closing line.")
@options.no_color
@options.reading
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
    reading: ReadOptions,
) -> None:
    """Parse, check, render."""
    checker = Checker(pack, model=model)
    wanted = _wanted(checker, themes, lang)
    found = list(find_files(paths))
    if output == "text":
        from mbncheck.report.terminal import TextReport

        report = TextReport(checker, lang, wanted, explain=explain, quiet=quiet, color=_color(no_color))
        at_terminal = report.is_at_terminal and len(found) >= MANY
        counted = report.with_progress(found) if at_terminal else _with_progress(found, lang)
        failed = report.show(_outcomes(checker, counted, reading))
    else:
        from mbncheck.report.json import write_json

        outcomes = _outcomes(checker, _with_progress(found, lang), reading)
        failed = write_json(outcomes, sys.stdout, wanted, lines=output == "jsonl", warn=Rejections(lang).tell)
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


def _outcomes(
    checker: Checker, found: Iterable[str | Rejected], reading: ReadOptions
) -> Iterator[tuple[Article, CheckResult] | Rejected]:
    for item in found:
        if isinstance(item, Rejected):
            yield item
            continue
        for article in articles_of(item, reading):
            yield article if isinstance(article, Rejected) else (article, checker.check_article(article))


def _with_progress(found: list[str | Rejected], lang: str) -> Iterator[str | Rejected]:
    """The files, with a bar on standard error where many are read at a terminal and results go elsewhere."""
    if len(found) < MANY or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from found
        return
    with click.progressbar(found, label=say(lang, "reading"), file=sys.stderr) as bar:
        yield from bar
