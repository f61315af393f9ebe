"""Many articles at once: in order, as a stream, on one core and on two."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ARTICLES
from small_packs import rule

from mbncheck import Article, Checker

TIE = "Nạn buôn người vẫn còn."
forks = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture
def small(make_pack: Callable[..., Path]) -> Checker:
    """A checker with a small pack and no model."""
    return Checker(make_pack(theme=[rule("T1.promise", "~hứa", element="1a", worth=0.5)]), model=None)


def numbered(count: int, seen: list[int]) -> Iterator[Article]:
    """So many small articles; ``seen`` tells which were taken."""
    for number in range(count):
        seen.append(number)
        yield Article(f"Bài số {number}. {TIE} Họ hứa đấy." if number % 3 else f"Bài số {number}.", id=str(number))


@forks
def test_many_in_order(small: Checker) -> None:
    """However many processes there are, results are the same and come in the order of the articles."""
    alone, together = (list(small.check_many(numbered(300, []), processes=n)) for n in (1, 2))
    assert [result.id for result in alone] == [str(number) for number in range(300)]
    assert together == alone
    assert [result.text for result in together] == [result.text for result in alone]


@forks
def test_many_with_the_model() -> None:
    """Worker processes use the same pack and model."""
    checker = Checker()
    articles = [Article(path.read_text(encoding="utf-8"), id=path.stem) for path in sorted(ARTICLES.glob("*.txt"))]
    alone = list(checker.check_many(articles))
    assert alone[-1].model
    assert list(checker.check_many(iter(articles), processes=2)) == alone


@forks
@pytest.mark.parametrize(("processes", "most"), [(1, 1), (2, 2000)])
def test_many_as_a_stream(small: Checker, processes: int, most: int) -> None:
    """Articles are taken as results are, so that an archive need not fit into memory."""
    seen: list[int] = []
    results = small.check_many(numbered(6000, seen), processes=processes)
    assert seen == []
    assert [result.id for result in itertools.islice(results, 1)] == ["0"]
    assert len(seen) <= most
    results.close()  # type: ignore[attr-defined]  # it is a generator: the workers go with it


@forks
@pytest.mark.parametrize("processes", [1, 2])
def test_many_of_none(small: Checker, processes: int) -> None:
    """No articles, no results."""
    assert list(small.check_many([], processes=processes)) == []


@forks
@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_in_the_source_comes_out(small: Checker, processes: int) -> None:
    """What the generator of articles raises is raised, not swallowed."""

    def broken() -> Iterator[Article]:
        yield Article(TIE)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(small.check_many(broken(), processes=processes))
