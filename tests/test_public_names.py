"""What `import mbncheck` gives, and what each start-up loads."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterable

import pytest
from conftest import ROOT

import mbncheck

NAMES = [
    "Article",
    "BalanceError",
    "CheckResult",
    "Checker",
    "ConfigError",
    "EncodingError",
    "EvaluationError",
    "Evidence",
    "MbncheckError",
    "ModelError",
    "Note",
    "OutletBalance",
    "Pack",
    "PackError",
    "PackReference",
    "Piece",
    "ReadError",
    "Rejected",
    "ThemeResult",
    "__version__",
    "check",
    "load_pack",
    "score",
]
HEAVY = {"numpy", "pydantic", "rich", "scipy", "sklearn", "spacy", "underthesea", "yaml"}

# Prints the packages outside the standard library that `code` loads.
LOADED = """
import sys
before = set(sys.modules)
{code}
names = {{name.partition(".")[0] for name in set(sys.modules) - before}}
import json
print(json.dumps(sorted(names - set(sys.stdlib_module_names) - {{"mbncheck"}})))
"""


def loaded_by(code: str) -> set[str]:
    """The third parties that a fresh interpreter loads for ``code``."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED.format(code=code)], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def run_quietly(arguments: Iterable[str]) -> str:
    """Code that runs the command line and throws its output away."""
    return (
        "import contextlib, io; from mbncheck.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main({list(arguments)!r})"
    )


def test_names_are_pinned() -> None:
    """A name that comes or goes changes this list, and with it the changelog."""
    assert mbncheck.__all__ == NAMES
    assert dir(mbncheck) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_names_are_there(name: str) -> None:
    """Every public name can be had, has a docstring, and stays the same object."""
    value = getattr(mbncheck, name)
    assert value is getattr(mbncheck, name)
    assert name == "__version__" or value.__doc__


def test_no_other_names() -> None:
    """A name that is none raises as Python does."""
    with pytest.raises(AttributeError, match="no attribute 'checks'"):
        mbncheck.checks  # noqa: B018


def test_check_is_the_function() -> None:
    """``mbncheck.check`` is the function also after the package of that name has been imported."""
    importlib.import_module("mbncheck.check.checker")
    assert mbncheck.check.__module__ == "mbncheck.api"
    code = "import mbncheck.spacy, mbncheck.check.match; from mbncheck import check; assert check('a').length == 1"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_star_import() -> None:
    """``from mbncheck import *`` gives the public names."""
    names: dict[str, object] = {}
    exec("from mbncheck import *", names)  # noqa: S102
    assert set(NAMES) <= set(names)


def test_import_is_free() -> None:
    """``import mbncheck`` loads no third party at all."""
    assert loaded_by("import mbncheck") == set()


def test_help_needs_only_click() -> None:
    """``mbncheck --help`` loads click and nothing else."""
    assert loaded_by(run_quietly(["--help"])) <= {"click", "colorama"}


def test_checking_needs_no_yaml() -> None:
    """A checker on a compiled pack loads neither YAML nor pydantic, and a piece that the gate stops no words."""
    loaded_by("import mbncheck; mbncheck.Checker()")  # fills the cache
    loaded = loaded_by("import mbncheck; mbncheck.Checker().check('Trời mưa.')")
    assert loaded & HEAVY == set()


def test_a_check_needs_no_spacy() -> None:
    """Checking a piece to the end, and printing it, loads neither spaCy nor pydantic nor scikit-learn.

    underthesea loads YAML itself.
    """
    article = "corpora/articles/vu-an-lua-ban.txt"
    loaded = loaded_by(run_quietly(["check", article]))
    assert {"underthesea", "numpy", "rich"} <= loaded
    assert loaded & {"spacy", "pydantic", "sklearn", "scipy"} == set()
    assert loaded & {"defusedxml", "docx", "feedparser", "lxml", "odfdo", "openpyxl", "pdfminer", "pyarrow"} == set()


def test_other_formats_load_nothing_here() -> None:
    """A Word file is read in a process apart: its library never comes into this one."""
    assert "docx" not in loaded_by(run_quietly(["check", "corpora/formats/vu-an-lua-ban.docx", "--model", "none"]))
