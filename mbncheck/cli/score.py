"""``mbncheck score``: the balance of every outlet of a store in a period."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mbncheck.archive.failures import unwritten_file
from mbncheck.archive.store import Store
from mbncheck.balance.model import WEIGHTS, OutletBalance, Weight
from mbncheck.balance.outlet import score
from mbncheck.balance.periods import Period, parse_period
from mbncheck.cli import FAILED, options
from mbncheck.locale import say
from mbncheck.pack.load import load_outlets, load_pack
from mbncheck.pack.schema import Pack
from mbncheck.report.phrases import period_name

if TYPE_CHECKING:
    from mbncheck.model import Piece

FORMATS = ("text", "json", "csv", "parquet", "xlsx")
BINARY = ("parquet", "xlsx")


@click.command(
    "score",
    help="Chấm độ cân đối của từng cơ quan và toàn tỉnh trong một kỳ.\n\n"
    "Score the balance of every outlet, and of the province, in a period.",
)
@options.store
@click.option(
    "--period",
    required=True,
    metavar="2020-Q1|2020-H1|2020|FROM..TO",
    help="Kỳ: quý, nửa năm, năm, tháng (2020-03), hoặc hai ngày / quarter, half-year, year, month, or two days.",
)
@click.option("--outlet", "wanted", multiple=True, metavar="NAME", help="Chỉ cơ quan này / only this outlet.")
@click.option(
    "--weight",
    type=click.Choice(WEIGHTS),
    default="pieces",
    show_default=True,
    help="Tính theo số bài, số chữ, thời lượng phát / by pieces, words or airtime.",
)
@click.option(
    "--outlets",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Danh sách cơ quan thay cho của bộ quy tắc / outlets in place of the pack's.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="text",
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
@options.pack
@options.no_color
def command(
    store: str,
    period: str,
    wanted: tuple[str, ...],
    weight: Weight,
    outlets: str | None,
    output: str,
    path: str | None,
    lang: str,
    pack: str,
    no_color: bool,
) -> None:
    """Parse, score, render."""
    if output in BINARY and not path:
        raise click.UsageError(f"--format {output}: --output FILE")
    days, loaded = parse_period(period), load_pack(pack)
    listed = load_outlets(outlets) if outlets else loaded.outlets
    with Store.open(store) as held:
        balances = score(pieces_for(held, days), days, loaded, outlets=listed, weight=weight)
    if not balances[-1].volume.checked:
        click.echo(say(lang, "score_no_piece", path=store, period=period_name(days, lang)), err=True)
        sys.exit(FAILED)
    chosen = _chosen(balances, wanted, lang)
    render(chosen, loaded, output, path, lang, color=not no_color)


def pieces_for(store: Store, period: Period) -> Iterator[Piece]:
    """What a period is scored from: its pieces, those of the periods it is compared with, those without a date."""
    for span in sorted({period, period.previous(), period.year_before()}, key=lambda span: span.start):
        yield from store.results(since=span.start, until=span.end)
    yield from store.results(undated=True, in_scope=True)


def _chosen(balances: Sequence[OutletBalance], wanted: Sequence[str], lang: str) -> Sequence[OutletBalance]:
    from mbncheck.balance.directory import name_key

    if not wanted:
        return balances
    chosen: list[OutletBalance] = []
    for name in wanted:
        key = name_key(name)
        found = [balance for balance in balances if key in (name_key(balance.name), name_key(balance.outlet))]
        if not found:
            raise click.UsageError(say(lang, "score_no_outlet", outlet=name))
        chosen += found
    return chosen


def render(
    balances: Sequence[OutletBalance], pack: Pack, output: str, path: str | None, lang: str, *, color: bool
) -> None:
    """Show the scores, or write them to ``path``."""
    from mbncheck.report import balance_tables

    if output == "text" and not path:
        from mbncheck.report.balance import BalanceReport

        BalanceReport(pack, lang, color=None if color else False).show(balances)
        return
    try:
        if output == "parquet":
            with Path(str(path)).open("wb") as binary:
                balance_tables.write_parquet(balances, pack, binary, lang)
        elif output == "xlsx":
            with Path(str(path)).open("wb") as binary:
                balance_tables.write_xlsx(balances, pack, binary, lang)
        else:
            _write_text(balances, pack, output, path, lang)
    except OSError as error:
        if path is None:
            raise  # the reader of a pipe went away: click leaves quietly
        raise unwritten_file(path, error) from None
    if path:
        click.echo(say(lang, "written", path=path), err=True)


def _write_text(balances: Sequence[OutletBalance], pack: Pack, output: str, path: str | None, lang: str) -> None:
    from mbncheck.report import balance_tables
    from mbncheck.report.balance import BalanceReport

    # A byte order mark, because Excel takes a CSV file without one for the machine's old encoding.
    encoding = "utf-8-sig" if output == "csv" else "utf-8"
    with ExitStack() as opened:
        out = opened.enter_context(Path(path).open("w", encoding=encoding, newline="")) if path else sys.stdout
        if output == "json":
            balance_tables.write_json(balances, pack, out)
        elif output == "csv":
            balance_tables.write_csv(balances, pack, out, lang)
        else:
            BalanceReport(pack, lang, color=False, file=out).show(balances)
