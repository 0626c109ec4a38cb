"""Stores to copy: what is laid first is made, with its migrations and all, and what is laid later is a copy of that.

Making a store takes longer than many a test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path
from typing import TypeVar

from storage import Storage, open_storage

T = TypeVar("T")

_made: dict[Hashable, tuple[bytes, object]] = {}


async def lay_store(path: Path) -> None:
    """Put an empty store where there is none."""
    await lay_filled_store(path, "", _nothing)


async def lay_filled_store(path: Path, name: Hashable, fill: Callable[[Storage], Awaitable[T]]) -> T:
    """Put a store where there is none, or an empty one, filled as all of this name are; what ``fill`` returned."""
    if name in _made:
        content, result = _made[name]
        await asyncio.to_thread(path.write_bytes, content)
        return result  # type: ignore[return-value]
    async with await open_storage(str(path)) as store:
        filled = await fill(store)
    _made[name] = (await asyncio.to_thread(path.read_bytes), filled)
    return filled


async def _nothing(_store: Storage) -> None:
    pass
