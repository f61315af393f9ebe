"""``mbncheck train FILE… --out MODEL``: train the learned reader and say how good it is."""

from __future__ import annotations

from pathlib import Path

import click

from mbncheck.check.checker import Checker
from mbncheck.cli import options
from mbncheck.errors import ModelError
from mbncheck.locale import say
from mbncheck.model import Article


@click.command(
    "train",
    help="Huấn luyện mô hình trên bài đã gán nhãn; in kết quả kiểm định chéo.\n\n"
    "Train the learned reader on labelled texts; prints scores by cross-validation.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE.jsonl…")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="MODEL.json",
    help="Tệp mô hình sẽ ghi / the model file to write.",
)
@click.option("--name", default="mbncheck", show_default=True, help="Tên mô hình / name of the model.")
@click.option(
    "--by", type=click.Choice(["stratum", "file"]), help="Chia theo nhóm hoặc tệp / split by stratum or file."
)
@options.lang
@options.pack
@options.no_color
def command(files: tuple[str, ...], out: Path, name: str, by: str | None, lang: str, pack: str, no_color: bool) -> None:
    """Parse, train, write, render."""
    from mbncheck.evaluate.scores import compare, compare_parts
    from mbncheck.read.labelled import read_labelled
    from mbncheck.report.evaluation import show_evaluation

    try:
        from mbncheck.learn.train import train
        from mbncheck.learn.weights import save_weights
    except ImportError:
        remedy = "pip install 'mbncheck[train]'"
        raise ModelError(f"Cần scikit-learn: {remedy}", f"scikit-learn is needed: {remedy}") from None

    checker = Checker(pack, model=None)
    parts = [(file, read_labelled([file], checker.pack.themes)) for file in files]
    records = [record for _, part in parts for record in part]
    trained = train(checker, records, name, lambda done: click.echo(done, err=True))
    try:
        save_weights(trained.weights, out)
    except OSError as error:
        raise ModelError(
            say("vi", "cannot_write", path=out, reason=error.strerror),
            say("en", "cannot_write", path=out, reason=error.strerror),
        ) from None
    results = [
        checker.decide(Article(record.text, id=record.id), reading, judgement)
        for record, reading, judgement in zip(records, trained.readings, trained.judgements, strict=True)
    ]
    evaluation = compare(records, results, checker.pack.themes)
    labels = [file for file, part in parts for _ in part] if by == "file" else [record.stratum for record in records]
    if by:
        evaluation = compare_parts(evaluation, records, results, checker.pack.themes, labels)
    show_evaluation(evaluation, checker, lang, color=not no_color)
    click.echo(say(lang, "written", path=out))
