"""The week's issue, the one after a pause and Monday's, over a real store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feeds.chatsettings import ChatSettings
from feeds.composer import Composer
from feeds.issue import Chat, ChatState, DigestKind
from feeds.occasion import DAILY, WEEKLY, Occasion, by_occasion, occasion
from feeds.schedule import WORKDAYS, planned
from feeds.topics import Catalogue
from storage import Storage
from tests.feeds.test_publish import Desk, headlines
from tests.samples import HOUR, NOW, StillClock, chat, stored, story

DAY = timedelta(days=1)
SUNDAY_AT_EIGHT = 6 * 24 * 60 + 8 * 60
MORNING = 8 * 60


@pytest.fixture
def desk(store: Storage, catalogue: Catalogue, clock: StillClock) -> Desk:
    return Desk(store, catalogue, clock)


async def plan(desk: Desk, reader: Chat, change: Callable[[Chat], Chat]) -> Chat:
    return await desk.store.chats.replan(reader.id, lambda now: planned(change(now), now=desk.clock()))


def weekly(reader: Chat) -> Chat:
    return replace(reader, times=(), settings=replace(reader.settings, weekly=SUNDAY_AT_EIGHT))


def days_ago(number: float) -> datetime:
    return NOW - number * DAY


async def test_the_weeks_issue_looks_back_a_week_and_tells_more(desk: Desk) -> None:
    for number in range(20):
        await desk.write(f"{number}", published_at=NOW - number * 0.34 * DAY)
    await desk.write("old", published_at=NOW - 8 * DAY)
    reader = await desk.reader()
    desk.clock.now = NOW - timedelta(seconds=1)
    planned_for = (await plan(desk, reader, weekly)).next_at
    desk.clock.now = NOW
    assert planned_for == NOW
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    assert (parcel.digest.kind, parcel.digest.hours) == (DigestKind.WEEKLY, 7 * 24)
    assert len(parcel.digest.stories) == WEEKLY.size == 12
    assert "Новость old" not in headlines(parcel.digest)
    assert parcel.digest.next_at == NOW + 7 * DAY


def test_what_many_told_on_monday_still_leads_on_sunday() -> None:
    many = [stored(name, source=name, published_at=days_ago(6)) for name in ("Колесо", "Руль", "Гараж", "Мотор")]
    told = [story(1, *many), story(2, published_at=NOW - HOUR)]
    for window, kind, first in ((WEEKLY.window, DigestKind.WEEKLY, 1), (7 * DAY, DigestKind.ASKED, 2)):
        composer = Composer(told, own={}, themes=(), languages=frozenset({"ru"}), now=NOW, window=window)
        digest = composer.compose(chat(), frozenset(), kind=kind)
        assert digest is not None
        assert digest.stories[0].story_id == first


async def test_the_first_issue_after_a_pause_has_the_whole_pause_and_says_how_much_it_was(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish.publish_due()
    desk.clock.now = NOW + HOUR
    await plan(desk, reader, lambda now: replace(now, paused_until=NOW + 3 * DAY))
    for number in range(12):
        desk.clock.now = NOW + timedelta(hours=2 + 5 * number)
        await desk.write(f"{number}")
        assert await desk.publish.publish_due() == 0
    desk.clock.now = NOW + 3 * DAY
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    digest = parcel.digest
    assert (digest.kind, digest.missed_stories, len(digest.stories)) == (DigestKind.CATCH_UP, 12, 7)
    assert parcel.due_at == NOW + 3 * DAY
    desk.clock.now = NOW + 4 * DAY
    await desk.write("next day")
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    assert (parcel.digest.kind, headlines(parcel.digest)) == (DigestKind.SCHEDULED, ["Новость next day"])


async def test_nothing_new_after_a_pause_is_no_issue(desk: Desk) -> None:
    reader = await desk.reader()
    await plan(desk, reader, lambda now: replace(now, paused_until=NOW + 3 * DAY))
    desk.clock.now = NOW + 3 * DAY
    assert await desk.publish.publish_due() == 0
    assert (await desk.store.chats.get(reader.id)).next_at == NOW + 4 * DAY


async def test_a_pause_ended_early_still_is_caught_up(desk: Desk) -> None:
    reader = await desk.reader()
    await plan(desk, reader, lambda now: replace(now, paused_until=NOW + 7 * DAY))
    desk.clock.now = NOW + 30 * HOUR
    await desk.write("in the pause", published_at=NOW + 10 * HOUR)
    await plan(desk, reader, lambda now: replace(now, paused_until=desk.clock()))
    desk.clock.now = NOW + 2 * DAY
    await desk.publish.publish_due()
    [parcel] = await desk.parcels()
    assert (parcel.digest.kind, headlines(parcel.digest)) == (DigestKind.CATCH_UP, ["Новость in the pause"])


async def test_mondays_issue_has_the_weekends_news(desk: Desk) -> None:
    reader = await desk.reader()
    desk.clock.now = NOW + 5 * DAY  # a Friday
    await plan(desk, reader, lambda now: replace(now, settings=replace(now.settings, weekdays=WORKDAYS)))
    desk.clock.now = NOW + 6 * DAY
    await desk.write("on Saturday")
    assert await desk.publish.publish_due() == 0
    desk.clock.now = NOW + 8 * DAY
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    assert headlines(parcel.digest) == ["Новость on Saturday"]


async def test_readers_of_one_minute_each_get_what_is_due_to_them(desk: Desk) -> None:
    await desk.write("today")
    await desk.write("on Thursday", published_at=days_ago(3))
    desk.clock.now = NOW - HOUR
    week = await desk.reader(1)
    await plan(desk, week, weekly)
    desk.clock.now = NOW
    day = await desk.reader(2)
    assert await desk.publish.publish_due() == 2
    found = {parcel.chat.id: headlines(parcel.digest) for parcel in await desk.parcels()}
    assert found == {week.id: ["Новость on Thursday", "Новость today"], day.id: ["Новость today"]}


def test_a_pause_that_took_nothing_away_is_no_occasion() -> None:
    reader = chat(
        times=(MORNING,), state=ChatState.ACTIVE, issued_at=days_ago(1), paused_until=days_ago(0.5), next_at=NOW
    )
    assert occasion(reader, now=NOW) == DAILY
    assert occasion(replace(reader, issued_at=days_ago(1.5)), now=NOW) == Occasion(
        kind=DigestKind.CATCH_UP, window=2 * DAY
    )


def test_a_long_pause_is_caught_up_by_a_week() -> None:
    reader = chat(times=(MORNING,), issued_at=days_ago(40), paused_until=days_ago(0), next_at=NOW)
    assert occasion(reader, now=NOW).window == 7 * DAY


def test_a_weekly_issue_that_an_outage_held_back_still_is_the_weeks() -> None:
    settings = ChatSettings(weekly=SUNDAY_AT_EIGHT)
    reader = chat(times=(MORNING,), settings=settings, issued_at=days_ago(2), next_at=days_ago(1))
    assert occasion(reader, now=NOW + HOUR) == WEEKLY
    assert occasion(reader, now=NOW - HOUR) == DAILY


def test_chats_are_put_together_by_what_is_due() -> None:
    readers = [
        chat(id=number, times=(MORNING,), next_at=NOW, settings=settings)
        for number, settings in enumerate((ChatSettings(), ChatSettings(weekly=SUNDAY_AT_EIGHT), ChatSettings()))
    ]
    found = {what.kind: [one.id for one in group] for what, group in by_occasion(readers, now=NOW)}
    assert found == {DigestKind.SCHEDULED: [0, 2], DigestKind.WEEKLY: [1]}
