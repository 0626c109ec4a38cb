from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.digest import SIZE
from feeds.further import Further
from feeds.issue import Chat, ChatKind, Digest, DigestKind
from feeds.model import Item, SourceSpec, StoryDraft
from feeds.newsstand import Newsstand
from feeds.polls import NextPollReason, PollState
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage
from tests.samples import HOUR, NOW, StillClock


async def write(store: Storage, count: int, *, label: str = "раз", ago: timedelta = HOUR) -> None:
    spec = SourceSpec(name="Гараж", url="https://garage.example/rss", lang="ru", enabled=False)
    await store.news.seed([spec], now=NOW)
    [source] = await store.news.sources()
    poll = PollState(next_at=NOW + 24 * HOUR, reason=NextPollReason.INTERVAL)
    drafts = [
        StoryDraft(
            story_id=None,
            items=(
                Item(
                    source_id=source.id,
                    key=f"{label} {number}",
                    url=f"https://garage.example/{label}/{number}",
                    title=f"Новость {label} {number}",
                    published_at=NOW - ago - number * timedelta(minutes=1),
                ),
            ),
        )
        for number in range(count)
    ]
    await store.news.commit_poll(source.id, poll, drafts=drafts, now=NOW)


@pytest.fixture
async def reader(store: Storage) -> Chat:
    return await store.chats.ensure(100, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW)


@pytest.fixture
def further(store: Storage, catalogue: Catalogue, clock: StillClock) -> Further:
    stand = Newsstand(store.news, clock=clock)
    return Further(news=store.news, stand=stand, chats=store.chats, catalogue=catalogue, archive=store.search)


async def issue_of(store: Storage, catalogue: Catalogue, clock: StillClock, reader: Chat) -> Digest:
    publish = Publish(news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock)
    issue = await publish.publish_asked(reader, slot="ask:1", kind=DigestKind.ASKED)
    assert issue is not None
    return issue


def told(digest: Digest | None) -> list[str]:
    assert digest is not None
    return [story.headline for story in digest.stories]


async def test_pages_go_on_where_the_issue_ended_and_tell_each_story_once(
    store: Storage, catalogue: Catalogue, clock: StillClock, reader: Chat, further: Further
) -> None:
    await write(store, 3 * SIZE - 2)
    issue = await issue_of(store, catalogue, clock, reader)
    first, second = await further.page(reader, issue, 0), await further.page(reader, issue, 1)
    assert first is not None
    assert second is not None
    assert (issue.left_over, first.left_over, second.left_over) == (2 * SIZE - 2, SIZE - 2, 0)
    every = [*told(issue), *told(first), *told(second)]
    assert len(every) == len(set(every)) == 3 * SIZE - 2
    assert await further.page(reader, issue, 2) is None


async def test_a_page_is_the_same_whenever_it_is_turned_to(
    store: Storage, catalogue: Catalogue, clock: StillClock, reader: Chat, further: Further
) -> None:
    await write(store, 2 * SIZE)
    issue = await issue_of(store, catalogue, clock, reader)
    before = await further.page(reader, issue, 0)
    assert before is not None
    # They were shown, other news came out, and a day has passed.
    await store.chats.cover(reader.id, [story.story_id for story in before.stories], now=NOW + HOUR)
    await write(store, SIZE, label="два", ago=-HOUR)
    clock.advance(timedelta(days=1))
    assert await further.page(reader, issue, 0) == before


async def test_what_came_before_the_issue_does_not_come_again_on_its_pages(
    store: Storage, catalogue: Catalogue, clock: StillClock, reader: Chat, further: Further
) -> None:
    await write(store, 2 * SIZE)
    earlier = await issue_of(store, catalogue, clock, reader)
    clock.advance(timedelta(minutes=5))
    publish = Publish(news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock)
    issue = await publish.publish_asked(reader, slot="ask:2", kind=DigestKind.ASKED)
    assert not set(told(issue)) & set(told(earlier))
    assert issue is not None
    assert await further.page(reader, issue, 0) is None


async def test_what_a_page_showed_comes_in_no_later_issue(
    store: Storage, catalogue: Catalogue, clock: StillClock, reader: Chat, further: Further
) -> None:
    await write(store, 2 * SIZE)
    issue = await issue_of(store, catalogue, clock, reader)
    page = await further.page(reader, issue, 0)
    assert page is not None
    await store.chats.cover(reader.id, [story.story_id for story in page.stories], now=clock())
    publish = Publish(news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock)
    assert await publish.publish_asked(reader, slot="ask:2", kind=DigestKind.ASKED) is None
