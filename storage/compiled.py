"""Statements that were compiled for one store, for all stores of its kind in this process.

SQLAlchemy keeps them for each engine alone. A store is opened with one engine and used with another, and whoever opens
many stores one after the other would compile everything anew each time: longer than most statements take.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.util import LRUCache

_MOST: Final = 2_000


class Compiled(LRUCache[Any, Any]):
    """SQLAlchemy's own cache, but that the first part of a key is the kind of database, and not an engine's dialect."""

    def __init__(self) -> None:
        super().__init__(_MOST)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_kind(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)


def _of_kind(key: Any) -> Any:
    dialect, *statement = key
    return dialect.name, *statement
