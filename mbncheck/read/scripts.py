"""Broadcast scripts: what is said, what is only done, and who says it."""

from __future__ import annotations

from mbncheck.model import Article


def as_script(article: Article) -> Article:
    """``article`` with its cues masked and its speakers named, where it is a script."""
    return article
