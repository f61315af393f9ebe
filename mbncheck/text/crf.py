"""A trained linear-chain conditional random field with two labels, read from CRFsuite's file.

With two labels only differences count: an attribute is one number, how much more it speaks for the first label
than for the second. The format is that of CRFsuite 0.12: a header, 20 bytes for every weight, and two tables of
strings (CQDB), one of labels and one of attributes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<4sI4sIIIIIIIII")
_WEIGHTS_HEADER = struct.Struct("<4sII")
_TABLE_HEADER = struct.Struct("<4s5I")
_ENTRY_HEADER = 8
_STATE, _TRANSITION = 0, 1
_WEIGHT = [("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")]


@dataclass(frozen=True, slots=True)
class TwoLabelField:
    """Weights of a conditional random field with two labels.

    ``attributes``: log odds of the first label that an attribute adds. ``transitions[a][b]``: the weight of
    label ``b`` after label ``a``.
    """

    labels: tuple[str, str]
    attributes: dict[str, float]
    transitions: tuple[tuple[float, float], tuple[float, float]]

    def best(self, odds: Sequence[float]) -> list[str]:
        """The best labels for a sequence of log odds of the first label (Viterbi)."""
        if not odds:
            return []
        (same, leave), (enter, stay) = self.transitions
        first, second = odds[0], 0.0
        steps: list[tuple[int, int]] = []
        for odd in odds[1:]:
            from_first, from_second = first + same, second + enter
            to_first, to_second = first + leave, second + stay
            steps.append((int(from_second > from_first), int(to_second > to_first)))
            first, second = odd + max(from_first, from_second), max(to_first, to_second)
        label = int(second > first)
        path = [label]
        for step in reversed(steps):
            label = step[label]
            path.append(label)
        return [self.labels[label] for label in reversed(path)]


def read_field(path: Path) -> TwoLabelField:
    """Read a CRFsuite model. Raises ValueError (or ``struct.error``, cut short) for another file."""
    import numpy as np

    raw = path.read_bytes()
    magic, _, kind, *_, labels_at, attributes_at, _, _ = header = _HEADER.unpack_from(raw)
    labels = tuple(_strings(raw, labels_at))
    if (magic, kind) != (b"lCRF", b"FOMC") or len(labels) != 2:
        raise ValueError(f"{path}: not a CRFsuite model with two labels")
    weights_at = header[7]
    _, _, count = _WEIGHTS_HEADER.unpack_from(raw, weights_at)
    weights = np.frombuffer(raw, np.dtype(_WEIGHT), count, weights_at + _WEIGHTS_HEADER.size)
    attributes = list(_strings(raw, attributes_at))
    state = weights[weights["kind"] == _STATE]
    signed = np.where(state["target"] == 0, state["weight"], -state["weight"])
    odds = np.bincount(state["source"], signed, len(attributes))
    transitions = np.zeros((2, 2))
    changes = weights[weights["kind"] == _TRANSITION]
    transitions[changes["source"], changes["target"]] = changes["weight"]
    (same, leave), (enter, stay) = transitions.tolist()
    return TwoLabelField(
        (labels[0], labels[1]), dict(zip(attributes, odds.tolist(), strict=True)), ((same, leave), (enter, stay))
    )


def _strings(raw: bytes, at: int) -> Iterator[str]:
    """The strings of a table, in the order of their numbers."""
    *_, count, offsets_at = _TABLE_HEADER.unpack_from(raw, at)
    for offset in struct.unpack_from(f"<{count}I", raw, at + offsets_at):
        start = at + offset + _ENTRY_HEADER  # number and size, then the string, closed by a NUL
        yield raw[start : raw.index(b"\0", start)].decode("utf-8")
