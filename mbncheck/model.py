"""What travels through mbncheck: articles in, results out. All of it is frozen.

Offsets are half-open and count characters (code points) of the original text. Shares and
probabilities lie in [0, 1]. Plain dataclasses, because an editor waits for start-up: pydantic
costs 0.1 s and is loaded only where data comes from outside (packs, labelled files).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spacy.tokens import Doc

Level = Literal["absent", "mentioned", "covered"]
Place = Literal["title", "lead", "body"]
Span = tuple[int, int]

LEARNED = "learned:"  # rule ids that start so stand for sentences chosen by a learned reader, where no rule speaks

LEVELS: tuple[Level, ...] = ("absent", "mentioned", "covered")


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the text itself that a reader should know; ``code`` is MBN9xx."""

    code: str
    message_vi: str
    message_en: str

    def message(self, lang: str = "vi") -> str:
        """The message in ``lang`` (``"vi"`` or ``"en"``)."""
        return self.message_en if lang == "en" else self.message_vi


NO_DIACRITICS = Note("MBN905", "văn bản viết không dấu", "written without diacritics")


@dataclass(frozen=True, slots=True)
class Article:
    """One piece to check: its text and what is known of it.

    ``origin`` says where in its file it stands (sheet and row, member of an archive); ``masked`` are spans of
    ``text`` that are not said to anyone (cues, time codes): never matched, never counted. ``paragraphs`` says which
    span is which paragraph (``p3``) or row of a table (``t1r2``) of a Word file. ``speakers`` names who
    says which span. ``airtime`` is in seconds; ``airtime_estimated`` where it was worked out from syllables.
    ``sources`` tells for each field that is known where it was found. ``encoding`` is what the bytes were read
    as, ``confidence`` in [0, 1] how sure that is; ``notes`` tell what was guessed or mended.
    """

    text: str
    id: str = ""
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    author: str | None = None
    medium: str | None = None
    genre: str | None = None
    column: str | None = None
    locality: str | None = None
    airtime: float | None = None
    airtime_estimated: bool = False
    origin: str = ""
    masked: tuple[Span, ...] = ()
    speakers: tuple[tuple[int, int, str], ...] = ()
    paragraphs: tuple[tuple[int, int, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    confidence: float = 1.0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file, or a part of one (``origin``), that cannot be read: counted and shown, never fatal, never silent."""

    path: str
    reason_vi: str
    reason_en: str
    remedy_vi: str
    remedy_en: str
    origin: str = ""

    @property
    def place(self) -> str:
        """The file and, where only a part of it is meant, that part: ``path#origin``."""
        return f"{self.path}#{self.origin}" if self.origin else self.path


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that prove an element.

    ``start``/``end`` span the evidence, ``parts`` the words inside it that the rule asked for,
    ``sentence`` the sentence it stands in. ``text`` is ``original[start:end]``. ``line`` and
    ``column`` count from 1. ``worth`` in (0, 1] says how much of "covered" it carries alone; 0 for a sentence
    that no rule speaks for. ``probability`` in [0, 1] that its sentence carries the theme best, by the learned
    reader; ``None`` without one, and for the scope.
    ``speaker`` says it, in a broadcast script that tells.
    """

    rule: str
    element: str
    start: int
    end: int
    text: str
    parts: tuple[Span, ...]
    sentence: Span
    place: Place
    line: int
    column: int
    worth: float
    probability: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme of one piece.

    ``share`` is the part of the piece's characters that stands in sentences with evidence of the theme.
    ``probability`` that a reader would call the theme covered; ``None`` without a learned model.
    ``total`` is the rules' own sum of worth. ``unsure`` marks a decision close to the threshold.
    """

    theme: str
    level: Level
    elements: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    share: float
    total: float
    probability: float | None = None
    unsure: bool = False

    @property
    def clearest(self) -> Evidence | None:
        """The evidence to show first: the most probable, of equals the strongest, of equals the earliest."""
        return max(self.evidence, key=lambda item: (item.probability or 0.0, item.worth, -item.start), default=None)


class ThemeResults(Mapping[str, ThemeResult]):
    """Theme -> its result, in the pack's order; cannot be changed, can be compared, hashed, copied and pickled.

    (``types.MappingProxyType`` can be neither pickled nor copied, and results travel between processes.)
    """

    __slots__ = ("_results",)
    _results: dict[str, ThemeResult]

    def __init__(self, results: Mapping[str, ThemeResult]) -> None:
        object.__setattr__(self, "_results", dict(results))

    def __getitem__(self, theme: str) -> ThemeResult:
        return self._results[theme]

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def __hash__(self) -> int:
        return hash(frozenset(self._results.items()))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot assign to {name!r}: results cannot be changed")

    def __reduce__(self) -> tuple[type[ThemeResults], tuple[dict[str, ThemeResult]]]:
        return ThemeResults, (self._results,)

    def __repr__(self) -> str:
        return f"ThemeResults({self._results!r})"


@dataclass(frozen=True, slots=True)
class Piece:
    """One checked piece as an archive keeps it: what scores are made from, without its text.

    ``levels`` holds every theme of the pack, in its order, with a person's decisions applied; ``in_scope`` likewise;
    ``decided_by_human`` where a person decided any of them. ``words`` counts syllables outside masked spans;
    ``airtime`` is in seconds. ``places`` are ids of the pack's communes that the piece names. ``reprint_of`` is the
    id of the piece that had it first, ``None`` for that one and for a piece that stands alone. ``path`` is its file
    and ``origin`` where it stands in it.
    """

    id: str
    in_scope: bool
    levels: Mapping[str, Level]
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    medium: str | None = None
    genre: str | None = None
    column: str | None = None
    locality: str | None = None
    author: str | None = None
    words: int = 0
    airtime: float | None = None
    airtime_estimated: bool = False
    places: tuple[str, ...] = ()
    reprint_of: str | None = None
    decided_by_human: bool = False
    path: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class PackReference:
    """Which pack made a result: id, version and content hash (SHA-256, hex)."""

    id: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says of one piece; ``themes`` holds every theme of the pack, in its order, and cannot be changed.

    ``text`` is the piece itself, for ``to_doc``; it is never shown, compared or written out, and is
    empty in a result that was read back.
    """

    id: str
    length: int
    in_scope: bool
    scope_probability: float | None
    scope_evidence: tuple[Evidence, ...]
    themes: Mapping[str, ThemeResult]
    pack: PackReference
    model: str | None = None
    no_diacritics: bool = False
    outlet: str | None = None
    published: date | None = None
    notes: tuple[Note, ...] = ()
    text: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.themes, ThemeResults):
            object.__setattr__(self, "themes", ThemeResults(self.themes))

    def to_doc(self) -> Doc:
        """The piece as a spaCy ``Doc``: evidence in ``doc.spans["mbncheck"]``, this in ``doc._.mbncheck``.

        Imports spaCy. Raises ValueError where the result does not hold its text.
        """
        from mbncheck.spacy import doc_of

        return doc_of(self)
