"""New rows by the dozen, with their ids: what a poll brings. Knows no table.

SQLite's driver gets them as they are and in one trip to its thread, which is a third of what SQLAlchemy takes to look
at every value; PostgreSQL's sends them by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from sqlite3 import Connection
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.driver import run
from storage.plain import written

Values = Sequence[Mapping[str, Any]]


async def insert_rows(connection: AsyncConnection, table: Table, rows: Values) -> Sequence[int]:
    """Insert rows with the same columns into a table that numbers them; their ids in the order of the rows."""
    if not rows:
        return []
    if connection.dialect.name != "sqlite":
        numbered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(await connection.scalars(numbered, rows))
    names = tuple(rows[0])
    values = list(written([table.c[name] for name in names], rows))
    statement = _insert(table.name, ("id", *names))

    def write(driver: Connection) -> range:
        # No other connection writes meanwhile: the transaction began by taking SQLite's lock.
        last = driver.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", (table.name,))
        first = last.fetchone()[0] + 1
        driver.executemany(statement, ((new, *row) for new, row in enumerate(values, first)))
        return range(first, first + len(values))

    return await run(connection, write)


async def add_rows(connection: AsyncConnection, table: Table, rows: Values) -> None:
    """Insert rows with the same columns into a table that has no numbers of its own."""
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        await connection.execute(insert(table), rows)
        return
    names = tuple(rows[0])
    values = list(written([table.c[name] for name in names], rows))
    await run(connection, lambda driver: driver.executemany(_insert(table.name, names), values).close())


@lru_cache(maxsize=16)
def _insert(table: str, names: tuple[str, ...]) -> str:
    """Write the statement; its names are our own."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - constants
