"""From what just became known to posts of single stories in the outbox: what goes at once, beside the issues.

A post is a digest of one story whose time is now: the same composition, the same queue, the same remembering of what a
chat has got, so that no issue tells it again. Decides nothing itself (``feeds.instant``). Knows no SQL and no Telegram.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from feeds.composer import Composer
from feeds.digest import score
from feeds.instant import FRESH, LASTING, is_breaking, leaves_at, slot_of, thread_of
from feeds.issue import Chat, ChatId, ChatKind, DigestKind, Instant, Issue, Priority
from feeds.model import Story, StoryId
from feeds.ownstories import OwnStories
from feeds.pipeline import IssueStore
from feeds.press import Press

PAGE = 500
A_DAY = timedelta(hours=36)
"""How far back it is counted what went at once: longer than any local day lasts."""

State = tuple[int, tuple[str, ...], bool, datetime | None]
"""What of a story decides whether it goes at once; while it stays the same, nothing new is to be decided."""


class InstantChats(Protocol):
    """Where chats are kept (``storage.chats``)."""

    async def begin_instantly(self, *, now: datetime) -> int:
        """Let those for whom it was switched on get what becomes known from now on."""
        ...

    async def instant_chats(self, *instants: Instant, after: ChatId, limit: int) -> Sequence[Chat]:
        """Active chats that get such stories at once, in the order of their ids."""
        ...

    async def told(
        self, chat_ids: Sequence[ChatId], story_ids: Sequence[StoryId]
    ) -> Mapping[ChatId, frozenset[StoryId]]:
        """Which of these stories any issue ever took to each of these chats."""
        ...


class InstantIssues(IssueStore, Protocol):
    """Where issues wait to be sent (``storage.outbox``)."""

    async def went_at_once(self, chat_ids: Sequence[ChatId], *, since: datetime) -> Mapping[ChatId, Sequence[datetime]]:
        """When stories went to each of these chats at once, or will."""
        ...


class Alarms(Protocol):
    """Where stories are marked (``storage.marks``)."""

    async def broken(self, *, since: datetime) -> Mapping[StoryId, datetime]:
        """Which stories an editor called breaking news, and since when."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """To how many a story would go at once, and how many it would go to if they had not ``had`` it."""

    people: int = 0
    channels: int = 0
    had: int = 0


class AtOnce:
    """Sends single stories as they become known."""

    def __init__(
        self,
        *,
        press: Press,
        chats: InstantChats,
        issues: InstantIssues,
        marks: Alarms,
    ) -> None:
        self._press = press
        self._chats = chats
        self._issues = issues
        self._marks = marks
        self._clock = press.clock
        # Of its own: what the press remembers of ten thousand stories would be forgotten for the few looked at here.
        self._own = OwnStories()
        self._decided: dict[StoryId, State] = {}
        self._anew = False

    def reconsider(self) -> None:
        """Decide anew about all that is fresh: somebody may have it now who could not."""
        self._anew = True

    async def publish(self) -> int:
        """Enqueue every story that goes at once, for every chat that wants it; how many posts."""
        now = self._clock()
        # Before the stories are read: what is read after this belongs to those it was switched on for.
        await self._chats.begin_instantly(now=now)
        stories = await self._lately(now)
        if self._anew:
            self._anew, self._decided = False, {}
        fresh = {story.id: story for story in stories if self._decided.get(story.id) != _state(story, now=now)}
        enqueued = 0
        if fresh:
            ordered = sorted(fresh.values(), key=lambda story: (not is_breaking(story, now=now), -_weight(story, now)))
            enqueued = await self._send(ordered, now=now)
        self._decided = {story.id: _state(story, now=now) for story in stories}
        return enqueued

    async def _lately(self, now: datetime) -> Sequence[Story]:
        """Read what broke lately, and what an editor called breaking news, however old it is."""
        told = await self._press.stand.stories(since=now - FRESH)
        broke = {story.id: story for story in told if story.items[0].item.published_at >= now - FRESH}
        broken = (await self._marks.broken(since=now - LASTING)).keys() - broke.keys()
        return [*broke.values(), *await self._press.news.stories(broken)]

    async def reach(self, story: Story) -> Reach:
        """Count to whom a story would go at once as breaking news, and apart from them who has it already."""
        now, people, channels, had = self._clock(), 0, 0, 0
        composers = await self._composers([story], now=now)
        after = ChatId(0)
        while page := await self._chats.instant_chats(Instant.BREAKING, Instant.EVERY, after=after, limit=PAGE):
            told = await self._chats.told([chat.id for chat in page], [story.id, *story.linked])
            await self._read_own(composers, page)
            for chat in page:
                has = told.get(chat.id, frozenset())
                if composers[0].compose(chat, has, kind=DigestKind.BREAKING):
                    people += chat.kind is ChatKind.PRIVATE
                    channels += chat.kind is not ChatKind.PRIVATE
                elif has and composers[0].compose(chat, frozenset(), kind=DigestKind.BREAKING):
                    had += 1
            after = page[-1].id
        return Reach(people=people, channels=channels, had=had)

    async def _send(self, stories: Sequence[Story], *, now: datetime) -> int:
        breaking = [story for story in stories if is_breaking(story, now=now)]
        enqueued = 0
        for instant, wanted in ((Instant.EVERY, stories), (Instant.BREAKING, breaking)):
            if not wanted:
                continue
            composers, after = await self._composers(wanted, now=now), ChatId(0)
            while page := await self._chats.instant_chats(instant, after=after, limit=PAGE):
                async with self._press.composing.for_chats(chat.id for chat in page):
                    enqueued += await self._send_to(page, wanted, composers, now=now)
                after = page[-1].id
        return enqueued

    async def _send_to(
        self, page: Sequence[Chat], stories: Sequence[Story], composers: Sequence[Composer], *, now: datetime
    ) -> int:
        ids = [chat.id for chat in page]
        told = await self._chats.told(ids, sorted({one for story in stories for one in (story.id, *story.linked)}))
        sent = await self._issues.went_at_once(ids, since=now - A_DAY)
        await self._read_own(composers, page)
        batch = frozenset(story.id for story in stories)
        issues: list[Issue] = []
        for chat in page:
            has, went = set(told.get(chat.id, ())), list(sent.get(chat.id, ()))
            for story, composer in zip(stories, composers, strict=True):
                issue = await self._issue(chat, story, composer, has=has, went=went, batch=batch)
                if issue is not None:
                    issues.append(issue)
                    has.add(story.id)
                    went.append(issue.due_at)
        await asyncio.sleep(0)
        return await self._issues.commit_issues(issues, now=now) if issues else 0

    async def _issue(
        self,
        chat: Chat,
        story: Story,
        composer: Composer,
        *,
        has: set[StoryId],
        went: Sequence[datetime],
        batch: frozenset[StoryId],
    ) -> Issue | None:
        breaking = is_breaking(story, now=composer.now)
        kind = DigestKind.BREAKING if breaking else DigestKind.INSTANT
        digest = composer.compose(chat, frozenset(has), kind=kind)
        if digest is None:
            return None
        due_at = leaves_at(chat, story, breaking=breaking, sent=went, now=composer.now)
        if due_at is None:
            return None
        return Issue(
            chat_id=chat.id,
            slot=slot_of(story),
            digest=await composer.complete(digest, None, self._press.related, besides=batch),
            priority=Priority.BREAKING if breaking else Priority.SCHEDULED,
            due_at=due_at,
            moves_schedule=False,
            thread=thread_of(chat.settings.threads, story.topics),
            approval_minutes=chat.settings.approval_minutes,
        )

    async def _composers(self, stories: Sequence[Story], *, now: datetime) -> list[Composer]:
        """Make a composer for each story: its digest is of that one alone, composed once for each choice."""
        window = max(FRESH, *(now - story.items[0].item.published_at for story in stories))
        return [await self._press.composer([story], own={}, now=now, window=window) for story in stories]

    async def _read_own(self, composers: Sequence[Composer], page: Sequence[Chat]) -> None:
        own = await self._own.choose([composer.stories[0] for composer in composers], page)
        for composer in composers:
            composer.own = own


def _state(story: Story, *, now: datetime) -> State:
    return len(story.items), story.topics, is_breaking(story, now=now), story.marks.retracted_at


def _weight(story: Story, now: datetime) -> float:
    return score(story, now=now).total
