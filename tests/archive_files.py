"""Small archives for tests: files of short articles, a few of them in scope, and what a store exports."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from conftest import ROOT

from mbncheck import Article, Checker, CheckResult
from mbncheck.archive.export import export_jsonl
from mbncheck.archive.store import Store
from mbncheck.archive.worker import Worker

SMALL = ROOT / "tests" / "golden" / "pack"
IN_SCOPE = "Công an huyện phá đường dây buôn người, giải cứu {number} phụ nữ ở chốt kiểm soát số {number}."
OUT_OF_SCOPE = "Bà con thôn {number} thu hoạch cà phê, giá tăng {number} đồng."


def checker() -> Checker:
    """A checker of the small pack, rules alone."""
    return Checker(SMALL, model=None)


def worker() -> Worker:
    """A worker with that checker."""
    return Worker(checker())


def text(number: int) -> str:
    """The text of article ``number``; one in five is in scope."""
    return (IN_SCOPE if number % 5 == 0 else OUT_OF_SCOPE).format(number=number)


def write_jsonl(path: Path, numbers: Iterable[int], prefix: str = "") -> Path:
    """A file of the articles of these numbers."""
    lines = [json.dumps({"id": f"{prefix}{number}", "text": text(number)}, ensure_ascii=False) for number in numbers]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def exported(store: Path) -> list[str]:
    """The lines of a store's export."""
    out = io.StringIO()
    with Store.open(store) as held:
        export_jsonl(held, out)
    return out.getvalue().splitlines()


class DeadlyChecker(Checker):
    """A checker that one article kills; it travels to spawned workers, which find it here."""

    def __init__(self, folder: Path) -> None:
        super().__init__(checker().pack, model=None)
        self.folder = folder

    def check_article(self, article: Article) -> CheckResult:
        """Die of article a7."""
        if article.id.endswith("a7"):
            os._exit(9)
        return super().check_article(article)

    def __reduce__(self) -> tuple[type[DeadlyChecker], tuple[Path]]:
        """Travel as what it was made of."""
        return DeadlyChecker, (self.folder,)
