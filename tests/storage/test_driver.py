"""What a statement says is the same in one trip to SQLite's thread as in four."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert, select, text, update

from feeds.errors import StorageError
from storage.engine import Database, connect, locate

_METADATA = MetaData()
_ROWS = Table("rows", _METADATA, Column("id", Integer, primary_key=True), Column("word", Text, unique=True))


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = connect(locate(":memory:"))
    async with opened.transaction() as connection:
        await connection.run_sync(_METADATA.create_all)
    yield opened
    await opened.engine.dispose()


async def test_rows_come_with_their_names(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(insert(_ROWS), [{"word": "раз"}, {"word": "два"}])
        found = (await connection.execute(select(_ROWS).order_by(_ROWS.c.id))).all()
        assert [(row.id, row.word) for row in found] == [(1, "раз"), (2, "два")]
        assert (await connection.execute(select(_ROWS.c.word).where(_ROWS.c.id > 9))).all() == []
        assert await connection.scalar(text("SELECT 7")) == 7


async def test_what_was_inserted_is_known_by_its_id(database: Database) -> None:
    async with database.transaction() as connection:
        one = await connection.execute(insert(_ROWS).values(word="раз"))
        assert one.inserted_primary_key == (1,)
        more = await connection.execute(insert(_ROWS).returning(_ROWS.c.id), [{"word": "два"}, {"word": "три"}])
        assert sorted(more.scalars()) == [2, 3]


async def test_changed_and_deleted_rows_are_counted(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(insert(_ROWS), [{"word": word} for word in "абв"])
        assert (
            await connection.execute(update(_ROWS).where(_ROWS.c.id < 3).values(word=_ROWS.c.word + "!"))
        ).rowcount == 2
        assert (await connection.execute(delete(_ROWS))).rowcount == 3


async def test_a_statement_that_fails_leaves_a_connection_that_works(database: Database) -> None:
    with pytest.raises(StorageError):
        async with database.transaction() as connection:
            await connection.execute(insert(_ROWS), [{"word": "раз"}, {"word": "раз"}])
    with pytest.raises(StorageError):
        async with database.transaction() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))
    async with database.transaction() as connection:
        assert (await connection.execute(select(_ROWS))).all() == []
