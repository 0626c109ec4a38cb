"""Single stories over a real store: who gets which, and that nobody gets one twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from feeds.atonce import AtOnce, Reach
from feeds.chatsettings import ChatSettings, Hidden, HiddenKind, Thread
from feeds.issue import Chat, ChatId, ChatKind, DigestKind, Instant, OutboxState, Parcel, PauseReason, Priority
from feeds.model import Source, SourceSpec, StoryDraft, StoryId
from feeds.polls import PollState
from feeds.press import Press
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage
from tests.samples import HOUR, StillClock, item

MINUTE = timedelta(minutes=1)
SLEEPLESS = ChatSettings(quiet=None)


class Wire:
    """What becomes known, and who wants to know it at once."""

    def __init__(self, store: Storage, catalogue: Catalogue, clock: StillClock) -> None:
        self.store, self.clock, self.catalogue = store, clock, catalogue
        self._sources: dict[str, Source] = {}
        self.publish = Publish(
            news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock
        )
        self.at_once = self.restarted()

    def restarted(self) -> AtOnce:
        press = Press(news=self.store.news, catalogue=self.catalogue, clock=self.clock)
        return AtOnce(press=press, chats=self.store.chats, issues=self.store.outbox, marks=self.store.marks)

    async def tell(
        self, key: str, *, source: str = "Колесо", to: StoryId | None = None, topics: Sequence[str] = (), **changes: Any
    ) -> StoryId:
        """Let a source tell a story this very minute."""
        lang = changes.get("lang", "ru")
        if source not in self._sources:
            spec = SourceSpec(name=source, url=f"https://{len(self._sources)}.example/rss", lang=lang)
            self._sources[source] = await self.store.news.add_source(spec, now=self.clock())
        teller, now = self._sources[source], self.clock()
        values = {"source_id": teller.id, "published_at": now, "text": f"{source}: {key}"} | changes
        draft = StoryDraft(story_id=to, items=(item(f"{source} {key}", **values),), topics=tuple(topics))
        fingerprint = self.catalogue.fingerprint
        await self.store.news.commit_poll(
            teller.id, PollState(next_at=now), drafts=[draft], fingerprint=fingerprint, now=now
        )
        stories = await self.store.news.recent_stories(since=now - 12 * HOUR)
        return to or max(story.id for story in stories)

    async def by_many(self, key: str, number: int = 6, **changes: Any) -> StoryId:
        """Let many sources tell one story."""
        story = await self.tell(key, **changes)
        for n in range(1, number):
            await self.tell(key, source=f"Газета {n}", to=story, **changes)
        return story

    async def chat(
        self,
        number: int = 1,
        instant: Instant = Instant.EVERY,
        *,
        kind: ChatKind = ChatKind.CHANNEL,
        times: Sequence[int] = (),
        **settings: Any,
    ) -> Chat:
        """A chat that switched it on a minute ago."""
        store, now = self.store.chats, self.clock()
        chat = await store.ensure(number, kind=kind, lang="ru", reads=["ru"], zone="Europe/Moscow", now=now)
        chat = await store.schedule(chat.id, times=times, zone=chat.zone, next_at=now + HOUR if times else None)
        await store.configure(chat.id, lambda _: replace(SLEEPLESS, **settings))
        await store.send_instantly(chat.id, instant)
        await self.at_once.publish()
        self.clock.advance(MINUTE)
        return await store.get(chat.id)

    async def parcels(self) -> list[Parcel]:
        """Take what waits until nothing does, and call it sent."""
        taken: list[Parcel] = []
        while claimed := await self.store.outbox.claim(now=self.clock(), limit=100, lease=HOUR, owner="test"):
            for parcel in claimed:
                await self.store.outbox.settle(parcel.id, owner="test", state=OutboxState.SENT, now=self.clock())
            taken += claimed
        return taken

    async def sent(self) -> list[tuple[ChatId, DigestKind, list[StoryId]]]:
        """Send what goes at once, and say who got what."""
        await self.at_once.publish()
        return [
            (parcel.chat.id, parcel.digest.kind, [story.story_id for story in parcel.digest.stories])
            for parcel in await self.parcels()
        ]


@pytest.fixture
def wire(store: Storage, catalogue: Catalogue, clock: StillClock) -> Wire:
    clock.advance(4 * HOUR)
    return Wire(store, catalogue, clock)


async def test_a_channel_gets_each_story_as_it_becomes_known_once(wire: Wire) -> None:
    channel = await wire.chat()
    story = await wire.tell("a")
    assert await wire.sent() == [(channel.id, DigestKind.INSTANT, [story])]
    assert await wire.sent() == []
    other = await wire.tell("b")
    assert await wire.sent() == [(channel.id, DigestKind.INSTANT, [other])]


async def test_what_was_known_when_it_was_switched_on_does_not_come(wire: Wire) -> None:
    await wire.tell("before")
    wire.clock.advance(MINUTE)
    await wire.chat()
    assert await wire.sent() == []


async def test_switching_it_off_and_on_begins_anew(wire: Wire) -> None:
    channel = await wire.chat()
    await wire.store.chats.send_instantly(channel.id, Instant.OFF)
    await wire.tell("between")
    wire.clock.advance(MINUTE)
    await wire.store.chats.send_instantly(channel.id, Instant.EVERY)
    assert await wire.sent() == []


async def test_a_restart_repeats_nothing(wire: Wire) -> None:
    await wire.chat()
    await wire.tell("a")
    assert len(await wire.sent()) == 1
    wire.at_once = wire.restarted()
    assert await wire.sent() == []


async def test_no_issue_tells_again_what_went_at_once(wire: Wire) -> None:
    await wire.chat(times=(12 * 60,))
    gone = await wire.tell("gone")
    assert len(await wire.sent()) == 1
    wire.clock.advance(HOUR)
    fresh = await wire.tell("fresh", published_at=wire.clock() - 7 * HOUR)
    assert await wire.sent() == []
    await wire.publish.publish_due()
    [parcel] = await wire.parcels()
    assert [story.story_id for story in parcel.digest.stories] == [fresh]
    assert gone != fresh


async def test_only_breaking_news_goes_to_subscribers_who_want_that(wire: Wire) -> None:
    reader = await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.tell("small")
    assert await wire.sent() == []
    great = await wire.by_many("great")
    assert await wire.sent() == [(reader.id, DigestKind.BREAKING, [great])]


async def test_breaking_news_goes_before_what_is_scheduled_and_a_channels_posts_do_not(wire: Wire) -> None:
    await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.chat(8, Instant.EVERY)
    await wire.tell("small")
    await wire.by_many("great")
    await wire.at_once.publish()
    parcels = {(one.chat.telegram_id, one.digest.kind): one.priority for one in await wire.parcels()}
    assert parcels == {
        (7, DigestKind.BREAKING): Priority.BREAKING,
        (8, DigestKind.INSTANT): Priority.SCHEDULED,
        (8, DigestKind.BREAKING): Priority.BREAKING,
    }
    assert Priority.URGENT.rank < Priority.BREAKING.rank < Priority.SCHEDULED.rank < Priority.BULK.rank


async def test_two_a_day_are_enough(wire: Wire) -> None:
    await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    for key in "abc":
        await wire.by_many(key)
    assert len(await wire.sent()) == 2


async def test_an_editors_word_breaks_news_of_this_morning_when_its_time_has_come(wire: Wire) -> None:
    story = await wire.tell("morning", published_at=wire.clock() - 10 * HOUR)
    reader = await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.store.marks.break_news(story, at=wire.clock() + timedelta(seconds=10))
    assert await wire.sent() == []
    wire.clock.advance(MINUTE)
    assert await wire.sent() == [(reader.id, DigestKind.BREAKING, [story])]


async def test_thinking_again_in_time_sends_nothing(wire: Wire) -> None:
    story = await wire.tell("a")
    await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.store.marks.break_news(story, at=wire.clock() + timedelta(seconds=10))
    await wire.store.marks.calm(story)
    wire.clock.advance(MINUTE)
    assert await wire.sent() == []


async def test_the_same_in_another_language_is_no_second_alert(wire: Wire) -> None:
    reader = await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.store.chats.speak(reader.id, lang="ru", reads=["ru", "en"])
    here = await wire.by_many("here")
    assert len(await wire.sent()) == 1
    there = await wire.tell("there", source="Drive 0", lang="en")
    for n in range(1, 6):
        await wire.tell("there", source=f"Drive {n}", to=there, lang="en")
    await wire.store.news.link({(here, there): 0.9}, now=wire.clock())
    assert await wire.sent() == []


async def test_a_chats_own_choice_holds_for_what_goes_at_once(wire: Wire) -> None:
    picky = await wire.chat()
    await wire.store.chats.choose_topics(picky.id, frozenset({"law"}))
    hidden = Hidden(kind=HiddenKind.SOURCE, what="Сплетни")
    await wire.store.chats.configure(picky.id, lambda settings: replace(settings, hidden=(hidden,)))
    law = await wire.tell("law", topics=["law"])
    await wire.tell("ev", topics=["ev"])
    await wire.tell("rumour", source="Сплетни", topics=["law"])
    assert await wire.sent() == [(picky.id, DigestKind.INSTANT, [law])]


async def test_what_a_day_has_no_room_for_goes_into_the_next_issue(wire: Wire) -> None:
    await wire.chat(times=(13 * 60,), daily_cap=1)
    stories = {await wire.tell(key) for key in "abc"}
    [(_, _, [first])] = await wire.sent()
    wire.clock.advance(HOUR)
    await wire.publish.publish_due()
    [parcel] = await wire.parcels()
    assert {story.story_id for story in parcel.digest.stories} == stories - {first}


async def test_a_story_that_comes_to_matter_goes_when_it_does(wire: Wire) -> None:
    await wire.chat(least_importance=60)
    story = await wire.tell("a")
    assert await wire.sent() == []
    await wire.tell("a", source="Правовед", to=story)
    [(_, _, stories)] = await wire.sent()
    assert stories == [story]


async def test_what_was_taken_back_goes_to_nobody(wire: Wire) -> None:
    await wire.chat()
    story = await wire.tell("a")
    await wire.store.marks.retract(story, now=wire.clock())
    assert await wire.sent() == []


async def test_what_broke_while_a_chat_took_nothing_goes_once_it_is_looked_at_anew(wire: Wire) -> None:
    lost, other = await wire.chat(7, Instant.EVERY), await wire.chat(8, Instant.EVERY)
    before = await wire.tell("before")
    await wire.at_once.publish()
    await wire.store.chats.pause(lost.id, PauseReason.NO_RIGHT)
    wire.clock.advance(MINUTE)
    meanwhile = await wire.tell("meanwhile")
    await wire.at_once.publish()
    await wire.store.chats.resume(lost.id, next_at=wire.clock() + 24 * HOUR)
    await wire.at_once.publish()
    told = [before, meanwhile]
    assert await wire.store.chats.told([lost.id, other.id], told) == {lost.id: {before}, other.id: set(told)}
    wire.at_once.reconsider()
    assert await wire.at_once.publish() == 1
    assert await wire.store.chats.told([lost.id], told) == {lost.id: set(told)}


async def test_after_an_outage_nobody_gets_half_a_day_of_posts(wire: Wire) -> None:
    await wire.chat()
    await wire.tell("old", published_at=wire.clock() - 7 * HOUR)
    assert await wire.sent() == []


async def test_a_story_goes_to_the_thread_of_its_topic(wire: Wire) -> None:
    await wire.chat(threads=(Thread(topic="law", thread_id=5),), kind=ChatKind.SUPERGROUP)
    await wire.tell("a", topics=["law"])
    await wire.at_once.publish()
    assert [parcel.thread for parcel in await wire.parcels()] == [5]


async def test_it_can_be_said_beforehand_to_how_many_a_story_would_go(wire: Wire) -> None:
    await wire.chat(1, Instant.EVERY)
    await wire.chat(7, Instant.BREAKING, kind=ChatKind.PRIVATE)
    bored = await wire.chat(8, Instant.BREAKING, kind=ChatKind.PRIVATE)
    await wire.store.chats.choose_topics(bored.id, frozenset({"law"}))
    await wire.chat(9, Instant.OFF, kind=ChatKind.PRIVATE)
    story = await wire.store.news.story(await wire.tell("a"))
    assert story is not None
    assert await wire.at_once.reach(story) == Reach(people=1, channels=1)
