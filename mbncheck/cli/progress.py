"""A progress bar on standard error, where someone is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

import click

Item = TypeVar("Item")


def with_progress(items: Iterable[Item], label: str) -> Iterator[Item]:
    """``items`` as they are asked for, counted at a terminal; against a total where they have a length."""
    if not sys.stderr.isatty():
        yield from items
        return
    length = len(items) if isinstance(items, Sized) else None
    with click.progressbar(items, length, label=label, show_pos=True, file=sys.stderr) as bar:
        yield from bar
