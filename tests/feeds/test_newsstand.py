from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from feeds.model import Story, StoryId
from feeds.newsstand import KEPT, Newsstand
from feeds.ownstories import OwnStories
from storage import Storage
from storage.news import News
from tests.samples import StillClock, chat
from tests.storage.samples import HOUR, NOW, POLLED, add_source, draft, item


class Watched(News):
    """The real store's news, counting what is read."""

    whole = 0
    single = 0

    async def recent_stories(self, *, since: datetime) -> Sequence[Story]:
        self.whole += 1
        return await super().recent_stories(since=since)

    async def stories(self, ids: Collection[StoryId]) -> Sequence[Story]:
        self.single += len(ids)
        return await super().stories(ids)


async def tell(news: News, key: str, *, story_id: StoryId | None = None, hours: float = 1, text: str = "") -> None:
    [source] = await news.sources()
    told = item(source.id, key, title=f"Новость {key}", text=text, published_at=NOW - hours * HOUR)
    await news.commit_poll(source.id, POLLED, drafts=[draft(told, story_id=story_id)], now=NOW)


async def opened(store: Storage) -> tuple[Watched, Newsstand, StillClock]:
    await add_source(store)
    news, clock = Watched(store.news._database), StillClock(NOW)
    return news, Newsstand(news, clock=clock), clock


async def test_what_is_asked_for_again_is_read_once_and_what_came_since_alone(store: Storage) -> None:
    news, stand, _ = await opened(store)
    await tell(news, "a")
    since = NOW - timedelta(hours=24)
    assert await stand.stories(since=since) == await news.recent_stories(since=since)
    before = news.whole
    for _ in range(3):
        assert len(await stand.stories(since=since)) == 1
    assert (news.whole, news.single) == (before, 0)
    await tell(news, "b")
    assert [story.items[0].item.key for story in await stand.stories(since=since)] == ["a", "b"]
    assert (news.whole, news.single) == (before, 1)


async def test_it_shows_every_change_that_a_store_commits(store: Storage) -> None:
    news, stand, _ = await opened(store)
    [source] = await news.sources()
    for key in "abc":
        await tell(news, key)
    since = NOW - KEPT
    a, b, c = [story.id for story in await stand.stories(since=since)]
    await tell(news, "a2", story_id=a)
    await news.link({(b, c): 0.5}, now=NOW)
    await news.retag({c: ("ev",)}, fingerprint="other")
    changed = item(source.id, "b", title="Иначе", published_at=NOW - HOUR)
    await news.commit_poll(source.id, POLLED, changed=[changed], now=NOW)
    assert await stand.stories(since=since) == await news.recent_stories(since=since)
    assert await news.merge_stories(b, a, now=NOW)
    assert await stand.stories(since=since) == await news.recent_stories(since=since)


async def test_the_window_moves_with_the_clock(store: Storage) -> None:
    news, stand, clock = await opened(store)
    await tell(news, "new", hours=1)
    await tell(news, "old", hours=30)
    assert len(await stand.stories(since=NOW - timedelta(hours=24))) == 1
    assert len(await stand.stories(since=NOW - timedelta(hours=72))) == 2
    clock.advance(timedelta(hours=48))
    assert len(await stand.stories(since=clock() - timedelta(hours=72))) == 1
    await tell(news, "far", hours=-40)
    clock.advance(timedelta(hours=-48))
    assert await stand.stories(since=NOW - KEPT) == await news.recent_stories(since=NOW - KEPT)
    assert len(await stand.stories(since=NOW - 2 * KEPT)) == 3


async def test_long_texts_are_held_no_further_than_own_words_look(store: Storage) -> None:
    news, stand, _ = await opened(store)
    await tell(news, "long", text="утильсбор " * 1000)
    [story] = await stand.stories(since=NOW - KEPT)
    assert len(story.items[0].item.text) == 2000


async def test_for_one_chat_the_archive_finds_the_same_as_reading_everything(store: Storage) -> None:
    news, stand, _ = await opened(store)
    await tell(news, "a", text="Повысили утильсбор на кроссоверы")
    [first] = await stand.stories(since=NOW - KEPT)
    await tell(news, "b", text="Новый завод Хавейл построен", story_id=first.id, hours=80)
    await tell(news, "c", text="Завод стоит")
    stories = await stand.stories(since=NOW - KEPT)
    for words in ("утильсбор", "утильсбор -завод", "хавейл утильсбор", '"новый завод"', "ничего, завод", "лизинг"):
        person = chat(words=(words,))
        whole = await OwnStories().choose(stories, [person])
        assert await OwnStories(store.search).choose_for(stories, person, since=NOW - KEPT) == whole, words
