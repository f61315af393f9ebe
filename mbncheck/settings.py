"""Where the settings of a newsroom stand: the nearest ``mbncheck.toml``, or ``pyproject.toml`` with a table for them.

Apart from ``mbncheck.config``, which reads them, since every start asks for them and few find any.
"""

from __future__ import annotations

import os

__all__ = ["settings_path"]

FILE = "mbncheck.toml"
PROJECT = "pyproject.toml"
_TABLE = b"[tool.mbncheck"


def settings_path(folder: str = ".") -> str | None:
    """The settings for ``folder``: its own, or those of the nearest folder above that has some."""
    folder = os.path.abspath(folder)
    while True:
        for name in (FILE, PROJECT):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (name == FILE or _has_table(path)):
                return path
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _has_table(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _TABLE in file.read()
    except OSError:
        return False
