from __future__ import annotations

import time
from dataclasses import replace

import pytest

from feeds.model import (
    Item,
    KnownItem,
    Opinion,
    Source,
    Story,
    StoryId,
    Telling,
)
from storage import Storage
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, POLLED, SECOND, add_source, draft, item


@pytest.fixture
async def source(store: Storage) -> Source:
    return await add_source(store, topics=("industry",), weight=0.5)


def full(source: Source, key: str = "x") -> Item:
    return item(
        source.id,
        key,
        text="Текст " * 300,
        summary="Суть",
        opinion=Opinion(label="Мнение редакции", text="Дорого."),
        author="А. Автор",
        categories=("Новости", "Электро"),
        picture="https://koleso.example/x.jpg",
        lang="en",
    )


async def only_story(store: Storage) -> Story:
    [story] = await store.news.recent_stories(since=NOW - 30 * DAY)
    return story


async def test_an_item_comes_back_whole_with_what_a_reader_needs_of_its_source(store: Storage, source: Source) -> None:
    told = full(source)
    assert await store.news.commit_poll(source.id, POLLED, drafts=[draft(told, topics=("ev", "price"))], now=NOW) == 1
    story = await only_story(store)
    assert story.topics == ("ev", "price")
    [stored] = story.items
    assert stored.item == told
    assert (stored.source_name, stored.source_weight, stored.source_topics) == ("Колесо", 0.5, ("industry",))
    assert await store.news.story(story.id) == story


async def test_committing_a_poll_twice_stores_it_once(store: Storage, source: Source) -> None:
    drafts = [draft(item(source.id, "a"), item(source.id, "b")), draft(item(source.id, "c"))]
    assert await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW) == 3
    assert await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW) == 0
    counts = await store.news.counts()
    assert (counts.items, counts.stories) == (3, 2)


async def test_a_key_that_comes_twice_in_one_poll_is_stored_once(store: Storage, source: Source) -> None:
    first, second = item(source.id, "a", title="Первая"), item(source.id, "a", title="Вторая")
    assert await store.news.commit_poll(source.id, POLLED, drafts=[draft(first, second), draft(second)], now=NOW) == 1
    assert (await only_story(store)).items[0].item == first


async def test_a_draft_for_a_stored_story_joins_it_and_leaves_its_topics(store: Storage, source: Source) -> None:
    other = await add_source(store, "other")
    first = draft(item(source.id, "a"), topics=("ev",))
    await store.news.commit_poll(source.id, POLLED, drafts=[first], now=NOW)
    story = await only_story(store)
    early = item(other.id, "b", published_at=NOW - 2 * HOUR)
    await store.news.commit_poll(other.id, POLLED, drafts=[draft(early, story_id=story.id, topics=("price",))], now=NOW)
    joined = await only_story(store)
    assert joined.topics == ("ev",)
    assert [told.item.key for told in joined.items] == ["b", "a"]


async def test_drafts_and_stories_are_matched_in_order(store: Storage, source: Source) -> None:
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "old"))], now=NOW)
    old = await only_story(store)
    drafts = [
        draft(item(source.id, "n0"), topics=("t0",)),
        draft(item(source.id, "joins"), story_id=old.id),
        *(draft(item(source.id, f"n{number}"), topics=(f"t{number}",)) for number in range(1, 300)),
    ]
    await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW)
    stories = await store.news.recent_stories(since=NOW - DAY)
    keys = {story.topics: [told.item.key for told in story.items] for story in stories}
    assert keys == {(): ["old", "joins"]} | {(f"t{number}",): [f"n{number}"] for number in range(300)}


async def test_items_of_a_story_that_vanished_begin_a_new_one_that_awaits_tags(store: Storage, source: Source) -> None:
    lost = draft(item(source.id, "a"), story_id=StoryId(404))
    assert await store.news.commit_poll(source.id, POLLED, drafts=[lost], fingerprint="rules", now=NOW) == 1
    story = await only_story(store)
    assert await store.news.stale_stories("rules", since=NOW - DAY, limit=10) == [story]


async def test_a_changed_item_changes_in_place(store: Storage, source: Source) -> None:
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "x"))], now=NOW)
    changed = full(source)
    assert await store.news.commit_poll(source.id, POLLED, changed=[changed], now=NOW) == 0
    assert [told.item for told in (await only_story(store)).items] == [changed]


async def test_known_items_are_those_of_this_source_only(store: Storage, source: Source) -> None:
    other = await add_source(store, "other")
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "a"))], now=NOW)
    story = await only_story(store)
    assert await store.news.known_items(source.id, ["a", "b"]) == {
        "a": KnownItem(key="a", story_id=story.id, text_hash="hash a")
    }
    assert await store.news.known_items(other.id, ["a"]) == {}


async def test_tellings_match_by_address_always_and_by_title_while_recent(store: Storage, source: Source) -> None:
    told = item(source.id, "a")
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(told)], now=NOW)
    story = await only_story(store)
    telling = Telling(
        story_id=story.id,
        source_id=source.id,
        url=told.url,
        title=told.title,
        title_key=told.title_key,
        published_at=told.published_at,
    )
    find = store.news.matching_tellings
    assert await find(urls=[told.url, "other"], title_keys=[told.title_key], since=NOW - DAY) == [telling]
    assert await find(urls=[told.url], title_keys=[], since=NOW) == [telling]
    assert await find(urls=[], title_keys=[told.title_key], since=told.published_at) == [telling]
    assert await find(urls=[], title_keys=[told.title_key], since=told.published_at + SECOND) == []
    assert await find(urls=[], title_keys=[], since=NOW - DAY) == []


async def test_an_empty_title_key_matches_nothing(store: Storage, source: Source) -> None:
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "a", title_key=""))], now=NOW)
    assert await store.news.matching_tellings(urls=[], title_keys=[""], since=NOW - DAY) == []


async def test_text_that_no_database_holds_does_not_lose_the_poll(store: Storage, source: Source) -> None:
    key = "nul\0" + "ж" * 5000
    huge = item(
        source.id,
        key,
        url="https://koleso.example/" + "y" * 10_000,
        title="half \ud83d of a pair",
        title_key="т" * 10_000,
        text="\0" + "Т" * 2_000_000,
        categories=("a\0b",),
    )
    assert await store.news.commit_poll(source.id, POLLED, drafts=[draft(huge)], now=NOW) == 1
    assert await store.news.commit_poll(source.id, POLLED, drafts=[draft(huge)], now=NOW) == 0
    assert list(await store.news.known_items(source.id, [key])) == [key]
    [telling] = await store.news.matching_tellings(urls=[huge.url], title_keys=[huge.title_key], since=NOW - DAY)
    assert telling.url == huge.url
    [stored] = (await only_story(store)).items
    assert stored.item.categories == ("ab",)
    assert len(stored.item.text) == 2_000_000


async def test_a_recent_story_comes_with_its_old_items_and_old_stories_do_not_come(
    store: Storage, source: Source
) -> None:
    drafts = [
        draft(item(source.id, "old", published_at=NOW - 3 * DAY), item(source.id, "new")),
        draft(item(source.id, "older", published_at=NOW - 3 * DAY)),
    ]
    await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW)
    [story] = await store.news.recent_stories(since=NOW - DAY)
    assert [told.item.key for told in story.items] == ["old", "new"]
    assert await store.news.recent_stories(since=NOW) == []


async def test_stories_tagged_by_other_rules_are_found_and_retagged(store: Storage, source: Source) -> None:
    drafts = [draft(item(source.id, f"{number}"), topics=("old",)) for number in range(3)]
    await store.news.commit_poll(source.id, POLLED, drafts=drafts, fingerprint="1", now=NOW)
    assert await store.news.stale_stories("1", since=NOW - DAY, limit=10) == []
    stale = await store.news.stale_stories("2", since=NOW - DAY, limit=2)
    assert [story.items[0].item.key for story in stale] == ["2", "1"]
    await store.news.retag({story.id: ("new", "ev") for story in stale}, fingerprint="2")
    assert [story.id for story in await store.news.stale_stories("2", since=NOW - DAY, limit=10)] == [1]
    assert (await store.news.story(stale[0].id) or stale[1]).topics == ("new", "ev")
    assert await store.news.stale_stories("2", since=NOW, limit=10) == []


async def test_pruning_forgets_what_nobody_told_for_long_and_never_reuses_a_number(
    store: Storage, source: Source
) -> None:
    old = draft(item(source.id, "old", published_at=NOW - 9 * DAY), item(source.id, "new", published_at=NOW))
    gone = draft(item(source.id, "gone", published_at=NOW - 9 * DAY))
    await store.news.commit_poll(source.id, POLLED, drafts=[old, gone], now=NOW)
    assert await store.news.prune(NOW - 8 * DAY) == 0  # it was stored only now
    assert await store.news.prune(NOW + SECOND) == 2
    assert (await store.news.counts()).items == 0
    await store.news.commit_poll(source.id, POLLED, drafts=[gone], now=NOW)
    assert (await only_story(store)).id == 3
    assert await store.news.story(StoryId(1)) is None


async def test_pruning_keeps_a_story_with_one_recent_item(store: Storage, source: Source) -> None:
    mixed = draft(item(source.id, "old", published_at=NOW - 9 * DAY), item(source.id, "new", published_at=NOW))
    await store.news.commit_poll(source.id, POLLED, drafts=[mixed], now=NOW - MINUTE)
    assert await store.news.prune(NOW) == 0
    assert len((await only_story(store)).items) == 2


async def test_counts_tell_what_fails(store: Storage, source: Source) -> None:
    await add_source(store, "off", enabled=False)
    await store.news.commit_poll(source.id, replace(POLLED, failures=2), drafts=[draft(item(source.id, "a"))], now=NOW)
    counts = await store.news.counts()
    assert (counts.sources, counts.enabled, counts.failing, counts.items, counts.stories) == (2, 1, 1, 1, 1)


async def test_a_day_of_ten_thousand_items_is_read_within_seconds(store: Storage, source: Source) -> None:
    drafts = [draft(full(source, f"{number}"), topics=("ev",)) for number in range(10_000)]
    assert await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW) == 10_000
    started = time.process_time()  # other tests may keep this machine busy
    assert len(await store.news.recent_stories(since=NOW - DAY)) == 10_000
    assert time.process_time() - started < 10  # measured: under one
