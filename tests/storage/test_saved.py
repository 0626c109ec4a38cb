from __future__ import annotations

from feeds.issue import Chat, ChatKind
from feeds.model import StoryId
from feeds.taste import Vote
from storage import Storage
from storage.saved import MOST, SavedStory
from tests.storage.samples import MINUTE, NOW


def one(number: int, headline: str = "") -> SavedStory:
    return SavedStory(
        story_id=StoryId(number),
        headline=headline or f"Новость {number}",
        url=f"https://koleso.example/{number}",
        saved_at=NOW + number * MINUTE,
    )


async def reader(store: Storage, telegram_id: int = 100) -> Chat:
    return await store.chats.ensure(
        telegram_id, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
    )


async def test_what_is_saved_is_read_the_newest_first_page_by_page(store: Storage) -> None:
    person = await reader(store)
    for number in (1, 2, 3):
        assert await store.saved.keep(person.id, one(number)) == number
    assert [story.story_id for story in await store.saved.page(person.id)] == [3, 2, 1]
    assert await store.saved.page(person.id, offset=1, limit=1) == [one(2)]
    assert await store.saved.has(person.id, StoryId(2))


async def test_saving_twice_keeps_it_once_as_it_was(store: Storage) -> None:
    person = await reader(store)
    await store.saved.keep(person.id, one(1))
    assert await store.saved.keep(person.id, one(1, "Другой заголовок")) == 1
    assert await store.saved.page(person.id) == [one(1)]


async def test_what_is_forgotten_is_forgotten_once(store: Storage) -> None:
    person, other = await reader(store), await reader(store, 200)
    await store.saved.keep(person.id, one(1))
    await store.saved.keep(other.id, one(1))
    assert await store.saved.drop(person.id, StoryId(1))
    assert not await store.saved.drop(person.id, StoryId(1))
    assert (await store.saved.count(person.id), await store.saved.count(other.id)) == (0, 1)


async def test_beyond_five_hundred_the_oldest_go(store: Storage) -> None:
    person = await reader(store)
    for number in range(MOST + 2):
        count = await store.saved.keep(person.id, one(number))
    assert count == await store.saved.count(person.id) == MOST
    kept = await store.saved.page(person.id)
    assert (kept[0].story_id, kept[-1].story_id) == (MOST + 1, 2)


async def test_the_archive_may_forget_a_story_that_is_saved(store: Storage) -> None:
    person = await reader(store)
    await store.saved.keep(person.id, one(1))
    await store.news.prune(NOW + 1000 * MINUTE)
    assert await store.saved.page(person.id) == [one(1)]


def cast(number: int, value: int) -> Vote:
    return Vote(story_id=StoryId(number), value=value, topics=("ev",), voted_at=NOW + number * MINUTE)


async def test_the_same_vote_again_takes_it_back_and_the_other_one_replaces_it(store: Storage) -> None:
    person = await reader(store)
    assert await store.votes.cast(person.id, cast(1, 1)) == 1
    assert await store.votes.cast(person.id, cast(1, -1)) == -1
    assert await store.votes.of(person.id, StoryId(1)) == -1
    assert await store.votes.cast(person.id, cast(1, -1)) == 0
    assert (await store.votes.of(person.id, StoryId(1)), await store.votes.all_of(person.id)) == (0, [])


async def test_votes_are_read_the_newest_first_with_the_topics_of_then(store: Storage) -> None:
    person = await reader(store)
    for number in (1, 2):
        await store.votes.cast(person.id, cast(number, 1))
    assert await store.votes.all_of(person.id) == [cast(2, 1), cast(1, 1)]


async def test_votes_and_saved_stories_go_with_their_person(store: Storage) -> None:
    person = await reader(store)
    await store.votes.cast(person.id, cast(1, 1))
    await store.saved.keep(person.id, one(1))
    await store.accounts.forget(person.telegram_id, now=NOW)
    assert (await store.votes.all_of(person.id), await store.saved.count(person.id)) == ([], 0)
