"""Which articles tell the same story. Pure: it is given what is known nearby and answers with drafts.

Two articles are one story when they share a canonical address, or a title long enough to be no column's standing head
(«Итоги недели») within the window. Similarity of differing tellings belongs behind the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from feeds.model import Item, StoryDraft, StoryId, Telling

WINDOW = timedelta(hours=72)
"""How far apart two tellings of one story may be published."""

_TELLING_WORDS = 4


def group(items: Sequence[Item], known: Sequence[Telling]) -> tuple[StoryDraft, ...]:
    """Put new items into the stories of ``known`` tellings, or together into new ones; order is kept."""
    told, drafted = _Places(), _Places()
    for place, telling in enumerate(known):
        told.add(telling, place)
    drafts: list[tuple[StoryId | None, list[Item]]] = []
    of_story: dict[StoryId, int] = {}
    for item in items:
        known_at = told.first(item)
        story = None if known_at is None else known[known_at].story_id
        near = [
            at for at in (drafted.first(item), of_story.get(story) if story is not None else None) if at is not None
        ]
        place = min(near, default=len(drafts))
        if place == len(drafts):
            drafts.append((story, []))
            if story is not None:
                of_story[story] = place
        drafts[place][1].append(item)
        drafted.add(item, place)
    return tuple(StoryDraft(story_id=story_id, items=tuple(members)) for story_id, members in drafts)


class _Places:
    """Where tellings stand in a row, by what makes two of them one story: found without comparing each with all."""

    def __init__(self) -> None:
        self._by_url: dict[str, int] = {}
        self._by_title: dict[str, list[tuple[int, datetime]]] = {}

    def add(self, telling: Item | Telling, place: int) -> None:
        self._by_url[telling.url] = min(place, self._by_url.get(telling.url, place))
        self._by_title.setdefault(telling.title_key, []).append((place, telling.published_at))

    def first(self, item: Item) -> int | None:
        """Find the first place of a telling that is the same story as this article."""
        places = [self._by_url[item.url]] if item.url in self._by_url else []
        if item.title_key in self._by_title and foldable(item.title_key):
            told = self._by_title[item.title_key]
            places += [place for place, at in told if abs(item.published_at - at) <= WINDOW]
        return min(places, default=None)


def foldable(title_key: str) -> bool:
    """Say whether a title says enough for two articles that bear it to be the same story."""
    return len(title_key.split()) >= _TELLING_WORDS
