"""Each test gets stores of its own, on each database in turn: a file in ``tmp_path``, and on a server if there is one.

Making a store takes longer than most tests of it. A file is copied from one that was made once in the process; on the
server there is one store for the process, which is emptied before each test.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from storage import Storage, open_storage
from storage.lock import ServerLock
from storage.people import everything
from tests.stores import lay_store

SERVER = os.environ.get("AUTODIGEST_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database it is about."""
    if request.param == "postgresql":
        if not SERVER:
            pytest.skip("AUTODIGEST_TEST_POSTGRES is not set")
        pytest.importorskip("asyncpg")
    return str(request.param)


@pytest.fixture
async def url(kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty place for a store."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    schema = await make_schema()
    yield address(schema)
    await run(f"DROP SCHEMA {schema} CASCADE")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_schema() -> AsyncIterator[str | None]:
    """The name of a schema on the server with a store in it, for all tests of the process; None without a server."""
    if not SERVER:
        yield None
        return
    schema = await make_schema()
    async with await open_storage(address(schema)):
        pass
    yield schema
    await run(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
async def store(kind: str, tmp_path: Path, shared_schema: str | None) -> AsyncIterator[Storage]:
    if kind == "sqlite":
        path = tmp_path / "store.db"
        await lay_store(path)
        url = str(path)
    else:
        assert shared_schema is not None
        await empty(shared_schema)
        url = address(shared_schema)
    async with await open_storage(url) as opened:
        yield opened


def address(schema: str) -> str:
    return f"{SERVER}{'&' if '?' in str(SERVER) else '?'}search_path={schema}"


async def make_schema() -> str:
    schema = f"autodigest_{uuid4().hex}"
    await run(f"CREATE SCHEMA {schema}")
    return schema


async def empty(schema: str) -> None:
    """Take every row away and number the next ones from 1: quicker by far than TRUNCATE where there are few."""
    tables = "; ".join(f"DELETE FROM {schema}.{table.name}" for table in reversed(everything.sorted_tables))  # noqa: S608
    restart = f"SELECT format('ALTER SEQUENCE %I.%I RESTART', schemaname, sequencename) AS said FROM pg_sequences WHERE schemaname = '{schema}'"  # noqa: E501, S608
    numbers = f"DO $$ DECLARE one record; BEGIN FOR one IN {restart} LOOP EXECUTE one.said; END LOOP; END $$"
    await run(f"{tables}; {numbers}")


async def run(statement: str) -> None:
    import asyncpg  # noqa: PLC0415 - an optional extra

    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def cut_off(store: Storage) -> None:
    """Let the server end the connection that holds the lock, as a restart does."""
    assert isinstance(store._lock, ServerLock)
    pid = await store._lock._connection.scalar(text("SELECT pg_backend_pid()"))
    await run(f"SELECT pg_terminate_backend({pid}, 5000)")
