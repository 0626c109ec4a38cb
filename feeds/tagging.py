"""Which topics an article has: hands its parts to the catalogue, at ingest and again when the rules have changed."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.model import Item, Story
from feeds.topics import Catalogue

_BODY = 4000
"""Characters of the text that are looked at: what a story is about is said before that."""


def tag_item(catalogue: Catalogue, item: Item, source_topics: Sequence[str]) -> tuple[str, ...]:
    """Name the topics of an article, best first."""
    evidence = catalogue.tag(
        title=item.title,
        lead=item.summary,
        body=item.text[:_BODY],
        categories=item.categories,
        url=item.url,
        source_topics=source_topics,
    )
    return tuple(one.topic for one in evidence)


def tag_story(catalogue: Catalogue, story: Story) -> tuple[str, ...]:
    """Name the topics of a story: those of whoever told it first."""
    first = story.items[0]
    return tag_item(catalogue, first.item, first.source_topics)
