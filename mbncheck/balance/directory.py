"""Which outlet a piece belongs to: names and aliases, whatever their accents, case and punctuation."""

from __future__ import annotations

from collections.abc import Iterable

from mbncheck.errors import PackError
from mbncheck.pack.schema import OutletEntry
from mbncheck.text.diacritics import fold
from mbncheck.text.normalise import normalise


class Directory:
    """The outlets of a list, to be found by any of their names."""

    def __init__(self, outlets: Iterable[OutletEntry]) -> None:
        """Raises ``PackError`` where two outlets share a name."""
        self.outlets = tuple(outlets)
        self._by_name: dict[str, OutletEntry] = {}
        for outlet in self.outlets:
            for name in (outlet.id, outlet.name, *outlet.aliases):
                other = self._by_name.setdefault(name_key(name), outlet)
                if other is not outlet:
                    raise PackError(
                        f"outlets.yaml → {outlet.id}: tên “{name}” đã là của {other.id}.",
                        f"outlets.yaml → {outlet.id}: the name {name!r} belongs to {other.id}.",
                    )

    def find(self, name: str | None) -> OutletEntry | None:
        """The outlet called so; ``None`` for one that is not on the list."""
        return self._by_name.get(name_key(name)) if name else None


def name_key(name: str) -> str:
    """What the spellings of a name have in common: its letters and digits without accents and case."""
    return "".join(filter(str.isalnum, fold(normalise(name).text)))
