"""Connections, pragmas and transactions: where SQLite and PostgreSQL differ. Knows no table.

SQLite gets one read-write connection and BEGIN IMMEDIATE by hand: the driver's own transactions lost updates, and two
connections of one process that reset a WAL can corrupt it (SQLite before 3.51.3).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from sqlite3 import Error as SqliteError
from typing import Any, TypeVar

from sqlalchemy import URL, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from feeds.errors import StorageError
from storage.compiled import Compiled
from storage.driver import ask_once
from storage.unbroken import UnbrokenEngine

T = TypeVar("T")
Insert = postgresql.Insert | sqlite.Insert

_COMPILED = Compiled()
BATCH = 500
"""Values in one IN list; both databases stop somewhere above 30,000."""
BUSY_MS = 10_000
"""How long a statement waits for a foreign process, say a person's own ``sqlite3`` shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteFile:
    """An embedded store; ``path`` is None in memory."""

    path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server's store; ``dsn`` as libpq reads it, further parameters such as ``search_path`` included."""

    dsn: str


Place = SqliteFile | Postgres


def locate(url: str) -> Place:
    """Say where a store is; StorageError ``store-url`` for an address that is neither SQLite's nor PostgreSQL's."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return SqliteFile(path=None if url == ":memory:" else Path(url).expanduser())
    match scheme:
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            return Postgres(dsn=f"postgresql://{rest}")
        case "sqlite" | "sqlite+aiosqlite" if rest in {"", "/:memory:"}:
            return SqliteFile(path=None)
        case "sqlite" | "sqlite+aiosqlite" if rest.startswith("/"):
            return SqliteFile(path=Path(rest[1:]).expanduser())
        case _:
            raise StorageError("store-url", scheme=scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An engine whose every transaction ends in a commit or leaves nothing behind."""

    engine: AsyncEngine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; on SQLite also the only one at this moment. Whatever SQL raises becomes StorageError."""
        try:
            async with self.engine.begin() as connection:
                yield connection
        except StatementError as error:
            if not isinstance(error, DBAPIError) and error.orig is not None:
                raise error.orig from error  # our own mistake, such as a naive moment
            raise _failed(error) from error
        except (SQLAlchemyError, SqliteError, OverflowError, OSError) as error:
            raise _failed(error) from error


def _failed(error: Exception) -> StorageError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    # SQLite's own words («database or disk is full») help and never quote a row; PostgreSQL's may quote one.
    return StorageError("store-failed", detail=str(cause) if isinstance(cause, SqliteError) else type(cause).__name__)


def connect(place: Place, *, read_only: bool = False, foreign_keys: bool = True) -> Database:
    """Make an engine; nothing is opened yet. Migrations switch ``foreign_keys`` off (SQLite only)."""
    match place:
        case SqliteFile():
            engine = _sqlite(place, read_only=read_only, foreign_keys=foreign_keys)
        case Postgres():
            engine = _postgres(place, read_only=read_only)
    return Database(engine=engine)


def _sqlite(place: SqliteFile, *, read_only: bool, foreign_keys: bool) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=":memory:" if place.path is None else str(place.path))
    if read_only and place.path is not None:
        uri = place.path.resolve().as_uri()
        url = URL.create("sqlite+aiosqlite", database=uri, query={"mode": "ro", "uri": "true"})
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=None,
        connect_args={"isolation_level": None},  # the driver leaves transactions to us
        execution_options={"compiled_cache": _COMPILED},
    )
    pragmas = [f"busy_timeout = {BUSY_MS}", f"foreign_keys = {'ON' if foreign_keys else 'OFF'}"]
    if not read_only:
        pragmas += ["journal_mode = WAL", "synchronous = FULL"]

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Any) -> None:
        # The driver's own way is one trip to its thread; SQLAlchemy's is three.
        words = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        connection.connection.dbapi_connection.run_async(lambda driver: driver.execute_fetchall(words))

    ask_once(engine.sync_engine)
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return UnbrokenEngine(engine.sync_engine)


def _postgres(place: Postgres, *, read_only: bool) -> AsyncEngine:
    try:
        import asyncpg  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise StorageError("store-driver", package="asyncpg") from error

    settings = {"application_name": "autodigest", "default_transaction_read_only": "on" if read_only else "off"}

    async def dial() -> Any:
        try:
            return await asyncpg.connect(place.dsn, server_settings=settings)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StorageError("store-unreachable", detail=type(error).__name__) from error

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=dial,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        execution_options={"compiled_cache": _COMPILED},
    )
    return UnbrokenEngine(engine.sync_engine)


def insert_new(connection: AsyncConnection, table: Table, *, or_update: Sequence[str] = ()) -> Insert:
    """Insert what is not there by any unique key; by the primary key, ``or_update`` these columns of what is there."""
    statement = insert_in(connection.dialect.name, table)
    if not or_update:
        return statement.on_conflict_do_nothing()
    fresh = {name: statement.excluded[name] for name in or_update}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=fresh)


def insert_in(dialect: str, table: Table) -> Insert:
    """Make an insert of the dialect's own kind, which knows what to do about a conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def batches(values: Sequence[T]) -> Iterator[list[T]]:
    """Cut a list that is too long for one statement."""
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch
