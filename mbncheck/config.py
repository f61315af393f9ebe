"""What the settings of a newsroom say: ``mbncheck.toml``, or ``[tool.mbncheck]`` in ``pyproject.toml``.

What is given on the command line goes before it. A key that is not known is an error, so that a slip of the pen is not
a setting silently ignored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mbncheck.errors import ConfigError, MbncheckError
from mbncheck.settings import PROJECT, settings_path

__all__ = ["Config", "find_config", "load_config"]

COLUMNS = (
    "text",
    "lead",
    "id",
    "title",
    "author",
    "outlet",
    "published",
    "medium",
    "genre",
    "column",
    "locality",
    "airtime",
)
DEFAULTS = ("outlet", "author", "medium", "genre", "column", "locality")


@dataclass(frozen=True, slots=True)
class Config:
    """What the settings say; empty where they say nothing.

    ``columns``: field → the column that holds it in tables. ``defaults``: field → value for articles that do not tell
    it. ``outlets``: outlet → the same for its articles alone. ``limits``: name of an option → number.
    """

    path: str = ""
    lang: str | None = None
    rules: str | None = None
    model: str | None = None
    encoding: str | None = None
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    outlets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)


def find_config(folder: str = ".") -> Config:
    """The settings for ``folder``; empty where there are none. Raises ``ConfigError`` naming file and key."""
    path = settings_path(folder)
    return load_config(path) if path else Config()


def load_config(path: str) -> Config:
    """The settings in a file; of a ``pyproject.toml`` its table ``tool.mbncheck``.

    Raises ``ConfigError`` naming file and key.
    """
    import tomllib

    try:
        with open(path, "rb") as file:
            data: Any = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).") from None
    if os.path.basename(path) == PROJECT:
        data = data.get("tool", {}).get("mbncheck", {})
    return _config(path, data)


def _config(path: str, data: Mapping[str, Any]) -> Config:
    _known(path, "", data, _CHECKS)
    return Config(path=path, **{key: _CHECKS[key](path, key, value) for key, value in data.items()})


def _known(path: str, place: str, data: Mapping[str, Any], known: Mapping[str, object] | tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            name = f"{place}.{key}" if place else key
            listed = ", ".join(known)
            raise ConfigError(
                f"{path}: không có khóa “{name}”; các khóa: {listed}.", f"{path}: no key {name!r}; there are {listed}."
            )


def _text(path: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{path}: khóa “{key}” phải là chuỗi ký tự.", f"{path}: key {key!r} must be a string.")
    return value


def _language(path: str, key: str, value: Any) -> str:
    if value not in ("vi", "en"):
        raise ConfigError(f"{path}: khóa “{key}” phải là vi hoặc en.", f"{path}: key {key!r} must be vi or en.")
    return str(value)


def _place(path: str, key: str, value: Any) -> str:
    """A pack or a model: a name, or a path that counts from the settings' own folder."""
    beside = os.path.join(os.path.dirname(path), _text(path, key, value))
    return beside if os.path.exists(beside) else str(value)


def _encoding(path: str, key: str, value: Any) -> str:
    from mbncheck.text.encodings import encoding_named

    return str(_checked(path, key, _text(path, key, value), encoding_named))


def _layout(path: str, key: str, value: Any) -> str:
    from mbncheck.read.layout import check_layout

    _checked(path, key, _text(path, key, value), check_layout)
    return str(value)


def _checked(path: str, key: str, value: str, check: Callable[[str], Any]) -> Any:
    try:
        return check(value)
    except MbncheckError as error:
        raise ConfigError(f"{path}: khóa “{key}”: {error.vi}", f"{path}: key {key!r}: {error.en}") from None


def _texts(known: tuple[str, ...]) -> Callable[[str, str, Any], Mapping[str, str]]:
    def texts(path: str, key: str, value: Any) -> Mapping[str, str]:
        table = _table(path, key, value)
        _known(path, key, table, known)
        return {name: _text(path, f"{key}.{name}", item) for name, item in table.items()}

    return texts


def _table(path: str, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{path}: khóa “{key}” phải là một bảng.", f"{path}: key {key!r} must be a table.")
    return value


def _outlets(path: str, key: str, value: Any) -> Mapping[str, Mapping[str, str]]:
    return {name: _texts(DEFAULTS[1:])(path, f"{key}.{name}", item) for name, item in _table(path, key, value).items()}


def _limits(path: str, key: str, value: Any) -> Mapping[str, float]:
    from mbncheck.read.options import LIMITS

    table = _table(path, key, value)
    names = {name.replace("-", "_"): item for name, item in table.items()}
    _known(path, key, names, LIMITS)
    for name, item in names.items():
        if isinstance(item, bool) or not isinstance(item, int | float) or item <= 0:
            raise ConfigError(
                f"{path}: khóa “{key}.{name}” phải là số dương.", f"{path}: key {key + '.' + name!r} must be above 0."
            )
    return names


_CHECKS: dict[str, Callable[[str, str, Any], Any]] = {
    "lang": _language,
    "rules": _place,
    "model": _place,
    "encoding": _encoding,
    "layout": _layout,
    "columns": _texts(COLUMNS),
    "defaults": _texts(DEFAULTS),
    "outlets": _outlets,
    "limits": _limits,
}
