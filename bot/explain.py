"""``autodigest explain``: why a story is one story, has its topics and opinion, and ranks where it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from bot.i18n import Words, words_for
from bot.settings import load_settings
from feeds.clock import utc_now
from feeds.cluster import WINDOW
from feeds.digest import score, tell
from feeds.gist import packaged
from feeds.links import canonical_link
from feeds.model import StoredItem, Story, StoryId, Telling
from feeds.tagging import evidence_of
from feeds.topics import Catalogue
from feeds.window import ATTACH, Window
from storage import Storage, open_storage

_NEAREST = 3


async def explain_story(asked: str, lang: str) -> int:
    """Print all decisions about a story, named by its number or by the address of one of its articles."""
    settings, words, catalogue = load_settings(), words_for(lang), packaged()
    now = utc_now()
    async with await open_storage(settings.database, exclusive=False) as store:
        story = await _find(store, asked, now=now)
        if story is None:
            sys.stderr.write(words("explain-nothing", asked=asked) + "\n")
            return 1
        since = story.items[0].item.published_at - WINDOW
        around = await store.news.recent_stories(since=since)
    explained = Explained(story, around, words=words, zone=settings.timezone, catalogue=catalogue)
    sys.stdout.write("\n".join(explained.lines(now=now)) + "\n")
    return 0


async def _find(store: Storage, asked: str, *, now: datetime) -> Story | None:
    if asked.isdecimal() and len(asked) < 19:
        return await store.news.story(StoryId(int(asked)))
    url = canonical_link(asked, None)
    if url is None:
        return None
    found = await store.news.matching_tellings(urls=[url], title_keys=[], since=now)
    return await store.news.story(found[-1].story_id) if found else None


class Explained:
    """A story with those told around it, written line by line."""

    def __init__(self, story: Story, around: Sequence[Story], *, words: Words, zone: str, catalogue: Catalogue) -> None:
        self._story = story
        self._around = {one.id: one for one in (*around, story)}
        self._words = words
        self._zone = zone
        self._catalogue = catalogue
        self._window = Window()
        for one in self._around.values():
            for stored in one.items:
                self._window.add(_telling(one.id, stored))

    def lines(self, *, now: datetime) -> Iterator[str]:
        """Write everything there is to say."""
        told = tell(self._story)
        yield self._words("explain-story", id=str(self._story.id), headline=told.headline)
        yield from self._items()
        yield from self._likeness()
        yield from self._topics()
        yield from self._opinions()
        yield from self._rank(now)

    def _items(self) -> Iterator[str]:
        yield self._words("explain-items", count=len(self._story.items))
        for number, stored in enumerate(self._story.items, 1):
            at = self._words.moment(stored.item.published_at, self._zone)
            yield f"  {number}. {at} · {stored.source_name} · {stored.item.title}"
            yield f"     {stored.item.url}"

    def _likeness(self) -> Iterator[str]:
        yield self._words("explain-likeness", threshold=_figure(ATTACH))
        entries = [self._window.entry(stored.item) for stored in self._story.items]
        for (one, first), (two, second) in combinations(enumerate(entries, 1), 2):
            yield f"  {one} ~ {two}: {_figure(self._window.likeness(first, second))}"
        near = (liked for liked in self._window.resembling(entries[0], limit=_NEAREST + 1))
        for liked in [one for one in near if one.story_id != self._story.id][:_NEAREST]:
            title = self._around[liked.story_id].items[0].item.title
            yield self._words("explain-other", id=str(liked.story_id), title=title, value=_figure(liked.value))

    def _topics(self) -> Iterator[str]:
        names = [self._name(topic) for topic in self._story.topics]
        yield self._words("explain-topics", topics=", ".join(names) or "—")
        for number, stored in enumerate(self._story.items, 1):
            for one in evidence_of(self._catalogue, stored.item, stored.source_topics):
                seen = ", ".join(f"«{word}»" for word in one.words)
                yield f"  {number}. {self._name(one.topic)} {_figure(one.score)}: {seen or '—'}"

    def _name(self, topic_id: str) -> str:
        topic = self._catalogue.get(topic_id)
        return topic.name[self._words.lang] if topic else topic_id

    def _opinions(self) -> Iterator[str]:
        judged = [(number, stored.item) for number, stored in enumerate(self._story.items, 1) if stored.item.opinion]
        if not judged:
            yield self._words("explain-no-opinion")
        for number, item in judged:
            if item.opinion is not None:
                size = len(item.opinion.text)
                yield self._words("explain-opinion", number=str(number), label=item.opinion.label, size=size)
                yield f"  {item.opinion.text}"

    def _rank(self, now: datetime) -> Iterator[str]:
        parts = score(self._story, now=now)
        yield self._words(
            "explain-rank",
            total=_figure(parts.total),
            sources=_figure(parts.sources),
            wanted=_figure(parts.wanted),
            novelty=_figure(parts.novelty),
        )


def _telling(story_id: StoryId, stored: StoredItem) -> Telling:
    item = stored.item
    return Telling(
        story_id=story_id,
        source_id=item.source_id,
        url=item.url,
        title=item.title,
        title_key=item.title_key,
        published_at=item.published_at,
        key=item.key,
        text=item.text or item.summary,
        lang=item.lang,
    )


def _figure(value: float) -> str:
    return f"{value:.2f}"
