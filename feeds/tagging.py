"""Which topics an article has: hands its parts to the catalogue, at ingest and again when the rules have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from feeds.model import Item, Story
from feeds.topics import Catalogue, Evidence

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


def majority(tellings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Keep the topics that at least half of the tellings have, each given best first: the most common first."""
    counts = Counter(topic for telling in tellings for topic in telling)
    places = {topic: min(one.index(topic) for one in tellings if topic in one) for topic in counts}
    kept = (topic for topic, times in counts.items() if 2 * times >= len(tellings))
    return tuple(sorted(kept, key=lambda topic: (-counts[topic], places[topic], topic)))
