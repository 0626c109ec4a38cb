"""What else there was, beyond an issue: the stories that matched and were not among its best, page after page.

Nothing is kept of it: a page turned to a month later is composed again as it was, from the stories of those hours and
what the reader had got before them, as long as the archive has them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from feeds.digest import SIZE, Choice, choice_of, compose, half_life_over, matching, ranking
from feeds.issue import Chat, Digest
from feeds.model import StoryId
from feeds.newsstand import Newsstand
from feeds.ownstories import OwnStories
from feeds.pipeline import Archive, ChatStore, NewsStore
from feeds.topics import Catalogue

REMEMBERED = timedelta(days=8)


class Further:
    """Composes the pages after an issue."""

    def __init__(
        self,
        *,
        news: NewsStore,
        stand: Newsstand,
        chats: ChatStore,
        catalogue: Catalogue,
        archive: Archive | None = None,
    ) -> None:
        self._news = news
        self._stand = stand
        self._chats = chats
        self._themes = tuple(theme.id for theme in catalogue.themes)
        self._own = OwnStories(archive)

    async def page(self, chat: Chat, issue: Digest, page: int, *, size: int = SIZE) -> Digest | None:
        """Compose page ``page`` (0 is the first after the issue); None when nothing is left for it."""
        begin = issue.made_at - timedelta(hours=issue.hours)
        stories = [
            story
            for story in await self._stand.stories(since=begin)
            if story.items[0].item.published_at <= issue.made_at
        ]
        own = await self._own.choose_for(stories, chat, since=begin)
        choice = await self._choice(chat, issue, {story.story_id for story in issue.stories})
        matched = matching(stories, choice, since=begin, own=own)
        chosen_by_words = {story_id for story_id, texts in own.items() if not choice.words.isdisjoint(texts)}
        ranked = ranking(
            matched,
            now=issue.made_at,
            preferred=choice.topics,
            own=chosen_by_words,
            taste=choice.taste,
            half_life=half_life_over(issue.kind, issue.hours),
        )
        digest = compose(
            ranked[page * size : (page + 1) * size],
            themes=self._themes,
            preferred=choice.topics,
            own=chosen_by_words,
            taste=choice.taste,
            kind=issue.kind,
            now=issue.made_at,
            hours=issue.hours,
            size=size,
        )
        return digest and replace(digest, left_over=max(len(ranked) - (page + 1) * size, 0))

    async def _choice(self, chat: Chat, issue: Digest, told: Collection[StoryId]) -> Choice:
        since = issue.made_at - REMEMBERED
        before = await self._chats.covered([chat.id], since=since, before=issue.made_at)
        covered = before.get(chat.id, frozenset()) | frozenset(told)
        return choice_of(chat, covered=covered, languages=await self._news.languages(), now=issue.made_at)
