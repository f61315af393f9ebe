"""``mbncheck label ARTICLE``: record an editor's decision, asked for or given."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import FAILED, options
from mbncheck.cli.reading import Rejections, articles_at
from mbncheck.errors import EvaluationError
from mbncheck.locale import say
from mbncheck.model import LEVELS, Article, CheckResult

if TYPE_CHECKING:
    from mbncheck.label import Decision
    from mbncheck.read.options import ReadOptions

YES = {"yes": True, "no": False}
STANDARD_INPUT = "-"


@click.command(
    "label",
    help="Ghi quyết định của biên tập viên về một bài, kèm lý do, vào tệp mà evaluate và train đọc được. "
    "Không cho --set, --scope, --from thì chương trình hỏi từng mục. Tệp ghi cả nguyên văn bài.\n\n"
    "Record an editor's decision on a piece with its reason, in a file that evaluate and train read. "
    "Without --set, --scope, --from it asks. The file holds the whole text.",
)
@click.argument("article", required=False, metavar="[ARTICLE]")
@click.option("--id", "article_id", metavar="ID", help="Bài nào, khi tệp có nhiều bài / which of several articles.")
@click.option("--set", "levels", multiple=True, metavar="T4=covered", help="Mức của chủ đề / the level of a theme.")
@click.option("--scope", type=click.Choice(list(YES)), help="Thuộc phạm vi hay không / in scope or not.")
@click.option(
    "--evidence",
    "quotes",
    multiple=True,
    metavar="T4=WORDS",
    help="Chữ trong bài thể hiện rõ nhất / words that show it.",
)
@click.option("--reason", default="", metavar="TEXT", help="Lý do / why.")
@click.option("--by", default="", metavar="NAME", help="Người quyết định / who decides.")
@click.option(
    "--from",
    "source",
    metavar="FILE.json|-",
    help="Quyết định dạng JSON: kết quả của check --format json đã sửa, hoặc danh sách quyết định / "
    "decisions in JSON: an edited result of check --format json, or a list of decisions.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="decisions.jsonl",
    show_default=True,
    metavar="FILE.jsonl",
    help="Tệp ghi thêm vào / the file to add to.",
)
@options.lang
@options.pack
@options.model
@options.no_color
@options.reading
def command(
    article: str | None,
    article_id: str | None,
    levels: tuple[str, ...],
    scope: str | None,
    quotes: tuple[str, ...],
    reason: str,
    by: str,
    source: str | None,
    out: Path,
    lang: str,
    pack: str,
    model: str,
    no_color: bool,
    reading: ReadOptions,
) -> None:
    """Parse, ask where nothing is given, record."""
    from mbncheck.label import append_records, decisions_from_json, record_of

    checker = Checker(pack, model=model)
    if source:
        decisions = [_completed(one, reason, by) for one in decisions_from_json(_read(source))]
    else:
        decisions = [_decision(levels, scope, quotes, reason, by, lang)]
    records = []
    for decision in decisions:
        piece = _piece(decision, article, article_id, lang, reading)
        result = checker.check_article(piece)
        if not (source or levels or scope or quotes):
            _show(checker, piece, result, lang, no_color)
            decision = _asked(checker, result, decision, lang)
        records.append(record_of(piece, result, decision, date.today()))
    try:
        append_records(out, records)
    except OSError as error:
        raise EvaluationError(
            say("vi", "cannot_write", path=out, reason=error.strerror),
            say("en", "cannot_write", path=out, reason=error.strerror),
        ) from None
    for record in records:
        click.echo(_summary(record, lang))
    click.echo(say(lang, "written", path=out))


def _read(source: str) -> str:
    from mbncheck.label import MAX_JSON

    try:
        if source == STANDARD_INPUT:
            return sys.stdin.read(MAX_JSON + 1)
        with open(source, encoding="utf-8-sig") as file:
            return file.read(MAX_JSON + 1)
    except (OSError, UnicodeDecodeError):
        raise EvaluationError(
            f"{source}: không đọc được (cần JSON, UTF-8).", f"{source}: cannot be read (JSON in UTF-8 is needed)."
        ) from None


def _completed(decision: Decision, reason: str, by: str) -> Decision:
    """A decision from JSON, with reason and name from the command line where it has none of its own."""
    return decision.model_copy(update={"reason": decision.reason or reason, "by": decision.by or by})


def _decision(
    levels: tuple[str, ...], scope: str | None, quotes: tuple[str, ...], reason: str, by: str, lang: str
) -> Decision:
    from mbncheck.label import Decision, level_of

    themes = {}
    for theme, word in _pairs(levels, "--set", lang):
        try:
            themes[theme] = level_of(word)
        except ValueError:
            raise click.UsageError(say(lang, "wrong_level", theme=theme, level=word)) from None
    evidence = dict(_pairs(quotes, "--evidence", lang))
    in_scope = YES[scope] if scope else None
    return Decision(in_scope=in_scope, themes=themes, evidence=evidence, reason=reason, by=by)


def _pairs(values: Iterable[str], option: str, lang: str) -> Iterable[tuple[str, str]]:
    for value in values:
        theme, equals, rest = value.partition("=")
        if not (theme and equals and rest):
            raise click.UsageError(say(lang, "not_a_pair", option=option, value=value))
        yield theme.strip(), rest


def _piece(decision: Decision, path: str | None, article_id: str | None, lang: str, reading: ReadOptions) -> Article:
    """The one article that is meant: named on the command line, or by the decision itself."""
    if path is None and decision.text:
        return Article(decision.text, id=decision.id)
    where = path or decision.article
    if not where:
        raise click.UsageError(say(lang, "which_article"))
    rejections = Rejections(lang)
    wanted = article_id or decision.id
    found = [
        one
        for one in rejections.without(articles_at([where], reading))
        if not wanted or wanted in (one.id, one.id.removeprefix(f"{where}#"))
    ]
    if rejections.count:
        sys.exit(FAILED)
    if len(found) != 1:
        raise click.UsageError(say(lang, "one_article", path=where, count=len(found)))
    return found[0]


def _show(checker: Checker, piece: Article, result: CheckResult, lang: str, no_color: bool) -> None:
    from mbncheck.report.terminal import TextReport

    TextReport(checker, lang, checker.pack.themes, color=False if no_color else None).show([(piece, result)])


def _asked(checker: Checker, result: CheckResult, decision: Decision, lang: str) -> Decision:
    """The decision of whoever sits at the terminal; Enter keeps what the program says."""
    from mbncheck.label import levels_of

    levels = " · ".join(f"{number} {say(lang, level)}" for number, level in enumerate(LEVELS))
    in_scope = click.prompt(
        say(lang, "ask_scope"), default=str(int(result.in_scope)), value_proc=_answer(say(lang, "scope"), 1, lang)
    )
    highest = len(LEVELS) - 1 if in_scope else LEVELS.index("mentioned")
    themes = {
        theme: click.prompt(
            f"{theme} {checker.pack.theme_title(theme, lang)} ({levels})",
            default=str(min(level, highest)),
            value_proc=_answer(theme, highest, lang),
        )
        for theme, level in levels_of(result).items()
    }
    return decision.model_copy(
        update={
            "in_scope": in_scope == 1,
            "themes": themes,
            "reason": decision.reason or click.prompt(say(lang, "ask_reason")),
            "by": decision.by or click.prompt(say(lang, "ask_by"), default=getpass.getuser()),
        }
    )


def _answer(name: str, highest: int, lang: str) -> Callable[[str], int]:
    """Reads an answer up to ``highest``; anything else is asked again."""
    from mbncheck.label import level_of

    def read(word: str) -> int:
        try:
            level = level_of(word)
        except ValueError:
            level = -1
        if not 0 <= level <= highest:
            allowed = ", ".join(str(number) for number in range(highest + 1))
            raise click.UsageError(say(lang, "wrong_answer", name=name, answer=word, allowed=allowed))
        return level

    return read


def _summary(record: dict[str, Any], lang: str) -> str:
    """Where the decision departs from the program's."""
    program = record["program"]
    moves = []
    if record["in_scope"] != program["in_scope"]:
        moves.append(say(lang, "in_scope" if record["in_scope"] else "out_of_scope"))
    for theme, level in record["themes"].items():
        before = program["themes"][theme]
        if level != before:
            moves.append(f"{theme} {say(lang, LEVELS[before])} → {say(lang, LEVELS[level])}")
    key = "decision_differs" if moves else "decision_agrees"
    return say(lang, key, article=record["id"] or "-", by=record["by"], moves="; ".join(moves))
