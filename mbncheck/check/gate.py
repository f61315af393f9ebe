"""The gate: one linear pass that tells whether anything at all can be found in a piece.

Nothing is found without a scope rule, and a scope rule cannot match unless one of its needs is present whole
(``mbncheck.pack.compile`` derives them from the patterns). So a piece that the gate stops gives the same result
with the gate and without it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mbncheck.check.match import Matcher


@dataclass(frozen=True)
class Gate:
    """The gate of one compiled pack, over the literals of its scope rules."""

    matcher: Matcher

    def passes(self, shadow: str) -> bool:
        """Whether what some scope rule needs stands in ``shadow``, a piece's shadow text."""
        found, _ = self.matcher.literals_of(shadow, "scope")
        return bool(self.matcher.pack.rules_of("scope").possible(found.numbers()))
