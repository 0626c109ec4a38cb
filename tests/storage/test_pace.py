from __future__ import annotations

import asyncio
from datetime import timedelta

from feeds.issue import ChatKind, OutboxState
from storage import Storage
from storage.pace import left
from tests.storage.samples import HOUR, MINUTE, NOW, SECOND, active_chat, issue, new_chat


async def test_stretches_follow_each_other_whoever_takes_them(store: Storage) -> None:
    starts = await asyncio.gather(*(store.pace.take("all", span=SECOND, now=NOW) for _ in range(4)))
    assert sorted(starts) == [n * SECOND for n in range(4)]
    assert await store.pace.take("all", span=SECOND, now=NOW + 2 * SECOND) == 2 * SECOND


async def test_idle_time_is_not_saved_up(store: Storage) -> None:
    await store.pace.take("all", span=SECOND, now=NOW)
    assert await store.pace.take("all", span=SECOND, now=NOW + HOUR) == timedelta(0)
    assert await store.pace.take("all", span=SECOND, now=NOW + HOUR) == SECOND


async def test_rates_do_not_touch_each_other(store: Storage) -> None:
    await store.pace.take("all", span=MINUTE, now=NOW)
    assert await store.pace.take("other", span=MINUTE, now=NOW) == timedelta(0)


async def test_a_clock_that_was_set_back_costs_no_more_than_the_stretch(store: Storage) -> None:
    await store.pace.take("all", span=SECOND, now=NOW)
    assert await store.pace.take("all", span=SECOND, now=NOW - HOUR) == SECOND
    assert await store.pace.take("all", span=SECOND, now=NOW - HOUR) == 2 * SECOND


async def test_pauses_outlive_the_process_and_end(store: Storage) -> None:
    await store.pace.pause({"pause:7": HOUR, "pause:8": SECOND}, now=NOW)
    await store.pace.pause({"pause:8": MINUTE}, now=NOW)
    assert await store.pace.pauses(now=NOW + SECOND) == {"pause:7": HOUR - SECOND, "pause:8": MINUTE - SECOND}
    assert await store.pace.pauses(now=NOW + MINUTE) == {"pause:7": HOUR - MINUTE}
    assert await store.pace.pauses(now=NOW + HOUR) == {}


async def test_what_channels_got_in_the_last_minute_is_known(store: Storage) -> None:
    channel = await new_chat(store, -100, ChatKind.CHANNEL)
    person = await active_chat(store, 5)
    await store.outbox.commit_issues([issue(channel), issue(person)], now=NOW)
    for parcel in await store.outbox.claim(now=NOW, limit=9, lease=HOUR, owner="me"):
        for part in range(2):
            at = NOW + part * MINUTE
            await store.outbox.mark_sending(parcel.id, part=part, owner="me", now=at)
            await store.outbox.record_part(parcel.id, part=part, message_id=part + 1, owner="me", now=at)
    found = await store.pace.partings(since=NOW - SECOND)
    assert [(one.telegram_id, one.at) for one in found] == [(-100, NOW), (-100, NOW + MINUTE)]
    assert len(await store.pace.partings(since=NOW + SECOND)) == 1


async def test_what_is_settled_counts_too(store: Storage) -> None:
    channel = await new_chat(store, -100, ChatKind.CHANNEL)
    await store.outbox.commit_issues([issue(channel)], now=NOW)
    (parcel,) = await store.outbox.claim(now=NOW, limit=9, lease=HOUR, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=1, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    assert len(await store.pace.partings(since=NOW)) == 1
    assert await store.pace.partings(since=NOW + SECOND) == []


def test_what_is_left_of_a_stretch_is_never_negative_nor_longer_than_it_was() -> None:
    assert left(NOW, NOW + MINUTE, now=NOW + SECOND) == MINUTE - SECOND
    assert left(NOW, NOW + MINUTE, now=NOW + HOUR) == timedelta(0)
    assert left(NOW, NOW + MINUTE, now=NOW - HOUR) == MINUTE
