"""The way of one item, from a source's bell to the outbox. Read this first.

    poll bell     sources due → fetch → parse → normalise → cluster → **commit 1** (poll state, items, stories)
    publish bell  chats due → stories that match → compose → **commit 2** (outbox row, what it covers, next slot)

The third commit is the courier's, in ``bot.delivery``. Fetching runs in parallel, committing one after another; each
commit is idempotent on its own key (source and item; chat and slot), so a crash anywhere replays from the last commit
and does nothing twice. Knows the stores, the network and the parser only as the protocols below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from feeds.issue import Chat, ChatId, Issue
from feeds.model import (
    Item,
    KnownItem,
    PollState,
    Source,
    SourceId,
    Story,
    StoryDraft,
    StoryId,
    Telling,
)


class NewsStore(Protocol):
    """Where sources, items and stories are kept."""

    async def claim_due_sources(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Source]:
        """Lease up to ``limit`` enabled sources whose poll is due, the longest-waiting first."""
        ...

    async def known_items(self, source_id: SourceId, keys: Sequence[str]) -> Mapping[str, KnownItem]:
        """Say which of a source's item keys are stored already."""
        ...

    async def matching_tellings(
        self, *, urls: Sequence[str], title_keys: Sequence[str], since: datetime
    ) -> Sequence[Telling]:
        """Find stored items with one of these addresses, or one of these title keys published after ``since``."""
        ...

    async def commit_poll(
        self,
        source_id: SourceId,
        poll: PollState,
        *,
        drafts: Sequence[StoryDraft] = (),
        changed: Sequence[Item] = (),
        now: datetime,
    ) -> int:
        """Commit 1: poll state, new items in their stories and changed items at once; how many items were new."""
        ...

    async def recent_stories(self, *, since: datetime) -> Sequence[Story]:
        """All stories with an item published at ``since`` or later, each with all its items."""
        ...


class ChatStore(Protocol):
    """Where chats and their schedules are kept."""

    async def due_chats(self, *, now: datetime, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due, the longest-waiting first."""
        ...

    async def covered(self, chat_ids: Sequence[ChatId], *, since: datetime) -> Mapping[ChatId, frozenset[StoryId]]:
        """Which stories an issue composed after ``since`` already took to each of these chats."""
        ...


class IssueStore(Protocol):
    """Where issues wait to be sent."""

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Commit 2: enqueue, remember what is covered, move the schedules; how many rows were new."""
        ...
