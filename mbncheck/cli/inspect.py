"""``mbncheck inspect PATH…``: what was read of each file, where it was found, and what was guessed."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from mbncheck.cli import FAILED, options
from mbncheck.model import Rejected
from mbncheck.read.files import ReadOptions, articles_of, find_files
from mbncheck.read.formats import format_of
from mbncheck.report.inspection import Inspected


@click.command(
    "inspect",
    help="Xem mỗi tệp được đọc thành gì: định dạng, bảng mã, siêu dữ liệu và nguồn của từng mục, phần kịch bản, thời"
    " lượng, chỗ không đọc được.\n\nShow what every file was read as: format, encoding, metadata with its sources,"
    " parts of scripts, airtime, what could not be read.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@options.form("text", "json")
@options.lang
@options.no_color
@options.reading
def command(paths: tuple[str, ...], output: str, lang: str, no_color: bool, reading: ReadOptions) -> None:
    """Parse, read, render."""
    from mbncheck.report.inspection import show_inspection, write_inspection

    found = _inspected(paths, reading)
    if output == "json":
        rejected = write_inspection(found, sys.stdout)
    else:
        rejected = show_inspection(found, lang, color=not no_color)
    if rejected:
        sys.exit(FAILED)


def _inspected(paths: tuple[str, ...], reading: ReadOptions) -> Iterator[Inspected]:
    for item in find_files(paths):
        if isinstance(item, Rejected):
            yield item
            continue
        known = format_of(item)
        for found in articles_of(item, reading):
            yield found if isinstance(found, Rejected) else (known, found)
