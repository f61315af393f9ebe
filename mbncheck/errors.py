"""The error tree.

::

    MbncheckError                 everything this library raises on purpose
    ├── ReadError                 an article cannot be read (file, reason, remedy)
    │   └── EncodingError         bytes are no text, or not in the encoding named
    ├── ConfigError               a setting is wrong (file → key: message)
    ├── PackError                 a rule pack is wrong (file → rule → field: message)
    ├── ModelError                a learned model cannot be used
    ├── EvaluationError           a labelled file or a decision is wrong (file, line, message)
    ├── BalanceError              a score cannot be made (period, weight, table, missing extra)
    └── StoreError                an archive's store cannot be opened, read or written

The core knows nothing of click: the command line translates each error once (``mbncheck.cli``).
Messages come in Vietnamese and English; ``str(error)`` is the Vietnamese one.
"""

from __future__ import annotations


class MbncheckError(Exception):
    """Base of the tree; ``vi`` and ``en`` hold the message in either language."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi = vi
        self.en = en

    def message(self, lang: str = "vi") -> str:
        """The message in ``lang`` (``"vi"`` or ``"en"``)."""
        return self.en if lang == "en" else self.vi


class ReadError(MbncheckError):
    """An article cannot be read."""


class EncodingError(ReadError):
    """Bytes that are no text, or not in the encoding named: why, and what to do, in both languages."""

    def __init__(self, reason_vi: str, reason_en: str, remedy_vi: str, remedy_en: str) -> None:
        super().__init__(f"{reason_vi}; {remedy_vi}.", f"{reason_en}; {remedy_en}.")
        self.reason_vi = reason_vi
        self.reason_en = reason_en
        self.remedy_vi = remedy_vi
        self.remedy_en = remedy_en


class ConfigError(MbncheckError):
    """A setting in ``mbncheck.toml``, ``pyproject.toml`` or an option is wrong; the message names file and key."""


class PackError(MbncheckError):
    """A rule pack is missing or wrong; the message names file, rule and field."""


class ModelError(MbncheckError):
    """A learned model is missing, damaged or made for another pack."""


class EvaluationError(MbncheckError):
    """A labelled file is missing or wrong, or an editor's decision is; the message names file and line, or field."""


class BalanceError(MbncheckError):
    """A score cannot be made: no such period, a table without what is needed, a missing extra."""


class StoreError(MbncheckError):
    """An archive's store is missing, damaged, in use, or its disk is full; or its libraries are missing."""
