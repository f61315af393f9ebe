"""``mbncheck scan ARCHIVE…``: check an archive into a store, resumably, on every core or many machines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from mbncheck.archive.plan import Plan, local_files
from mbncheck.archive.run import Scan, plan_scan, scan
from mbncheck.archive.worker import Worker
from mbncheck.check.checker import Checker
from mbncheck.cli import FAILED, options
from mbncheck.locale import number, say
from mbncheck.pack.load import load_pack_outlets, load_places
from mbncheck.report.progress import scan_progress

INTERRUPTED = 130


@click.command(
    "scan",
    help="Kiểm tra mọi bài trong tệp, thư mục, bảng vào một kho; bị ngắt thì chạy lại là quét tiếp.\n\n"
    "Check every article of files, folders and tables into a store; run again to go on after an interruption.",
)
@click.argument("archive", nargs=-1, required=True, metavar="ARCHIVE…")
@options.store
@click.option(
    "--processes",
    type=click.IntRange(1, 512),
    metavar="N",
    help="Số tiến trình; mặc định: theo số nhân / processes; by default one a core.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Bỏ qua bài đăng trước ngày này / pass over articles published before this day.",
)
@click.option("--force", is_flag=True, help="Quét lại cả tệp không đổi / scan unchanged files too.")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ làm gì / only say what would be done.")
@click.option(
    "--cluster",
    metavar="local|tcp://…",
    help="Quét trên cụm máy Dask / scan on a Dask cluster.",
)
@click.option(
    "--parts",
    metavar="FOLDER",
    help="Thư mục chung cho kết quả từng phần của cụm / folder that the cluster shares for outcomes.",
)
@options.pack
@options.model
@options.lang
@options.no_color
def command(
    archive: tuple[str, ...],
    store: str,
    processes: int | None,
    since: datetime | None,
    force: bool,
    dry_run: bool,
    cluster: str | None,
    parts: str | None,
    pack: str,
    model: str,
    lang: str,
    no_color: bool,
) -> None:
    """Parse, scan, say what came of it."""
    worker = Worker(
        Checker(pack, model=model),
        since=since.date() if since else None,
        places=load_places(pack),
        outlets=load_pack_outlets(pack),
    )
    if dry_run:
        _show_plan(plan_scan(local_files(archive), store, worker, force=force), lang)
        return
    started = time.monotonic()
    try:
        with scan_progress(lang, color=False if no_color else None) as report:
            if cluster:
                from mbncheck.archive.cluster import scan_on_cluster

                do: Callable[..., Scan] = partial(scan_on_cluster, scheduler=cluster, parts=parts)
            else:
                do = scan
            done = do(archive, store, worker, processes=processes, force=force, report=report)
    except KeyboardInterrupt:
        click.echo(say(lang, "scan_interrupted", store=store), err=True)
        sys.exit(INTERRUPTED)
    show_scan(done, store, time.monotonic() - started, lang)
    if not done.totals.articles:
        click.echo(say(lang, "scan_nothing"), err=True)
        sys.exit(FAILED)


def show_scan(done: Scan, store: str | Path, seconds: float, lang: str) -> None:
    """What a scan did and what the store holds."""
    counts = {name: number(lang, getattr(done, name)) for name in ("files", "articles", "in_scope", "rejected")}
    unchanged, elapsed = number(lang, done.unchanged), number(lang, seconds, 1)
    click.echo(say(lang, "scan_done", **counts, unchanged=unchanged, seconds=elapsed))
    held = done.totals
    fields = ("read", "articles", "rejected", "earlier", "pieces", "unique")
    totals = {name: number(lang, getattr(held, name)) for name in fields}
    click.echo(say(lang, "scan_totals", store=str(store), **totals))
    if held.repeated:
        click.echo(say(lang, "scan_repeated", count=number(lang, held.repeated)))
    if held.rejected:
        click.echo(say(lang, "scan_rejected", store=str(store)))


def _show_plan(plan: Plan, lang: str) -> None:
    click.echo(
        say(
            lang,
            "scan_plan",
            files=number(lang, len(plan.jobs)),
            size=number(lang, plan.size / 1e6, 1),
            unchanged=number(lang, plan.unchanged),
            rejected=number(lang, len(plan.rejected)),
        )
    )
