"""Composes for many chats from the same stories, once for each different choice. Knows no store and no Telegram."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.digest import SIZE, Choice, choice_of, compose, matching
from feeds.issue import Chat, Digest, DigestKind, DigestStory
from feeds.model import Story, StoryId
from feeds.related import RelatedStories


class Composer:
    """Composes for many chats from the same stories, once for each different choice.

    ``own`` may be changed for other chats: a choice of own words is made by its own texts only.
    """

    KEPT = 2000

    def __init__(
        self,
        stories: Sequence[Story],
        *,
        own: Mapping[StoryId, frozenset[str]],
        themes: tuple[str, ...],
        languages: frozenset[str],
        now: datetime,
        window: timedelta,
    ) -> None:
        self.stories = stories
        self.own = own
        self.now = now
        self.made = 0
        """How many compositions were made."""
        self._covering = frozenset(story_id for story in stories for story_id in (story.id, *story.linked))
        self._themes = themes
        self._languages = languages
        self._window = window
        self._by_topic: dict[str, list[Story]] = {}
        for story in stories:
            for topic in story.topics:
                self._by_topic.setdefault(topic, []).append(story)
        self._counted: dict[Choice, int] = {}
        self._made: dict[tuple[Choice, DigestKind], Digest | None] = {}
        self._whole: dict[tuple[int, datetime | None], tuple[Digest, Digest]] = {}
        """By the identity of a composition, which is held so that no other one gets it."""

    def compose(self, chat: Chat, covered: frozenset[StoryId], *, kind: DigestKind, size: int = SIZE) -> Digest | None:
        """Compose for one chat; None when nothing is new for it."""
        choice = self._choice(chat, covered)
        key = (choice, kind)
        if key not in self._made:
            self.made += 1
            if len(self._made) >= self.KEPT:
                self._made.clear()
            self._made[key] = compose(
                self._matching(choice),
                themes=self._themes,
                preferred=chat.topics,
                taste=choice.taste,
                own={story_id for story_id, texts in self.own.items() if not choice.words.isdisjoint(texts)},
                kind=kind,
                now=self.now,
                hours=int(self._window.total_seconds() // 3600),
                size=size,
            )
        return self._made[key]

    def count(self, chat: Chat, covered: frozenset[StoryId] = frozenset()) -> int:
        """Count what is for a chat beside what it already got."""
        choice = self._choice(chat, covered)
        if choice not in self._counted:
            if len(self._counted) >= self.KEPT:
                self._counted.clear()
            self._counted[choice] = len(self._matching(choice))
        return self._counted[choice]

    def _choice(self, chat: Chat, covered: frozenset[StoryId]) -> Choice:
        return choice_of(chat, covered=covered & self._covering, languages=self._languages, now=self.now)

    def _matching(self, choice: Choice) -> Sequence[Story]:
        return matching(self._candidates(choice), choice, since=self.now - self._window, own=self.own)

    def _candidates(self, choice: Choice) -> Sequence[Story]:
        """Pick what has one of the topics or may match own words: of ten thousand stories few are looked at."""
        if not choice.topics:
            return self.stories if not choice.words else [one for one in self.stories if one.id in self.own]
        near = {story.id: story for topic in choice.topics for story in self._by_topic.get(topic, ())}
        near |= {story.id: story for story in self.stories if choice.words and story.id in self.own}
        return [near[story_id] for story_id in sorted(near)]

    def foremost(self, lang: str, *, limit: int) -> Sequence[DigestStory]:
        """Give the best stories for who reads a language and has chosen nothing, the very best first."""
        choice = Choice(reads=self._languages & {lang}, first=lang)
        digest = compose(self._matching(choice), themes=self._themes, kind=DigestKind.ASKED, now=self.now, size=limit)
        stories = digest.stories if digest else ()
        return sorted(stories, key=lambda story: -story.score.total if story.score else 0.0)

    async def complete(
        self,
        digest: Digest,
        upcoming: datetime | None,
        related: RelatedStories,
        *,
        besides: Collection[StoryId] = (),
    ) -> Digest:
        """Add what is related and when the next issue comes: the very same object for all who get the same.

        ``besides`` are stories told beside it, which are no further reading; the same in each call.
        """
        key = (id(digest), upcoming)
        if key not in self._whole:
            if len(self._whole) >= self.KEPT:
                self._whole.clear()
            self._whole[key] = (digest, replace(await related.complete(digest, besides=besides), next_at=upcoming))
        return self._whole[key][1]
