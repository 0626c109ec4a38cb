"""Opening, holding and closing a store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from feeds.errors import StorageError
from storage import backup, schema
from storage.accounts import Accounts
from storage.approvals import Approvals
from storage.audit import Audit
from storage.channels import Channels
from storage.chats import Chats
from storage.desk import Desk
from storage.engine import Database, Place, Postgres, SqliteFile, connect, locate
from storage.figures import Statistics
from storage.lock import Lock, hold
from storage.marks import StoryMarks
from storage.news import News
from storage.opinions import Opinions
from storage.outbox import Outbox
from storage.pace import Pace
from storage.queue import Queue
from storage.redraws import Redraws
from storage.room import find_room, find_store, make_room, no_place
from storage.saved import Saved
from storage.search import Search
from storage.staff import Staff
from storage.tables import HEAD
from storage.tickets import Tickets
from storage.votes import Votes


class Storage:
    """An open store; every method of its parts is one transaction."""

    def __init__(self, place: Place, database: Database, lock: Lock | None) -> None:
        self.news = News(database)
        self.chats = Chats(database)
        self.outbox = Outbox(database)
        self.pace = Pace(database)
        self.search = Search(database)
        self.saved = Saved(database)
        self.accounts = Accounts(database, self.news.journal)
        self.votes = Votes(database)
        self.statistics = Statistics(database)
        self.opinions = Opinions(database, self.news.journal)
        self.desk = Desk(database)
        self.staff = Staff(database)
        self.marks = StoryMarks(database, self.news.journal)
        self.redraws = Redraws(database)
        self.audit = Audit(database)
        self.tickets = Tickets(database)
        self.channels = Channels(database)
        self.queue = Queue(database)
        self.approvals = Approvals(database)
        self._place = place
        self._database = database
        self._lock = lock

    async def backup(self, target: Path) -> None:
        """Write a whole copy to a new file, while the store is in use.

        StorageError ``backup-exists`` rather than overwrite, ``backup-failed``, and ``backup-postgres`` on a server,
        which has ``pg_dump``.
        """
        match self._place:
            case SqliteFile(path=Path() as path):
                await backup.copy(path, target)
            case SqliteFile():
                raise StorageError("backup-memory")
            case Postgres():
                raise StorageError("backup-postgres")

    async def ensure_held(self) -> None:
        """Raise FatalError ``store-lost`` when the store, opened for ourselves alone, may be another process's by now.

        To be asked now and then: only a server can take a store away.
        """
        if self._lock is not None:
            await self._lock.check()

    async def aclose(self) -> None:
        """Close the connections, then let others have the store. Closing twice does no harm."""
        lock, self._lock = self._lock, None
        await self._database.engine.dispose()
        if lock is not None:
            await lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def open_storage(url: str, *, exclusive: bool = True) -> Storage:
    """Open a store: ``sqlite:///path``, ``sqlite:////absolute``, a bare path, ``:memory:`` or ``postgresql://…``.

    With ``exclusive`` it is made or migrated as needed, a copy of an older SQLite store is left beside it, and until
    ``aclose`` no other process can open it so. Without, it must exist and is only read.

    Raises StoreBusyError (a living process holds it), StoreTooNewError (a newer Autodigest wrote it), StorageError
    ``store-missing``, ``store-place`` (it cannot be there), ``store-outdated``, ``store-url``, ``store-unreachable``,
    ``store-migration``, ``store-failed``.
    """
    place = locate(url)
    if not exclusive:
        return await _look(place)
    if isinstance(place, SqliteFile) and place.path is not None:
        make_room(place.path)
    database = connect(place)
    lock = None
    try:
        lock = await hold(place, database)
        if place == SqliteFile(path=None):
            await schema.create(database)
        elif await schema.revision(database) != HEAD:
            # An upgrade has a connection of its own, beside which there is no other.
            await database.engine.dispose()
            await schema.upgrade(place)
    except OSError as error:
        if isinstance(place, SqliteFile) and place.path is not None:
            raise no_place(place.path, error) from error
        raise StorageError("store-failed", detail=error) from error
    except BaseException:
        await Storage(place, database, lock).aclose()
        raise
    return Storage(place, database, lock)


async def check_room(url: str) -> None:
    """Find out whether a store could be made or written at ``url``, and make none; StorageError ``store-place``."""
    place = locate(url)
    if isinstance(place, SqliteFile) and place.path is not None:
        await asyncio.to_thread(find_room, place.path)


async def _look(place: Place) -> Storage:
    if isinstance(place, SqliteFile):
        find_store(place.path)
    storage = Storage(place, connect(place, read_only=True), None)
    try:
        await schema.require(storage._database)  # noqa: SLF001 - made two lines above
    except BaseException:
        await storage.aclose()
        raise
    return storage
