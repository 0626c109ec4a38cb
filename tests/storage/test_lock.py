"""The lock on a store that is in use: whoever has lost it learns of that."""

from __future__ import annotations

import asyncio

import pytest

from feeds.errors import FatalError
from storage import Storage, open_storage
from tests.storage.conftest import cut_off
from tests.storage.samples import new_chat


async def test_a_store_that_is_held_says_nothing(store: Storage) -> None:
    for _ in range(2):
        await store.ensure_held()


async def test_a_store_in_memory_cannot_be_lost() -> None:
    async with await open_storage(":memory:") as store:
        await store.ensure_held()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_whoever_lost_a_server_learns_that_another_may_have_it(url: str) -> None:
    async with await open_storage(url) as store:
        await cut_off(store)
        await new_chat(store)  # all other connections are well
        for _ in range(2):
            with pytest.raises(FatalError) as caught:
                await store.ensure_held()
            assert caught.value.key == "store-lost"
        async with asyncio.timeout(30), await open_storage(url) as other:
            await other.ensure_held()
            with pytest.raises(FatalError):
                await store.ensure_held()
