"""The way of one item, from a source's bell to a chat, and what each stretch of it needs. Read this first.

| bell    | walked by       | from … to                                         | ends with                            |
|---------|-----------------|---------------------------------------------------|--------------------------------------|
| poll    | `feeds.ingest`  | sources due → fetch → parse → normalise → cluster | commit 1: poll state, items, stories |
| publish | `feeds.publish` | chats due → stories that match → compose          | commit 2: outbox row, coverage, slot |
| deliver | `bot.delivery`  | parcel claimed → render → marked sending → send   | commit 3: message ids                |

Fetching runs in parallel, committing one after another; each commit is idempotent on its own key (source and item;
chat and slot; outbox row and part), so a crash anywhere replays from the last commit and does nothing twice. The
stores, the network and the parser are known here only as protocols.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from feeds.gist import Gist
from feeds.harvest import Harvest
from feeds.issue import Chat, ChatId, Digest, Issue, OutboxId
from feeds.model import (
    Finding,
    Item,
    ItemId,
    KnownItem,
    Related,
    Source,
    SourceId,
    Story,
    StoryDraft,
    StoryId,
    Telling,
)
from feeds.polls import (
    Detour,
    Failed,
    Fetched,
    FetchOutcome,
    PollState,
    Validators,
)
from feeds.searchwords import SearchWords


class NewsStore(Protocol):
    """Where sources, items and stories are kept."""

    async def claim_due_sources(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Source]:
        """Lease up to ``limit`` enabled sources whose poll is due, the longest-waiting first."""
        ...

    async def refused_sources(self, *, now: datetime) -> Sequence[Source]:
        """Say which sources wait because their host demanded it."""
        ...

    async def is_polled(self, url: str, *, other_than: SourceId) -> bool:
        """Whether an address is another source's, which is polled and answers."""
        ...

    async def settle_polls(self, polls: Mapping[SourceId, PollState], *, before: Mapping[SourceId, PollState]) -> None:
        """Commit 1 of polls that brought no items; ``before`` is how their sources were claimed."""
        ...

    async def move_source(self, source_id: SourceId, url: str) -> SourceId | None:
        """Poll a source at another address from now on; the id of the source that was there already."""
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
        words: Mapping[str, SearchWords] = ...,
        fingerprint: str = "",
        now: datetime,
    ) -> int:
        """Commit 1: poll state, new items in their stories and changed items at once; how many items were new.

        ``words`` are what items can be found by, by their keys; the store reads what is missing. ``fingerprint`` names
        the topic rules that tagged the drafts. A draft for a stored story leaves its topics be.
        """
        ...

    async def recent_stories(self, *, since: datetime) -> Sequence[Story]:
        """All stories with an item published at ``since`` or later, each with all its items."""
        ...

    async def stories(self, ids: Collection[StoryId]) -> Sequence[Story]:
        """Read these stories with all their items, in the order of their ids; those that are gone are left out."""
        ...

    def changed_since(self, mark: int) -> tuple[int, frozenset[StoryId] | None]:
        """Return a mark for now and the stories that changed since another; None when that is not remembered."""
        ...

    async def story(self, story_id: StoryId) -> Story | None:
        """One story with all its items."""
        ...

    async def tellings_after(self, item_id: ItemId, *, since: datetime, limit: int) -> Sequence[tuple[ItemId, Telling]]:
        """Read articles published at ``since`` or later with a greater id, in the order of their ids."""
        ...

    async def link(self, links: Mapping[tuple[StoryId, StoryId], float], *, now: datetime) -> None:
        """Remember stories told in two languages."""
        ...

    async def merge_stories(self, kept: StoryId, gone: StoryId, *, now: datetime) -> bool:
        """Give one story the tellings of another, unless either was sent to anybody; whether it was done."""
        ...

    async def keep_findings(self, found: Sequence[Finding], *, now: datetime) -> None:
        """Replace what the last review found."""
        ...

    async def languages(self) -> frozenset[str]:
        """Languages of the enabled sources."""
        ...

    async def stale_stories(self, fingerprint: str, *, since: datetime, limit: int) -> Sequence[Story]:
        """Stories whose topics were found by other rules than those of ``fingerprint``."""
        ...

    async def retag(self, topics: Mapping[StoryId, tuple[str, ...]], *, fingerprint: str) -> None:
        """Replace the topics of stories."""
        ...


class ChatStore(Protocol):
    """Where chats and their schedules are kept."""

    async def due_chats(self, *, now: datetime, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due, the longest-waiting first."""
        ...

    async def covered(
        self, chat_ids: Sequence[ChatId], *, since: datetime, before: datetime | None = None
    ) -> Mapping[ChatId, frozenset[StoryId]]:
        """Which stories an issue composed after ``since`` (and ``before``) already took to each of these chats."""
        ...


class IssueStore(Protocol):
    """Where issues wait to be sent."""

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Commit 2: enqueue, remember what is covered, move the schedules; how many rows were new."""
        ...

    async def issued(self, chat_id: ChatId, slot: str) -> Digest | None:
        """Return the digest that was enqueued under a slot; None when none was."""
        ...

    async def missed(self, chat_ids: Sequence[ChatId]) -> Mapping[ChatId, OutboxId]:
        """Which chats have an issue of which it could not be found out whether it arrived: the newest of each."""
        ...


class Archive(Protocol):
    """Where stored stories can be looked for by their words."""

    async def read_up(self, since: datetime) -> None:
        """Read what was told since then, so that nobody who asks waits for that."""
        ...

    async def nearest(
        self, title: str, *, lang: str, since: datetime, besides: StoryId, limit: int
    ) -> Mapping[StoryId, Related]:
        """Articles of other stories whose titles are most like this one, one for each, the likest first."""
        ...

    async def having(self, words: Sequence[str], *, since: datetime) -> frozenset[StoryId]:
        """Stories with an article published at ``since`` or later that has one of these roots."""
        ...


class Reader(Protocol):
    """The network: gets a feed with good manners and never raises."""

    async def fetch(
        self,
        url: str,
        *,
        validators: Validators = ...,
        detour: Detour | None = ...,
        readers: int | None = ...,
        covered: Callable[[str], Awaitable[bool]] | None = ...,
    ) -> FetchOutcome:
        """Fetch one address."""
        ...

    def leave_alone(self, url: str, *, status: int, until: datetime) -> None:
        """Do not ask this address's host until then."""
        ...


class FeedParser(Protocol):
    """Bytes to items, somewhere they can do no harm."""

    async def read_items(self, page: Fetched, source: Source, *, now: datetime) -> Harvest | Failed:
        """Parse one feed and normalise it for its source."""
        ...

    async def read_gists(
        self, items: Sequence[Item], *, topics: Sequence[str], rules: str, now: datetime
    ) -> Sequence[Gist] | Failed:
        """Say what each article says by itself, by the topic rules of that fingerprint; a failure if it cannot."""
        ...
