"""How honest the evenness score and its interval are: the whole table of simulated outlets.

python benchmarks/evenness.py [--runs 400] [--pieces 10 30 100] [--habits balanced newsroom]

For every habit, number of pieces, and number of themes a piece, over seeded outlets: how many intervals hold the
habit's true evenness (wanted: 93–97 of 100), how often the truth lies above and below, the mean score, the mean width.
Leaves with 1 where an interval holds the truth in fewer than 92 of 100.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from simulated_outlets import EVEN, HABITS, SIZES, draw_outlet, true_evenness  # noqa: E402

from mbncheck.balance.evenness import evenness  # noqa: E402

COLUMNS = ("pieces", "truth", "score", "held", "above", "below", "width")
HEAD = " ".join([f"{'habit':10} {'themes':8}", *(f"{name:>6}" for name in COLUMNS)])
LEAST = 0.92


def row(habit: str, themes_a_piece: str, pieces: int, runs: int) -> tuple[float, str]:
    """The share of intervals that hold the truth, and the line of the table."""
    truth = true_evenness(habit, themes_a_piece)
    random = np.random.default_rng(20200730)
    drawn = [draw_outlet(random, habit, pieces, themes_a_piece) for _ in range(runs)]
    scored = [found for sets in drawn if (found := evenness(sets, np.ones(pieces), EVEN))]
    above = sum(found.high < truth - 1e-9 for found in scored) / runs
    below = sum(found.low > truth + 1e-9 for found in scored) / runs
    score = sum(found.score for found in scored) / runs
    width = sum(found.high - found.low for found in scored) / runs
    held = 1 - above - below
    figures = f"{truth:6.1f} {score:6.1f} {held:6.3f} {above:6.3f} {below:6.3f} {width:6.1f}"
    return held, f"{habit:10} {themes_a_piece:8} {pieces:6} {figures}"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--pieces", type=int, nargs="+", default=[10, 30, 100])
    parser.add_argument("--habits", nargs="+", choices=list(HABITS), default=list(HABITS))
    given = parser.parse_args()
    print(HEAD, flush=True)
    least = 1.0
    for pieces in given.pieces:
        for habit in given.habits:
            for themes_a_piece in SIZES:
                held, line = row(habit, themes_a_piece, pieces, given.runs)
                least = min(least, held)
                print(line, flush=True)
    return int(least < LEAST)


if __name__ == "__main__":
    sys.exit(main())
