"""The articles that paths stand for, and what is said of those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from mbncheck.errors import ReadError
from mbncheck.locale import say
from mbncheck.model import Article, Rejected
from mbncheck.read.files import articles_of, find_files


def articles_at(paths: Iterable[str]) -> Iterator[Article | Rejected]:
    """Every article of files, folders, patterns and JSONL; a file that fails half-way is told once."""
    for found in find_files(paths):
        if isinstance(found, Rejected):
            yield found
            continue
        try:
            yield from articles_of(found)
        except ReadError as error:
            yield Rejected(found, error.vi, error.en, "hãy sửa dòng ấy rồi chạy lại", "mend that line and run again")


class Rejections:
    """Tells rejected files on standard error, and counts them."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.count = 0

    def without(self, articles: Iterable[Article | Rejected]) -> Iterator[Article]:
        """The articles alone."""
        for article in articles:
            if isinstance(article, Rejected):
                self._tell(article)
            else:
                yield article

    def _tell(self, rejected: Rejected) -> None:
        self.count += 1
        english = self.lang == "en"
        reason = rejected.reason_en if english else rejected.reason_vi
        remedy = rejected.remedy_en if english else rejected.remedy_vi
        click.echo(say(self.lang, "rejected", path=rejected.path, reason=reason.rstrip("."), remedy=remedy), err=True)
