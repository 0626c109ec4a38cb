"""A task that is cancelled leaves the store usable at once, whatever it was doing."""

from __future__ import annotations

import asyncio
import random

import pytest

from feeds.issue import ChatKind
from storage import Storage
from tests.storage.samples import NOW
from tests.waiting import PATIENCE


async def ensure(store: Storage, number: int) -> None:
    await store.chats.ensure(number, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="UTC", now=NOW)


async def test_tasks_cancelled_at_any_moment_leave_no_lock_behind(store: Storage) -> None:
    dice = random.Random(7)
    for round_ in range(60):
        tasks = [asyncio.create_task(ensure(store, round_ * 10 + n)) for n in range(6)]
        await asyncio.sleep(dice.random() * 0.01)
        for task in tasks:
            task.cancel()
        for task in dice.sample(tasks, 3):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(PATIENCE):
        await ensure(store, 10_000)


async def test_what_was_committed_when_the_cancellation_came_is_there(store: Storage) -> None:
    task = asyncio.create_task(ensure(store, 1))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ensure(store, 1)
    found = await store.chats.by_telegram_id(1)
    assert found is not None
