"""Pieces for tests of scores: themes by number, everything else by name."""

from __future__ import annotations

from datetime import date
from typing import Any

from mbncheck import Piece
from mbncheck.model import Level

THEMES = tuple(f"T{number}" for number in range(1, 8))


def piece(id: str, day: str | None, covered: str = "", *, mentioned: str = "", **fields: Any) -> Piece:
    """A piece of Báo Đắk Nông in scope; ``covered="26"`` covers T2 and T6."""
    levels: dict[str, Level] = dict.fromkeys(THEMES, "absent")
    for number in mentioned:
        levels[f"T{number}"] = "mentioned"
    for number in covered:
        levels[f"T{number}"] = "covered"
    known = {"in_scope": True, "outlet": "Báo Đắk Nông", "words": 100, **fields}
    return Piece(id, levels=levels, published=date.fromisoformat(day) if day else None, **known)


def a_quarter() -> list[Piece]:
    """Third quarter of 2020 of several outlets, with reprints, pieces without outlet or date, an unknown outlet."""
    return [
        piece("a1", "2020-07-03", "24", places=("dak-wil",)),
        piece("a2", "2020-07-28", "1234567", words=500),
        piece("a3", "2020-07-30", "3", decided_by_human=True),
        piece("a4", "2020-09-01", "45", mentioned="7", outlet="bao dak nong"),
        piece("a5", "2020-09-02", "45", reprint_of="a4"),
        piece("a6", "2020-09-09", "", in_scope=False),
        piece("a0", "2020-05-05", "2"),
        piece("a9", None, "2"),
        piece(
            "r1", "2020-08-01", "46", outlet="Đài truyền thanh xã Đắk Wil", airtime=90.0, places=("dak-wil", "nam-dong")
        ),
        piece("r2", "2020-08-02", "46", outlet="Đài truyền thanh xã Đắk Wil", airtime=90.0, reprint_of="r1"),
        piece(
            "r3",
            "2020-09-02",
            "45",
            outlet="Đài truyền thanh xã Đắk Wil",
            airtime=30.0,
            reprint_of="a4",
            airtime_estimated=True,
        ),
        piece("u1", "2020-08-05", "2", outlet='=HYPERLINK("http://x")'),
        piece("n1", "2020-08-05", "5", outlet=None),
    ]
