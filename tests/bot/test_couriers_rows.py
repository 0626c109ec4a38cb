"""Rows that a courier had claimed when its store failed, over a real outbox."""

from __future__ import annotations

import pytest

from bot.limits import Limits
from storage import Storage
from tests.bot.post import Post
from tests.samples import StillClock


@pytest.fixture
def post(store: Storage, clock: StillClock) -> Post:
    return Post(store, clock)


async def test_what_could_not_be_given_back_is_taken_up_by_the_very_same_courier(post: Post) -> None:
    await post.end_spoilt()
    post.courier._limits = Limits(overall=100_000, each=100_000)
    async with post.open():
        await post.until(sent=1)
