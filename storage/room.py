"""Room for an embedded store on the disk: made where it is missing, or only looked for. Knows no SQL."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from feeds.errors import StorageError


def make_room(path: Path) -> None:
    """Make the folder and an empty file for a store; StorageError ``store-place`` where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it will hold the numbers of people
        with path.open("rb"):  # a folder passes for a file until here
            pass
    except OSError as error:
        raise no_place(path, error) from error


def find_store(path: Path | None) -> None:
    """Find out whether a store is there to be read; StorageError ``store-missing``, ``store-place`` where not."""
    # Nothing is opened: closing it would drop the locks that this process may hold on the same file.
    try:
        if path is None or not (path.is_file() or path.is_dir()):
            raise StorageError("store-missing", path=str(path or ":memory:"))
        _require(path, os.R_OK)
    except OSError as error:
        raise no_place(path or Path(), error) from error


def find_room(path: Path) -> None:
    """Find out whether a store could be made or written, leaving nothing behind; else StorageError ``store-place``."""
    try:
        if path.exists():
            _require(path, os.W_OK)
        folder = next(above for above in path.absolute().parents if above.exists())
        # What may be written where is known for sure only by doing it: root may write anywhere, but not into /proc.
        with tempfile.TemporaryDirectory(prefix=".autodigest-", dir=folder):
            pass
    except OSError as error:
        raise no_place(path, error) from error


def no_place(path: Path, error: OSError) -> StorageError:
    """Say that a store cannot be here, and what the system says about it."""
    return StorageError("store-place", path=str(path), reason=error)


def _require(path: Path, right: int) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(path, right):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
