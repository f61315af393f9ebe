"""How fast an archive is scanned into a store, as ratios measured in one run, and that memory stays flat.

    python benchmarks/archive.py [--rounds N] [--sample N] [--archive FILE] [--memory] [--strict]

The reference R is ``underthesea.word_tokenize`` over the same texts alone, timed on a random sample of them (seeded;
its size is printed) and scaled up, before and after each scan, so that a busy machine slows both. A scan reads,
checks and stores every article of the archive with everything loaded. What is left beside checking is timed with a
checker that says nothing. ``--memory`` scans the archive and ten times the archive (changed ids) in fresh processes,
and prints the peak of the largest process. ``--strict`` leaves with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from mbncheck import Article, Checker, CheckResult
from mbncheck.archive.run import scan
from mbncheck.archive.worker import Worker
from mbncheck.pack.load import load_pack_outlets, load_places
from mbncheck.read.files import articles_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "archive" / "articles.jsonl.gz"
SEED = 20200730
TIMES = 10
FASTER, SCALES, PEAK, FLAT = 35.0, 1.7, 400.0, 1.1


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one round: the reference scaled to the whole archive, scans in one and two processes."""

    reference: float
    one: float
    two: float


class SilentChecker(Checker):
    """Says of every article that nothing is in it: what a scan costs without checking."""

    def check_article(self, article: Article) -> CheckResult:
        """The result of an empty text."""
        return self._nothing

    def __init__(self) -> None:
        super().__init__()
        self._nothing = replace(super().check_article(Article("")), text="")


def worker_of(checker: Checker) -> Worker:
    """A worker that also looks for communes, as ``mbncheck scan`` does."""
    return Worker(checker, places=load_places(), outlets=load_pack_outlets())


def seconds_of_scan(archive: Path, checker: Checker, processes: int) -> float:
    """Wall-clock seconds of one scan into a new store."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        scan([str(archive)], Path(folder) / "store.duckdb", worker_of(checker), processes=processes)
        return time.perf_counter() - started


def seconds_of_reference(sample: list[str], count: int) -> float:
    """Seconds that ``word_tokenize`` takes over ``count`` texts, from those of the sample."""
    from underthesea import word_tokenize

    started = time.perf_counter()
    for text in sample:
        word_tokenize(text)
    return (time.perf_counter() - started) / len(sample) * count


def measure(archive: Path, checker: Checker, sample: list[str], count: int, rounds: int) -> list[Round]:
    """Reference and scans in turn."""
    seconds_of_reference(sample[:5], 1)
    found = []
    before = seconds_of_reference(sample, count)
    for _ in range(rounds):
        one = seconds_of_scan(archive, checker, 1)
        two = seconds_of_scan(archive, checker, 2)
        after = seconds_of_reference(sample, count)
        found.append(Round((before + after) / 2, one, two))
        before = after
    return found


def seconds_of_processor(archive: Path, checker: Checker) -> float:
    """Seconds of processor time, all threads, of one scan in one process."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        scan([str(archive)], Path(folder) / "store.duckdb", worker_of(checker), processes=1)
        return time.process_time() - started


def repeated(archive: Path, times: int, out: Path) -> Path:
    """The archive ``times`` over, with ids changed each time."""
    with gzip.open(out, "wt", encoding="utf-8", compresslevel=1) as file:
        for number in range(times):
            with gzip.open(archive, "rt", encoding="utf-8") as lines:
                for line in lines:
                    record = json.loads(line)
                    file.write(json.dumps(record | {"id": f"{record['id']}#{number}"}, ensure_ascii=False) + "\n")
    return out


def peak(archive: Path, store: Path, processes: int) -> float:
    """MiB that the largest process of a scan held at most."""
    script = (
        "import resource, sys; from mbncheck import Checker; from mbncheck.archive.run import scan;"
        "from mbncheck.archive.worker import Worker;"
        "scan([sys.argv[1]], sys.argv[2], Worker(Checker()), processes=int(sys.argv[3]));"
        "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
    )
    # By way of a shell: a process started from here counts what this one holds as its own (Linux, ru_maxrss).
    shell = ["sh", "-c", '"$@"; exit $?', "sh"]
    arguments = [*shell, sys.executable, "-c", script, str(archive), str(store), str(processes)]
    return int(subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True).stdout) / 1024


def report_speed(rounds: list[Round], sample: int, count: int) -> bool:
    """Print medians; whether the targets are kept."""
    one = statistics.median(found.reference / found.one for found in rounds)
    two = statistics.median(found.one / found.two for found in rounds)
    seconds = [statistics.median(getattr(found, name) for found in rounds) for name in ("reference", "one", "two")]
    print(f"{count} articles, {len(rounds)} rounds; reference estimated on {sample} of them, drawn with seed {SEED}")
    print(f"word_tokenize alone    {seconds[0]:8.1f} s  {count / seconds[0]:8.0f} articles/s")
    print(f"scan, 1 process        {seconds[1]:8.1f} s  {count / seconds[1]:8.0f} articles/s")
    print(f"scan, 2 processes      {seconds[2]:8.1f} s  {count / seconds[2]:8.0f} articles/s")
    print(f"scan / word_tokenize   {one:8.1f} x  target {FASTER:.0f}  {verdict(one >= FASTER)}")
    print(f"2 processes / 1        {two:8.2f} x  target {SCALES}  {verdict(two >= SCALES)}")
    return one >= FASTER and two >= SCALES


def report_parts(archive: Path, checker: Checker, count: int) -> None:
    """Print where the processor's time goes."""
    started = time.process_time()
    for _ in articles_of(str(archive)):
        pass
    reading = time.process_time() - started
    beside = seconds_of_processor(archive, SilentChecker())
    whole = seconds_of_processor(archive, checker)
    checking = whole - beside
    each = 1e6 / count
    print(f"of one article: reading {reading * each:.0f} µs, keeping {(beside - reading) * each:.0f} µs,", end=" ")
    print(f"checking {checking * each:.0f} µs; all beside checking is {beside / checking:.0%} of checking")


def report_memory(archive: Path, count: int) -> bool:
    """Print peaks; whether they are low and flat."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        larger = repeated(archive, TIMES, Path(folder) / "larger.jsonl.gz")
        for processes in (1, 2):
            small, large = (
                peak(path, Path(folder) / f"{path.name}.{processes}.duckdb", processes) for path in (archive, larger)
            )
            good = max(small, large) < PEAK and large <= small * FLAT
            print(
                f"peak, {processes} processes: {small:.0f} MiB for {count}, {large:.0f} MiB for {count * TIMES}",
                end=" ",
            )
            print(f"articles  target {PEAK:.0f}, +10 %  {verdict(good)}")
            kept = kept and good
    return kept


def verdict(kept: bool) -> str:
    """Pass or fail, in a word."""
    return "pass" if kept else "FAIL"


def main() -> int:
    """Measure, print, and say whether all targets are kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--archive", type=Path, default=SHARED, help="a .jsonl.gz of articles")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=300, help="texts that the reference is estimated on")
    parser.add_argument("--memory", action="store_true", help="measure memory too; takes ten times as long")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    options = parser.parse_args()
    texts = [found.text for found in articles_of(str(options.archive)) if isinstance(found, Article)]
    count = len(texts)
    sample = random.Random(SEED).sample(texts, min(options.sample, count))  # noqa: S311 - a sample, not a secret
    del texts
    checker = Checker()
    checker.warm_up()
    kept = report_speed(measure(options.archive, checker, sample, count, options.rounds), len(sample), count)
    report_parts(options.archive, checker, count)
    if options.memory:
        kept = report_memory(options.archive, count) and kept
    return int(options.strict and not kept)


if __name__ == "__main__":
    sys.exit(main())
