"""Each test gets stores of its own: a file in ``tmp_path``, and a schema on the server when there is one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage import Storage, open_storage


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty place for a store, on each database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server = os.environ.get("AUTODIGEST_TEST_POSTGRES")
    if not server:
        pytest.skip("AUTODIGEST_TEST_POSTGRES is not set")
    asyncpg = pytest.importorskip("asyncpg")
    schema = f"autodigest_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}{'&' if '?' in server else '?'}search_path={schema}"
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    finally:
        await connection.close()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Storage]:
    async with await open_storage(url) as opened:
        yield opened
