"""Rules tested by their own sentences: examples must match, near misses must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mbncheck.check.document import Document
from mbncheck.check.match import Matcher
from mbncheck.pack.compile import compile_pack
from mbncheck.pack.compiled import CompiledPack
from mbncheck.pack.schema import Pack


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence that its rule gets wrong; ``expected`` says whether it had to match."""

    rule: str
    sentence: str
    expected: bool


def failures(pack: Pack, prefix: str = "") -> Iterator[Failure]:
    """Every example that does not match and every near miss that does, of rules whose id starts with ``prefix``.

    Rules are tested alone: neither the gate nor false friends have a say.
    """
    compiled = CompiledPack(compile_pack(pack))
    matcher = Matcher(compiled)
    runnable = {rule.id: rule for rule in compiled.rules}
    for rule in pack.rules():
        if not rule.id.startswith(prefix):
            continue
        for expected, sentences in ((True, rule.examples), (False, rule.near_misses)):
            for sentence in sentences:
                pieces = matcher.matches_of(Document.of(sentence))
                if bool(pieces.matches_of(runnable[rule.id])) != expected:
                    yield Failure(rule.id, sentence, expected)
