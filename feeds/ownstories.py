"""Which stories the own words of many chats choose; remembers what it read of a story while the story stays in sight.

Knows nothing of when or to whom anything is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from feeds.hiding import hidden_words
from feeds.issue import Chat
from feeds.model import Story, StoryId
from feeds.ownwords import OwnTopic, OwnTopics, Vocabulary, known_own_topic, matches, vocabulary
from feeds.pipeline import Archive

TEXT = 2000
"""Characters of each telling's text that are looked at: a word that first comes later is not what it is about."""

_TURN = 50
_REMEMBERED = 2000
_TOLD_ON = timedelta(days=4)
"""A story may have begun so long before the window: the word may stand in an early telling."""


class OwnStories:
    """Matches stories with own topics, giving the loop a turn in between."""

    def __init__(self, archive: Archive | None = None) -> None:
        self._archive = archive
        self._read: dict[tuple[StoryId, tuple[str, ...]], Vocabulary] = {}
        self._looked_at: dict[tuple[StoryId, tuple[str, ...]], Vocabulary] = {}

    async def choose(self, stories: Sequence[Story], chats: Iterable[Chat]) -> Mapping[StoryId, frozenset[str]]:
        """For each story, the texts of the own topics and hidden words it is for; stories for nobody's are left out."""
        texts = sorted({text for chat in chats for text in (*chat.words, *hidden_words(chat.settings.hidden))})
        known = [(text, topic) for text in texts if (topic := known_own_topic(text))]
        if not known:
            return {}
        index = OwnTopics([topic for _, topic in known])
        chosen: dict[StoryId, frozenset[str]] = {}
        kept: dict[tuple[StoryId, tuple[str, ...]], Vocabulary] = {}
        for count, story in enumerate(stories):
            if count % _TURN == 0:
                await asyncio.sleep(0)
            key = (story.id, tuple(stored.item.text_hash for stored in story.items))
            words = kept[key] = self._read.get(key) or vocabulary(story_fields(story))
            if found := index.match(words):
                chosen[story.id] = frozenset(known[number][0] for number in found)
        self._read = kept
        return chosen

    async def choose_for(
        self, stories: Sequence[Story], chat: Chat, *, since: datetime
    ) -> Mapping[StoryId, frozenset[str]]:
        """Do so for one chat that waits: the archive names the few stories that need be read."""
        texts = sorted({*chat.words, *hidden_words(chat.settings.hidden)})
        if self._archive is None or not texts:
            return await self.choose(stories, [chat])
        known = [(text, topic) for text in texts if (topic := known_own_topic(text))]
        telling = sorted({word for _, topic in known for word in _telling_words(topic)})
        near = await self._archive.having(telling, since=since - _TOLD_ON)
        chosen: dict[StoryId, frozenset[str]] = {}
        for count, story in enumerate(one for one in stories if one.id in near):
            if count % _TURN == 0:
                await asyncio.sleep(0)
            words = self._words_of(story)
            if found := frozenset(text for text, topic in known if matches(topic, words)):
                chosen[story.id] = found
        return chosen

    def _words_of(self, story: Story) -> Vocabulary:
        key = (story.id, tuple(stored.item.text_hash for stored in story.items))
        if (known := self._read.get(key) or self._looked_at.get(key)) is None:
            if len(self._looked_at) >= _REMEMBERED:
                self._looked_at.clear()
            known = self._looked_at[key] = vocabulary(story_fields(story))
        return known


def _telling_words(topic: OwnTopic) -> list[str]:
    """Of each alternative the longest root, which few stories have: each story for it has that one."""
    return [max((word for term in part for word in term), key=lambda word: (len(word), word)) for part in topic.wanted]


def story_fields(story: Story) -> list[str]:
    """Give what own topics are compared with: every telling's title, summary and the beginning of its text."""
    items = [stored.item for stored in story.items]
    return [field for item in items for field in (item.title, item.summary, item.text[:TEXT]) if field]
