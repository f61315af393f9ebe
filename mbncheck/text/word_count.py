"""How long a text is, in words as word processors count them: in Vietnamese that is syllables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mbncheck.model import Span


def word_count(text: str, masked: Iterable[Span] = ()) -> int:
    """How many words ``text`` has outside ``masked``: runs between spaces, tabs and line ends."""
    said, reached = [], 0
    for start, end in sorted(masked):
        said.append(text[reached:start])
        reached = max(reached, end)
    return run_count(" ".join([*said, text[reached:]]).encode("utf-8", "surrogatepass"))


def run_count(encoded: bytes) -> int:
    """Runs of bytes above the space: twice as fast as ``split``, and every article of an archive is counted."""
    if not encoded:
        return 0
    visible = np.frombuffer(encoded, np.uint8) > ord(" ")
    return int(visible[0]) + int(np.count_nonzero(visible[1:] > visible[:-1]))
