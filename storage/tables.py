"""The tables as the statements see them; ``migrations`` build the very same ones, which a test compares.

Ids are never used twice (AUTOINCREMENT), so that what ``coverage`` remembers of a pruned story cannot hide a new one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint, text

from feeds.issue import ChatKind, ChatState, OutboxState, PauseReason
from feeds.model import FindingKind, FullText
from feeds.polls import FailureKind, NextPollReason
from storage import fulltext
from storage.columns import Big, Key, Links, Minutes, Moment, Numbers, OneOf, Span, Tags, Words

HEAD = "0001"
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


def _id() -> Column[int]:
    return Column("id", Big, primary_key=True, autoincrement=True)


def _needed(name: str, kind: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **options)


def _parent(name: str, target: str, **options: Any) -> Column[int]:
    return Column(name, Big, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


sources = Table(
    "sources",
    metadata,
    _id(),
    _needed("url", Words, unique=True),
    # What somebody configured; the file is matched by it, so a source that moved is not taken for a new one.
    _needed("given_url", Words, unique=True),
    Column("merged_into", Big, ForeignKey("sources.id", ondelete="SET NULL")),
    _needed("name", Words),
    _needed("lang", Words),
    _needed("topics", Tags),
    _needed("weight", Float),
    _needed("full_text", OneOf(FullText)),
    _needed("opinion_headings", Tags),
    _needed("enabled", Boolean),
    _needed("origin", OneOf(Origin)),
    _needed("next_at", Moment, index=True),
    _needed("reason", OneOf(NextPollReason)),
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
    _needed("failures", Integer),
    Column("polled_at", Moment),
    Column("succeeded_at", Moment),
    Column("changed_at", Moment),
    Column("failure", OneOf(FailureKind)),
    Column("failure_status", Integer),
    Column("failure_detail", Words),
    Column("failure_retry_after", Span),
    _needed("unasked", Boolean),
    _needed("paused", Boolean),
    Column("lease_until", Moment),
    _needed("created_at", Moment),
    sqlite_autoincrement=True,
)

stories = Table(
    "stories",
    metadata,
    _id(),
    _needed("topics", Tags),
    _needed("rules", Words),
    _needed("created_at", Moment),
    _needed("updated_at", Moment, index=True),
    sqlite_autoincrement=True,
)

items = Table(
    "items",
    metadata,
    _id(),
    _parent("source_id", "sources.id"),
    _parent("story_id", "stories.id", index=True),
    _needed("key", Key),
    _needed("url", Words),
    _needed("url_key", Key, index=True),
    _needed("title", Words),
    _needed("text", Words),
    _needed("summary", Words),
    Column("opinion_label", Words),
    Column("opinion_text", Words),
    Column("author", Words),
    _needed("categories", Tags),
    Column("picture", Words),
    _needed("related", Links),
    _needed("lang", Words),
    _needed("published_at", Moment, index=True),
    _needed("title_key", Key, index=True),
    _needed("text_hash", Words),
    _needed("created_at", Moment),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
)

story_links = Table(
    "story_links",
    metadata,
    _parent("one", "stories.id", primary_key=True, autoincrement=False),
    _parent("other", "stories.id", primary_key=True, autoincrement=False, index=True),
    _needed("value", Float),
    _needed("created_at", Moment),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    _needed("kind", OneOf(FindingKind)),
    _needed("story_id", Big),
    _needed("detail", Words),
    _needed("done", Boolean),
    _needed("found_at", Moment),
    sqlite_autoincrement=True,
)

item_words = Table(
    "item_words",
    metadata,
    _parent("item_id", "items.id", primary_key=True, autoincrement=False),
    _needed("title", Words),
    _needed("words", Words),
    fulltext.vector_index("title"),
    fulltext.vector_index("words"),
)
fulltext.attach(metadata)

chats = Table(
    "chats",
    metadata,
    _id(),
    _needed("telegram_id", Big, unique=True),
    _needed("kind", OneOf(ChatKind)),
    Column("title", Words),
    _needed("lang", Words),
    _needed("reads", Tags),
    _needed("zone", Words),
    _needed("state", OneOf(ChatState)),
    Column("pause_reason", OneOf(PauseReason)),
    _needed("topics", Tags),
    _needed("words", Tags),
    _needed("times", Minutes),
    Column("next_at", Moment),
    Column("issued_at", Moment),
    _needed("created_at", Moment),
    sqlite_autoincrement=True,
)

chat_managers = Table(
    "chat_managers",
    metadata,
    _parent("chat_id", "chats.id", primary_key=True),
    _needed("user_id", Big, primary_key=True, autoincrement=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _parent("chat_id", "chats.id"),
    _needed("slot", Key),
    _needed("digest", Words),
    _needed("state", OneOf(OutboxState)),
    _needed("rank", Integer),
    _needed("due_at", Moment),
    _needed("not_before", Moment),
    Column("owner", Words),
    Column("lease_until", Moment),
    _needed("attempts", Integer),
    Column("sending_part", Integer),
    Column("sending_at", Moment),
    Column("after_id", Big),
    Column("reason", Words),
    _needed("created_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("chat_id", "slot"),
    sqlite_autoincrement=True,
)

outbox_parts = Table(
    "outbox_parts",
    metadata,
    _parent("outbox_id", "outbox.id", primary_key=True),
    _needed("part", Integer, primary_key=True, autoincrement=False),
    _needed("message_id", Big),
    _needed("sent_at", Moment),
)

other_messages = Table(
    "other_messages",
    metadata,
    _needed("telegram_id", Big, primary_key=True, autoincrement=False),
    _needed("message_id", Big, primary_key=True, autoincrement=False),
)

coverage = Table(
    "coverage",
    metadata,
    _parent("chat_id", "chats.id", primary_key=True),
    # No foreign key: a story pruned while its issue was being composed must not fail the whole batch.
    _needed("story_id", Big, primary_key=True, autoincrement=False),
    _needed("issued_at", Moment, index=True),
)

pace = Table(
    "pace",
    metadata,
    _needed("key", Key, primary_key=True),
    _needed("made_at", Moment),
    _needed("next_at", Moment),
)


def _partial(name: str, columns: tuple[Column[Any], ...], where: str, *, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_partial("ix_chats_due", (chats.c.next_at,), "state = 'active'")
_partial("ix_outbox_claim", (outbox.c.rank, outbox.c.due_at, outbox.c.id), "state = 'pending'")
_partial("ix_outbox_wait", (outbox.c.not_before,), "state = 'pending'")
_partial("ix_outbox_chat", (outbox.c.chat_id,), "state = 'pending'")
_partial("ix_outbox_ended", (outbox.c.state, outbox.c.settled_at), "state IN ('sent', 'refused', 'unknown')")
# The database itself refuses what would let two couriers write to one chat at a time.
_partial("uq_outbox_in_flight", (outbox.c.chat_id,), "state IN ('claimed', 'sending')", unique=True)
