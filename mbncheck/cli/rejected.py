"""``mbncheck rejected``: what a scan could not read, and why."""

from __future__ import annotations

import click

from mbncheck.archive.store import Store
from mbncheck.cli import options
from mbncheck.locale import say
from mbncheck.model import Rejected
from mbncheck.report.json import rejected_as_dict


@click.command(
    "rejected",
    help="Liệt kê những tệp và mục mà lần quét không đọc được, lý do và cách xử lý.\n\n"
    "List the files and entries that a scan could not read, why, and what to do.",
)
@options.store
@options.form("text", "jsonl")
@options.lang
def command(store: str, output: str, lang: str) -> None:
    """Parse, read, show."""
    with Store.open(store) as held:
        shown = 0
        for rejected in held.rejected():
            click.echo(_line(rejected, lang) if output == "text" else _record(rejected))
            shown += 1
    if not shown and output == "text":
        click.echo(say(lang, "rejected_none"))


def _line(rejected: Rejected, lang: str) -> str:
    place = rejected.path
    if rejected.origin:
        place = say(lang, "rejected_origin", path=place, origin=rejected.origin)
    english = lang == "en"
    reason = rejected.reason_en if english else rejected.reason_vi
    remedy = rejected.remedy_en if english else rejected.remedy_vi
    return say(lang, "rejected", path=place, reason=reason, remedy=remedy)


def _record(rejected: Rejected) -> str:
    import json

    return json.dumps(rejected_as_dict(rejected), ensure_ascii=False)
