"""``mbncheck demo``: a bundled quarter of three invented outlets, scanned and scored before your eyes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from mbncheck.archive.run import scan
from mbncheck.archive.worker import Worker
from mbncheck.check.checker import Checker
from mbncheck.cli import options
from mbncheck.cli.scan import show_scan
from mbncheck.cli.score import command as score
from mbncheck.errors import StoreError
from mbncheck.locale import say
from mbncheck.pack.load import load_outlets, load_places
from mbncheck.pack.locate import DEFAULT_PACK
from mbncheck.report.progress import scan_progress

PERIOD = "2020-Q3"
_PACKAGE = Path(__file__).resolve().parent.parent


@click.command(
    "demo",
    help="Quét và chấm kho minh họa đi kèm: một quý của ba cơ quan hư cấu.\n\n"
    "Scan and score the small archive that comes along: a quarter of three invented outlets.",
)
@click.option("--store", metavar="FILE", help="Giữ lại kho ở tệp này / keep the store in this file.")
@options.lang
@click.pass_context
def command(ctx: click.Context, store: str | None, lang: str) -> None:
    """Scan, say what came of it, score."""
    with tempfile.TemporaryDirectory(prefix="mbncheck-") as temporary:
        where = store or str(Path(temporary) / "demo.duckdb")
        click.echo(say(lang, "demo_scanning"))
        started = time.monotonic()
        folder = demo_folder()
        listed = load_outlets(folder / "outlets.yaml")
        worker = Worker(Checker(), places=load_places(), outlets=listed)
        with scan_progress(lang) as report:
            done = scan([str(folder / "*.jsonl")], where, worker, report=report)
        show_scan(done, where, time.monotonic() - started, lang)
        click.echo()
        outlets = str(folder / "outlets.yaml")
        ctx.invoke(score, store=where, period=PERIOD, outlets=outlets, lang=lang, pack=DEFAULT_PACK)


def demo_folder() -> Path:
    """The demonstration archive: inside the wheel, or in a checkout. Raises ``StoreError`` where it is missing."""
    for folder in (_PACKAGE / "demo", _PACKAGE.parent / "corpora" / "demo"):
        if folder.is_dir():
            return folder
    raise StoreError(
        "Bản cài này không có kho minh họa (corpora/demo); hãy cài lại mbncheck.",
        "The demonstration archive (corpora/demo) is missing from this installation; install mbncheck again.",
    )
