from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from feeds.errors import StorageError
from feeds.issue import OutboxState, Parcel
from storage import Storage
from storage.digests import Shelf
from storage.tables import digest_stories, digests
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, active_chat, asked, digest, issue


async def claim(store: Storage) -> list[Parcel]:
    return list(await store.outbox.claim(now=NOW, limit=99, lease=MINUTE, owner="me"))


async def written(store: Storage) -> int:
    async with store._database.transaction() as connection:
        return await connection.scalar(select(func.count()).select_from(digests)) or 0


async def test_who_gets_the_same_shares_one_digest(store: Storage) -> None:
    same = digest((1, 2))
    chats = [await active_chat(store, 100 + number) for number in range(4)]
    await store.outbox.commit_issues([issue(chat, digest=same) for chat in chats[:2]], now=NOW)
    # Later, and another object that says the same.
    await store.outbox.commit_issues([issue(chats[2], digest=digest((1, 2)))], now=NOW + MINUTE)
    await store.outbox.commit_issues([issue(chats[3], digest=digest((1, 3)))], now=NOW + MINUTE)
    parcels = await claim(store)
    assert [parcel.digest for parcel in parcels] == [same, same, same, digest((1, 3))]
    assert await written(store) == 2
    assert parcels[0].digest is parcels[2].digest


async def test_a_digest_is_read_anew_by_the_next_process(store: Storage) -> None:
    await store.outbox.commit_issues([issue(await active_chat(store), digest=digest((5,)))], now=NOW)
    async with store._database.transaction() as connection:
        ids = list(await connection.scalars(select(digests.c.id)))
        assert await Shelf().read(connection, ids) == {ids[0]: digest((5,))}


async def test_what_was_undone_is_written_again(store: Storage) -> None:
    made, shelf = digest((1,)), Shelf()

    async def fail() -> None:
        async with store._database.transaction() as connection:
            await shelf.keep(connection, [made], now=NOW)
            await connection.execute(text("NONSENSE"))

    with pytest.raises(StorageError):
        await fail()
    async with store._database.transaction() as connection:
        await shelf.keep(connection, [digest((2,))], now=NOW)
        ids = await shelf.keep(connection, [made], now=NOW)
    async with store._database.transaction() as connection:
        assert await shelf.read(connection, ids.values()) == {ids[id(made)]: made}


async def test_more_digests_than_are_kept_at_hand_come_back_right(store: Storage) -> None:
    shelf = Shelf()
    shelf.KEPT = 3
    made = [digest((number,)) for number in range(1, 9)]
    async with store._database.transaction() as connection:
        ids = await shelf.keep(connection, made, now=NOW)
    async with store._database.transaction() as connection:
        for wanted in (made, made[2:4], made[::-1]):
            found = await shelf.read(connection, [ids[id(one)] for one in wanted])
            assert found == {ids[id(one)]: one for one in wanted}


async def test_a_digest_is_forgotten_with_the_last_issue_that_has_it(store: Storage) -> None:
    chat = await active_chat(store)
    await store.outbox.commit_issues([issue(chat), asked(chat, digest=digest((2,)))], now=NOW)
    [first] = await claim(store)
    await store.outbox.settle(first.id, owner="me", state=OutboxState.SENT, now=NOW)
    [second] = await claim(store)
    await store.outbox.prune(NOW + HOUR)
    assert await written(store) == 1
    await store.outbox.settle(second.id, owner="me", state=OutboxState.SENT, now=NOW + HOUR)
    await store.outbox.prune(NOW + DAY)
    assert await written(store) == 0
    async with store._database.transaction() as connection:
        assert list(await connection.execute(select(digest_stories))) == []
