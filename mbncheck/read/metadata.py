"""From what a file says of itself to the fields of an ``Article``.

Facts are raw: keys as the file has them (front matter, column names, properties, meta elements, labels of a script's
head), values as they were written. Keys are known in Vietnamese and English, with and without diacritics.

The first source wins. Sources are asked in this order: the file itself (front matter, column, properties, meta), the
head of a script, the pattern of the path (``--layout``), the defaults of the outlet and the general ones in the
settings. Every field that is found has its source beside it, ``"front matter: Ngày đăng"``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mbncheck.model import Article, Note

if TYPE_CHECKING:
    from mbncheck.read.options import ReadOptions

__all__ = ["FIELDS", "completed", "described", "field_named", "renamed"]

FIELDS = ("title", "author", "outlet", "published", "medium", "genre", "column", "locality", "airtime")
"""The fields of an ``Article`` that facts may fill."""

_KEYS = {
    "title": "title, headline, tieu de, tua de, dau de, tit, ten bai, ten bai viet, ten tin bai, ten tac pham, nhan de",
    "author": "author, creator, byline, by, tac gia, nguoi viet, but danh, phong vien, ten tac gia, nhom tac gia,"
    " thuc hien",
    "outlet": "outlet, publisher, publication, site name, sitename, site, newspaper, station, bao, ten bao, to bao,"
    " bao dai, dai, ten dai, co quan, co quan bao chi, co quan bao, don vi, don vi dang, don vi phat, toa soan, kenh,"
    " nguon, source",
    "published": "published, publish date, published date, published at, published time, publication date, pubdate,"
    " date, date published, issued, air date, broadcast date, ngay, ngay dang, ngay dang tin, ngay dang bai, ngay phat,"
    " ngay phat song, phat song, phat, ngay xuat ban, xuat ban, ngay phat hanh, ngay gio, thoi gian, thoi gian dang,"
    " thoi gian phat, thoi gian phat song, gio phat, lich phat, ngay thang",
    "medium": "medium, media, media type, loai hinh, loai hinh bao chi, phuong tien, hinh thuc",
    "genre": "genre, the loai, loai bai, loai tin, loai tin bai, dang bai",
    "column": "column, section, category, rubric, chuyen muc, chuyen trang, muc, tiet muc, chuong trinh, program,"
    " programme",
    "locality": "locality, location, place, dateline, dia phuong, dia ban, noi, xa, xa phuong, phuong xa,"
    " huyen, dia diem",
    "airtime": "airtime, duration, length, thoi luong, thoi luong phat, thoi luong phat song, tong thoi luong, do dai",
}
_FIELD_OF = {key.strip(): field for field, keys in _KEYS.items() for key in keys.split(",")}
_UNITS = {
    "phut": 60.0, "min": 60.0, "minute": 60.0, "minutes": 60.0, "giay": 1.0, "s": 1.0, "sec": 1.0, "second": 1.0,
    "seconds": 1.0, "gio": 3600.0,
}  # fmt: skip
_LONGEST_VALUE = 300
_NAMESPACES = ("og:", "dc:", "dcterms:", "article:", "dc.", "dcterms.", "twitter:", "parsely-", "itemprop:")


def described(article: Article, facts: Mapping[str, str], source: str) -> Article:
    """``article`` with the fields that ``facts`` (raw key → value) tell and that it lacks.

    ``source`` says where the facts were found; with the key it stands beside each field in ``Article.sources``. A date
    that is known only to the month, quarter or year says so there. Values that are no date or no duration are left out.
    """
    found: dict[str, Any] = {}
    sources = []
    for key, written in facts.items():
        field = field_named(key)
        if field is None or field in found or getattr(article, field) is not None:
            continue
        value, exact = _value(field, key, written)
        if value is not None:
            found[field] = value
            sources.append((field, f"{source}: {key}{exact}" if key else source))
    return replace(article, **found, sources=(*article.sources, *sources)) if found else article


def completed(article: Article, path: str, options: ReadOptions) -> Article:
    """``article`` with what its ``path`` and the settings say of it, where it does not say so itself.

    A path that does not follow the layout is told by a note. Where the medium becomes known as broadcast, one sign of a
    script is enough.
    """
    from mbncheck.read.layout import facts_in_path
    from mbncheck.read.scripts import as_script

    if options.layout:
        facts = facts_in_path(_path_of(article, path), options.layout)
        article = (
            replace(article, notes=(*article.notes, _NO_LAYOUT))
            if facts is None
            else described(article, facts, "layout")
        )
    outlet = article.outlet or options.defaults.get("outlet", "")
    for defaults in (options.outlets.get(outlet, {}), options.defaults):
        article = described(article, defaults, "settings")
    return as_script(article)


_NO_LAYOUT = Note("MBN906", "đường dẫn không theo mẫu --layout", "the path does not follow the pattern of --layout")


def _path_of(article: Article, path: str) -> str:
    """The path of the file, or of the member of an archive that the article is."""
    member = article.origin.partition("#")[0]
    return f"{path}/{member}" if "." in member.rpartition("/")[2] else path


def renamed(facts: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """``facts`` with the keys that ``columns`` (field → key, as the settings have it) names put under their field.

    They come first, so that they win over keys that are known by themselves.
    """
    wanted = {_plain(key): field for field, key in columns.items()}
    named = {wanted[_plain(key)]: value for key, value in facts.items() if _plain(key) in wanted}
    return named | {key: value for key, value in facts.items() if _plain(key) not in wanted}


@lru_cache(maxsize=1024)
def field_named(key: str) -> str | None:
    """The field of an ``Article`` that ``key`` names, in Vietnamese or English; ``None`` for none."""
    key = key.strip().casefold()
    for namespace in _NAMESPACES:
        key = key.removeprefix(namespace)
    plain = _plain(key)
    if plain in _FIELD_OF:
        return _FIELD_OF[plain]
    words = plain.split()
    return _FIELD_OF.get(" ".join(words[:-1])) if words and words[-1] in _UNITS else None


def _value(field: str, key: str, written: str) -> tuple[Any, str]:
    """The value of a field, and a remark on how exact it is."""
    from mbncheck.read.dates import parse_duration, written_date

    written = " ".join(str(written).split())
    if not written:
        return None, ""
    if field == "published":
        date = written_date(written)
        if date is None:
            return None, ""
        return date.day, "" if date.precision == "day" else f" ({date.precision})"
    if field == "airtime":
        return parse_duration(written, _unit(key)), ""
    return unicodedata.normalize("NFC", written)[:_LONGEST_VALUE], ""


def _unit(key: str) -> float | None:
    """The seconds that 1 stands for, by the last word of a key; *airtime* alone is in seconds, as in ``Article``."""
    words = _plain(key).split()
    return _UNITS.get(words[-1], 1.0 if words == ["airtime"] else None) if words else None


def _plain(key: str) -> str:
    """A key in small letters without marks: "Ngày_đăng:" is "ngay dang"."""
    spread = unicodedata.normalize("NFD", key.casefold().replace("đ", "d"))
    letters = "".join(char if char.isalnum() else " " for char in spread if unicodedata.category(char) != "Mn")
    return " ".join(letters.split())
