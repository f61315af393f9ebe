"""The command line run in this process, with what it read and wrote."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from conftest import ROOT

from mbncheck.cli import main

GOLDEN = ROOT / "tests" / "golden"
SMALL = str(GOLDEN / "pack")
ESCAPES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Run:
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        """The output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@contextlib.contextmanager
def streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Standard streams as a pipe would have them."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        mock.patch.object(sys, "stdout", io.TextIOWrapper(out, encoding="utf-8", newline="\n")),
        mock.patch.object(sys, "stderr", io.TextIOWrapper(err, encoding="utf-8", newline="\n")),
    ):
        yield out, err
        sys.stdout.flush()
        sys.stderr.flush()


def run(*arguments: str | Path, stdin: bytes = b"") -> Run:
    """Run ``mbncheck`` with these arguments; what it does not catch itself comes out as it is."""
    status: object = 0
    with streams(stdin) as (out, err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as left:
            status = left.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        assert isinstance(status, int)
        return Run(status, out.getvalue().decode(), err.getvalue().decode())
