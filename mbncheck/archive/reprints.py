"""Reprints: pieces in scope that are nearly the same text, in one outlet or several.

Candidates come from MinHash signatures over runs of three syllables in a locality-sensitive index (Broder 1997;
Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3). A candidate is confirmed by the similarity of the
syllable sequences, 1 - d / (m + n) with d the fewest insertions and deletions (rapidfuzz ``Indel``). Confirmed pairs
are joined into groups; of a group the piece published first had it first, then the one whose id sorts first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from sys import intern
from typing import Any

import pyarrow as pa
from datasketch import MinHash, MinHashLSH
from rapidfuzz.distance import Indel

from mbncheck.archive.store import Store

SAME_AT = 0.8  # a release with a new headline and a fifth of it cut is still that release
CANDIDATES_AT = 0.5  # Jaccard similarity; one syllable in ten changed leaves about 0.57
PERMUTATIONS = 128
SHINGLE = 3  # syllables
MOST = 20_000  # syllables compared: two hours of speech
SEED = 20200730

_SYLLABLE = re.compile(r"\w+")

Key = tuple[int, int]  # file and number


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared: a piece's key, when and under which id it appeared, and its shadow text."""

    key: Key
    published: date | None
    id: str
    text: str

    @property
    def order(self) -> tuple[bool, date, str, Key]:
        """Who had it first: undated pieces come last."""
        return self.published is None, self.published or date.max, self.id, self.key


@dataclass(frozen=True, slots=True)
class Reprint:
    """A piece, the first of its group, and how alike the two are in [0, 1] (members of a group may be less alike)."""

    key: Key
    first: Key
    similarity: float


def mark_reprints(store: Store) -> int:
    """Find the reprints among the store's pieces in scope and keep them there, instead of those found before.

    Returns how many there are. Raises ``StoreError``.
    """
    found = find_reprints(Text((row[0], row[1]), *row[2:]) for row in store.texts_in_scope())
    rows = [(*one.key, *one.first, one.similarity) for one in found]
    with store.transaction() as connection:
        connection.register("reprints_now", _table(rows))
        connection.execute("DELETE FROM reprints")
        connection.execute("INSERT INTO reprints FROM reprints_now")
        connection.unregister("reprints_now")
    return len(found)


def find_reprints(texts: Iterable[Text]) -> list[Reprint]:
    """Every text that is a reprint, in the order of their keys; the order of ``texts`` does not matter."""
    # Texts go as soon as their syllables are there: these share their strings and take a tenth of the room.
    ordered = sorted((text.order, syllables_of(text.text)) for text in texts)
    keys = [order[-1] for order, _ in ordered]
    syllables = [spoken for _, spoken in ordered]
    groups = Groups(len(keys))
    for one, other in _same(syllables):
        groups.join(one, other)
    found = [
        Reprint(keys[one], keys[first], round(similarity(syllables[one], syllables[first]), 4))
        for one, first in enumerate(map(groups.first, range(len(keys))))
        if first != one
    ]
    return sorted(found, key=lambda reprint: reprint.key)


def syllables_of(text: str) -> tuple[str, ...]:
    """The syllables that are compared: letters and digits only, the first ``MOST`` of them."""
    return tuple(islice((intern(match[0]) for match in _SYLLABLE.finditer(text)), MOST))


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two sequences of syllables are, in [0, 1]."""
    return float(Indel.normalized_similarity(one, other))


def _same(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of texts, earlier one second, that are confirmed to be the same."""
    index = MinHashLSH(threshold=CANDIDATES_AT, num_perm=PERMUTATIONS)
    seen: dict[Sequence[str], int] = {}
    for number, text in enumerate(texts):
        if text in seen:  # word for word: the index need not grow
            yield number, seen[text]
            continue
        seen[text] = number
        signature = _signature(text)
        for candidate in index.query(signature):
            if similarity(text, texts[candidate]) >= SAME_AT:
                yield number, candidate
        index.insert(number, signature)


def _signature(text: Sequence[str]) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS, seed=SEED)
    runs = {" ".join(text[start : start + SHINGLE]) for start in range(max(len(text) - SHINGLE + 1, 1))}
    signature.update_batch([run.encode() for run in sorted(runs)])
    return signature


class Groups:
    """Numbers joined into groups (union–find); each group is known by its smallest number."""

    def __init__(self, count: int) -> None:
        self._towards = list(range(count))

    def first(self, number: int) -> int:
        """The smallest number of the group."""
        while self._towards[number] != number:
            self._towards[number] = self._towards[self._towards[number]]
            number = self._towards[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        first, second = sorted((self.first(one), self.first(other)))
        self._towards[second] = first


def _table(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in _REPRINTS)
    return pa.table(
        [pa.array(column, of) for column, of in zip(columns, _REPRINTS.types, strict=True)], schema=_REPRINTS
    )


_REPRINTS = pa.schema(
    {
        "file": pa.int64(),
        "number": pa.int64(),
        "first_file": pa.int64(),
        "first_number": pa.int64(),
        "similarity": pa.float64(),
    }
)
