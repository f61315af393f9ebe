"""Imports run one way; every way out is named here with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "mbncheck"

# From the bottom up. Within a layer anything may import anything, so long as there is no circle.
LAYERS = (
    ("errors",),
    ("model",),
    ("text", "pack", "read", "locale", "settings", "config"),
    ("check", "learn"),
    ("evaluate", "report", "label", "balance", "archive"),
    ("cli", "spacy", "api", "__main__"),
    ("__init__",),
)
LEVEL = {part: level for level, layer in enumerate(LAYERS) for part in layer}

# module -> what it may import from above, and why.
EXCEPTIONS = {
    ("pack.proof", "check"): "rules are proved by running them",
    ("pack.lint", "check"): "silent and shadowed rules show only when run",
    ("model", "spacy"): "CheckResult.to_doc, inside the function: spaCy only when asked for",
    ("cli.__init__", "__init__"): "the version",
    ("archive.worker", "__init__"): "the version, which results of a scan depend on",
}

# module -> modules that it may import inside a function only.
LAZY = {
    ("check.checker", "learn.reader"): "a piece that the gate stops needs no model, nor numpy",
    ("check.checker", "pack.compile"): "a compiled pack needs no compiler",
    ("check.checker", "check.parallel"): "one process needs no pool",
    ("pack.compiled", "pack.compile"): "pydantic and YAML, only where the cache has nothing",
    ("pack.compiled", "pack.load"): "the same",
    ("model", "spacy"): "spaCy, only when asked for",
    ("read.scripts", "read.cues"): "forty regular expressions, only for what may be a script",
    ("read.scripts", "read.metadata"): "only for scripts with a head",
    ("read.files", "read.metadata"): "only with settings",
    ("cli.__init__", "config"): "only where there are settings",
    ("cli.options", "config"): "the same",
    ("text.encodings", "text.detection"): "only for what is not plain UTF-8",
    ("text.encodings", "text.legacy"): "tables, only for old fonts",
    ("text.detection", "text.diacritics"): "only for ASCII",
    ("read.files", "read.apart"): "plain text needs no process apart",
    ("read.plain", "read.metadata"): "plain text says nothing of itself",
    ("archive.worker", "balance.directory"): "the same",
    ("archive.worker", "balance.places"): "pydantic and the places, only for pieces in scope",
    ("cli.scan", "archive.cluster"): "Dask takes a second to import",
}


@dataclass(frozen=True)
class Import:
    """One import: from module, of module, both without ``mbncheck.``."""

    importer: str
    imported: str
    lazy: bool
    typing: bool


def name_of(path: Path) -> str:
    """The dotted name of a file below the package."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def resolve(name: str) -> str:
    """The file of a dotted name: a module, or a package's ``__init__``."""
    below = name.removeprefix("mbncheck").lstrip(".")
    if (PACKAGE / below.replace(".", "/")).is_dir():
        return f"{below}.__init__".lstrip(".")
    return below


def imports_in(node: ast.AST, importer: str, lazy: bool = False, typing: bool = False) -> Iterator[Import]:
    """Every import of mbncheck's own modules below ``node``."""
    for child in ast.iter_child_nodes(node):
        names: list[str] = []
        if isinstance(child, ast.Import):
            names = [alias.name for alias in child.names]
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{importer}: imports are written out in full"
            names = list(from_import(child))
        for name in names:
            if name.partition(".")[0] == "mbncheck":
                yield Import(importer, resolve(name), lazy, typing)
        inner = lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checked = typing or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        yield from imports_in(child, importer, inner, checked)


def from_import(node: ast.ImportFrom) -> Iterator[str]:
    """What ``from a import b`` imports: the module ``a.b`` where there is one, else ``a``."""
    for alias in node.names:
        inner = f"{node.module}.{alias.name}"
        path = ROOT / inner.replace(".", "/")
        yield inner if path.with_suffix(".py").is_file() or path.is_dir() else str(node.module)


@cache
def all_imports() -> list[Import]:
    """Every import of mbncheck's own modules anywhere in the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return [found for path in files for found in imports_in(ast.parse(path.read_bytes()), name_of(path))]


def part(module: str) -> str:
    """The part of the package that a module belongs to."""
    return module.partition(".")[0]


def test_every_part_has_a_layer() -> None:
    """No part of the package stands outside the layers."""
    assert {part(name_of(path)) for path in PACKAGE.rglob("*.py")} == set(LEVEL)


def test_imports_run_one_way() -> None:
    """No module imports from a layer above its own, but for the exceptions named."""
    upward = {
        (found.importer, found.imported)
        for found in all_imports()
        if not found.typing and LEVEL[part(found.imported)] > LEVEL[part(found.importer)]
    }
    unnamed = {(importer, imported) for importer, imported in upward if (importer, part(imported)) not in EXCEPTIONS}
    assert unnamed == set()


def test_type_checking_imports_run_one_way_too() -> None:
    """Names needed for types alone come from the same layers."""
    upward = {
        (found.importer, found.imported)
        for found in all_imports()
        if found.typing and LEVEL[part(found.imported)] > LEVEL[part(found.importer)] and found.importer != "__init__"
    }
    assert upward == set()


@pytest.mark.parametrize(("importer", "imported"), sorted(EXCEPTIONS))
def test_exceptions_are_used(importer: str, imported: str) -> None:
    """An exception that nobody needs any more is taken off the list."""
    assert any(found.importer == importer and part(found.imported) == imported for found in all_imports())


@pytest.mark.parametrize(("importer", "imported"), sorted(LAZY))
def test_lazy_imports_stay_lazy(importer: str, imported: str) -> None:
    """What is costly and seldom needed is imported inside a function, or for types."""
    found = [one for one in all_imports() if (one.importer, one.imported) == (importer, imported)]
    assert found
    assert all(one.lazy or one.typing for one in found)


def test_no_circles() -> None:
    """Imports that run when a module is loaded form no circle."""
    graph: dict[str, set[str]] = {}
    for found in all_imports():
        if not found.lazy and not found.typing and found.importer != found.imported:
            graph.setdefault(found.importer, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_core_knows_no_rim() -> None:
    """Nothing below the rim imports click, rich, spaCy or scikit-learn; training is the one to use the last."""
    allowed = {
        "click": {"cli"},
        "rich": {"report"},
        "jinja2": {"report"},
        "spacy": {"spacy", "model"},
        "sklearn": {"learn.train"},
        "scipy": {"learn.train"},
        "duckdb": {"archive"},
        "datasketch": {"archive"},
        "distributed": {"archive"},
    }
    for path in sorted(PACKAGE.rglob("*.py")):
        module = name_of(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            for name in names:
                homes = allowed.get(name.partition(".")[0])
                assert homes is None or {module, part(module)} & homes, f"{module} imports {name}"


def test_no_network() -> None:
    """No module imports what reaches a network: texts stay on the machine."""
    reach = {"socket", "urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                assert reach.isdisjoint(alias.name for alias in node.names), path
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in reach, path
