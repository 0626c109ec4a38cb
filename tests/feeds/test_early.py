"""Issues that go before their time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from feeds.chatsettings import ChatSettings
from feeds.issue import DigestKind
from feeds.schedule import Rhythm, next_issue
from feeds.topics import Catalogue
from storage import Storage
from tests.feeds.test_occasion import SUNDAY_AT_EIGHT
from tests.feeds.test_publish import DAY, Desk, headlines
from tests.samples import NOW, StillClock


@pytest.fixture
def desk(store: Storage, catalogue: Catalogue, clock: StillClock) -> Desk:
    return Desk(store, catalogue, clock)


async def test_an_early_issue_leaves_the_schedule_alone_and_each_in_a_minute_has_what_is_new(desk: Desk) -> None:
    chat = await desk.reader()
    later = NOW + 3 * DAY
    await desk.store.chats.replan(chat.id, lambda old: replace(old, next_at=later))
    for key in "ab":
        await desk.write(key)
        assert await desk.publish.publish_early(await desk.store.chats.get(chat.id)) == 1
        assert await desk.publish.publish_early(await desk.store.chats.get(chat.id)) == 0
        [parcel] = await desk.parcels()
        assert (headlines(parcel.digest), parcel.digest.next_at) == ([f"Новость {key}"], later)
    left = await desk.store.chats.get(chat.id)
    assert (left.next_at, left.issued_at) == (later, NOW)


async def test_an_early_issue_asked_for_by_two_at_once_is_one(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    asked = await asyncio.gather(desk.publish.publish_early(chat), desk.publish.publish_early(chat))
    assert sorted(asked) == [0, 1]


async def test_let_go_early_the_weeks_issue_is_still_the_weeks(desk: Desk) -> None:
    chat = await desk.reader(times=())
    weekly = next_issue(Rhythm(weekly=SUNDAY_AT_EIGHT), after=NOW)
    settings = ChatSettings(weekly=SUNDAY_AT_EIGHT)
    await desk.store.chats.replan(chat.id, lambda old: replace(old, next_at=weekly, settings=settings))
    await desk.write("a", published_at=NOW - 5 * DAY)
    assert await desk.publish.publish_early(await desk.store.chats.get(chat.id)) == 1
    [parcel] = await desk.parcels()
    assert (parcel.digest.kind, headlines(parcel.digest)) == (DigestKind.WEEKLY, ["Новость a"])
