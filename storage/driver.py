"""SQLite's driver, asked once for each statement: a cursor is made, executed, read and closed in one trip.

SQLAlchemy's way is four trips to the driver's thread, and on each the two threads wait for one another. Knows no table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, Final, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

_NOTHING: Final[dict[str, Any]] = {}


@dataclass(slots=True, kw_only=True)
class _Told:
    """What a cursor said before it was closed, for whoever asks the cursor itself."""

    rows: Sequence[Any] = ()
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1

    def close(self) -> None:
        """Do nothing: it was closed when it was read."""


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    # It is closed already, so nothing has to be awaited for it.
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        # Not the base's: that would take a trip for a cursor.
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection  # noqa: SLF001 - as the base has it
        self._cursor: Any = _Told()
        self._soft_closed_memoized: Any = _NOTHING
        self._rows: deque[Any] = deque()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._ask(_execute, operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._ask(_execute_many, operation, seq_of_parameters)

    async def _ask(self, work: Any, *arguments: Any) -> None:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001 - as the base does
            self._cursor = await driver._execute(work, driver._conn, *arguments)  # noqa: SLF001 - its own way to its thread
        self._rows = deque(self._cursor.rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor


def ask_once(engine: Engine) -> None:
    """Let an engine's connections take one trip for a statement."""

    def dial(dialect: Any, _record: object, arguments: Any, options: Any) -> Any:
        plain = dialect.connect(*arguments, **options)
        return _Connection(dialect.loaded_dbapi, plain.driver_connection)

    event.listen(engine, "do_connect", dial)


async def run(connection: AsyncConnection, work: Callable[[Connection], T]) -> T:
    """Let SQLite's own connection do several things in its thread, in one trip; what it raises is the driver's."""

    def ask(synchronous: Any) -> T:
        asked: T = synchronous.connection.dbapi_connection.run_async(lambda driver: driver._execute(work, driver._conn))  # noqa: SLF001
        return asked

    return await connection.run_sync(ask)


def _execute(connection: Connection, statement: str, parameters: Any) -> _Told:
    cursor = connection.execute(statement, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else ()
        return _Told(rows=rows, description=cursor.description, rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)
    finally:
        cursor.close()


def _execute_many(connection: Connection, statement: str, parameters: Any) -> _Told:
    cursor = connection.executemany(statement, parameters)
    try:
        return _Told(description=cursor.description, rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)
    finally:
        cursor.close()
