from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from feeds.cluster import WINDOW
from feeds.issue import ChatKind, Issue
from feeds.model import (
    FindingKind,
    Item,
    SourceId,
    SourceSpec,
    StoryDraft,
    StoryId,
)
from feeds.polls import NextPollReason, PollState
from feeds.stories import Stories
from storage import Storage, open_storage
from tests.samples import HOUR, NOW, StillClock, digest, told

FIRST = "Завод «Искра» начнёт собирать кроссоверы весной"
AGAIN = "Сборка кроссоверов на заводе «Искра» начнётся весной"
OTHER = "Штраф за парковку на газоне вырастет втрое"


class Desk:
    """Stories over a store in memory, fed by sources called by number."""

    def __init__(self, store: Storage, clock: StillClock) -> None:
        self.store, self.clock = store, clock
        self.stories = Stories(store=store.news, clock=clock)
        self._sources: dict[str, SourceId] = {}

    async def source(self, name: str) -> SourceId:
        if name not in self._sources:
            spec = SourceSpec(name=name, url=f"https://{name}.example/rss", lang="ru")
            self._sources[name] = (await self.store.news.add_source(spec, now=self.clock())).id
        return self._sources[name]

    async def item(self, source: str, title: str, **changes: Any) -> Item:
        values: dict[str, Any] = {
            "source_id": await self.source(source),
            "key": title,
            "url": f"https://{source}.example/{abs(hash(title))}",
            "title": title,
            "published_at": self.clock() - HOUR,
        }
        return Item(**values | changes)

    async def commit(self, *items: Item, settle: bool = True, apart: bool = False) -> None:
        """Store a poll of one source, by the way that ingest goes; ``apart`` makes every item a story."""
        drafts = (
            [StoryDraft(story_id=None, items=(one,)) for one in items] if apart else await self.stories.draft(items)
        )
        poll = PollState(next_at=self.clock() + HOUR, reason=NextPollReason.INTERVAL)
        await self.store.news.commit_poll(items[0].source_id, poll, drafts=drafts, now=self.clock())
        if settle:
            await self.stories.settle([])

    async def told(self) -> list[list[str]]:
        recent = await self.store.news.recent_stories(since=self.clock() - WINDOW)
        return [[one.source_name for one in story.items] for story in recent]

    async def linked(self) -> list[set[int]]:
        return [set(one.linked) for one in await self.store.news.recent_stories(since=self.clock() - WINDOW)]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with await open_storage(":memory:") as store:
        yield Desk(store, StillClock())


async def test_another_newsroom_s_words_join_the_story(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST), await desk.item("koleso", OTHER))
    await desk.commit(await desk.item("kardan", AGAIN))
    assert await desk.told() == [["koleso", "kardan"], ["koleso"]]


async def test_two_articles_of_one_poll_join_a_story_together(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST))
    await desk.commit(await desk.item("kardan", AGAIN), await desk.item("kardan", FIRST + ": подробности"))
    assert await desk.told() == [["koleso", "kardan", "kardan"]]


async def test_a_process_that_starts_anew_knows_what_the_store_holds(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST), settle=False)
    desk.stories = Stories(store=desk.store.news, clock=desk.clock)
    await desk.commit(await desk.item("kardan", AGAIN))
    assert await desk.told() == [["koleso", "kardan"]]


async def test_what_was_committed_but_not_settled_is_caught_up_with(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST), settle=False)
    await desk.stories.settle([])
    await desk.commit(await desk.item("kardan", AGAIN))
    assert await desk.told() == [["koleso", "kardan"]]


async def test_an_article_of_last_week_attracts_nobody(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST))
    desk.clock.advance(WINDOW + HOUR)
    await desk.commit(await desk.item("kardan", AGAIN))
    assert await desk.told() == [["kardan"]]


async def test_a_changed_article_is_found_by_its_new_words(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", OTHER))
    await desk.stories.settle([await desk.item("koleso", FIRST, key=OTHER)])
    await desk.commit(await desk.item("kardan", AGAIN))
    assert await desk.told() == [["koleso", "kardan"]]


async def bilingual(desk: Desk, *, settle: bool = True) -> None:
    russian = "Причина — камера заднего вида Bosch, сообщает NHTSA в отчёте, который вышел в пятницу."
    english = "The rear camera by Bosch goes dark, the NHTSA said in a report on Friday."
    one = await desk.item("koleso", "Tesla отзывает в США 24 тысячи Cybertruck", text=russian)
    other = await desk.item("kerb", "Tesla recalls 24,000 Cybertruck pickups", text=english, lang="en")
    await desk.commit(one, settle=settle)
    await desk.commit(other, settle=settle)


async def test_tellings_in_two_languages_are_linked_and_not_merged(desk: Desk) -> None:
    await bilingual(desk)
    assert await desk.told() == [["koleso"], ["kerb"]]
    assert await desk.linked() == [{2}, {1}]


async def test_links_lost_in_a_crash_are_found_at_night(desk: Desk) -> None:
    await bilingual(desk, settle=False)
    desk.stories = Stories(store=desk.store.news, clock=desk.clock)
    await desk.stories.review()
    assert await desk.linked() == [{2}, {1}]


async def test_a_review_merges_what_nobody_was_sent(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST), apart=True)
    await desk.commit(await desk.item("kardan", AGAIN), apart=True)
    found = await desk.stories.review()
    assert [merge.stories for merge in found.merges] == [(1, 2)]
    assert await desk.told() == [["koleso", "kardan"]]
    [finding] = await desk.store.news.findings()
    assert (finding.kind, finding.story_id, finding.detail, finding.done) == (FindingKind.MERGE, 1, "2", True)
    await desk.stories.review()
    assert await desk.store.news.findings() == []


async def test_a_review_only_reports_what_somebody_was_sent(desk: Desk) -> None:
    await desk.commit(await desk.item("koleso", FIRST), apart=True)
    await desk.commit(await desk.item("kardan", AGAIN), apart=True)
    chat = await desk.store.chats.ensure(
        100, kind=ChatKind.PRIVATE, lang="ru", reads=("ru",), zone="Europe/Moscow", now=NOW
    )
    issue = Issue(chat_id=chat.id, slot="1", digest=digest(told(2)), due_at=NOW, moves_schedule=False)
    await desk.store.outbox.commit_issues([issue], now=NOW)
    await desk.stories.review()
    assert await desk.told() == [["koleso"], ["kardan"]]
    [finding] = await desk.store.news.findings()
    assert not finding.done


async def test_a_review_reports_a_story_that_falls_apart(desk: Desk) -> None:
    one, other = await desk.item("koleso", FIRST), await desk.item("koleso", OTHER)
    poll = PollState(next_at=NOW + HOUR, reason=NextPollReason.INTERVAL)
    drafts = [StoryDraft(story_id=None, items=(one, other))]
    await desk.store.news.commit_poll(one.source_id, poll, drafts=drafts, now=NOW)
    await desk.stories.review()
    [finding] = await desk.store.news.findings()
    assert (finding.kind, finding.detail) == (FindingKind.SPLIT, "1 + 1")
    assert await desk.told() == [["koleso", "koleso"]]


async def test_links_of_a_merged_story_go_with_it(desk: Desk) -> None:
    for source, title in (("koleso", FIRST), ("kardan", OTHER), ("kerb", "Something else")):
        await desk.commit(await desk.item(source, title), apart=True)
    await desk.store.news.link({(StoryId(2), StoryId(3)): 0.8, (StoryId(2), StoryId(99)): 1.0}, now=NOW)
    assert await desk.store.news.merge_stories(StoryId(1), StoryId(2), now=NOW)
    assert await desk.linked() == [{3}, {1}]
    assert not await desk.store.news.merge_stories(StoryId(2), StoryId(1), now=NOW)
