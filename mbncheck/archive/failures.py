"""What DuckDB complains of, as an officer can act on it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from mbncheck.errors import StoreError

_DISK_FULL = ("no space left", "disk quota", "file too large", "could not write", "out of disk")


def unopened(path: str | Path, error: duckdb.Error) -> StoreError:
    """The store cannot be opened: in use, damaged, or not a store at all."""
    if "lock" in str(error).lower():
        return StoreError(
            f"{path}: kho đang được một lệnh mbncheck khác dùng; hãy đợi lệnh đó xong.",
            f"{path}: another mbncheck is using this store; wait until it is done.",
        )
    reason = _first_line(error)
    return StoreError(
        f"{path}: không mở được kho ({reason}); hãy kiểm tra đường dẫn và quyền, hoặc quét lại vào kho mới.",
        f"{path}: the store cannot be opened ({reason}); check path and permissions, or scan into a new store.",
    )


def unread(path: str, error: duckdb.Error) -> StoreError:
    """The store cannot be read."""
    reason = _first_line(error)
    return StoreError(
        f"{path}: không đọc được kho ({reason}); hãy quét lại vào kho mới.",
        f"{path}: the store cannot be read ({reason}); scan into a new store.",
    )


def unwritten(path: str, error: duckdb.Error) -> StoreError:
    """The store cannot be written: the disk is full or failing. What was committed before stays whole."""
    if any(sign in str(error).lower() for sign in _DISK_FULL):
        return StoreError(
            f"{path}: hết chỗ trên đĩa (hoặc hết hạn mức), không ghi tiếp được; phần đã ghi vẫn nguyên vẹn. "
            "Hãy giải phóng đĩa rồi chạy lại đúng lệnh này để quét tiếp.",
            f"{path}: the disk (or its quota) is full; what was written is whole. "
            "Free some space and run the same command again to go on.",
        )
    reason = _first_line(error)
    return StoreError(
        f"{path}: không ghi được kho ({reason}); phần đã ghi vẫn nguyên vẹn.",
        f"{path}: the store cannot be written ({reason}); what was written is whole.",
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def unwritten_file(path: str | Path, error: OSError) -> StoreError:
    """An export cannot be written."""
    reason = error.strerror or _first_line(error)
    return StoreError(
        f"{path}: không ghi được ({reason}); hãy kiểm tra đường dẫn, quyền và chỗ trống trên đĩa.",
        f"{path}: cannot be written ({reason}); check path, permissions and free disk space.",
    )
