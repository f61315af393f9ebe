"""Pieces from whatever holds them: an archive's pieces, checked articles, Arrow tables and data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from mbncheck.balance.directory import Directory
from mbncheck.errors import BalanceError
from mbncheck.model import LEVELS, Article, CheckResult, Piece
from mbncheck.text.word_count import word_count

if TYPE_CHECKING:
    from mbncheck.pack.schema import Pack

_PLAIN = ("outlet", "title", "medium", "genre", "column", "locality", "author", "reprint_of", "path", "origin")


def pieces_of(results: Any, pack: Pack) -> Iterator[Piece]:
    """The pieces of ``results``, one by one.

    ``results`` may be an iterable of ``Piece``, of ``CheckResult`` or of pairs of ``Article`` and ``CheckResult``, or
    anything that gives an Arrow stream: a ``pyarrow.Table``, a pandas or Polars data frame, a DuckDB relation, with
    the columns of ``piece_table``. Raises ``BalanceError`` for anything else.
    """
    if hasattr(results, "__arrow_c_stream__"):
        yield from _rows(results, [theme.theme for theme in pack.themes])
        return
    for result in results:
        if isinstance(result, Piece):
            yield result
        elif isinstance(result, CheckResult):
            yield piece_of(Article(result.text, result.id, result.outlet, result.published), result, pack)
        else:
            try:
                article, checked = result
                yield piece_of(article, checked, pack)
            except (TypeError, ValueError, AttributeError):
                raise BalanceError(
                    f"Không chấm được {type(result).__name__}; cần Piece, CheckResult hoặc (Article, CheckResult).",
                    f"Cannot score a {type(result).__name__}; give Piece, CheckResult or (Article, CheckResult).",
                ) from None


def piece_of(article: Article, result: CheckResult, pack: Pack) -> Piece:
    """A checked article as a piece; communes are looked for where it is in scope."""
    published = result.published or article.published
    return Piece(
        id=result.id or article.id,
        in_scope=result.in_scope,
        levels={theme: found.level for theme, found in result.themes.items()},
        outlet=result.outlet or article.outlet,
        published=published,
        title=article.title,
        medium=article.medium,
        genre=article.genre,
        column=article.column,
        locality=article.locality,
        author=article.author,
        words=word_count(article.text, article.masked),
        airtime=article.airtime,
        airtime_estimated=article.airtime_estimated,
        places=_places(article, published, pack) if result.in_scope else (),
        origin=article.origin,
    )


def _places(article: Article, published: date | None, pack: Pack) -> tuple[str, ...]:
    """The communes that it names; an outlet of the list need not name its province."""
    from mbncheck.balance.places import places_named

    listed = Directory(pack.outlets.outlets if pack.outlets else ()).find(article.outlet)
    return places_named(article.text, pack, published, local=listed is not None)


def piece_table(pieces: Iterable[Piece], pack: Pack) -> Any:
    """The pieces as a ``pyarrow.Table``: the fields of ``Piece``, and a column for the level of every theme.

    ``table.to_pandas()`` makes it a data frame; ``score`` takes both.
    """
    import pyarrow as pa

    themes = [theme.theme for theme in pack.themes]
    fields = {
        "id": pa.string(),
        "in_scope": pa.bool_(),
        "published": pa.date32(),
        **{name: pa.string() for name in _PLAIN},
        "words": pa.int64(),
        "airtime": pa.float64(),
        "airtime_estimated": pa.bool_(),
        "places": pa.list_(pa.string()),
        "decided_by_human": pa.bool_(),
    }
    schema = pa.schema({**fields, **{theme: pa.string() for theme in themes}})
    rows = [
        {name: getattr(piece, name) for name in fields} | {theme: piece.levels.get(theme, "absent") for theme in themes}
        for piece in pieces
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _rows(frame: Any, themes: list[str]) -> Iterator[Piece]:
    try:
        import pyarrow as pa
    except ImportError:
        raise BalanceError(
            "Đọc bảng cần thêm thư viện: pip install 'mbncheck[balance]'.",
            "Tables need more libraries: pip install 'mbncheck[balance]'.",
        ) from None
    table = pa.table(frame)
    missing = [name for name in ("id", "in_scope", *themes) if name not in table.column_names]
    if missing:
        raise BalanceError(f"Bảng thiếu cột: {', '.join(missing)}.", f"The table lacks columns: {', '.join(missing)}.")
    for batch in table.to_batches():
        for number, row in enumerate(batch.to_pylist()):
            yield _piece(row, themes, number)


def _piece(row: dict[str, Any], themes: list[str], number: int) -> Piece:
    levels = {theme: row[theme] for theme in themes}
    for theme, level in levels.items():
        if level not in LEVELS:
            raise BalanceError(
                f"Bảng, dòng {number + 1}, cột {theme}: mức “{level}” không phải là {', '.join(LEVELS)}.",
                f"Table, row {number + 1}, column {theme}: level {level!r} is none of {', '.join(LEVELS)}.",
            )
    return Piece(
        id=str(row["id"]),
        in_scope=bool(row["in_scope"]),
        levels=levels,
        published=_day(row.get("published")),
        words=int(row.get("words") or 0),
        airtime=_number(row.get("airtime")),
        airtime_estimated=bool(row.get("airtime_estimated")),
        places=tuple(row.get("places") or ()),
        decided_by_human=bool(row.get("decided_by_human")),
        **{name: row[name] for name in _PLAIN if row.get(name) is not None},
    )


def _day(value: Any) -> date | None:
    """A day from a date, a time stamp or its ISO form; ``None`` for nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise BalanceError(
                f"Bảng, cột published: “{value}” không phải ngày dạng 2020-01-31.",
                f"Table, column published: {value!r} is no date like 2020-01-31.",
            ) from None
    return value.date() if hasattr(value, "date") else value  # type: ignore[no-any-return]


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # data frames say NaN
