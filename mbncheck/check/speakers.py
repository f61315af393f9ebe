"""Who says the words that prove a theme, in a script that names its speakers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from mbncheck.model import CheckResult, Evidence


def with_speakers(result: CheckResult, speakers: Sequence[tuple[int, int, str]]) -> CheckResult:
    """``result`` with the speaker of every piece of evidence: who says its first word.

    ``speakers`` are (start, end, name), half-open and in the order of the text.
    """
    starts = [start for start, _, _ in speakers]

    def named(item: Evidence) -> Evidence:
        turn = bisect_right(starts, item.start) - 1
        if turn < 0 or item.start >= speakers[turn][1]:
            return item
        return replace(item, speaker=speakers[turn][2])

    themes = {name: replace(theme, evidence=tuple(map(named, theme.evidence))) for name, theme in result.themes.items()}
    return replace(result, themes=themes, scope_evidence=tuple(map(named, result.scope_evidence)))
