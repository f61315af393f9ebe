"""underthesea's sentence rules, token pattern and word model, loaded once, when first asked for."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mbncheck.text.crf import read_field
from mbncheck.text.tagger import REMEMBERED, WordTagger


@dataclass(frozen=True, slots=True)
class Segmenter:
    """What is used of underthesea; ``tag`` says for each token whether a word begins (B-W) or goes on (I-W)."""

    split: Callable[[str], list[str]]
    token_pattern: re.Pattern[str]
    normalise_token: Callable[[str], str]
    tag: Callable[[Sequence[str]], list[str]]


_lock = threading.Lock()


def segmenter() -> Segmenter:
    """The one segmenter of this process."""
    with _lock:  # the first import of underthesea races across threads
        return _load()


@lru_cache(maxsize=1)
def _load() -> Segmenter:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        import joblib
        from underthesea.pipeline import word_tokenize
        from underthesea.pipeline.sent_tokenize import sent_tokenize
        from underthesea.pipeline.text_normalize.token_normalize import token_normalize
        from underthesea.pipeline.word_tokenize import regex_tokenize
    finally:  # the import configures the application's root logger
        root.handlers[:] = handlers
        root.setLevel(level)
    sent_tokenize("a")  # loads its rules
    folder = Path(word_tokenize.__file__).parent / "models" / "ws_crf_vlsp2013_20230727"
    templates, dictionary = (joblib.load(folder / name) for name in ("features.bin", "dictionary.bin"))
    tagger = WordTagger(read_field(folder / "models.bin"), templates, dictionary)
    return Segmenter(sent_tokenize, regex_tokenize.patterns, lru_cache(REMEMBERED)(token_normalize), tagger.tags)
