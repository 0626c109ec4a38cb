"""What the benchmarks send: a typical issue, about 1,500 Cyrillic characters with some forty entities and a button."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.edition import Edition
from bot.markup import Message
from feeds.issue import (
    Chat,
    ChatId,
    ChatKind,
    ChatState,
    Digest,
    DigestKind,
    DigestStory,
    OutboxId,
    Parcel,
    Section,
)
from feeds.model import Opinion, StoryId
from feeds.topics import load_catalogue

CHOICES = 200
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
_SUMMARY = "Новая версия получила полный привод и батарею на 90 кВт·ч, цены объявят в марте, сообщает «Колесо»."


def story(number: int) -> DigestStory:
    """Make up a story."""
    opinion = Opinion(label="Мнение редакции", text="Так и надо: ждать осталось недолго, а выбор станет больше.")
    return DigestStory(
        story_id=StoryId(number),
        headline=f"Седьмой кроссовер завода № {number} вышел на испытания",
        summary=_SUMMARY,
        url=f"https://koleso.example/news/2026/11/22/krossover-{number}/",
        sources=("Колесо", "Руль.Пример", "Мотор & Ко"),
        published_at=NOW - timedelta(hours=2),
        topics=("new_models",),
        opinion=opinion if number % 3 == 0 else None,
        opinion_source="Колесо" if number % 3 == 0 else None,
    )


@lru_cache(maxsize=CHOICES)
def typical_digest(choice: int = 0) -> Digest:
    """Seven stories under three headings, a little different for each choice of topics; the very same each time."""
    topics = ("new-models", "ev", None)
    cuts = ((1, 4), (4, 6), (6, 8))
    sections = tuple(
        Section(topic=topic, stories=tuple(story(number) for number in range(*cut)))
        for topic, cut in zip(topics, cuts, strict=True)
    )
    return Digest(kind=DigestKind.SCHEDULED, made_at=NOW, sections=sections, left_over=choice, next_at=NOW)


def parcel(number: int) -> Parcel:
    """Make up a claimed issue for one of many private chats."""
    chat = Chat(
        id=ChatId(number),
        telegram_id=1000 + number,
        kind=ChatKind.PRIVATE,
        state=ChatState.ACTIVE,
        times=(480,),
        created_at=NOW,
    )
    digest = typical_digest(number % CHOICES)
    return Parcel(id=OutboxId(number), chat=chat, slot="2026-11-22T05:00Z", digest=digest, due_at=NOW)


EDITION = Edition(load_catalogue(), username=lambda: "autodigest_bot")
TYPICAL: Message = EDITION.write(parcel(1))[0]
