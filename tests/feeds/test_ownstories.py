from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feeds.digest import Choice, matching
from feeds.issue import Chat, ChatId, ChatKind
from feeds.model import (
    Item,
    ItemId,
    SourceId,
    StoredItem,
    Story,
    StoryId,
)
from feeds.ownstories import OwnStories

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def chat(*words: str, topics: frozenset[str] = frozenset()) -> Chat:
    return Chat(id=ChatId(1), telegram_id=1, kind=ChatKind.PRIVATE, words=words, topics=topics, created_at=NOW)


def story(number: int, *titles: str, topics: tuple[str, ...] = (), text: str = "") -> Story:
    tellings = tuple(
        StoredItem(
            id=ItemId(number * 10 + place),
            item=Item(
                source_id=SourceId(place),
                key=title,
                url=f"https://koleso.example/{number}/{place}",
                title=title,
                text=text,
                text_hash=title + text,
                published_at=NOW,
            ),
            source_name=f"Колесо {place}",
        )
        for place, title in enumerate(titles)
    )
    return Story(id=StoryId(number), topics=topics, items=tellings)


STORIES = [
    story(1, "Haval открыл завод", "Завод Haval заработал в Туле", topics=("china",)),
    story(2, "Шины подорожали", topics=("tyres",)),
    story(3, "Лада подешевела", topics=("market",)),
]


async def test_every_story_is_given_the_own_topics_of_all_chats_that_choose_it() -> None:
    own = await OwnStories().choose(STORIES, [chat("шины", "Тула"), chat("завод -Haval", "Тула")])
    assert own == {1: {"Тула"}, 2: {"шины"}}


async def test_chats_without_own_topics_cost_nothing() -> None:
    assert await OwnStories().choose(STORIES, [chat(), chat("-")]) == {}


async def test_a_telling_that_came_or_changed_is_read_anew() -> None:
    own = OwnStories()
    assert await own.choose([story(1, "Haval")], [chat("Тула")]) == {}
    assert await own.choose([story(1, "Haval", "Тула ждёт Haval")], [chat("Тула")]) == {1: {"Тула"}}
    assert await own.choose([story(1, "Haval", text="Завод в Туле.")], [chat("Тула")]) == {1: {"Тула"}}


async def test_a_reader_gets_the_stories_of_their_topics_and_of_their_own_words() -> None:
    own = await OwnStories().choose(STORIES, [chat("шины")])

    def ids(choice: Choice) -> list[int]:
        return [found.id for found in matching(STORIES, choice, since=NOW - timedelta(hours=1), own=own)]

    assert ids(Choice(topics=frozenset({"market"}), words=frozenset({"шины"}))) == [2, 3]
    assert ids(Choice(words=frozenset({"шины"}))) == [2]
    assert ids(Choice(words=frozenset({"мотоцикл"}))) == []
    assert ids(Choice()) == [1, 2, 3]
