"""The one place that joins the stages: text in, ``CheckResult`` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mbncheck.check.document import Document
from mbncheck.check.evidence import Reading, read_piece
from mbncheck.check.gate import Gate
from mbncheck.check.levels import IN_SCOPE_AT, Judgement, absent_results, scope_total, theme_results
from mbncheck.check.match import Matcher
from mbncheck.check.speakers import with_speakers
from mbncheck.model import Article, CheckResult, Span
from mbncheck.pack.compiled import CompiledPack, compiled_pack
from mbncheck.pack.locate import DEFAULT_PACK

if TYPE_CHECKING:
    from mbncheck.pack.schema import Pack


class Reader(Protocol):
    """A learned reader: judges a piece from what the rules found in it."""

    @property
    def name(self) -> str:
        """The model's name."""

    def judge(self, reading: Reading) -> Judgement:
        """The reader's word on one piece."""

    def explain(self, reading: Reading, theme: str, most: int) -> list[tuple[str, float]]:
        """What moved the log odds of a theme most, strongest first."""

    def warm_up(self) -> None:
        """Load what the first judgement would load."""


class Checker:
    """Checks articles against one pack; cheap to keep, safe to share between threads.

    ``pack``: a ``Pack`` (``load_pack``), a folder, or the id of a shipped pack.
    ``model``: ``"default"``, ``None`` or ``"none"`` for rules alone, or the path of a trained model.
    Raises ``PackError`` or ``ModelError``.
    """

    def __init__(
        self,
        pack: Pack | CompiledPack | str | Path = DEFAULT_PACK,
        *,
        model: str | Path | None = "default",
        gate: bool = True,
    ) -> None:
        self.pack = _compiled(pack)
        self._matcher = Matcher(self.pack)
        self._gate = Gate(self._matcher) if gate else None
        self._model = None if model in (None, "none") else model

    @cached_property
    def reader(self) -> Reader | None:
        """The learned reader, loaded when the first piece passes the gate."""
        if self._model is None:
            return None
        from mbncheck.learn.reader import load_reader

        return load_reader(self._model, self.pack)

    @cached_property
    def model_hash(self) -> str:
        """SHA-256 of the learned model's file, hex; empty where only the rules judge. Raises ``ModelError``."""
        if self._model is None:
            return ""
        from mbncheck.learn.reader import model_hash

        return model_hash(self._model)

    def check(
        self, text: str, *, published: date | None = None, outlet: str | None = None, id: str = ""
    ) -> CheckResult:
        """Check one piece of text."""
        return self.check_article(Article(text, id=id, outlet=outlet, published=published))

    def check_article(self, article: Article) -> CheckResult:
        """Check one article."""
        reading = self.read(article.text, article.masked)
        reader = self.reader if reading else None
        return self.decide(article, reading, reader.judge(reading) if reading and reader else None)

    def decide(self, article: Article, reading: Reading | None, judgement: Judgement | None) -> CheckResult:
        """The result for what was read of an article, and what a learned reader said of it."""
        if reading is None:
            return self._result(article, None, False, None, absent_results(self.pack.themes))
        in_scope = judgement.in_scope if judgement else scope_total(reading) >= IN_SCOPE_AT
        themes = theme_results(reading, in_scope, self.pack.themes, judgement)
        return self._result(article, reading, in_scope, judgement, themes)

    def read(self, text: str, masked: tuple[Span, ...] = ()) -> Reading | None:
        """What the rules find in ``text`` but for the ``masked`` spans; ``None`` where nothing can be found."""
        document = Document.of(text, masked)
        if self._gate and not self._gate.passes(document.shadow.text):
            return None
        return read_piece(self._matcher, document)

    def explain(self, text: str, theme: str, most: int = 8, masked: tuple[Span, ...] = ()) -> list[tuple[str, float]]:
        """What moved the learned reader most for ``theme``: features and n-grams with their part of the log odds.

        The strongest come first, at most ``most``; nothing without a model or where the gate stops the text.
        """
        reading = self.read(text, masked)
        return self.reader.explain(reading, theme, most) if reading and self.reader else []

    def check_many(self, articles: Iterable[Article], *, processes: int = 1) -> Iterator[CheckResult]:
        """Check many articles; results come as they are ready, in the order of the articles.

        ``processes`` > 1 checks in that many worker processes.
        """
        if processes <= 1:
            yield from map(self.check_article, articles)
            return
        from mbncheck.check.parallel import check_in_processes

        yield from check_in_processes(self, articles, processes)

    def warm_up(self) -> None:
        """Load everything that a first check would load: automata, underthesea, the model."""
        if self.reader:
            self.reader.warm_up()
        for kinds in (("scope",), ("evidence", "false_friend")):
            self._matcher.matches_of(Document.of("a"), *kinds)
        Document.of("a").words(0)
        if self._gate:
            self._gate.passes("a")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what it was made of: automata cannot be pickled."""
        return _remade, (dict(self.pack.data), self._model, self._gate is not None)

    def _result(
        self,
        article: Article,
        reading: Reading | None,
        in_scope: bool,
        judgement: Judgement | None,
        themes: dict[str, Any],
    ) -> CheckResult:
        result = CheckResult(
            id=article.id,
            length=len(article.text),
            in_scope=in_scope,
            scope_probability=judgement.scope if judgement else None,
            scope_evidence=reading.scope if reading else (),
            themes=themes,
            pack=self.pack.reference,
            model=self.reader.name if judgement and self.reader else None,
            no_diacritics=bool(reading and reading.no_diacritics),
            outlet=article.outlet,
            published=article.published,
            notes=article.notes,
            text=article.text,
        )
        return with_speakers(result, article.speakers) if article.speakers else result


def _remade(data: dict[str, Any], model: str | Path | None, gate: bool) -> Checker:
    return Checker(CompiledPack(data), model=model, gate=gate)


def _compiled(pack: Pack | CompiledPack | str | Path) -> CompiledPack:
    if isinstance(pack, CompiledPack):
        return pack
    if isinstance(pack, str | Path):
        return compiled_pack(pack)
    from mbncheck.pack.compile import compile_pack

    return CompiledPack(compile_pack(pack))
