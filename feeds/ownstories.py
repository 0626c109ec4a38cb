"""Which stories the own words of many chats choose; remembers what it read of a story while the story stays in sight.

Knows nothing of when or to whom anything is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from feeds.issue import Chat
from feeds.model import Story, StoryId
from feeds.ownwords import OwnTopics, Vocabulary, known_own_topic, vocabulary

TEXT = 2000
"""Characters of each telling's text that are looked at: a word that first comes later is not what it is about."""

_TURN = 50


class OwnStories:
    """Matches stories with own topics, giving the loop a turn in between."""

    def __init__(self) -> None:
        self._read: dict[tuple[StoryId, tuple[str, ...]], Vocabulary] = {}

    async def choose(self, stories: Sequence[Story], chats: Iterable[Chat]) -> Mapping[StoryId, frozenset[str]]:
        """For each story, the texts of the own topics that it is for; stories for nobody's are left out."""
        texts = sorted({text for chat in chats for text in chat.words})
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


def story_fields(story: Story) -> list[str]:
    """Give what own topics are compared with: every telling's title, summary and the beginning of its text."""
    items = [stored.item for stored in story.items]
    return [field for item in items for field in (item.title, item.summary, item.text[:TEXT]) if field]
