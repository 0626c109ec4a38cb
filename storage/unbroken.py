"""Connections whose statements a cancelled task cannot tear: what has begun is finished, then the cancellation goes on.

Torn in the middle of a statement, SQLAlchemy throws the connection away while its thread may still hold SQLite's write
lock: whoever comes next would wait for it in vain. Knows nothing of tables.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Await to the end even if cancelled meanwhile; the cancellation is raised afterwards, and the answer lost."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _end(task)
        raise


class UnbrokenConnection(AsyncConnection):
    """A connection whose statements run to their end."""

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """Execute one statement."""
        return await unbroken(super().execute(*arguments, **options))

    async def scalar(self, *arguments: Any, **options: Any) -> Any:
        """Execute one statement and return the first column of its first row."""
        return await unbroken(super().scalar(*arguments, **options))

    async def run_sync(self, *arguments: Any, **options: Any) -> Any:
        """Run a function that takes a synchronous connection."""
        return await unbroken(super().run_sync(*arguments, **options))


class UnbrokenEngine(AsyncEngine):
    """An engine of such connections, whose transactions begin and end whole."""

    _connection_cls = UnbrokenConnection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction; it is committed, or rolled back, before a cancellation goes on."""
        context = super().begin()
        entering = asyncio.create_task(_enter(context))
        try:
            connection = await asyncio.shield(entering)
        except asyncio.CancelledError:
            await _end(entering)
            if not entering.cancelled() and entering.exception() is None:
                await unbroken(_leave(context, None))
            raise
        try:
            yield connection
        except BaseException as error:
            await unbroken(_leave(context, error))
            raise
        await unbroken(_leave(context, None))


async def _enter(context: Any) -> AsyncConnection:
    connection: AsyncConnection = await context.__aenter__()
    return connection


async def _leave(context: Any, error: BaseException | None) -> None:
    try:
        await context.__aexit__(type(error) if error else None, error, error.__traceback__ if error else None)
    except BaseException as raised:
        if raised is not error:
            raise


async def _end(task: asyncio.Task[Any]) -> None:
    """Wait until a task has ended, however often we are cancelled."""
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            continue
