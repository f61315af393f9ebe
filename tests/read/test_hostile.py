"""Files made to harm: each is rejected within its limits, memory stays bounded, and the run goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hostile_files import CONTENTS, MADE, make_all

from mbncheck import Rejected
from mbncheck.read.files import articles_of, find_files

GIBIBYTE = 1 << 30
GOOD = "Nạn mua bán người."

# Reads every file of a folder in one process; what came of each, and the most memory that any process held.
READ_ALL = """
import json, resource, sys
from pathlib import Path
from mbncheck.read import apart
from mbncheck.read.files import ReadOptions, articles_of, find_files

options = ReadOptions(max_memory=300_000_000, seconds=30)
outcomes = {}
for item in map(str, sorted(Path(sys.argv[1]).iterdir())):
    outcomes[Path(item).name] = [
        found.reason_en if hasattr(found, "reason_en") else found.text for found in articles_of(item, options)
    ]
apart.close_idle()
most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"outcomes": outcomes, "kilobytes": most}))
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All hostile files and a good one, read in one run."""
    if sys.platform == "win32":
        pytest.skip("needs the resource module")
    folder = tmp_path_factory.mktemp("hostile")
    make_all(folder)
    (folder / "zuletzt.txt").write_text(GOOD, encoding="utf-8")
    # By way of a shell: a process started from here counts what pytest holds as its own (Linux, ru_maxrss).
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", READ_ALL, str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    assert run.stderr == ""
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("name", sorted({**CONTENTS, **MADE}))
def test_each_is_rejected(done: dict[str, Any], name: str) -> None:
    """The reason is the true one; nothing of the file is read as an article."""
    _, said = {**CONTENTS, **MADE}[name]
    assert done["outcomes"][name]
    for reason in done["outcomes"][name]:
        assert said in reason


def test_memory_is_bounded(done: dict[str, Any]) -> None:
    """No process ever held a gibibyte."""
    assert done["kilobytes"] * 1024 < GIBIBYTE


def test_the_run_goes_on(done: dict[str, Any]) -> None:
    """The good file that comes last is read."""
    assert list(done["outcomes"])[-1] == "zuletzt.txt"
    assert done["outcomes"]["zuletzt.txt"] == [GOOD]


def test_nothing_is_written(done: dict[str, Any]) -> None:
    """No member of an archive lands anywhere."""
    assert not any(Path(folder, "harm.txt").exists() for folder in ("/", "/etc", "/tmp", ROOT, ROOT.parent))  # noqa: S108


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become someone else")
@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_no_permission(name: str) -> None:
    """A file that its reader may not open is rejected for that."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, name)
        path.write_text(GOOD, encoding="utf-8")
        path.chmod(0)
        os.seteuid(65534)
        try:
            found = list(articles_of(str(path)))
        finally:
            os.seteuid(0)
    assert [one.reason_en for one in found if isinstance(one, Rejected)] == ["no permission to read this file"]


def test_a_folder_with_a_document_s_name(tmp_path: Path) -> None:
    """A folder called a.docx is looked into like any other, and told where nothing is in it."""
    (tmp_path / "a.docx").mkdir()
    (found,) = find_files([str(tmp_path / "a.docx")])
    assert isinstance(found, Rejected)
    assert found.reason_en == "the folder holds no file that can be read"
