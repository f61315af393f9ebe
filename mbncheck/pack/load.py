"""From a folder of YAML to a ``Pack``; every error names file, rule and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from mbncheck.errors import PackError
from mbncheck.pack.locate import base_folder, find_pack, pack_hash
from mbncheck.pack.schema import (
    FalseFriendFile,
    OutletsFile,
    Pack,
    PackFile,
    PlacesFile,
    Rule,
    ScopeFile,
    ThemeFile,
    Words,
)

MAX_FILE_BYTES = 2_000_000
MAX_NESTING = 24

Model = TypeVar("Model", bound=BaseModel)

# Scalars stay strings (so that 18001567 or 069.2348560 is not read as a number); pydantic converts.
_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that refuses duplicate keys; aliases are refused before it runs."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node) if hasattr(loader, "flatten_mapping") else None
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
        if key in result:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load_pack(where: str | Path = "dak-nong-2020") -> Pack:
    """Read the pack ``where``: a folder, or the id of a pack shipped with mbncheck.

    Raises ``PackError`` naming file, rule and field.
    """
    folder = find_pack(where)
    about = _read(folder / "pack.yaml", PackFile)
    base_of = base_folder(folder)
    _check_extends(folder, about.extends, base_of)
    base = load_pack(base_of) if base_of else None
    themes = [_theme(path) for path in sorted(folder.glob("T*.yaml"), key=_theme_order)]
    pack = Pack.model_construct(
        about=about,
        themes=themes,
        scope=_read_or(folder / "scope.yaml", ScopeFile, base.scope if base else None),
        false_friends=_read_or(
            folder / "false_friends.yaml", FalseFriendFile, base.false_friends if base else FalseFriendFile()
        ),
        words=_words(folder / "words.yaml"),
        hash=pack_hash(folder),
        places=_read_if_there(folder / "places.yaml", PlacesFile, base.places if base else None),
        outlets=_read_if_there(folder / "outlets.yaml", OutletsFile, base.outlets if base else None),
    )
    if base:
        pack = _extended(base, pack)
    _check_ids(folder, pack)
    return pack


def _check_extends(folder: Path, said: str | None, found: Path | None) -> None:
    """Refuse an ``extends`` that only YAML sees: ``pack_hash`` looks for it without reading YAML."""
    if (said or None) != (found.name if found else None):
        raise PackError(
            f"{folder}/pack.yaml → extends: phải viết riêng một dòng, dạng “extends: mã-bộ-quy-tắc” ({said}).",
            f"{folder}/pack.yaml → extends: needs a line of its own, 'extends: id-of-pack' ({said}).",
        )


def _theme(path: Path) -> ThemeFile:
    theme = _read(path, ThemeFile)
    if theme.theme != path.stem:
        raise PackError(
            f"{path} → theme: phải là {path.stem}, như tên tệp, chứ không phải {theme.theme}.",
            f"{path} → theme: must be {path.stem}, as the file is named, not {theme.theme}.",
        )
    return theme


def _extended(base: Pack, pack: Pack) -> Pack:
    """The base pack with what the extending pack says put over it: whole themes and whole word lists."""
    own = {theme.theme for theme in pack.themes}
    themes = [theme for theme in base.themes if theme.theme not in own] + pack.themes
    return pack.model_copy(
        update={
            "themes": sorted(themes, key=lambda theme: int(theme.theme[1:])),
            "words": {**base.words, **pack.words},
        }
    )


def _theme_order(path: Path) -> tuple[int, str]:
    digits = path.stem[1:]
    return (int(digits) if digits.isdigit() else 0, path.stem)


def _read(path: Path, model: type[Model]) -> Model:
    data = _yaml(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _pack_error(path, data, error) from None


def _read_or(path: Path, model: type[Model], default: Model | None) -> Model:
    if default is not None and not path.exists():
        return default
    return _read(path, model)


def _read_if_there(path: Path, model: type[Model], default: Model | None) -> Model | None:
    return _read(path, model) if path.exists() else default


def load_places(where: str | Path = "dak-nong-2020") -> PlacesFile | None:
    """The places of a pack alone, without its rules: quick enough for every worker; ``None`` where it has none.

    Raises ``PackError`` naming file and field.
    """
    return _alone(where, "places.yaml", PlacesFile)


def load_pack_outlets(where: str | Path = "dak-nong-2020") -> OutletsFile | None:
    """The outlets of a pack alone, as ``load_places``."""
    return _alone(where, "outlets.yaml", OutletsFile)


def _alone(where: str | Path, file: str, model: type[Model]) -> Model | None:
    folder = find_pack(where)
    base = base_folder(folder)
    own = _read_if_there(folder / file, model, None)
    return own or (_alone(base, file, model) if base else None)


def load_outlets(path: str | Path) -> OutletsFile:
    """The outlets of a file of one's own, in the form of a pack's ``outlets.yaml``.

    Raises ``PackError`` naming file and field.
    """
    return _read(Path(path), OutletsFile)


def _words(path: Path) -> Words:
    if not path.exists():
        return {}
    data = _yaml(path)
    try:
        return TypeAdapter(Words).validate_python(data)
    except ValidationError as error:
        raise _pack_error(path, data, error) from None


def _yaml(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError:
        raise PackError(
            f"{path}: không đọc được tệp của bộ quy tắc; hãy kiểm tra đường dẫn và quyền đọc.",
            f"{path}: cannot read this file of the pack; check the path and permissions.",
        ) from None
    if len(raw) > MAX_FILE_BYTES:
        raise PackError(
            f"{path}: tệp lớn hơn {MAX_FILE_BYTES:,} byte.", f"{path}: larger than {MAX_FILE_BYTES:,} bytes."
        )
    try:
        text = raw.decode("utf-8-sig")
        _refuse_bombs(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a BaseLoader: strings, lists, mappings only
    except UnicodeDecodeError:
        raise PackError(f"{path}: tệp phải là UTF-8.", f"{path}: must be UTF-8.") from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise PackError(f"{path}{place}: YAML sai: {problem}", f"{path}{place}: not valid YAML: {problem}") from None


def _refuse_bombs(events: Iterable[Any]) -> None:
    """Refuse aliases (billion laughs) and deep nesting before anything is built."""
    depth = 0
    for event in events:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            raise yaml.constructor.ConstructorError(None, None, "nested too deeply", mark)


def _pack_error(path: Path, data: Any, error: ValidationError) -> PackError:
    problem = _deepest(error)
    where = " → ".join((str(path), *_place(data, problem)))
    message = problem["msg"].removeprefix("Value error, ")
    return PackError(f"{where}: {_vietnamese(problem, message)}", f"{where}: {message}")


def _deepest(error: ValidationError) -> Any:
    """The most telling of the errors of a union: the one that got furthest into the data, our own of equals."""
    problems = error.errors(include_url=False)
    return max(problems, key=lambda problem: (len(problem["loc"]), problem["type"] == "value_error"))


def _place(data: Any, problem: Any) -> list[str]:
    """Rule and field: the rule by its id rather than by its number; nothing for the file as a whole."""
    parts: list[str] = []
    here = data
    missing = problem["loc"][-1] if problem["type"] == "missing" else None
    for step in problem["loc"]:
        if isinstance(step, str) and step != missing and not (isinstance(here, dict) and step in here):
            continue  # a union's branch name, not a field
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        rule_id = here.get("id") if isinstance(here, dict) else None
        parts.append(str(rule_id or step))
    return parts[1:] if parts[:1] == ["rules"] else parts


_MESSAGES_VI = {
    "missing": "thiếu trường này",
    "extra_forbidden": "không có trường nào tên như vậy",
    "string_type": "phải là một chuỗi chữ",
    "too_short": "không được để trống",
    "string_too_short": "không được để trống",
    "list_type": "phải là một danh sách",
    "float_parsing": "phải là một số",
    "int_parsing": "phải là một số nguyên",
    "bool_parsing": "phải là true hoặc false",
    "greater_than": "số quá nhỏ",
    "less_than_equal": "số quá lớn",
    "string_pattern_mismatch": "viết không đúng dạng",
    "date_from_datetime_parsing": "phải là một ngày dạng 2020-01-31",
}


def _vietnamese(problem: Any, message: str) -> str:
    known = _MESSAGES_VI.get(problem["type"])
    return f"{known} ({message})" if known else f"không hợp lệ ({message})"


def _check_ids(folder: Path, pack: Pack) -> None:
    if not pack.themes:
        raise PackError(f"{folder}: không có chủ đề nào (T1.yaml …).", f"{folder}: no theme (T1.yaml …).")
    seen: dict[str, str] = {}
    for file, rule in _rules_by_file(pack):
        if rule.id in seen:
            raise PackError(
                f"{folder}/{file} → {rule.id} → id: mã quy tắc này đã dùng trong {seen[rule.id]}.",
                f"{folder}/{file} → {rule.id} → id: used before, in {seen[rule.id]}.",
            )
        seen[rule.id] = file
    _check_theme_names(folder, pack)
    targets = {"all", "scope", *(theme.theme for theme in pack.themes)}
    for friend in pack.false_friends.rules:
        for target in friend.cancels:
            if target not in targets:
                raise PackError(
                    f"{folder}/false_friends.yaml → {friend.id} → cancels: không có chủ đề “{target}”.",
                    f"{folder}/false_friends.yaml → {friend.id} → cancels: no theme {target!r}.",
                )


def _check_theme_names(folder: Path, pack: Pack) -> None:
    """Refuse targets and quotas for themes that the pack does not have."""
    known = {theme.theme for theme in pack.themes}
    balance = pack.about.balance
    said = {"pack.yaml → balance": {*balance.targets, *balance.quotas, *balance.topics}} if balance else {}
    for outlet in pack.outlets.outlets if pack.outlets else ():
        said[f"outlets.yaml → {outlet.id} → targets"] = set(outlet.targets)
    for place, themes in said.items():
        for theme in sorted(themes - known):
            raise PackError(
                f"{folder}/{place}: không có chủ đề “{theme}”.", f"{folder}/{place}: there is no theme {theme!r}."
            )


def _rules_by_file(pack: Pack) -> Iterator[tuple[str, Rule]]:
    yield from (("scope.yaml", rule) for rule in pack.scope.rules)
    yield from ((f"{theme.theme}.yaml", rule) for theme in pack.themes for rule in theme.rules)
    yield from (("false_friends.yaml", rule) for rule in pack.false_friends.rules)
