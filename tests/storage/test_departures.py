"""Rows that are about to be sent when their chat changes its mind."""

from __future__ import annotations

import pytest

from feeds.issue import Chat, OutboxState, Parcel, PauseReason
from storage import Storage
from storage.transitions import Departure
from tests.storage.samples import DAY, MINUTE, NOW, active_chat, asked, issue


async def claim(store: Storage) -> Parcel:
    [parcel] = await store.outbox.claim(now=NOW, limit=9, lease=MINUTE, owner="me")
    return parcel


async def depart(store: Storage, parcel: Parcel, part: int = 0) -> bool:
    [going] = await store.outbox.depart([Departure(id=parcel.id, part=part)], owner="me", now=NOW)
    return going


async def states(store: Storage) -> dict[OutboxState, int]:
    return {state: number for state, number in (await store.outbox.counts()).items() if number}


async def close(store: Storage, chat: Chat, how: str) -> None:
    if how == "stopped":
        await store.chats.stop(chat.id)
    else:
        await store.chats.pause(chat.id, PauseReason.NO_RIGHT)


@pytest.mark.parametrize("how", ["stopped", "paused"])
async def test_who_stops_while_an_issue_waits_for_its_turn_gets_it_when_they_are_back(store: Storage, how: str) -> None:
    chat, other = await active_chat(store), await active_chat(store, 101)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    parcel = await claim(store)
    await store.outbox.commit_issues([issue(other)], now=NOW)
    near = await claim(store)
    await close(store, chat, how)
    both = [Departure(id=parcel.id, part=0), Departure(id=near.id, part=0)]
    assert await store.outbox.depart(both, owner="me", now=NOW) == [False, True]
    assert await states(store) == {OutboxState.PENDING: 1, OutboxState.SENDING: 1}
    await store.chats.resume(chat.id, next_at=NOW + DAY)
    assert (await claim(store)).id == parcel.id


async def test_what_somebody_who_stopped_asked_for_is_sent(store: Storage) -> None:
    chat = await active_chat(store)
    await store.chats.stop(chat.id)
    await store.outbox.commit_issues([asked(chat)], now=NOW)
    assert await depart(store, await claim(store))


async def test_an_issue_that_has_begun_to_arrive_comes_whole(store: Storage) -> None:
    chat = await active_chat(store)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    parcel = await claim(store)
    assert await depart(store, parcel)
    await store.outbox.record_part(parcel.id, part=0, message_id=7, owner="me", now=NOW)
    await store.chats.stop(chat.id)
    assert await depart(store, parcel, part=1)


async def test_a_row_that_is_somebody_elses_is_left_alone(store: Storage) -> None:
    chat = await active_chat(store)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    parcel = await claim(store)
    await store.chats.stop(chat.id)
    departure = Departure(id=parcel.id, part=0)
    assert await store.outbox.depart([departure], owner="another", now=NOW) == [False]
    assert await states(store) == {OutboxState.CLAIMED: 1}
