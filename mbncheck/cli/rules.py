"""``mbncheck rules list | show | test | lint | diff | schema``: for those who write rules."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from mbncheck.cli import FAILED, options
from mbncheck.cli.progress import with_progress
from mbncheck.cli.reading import Rejections, articles_at
from mbncheck.locale import number, say

if TYPE_CHECKING:
    from mbncheck.check.checker import Checker
    from mbncheck.read.options import ReadOptions

FOUND = 1


@click.group("rules", help="Xem, thử, soát, so bộ quy tắc.\n\nList, show, test, lint and compare the rules of a pack.")
def command() -> None:
    """The group of commands on rules."""


@command.command("list", help="Liệt kê quy tắc / list the rules.")
@options.lang
@options.pack
def list_rules(lang: str, pack: str) -> None:
    """One line a rule: id, element, worth, title."""
    from mbncheck.pack.load import load_pack

    for rule in load_pack(pack).rules():
        element, worth = getattr(rule, "element", "-"), getattr(rule, "worth", None)
        value = "-" if worth is None else number(lang, worth, 2)
        click.echo(f"{rule.id}\t{element}\t{value}\t{getattr(rule.title, lang)}")


@command.command("show", help="Xem một quy tắc / show one rule.")
@click.argument("rule_id", metavar="ID")
@options.lang
@options.pack
def show_rule(rule_id: str, lang: str, pack: str) -> None:
    """Everything a rule says of itself."""
    from mbncheck.pack.load import load_pack

    rule = next((rule for rule in load_pack(pack).rules() if rule.id == rule_id), None)
    if rule is None:
        raise click.UsageError(say(lang, "no_such_rule", rule=rule_id))
    click.echo(f"{rule.id}: {getattr(rule.title, lang)}")
    for key, field in (("rule_element", "element"), ("rule_worth", "worth")):
        if hasattr(rule, field):
            click.echo(f"{say(lang, key)}: {getattr(rule, field)}")
    pattern = rule.model_dump(mode="json", exclude_defaults=True)["pattern"]
    click.echo(f"{say(lang, 'rule_pattern')}: {json.dumps(pattern, ensure_ascii=False)}")
    for key, sentences in (("rule_examples", rule.examples), ("rule_near_misses", rule.near_misses)):
        click.echo(f"{say(lang, key)}:")
        for sentence in sentences:
            click.echo(f"  - {sentence}")


@command.command("test", help="Chạy các câu thử của quy tắc / run the rules' own sentences.")
@click.option("--only", "prefix", default="", metavar="PREFIX", help="Chỉ các mã bắt đầu như vậy / ids that start so.")
@options.lang
@options.pack
def test_rules(prefix: str, lang: str, pack: str) -> None:
    """Every example must match, no near miss may; exit 1 where one fails."""
    from mbncheck.pack.load import load_pack
    from mbncheck.pack.proof import failures

    loaded = load_pack(pack)
    failed = list(failures(loaded, prefix))
    for failure in failed:
        reason = say(lang, "must_match" if failure.expected else "must_not_match")
        click.echo(f"{failure.rule}: {reason}: {failure.sentence}")
    if failed:
        click.echo(say(lang, "rules_failed", count=len(failed)))
        sys.exit(FOUND)
    rules = [rule for rule in loaded.rules() if rule.id.startswith(prefix)]
    sentences = sum(len(rule.examples) + len(rule.near_misses) for rule in rules)
    click.echo(say(lang, "rules_ok", count=len(rules), sentences=sentences))


@command.command(
    "lint",
    help="Tìm quy tắc thừa, không thể khớp hoặc không bao giờ khớp.\n\n"
    "Find rules that are redundant, impossible, or silent on texts (JSONL with a text field).",
)
@click.option(
    "--corpus", multiple=True, type=click.Path(dir_okay=False), metavar="FILE.jsonl", help="Văn bản để thử / texts."
)
@options.lang
@options.pack
def lint_rules(corpus: tuple[str, ...], lang: str, pack: str) -> None:
    """Problems one a line; exit 1 where there are any."""
    from mbncheck.pack.lint import lint
    from mbncheck.pack.load import load_pack
    from mbncheck.read.tables import read_texts

    loaded = load_pack(pack)
    problems = list(lint(loaded, read_texts(corpus)))
    for problem in problems:
        click.echo(say(lang, problem.key, **problem.values))
    if problems:
        click.echo(say(lang, "lint_found", count=len(problems)))
        sys.exit(FOUND)
    click.echo(say(lang, "lint_ok", count=len(loaded.rules())))


@command.command(
    "diff",
    help="Bài nào đổi phạm vi, đổi mức giữa hai bộ quy tắc hoặc hai mô hình. OLD, NEW: tên hoặc thư mục bộ quy tắc, "
    "tệp mô hình .json, none, default.\n\n"
    "Which pieces change scope or level between two packs or models. OLD, NEW: id or folder of a pack, "
    "a model file .json, none, default.",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("paths", nargs=-1, required=True, metavar="ARCHIVE…")
@options.form("text", "json")
@options.lang
@options.pack
@options.model
@options.no_color
@options.reading
def diff_rules(
    old: str,
    new: str,
    paths: tuple[str, ...],
    output: str,
    lang: str,
    pack: str,
    model: str,
    no_color: bool,
    reading: ReadOptions,
) -> None:
    """Check every piece twice and show what differs; exit 2 where a file could not be read."""
    from mbncheck.evaluate.changes import Tally, change_as_dict, changes, side_as_dict, tally_as_dict
    from mbncheck.report.changes import ChangesReport

    sides = (_checker(old, pack, model), _checker(new, pack, model))
    report = ChangesReport(*sides, lang, color=not no_color)
    tally, found, rejected = Tally(), [], Rejections(lang)
    if output == "text":
        report.heading()
    for change in changes(*sides, with_progress(rejected.without(articles_at(paths, reading)), say(lang, "reading"))):
        tally.add(change)
        if change and output == "text":
            report.show(change)
        elif change:
            found.append(change_as_dict(change))
    if output == "text":
        report.closing(tally, rejected.count)
    else:
        compared = dict(zip(("old", "new"), map(side_as_dict, sides), strict=True))
        sums = tally_as_dict(tally) | {"rejected": rejected.count}
        click.echo(json.dumps(compared | sums | {"changes": found}, ensure_ascii=False, indent=2))
    if rejected.count:
        sys.exit(FAILED)


def _checker(what: str, pack: str, model: str) -> Checker:
    """The checker that OLD or NEW stands for: a model with the pack asked for, or a pack with the model asked for."""
    from mbncheck.check.checker import Checker

    if what in ("none", "default") or what.endswith(".json"):
        return Checker(pack, model=what)
    return Checker(what, model=model)


@command.command("schema", help="JSON Schema của tệp quy tắc / JSON Schema of the files of a pack.")
@click.argument(
    "kind", type=click.Choice(["theme", "pack", "scope", "false_friends", "places", "outlets"]), default="theme"
)
def show_schema(kind: str) -> None:
    """The schema that editors use for completion."""
    from mbncheck.pack.schema import json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))
