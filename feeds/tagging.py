"""Which topics an article has: hands its parts to the catalogue, at ingest and again when the rules have changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

from feeds.model import Item, SourceId, Story
from feeds.topics import Catalogue, Evidence

_Read = tuple[str, tuple[str, ...]]

_REMEMBERED: Final = 20_000
_BODY = 4000
"""Characters of the text that are looked at: what a story is about is said before that."""


def tag_item(catalogue: Catalogue, item: Item, source_topics: Sequence[str]) -> tuple[str, ...]:
    """Name the topics of an article, best first."""
    return tuple(one.topic for one in evidence_of(catalogue, item, source_topics))


def evidence_of(catalogue: Catalogue, item: Item, source_topics: Sequence[str]) -> tuple[Evidence, ...]:
    """Say which topics an article has and why, best first."""
    return catalogue.tag(
        title=item.title,
        lead=item.summary,
        body=item.text[:_BODY],
        categories=item.categories,
        url=item.url,
        source_topics=source_topics,
    )


def tag_story(catalogue: Catalogue, story: Story) -> tuple[str, ...]:
    """Name the topics of a story: those of at least half of its tellings."""
    return majority([tag_item(catalogue, stored.item, stored.source_topics) for stored in story.items])


class Tags:
    """Topics of articles, found once for each as long as its text is the same: a story told often is tagged often."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._found: dict[tuple[SourceId, str], tuple[_Read, tuple[str, ...]]] = {}

    def keep(self, item: Item, source_topics: Sequence[str], topics: tuple[str, ...]) -> None:
        """Take note of topics that somebody found already by the same rules."""
        if len(self._found) >= _REMEMBERED:
            del self._found[next(iter(self._found))]
        self._found[item.source_id, item.key] = (item.text_hash, tuple(source_topics)), topics

    def of(self, item: Item, source_topics: Sequence[str]) -> tuple[str, ...]:
        """Name the topics of an article, best first."""
        read, topics = self._found.get((item.source_id, item.key), (None, ()))
        if read != (item.text_hash, tuple(source_topics)):
            topics = tag_item(self._catalogue, item, source_topics)
            self.keep(item, source_topics, topics)
        return topics

    async def of_story(self, story: Story) -> tuple[str, ...]:
        """Name the topics of a story: those of at least half of its tellings. Others get a turn between two of them."""
        tellings = []
        for stored in story.items:
            tellings.append(self.of(stored.item, stored.source_topics))
            await asyncio.sleep(0)
        return majority(tellings)


def majority(tellings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Keep the topics that at least half of the tellings have, each given best first: the most common first."""
    counts = Counter(topic for telling in tellings for topic in telling)
    places = {topic: min(one.index(topic) for one in tellings if topic in one) for topic in counts}
    kept = (topic for topic, times in counts.items() if 2 * times >= len(tellings))
    return tuple(sorted(kept, key=lambda topic: (-counts[topic], places[topic], topic)))
