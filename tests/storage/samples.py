"""Made-up news, chats and issues for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from feeds.issue import Chat, ChatId, ChatKind, Digest, DigestKind, DigestStory, Issue, Priority, Section
from feeds.model import (
    Item,
    Source,
    SourceId,
    SourceSpec,
    StoryDraft,
    StoryId,
)
from feeds.polls import NextPollReason, PollState
from storage import Storage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
POLLED = PollState(next_at=NOW + HOUR, reason=NextPollReason.INTERVAL, polled_at=NOW)


def spec(name: str = "Колесо", **changes: Any) -> SourceSpec:
    return SourceSpec(**{"name": name, "url": f"https://{name}.example/rss", "lang": "ru"} | changes)


def item(source_id: SourceId, key: str, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "source_id": source_id,
        "key": key,
        "url": f"https://koleso.example/{key}",
        "title": f"Новость {key}",
        "title_key": f"новость {key}",
        "text_hash": f"hash {key}",
        "published_at": NOW - HOUR,
    }
    return Item(**values | changes)


def draft(*items: Item, story_id: StoryId | None = None, topics: tuple[str, ...] = ()) -> StoryDraft:
    return StoryDraft(story_id=story_id, items=items, topics=topics)


def digest(story_ids: Sequence[int] = (1,), **changes: Any) -> Digest:
    stories = tuple(
        DigestStory(
            story_id=StoryId(story_id),
            headline=f"Новость {story_id}",
            summary="Коротко о главном.",
            url=f"https://koleso.example/{story_id}",
            sources=("Колесо",),
            published_at=NOW - HOUR,
        )
        for story_id in story_ids
    )
    values: dict[str, Any] = {
        "kind": DigestKind.SCHEDULED,
        "made_at": NOW,
        "sections": (Section(topic=None, stories=stories),),
    }
    return Digest(**values | changes)


def issue(chat: Chat | ChatId, slot: str = "2026-03-02T09:00", **changes: Any) -> Issue:
    chat_id = chat.id if isinstance(chat, Chat) else chat
    values: dict[str, Any] = {"chat_id": chat_id, "slot": slot, "digest": digest(), "due_at": NOW, "next_at": NOW + DAY}
    return Issue(**values | changes)


def asked(chat: Chat | ChatId, slot: str = "asked", **changes: Any) -> Issue:
    return issue(chat, slot, **{"priority": Priority.URGENT, "moves_schedule": False, "next_at": None} | changes)


async def add_source(store: Storage, name: str = "Колесо", **changes: Any) -> Source:
    return await store.news.add_source(spec(name, **changes), now=NOW)


async def new_chat(store: Storage, telegram_id: int = 100, kind: ChatKind = ChatKind.PRIVATE) -> Chat:
    return await store.chats.ensure(telegram_id, kind=kind, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW)


async def active_chat(store: Storage, telegram_id: int = 100, *, next_at: datetime = NOW) -> Chat:
    chat = await new_chat(store, telegram_id)
    return await store.chats.schedule(chat.id, times=[540], zone="Europe/Moscow", next_at=next_at)
