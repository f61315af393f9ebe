"""``mbncheck export``: a store's content for other programs."""

from __future__ import annotations

import sys

import click

from mbncheck.archive.export import FORMATS, export_jsonl, export_parquet
from mbncheck.archive.failures import unwritten_file
from mbncheck.archive.store import Store
from mbncheck.cli import options
from mbncheck.locale import say


@click.command(
    "export",
    help="Xuất mọi bài đã quét: mức từng chủ đề, bằng chứng, bài đăng lại, quyết định của người; không có toàn văn.\n\n"
    "Export every scanned article: levels, evidence, reprints, people's decisions; no full texts.",
)
@options.store
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="jsonl",
    show_default=True,
    help="Dạng kết quả / form of the output.",
)
@click.option(
    "--output",
    "path",
    metavar="FILE",
    help="Tệp để ghi; không nêu thì ra đầu ra chuẩn / file to write; by default standard output.",
)
@options.lang
def command(store: str, output: str, path: str | None, lang: str) -> None:
    """Parse, write."""
    if output == "parquet" and not path:
        raise click.UsageError("--format parquet: --output FILE")
    with Store.open(store) as held:
        if output == "parquet":
            export_parquet(held, str(path))
        elif path:
            try:
                with open(path, "w", encoding="utf-8", newline="\n") as out:
                    export_jsonl(held, out)
            except OSError as error:
                raise unwritten_file(path, error) from None
        else:
            export_jsonl(held, sys.stdout)
    if path:
        click.echo(say(lang, "written", path=path), err=True)
