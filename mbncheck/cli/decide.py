"""``mbncheck decide LABELS…``: what people decided of pieces overrides the program in a store."""

from __future__ import annotations

from datetime import date

import click

from mbncheck.archive.decisions import record_labels
from mbncheck.cli import options
from mbncheck.locale import number, say


@click.command(
    "decide",
    help="Ghi nhãn của người (JSONL như mbncheck evaluate đọc) vào kho; nhãn thay kết luận của chương trình.\n\n"
    "Record people's labels (JSONL as mbncheck evaluate reads) in a store; they override the program.",
)
@click.argument("labels", nargs=-1, required=True, metavar="LABELS…")
@options.store
@click.option("--by", default="", metavar="NAME", help="Người quyết định / who decided.")
@options.lang
def command(labels: tuple[str, ...], store: str, by: str, lang: str) -> None:
    """Parse, record, count."""
    decided = record_labels(labels, store, by=by, on=date.today())
    counts = {"count": number(lang, decided.pieces), "missing": number(lang, decided.missing)}
    click.echo(say(lang, "decided", **counts))
