"""From what a file says of itself to the fields of an ``Article``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mbncheck.model import Article

_FIELDS = ("title", "author", "outlet", "medium", "genre", "column", "locality")


def described(article: Article, facts: Mapping[str, str], source: str) -> Article:
    """``article`` with the fields that ``facts`` (raw key → value, as the file says them) tell and it lacks.

    ``source`` says where the facts were found; it stands beside each field in ``Article.sources``.
    """
    found: dict[str, Any] = {key: facts[key] for key in _FIELDS if facts.get(key) and getattr(article, key) is None}
    if article.published is None and (published := _day(facts.get("published") or facts.get("date") or "")):
        found["published"] = published
    return replace(article, **found, sources=(*article.sources, *((key, source) for key in found)))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
