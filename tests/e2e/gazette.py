"""A town with a day's news of several themes and makes in the store, for whoever looks for something in it.

Starts in a fraction of the time a whole stage needs.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from feeds.gist import packaged
from feeds.model import Item, Source, SourceSpec, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from storage import Storage
from tests.e2e.people import until
from tests.e2e.town import Town
from tests.stores import lay_filled_store

OUTLETS = (
    SourceSpec(name="Гараж", url="http://127.0.0.1:9/ru", lang="ru"),
    SourceSpec(name="The Garage", url="http://127.0.0.1:9/en", lang="en"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story of one telling."""

    title: str
    topics: tuple[str, ...] = ()
    hours: float = 1
    lang: str = "ru"
    text: str = ""


FEE = "Утильсбор на кроссоверы вырастет с января"
LEAPMOTOR = "Leapmotor привезёт седан на водороде"
NEWS = (
    Told(title=FEE, topics=("law",)),
    Told(title="Правительство отложило новый утильсбор", topics=("law",), hours=30),
    Told(title=LEAPMOTOR, topics=("leapmotor", "china"), hours=2),
    Told(title="Chery обновила Tiggo", topics=("chery", "china"), hours=3),
    Told(title="Электрический грузовик прошёл тысячу километров", topics=("ev", "trucks"), hours=4),
    Told(title="Раллийная команда победила в пустыне", topics=("motorsport",), hours=50),
    *(Told(title=f"Каршеринг подорожал в городе {n}", topics=("taxi",), hours=5 + n) for n in range(12)),
    Told(title="Leapmotor shows a hydrogen saloon", topics=("leapmotor", "china"), hours=2, lang="en"),
    Told(title="A recall of brakes", topics=("recalls",), hours=3, lang="en"),
)


async def tell(town: Town, store: Storage, news: Sequence[Told]) -> list[StoryId]:
    """Store stories as told so many hours ago; their keys, in order."""
    now = town.clock()
    await store.news.seed(OUTLETS, now=now)
    outlets = {source.spec.lang: source for source in await store.news.sources()}
    rules = packaged().fingerprint
    poll = PollState(next_at=now + timedelta(days=1), reason=NextPollReason.INTERVAL)
    for number, told in enumerate(news):
        source = outlets[told.lang]
        draft = StoryDraft(story_id=None, items=(_item(told, source, number, town),), topics=told.topics)
        await store.news.commit_poll(source.id, poll, drafts=[draft], fingerprint=rules, now=now)
    stories = await store.news.recent_stories(since=now - timedelta(days=90))
    keys = {story.items[0].item.title: story.id for story in stories}
    return [keys[told.title] for told in news]


async def channel_of(town: Town, title: str, *, username: str | None = None, owner: int) -> int:
    """Let somebody run a channel that has chosen China and a word; the key we have for it."""
    made = town.sandbox.person.add_chat(type="channel", title=title, creator_id=owner)["id"]
    town.sandbox.world.chats[made].username = username
    town.sandbox.person.add_bot(chat_id=made, by_user_id=owner, rights={"can_post_messages": True})

    async def known() -> int | None:
        chat = await town.app.store.chats.by_telegram_id(made)
        return chat.id if chat else None

    key = await until(known, "the channel to be known")
    chats = town.app.store.chats
    chat = await chats.by_telegram_id(made)
    assert chat is not None
    # Whoever runs it is greeted.
    await town.quiet()
    await chats.choose_topics(chat.id, frozenset({"china", "motorsport"}))
    await chats.choose_words(chat.id, ["утильсбор"])
    return key


@contextlib.asynccontextmanager
async def gazette(
    folder: Path, news: Sequence[Told] = NEWS, **changes: Any
) -> AsyncIterator[tuple[Town, list[StoryId]]]:
    """Run the bot in a town with this news; ``changes`` are settings."""
    async with Town(folder) as town:
        town.write_sources(OUTLETS)
        # The town's clock begins at the same moment each time.
        keys = await lay_filled_store(Path(town.store), tuple(news), lambda store: tell(town, store, news))
        async with town.open(**changes):
            yield town, keys


def _item(told: Told, source: Source, number: int, town: Town) -> Item:
    return Item(
        source_id=source.id,
        key=f"{number} {told.title}",
        url=f"https://garage.example/{source.spec.lang}/{number}",
        title=told.title,
        summary="Две фразы о том, что случилось. И чем это кончилось.",
        text=told.text,
        text_hash=told.title,
        lang=told.lang,
        published_at=town.clock() - timedelta(hours=told.hours),
        title_key=told.title.casefold(),
    )
