"""Copies of an embedded store. ``VACUUM INTO`` sees every commit, which copying the file beside its WAL does not."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from feeds.errors import StorageError


def today() -> str:
    """Name the moment of a copy, to the second."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


async def copy(store: Path, target: Path) -> None:
    """Copy a living store; StorageError ``backup-exists``, ``-folder``, ``-no-folder``, ``-failed``."""
    try:
        await asyncio.to_thread(_copy, store, target)
    except OSError as error:
        raise StorageError("backup-failed", path=str(target), detail=error) from error
    except sqlite3.Error as error:
        raise StorageError("backup-failed", path=str(target), detail=str(error)) from error


def _copy(store: Path, target: Path) -> None:
    if target.is_dir():
        raise StorageError("backup-folder", path=str(target))
    if target.exists():
        raise StorageError("backup-exists", path=str(target))
    if not target.parent.is_dir():
        # A folder that is missing is a slip, or a disk that is not mounted: a copy made beside it would be lost.
        raise StorageError("backup-no-folder", path=str(target.parent))
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    # Read-only, because a second connection that may write could reset the WAL under the first.
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(partial),))
    partial.replace(target)
