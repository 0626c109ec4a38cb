"""The schema's age: reads it, and brings an older store up to date after a copy of it. Imports Alembic when it must.

An upgrade is one transaction. SQLite's foreign keys are off meanwhile, since rebuilding a table with them on deletes
the rows that refer to it, and checked before the commit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from feeds.errors import StorageError, StoreTooNewError
from storage.backup import copy, today
from storage.engine import Database, Place, SqliteFile, connect
from storage.people import everything
from storage.tables import HEAD

SCRIPTS = "storage:migrations"


async def revision(database: Database) -> str | None:
    """Read the store's revision; None for an empty one."""
    async with database.transaction() as connection:
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def require(database: Database) -> None:
    """Check that a store can be read as it is, for commands that change nothing."""
    found = await revision(database)
    if found is None:
        raise StorageError("store-missing", path="postgresql")
    if found > HEAD:
        raise StoreTooNewError("store-too-new", found=found, known=HEAD)
    if found < HEAD:
        raise StorageError("store-outdated", found=found, known=HEAD)


async def create(database: Database) -> None:
    """Make the tables of a store in memory, which has no past to migrate from."""
    async with database.transaction() as connection:
        await connection.run_sync(everything.create_all, checkfirst=False)


async def upgrade(place: Place, *, scripts: str = SCRIPTS, head: str = HEAD) -> Path | None:
    """Bring a store to ``head``; the copy made before, if any. StoreTooNewError for a store from the future.

    Revisions are numbers of four digits in one line, so they compare as text. A failure leaves the store as it was.
    """
    database = connect(place, foreign_keys=False)
    saved = None
    try:
        found = await revision(database)
        if found == head:
            return None
        if found is not None and found > head:
            raise StoreTooNewError("store-too-new", found=found, known=head)
        if found is not None and isinstance(place, SqliteFile) and place.path is not None:
            saved = place.path.with_name(f"{place.path.name}.{found}-{today()}")
            await copy(place.path, saved)
        async with database.transaction() as connection:
            await connection.run_sync(_migrate, scripts)
    finally:
        await database.engine.dispose()
    return saved


def _migrate(connection: Connection, scripts: str) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that an up-to-date store need not spend
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", scripts)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError("store-migration", detail=str(error)) from error
    if connection.dialect.name == "sqlite":
        broken: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
        if broken:
            raise StorageError("store-migration", detail=f"{len(broken)} rows refer to nothing, first {broken[0]}")
