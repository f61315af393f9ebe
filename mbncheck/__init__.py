"""mbncheck: which mandated themes of an anti-trafficking communication plan a Vietnamese text covers.

>>> from mbncheck import check
>>> result = check("Công an vừa triệt phá một đường dây lừa bán phụ nữ sang nước ngoài.")
>>> result.themes["T2"].level
'covered'

Names are loaded when first used, so that ``import mbncheck`` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mbncheck.api import check
    from mbncheck.balance.model import OutletBalance
    from mbncheck.balance.outlet import score
    from mbncheck.check.checker import Checker
    from mbncheck.errors import (
        BalanceError,
        ConfigError,
        EncodingError,
        EvaluationError,
        MbncheckError,
        ModelError,
        PackError,
        ReadError,
    )
    from mbncheck.model import Article, CheckResult, Evidence, Note, PackReference, Piece, Rejected, ThemeResult
    from mbncheck.pack.load import load_pack
    from mbncheck.pack.schema import Pack

_HOMES = {
    "Article": "mbncheck.model",
    "BalanceError": "mbncheck.errors",
    "CheckResult": "mbncheck.model",
    "Checker": "mbncheck.check.checker",
    "ConfigError": "mbncheck.errors",
    "EncodingError": "mbncheck.errors",
    "Evidence": "mbncheck.model",
    "EvaluationError": "mbncheck.errors",
    "MbncheckError": "mbncheck.errors",
    "ModelError": "mbncheck.errors",
    "Note": "mbncheck.model",
    "OutletBalance": "mbncheck.balance.model",
    "Pack": "mbncheck.pack.schema",
    "PackError": "mbncheck.errors",
    "PackReference": "mbncheck.model",
    "Piece": "mbncheck.model",
    "ReadError": "mbncheck.errors",
    "Rejected": "mbncheck.model",
    "ThemeResult": "mbncheck.model",
    "check": "mbncheck.api",
    "load_pack": "mbncheck.pack.load",
    "score": "mbncheck.balance.outlet",
}

__version__ = "0.1.0"

__all__ = [
    "Article",
    "BalanceError",
    "CheckResult",
    "Checker",
    "ConfigError",
    "EncodingError",
    "EvaluationError",
    "Evidence",
    "MbncheckError",
    "ModelError",
    "Note",
    "OutletBalance",
    "Pack",
    "PackError",
    "PackReference",
    "Piece",
    "ReadError",
    "Rejected",
    "ThemeResult",
    "__version__",
    "check",
    "load_pack",
    "score",
]


class _Names(ModuleType):
    """The class of this module: ``check`` is the function, whoever imports the package of that name, and when."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "check" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Names


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'mbncheck' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
