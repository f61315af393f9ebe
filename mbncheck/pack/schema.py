"""What a pack's YAML files may say, as pydantic models; ``json_schema`` gives them to editors.

Nothing beyond the named fields is accepted. ``docs/rules.md`` explains the format to rule authors.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator
from typing_extensions import TypeAliasType

Reach = Literal["sentence", "paragraph", "piece"]
WordDistance = Annotated[int, Field(ge=0, le=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
# Loading reads every scalar as a string, so an editor has to accept 18001567 without quotes too.
Literal_ = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1, "maxLength": 200}),
]
Worth = Annotated[float, Field(gt=0, le=1)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*\.[a-z0-9]+(-[a-z0-9]+)*$")]
ListName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

Pattern = TypeAliasType("Pattern", "Literal_ | list[Pattern] | Node")


class Strict(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """The same words in Vietnamese and in English."""

    vi: Text
    en: Text


class Node(Strict):
    """One operator of a pattern: exactly one of ``any``, ``all``, ``in_order``."""

    any: list[Pattern] | None = None
    all: list[Pattern] | None = None
    in_order: list[Pattern] | None = None
    within: WordDistance | Reach = "sentence"
    unless: Pattern | None = None
    unless_within: WordDistance | Reach = "sentence"

    @model_validator(mode="after")
    def one_operator(self) -> Node:
        """Refuse a node with no operator, two operators or an empty one."""
        given = [parts for parts in (self.any, self.all, self.in_order) if parts is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError("exactly one of any, all, in_order, and not empty")
        return self


class Rule(Strict):
    """What every rule has: a pattern, and sentences that prove it right."""

    id: RuleId
    title: Bilingual
    pattern: Pattern
    examples: Annotated[list[Text], Field(min_length=1)]
    near_misses: Annotated[list[Text], Field(min_length=1)]


class EvidenceRule(Rule):
    """Finds evidence of an element; ``worth`` in (0, 1], 1 = covers the theme by itself."""

    element: str
    worth: Worth


class ScopeRule(Rule):
    """Ties a piece to trafficking or to a direct risk of it."""

    worth: Worth


class FalseFriend(Rule):
    """Looks like evidence and is not: voids what it touches (``reach``)."""

    cancels: Annotated[list[str], Field(min_length=1)]
    reach: Literal["span", "sentence", "piece"] = "span"


class Element(Strict):
    """A part of a theme; ``linked`` elements (⛓) count only in a piece tied to the topic."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]+[a-z]$")]
    title: Bilingual
    linked: bool = False


Words = dict[ListName, list[Literal_]]


class ThemeFile(Strict):
    """One theme: ``T1.yaml`` …"""

    theme: Annotated[str, StringConstraints(pattern=r"^T[0-9]+$")]
    title: Bilingual
    plan: Text
    elements: Annotated[list[Element], Field(min_length=1)]
    words: Words = {}
    rules: list[EvidenceRule]

    @model_validator(mode="after")
    def known_elements(self) -> ThemeFile:
        """Refuse a rule for an element that the theme does not have."""
        known = {element.id for element in self.elements}
        for rule in self.rules:
            if rule.element not in known:
                raise ValueError(f"{rule.id} → element: {rule.element!r} is not one of {', '.join(sorted(known))}")
        return self


class ScopeFile(Strict):
    """``scope.yaml``."""

    words: Words = {}
    rules: Annotated[list[ScopeRule], Field(min_length=1)]


class FalseFriendFile(Strict):
    """``false_friends.yaml``."""

    words: Words = {}
    rules: list[FalseFriend] = []


class Validity(Strict):
    """The period a pack is made for; both days belong to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")

    @model_validator(mode="after")
    def in_order(self) -> Validity:
        """Refuse a period that ends before it starts."""
        if self.end < self.start:
            raise ValueError(f"ends ({self.end}) before it starts ({self.start})")
        return self


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ThemeId = Annotated[str, StringConstraints(pattern=r"^T[0-9]+$")]
OutletKind = Literal["press", "portal", "radio", "telecom"]
DutyMeasure = Literal["pieces", "themes", "key_places", "growth", "not_in_archive"]
DutySpan = Literal["month", "quarter", "half", "year", "period", "window"]
ReportingPeriod = Literal["month", "quarter", "half", "year"]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Share = Annotated[float, Field(gt=0, le=1000)]


class Duty(Strict):
    """What the plan asks of some kinds of outlet (or of the province as a whole), with the paragraph that asks it.

    ``measure`` must be at least ``at_least`` in every ``per`` of the period: ``pieces`` and ``themes`` covered are
    counts, ``key_places`` the share of key communes named, ``growth`` the number of pieces over that of the period
    before; ``not_in_archive`` is listed and left to people.
    """

    id: Id
    kinds: Annotated[tuple[OutletKind | Literal["province"], ...], Field(min_length=1)]
    title: Bilingual
    paragraph: Text
    quote: Text
    measure: DutyMeasure
    per: DutySpan = "period"
    at_least: Annotated[float, Field(ge=0)] = 1
    note: Bilingual | None = None


class Window(Strict):
    """Days around the national day, as ``MM-DD``; all three belong to it."""

    start: MonthDay
    day: MonthDay
    end: MonthDay

    @model_validator(mode="after")
    def in_order(self) -> Window:
        """Refuse a window whose day lies outside it, and one over the turn of the year."""
        if not self.start <= self.day <= self.end:
            raise ValueError(f"{self.start}, {self.day}, {self.end}: not in order")
        return self


class BalanceTargets(Strict):
    """How an outlet's pieces should spread over the themes; ``docs/balance.md`` gives the formulas.

    ``targets`` are weights in proportion (equal where none is said), ``quotas`` pieces a theme in ``quota_per``,
    ``topics`` the themes as words in a sentence.
    """

    targets: dict[ThemeId, Share] = {}
    quotas: dict[ThemeId, Annotated[int, Field(ge=0)]] = {}
    quota_per: ReportingPeriod = "quarter"
    topics: dict[ThemeId, Bilingual] = {}
    paragraph: Text
    note: Bilingual
    window: Window


class PackFile(Strict):
    """``pack.yaml``: what the pack is, where its themes come from, what it asks of whom."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Bilingual
    source: Bilingual
    place: Bilingual
    valid: Validity
    extends: str | None = None
    balance: BalanceTargets | None = None
    duties: tuple[Duty, ...] = ()


class Named(Strict):
    """A name that texts may call in several spellings, and the days on which it was in use (all belong to it)."""

    name: Text
    variants: tuple[Text, ...] = ()
    since: date | None = None
    until: date | None = None

    def in_use(self, day: date) -> bool:
        """Whether the name was in use on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Area(Named):
    """A district: what tells places of the same name apart."""

    id: Id
    unit: Text


class PlaceEntry(Named):
    """A commune, ward or township; ``key`` where the plan's work concentrates.

    ``distinctive`` names need neither the unit before them nor their district; ``formed_from`` are the ids of
    the units that were merged into it.
    """

    id: Id
    unit: Text
    area: Id | None = None
    key: bool = False
    distinctive: bool = False
    formed_from: tuple[Id, ...] = ()


class PlacesFile(Strict):
    """``places.yaml``: the communes whose naming is counted."""

    source: Bilingual
    as_of: date
    provinces: Annotated[tuple[Named, ...], Field(min_length=1)]
    elsewhere: tuple[Text, ...] = ()
    not_after: tuple[Text, ...] = ()
    areas: tuple[Area, ...] = ()
    places: Annotated[tuple[PlaceEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def known_ids(self) -> PlacesFile:
        """Refuse an id that stands twice, and one that is not there."""
        areas, places = [area.id for area in self.areas], [place.id for place in self.places]
        ids = [*areas, *places]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise ValueError(f"{id_}: used twice")
        for place in self.places:
            unknown = {place.area} - {None, *areas} | set(place.formed_from) - set(places)
            if unknown:
                raise ValueError(f"{place.id}: no area or place {', '.join(map(str, sorted(map(str, unknown))))}")
        return self


class OutletEntry(Strict):
    """An outlet that has duties: its names, its kind, where it is, and targets of its own."""

    id: Id
    name: Text
    kind: OutletKind
    aliases: tuple[Text, ...] = ()
    area: Id | None = None
    targets: dict[ThemeId, Share] = {}


class OutletsFile(Strict):
    """``outlets.yaml``."""

    source: Bilingual | None = None
    outlets: tuple[OutletEntry, ...]


class Pack(Strict):
    """A whole pack as its files say it, with their content hash (SHA-256, hex)."""

    about: PackFile
    themes: Annotated[list[ThemeFile], Field(min_length=1)]
    scope: ScopeFile
    false_friends: FalseFriendFile
    words: Words
    hash: str
    places: PlacesFile | None = None
    outlets: OutletsFile | None = None

    def rules(self) -> list[Rule]:
        """Every rule of the pack, scope first, themes in their order, false friends last."""
        themed = [rule for theme in self.themes for rule in theme.rules]
        return [*self.scope.rules, *themed, *self.false_friends.rules]


FILE_MODELS: dict[str, type[BaseModel]] = {
    "pack": PackFile,
    "theme": ThemeFile,
    "scope": ScopeFile,
    "false_friends": FalseFriendFile,
    "places": PlacesFile,
    "outlets": OutletsFile,
}


def json_schema(kind: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one kind of file: a key of ``FILE_MODELS``."""
    return FILE_MODELS[kind].model_json_schema()
