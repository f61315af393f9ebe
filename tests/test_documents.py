"""The documents say what the program does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator

from mbncheck import Checker
from mbncheck.report.json import result_as_dict


def test_command_reference_is_up_to_date() -> None:
    """``docs/cli.md`` is what its generator writes now."""
    command = [sys.executable, str(ROOT / "docs" / "make_cli_reference.py"), "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["vu-an-lua-ban", "loa-truyen-thanh-30-7", "tin-nhan-khong-dau", "hoi-cho-viec-lam"])
def test_results_follow_the_published_schema(name: str) -> None:
    """What the default checker says of the bundled articles is valid by ``docs/check-result.schema.json``."""
    schema = json.loads((ROOT / "docs" / "check-result.schema.json").read_text(encoding="utf-8"))
    text = (ROOT / "corpora" / "articles" / f"{name}.txt").read_text(encoding="utf-8")
    Draft202012Validator(schema).validate(result_as_dict(Checker().check(text)))
