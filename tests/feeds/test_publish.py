"""Commit 2 over a real store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from feeds.issue import Chat, ChatKind, Digest, DigestKind, Issue, OutboxState, Parcel, Priority
from feeds.model import Source, SourceSpec, StoryDraft
from feeds.polls import PollState
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage
from storage.outbox import Outbox
from tests.samples import HOUR, NOW, StillClock, item

DAY = timedelta(days=1)
MORNING, EVENING = 8 * 60, 19 * 60


class Desk:
    """A publisher with its clock and store."""

    def __init__(self, store: Storage, catalogue: Catalogue, clock: StillClock) -> None:
        self.store, self.clock, self.catalogue = store, clock, catalogue
        self.publish = self.with_issues(store.outbox)
        self._sources: dict[str, Source] = {}

    def with_issues(self, outbox: Outbox) -> Publish:
        return Publish(
            news=self.store.news, chats=self.store.chats, issues=outbox, catalogue=self.catalogue, clock=self.clock
        )

    async def write(self, key: str, *, topics: Sequence[str] = (), lang: str = "ru", **changes: Any) -> None:
        """Store a story of one telling, an hour old unless ``published_at`` says otherwise."""
        if lang not in self._sources:
            spec = SourceSpec(name=f"Колесо {lang}", url=f"https://{lang}.example/rss", lang=lang)
            self._sources[lang] = await self.store.news.add_source(spec, now=self.clock())
        source = self._sources[lang]
        telling = item(key, **{"source_id": source.id, "lang": lang, "published_at": self.clock() - HOUR} | changes)
        draft = StoryDraft(story_id=None, items=(telling,), topics=tuple(topics))
        poll = PollState(next_at=self.clock() + DAY)
        await self.store.news.commit_poll(
            source.id, poll, drafts=[draft], fingerprint=self.catalogue.fingerprint, now=self.clock()
        )

    async def reader(self, number: int = 1, *, times: Sequence[int] = (MORNING,), **changes: Any) -> Chat:
        """A subscriber whose next issue is due now."""
        values: dict[str, Any] = {"kind": ChatKind.PRIVATE, "lang": "ru", "reads": ["ru"], "zone": "Europe/Moscow"}
        chat = await self.store.chats.ensure(number, now=self.clock(), **values | changes)
        return await self.store.chats.schedule(chat.id, times=times, zone=chat.zone, next_at=self.clock())

    async def parcels(self) -> list[Parcel]:
        """Take what waits, one for each chat, and call it sent."""
        owner = "test"
        claimed = await self.store.outbox.claim(now=self.clock(), limit=100, lease=HOUR, owner=owner)
        for parcel in claimed:
            await self.store.outbox.settle(parcel.id, owner=owner, state=OutboxState.SENT, now=self.clock())
        return list(claimed)

    async def asked(self, chat: Chat, slot: str = "ask:1", kind: DigestKind = DigestKind.ASKED) -> Digest | None:
        return await self.publish.publish_asked(chat, slot=slot, kind=kind)


@pytest.fixture
def desk(store: Storage, catalogue: Catalogue, clock: StillClock) -> Desk:
    return Desk(store, catalogue, clock)


def headlines(digest: Digest | None) -> list[str]:
    assert digest is not None
    return sorted(story.headline for story in digest.stories)


async def test_a_due_chat_gets_an_issue_and_its_next_time(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    assert headlines(parcel.digest) == ["Новость a"]
    assert (parcel.slot, parcel.due_at, parcel.priority) == ("2026-11-22T05:00Z", NOW, Priority.SCHEDULED)
    assert parcel.digest.next_at == NOW + DAY
    moved = await desk.store.chats.get(chat.id)
    assert (moved.next_at, moved.issued_at) == (NOW + DAY, NOW)


async def test_what_is_counted_is_what_an_issue_would_be_chosen_from(desk: Desk) -> None:
    chat = await desk.reader()
    for number in range(9):
        await desk.write(str(number))
    for left in (9, 2):
        assert await desk.publish.count_asked(chat) == left
        digest = await desk.asked(chat, f"ask:{left}")
        assert digest is not None
        assert len(digest.stories) + digest.left_over == left
    assert await desk.publish.count_asked(chat) == 0
    assert await desk.asked(chat, "ask:0") is None


async def test_nobody_due_nothing_done(desk: Desk) -> None:
    await desk.write("a")
    await desk.reader()
    await desk.publish.publish_due()
    assert await desk.publish.publish_due() == 0


async def test_a_chat_without_news_gets_nothing_and_its_schedule_moves(desk: Desk) -> None:
    chat = await desk.reader()
    assert await desk.publish.publish_due() == 0
    assert await desk.parcels() == []
    moved = await desk.store.chats.get(chat.id)
    assert (moved.next_at, moved.issued_at) == (NOW + DAY, None)


async def test_nobody_gets_a_story_twice(desk: Desk) -> None:
    await desk.reader(times=(MORNING, EVENING))
    seen: list[str] = []
    for day in range(4):
        for half in range(2):
            await desk.write(f"{day}-{half}")
            await desk.publish.publish_due()
            for parcel in await desk.parcels():
                seen += headlines(parcel.digest)
            due = await desk.store.chats.next_due()
            assert due is not None
            desk.clock.now = due
    assert len(seen) == len(set(seen)) == 8


async def test_an_outage_melts_missed_slots_into_one_issue(desk: Desk) -> None:
    chat = await desk.reader(times=(MORNING, EVENING))
    desk.clock.advance(3 * DAY + 2 * HOUR)
    await desk.write("a")
    assert await desk.publish.publish_due() == 1
    [parcel] = await desk.parcels()
    assert parcel.slot == "2026-11-22T05:00Z"
    moved = await desk.store.chats.get(chat.id)
    assert moved.next_at == NOW + 3 * DAY + 11 * HOUR


async def test_topics_choose_and_no_topics_mean_all(desk: Desk) -> None:
    await desk.write("ev", topics=["ev"])
    await desk.write("law", topics=["law"])
    everything, chosen = await desk.reader(1), await desk.reader(2)
    await desk.store.chats.choose_topics(chosen.id, frozenset({"law"}))
    await desk.publish.publish_due()
    got = {parcel.chat.id: headlines(parcel.digest) for parcel in await desk.parcels()}
    assert got == {everything.id: ["Новость ev", "Новость law"], chosen.id: ["Новость law"]}


async def test_news_in_a_language_that_is_not_read_stay_away(desk: Desk) -> None:
    await desk.write("ru")
    await desk.write("en", lang="en")
    chat = await desk.reader(reads=["en"])
    assert headlines(await desk.asked(chat)) == ["Новость en"]


async def test_a_language_that_no_source_speaks_does_not_silence_a_chat(desk: Desk) -> None:
    await desk.write("ru")
    chat = await desk.reader(reads=["de"])
    assert headlines(await desk.asked(chat)) == ["Новость ru"]


async def test_a_scheduled_issue_looks_back_one_day(desk: Desk) -> None:
    await desk.write("old", published_at=NOW - 25 * HOUR)
    await desk.reader()
    assert await desk.publish.publish_due() == 0


async def test_an_issue_asked_for_looks_back_three_days_when_the_last_one_brought_nothing(desk: Desk) -> None:
    await desk.write("old", published_at=NOW - 50 * HOUR)
    digest = await desk.asked(await desk.reader())
    assert headlines(digest) == ["Новость old"]
    assert digest is not None
    assert digest.hours == 72


async def test_an_issue_asked_for_stays_within_the_day_while_there_is_news(desk: Desk) -> None:
    await desk.write("old", published_at=NOW - 50 * HOUR)
    await desk.write("new")
    digest = await desk.asked(await desk.reader())
    assert headlines(digest) == ["Новость new"]
    assert digest is not None
    assert digest.hours == 24


async def test_nothing_in_three_days_is_none(desk: Desk) -> None:
    await desk.write("old", published_at=NOW - 73 * HOUR)
    assert await desk.asked(await desk.reader()) is None
    assert await desk.parcels() == []


async def test_an_issue_asked_for_goes_first_and_leaves_the_schedule_alone(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    await desk.asked(chat)
    [parcel] = await desk.parcels()
    assert (parcel.priority, parcel.slot) == (Priority.URGENT, "ask:1")
    assert (await desk.store.chats.get(chat.id)).next_at == chat.next_at


async def test_what_was_asked_for_does_not_come_again_by_schedule(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    await desk.asked(chat)
    assert await desk.publish.publish_due() == 0


async def test_one_request_delivered_twice_is_answered_once(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    await desk.asked(chat)
    await desk.write("b")
    await desk.asked(chat)
    [parcel] = await desk.parcels()
    assert headlines(parcel.digest) == ["Новость a"]
    assert await desk.parcels() == []


async def test_a_preview_keeps_nothing(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    assert headlines(await desk.publish.preview(chat)) == ["Новость a"]
    assert headlines(await desk.publish.preview(chat)) == ["Новость a"]
    assert await desk.parcels() == []


async def test_a_preview_of_an_empty_store_is_none(desk: Desk) -> None:
    assert await desk.publish.preview(await desk.reader()) is None


class DyingOutbox(Outbox):
    """An outbox whose process dies before its commit, or after it."""

    def __init__(self, outbox: Outbox, *, after: bool) -> None:
        super().__init__(outbox._database)
        self._after = after

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        if self._after:
            await super().commit_issues(issues, now=now)
        raise ConnectionError("the lights went out")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_around_the_commit_loses_nothing_and_doubles_nothing(desk: Desk, *, after: bool) -> None:
    await desk.write("a")
    await desk.reader()
    with pytest.raises(ConnectionError):
        await desk.with_issues(DyingOutbox(desk.store.outbox, after=after)).publish_due()
    assert await desk.publish.publish_due() == (0 if after else 1)
    assert len(await desk.parcels()) == 1
    assert await desk.parcels() == []


async def test_committing_an_issue_twice_enqueues_it_once(desk: Desk) -> None:
    await desk.write("a")
    chat = await desk.reader()
    digest = await desk.publish.preview(chat)
    issue = Issue(chat_id=chat.id, slot="s", digest=digest, due_at=NOW, next_at=NOW + DAY)
    assert await desk.store.outbox.commit_issues([issue], now=NOW) == 1
    assert await desk.store.outbox.commit_issues([issue], now=NOW) == 0
    assert len(await desk.parcels()) == 1


async def test_more_chats_than_a_batch_all_get_their_issue(desk: Desk) -> None:
    await desk.write("a")
    for number in range(1, 8):
        await desk.reader(number)
    desk.publish.BATCH = 3
    assert await desk.publish.publish_due() == 7


async def test_stories_tagged_by_older_rules_are_tagged_anew(desk: Desk) -> None:
    await desk.write("a", title="Электромобиль Искра поступил в продажу", topics=["sport"])
    [story] = await desk.store.news.recent_stories(since=NOW - DAY)
    await desk.store.news.retag({story.id: ("sport",)}, fingerprint="older rules")
    assert await desk.publish.retag_stale() == 1
    assert await desk.publish.retag_stale() == 0
    [again] = await desk.store.news.recent_stories(since=NOW - DAY)
    assert "ev" in again.topics
    assert "sport" not in again.topics


async def test_a_request_that_is_repeated_after_a_crash_gets_the_same_answer_and_no_second_issue(desk: Desk) -> None:
    await desk.write("only")
    reader = await desk.reader()
    first = await desk.asked(reader, slot="ask:7")
    assert first is not None
    assert await desk.asked(reader, slot="ask:7") == first
    assert len(await desk.parcels()) == 1
