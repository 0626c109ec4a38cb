"""Statements that are made so often that going through all of SQLAlchemy each time takes longer than they do.

They are written in SQLAlchemy all the same, and on PostgreSQL made by it. On SQLite their SQL, finished once, is given
to the driver itself, and as many of them as belong together in one trip to its thread: on each trip the two threads
wait for one another, the longer the busier the machine is. All rows come as one, a JSON list, for at each row there is
the thread lets the others run, and waits until they let it run again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, Protocol, TypeVar

from sqlalchemy import Dialect, Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.unbroken import unbroken

T = TypeVar("T")
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finished:
    """SQL for one driver: the parameters in their order with their constants, and what makes our values of columns."""

    sql: str
    parameters: tuple[tuple[str, Any, Convert | None], ...]
    columns: tuple[tuple[int, Convert], ...]


class Prepared:
    """One statement, as each dialect wants it; its parameters have names."""

    def __init__(self, make: Callable[[str], Executable]) -> None:
        self._make = make
        self._statements: dict[str, Executable] = {}
        self._finished: _Finished | None = None

    def statement(self, dialect: str) -> Executable:
        """Return it for a dialect."""
        if dialect not in self._statements:
            self._statements[dialect] = self._make(dialect)
        return self._statements[dialect]

    def fetch(self, driver: Connection, dialect: Dialect, values: dict[str, Any]) -> list[list[Any]]:
        """Execute it on SQLite, in the thread of its driver."""
        if self._finished is None:
            self._finished = _finish(self.statement(dialect.name), dialect)
        given = [
            constant if name not in values else values[name] if convert is None else convert(values[name])
            for name, constant, convert in self._finished.parameters
        ]
        found = driver.execute(self._finished.sql, given).fetchone()
        rows: list[list[Any]] = json.loads(found[0]) if found else []
        for row in rows:
            for place, convert in self._finished.columns:
                row[place] = convert(row[place])
        return rows


class Trip(Protocol):
    """Whoever executes prepared statements, one after another, in a transaction."""

    @property
    def dialect(self) -> str:
        """Its name."""
        ...

    async def rows(self, prepared: Prepared, **values: Any) -> Sequence[Sequence[Any]]:
        """Execute a statement; its rows if it selects any. What it selects must fit into JSON."""
        ...


async def in_one_trip(connection: AsyncConnection, work: Callable[[Trip], Coroutine[Any, Any, T]]) -> T:
    """Do work that awaits nothing but its trip."""
    if connection.dialect.name != "sqlite":
        return await work(_Connected(connection))
    assert connection.sync_connection is not None  # noqa: S101 - it is open
    driver: Any = connection.sync_connection.connection.driver_connection
    trip = _InThread(driver._conn, connection.dialect)  # noqa: SLF001 - as in storage.driver
    return await unbroken(driver._execute(_done, work, trip))  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Connected:
    connection: AsyncConnection

    @property
    def dialect(self) -> str:
        return self.connection.dialect.name

    async def rows(self, prepared: Prepared, **values: Any) -> Sequence[Sequence[Any]]:
        result = await self.connection.execute(prepared.statement(self.dialect), values)
        return result.all() if result.returns_rows else []


@dataclass(frozen=True, slots=True)
class _InThread:
    driver: Connection
    spoken: Dialect

    @property
    def dialect(self) -> str:
        return self.spoken.name

    async def rows(self, prepared: Prepared, **values: Any) -> Sequence[Sequence[Any]]:
        return prepared.fetch(self.driver, self.spoken, values)


def _done(work: Callable[[Trip], Coroutine[Any, Any, T]], trip: Trip) -> T:
    """Do work in this thread, where nothing has to be awaited."""
    steps = work(trip)
    try:
        steps.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    steps.close()
    raise RuntimeError("the work of a trip awaited something else")


def _finish(statement: Any, dialect: Dialect) -> _Finished:
    columns = list(statement.exported_columns) if statement.is_select else []
    if columns:
        statement = select(func.json_group_array(func.json_array(*statement.subquery().c)))
    compiled: Any = statement.compile(dialect=dialect)
    parameters = []
    for name in compiled.positiontup:
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        constant = compiled.params[name]
        parameters.append((name, constant if convert is None else convert(constant), convert))
    converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    changed = tuple((place, convert) for place, convert in enumerate(converts) if convert is not None)
    return _Finished(sql=str(compiled), parameters=tuple(parameters), columns=changed)
