"""Which communes of the pack a text names.

A name alone says little: *Tân Thành* lies in thirty provinces, *nhân đạo* is a word, *Nâm Nung* also a magazine.
So a name counts where it is distinctive, or follows its unit ("xã", "phường", alone or at the head of a list) in
a text that speaks of the province, or stands next to its own district; never where another district or province
is said to hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mbncheck.pack.schema import Pack, PlaceEntry, PlacesFile
from mbncheck.text.diacritics import fold, lacks_diacritics
from mbncheck.text.normalise import normalise
from mbncheck.text.shadow import Shadow

ELSEWHERE = "elsewhere"

_UNITS = ("xã", "phường", "thị trấn")
_UNIT_BEFORE = re.compile(r"(?<!\w)(xã|phường|thị trấn|tt|[xp]\.|xa|phuong|thi tran)[.:]?\s+(?:biên giới:?\s+)?$")
# Between the names of a list: ", ", " và ", " - ", ", xã ".
_LIST_GAP = re.compile(
    r"\s*(?:[,;/-]|và|va|cùng|hay|hoặc)?\s*(?:(?:các|cac)\s+)?(?:(?:xã|phường|thị trấn|xa|phuong)\s+)?"
)
_BEFORE_AREA = re.compile(
    r"[\s,(\[-]{0,4}(?:(?:thuộc|của|ở|tại|cua|o)\s+)?(?:(?:địa bàn|dia ban)\s+)?"
    r"(?P<unit>(?:huyện|thị xã|thành phố|quận|tỉnh|huyen|thanh pho|quan|tinh)\s+|(?:tp|tx|h|q|t)[.\s]\s*)?"
    r"(?:biên giới\s+)?"
)
_LOOK_BACK = 32


@dataclass(frozen=True, slots=True)
class _Found:
    """One name in the shadow text: half-open offsets there, and what it may stand for."""

    start: int
    end: int
    places: tuple[PlaceEntry, ...]


def places_named(text: str, pack: Pack | PlacesFile, on: date | None = None, *, local: bool = False) -> tuple[str, ...]:
    """The ids of the pack's communes that ``text`` names, sorted, each once.

    ``on`` is the day of the text: names that old and new units share mean the unit of that day (``None``: of the
    day ``as_of`` of ``places.yaml``). ``local`` where the text is of an outlet of the province, which need not say
    so. Diacritics count, but for text written without any. A pack without places names none.
    """
    places = pack.places if isinstance(pack, Pack) else pack
    return _gazetteer(places).named(text, on or places.as_of, local) if places else ()


@lru_cache(maxsize=8)
def _gazetteer(places: PlacesFile) -> _Gazetteer:
    return _Gazetteer(places)


class _Gazetteer:
    """The names of a ``places.yaml``, ready to look for."""

    def __init__(self, places: PlacesFile) -> None:
        self.places = places
        self.accented = _Names(places, folded=False)
        self.folded = _Names(places, folded=True)

    def named(self, text: str, on: date, local: bool) -> tuple[str, ...]:
        shadow = normalise(text)
        bare = lacks_diacritics(shadow.text)
        names = self.folded if bare else self.accented
        reader = _Reader(names, fold(shadow.text) if bare else shadow.text, text, shadow, on, local)
        return tuple(sorted(set(reader.read())))


class _Names:
    """The patterns of one spelling: with diacritics, or folded."""

    def __init__(self, places: PlacesFile, folded: bool) -> None:
        self.folded = folded
        self.by_key: dict[str, list[PlaceEntry]] = {}
        for place in places.places:
            for name in (place.name, *place.variants):
                self.by_key.setdefault(self.key(name), []).append(place)
        self.place = self._pattern(name for place in places.places for name in (place.name, *place.variants))
        self.areas = [(area, self._pattern((area.name, *area.variants))) for area in places.areas]
        self.provinces = [
            (province, self._pattern((province.name, *province.variants))) for province in places.provinces
        ]
        self.elsewhere = self._pattern(places.elsewhere)
        blocking = "|".join(re.escape(self._spelled(word)) for word in places.not_after)
        self.blocked = re.compile(rf"(?<!\w)(?:{blocking})\s+$") if blocking else None

    def key(self, name: str) -> str:
        """What all spellings of a name that the pattern takes have in common."""
        squeezed = re.sub(r"[\s'-]+", "", self._spelled(name))
        return re.sub(r"^[đd][aăâắáặ][kc]", "đăk", squeezed)

    def _spelled(self, name: str) -> str:
        spelled = normalise(name).text
        return fold(spelled) if self.folded else spelled

    def _pattern(self, names: Iterable[str]) -> re.Pattern[str]:
        spelled = sorted({self._spelled(name) for name in names}, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<![\w'])(?:{'|'.join(map(_spellings, spelled)) or '(?!)'})(?![\w'])")


def _spellings(name: str) -> str:
    """A pattern for one name: Đắk, Đăk, Đak, Dak, Đắc; R'Lấp, R' Lấp, RLấp; Krông Nô, Krông-Nô."""
    syllables = []
    for syllable in re.split(r"[\s-]+", name):
        loose = re.escape(syllable).replace("'", r"\s?'?\s?")
        syllables.append("[đd][aăâắáặ][kc]" if syllable in ("đắk", "dak") else loose)
    return r"\s*[\s-]\s*".join(syllables)


class _Reader:
    """One text, read once."""

    def __init__(self, names: _Names, text: str, original: str, shadow: Shadow, on: date, local: bool) -> None:
        self.names = names
        self.text = text
        self.original = original
        self.shadow = shadow
        self.on = on
        self.here = local or self._speaks_of_the_province()

    def read(self) -> Iterator[str]:
        for chain in self._chains():
            introduced = self._unit_before(chain[0].start)
            told = [self._told_area(found.end) for found in chain]
            rejected = told[-1] == ELSEWHERE
            for found, area in zip(chain, told, strict=True):
                unit = self._unit_before(found.start) or introduced
                yield from (place.id for place in self._accepted(found, unit, area, rejected))

    def _chains(self) -> Iterator[list[_Found]]:
        """Names in lists: those with nothing but a comma, "và" or a unit between them."""
        chain: list[_Found] = []
        for match in self.names.place.finditer(self.text):
            found = _Found(match.start(), match.end(), self._candidates(match.group()))
            if chain and not _LIST_GAP.fullmatch(self.text, chain[-1].end, found.start):
                yield chain
                chain = []
            chain.append(found)
        if chain:
            yield chain

    def _candidates(self, written: str) -> tuple[PlaceEntry, ...]:
        return tuple(self.names.by_key.get(self.names.key(written), ()))

    def _accepted(self, found: _Found, unit: str | None, area: str | None, rejected: bool) -> Sequence[PlaceEntry]:
        """The place meant by one name, if any is."""
        if not unit and (not self._capitalised(found) or self._is_blocked(found.start)):
            return ()
        distinctive = all(place.distinctive for place in found.places)
        if area == ELSEWHERE or (not distinctive and (rejected or self._is_head(found))):
            return ()
        places = [place for place in found.places if self._fits(place, unit, area)]
        return self._of_the_day(places)

    def _fits(self, place: PlaceEntry, unit: str | None, area: str | None) -> bool:
        if unit and unit in _UNITS and unit != place.unit and not place.distinctive:
            return False
        if area is not None:
            return area == place.area  # units formed when districts were gone lie in none
        return place.distinctive or (bool(unit) and self.here)

    def _of_the_day(self, places: Sequence[PlaceEntry]) -> Sequence[PlaceEntry]:
        """Of old and new units that share a name those of the day; else what is there."""
        return [place for place in places if place.in_use(self.on)] or places

    def _unit_before(self, start: int) -> str | None:
        found = _UNIT_BEFORE.search(self.text, max(start - _LOOK_BACK, 0), start)
        return found.group(1) if found else None

    def _is_blocked(self, start: int) -> bool:
        blocked = self.names.blocked
        return blocked is not None and blocked.search(self.text, max(start - _LOOK_BACK, 0), start) is not None

    def _capitalised(self, found: _Found) -> bool:
        """Whether every word of the name is written as a name's."""
        start, end = self.shadow.original(found.start, found.end)
        return all(word[0].isupper() for word in self.original[start:end].split()[:2])

    def _is_head(self, found: _Found) -> bool:
        """Whether the name only begins a longer one (*Quảng Phú Cầu*, *Tân Thành Đông*)."""
        start, end = self.shadow.original(found.start, found.end)
        if self.original[start:end].isupper():
            return False  # a heading in capitals does not tell
        follows = self.original[end : end + 2]
        return follows[:1] == " " and follows[1:].isupper() and self._told_area(found.end) is None

    def _told_area(self, end: int) -> str | None:
        """The id of the district that follows, ``ELSEWHERE`` for one of another province, ``None`` where none does."""
        lead = _BEFORE_AREA.match(self.text, end)
        assert lead is not None  # noqa: S101 - every part of the pattern may be empty
        unit = (lead.group("unit") or "").strip()
        if lead.end() == end:
            return None
        for area, pattern in self.names.areas:
            if (unit or area.in_use(self.on)) and pattern.match(self.text, lead.end()):
                return area.id
        if self._names_the_province(lead.end()):
            return None
        named = bool(unit) and self._is_capital(lead.end())
        return ELSEWHERE if named or self.names.elsewhere.match(self.text, lead.end()) else None

    def _names_the_province(self, at: int) -> bool:
        provinces = self.names.provinces
        return any(province.in_use(self.on) and pattern.match(self.text, at) for province, pattern in provinces)

    def _is_capital(self, at: int) -> bool:
        if at >= len(self.text):
            return False
        start, end = self.shadow.original(at, at + 1)
        return self.original[start:end].isupper() or self.names.folded

    def _speaks_of_the_province(self) -> bool:
        named = [*self.names.provinces, *self.names.areas]
        return any(name.in_use(self.on) and pattern.search(self.text) for name, pattern in named)
