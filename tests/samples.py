"""Made-up clocks, news, chats and digests that the tests of several rooms share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from feeds.atonce import Reach
from feeds.issue import Chat, ChatId, ChatKind, Digest, DigestKind, DigestStory, Section
from feeds.model import (
    Item,
    ItemId,
    Opinion,
    SourceId,
    StoredItem,
    Story,
    StoryId,
)

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""A Sunday, eight in the morning in Moscow."""
HOUR = timedelta(hours=1)


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, delta: timedelta) -> datetime:
        self.now += delta
        return self.now


async def nobody(_story: Story) -> Reach:
    """Say that a story goes to nobody at once."""
    return Reach()


def chat(**changes: Any) -> Chat:
    values: dict[str, Any] = {"id": ChatId(1), "telegram_id": 100, "kind": ChatKind.PRIVATE, "created_at": NOW}
    return Chat(**values | changes)


def told(number: int, **changes: Any) -> DigestStory:
    """A story as a digest tells it."""
    values: dict[str, Any] = {
        "story_id": StoryId(number),
        "headline": f"Новость номер {number}",
        "summary": "Коротко о главном.",
        "url": f"https://koleso.example/{number}",
        "sources": ("Колесо",),
        "published_at": NOW - HOUR,
    }
    return DigestStory(**values | changes)


def opinion(text: str = "Так и надо.", label: str = "Мнение редакции") -> Opinion:
    return Opinion(label=label, text=text)


def digest(*stories: DigestStory, **changes: Any) -> Digest:
    """A digest of one section, or of the ``sections`` given."""
    values: dict[str, Any] = {
        "kind": DigestKind.SCHEDULED,
        "made_at": NOW,
        "sections": (Section(topic=None, stories=stories or (told(1),)),),
    }
    return Digest(**values | changes)


def item(key: str, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "source_id": SourceId(1),
        "key": key,
        "url": f"https://koleso.example/{key}",
        "title": f"Новость {key}",
        "title_key": f"новость {key}",
        "summary": "Коротко о главном.",
        "text_hash": f"hash {key}",
        "published_at": NOW - HOUR,
    }
    return Item(**values | changes)


def stored(key: str, *, source: str = "Колесо", weight: float = 1.0, **changes: Any) -> StoredItem:
    return StoredItem(id=ItemId(1), item=item(key, **changes), source_name=source, source_weight=weight)


def story(number: int, *items: StoredItem, topics: Sequence[str] = (), **changes: Any) -> Story:
    """A story; without items, of one telling with these ``changes``."""
    tellings = items or (stored(str(number), **changes),)
    return Story(id=StoryId(number), topics=tuple(topics), items=tellings)
