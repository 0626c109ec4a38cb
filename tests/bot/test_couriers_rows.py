"""Rows that a courier had claimed when its store failed, over a real outbox."""

from __future__ import annotations

import asyncio

import pytest

from bot.limits import Limits
from feeds.errors import StorageError
from feeds.issue import OutboxState
from storage import Storage
from tests.bot.post import Post, refusing
from tests.samples import StillClock


@pytest.fixture
def post(store: Storage, clock: StillClock) -> Post:
    return Post(store, clock)


async def test_what_could_not_be_given_back_is_taken_up_by_the_very_same_courier(post: Post) -> None:
    post.courier._limits.pause(1, 9)
    await post.put(await post.chat(1), "один")
    task = asyncio.create_task(post.courier.run())
    await post.until(claimed=1)
    async with refusing(post.store, OutboxState.PENDING):
        task.cancel()
        with pytest.raises(StorageError):
            await task
    post.courier._limits = Limits(overall=100_000, each=100_000)
    async with post.open():
        await post.until(sent=1)
