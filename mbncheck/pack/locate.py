"""Where packs lie and what they hold, without reading them as YAML: cheap enough for every start."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from mbncheck.errors import PackError

DEFAULT_PACK = "dak-nong-2020"
MAX_CHAIN = 8

_EXTENDS = re.compile(r"^extends:[ \t]*[\"']?([a-z0-9-]+)", re.M)

_PACKAGE = Path(__file__).resolve().parent.parent


def packs_folder() -> Path:
    """The folder of the packs shipped with mbncheck: inside the wheel, or beside a checkout."""
    inside = _PACKAGE / "rules"
    return inside if inside.is_dir() else _PACKAGE.parent / "rules"


def find_pack(where: str | Path) -> Path:
    """The folder of a pack given as a folder or as the id of a shipped pack.

    Raises ``PackError`` where there is none.
    """
    given = Path(where)
    for folder in (given, packs_folder() / str(where)):
        if os.path.isfile(folder / "pack.yaml"):  # unlike Path.is_file, never raises
            return folder
    names = ", ".join(sorted(path.parent.name for path in packs_folder().glob("*/pack.yaml"))) or "-"
    raise PackError(
        f"{where}: không có bộ quy tắc nào ở đây (cần tệp pack.yaml). Các bộ có sẵn: {names}.",
        f"{where}: no rule pack here (pack.yaml is needed). Shipped packs: {names}.",
    )


def base_folder(folder: Path) -> Path | None:
    """The folder of the pack that ``folder`` extends, or None; a pack beside it comes first.

    Raises ``PackError`` where that pack is missing or extends its way back to itself.
    """
    return _bases(folder)[0] if _bases(folder) else None


def _bases(folder: Path) -> list[Path]:
    chain: list[Path] = []
    here = folder
    while named := _EXTENDS.search(_content(here / "pack.yaml").decode("utf-8-sig", errors="replace")):
        beside = here.parent / named[1]
        here = beside if (beside / "pack.yaml").is_file() else find_pack(named[1])
        if here in chain or len(chain) > MAX_CHAIN:
            raise PackError(
                f"{folder}/pack.yaml → extends: các bộ quy tắc kế thừa lẫn nhau thành vòng.",
                f"{folder}/pack.yaml → extends: the packs extend each other in a circle.",
            )
        chain.append(here)
    return chain


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PackError(
            f"{path}: không đọc được tệp của bộ quy tắc; hãy kiểm tra đường dẫn và quyền đọc.",
            f"{path}: cannot read this file of the pack; check the path and permissions.",
        ) from None


def pack_files(folder: Path) -> list[Path]:
    """The YAML files of a pack, in a fixed order."""
    return sorted(folder.glob("*.yaml"))


def pack_hash(folder: Path) -> str:
    """SHA-256 (hex) over names and contents of the pack's files; line endings do not count.

    A pack that extends another is hashed together with it.
    """
    digest = hashlib.sha256()
    base = base_folder(folder)
    if base:
        digest.update(pack_hash(base).encode())
    for path in pack_files(folder):
        content = _content(path).replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
