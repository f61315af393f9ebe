"""Pieces of packs for tests."""

from __future__ import annotations


def rule(id_: str, pattern: object, **fields: object) -> dict[str, object]:
    """One rule as YAML data; the sentences are placeholders."""
    base = {"id": id_, "title": {"vi": id_, "en": id_}, "examples": ["x"], "near_misses": ["x"], "pattern": pattern}
    return {**base, **fields}
