"""Schedules over a real store, planned by a clock that was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds.issue import Chat, ChatKind, ChatState
from feeds.schedule import planned
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


async def test_a_weekly_issue_and_a_pause_are_no_straying(store: Storage) -> None:
    def weekly(chat: Chat) -> Chat:
        settings = replace(chat.settings, weekly=5 * 24 * 60)
        return planned(replace(chat, state=ChatState.ACTIVE, settings=settings), now=NOW)

    def paused(chat: Chat) -> Chat:
        return planned(replace(chat, times=(480,), state=ChatState.ACTIVE, paused_until=NOW + 40 * DAY), now=NOW)

    for number, change in enumerate((weekly, paused), 1):
        chat = await store.chats.ensure(
            number, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
        )
        planned_for = (await store.chats.replan(chat.id, change)).next_at
        assert planned_for is not None
        assert planned_for > NOW + 5 * DAY
    assert await reschedule_astray(store.chats, store.outbox, now=NOW, limit=1) == 0
