"""The tables as the statements see them; ``migrations`` build the very same ones, which a test compares.

Ids are never used twice (AUTOINCREMENT), so that what ``coverage`` remembers of a pruned story cannot hide a new one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint, text

from feeds.issue import ChatKind, ChatState, Instant, OutboxState, PauseReason
from feeds.model import FindingKind, FullText
from feeds.polls import FailureKind, NextPollReason
from storage import fulltext
from storage.columns import Big, Key, Links, Minutes, Moment, Numbers, OneOf, Settings, Span, Tags, Words

HEAD = "0003"
"""The revision of the schema below."""


class Origin(StrEnum):
    """Who wants a source: the file of sources, which may take it back, or the operator."""

    FILE = "file"
    OPERATOR = "operator"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    """Give rows a number of our own."""
    return Column("id", Big, primary_key=True, autoincrement=True)


def needed(name: str, kind: Any, **options: Any) -> Column[Any]:
    """Make a column that is never NULL."""
    return Column(name, kind, nullable=False, **options)


def parent(name: str, target: str, **options: Any) -> Column[int]:
    """Make a column that refers to another table's row, and goes with it."""
    return Column(name, Big, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


sources = Table(
    "sources",
    metadata,
    id_column(),
    needed("url", Words, unique=True),
    # What somebody configured; the file is matched by it, so a source that moved is not taken for a new one.
    needed("given_url", Words, unique=True),
    Column("merged_into", Big, ForeignKey("sources.id", ondelete="SET NULL")),
    needed("name", Words),
    needed("lang", Words),
    needed("topics", Tags),
    needed("weight", Float),
    needed("full_text", OneOf(FullText)),
    needed("opinion_headings", Tags),
    needed("enabled", Boolean),
    needed("origin", OneOf(Origin)),
    needed("next_at", Moment, index=True),
    needed("reason", OneOf(NextPollReason)),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("detour_url", Words),
    Column("detour_etag", Words),
    Column("detour_modified", Words),
    Column("detour_since", Moment),
    Column("detour_times", Integer),
    Column("max_age", Span),
    Column("ttl", Span),
    Column("skip_hours", Numbers),
    Column("skip_days", Numbers),
    Column("body_hash", Words),
    needed("failures", Integer),
    Column("polled_at", Moment),
    Column("succeeded_at", Moment),
    Column("changed_at", Moment),
    Column("failure", OneOf(FailureKind)),
    Column("failure_status", Integer),
    Column("failure_detail", Words),
    Column("failure_retry_after", Span),
    needed("unasked", Boolean),
    needed("paused", Boolean),
    Column("lease_until", Moment),
    needed("created_at", Moment),
    sqlite_autoincrement=True,
)

stories = Table(
    "stories",
    metadata,
    id_column(),
    needed("topics", Tags),
    needed("rules", Words),
    needed("created_at", Moment),
    needed("updated_at", Moment, index=True),
    sqlite_autoincrement=True,
)

items = Table(
    "items",
    metadata,
    id_column(),
    parent("source_id", "sources.id"),
    parent("story_id", "stories.id", index=True),
    needed("key", Key),
    needed("url", Words),
    needed("url_key", Key, index=True),
    needed("title", Words),
    needed("text", Words),
    needed("summary", Words),
    Column("opinion_label", Words),
    Column("opinion_text", Words),
    Column("author", Words),
    needed("categories", Tags),
    Column("picture", Words),
    needed("related", Links),
    needed("lang", Words),
    needed("published_at", Moment, index=True),
    needed("title_key", Key, index=True),
    needed("text_hash", Words),
    needed("created_at", Moment),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
)

story_links = Table(
    "story_links",
    metadata,
    parent("one", "stories.id", primary_key=True, autoincrement=False),
    parent("other", "stories.id", primary_key=True, autoincrement=False, index=True),
    needed("value", Float),
    needed("created_at", Moment),
)

findings = Table(
    "findings",
    metadata,
    id_column(),
    needed("kind", OneOf(FindingKind)),
    needed("story_id", Big),
    needed("detail", Words),
    needed("done", Boolean),
    needed("found_at", Moment),
    sqlite_autoincrement=True,
)

item_words = Table(
    "item_words",
    metadata,
    parent("item_id", "items.id", primary_key=True, autoincrement=False),
    needed("title", Words),
    needed("words", Words),
    # Which generation of feeds.searchwords read them.
    needed("reading", Integer, server_default="0"),
    Index("ix_item_words_reading_item_id", "reading", "item_id"),
    fulltext.vector_index("title"),
    fulltext.vector_index("words"),
)
fulltext.attach(metadata)

chats = Table(
    "chats",
    metadata,
    id_column(),
    needed("telegram_id", Big, unique=True),
    needed("kind", OneOf(ChatKind)),
    Column("title", Words),
    needed("lang", Words),
    needed("reads", Tags),
    needed("zone", Words),
    needed("state", OneOf(ChatState)),
    Column("pause_reason", OneOf(PauseReason)),
    needed("topics", Tags),
    needed("words", Tags),
    needed("times", Minutes),
    Column("next_at", Moment),
    Column("issued_at", Moment),
    needed("created_at", Moment),
    needed("instant", OneOf(Instant), server_default=Instant.OFF.value),
    Column("instant_since", Moment),
    # Messages sent until then stood in a group that has become this supergroup: their ids are others' by now.
    Column("old_ids_until", Moment),
    Column("paused_until", Moment),
    needed("settings", Settings, server_default="{}"),
    Column("exported_at", Moment),
    sqlite_autoincrement=True,
)

chat_managers = Table(
    "chat_managers",
    metadata,
    parent("chat_id", "chats.id", primary_key=True),
    needed("user_id", Big, primary_key=True, autoincrement=False, index=True),
)

digests = Table(
    "digests",
    metadata,
    id_column(),
    needed("body", Words),
    needed("body_hash", Key, unique=True),
    needed("made_at", Moment, index=True),
    sqlite_autoincrement=True,
)

digest_stories = Table(
    "digest_stories",
    metadata,
    parent("digest_id", "digests.id", primary_key=True),
    # No foreign key: a story is pruned without regard to what was told of it.
    needed("story_id", Big, primary_key=True, autoincrement=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    parent("chat_id", "chats.id"),
    needed("slot", Key),
    Column("digest_id", Big, ForeignKey("digests.id"), nullable=False, index=True),
    Column("missed_id", Big),
    Column("thread_id", Big),
    needed("state", OneOf(OutboxState)),
    needed("rank", Integer),
    needed("due_at", Moment),
    needed("not_before", Moment),
    Column("owner", Words),
    Column("lease_until", Moment),
    needed("attempts", Integer),
    Column("sending_part", Integer),
    Column("sending_at", Moment),
    Column("after_id", Big),
    Column("reason", Words),
    needed("created_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("chat_id", "slot"),
    sqlite_autoincrement=True,
)

outbox_parts = Table(
    "outbox_parts",
    metadata,
    parent("outbox_id", "outbox.id", primary_key=True),
    needed("part", Integer, primary_key=True, autoincrement=False),
    needed("message_id", Big),
    needed("sent_at", Moment),
    # Which page of the issue its reader has turned to; none or 0 is the issue as it came.
    Column("page", Integer),
)

other_messages = Table(
    "other_messages",
    metadata,
    needed("telegram_id", Big, primary_key=True, autoincrement=False),
    needed("message_id", Big, primary_key=True, autoincrement=False),
)

coverage = Table(
    "coverage",
    metadata,
    parent("chat_id", "chats.id", primary_key=True),
    # No foreign key: a story pruned while its issue was being composed must not fail the whole batch.
    needed("story_id", Big, primary_key=True, autoincrement=False),
    needed("issued_at", Moment, index=True),
)

pace = Table(
    "pace",
    metadata,
    needed("key", Key, primary_key=True),
    needed("made_at", Moment),
    needed("next_at", Moment),
)


def _partial(name: str, columns: tuple[Column[Any], ...], where: str, *, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_partial("ix_chats_instant", (chats.c.instant,), "instant <> 'off' AND state = 'active'")
_partial("ix_chats_due", (chats.c.next_at,), "state = 'active'")
_partial("ix_outbox_claim", (outbox.c.rank, outbox.c.due_at, outbox.c.id), "state = 'pending'")
_partial("ix_outbox_wait", (outbox.c.not_before,), "state = 'pending'")
_partial("ix_outbox_chat", (outbox.c.chat_id,), "state = 'pending'")
_partial("ix_outbox_ended", (outbox.c.state, outbox.c.settled_at), "state IN ('sent', 'refused', 'unknown')")
# The database itself refuses what would let two couriers write to one chat at a time.
_partial("uq_outbox_in_flight", (outbox.c.chat_id,), "state IN ('claimed', 'sending')", unique=True)
