"""How long mbncheck keeps an editor waiting, as ratios to underthesea measured in the same run.

    python benchmarks/startup.py [--rounds N] [--strict] [--mbncheck PATH]

R is a process that imports underthesea and segments one letter. Every measurement and its reference
alternate, so that a busy machine slows both; the ratio is the median of the rounds' ratios.
``--strict`` leaves with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ARTICLE = Path(__file__).resolve().parents[1] / "corpora" / "articles" / "vu-an-lua-ban.txt"
NOTHING = """Mưa rào về chiều ở Gia Nghĩa

Đài Khí tượng Thủy văn tỉnh cho biết ngày mai khu vực Gia Nghĩa nhiều mây, buổi sáng có nắng nhẹ, chiều
và tối có mưa rào rải rác, nhiệt độ từ 20 đến 29 độ. Bà con phơi cà phê cần che bạt trước hai giờ chiều.
Các hồ thủy lợi đã tích đủ nước cho vụ tới; đơn vị quản lý kiểm tra cống xả mỗi ngày hai lần.
"""
REFERENCE = "from underthesea import word_tokenize; word_tokenize('a')"
WARM_CALLS = 5

Timed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is timed, what it is held against, and the ratio it may not pass."""

    name: str
    subject: Timed
    reference: Timed
    target: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Medians in seconds over the rounds, and the median of the rounds' ratios."""

    measurement: Measurement
    seconds: float
    reference_seconds: float
    ratio: float

    @property
    def passed(self) -> bool:
        """Whether the target is kept."""
        return self.ratio <= self.measurement.target


def process(arguments: list[str]) -> Timed:
    """Seconds that a whole process of ``arguments`` takes; raises where it fails."""

    def run() -> float:
        started = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - started

    return run


def call(function: Callable[[], object]) -> Timed:
    """Seconds that one call takes, the mean of a few, garbage collected before."""

    def run() -> float:
        gc.collect()
        started = time.perf_counter()
        for _ in range(WARM_CALLS):
            function()
        return (time.perf_counter() - started) / WARM_CALLS

    return run


def measure(measurement: Measurement, rounds: int) -> Outcome:
    """Time subject and reference in turn, after one round that is thrown away."""
    measurement.reference()
    measurement.subject()
    pairs = [(measurement.reference(), measurement.subject()) for _ in range(rounds)]
    return Outcome(
        measurement,
        statistics.median(subject for _, subject in pairs),
        statistics.median(reference for reference, _ in pairs),
        statistics.median(subject / reference for reference, subject in pairs),
    )


def warm() -> Measurement:
    """A warm check of an article in scope, against underthesea over the same text in this process."""
    from underthesea import word_tokenize

    from mbncheck import Checker

    text = ARTICLE.read_text(encoding="utf-8")
    checker = Checker()
    checker.warm_up()
    return Measurement(
        "check, warm, in scope", call(lambda: checker.check(text)), call(lambda: word_tokenize(text)), 1.15
    )


def measurements(mbncheck: str, nothing: Path) -> list[Measurement]:
    """Everything that is measured."""
    reference = process([sys.executable, "-c", REFERENCE])
    return [
        Measurement("mbncheck --help", process([mbncheck, "--help"]), reference, 0.3),
        Measurement("mbncheck FILE, nothing in it", process([mbncheck, str(nothing)]), reference, 0.6),
        Measurement("mbncheck FILE, in scope", process([mbncheck, str(ARTICLE)]), reference, 1.35),
        warm(),
    ]


def table(outcomes: list[Outcome]) -> str:
    """The outcomes as lines of text."""
    lines = [f"{'':30} {'seconds':>8} {'reference':>9} {'ratio':>6} {'target':>6}"]
    for outcome in outcomes:
        verdict = "pass" if outcome.passed else "FAIL"
        lines.append(
            f"{outcome.measurement.name:30} {outcome.seconds:8.3f} {outcome.reference_seconds:9.3f}"
            f" {outcome.ratio:6.2f} {outcome.measurement.target:6.2f} {verdict}"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and say whether all targets are kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each measurement, at least 7")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    parser.add_argument("--mbncheck", default=str(Path(sysconfig.get_path("scripts")) / "mbncheck"), metavar="PATH")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.txt"
        nothing.write_text(NOTHING, encoding="utf-8")
        outcomes = [measure(item, max(options.rounds, 7)) for item in measurements(options.mbncheck, nothing)]
    sys.stdout.write(table(outcomes) + "\n")
    return int(options.strict and not all(outcome.passed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
