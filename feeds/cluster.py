"""Which articles tell the same story. Pure: it is given what is known nearby and answers with drafts.

Two articles are one story when they share a canonical address, or a title long enough to be no column's standing head
(«Итоги недели») within the window. Similarity of differing tellings belongs behind the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from feeds.model import Item, StoryDraft, StoryId, Telling

WINDOW = timedelta(hours=72)
"""How far apart two tellings of one story may be published."""

_TELLING_WORDS = 4


def group(items: Sequence[Item], known: Sequence[Telling]) -> tuple[StoryDraft, ...]:
    """Put new items into the stories of ``known`` tellings, or together into new ones; order is kept."""
    drafts: list[tuple[StoryId | None, list[Item]]] = []
    for item in items:
        story = next((telling.story_id for telling in known if _same(item, telling)), None)
        for story_id, members in drafts:
            if (story is not None and story_id == story) or any(_same(item, member) for member in members):
                members.append(item)
                break
        else:
            drafts.append((story, [item]))
    return tuple(StoryDraft(story_id=story_id, items=tuple(members)) for story_id, members in drafts)


def foldable(title_key: str) -> bool:
    """Say whether a title says enough for two articles that bear it to be the same story."""
    return len(title_key.split()) >= _TELLING_WORDS


def _same(item: Item, other: Item | Telling) -> bool:
    if item.url == other.url:
        return True
    if item.title_key != other.title_key or not foldable(item.title_key):
        return False
    return abs(item.published_at - other.published_at) <= WINDOW
