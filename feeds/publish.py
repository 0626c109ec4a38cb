"""From due chats to issues in the outbox: the stretch of the pipeline that ends with commit 2.

Chats that want the same get one composition: a hundred thousand subscribers cost as many compositions as they made
different choices. Knows no SQL, no Telegram and no language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.clock import Clock
from feeds.digest import Choice, compose, matching
from feeds.issue import Chat, Digest, DigestKind, Issue, Priority
from feeds.model import Story, StoryId
from feeds.ownstories import OwnStories
from feeds.pipeline import Archive, ChatStore, IssueStore, NewsStore
from feeds.related import RelatedStories
from feeds.schedule import next_issue, slot_key
from feeds.tagging import tag_story
from feeds.topics import Catalogue

FRESH = timedelta(seconds=30)
"""How long one reading of the stories serves those who are due in the same minute."""

DAY = timedelta(hours=24)
WIDER = timedelta(hours=72)
"""How far back a digest that somebody asked for looks when the last day brought nothing."""

REMEMBERED = timedelta(days=8)
"""How long it is remembered what a chat already got: longer than any window looked at."""


class Publish:
    """Composes issues when they are due, and at once for a person who asks."""

    BATCH = 250
    RETAG_BATCH = 500

    def __init__(
        self,
        *,
        news: NewsStore,
        chats: ChatStore,
        issues: IssueStore,
        catalogue: Catalogue,
        clock: Clock,
        archive: Archive | None = None,
    ) -> None:
        self._news = news
        self._chats = chats
        self._issues = issues
        self._catalogue = catalogue
        self._themes = tuple(theme.id for theme in catalogue.themes)
        self._clock = clock
        self._own = OwnStories()
        self._related = RelatedStories(archive, clock=clock)

    async def publish_due(self) -> int:
        """Enqueue an issue for every chat that is due; return how many were enqueued."""
        enqueued, composer = 0, None
        while chats := await self._chats.due_chats(now=self._clock(), limit=self.BATCH):
            if composer is None or self._clock() - composer.now > FRESH:
                composer = await self._composer(self._clock(), chats, window=DAY)
            else:
                composer.own = await self._own.choose(composer.stories, chats)
            enqueued += await self._publish(chats, composer)
        return enqueued

    async def publish_asked(self, chat: Chat, *, slot: str, kind: DigestKind = DigestKind.ASKED) -> Digest | None:
        """Enqueue a digest for one person now; None when there is nothing new for them even in three days.

        ``slot`` names the request, so that a request delivered twice is answered once.
        """
        if (issued := await self._issues.issued(chat.id, slot)) is not None:
            return issued
        now = self._clock()
        for window in (DAY, WIDER):
            composer = await self._composer(now, [chat], window=window)
            covered = await self._chats.covered([chat.id], since=now - REMEMBERED)
            digest = composer.compose(chat, covered.get(chat.id, frozenset()), kind=kind)
            if digest is not None:
                digest = await self._related.complete(digest)
                issue = Issue(
                    chat_id=chat.id,
                    slot=slot,
                    digest=replace(digest, next_at=chat.next_at),
                    priority=Priority.URGENT,
                    due_at=now,
                    moves_schedule=False,
                )
                await self._issues.commit_issues([issue], now=now)
                return issue.digest
        return None

    async def preview(self, chat: Chat) -> Digest | None:
        """Compose what a chat would get now, and keep nothing of it."""
        now = self._clock()
        for window in (DAY, WIDER):
            composer = await self._composer(now, [chat], window=window)
            digest = composer.compose(chat, frozenset(), kind=DigestKind.ASKED)
            if digest is not None:
                return await self._related.complete(digest)
        return None

    async def retag_stale(self) -> int:
        """Give stories that were tagged by other rules the topics of these, so that an edited rule works at once."""
        fingerprint, since, done = self._catalogue.fingerprint, self._clock() - WIDER, 0
        while stale := await self._news.stale_stories(fingerprint, since=since, limit=self.RETAG_BATCH):
            await self._news.retag(
                {story.id: tag_story(self._catalogue, story) for story in stale}, fingerprint=fingerprint
            )
            done += len(stale)
        return done

    async def _publish(self, chats: Sequence[Chat], composer: Composer) -> int:
        now = self._clock()
        ids = [chat.id for chat in chats]
        covered = await self._chats.covered(ids, since=now - REMEMBERED)
        missed = await self._issues.missed(ids)
        next_of: dict[tuple[tuple[int, ...], str], datetime | None] = {}
        whole: dict[tuple[int, datetime | None], Digest] = {}
        issues = []
        for chat in chats:
            rhythm = (chat.times, chat.zone)
            if rhythm not in next_of:
                # Slots missed during an outage melt into this one: the next is looked for from now on.
                next_of[rhythm] = next_issue(*rhythm, after=now)
            upcoming, made = next_of[rhythm], composer.made
            digest = composer.compose(chat, covered.get(chat.id, frozenset()), kind=DigestKind.SCHEDULED)
            if digest is not None:
                # The very same object for all who get the same: it is written out once.
                key = (id(digest), upcoming)
                if key not in whole:
                    whole[key] = replace(await self._related.complete(digest), next_at=upcoming)
                digest = replace(whole[key], missed=missed[chat.id]) if chat.id in missed else whole[key]
            issues.append(_scheduled(chat, digest, upcoming=upcoming, now=now))
            if composer.made != made:
                await asyncio.sleep(0)
        return await self._issues.commit_issues(issues, now=now)

    async def _composer(self, now: datetime, chats: Sequence[Chat], *, window: timedelta) -> Composer:
        stories = await self._news.recent_stories(since=now - window)
        return Composer(
            stories,
            own=await self._own.choose(stories, chats),
            themes=self._themes,
            languages=await self._news.languages(),
            now=now,
            window=window,
        )


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
        self._made: dict[tuple[Choice, DigestKind], Digest | None] = {}

    def compose(self, chat: Chat, covered: frozenset[StoryId], *, kind: DigestKind) -> Digest | None:
        """Compose for one chat; None when nothing is new for it."""
        # A language that no source speaks would silence the chat: then it does not filter.
        choice = Choice(
            topics=chat.topics,
            words=frozenset(chat.words),
            reads=self._languages & frozenset(chat.reads),
            covered=covered & self._covering,
            first=chat.lang,
        )
        key = (choice, kind)
        if key not in self._made:
            self.made += 1
            if len(self._made) >= self.KEPT:
                self._made.clear()
            self._made[key] = compose(
                matching(self.stories, choice, since=self.now - self._window, own=self.own),
                themes=self._themes,
                preferred=chat.topics,
                own={story_id for story_id, texts in self.own.items() if not choice.words.isdisjoint(texts)},
                kind=kind,
                now=self.now,
                hours=int(self._window.total_seconds() // 3600),
            )
        return self._made[key]


def _scheduled(chat: Chat, digest: Digest | None, *, upcoming: datetime | None, now: datetime) -> Issue:
    due_at = chat.next_at or now
    return Issue(
        chat_id=chat.id,
        slot=slot_key(due_at),
        digest=digest,
        due_at=due_at,
        next_at=upcoming,
    )
