"""Waiting for what a test is about: never for a time, and patiently, since a loaded machine is slow and not wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar, overload

import pytest

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds to wait for anything; whatever is right comes in a fraction of one, unless the machine is overloaded."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.02


@overload
async def until(find: Callable[[], Awaitable[T | None]], what: object, *, seconds: float = ...) -> T: ...
@overload
async def until(find: Callable[[], T | None], what: object, *, seconds: float = ...) -> T: ...
async def until(find: Callable[[], Any], what: object, *, seconds: float = PATIENCE) -> Any:
    """Wait until ``find`` finds something true; fail with ``what`` was waited for."""
    deadline = asyncio.get_running_loop().time() + seconds
    pause = _FIRST_PAUSE
    while asyncio.get_running_loop().time() < deadline:
        found = find()
        if isawaitable(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    pytest.fail(f"waited in vain for {what() if callable(what) else what}")
