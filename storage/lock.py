"""One living process at a time: a lock that the kernel or the server drops when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.errors import FatalError, StorageError, StoreBusyError
from storage.engine import Database, Postgres, SqliteFile

_held: set[int] = set()


def _close_in_child() -> None:
    # A forked worker that outlives a killed parent would otherwise keep the parent's lock.
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_close_in_child)


class Lock(Protocol):
    """Something held until released."""

    async def check(self) -> None:
        """Raise FatalError ``store-lost`` when it is held no longer."""
        ...

    async def release(self) -> None: ...


class FileLock:
    """``flock`` on a file beside the store; the file itself stays, since removing it would race with the next one."""

    def __init__(self, store: Path) -> None:
        """Take it, or raise StoreBusyError with the pid of the holder."""
        descriptor = os.open(f"{store}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.read(descriptor, 32).decode(errors="replace").strip()
            os.close(descriptor)
            raise StoreBusyError("store-busy", path=str(store), pid=pid) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        _held.add(descriptor)
        self._descriptor = descriptor

    async def check(self) -> None:
        """Do nothing: the kernel lets go of it when we die, and not before."""

    async def release(self) -> None:
        if self._descriptor in _held:
            _held.remove(self._descriptor)
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)


class ServerLock:
    """A session's advisory lock on PostgreSQL; it lives as long as its connection, which is kept for nothing else."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @classmethod
    async def take(cls, database: Database) -> ServerLock:
        """Take it for the schema in use, or raise StoreBusyError."""
        connection = await database.engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        taken = await connection.scalar(
            text("SELECT pg_try_advisory_lock(hashtextextended('autodigest ' || current_schema(), 0))")
        )
        if not taken:
            await connection.close()
            raise StoreBusyError("store-busy", path="postgresql", pid="")
        return cls(connection)

    async def check(self) -> None:
        """Raise FatalError ``store-lost`` when the connection is gone: by a restart of the server, say.

        All others are made anew unnoticed, and the lock may be another process's by now.
        """
        try:
            await self._connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, StorageError, OSError) as error:
            raise FatalError("store-lost") from error

    async def release(self) -> None:
        with suppress(SQLAlchemyError, OSError):  # a session that is gone has given its lock back
            await self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
        await self._connection.invalidate()  # its pool is closed already and would only keep it
        await self._connection.close()


async def hold(place: SqliteFile | Postgres, database: Database) -> Lock | None:
    """Hold a store; a store in memory cannot be shared and needs no lock."""
    match place:
        case SqliteFile(path=None):
            return None
        case SqliteFile(path=Path() as path):
            return FileLock(path)
        case _:
            return await ServerLock.take(database)
