"""The embedded store: one DuckDB file; every batch is one transaction, so that nothing is ever half there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mbncheck.archive.failures import unopened, unread, unwritten
from mbncheck.archive.queries import INSERTS, MARK_REPEATS, OF_A_FILE, PIECE_COLUMNS, PIECES, TOTALS
from mbncheck.errors import StoreError
from mbncheck.model import Level, PackReference, Piece, Rejected

SCHEMA_VERSION = 1
# DuckDB's own buffers, beyond which it spills to disk: a scan is to stay small, a score may take what it needs.
WRITING: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "64MB", "threads": 1}
READING: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB"}
_SCHEMA = Path(__file__).with_name("schema.sql")
_FETCH = 2_000

FILES = pa.schema(
    {
        "file": pa.int64(),
        "path": pa.string(),
        "size": pa.int64(),
        "modified": pa.int64(),
        "hash": pa.string(),
        "fingerprint": pa.string(),
        "since": pa.date32(),
        "entries": pa.int64(),
        "done": pa.bool_(),
    }
)


@dataclass(frozen=True, slots=True)
class FileState:
    """How far one file is done: one row of ``files``.

    ``entries`` counts all entries done from the file's start. ``replaces`` where what the store held of the file
    before is to go first.
    """

    file: int
    path: str
    size: int
    modified: int
    hash: str | None
    fingerprint: str
    since: date | None
    entries: int
    done: bool
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """What a store holds; ``read`` = ``articles`` + ``rejected`` + ``earlier`` (published before ``--since``).

    ``repeated`` counts articles that are the same record in two files; ``pieces`` in scope are raw,
    ``unique`` without reprints.
    """

    files: int
    read: int
    articles: int
    rejected: int
    earlier: int
    repeated: int
    pieces: int
    unique: int


class Store:
    """One store, open for reading or for the one writer there can be; use it as a context manager."""

    def __init__(self, path: str | Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = str(path)
        self.connection = connection

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Store:
        """The store at ``path``; ``create`` makes one where there is none.

        Raises ``StoreError`` where it is missing, damaged, of another version, or in use by another process.
        """
        if not create and not Path(path).is_file():
            raise StoreError(
                f"{path}: không có kho lưu trữ này; hãy tạo bằng mbncheck scan … --store {path}.",
                f"{path}: no such store; make it with mbncheck scan … --store {path}.",
            )
        try:
            connection = duckdb.connect(str(path), config=WRITING if create else READING)
        except duckdb.Error as error:
            raise unopened(path, error) from None
        store = cls(path, connection)
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close; what was committed stays, whatever happens here."""
        with suppress(duckdb.Error):
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All of it or nothing. Raises ``StoreError`` where the disk is full or fails."""
        try:
            self.connection.execute("BEGIN")
            yield self.connection
            self.connection.execute("COMMIT")
        except duckdb.Error as error:
            self._roll_back()
            raise unwritten(self.path, error) from None
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        with suppress(duckdb.Error):
            self.connection.execute("ROLLBACK")

    def _prepare(self) -> None:
        try:
            held = self.connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 'about'"
            ).fetchone()
            if held == (0,):
                with self.transaction() as connection:
                    connection.execute(_SCHEMA.read_text(encoding="utf-8"))
                    connection.execute("INSERT INTO about (schema_version) VALUES (?)", [SCHEMA_VERSION])
            version = self._one("SELECT schema_version FROM about")
        except duckdb.Error as error:
            raise unopened(self.path, error) from None
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path}: kho do phiên bản khác của mbncheck tạo (dạng {version}); hãy quét lại vào kho mới.",
                f"{self.path}: made by another version of mbncheck (format {version}); scan into a new store.",
            )

    # --- what a scan needs -----------------------------------------------------------------------

    def file_states(self) -> dict[str, FileState]:
        """Every file the store knows, by path."""
        rows = self._all(
            "SELECT file, path, size, modified, hash, fingerprint, since, entries, done FROM files ORDER BY file"
        )
        return {row[1]: FileState(*row) for row in rows}

    def describe(self, pack: PackReference, themes: Sequence[str], model: str | None, model_hash: str) -> None:
        """Write down what the store's results are made with."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE about SET pack_id = ?, pack_version = ?, pack_hash = ?, model = ?, model_hash = ?, themes = ?",
                [pack.id, pack.version, pack.hash, model, model_hash, list(themes)],
            )

    def add(self, outcomes: pa.Table, states: Sequence[FileState]) -> None:
        """Outcomes (``mbncheck.archive.outcomes.SCHEMA``) and how far they bring their files, in one transaction."""
        now = pa.Table.from_pylist([_file_row(state) for state in states], schema=FILES)
        with self.transaction() as connection:
            connection.register("outcomes_now", outcomes)
            connection.register("files_now", now)
            if replaced := [state.file for state in states if state.replaces]:
                for table in OF_A_FILE:
                    connection.execute(f"DELETE FROM {table} WHERE file IN (SELECT unnest(?))", [replaced])  # noqa: S608
            connection.execute("DELETE FROM files WHERE file IN (SELECT file FROM files_now)")
            for statement in INSERTS:
                connection.execute(statement)

    def mark_repeats(self) -> None:
        """Find articles that are the same record in several files: only the first by path and position counts."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM repeats")
            connection.execute(MARK_REPEATS)

    def begin_run(self, version: str, fingerprint: str) -> int:
        """Note that a run starts; its number."""
        number = int(self._one("SELECT coalesce(max(run), 0) + 1 FROM runs"))
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, NULL, ?, ?, 0, 0, 0, 0, false)",
                [number, datetime.now(), version, fingerprint],
            )
        return number

    def end_run(self, run: int, *, files: int, articles: int, in_scope: int, rejected: int) -> None:
        """Note that a run came to its end, and what it did; then everything goes into the one file."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE runs SET ended = ?, files = ?, articles = ?, in_scope = ?, rejected = ?, finished = true"
                " WHERE run = ?",
                [datetime.now(), files, articles, in_scope, rejected, run],
            )
        with suppress(duckdb.Error):  # what is committed is safe in the log beside the file
            self.connection.execute("CHECKPOINT")

    # --- people's decisions ----------------------------------------------------------------------

    def decide(
        self,
        id: str | None,
        *,
        in_scope: bool | None = None,
        levels: Mapping[str, Level] | None = None,
        text_hash: bytes | None = None,
        by: str = "",
        on: date | None = None,
    ) -> None:
        """Record what a person decided of the piece ``id``: it overrides the program's word and earlier decisions.

        The id is the piece's own. ``text_hash`` (SHA-256 of the text in UTF-8) tells pieces of the same id apart;
        ``None`` means all of them. Without an id it holds for every piece of that text. The piece need not be in the
        store yet.
        """
        if id is None and text_hash is None:
            raise ValueError("neither id nor text_hash: which piece was decided on?")
        subjects: list[tuple[str | None, str | None, bool | None]] = [
            (theme, level, None) for theme, level in (levels or {}).items()
        ]
        if in_scope is not None:
            subjects.insert(0, (None, None, in_scope))
        with self.transaction() as connection:
            sequence = int(self._one("SELECT coalesce(max(sequence), 0) FROM decisions"))
            for number, (theme, level, scope) in enumerate(subjects, sequence + 1):
                connection.execute(
                    "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [number, id, text_hash, theme, level, scope, by, on],
                )

    def holds(self, id: str | None, text_hash: bytes) -> bool:
        """Whether there is a piece of this text, and of this id (alone, or after its path and ``#``) if given."""
        found = self._rows(
            "SELECT count(*) FROM articles"
            " WHERE text_hash = $hash AND coalesce(id = $id OR ends_with($id, '#' || id), true)",
            {"hash": text_hash, "id": id},
        )
        return bool(next(found)[0])

    # --- what a score needs ----------------------------------------------------------------------

    @property
    def pack(self) -> PackReference | None:
        """The pack that the results were made with; ``None`` in a store that holds none."""
        row = self._all("SELECT pack_id, pack_version, pack_hash FROM about")[0]
        return PackReference(*row) if row[0] is not None else None

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of that pack, in its order."""
        return tuple(self._one("SELECT themes FROM about") or ())

    def results(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        outlets: Sequence[str] | None = None,
        in_scope: bool | None = None,
        undated: bool = False,
    ) -> Iterator[Piece]:
        """The pieces published from ``since`` to ``until`` (both included), people's decisions applied.

        They come by date, id, path and position. With a bound, pieces without a date are left out;
        ``in_scope`` keeps only those in (or out of) scope, ``undated`` only those without a date.
        """
        conditions: list[str] = []
        values: list[Any] = []
        for condition, value in (
            ("published >= ?", since),
            ("published <= ?", until),
            ("outlet IN (SELECT unnest(?))", None if outlets is None else list(outlets)),
            ("in_scope = ?", in_scope),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        if undated:
            conditions.append("published IS NULL")
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        themes = self.themes
        for row in self._rows(PIECES.format(where=where), values):
            yield _piece(row, themes)

    def texts_in_scope(self) -> Iterator[tuple[int, int, date | None, str, str]]:
        """File, number, date, id and shadow text of the pieces in scope, people's decisions applied."""
        return self._rows(
            "SELECT file, number, published, id, text FROM judged WHERE in_scope AND text IS NOT NULL", []
        )

    def rejected(self) -> Iterator[Rejected]:
        """What could not be read, by path and position."""
        for row in self._rows(
            "SELECT path, reason_vi, reason_en, remedy_vi, remedy_en, origin FROM rejected JOIN files USING (file)"
            " ORDER BY path, number",
            [],
        ):
            yield Rejected(*row)

    def totals(self) -> Totals:
        """How much the store holds."""
        return Totals(*self._all(TOTALS)[0])

    def arrow(self, statement: str) -> pa.RecordBatchReader:
        """The answer to a statement, batch by batch. Raises ``StoreError``."""
        try:
            return self.connection.cursor().sql(statement).to_arrow_reader(_FETCH)
        except duckdb.Error as error:
            raise unread(self.path, error) from None

    def _rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> Iterator[Any]:
        cursor = self.connection.cursor()
        try:
            cursor.execute(statement, values)
            while rows := cursor.fetchmany(_FETCH):
                yield from rows
        except duckdb.Error as error:
            raise unread(self.path, error) from None
        finally:
            cursor.close()

    def _all(self, statement: str) -> list[tuple[Any, ...]]:
        return list(self._rows(statement, []))

    def _one(self, statement: str) -> Any:
        return self._all(statement)[0][0]


def _file_row(state: FileState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in FILES.names}


def _piece(row: Sequence[Any], themes: Sequence[str]) -> Piece:
    found, decided, places, *columns = row
    fields = dict(zip(PIECE_COLUMNS, columns, strict=True))
    return Piece(
        levels={
            theme: (decided or {}).get(theme) or _capped((found or {}).get(theme, "absent"), fields["in_scope"])
            for theme in themes
        },
        places=tuple(places or ()),
        **fields,
    )


def _capped(level: Level, in_scope: bool) -> Level:
    """Out of scope, at most mentioned: also where a person took the piece out."""
    return "mentioned" if level == "covered" and not in_scope else level
