"""The one-call form of the library."""

from __future__ import annotations

from datetime import date
from functools import cache

from mbncheck.check.checker import Checker
from mbncheck.model import CheckResult


@cache
def _default_checker() -> Checker:
    return Checker()


def check(text: str, *, published: date | None = None, outlet: str | None = None) -> CheckResult:
    """Check one text against the default pack with the default model.

    Offsets in the result are half-open and count characters of ``text``; shares and probabilities
    lie in [0, 1]. Raises ``PackError`` or ``ModelError`` only where the installation is damaged.
    """
    return _default_checker().check(text, published=published, outlet=outlet)
