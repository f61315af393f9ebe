"""Reading in a process apart: a parser that hangs, or eats memory, is stopped without the run noticing.

The process serves one file after another, so that its libraries are loaded once. It is asked and answers in JSON,
one object a line: what parsed hostile bytes is not trusted with pickles. It is neither forked nor one of
``multiprocessing``'s, because callers may have threads, or be workers that are allowed no children of that kind.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

from mbncheck.model import Article, Note, Rejected
from mbncheck.read import refusals
from mbncheck.read.formats import read_source
from mbncheck.read.options import ReadOptions
from mbncheck.read.source import Source

FILES_A_PROCESS = 100  # then a fresh one, since libraries leak
SWOLLEN = 4  # so is one that ever held more than this part of the memory allowed: the next file shall have all of it
_SERVE = "import sys; sys.path.insert(0, {root!r}); from mbncheck.read.apart import serve; serve()"

_idle: list[Process] = []
_lock = threading.Lock()


def articles_apart(path: str, options: ReadOptions) -> Iterator[Article | Rejected]:
    """Every article of ``path``, read in another process; ``id`` and ``path`` are still to be filled in."""
    process = _borrow()
    reusable = False
    try:
        for answer in process.ask(path, options):
            if "worn" in answer:
                reusable = not answer["worn"]
                return
            yield outcome_of(answer)
        yield process.obituary(options).rejected()
    finally:
        _give_back(process) if reusable else process.close()


def _borrow() -> Process:
    with _lock:
        while _idle:
            process = _idle.pop()
            if process.is_alive:
                return process
            process.close()
    return Process()


def _give_back(process: Process) -> None:
    with _lock:
        _idle.append(process)


def _forget() -> None:
    """In a forked child: the processes waiting are its parent's, and nobody will free its lock."""
    global _lock
    _lock = threading.Lock()
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def waiting() -> list[Process]:
    """The processes that wait for their next file."""
    return list(_idle)


@atexit.register
def close_idle() -> None:
    """Stop the processes that wait."""
    while _idle:
        _idle.pop().close()


class Process:
    """The other process; the timer kills it where an answer takes too long."""

    def __init__(self) -> None:
        self.timed_out = False
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter with this package
            [sys.executable, "-P", "-c", _SERVE.format(root=root)],  # -P: no module is taken from the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that a converter it started is killed with it
        )

    def ask(self, path: str, options: ReadOptions) -> Iterator[dict[str, Any]]:
        """The answers for one file, the last of which tells whether it is ``worn``; it is missing where it died."""
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - asked for above
        with contextlib.suppress(OSError):  # it died meanwhile: there will be no answer
            _write(self._process.stdin, {"path": path, "options": asdict(options)})
        while line := self._answer(self._process.stdout, options.seconds):
            yield decoded(line)

    def _answer(self, stream: IO[bytes], seconds: float) -> bytes:
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            line = stream.readline()
        finally:
            timer.cancel()
        return line if line.endswith(b"\n") else b""

    def _time_out(self) -> None:
        self.timed_out = True
        self._kill()

    def obituary(self, options: ReadOptions) -> refusals.Refused:
        """Why it died."""
        return refusals.too_slow(options.seconds) if self.timed_out else refusals.too_much_memory(options.max_memory)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def _kill(self) -> None:
        """Stop it and all that it started, unless it is gone: its number may be another's by now."""
        if self._process.returncode is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def close(self) -> None:
        """Stop it and forget its pipes."""
        self._kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()


def serve() -> None:
    """The other side: answer until the questions end."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    for number, line in enumerate(sys.stdin.buffer, 1):
        question = decoded(line)
        options = ReadOptions(**question["options"])
        _limit_memory(options.max_memory)
        for found in _articles(question["path"], options):
            _write(answers, answer_for(found))
        _write(answers, {"worn": number >= FILES_A_PROCESS or _peak_memory() > options.max_memory // SWOLLEN})


def _articles(path: str, options: ReadOptions) -> Iterator[Article | Rejected]:
    try:
        with open(path, "rb") as stream:
            yield from read_source(Source(path, stream, os.fstat(stream.fileno()).st_size), options)
    except OSError as error:
        yield refusals.unreadable(error).rejected()


def encoded(message: dict[str, Any]) -> bytes:
    """One line for ``message``; lone surrogates pass, since old documents hold some."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def decoded(line: bytes) -> dict[str, Any]:
    """The message in one line."""
    message: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
    return message


def _write(stream: IO[bytes], message: dict[str, Any]) -> None:
    stream.write(encoded(message))
    stream.flush()


def answer_for(found: Article | Rejected) -> dict[str, Any]:
    """``found`` as plain data; the day is the one field that JSON does not know."""
    if isinstance(found, Rejected):
        return {"rejected": asdict(found)}
    day = found.published.isoformat() if found.published else None
    return {"article": {**asdict(found), "published": day}}


def outcome_of(answer: dict[str, Any]) -> Article | Rejected:
    """What ``answer_for`` made ``answer`` of: lists are tuples again."""
    if "rejected" in answer:
        return Rejected(**answer["rejected"])
    fields = {key: _tuples(value) for key, value in answer["article"].items()}
    day = fields.pop("published")
    notes = tuple(Note(**note) for note in fields.pop("notes"))
    return Article(**fields, notes=notes, published=date.fromisoformat(day) if day else None)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _limit_memory(limit: int) -> None:
    """Let allocations beyond ``limit`` bytes fail, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _peak_memory() -> int:
    """Bytes that this process held at its largest; 0 where the system does not say.

    Not ``ru_maxrss``: on Linux it starts from what the parent held.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    peak = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(peak[1]) * 1024 if peak else 0
