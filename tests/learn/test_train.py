"""Training: the same bytes for the same input, and a model that has learned what there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import ESCAPES, run
from conftest import ROOT
from learn_set import labelled, pack, trained
from small_packs import pack_data, write_pack

from mbncheck import Article, Checker, ModelError
from mbncheck.evaluate.scores import compare
from mbncheck.learn.reader import load_reader
from mbncheck.learn.train import train
from mbncheck.learn.weights import save_weights


def test_it_learns() -> None:
    """What is in the set is learned, as cross-validation tells: scope, a theme of rules, a theme without."""
    checker = Checker(pack(), model=None)
    results = [
        checker.decide(Article(record.text), reading, judgement)
        for record, reading, judgement in zip(labelled(), trained().readings, trained().judgements, strict=True)
    ]
    scores = compare(labelled(), results, checker.pack.themes)
    assert scores.scope.f1 > 0.95
    assert scores.themes["T1"].f1 > 0.9
    assert scores.themes["T2"].f1 > 0.9


def test_pieces_that_the_gate_stops() -> None:
    """Pieces that the gate stops have no judgement, and the model is not asked of them."""
    for record, reading, judgement in zip(labelled(), trained().readings, trained().judgements, strict=True):
        assert (reading is None) == (judgement is None) == ("buôn người" not in record.text)


def test_about() -> None:
    """The model says what it was trained with, and holds no running text."""
    about = {**trained().weights.about, "seed": 0}
    reference = Checker(pack(), model=None).pack.reference
    assert about == {
        "name": "synthetic",
        "pack": reference.id,
        "pack_version": reference.version,
        "pack_hash": reference.hash,
        "texts": 150,
        "seed": 0,
    }
    assert all(len(term.split()) <= 2 for term in trained().weights.vocabulary.terms)


def test_the_same_bytes_again(tmp_path: Path) -> None:
    """Training again on the same texts writes the same bytes."""
    again = train(Checker(pack(), model=None), labelled(), "synthetic", lambda done: None)
    for number, weights in enumerate((trained().weights, again.weights)):
        save_weights(weights, tmp_path / f"{number}.json")
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()


def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """So does training in a process that orders its sets otherwise."""
    save_weights(trained().weights, tmp_path / "here.json")
    code = (
        "import sys; sys.path.insert(0, 'tests'); from pathlib import Path; from learn_set import trained;"
        "from mbncheck.learn.weights import save_weights; save_weights(trained().weights, Path(sys.argv[1]))"
    )
    there = tmp_path / "there.json"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(there)], env=environment, cwd=ROOT, check=True)
    assert there.read_bytes() == (tmp_path / "here.json").read_bytes()


def test_too_few_examples() -> None:
    """A handful of pieces is not trained on."""
    with pytest.raises(ModelError, match="Quá ít bài"):
        train(Checker(pack(), model=None), labelled()[:20], "synthetic", lambda done: None)


def test_progress_is_told() -> None:
    """Training says how far it is."""
    told: list[str] = []
    with pytest.raises(ModelError):
        train(Checker(pack(), model=None), labelled()[:20], "synthetic", told.append)
    assert told == ["20/20"]


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    """Read back, the model gives the probabilities that it gave, but for the rounding of its weights."""
    checker = Checker(pack(), model=None)
    save_weights(trained().weights, tmp_path / "model.json")
    reader = load_reader(tmp_path / "model.json", checker.pack)
    assert reader is not None
    exact = type(reader)("exact", trained().weights)
    differences = []
    for record in labelled():
        reading = checker.read(record.text)
        if reading is not None:
            rounded, whole = reader.judge(reading), exact.judge(reading)
            differences += [abs(rounded.probabilities[theme] - whole.probabilities[theme]) for theme in ("T1", "T2")]
            differences.append(abs(rounded.scope - whole.scope))
    assert max(differences) < 0.02
    assert np.mean(differences) < 0.004


# --- the command -------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The set in two files, and the pack in a folder."""
    lines = [record.model_dump_json() + "\n" for record in labelled()]
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text("".join(lines[:75]), encoding="utf-8")
    second.write_text("".join(lines[75:]), encoding="utf-8")
    parts = pack()
    data = pack_data(
        scope=[one.model_dump() for one in parts.scope.rules],
        theme=[one.model_dump() for one in parts.themes[0].rules],
        second=[one.model_dump() for one in parts.themes[1].rules],
    )
    return first, second, write_pack(tmp_path / "small", data)


def test_the_command(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """``mbncheck train`` writes a model, tells how good it is by file, and the model can be used at once."""
    first, second, folder = files
    model = tmp_path / "model.json"
    shown = run("train", first, second, "--out", model, "--rules", folder, "--by", "file", "--lang", "en")
    assert shown.status == 0
    assert "150 texts" in shown.out
    assert "a.jsonl" in "".join(line.split("│")[1] for line in shown.out.splitlines() if "│" in line).replace(" ", "")
    assert ESCAPES.search(shown.out) is None
    assert json.loads(model.read_text(encoding="utf-8"))["about"]["texts"] == 150
    evaluated = run("evaluate", first, "--pack", folder, "--model", model, "--format", "json").json()
    assert evaluated["themes"]["T2"]["f1"] > 0.9
    alone = run("evaluate", first, "--pack", folder, "--model", "none", "--format", "json").json()
    assert alone["themes"]["T2"]["f1"] == 0


def test_the_command_cannot_write(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """A model that cannot be written is told."""
    first, second, folder = files
    shown = run("train", first, second, "--out", tmp_path / "no" / "model.json", "--rules", folder)
    assert shown.status == 2
    assert "Không ghi được" in shown.err
    assert "Traceback" not in shown.err
