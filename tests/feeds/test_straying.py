"""Schedules over a real store, planned by a clock that was wrong."""

from __future__ import annotations

from datetime import timedelta

from feeds.issue import ChatKind
from feeds.straying import reschedule_astray
from storage import Storage
from tests.samples import NOW

DAY = timedelta(days=1)


async def test_what_is_years_off_is_planned_anew_and_what_is_near_stays(store: Storage) -> None:
    planned = {1: NOW + DAY, 2: NOW + 1500 * DAY, 3: NOW - DAY, 4: NOW + 900 * DAY}
    for number, moment in planned.items():
        chat = await store.chats.ensure(
            number, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
        )
        await store.chats.schedule(chat.id, times=[19 * 60], zone="Europe/Moscow", next_at=moment)
    assert await reschedule_astray(store.chats, store.outbox, now=NOW, limit=1) == 2
    found = [await store.chats.by_telegram_id(number) for number in planned]
    evening = NOW + timedelta(hours=11)
    assert [chat and chat.next_at for chat in found] == [NOW + DAY, evening, NOW - DAY, evening]
    assert await reschedule_astray(store.chats, store.outbox, now=NOW) == 0
