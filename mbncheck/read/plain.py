"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mbncheck.model import Article
from mbncheck.read import refusals
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source, article_of, decoded, facts_of, is_blank, with_headline
from mbncheck.text.encodings import Decoded

MAX_FRONT_MATTER = 64_000
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def read_text(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a plain text, to the letter; front matter is told apart as in Markdown."""
    found = _decoded(source, options)
    yield _apart(found) if found.text.startswith("---") else article_of(found)


def read_markdown(source: Source, options: ReadOptions) -> Iterator[Article]:
    """The article in a Markdown file; YAML front matter is what it says of itself.

    The text is what follows the front matter, under its title where it does not open with one.
    """
    yield _apart(_decoded(source, options))


def _apart(found: Decoded) -> Article:
    front = _FRONT_MATTER.match(found.text, 0, MAX_FRONT_MATTER)
    facts = _facts(front[1]) if front else {}
    if not front or not facts:
        return article_of(found)
    from mbncheck.read.metadata import described

    body, title = found.text[front.end() :], facts.get("title", "")
    text = body if body.lstrip().lstrip("# ").startswith(title) else with_headline(title, body)
    return described(article_of(found, text), facts, "front matter")


def _decoded(source: Source, options: ReadOptions) -> Decoded:
    found = decoded(source.whole(options.max_bytes), options)
    if is_blank(found.text):
        raise refusals.empty()
    return found


def _facts(front_matter: str) -> dict[str, str]:
    import yaml

    try:
        data = yaml.safe_load(front_matter)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return facts_of(data.items()) if isinstance(data, Mapping) else {}
