"""``mbncheck demo``: a quarter of three invented outlets, scanned and scored."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from mbncheck.cli import options
from mbncheck.locale import say

PERIOD = "2020-Q3"

_PACKAGE = Path(__file__).resolve().parent.parent


def demo_folder() -> Path:
    """The demonstration corpus: inside the wheel, or beside a checkout."""
    inside = _PACKAGE / "corpora" / "demo"
    return inside if inside.is_dir() else _PACKAGE.parent / "corpora" / "demo"


@click.command(
    "demo",
    help="Quét và chấm một quý của ba cơ quan tưởng tượng, để xem chương trình làm gì.\n\n"
    "Scan and score a quarter of three invented outlets, to see what the program does.",
)
@options.lang
@options.model
@options.no_color
def command(lang: str, model: str, no_color: bool) -> None:
    """Scan into a store that is thrown away, score, show."""
    from mbncheck.archive.run import scan
    from mbncheck.archive.store import Store
    from mbncheck.balance.outlet import score
    from mbncheck.balance.periods import parse_period
    from mbncheck.check.checker import Checker
    from mbncheck.cli.score import pieces_for, render
    from mbncheck.pack.load import load_outlets, load_pack
    from mbncheck.report.phrases import period_name

    folder, pack, period = demo_folder(), load_pack(), parse_period(PERIOD)
    archive = sorted(map(str, folder.glob("*.jsonl")))
    count = sum(1 for path in archive for line in Path(path).read_bytes().splitlines() if line.strip())
    click.echo(say(lang, "demo_scanning", count=count, period=period_name(period, lang)), err=True)
    with tempfile.TemporaryDirectory(prefix="mbncheck-") as place:
        store = Path(place) / "demo.duckdb"
        scan(archive, store, Checker(model=model), places=pack.places)
        with Store.open(store) as held:
            balances = score(pieces_for(held, period), period, pack, outlets=load_outlets(folder / "outlets.yaml"))
    render(balances, pack, "text", None, lang, color=not no_color)
