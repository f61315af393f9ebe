"""Matches put together: parts in order or in any order, close enough, and none that an ``unless`` voids.

A match is the tightest of its kind that ends where it ends; the work grows with the number of parts, not its
square.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import accumulate, islice, pairwise, product
from typing import NamedTuple

from mbncheck.model import Span

MOST_TRIED = 5  # for a part of ``all``: its matches nearest to the rarest part
MOST_CHOICES = 125  # combinations of them


class Match(NamedTuple):
    """Where a pattern matched: offsets of the original, words counted in the sentence, sentences in the piece."""

    start: int
    end: int
    first_word: int
    last_word: int
    first_sentence: int
    last_sentence: int
    parts: tuple[Span, ...]


Close = Callable[[Match, Match], bool]  # of two neighbouring parts, in the order of the text


class Blockers:
    """The matches of an ``unless`` in some sentences."""

    def __init__(self, matches: list[Match]) -> None:
        spans = sorted((m.first_sentence, m.first_word, m.last_sentence, m.last_word) for m in matches)
        self._starts = [span[:2] for span in spans]
        self._reached = list(accumulate((span[2:] for span in spans), max))

    def __len__(self) -> int:
        return len(self._starts)

    def within(self, match: Match, words: int) -> bool:
        """Whether one stands inside ``match``, or at most so many words before or behind it."""
        before = bisect_right(self._starts, (match.last_sentence, match.last_word + words + 1))
        return before > 0 and self._reached[before - 1] >= (match.first_sentence, match.first_word - words - 1)


def by_offset(match: Match) -> Span:
    """The order of the text."""
    return match.start, match.end


def _match_end(match: Match) -> int:
    return match.end


def gap(a: Match, b: Match) -> int:
    """Words between two matches of one sentence, ``a`` before ``b``; 0 where they touch or overlap."""
    return max(b.first_word - a.last_word - 1, 0)


def in_order(parts: list[list[Match]], close: Close) -> list[Match]:
    """Chains of one match a part, each ending before the next starts; the tightest for every last match."""
    chains = parts[0]
    for following in parts[1:]:
        if len(chains) == len(following) == 1:  # as nearly always
            (first,), (last,) = chains, following
            chains = [_chained(first, last)] if first.end <= last.start and close(first, last) else []
        else:
            chains = list(_linked(sorted(chains, key=_match_end), sorted(following, key=by_offset), close))
        if not chains:
            break
    return chains


def _chained(first: Match, last: Match) -> Match:
    """Two matches, the second behind the first, as one."""
    return Match(
        first.start,
        last.end,
        first.first_word,
        last.last_word,
        first.first_sentence,
        last.last_sentence,
        first.parts + last.parts,
    )


def _linked(chains: list[Match], following: list[Match], close: Close) -> Iterator[Match]:
    """Every match joined to the chain that ends before it, is close and starts last.

    In time that grows with the number of matches, not its square: a chain too far from one match is too far
    from all later ones, so those still close make a sliding window, of which only falling starts are kept.
    """
    window: deque[Match] = deque()
    ahead = 0
    for match in following:
        while ahead < len(chains) and chains[ahead].end <= match.start:
            while window and by_offset(window[-1]) < by_offset(chains[ahead]):
                window.pop()
            window.append(chains[ahead])
            ahead += 1
        while window and not close(window[0], match):
            window.popleft()
        if window:
            yield _chained(window[0], match)


def in_any_order(parts: list[list[Match]], close: Close) -> list[Match]:
    """For every match of the rarest part the nearest choice of the other parts in which all are close."""
    seeds, *rest = sorted(parts, key=len)
    others = [sorted(part, key=by_offset) for part in rest]
    found: list[Match] = []
    for seed in seeds:
        near = [part if len(part) == 1 else _nearest(seed, part) for part in others]
        for choice in islice(product([seed], *near), MOST_CHOICES):
            chosen = sorted(choice, key=by_offset)
            pairs = list(pairwise(chosen))
            if all(a.end <= b.start for a, b in pairs) and all(close(a, b) for a, b in pairs):
                found.append(reduce(_chained, chosen))
                break
    return found


def _nearest(seed: Match, others: list[Match]) -> list[Match]:
    """The few of ``others``, which are in text order, that start nearest to ``seed``, nearest first."""
    at = bisect_left(others, seed.start, key=lambda match: match.start)
    around = others[max(at - MOST_TRIED, 0) : at + MOST_TRIED]
    return sorted(around, key=lambda match: (abs(match.start - seed.start), match.start))[:MOST_TRIED]
