"""A group becomes a supergroup that wrote to us first: two chats become one."""

from __future__ import annotations

from feeds.issue import Chat, OutboxState
from storage import Storage
from storage.transitions import Departure
from tests.storage.samples import MINUTE, NOW, active_chat, issue

GROUP, SUPERGROUP = -7, -1_000_000_000_007


async def send(store: Storage, chat: Chat, slot: str) -> None:
    await store.outbox.commit_issues([issue(chat, slot)], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=7, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)


async def test_what_the_supergroup_got_does_not_come_again_for_the_group(store: Storage) -> None:
    group, supergroup = await active_chat(store, GROUP), await active_chat(store, SUPERGROUP)
    await send(store, supergroup, "morning")
    await store.outbox.commit_issues([issue(group, "morning")], now=NOW)
    await store.chats.migrate(GROUP, SUPERGROUP)
    assert await store.outbox.claim(now=NOW, limit=9, lease=MINUTE, owner="me") == []
    assert (await store.outbox.counts())[OutboxState.SENT] == 1


async def test_what_the_supergroup_got_is_known_to_stand_there(store: Storage) -> None:
    await active_chat(store, GROUP)
    await send(store, await active_chat(store, SUPERGROUP), "morning")
    await store.chats.migrate(GROUP, SUPERGROUP)
    assert await store.outbox.is_ours(SUPERGROUP, 7)
    assert await store.outbox.newest_message_ids() == {SUPERGROUP: 7}


async def test_what_is_in_doubt_in_the_supergroup_is_looked_for_there(store: Storage) -> None:
    await active_chat(store, GROUP)
    await store.outbox.commit_issues([issue(await active_chat(store, SUPERGROUP))], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.depart([Departure(id=parcel.id, part=0, after_id=3)], owner="me", now=NOW)
    await store.outbox.take_over(now=NOW)
    await store.chats.migrate(GROUP, SUPERGROUP)
    [doubt] = await store.outbox.doubts()
    assert doubt.after_id == 3
