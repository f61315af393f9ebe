"""underthesea's word model with a memory: which tokens make up a word.

News repeats its words, and underthesea spends nine tenths of its time on writing out forty attributes for every
token and looking them up again. Here each token, pair and triple of tokens is weighed once and remembered. What
comes out is the same (``tests/text/test_tagger.py`` holds them against each other).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from mbncheck.text.crf import TwoLabelField

REMEMBERED = 8_192  # tokens, pairs and triples that are remembered, each: some 5 MB when full

_TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\.(\w+))?")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_LARGEST = 2**31

Window = tuple[int, int]  # the first and the last token looked at, counted from the one that is judged
Odds = tuple[float, ...]  # what is added to the log odds of the first label, one number for each window


class Template(NamedTuple):
    """One of the model's templates: ``T[-1,0].lower`` is the token before and this one, in lower case."""

    name: str
    window: Window
    function: str

    @classmethod
    def of(cls, name: str) -> Template:
        """A template as the model writes it. Raises ValueError for one of another form."""
        match = _TEMPLATE.fullmatch(name)
        if match is None:
            raise ValueError(name)
        first, last, function = match.groups()
        return cls(name, (int(first), int(last or first)), function or "")

    @property
    def width(self) -> int:
        """Tokens looked at, less one."""
        return self.window[1] - self.window[0]


class WordTagger:
    """A field over attributes such as ``T[-1,0].lower=hôm nay``: a template, and what it gives here.

    A template looks at the tokens of a window through a function: themselves, in lower case, whether they are a
    number, begin with no small letter, or are in ``dictionary``. ``BOS`` and ``EOS`` stand for windows that reach
    out of the sentence. Raises ValueError for a template of another kind.
    """

    def __init__(self, field: TwoLabelField, templates: Iterable[str], dictionary: Container[str]) -> None:
        self._field = field
        parsed = sorted(map(Template.of, templates), key=lambda template: (template.width, template.window))
        self._widths = [
            _Width(width, list(those), field.attributes, dictionary)
            for width, those in groupby(parsed, key=lambda template: template.width)
        ]

    def tags(self, tokens: Sequence[str]) -> list[str]:
        """The label of each token of a sentence."""
        return self._field.best(self.odds(tokens))

    def odds(self, tokens: Sequence[str]) -> list[float]:
        """For each token the log odds of the first label, its neighbours' labels left aside."""
        columns = [column for width in self._widths for column in width.columns(tokens)]
        return list(map(sum, zip(*columns, strict=True)))


class _Width:
    """The windows of one width: what neighbouring tokens add in each of them."""

    def __init__(
        self, width: int, templates: Sequence[Template], attributes: dict[str, float], dictionary: Container[str]
    ) -> None:
        self._width = width
        self._windows = list(dict.fromkeys(template.window for template in templates))
        self._attributes = attributes
        self._outside = {
            (window, mark): sum(attributes.get(f"{t.name}={mark}", 0.0) for t in templates if t.window == window)
            for window in self._windows
            for mark in ("BOS", "EOS")
        }
        texts: dict[str, Callable[[str], str]] = {"": str, "lower": str.lower}
        tests: dict[str, Callable[[str], bool]] = {
            "isdigit": _is_number,
            "istitle": _is_title,
            "is_in_dict": lambda tokens: tokens.lower() in dictionary,
        }
        self._texts: list[tuple[Callable[[str], str], list[tuple[int, str]]]] = []
        self._tests: list[tuple[Callable[[str], bool], dict[bool, list[tuple[int, float]]]]] = []
        for function in dict.fromkeys(template.function for template in templates):
            names = [(self._windows.index(t.window), f"{t.name}=") for t in templates if t.function == function]
            if function in texts:
                self._texts.append((texts[function], names))
            else:
                given = {
                    answer: [(slot, attributes.get(f"{name}{answer}", 0.0)) for slot, name in names]
                    for answer in (True, False)
                }
                self._tests.append((tests[function], given))
        self._remembered = lru_cache(REMEMBERED)(self._odds)

    def columns(self, tokens: Sequence[str]) -> list[list[float]]:
        """For each window what it adds for every token."""
        neighbours = zip(*(tokens[shift:] for shift in range(self._width + 1)), strict=False)
        rows = list(map(self._remembered, map(" ".join, neighbours) if self._width else tokens))
        return [self._column(slot, rows, len(tokens)) for slot in range(len(self._windows))]

    def _column(self, slot: int, rows: Sequence[Odds], length: int) -> list[float]:
        window = self._windows[slot]
        column = [self._outside[window, "BOS"]] * max(-window[0], 0)
        column += [row[slot] for row in rows[max(window[0], 0) :]]
        column += [self._outside[window, "EOS"]] * max(length - len(column), 0)
        return column[:length]

    def _odds(self, tokens: str) -> Odds:
        odds = [0.0] * len(self._windows)
        attributes = self._attributes
        for function, names in self._texts:
            value = function(tokens)
            for slot, name in names:
                odds[slot] += attributes.get(name + value, 0.0)
        for test, given in self._tests:
            for slot, weight in given[test(tokens)]:
                odds[slot] += weight
        return tuple(odds)


def _is_number(tokens: str) -> bool:
    """Whether underthesea_core can read it as a 32-bit integer."""
    return _WHOLE_NUMBER.fullmatch(tokens) is not None and -_LARGEST <= int(tokens) < _LARGEST


def _is_title(tokens: str) -> bool:
    """Whether no token begins with a small letter."""
    first = tokens[:1]
    return first.upper() == first and all(token[:1].upper() == token[:1] for token in tokens.split(" "))
