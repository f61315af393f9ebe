"""The articles that paths stand for, and what is said of those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from mbncheck.locale import say
from mbncheck.model import Article, Rejected
from mbncheck.read.files import ReadOptions, articles_of, find_files


def articles_at(paths: Iterable[str], reading: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article of files, folders and patterns."""
    for found in find_files(paths):
        if isinstance(found, Rejected):
            yield found
        else:
            yield from articles_of(found, reading)


class Rejections:
    """Tells rejected files on standard error, and counts them."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.count = 0

    def without(self, articles: Iterable[Article | Rejected]) -> Iterator[Article]:
        """The articles alone."""
        for article in articles:
            if isinstance(article, Rejected):
                self.tell(article)
            else:
                yield article

    def tell(self, rejected: Rejected) -> None:
        """Say what was rejected, why, and what to do."""
        self.count += 1
        english = self.lang == "en"
        reason = rejected.reason_en if english else rejected.reason_vi
        remedy = rejected.remedy_en if english else rejected.remedy_vi
        click.echo(say(self.lang, "rejected", path=rejected.place, reason=reason.rstrip("."), remedy=remedy), err=True)
