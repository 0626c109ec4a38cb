"""From due chats to issues in the outbox: the stretch of the pipeline that ends with commit 2.

Chats that want the same get one composition: a hundred thousand subscribers cost as many compositions as they made
different choices. Knows no SQL, no Telegram and no language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.chatsettings import Density
from feeds.clock import Clock
from feeds.composer import Composer
from feeds.counter import FRESH, Counter
from feeds.issue import Chat, ChatKind, Digest, DigestKind, Issue, Priority
from feeds.model import StoryId
from feeds.newsstand import KEPT
from feeds.occasion import DAY, WEEK, Occasion, by_occasion, early_occasion
from feeds.pipeline import Archive, ChatStore, IssueStore, NewsStore
from feeds.press import Press
from feeds.schedule import Rhythm, next_issue, rhythm_of, slot_key
from feeds.tagging import tag_story
from feeds.threads import by_thread
from feeds.topics import Catalogue

WIDER = KEPT
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
        self.press = Press(news=news, catalogue=catalogue, clock=clock, archive=archive)
        self.counter = Counter(self.press)
        self._news = news
        self._chats = chats
        self._issues = issues
        self._clock = clock

    async def publish_due(self) -> int:
        """Enqueue an issue for every chat that is due; return how many were enqueued."""
        enqueued = 0
        composers: dict[timedelta, Composer] = {}
        while due := await self._chats.due_chats(now=self._clock(), limit=self.BATCH):
            for what, chats in by_occasion(due, now=self._clock()):
                composer = composers.get(what.window)
                if composer is None or self._clock() - composer.now > FRESH:
                    composer = await self._composer(self._clock(), chats, window=what.window)
                    composers[what.window] = composer
                else:
                    composer.own = await self.press.own.choose(composer.stories, chats)
                async with self.press.composing.for_chats(chat.id for chat in chats):
                    enqueued += await self._publish(chats, composer, what)
        return enqueued

    async def publish_early(self, chat: Chat) -> int:
        """Enqueue an issue of a chat's schedule now; the schedule goes on as it was. 0 when nothing is new for it."""
        async with self.press.composing.for_chats([chat.id]):
            return await self._publish_early(chat)

    async def _publish_early(self, chat: Chat) -> int:
        now = self._clock()
        what = early_occasion(chat, now=now)
        composer = await self._composer(now, [chat], window=what.window)
        digest = composer.compose(chat, await self._covered(chat, now=now), kind=what.kind, size=what.size)
        if digest is None:
            return 0
        digest = await composer.complete(digest, chat.next_at, self.press.related)
        missed = (await self._issues.missed([chat.id])).get(chat.id)
        # Named by its first story too, which comes once: of two in a minute the second is another issue, and what two
        # people ask for at the same moment is the same one.
        slot = f"{slot_key(now)}+{digest.stories[0].story_id}"
        issue = replace(_scheduled(chat, digest, upcoming=chat.next_at, now=now), slot=slot, due_at=now, missed=missed)
        return await self._issues.commit_issues(by_thread(issue, chat.settings.threads), now=now)

    async def publish_asked(self, chat: Chat, *, slot: str, kind: DigestKind = DigestKind.ASKED) -> Digest | None:
        """Enqueue a digest for one person now; None when there is nothing new for them even in three days.

        ``slot`` names the request, so that a request delivered twice is answered once.
        """
        async with self.press.composing.for_chats([chat.id]):
            return await self._publish_asked(chat, slot, kind)

    async def _publish_asked(self, chat: Chat, slot: str, kind: DigestKind) -> Digest | None:
        if (issued := await self._issues.issued(chat.id, slot)) is not None:
            return issued
        now = self._clock()
        for window in (DAY, WIDER):
            covered = await self._covered(chat, now=now)
            composer = await self.counter.composer(chat, window=window)
            digest = composer.compose(chat, covered, kind=kind)
            if digest is not None:
                if chat.kind is not ChatKind.PRIVATE or chat.settings.density is Density.CARDS:
                    # A card that is opened looks for itself: whoever waits for an issue need not wait for that.
                    digest = await self.press.related.complete(digest)
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

    async def count_asked(self, chat: Chat) -> int:
        """Count the stories that ``publish_asked`` would choose from now."""
        covered = await self._covered(chat, now=self._clock())
        for window in (DAY, WIDER):
            if count := (await self.counter.composer(chat, window=window)).count(chat, covered):
                return count
        return 0

    async def preview(self, chat: Chat) -> Digest | None:
        """Compose what a chat would get now, and keep nothing of it."""
        for window in (DAY, WIDER):
            composer = await self.counter.composer(chat, window=window)
            digest = composer.compose(chat, frozenset(), kind=DigestKind.ASKED)
            if digest is not None:
                return await self.press.related.complete(digest)
        return None

    async def read_up(self) -> None:
        """Read the stories of the last days, so that nobody who asks waits for that."""
        await self.press.stand.stories(since=self._clock() - WIDER)

    async def retag_stale(self) -> int:
        """Give stories that were tagged by other rules the topics of these, so that an edited rule works at once."""
        catalogue, since, done = self.press.catalogue, self._clock() - WEEK, 0
        while stale := await self._news.stale_stories(catalogue.fingerprint, since=since, limit=self.RETAG_BATCH):
            tagged = {story.id: tag_story(catalogue, story) for story in stale}
            await self._news.retag(tagged, fingerprint=catalogue.fingerprint)
            done += len(stale)
        return done

    async def _covered(self, chat: Chat, *, now: datetime) -> frozenset[StoryId]:
        return (await self._chats.covered([chat.id], since=now - REMEMBERED)).get(chat.id, frozenset())

    async def _publish(self, chats: Sequence[Chat], composer: Composer, what: Occasion) -> int:
        now = self._clock()
        ids = [chat.id for chat in chats]
        covered = await self._chats.covered(ids, since=now - REMEMBERED)
        missed = await self._issues.missed(ids)
        next_of: dict[Rhythm, datetime | None] = {}
        issues = []
        for chat in chats:
            rhythm = rhythm_of(chat, now=now)
            if rhythm not in next_of:
                # Slots missed during an outage melt into this one: the next is looked for from now on.
                next_of[rhythm] = next_issue(rhythm, after=now)
            upcoming, made = next_of[rhythm], composer.made
            digest = composer.compose(chat, covered.get(chat.id, frozenset()), kind=what.kind, size=what.size)
            if digest is not None:
                digest = await composer.complete(digest, upcoming, self.press.related)
            issue = _scheduled(chat, digest, upcoming=upcoming, now=now)
            issue = replace(issue, missed=missed[chat.id]) if chat.id in missed else issue
            issues += by_thread(issue, chat.settings.threads)
            if composer.made != made:
                await asyncio.sleep(0)
        return await self._issues.commit_issues(issues, now=now)

    async def _composer(self, now: datetime, chats: Sequence[Chat], *, window: timedelta) -> Composer:
        stories = await self.press.stand.stories(since=now - window)
        own = await self.press.own.choose(stories, chats)
        return await self.press.composer(stories, own=own, now=now, window=window)


def _scheduled(chat: Chat, digest: Digest | None, *, upcoming: datetime | None, now: datetime) -> Issue:
    due_at = chat.next_at or now
    return Issue(
        chat_id=chat.id,
        slot=slot_key(due_at),
        digest=digest,
        due_at=due_at,
        next_at=upcoming,
        approval_minutes=chat.settings.approval_minutes,
    )
