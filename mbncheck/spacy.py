"""spaCy at the rim: a tokenizer, a pipeline component, and results as ``Doc``.

>>> import spacy
>>> tokenizer = {"@tokenizers": "mbncheck.Tokenizer.v1"}
>>> nlp = spacy.blank("vi", config={"nlp": {"tokenizer": tokenizer}})
>>> themes = nlp.add_pipe("mbncheck")
>>> doc = nlp("Công an vừa triệt phá một đường dây lừa bán phụ nữ sang nước ngoài.")
>>> doc._.mbncheck.themes["T2"].level
'covered'
>>> "T2" in {span.label_ for span in doc.spans["mbncheck"]}
True

spaCy finds both names through the entry points of an installed mbncheck, each time a pipeline is
made; so this module loads nothing that only a check needs.
"""

# No `from __future__ import annotations`: spaCy makes its configuration's schema of the annotations.
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from spacy.lang.vi import Vietnamese
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import DummyTokenizer, from_bytes, from_disk, registry, to_bytes, to_disk
from spacy.vocab import Vocab, create_vocab

from mbncheck.check.checker import Checker
from mbncheck.errors import PackError
from mbncheck.locale import LANGUAGES
from mbncheck.model import CheckResult, Evidence
from mbncheck.pack.compiled import COMPILED_FORMAT, CompiledPack
from mbncheck.pack.locate import DEFAULT_PACK
from mbncheck.report.json import result_as_dict, result_from_dict
from mbncheck.text.segment import sentences, words

__all__ = ["Component", "Tokenizer", "create_tokenizer", "doc_of", "make_component"]

KEY = "mbncheck"
"""The name of the factory, of the span group and of the attribute of ``doc._``."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> str:
    """``text``, of the same length, as spaCy can hold it: UTF-8 has no lone surrogates."""
    return _SURROGATE.sub("\ufffd", text)


# --- tokenizer -----------------------------------------------------------------------------------

_RUN = re.compile(r"\s+|\S+")


class _Tokens:
    """The tokens of a text, added from left to right: nothing is left out, nothing changed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.sentence_starts: list[bool | int | None] = []

    def add_sentence(self, spans: Iterable[tuple[int, int]], first: bool) -> None:
        """Add the words of a sentence; what stands before the ``first`` one is part of it."""
        begins = not first
        for start, end in spans:
            self.add_rest(start)
            self._add(start, end, begins)
            begins = False

    def add_rest(self, stop: int) -> None:
        """Add what stands before ``stop``: white space and invisible characters, run by run."""
        for run in _RUN.finditer(self.text, self.end, stop):
            start, end = run.span()
            if self.words and self.text[start] == " ":
                self.spaces[-1] = True  # the one space that a Doc can keep with a token
                start += 1
            if start < end:
                self._add(start, end, begins=False)
        self.end = stop

    def _add(self, start: int, end: int, begins: bool) -> None:
        self.sentence_starts.append(begins or not self.words)
        self.words.append(self.text[start:end])
        self.spaces.append(False)
        self.end = end


class Tokenizer(DummyTokenizer):
    """mbncheck's words as spaCy tokens; sentence starts are set.

    The text of the ``Doc`` is the input, character for character; only a lone surrogate, which
    spaCy cannot hold, becomes U+FFFD, so that every offset stays. Words may hold white space
    ("buôn bán"). White space beyond one plain space after a word is a token of its own, and so are
    invisible characters between words.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The ``Doc`` of ``text``."""
        text = _storable(text)
        tokens = _Tokens(text)
        for number, sentence in enumerate(sentences(text)):
            tokens.add_sentence(words(text, *sentence), first=number == 0)
        tokens.add_rest(len(text))
        return Doc(self.vocab, words=tokens.words, spaces=tokens.spaces, sent_starts=tokens.sentence_starts)


def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """The entry point ``mbncheck.Tokenizer.v1``; it has no settings."""
    return _tokenizer_for


def _tokenizer_for(nlp: Language) -> Tokenizer:
    return Tokenizer(nlp.vocab)


registry.tokenizers.register("mbncheck.Tokenizer.v1", func=create_tokenizer)


# --- results and docs ----------------------------------------------------------------------------

# Where doc._ itself would keep the value, so that spaCy copies, stores and drops it as its own.
_USER_DATA: Any = ("._.", KEY, None, None)


def _get_result(doc: Doc) -> CheckResult | None:
    """The result in ``doc``; None in a doc that was not checked, or was cut from one that was."""
    data = doc.user_data.get(_USER_DATA)
    if data is None or data["length"] != len(doc.text):
        return None
    return result_from_dict(data, doc.text)


def _set_result(doc: Doc, result: CheckResult) -> None:
    written = json.dumps(result_as_dict(result), ensure_ascii=False)
    doc.user_data[_USER_DATA] = json.loads(_storable(written))


Doc.set_extension(KEY, getter=_get_result, setter=_set_result, force=True)


def _annotate(doc: Doc, result: CheckResult) -> Doc:
    """Put ``result`` into the doc of its text, whatever the tokens of the doc are."""
    found = [(item, theme) for theme, about in result.themes.items() for item in about.evidence]
    found.sort(key=lambda pair: (pair[0].start, pair[0].end))
    doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=[_span(doc, item, theme) for item, theme in found])
    _set_result(doc, result)
    return doc


def _span(doc: Doc, item: Evidence, theme: str) -> Span:
    span = doc.char_span(item.start, item.end, label=theme, kb_id=item.rule, span_id=item.rule, alignment_mode="expand")
    assert span is not None  # noqa: S101 - evidence lies in the text
    return span


def doc_of(result: CheckResult, vocab: Vocab | None = None) -> Doc:
    """The text of ``result`` as a ``Doc`` with its evidence; ``result.to_doc()`` calls this.

    ``vocab`` is by default a new one for Vietnamese; docs that will be joined have to share one.
    Raises ValueError where the result does not hold its text.
    """
    if len(result.text) != result.length:
        raise ValueError("this result does not hold the text it was made of; check the text again")
    tokenizer = Tokenizer(vocab if vocab is not None else create_vocab("vi", Vietnamese.Defaults))
    return _annotate(tokenizer(result.text), result)


# --- component -----------------------------------------------------------------------------------


class Component:
    """Checks each doc: fills ``doc.spans["mbncheck"]`` and ``doc._.mbncheck``.

    The spans are the evidence, widened to whole tokens: ``label_`` is the theme, ``kb_id_`` and
    ``id_`` the rule. ``doc._.mbncheck`` is the ``CheckResult``, with exact offsets into ``doc.text``.
    Pack and model are loaded with the first doc; that raises ``PackError`` or ``ModelError``.

    A saved component carries its settings and its pack, which is then needed no more; a model of
    one's own is only named, by its path.
    """

    def __init__(self, pack: str = DEFAULT_PACK, model: str | None = "default", lang: str = "vi") -> None:
        self.pack, self.model, self.lang = pack, model, _known(lang)
        self._checker: Checker | None = None

    @property
    def checker(self) -> Checker:
        """The checker behind the component."""
        if self._checker is None:
            self._checker = Checker(self.pack, model=self.model)
        return self._checker

    @property
    def labels(self) -> tuple[str, ...]:
        """The themes of the pack, in their order: what ``span.label_`` may be."""
        try:
            return self.checker.pack.themes
        except PackError:  # spaCy asks while it loads a pipeline, before the saved pack is there
            return ()

    @property
    def titles(self) -> dict[str, str]:
        """The title of each theme in the component's language."""
        return {theme: self.checker.pack.theme_title(theme, self.lang) for theme in self.labels}

    def __call__(self, doc: Doc) -> Doc:
        """Check one doc, in place."""
        return _annotate(doc, self.checker.check(doc.text))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The component as bytes."""
        return to_bytes({"state": self._written}, exclude)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Become the component that ``to_bytes`` wrote."""
        from_bytes(data, {"state": self._restore}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the component into the folder ``path``."""

        def write(file: Path) -> None:
            file.write_bytes(self._written())

        to_disk(path, {"state.json": write}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Become the component that ``to_disk`` wrote."""
        from_disk(path, {"state.json": lambda file: self._restore(file.read_bytes())}, exclude)
        return self

    def _written(self) -> bytes:
        settings = {"pack": self.pack, "model": self.model, "lang": self.lang}
        compiled = dict(self.checker.pack.data)
        return json.dumps({**settings, "format": COMPILED_FORMAT, "compiled": compiled}, ensure_ascii=False).encode()

    def _restore(self, written: bytes) -> None:
        state = json.loads(written)
        self.pack, self.model, self.lang = state["pack"], state["model"], state["lang"]
        # Another version of mbncheck may compile packs in another way: then the pack is read anew.
        usable = state["format"] == COMPILED_FORMAT
        self._checker = Checker(CompiledPack(state["compiled"]), model=self.model) if usable else None


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    return lang


@Language.factory(
    KEY,
    default_config={"pack": DEFAULT_PACK, "model": "default", "lang": "vi"},
    assigns=["doc.spans", f"doc._.{KEY}"],
)
def make_component(nlp: Language, name: str, pack: str, model: str | None, lang: str) -> Component:
    """The factory ``mbncheck``.

    ``pack``: the id of a shipped pack, or a folder. ``model``: ``"default"``, ``"none"`` for rules
    alone, or the path of a trained model. ``lang``: ``"vi"`` or ``"en"``, for the titles of themes.
    """
    return Component(pack, model, lang)
