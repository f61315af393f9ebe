"""How far a scan is, on standard error; nothing where that is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from mbncheck.locale import number, say

if TYPE_CHECKING:
    from mbncheck.archive.run import Progress


@contextmanager
def scan_progress(lang: str, *, color: bool | None = None) -> Iterator[Callable[[Progress], None]]:
    """A function that shows each step: files, articles, articles a second, in scope, rejected, time left."""
    console = Console(stderr=True, no_color=color is False or None)
    if not console.is_terminal:
        yield lambda step: None
        return
    bar = Bar(
        TextColumn("{task.fields[files]}"),
        BarColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
    task = bar.add_task("", total=None, files="", counts="")

    def show(step: Progress) -> None:
        seconds = bar.tasks[0].elapsed or 0.0
        bar.update(
            task,
            total=max(step.size_total, 1),
            completed=step.size,
            files=say(lang, "scan_files", done=number(lang, step.files), total=number(lang, step.files_total)),
            counts=say(
                lang,
                "scan_counts",
                articles=number(lang, step.articles),
                speed=number(lang, step.articles / seconds if seconds else 0.0),
                in_scope=number(lang, step.in_scope),
                rejected=number(lang, step.rejected),
            ),
        )

    with bar:
        yield show
