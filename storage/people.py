"""Tables of what people keep, say and do beside choosing topics: saved stories, votes, opinions, traces of changes.

A person's rows go with their chat. Stories are named without a foreign key: what somebody saved outlives the archive.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Boolean, Column, Integer, Table

from feeds.opinions import OpinionOrigin, OpinionState
from feeds.redraws import RedrawOutcome
from storage.columns import Big, Key, Moment, OneOf, Tags, Words
from storage.tables import id_column, metadata, needed, parent


class TicketKind(StrEnum):
    """What a one-time link lets its bearer do."""

    SETUP = "setup"
    EDITOR = "editor"
    OPERATOR = "operator"


class Departure(StrEnum):
    """Why somebody stopped, as they said."""

    OFTEN = "often"
    OTHER = "other"
    REPEATS = "repeats"


saved = Table(
    "saved",
    metadata,
    parent("chat_id", "chats.id", primary_key=True),
    needed("story_id", Big, primary_key=True, autoincrement=False),
    needed("headline", Words),
    needed("url", Words),
    needed("saved_at", Moment),
)

votes = Table(
    "votes",
    metadata,
    parent("chat_id", "chats.id", primary_key=True),
    needed("story_id", Big, primary_key=True, autoincrement=False, index=True),
    needed("value", Integer),
    # As the story had them then: what somebody likes must be known when the story itself is gone.
    needed("topics", Tags),
    needed("voted_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    parent("chat_id", "chats.id", index=True),
    needed("user_id", Big),
    needed("name", Words),
    needed("key", Words),
    needed("facts", Words),
    needed("done_at", Moment),
    sqlite_autoincrement=True,
)

tickets = Table(
    "tickets",
    metadata,
    needed("digest", Key, primary_key=True),
    needed("kind", OneOf(TicketKind)),
    Column("user_id", Big),
    Column("chat_id", Big),
    needed("expires_at", Moment, index=True),
    Column("used_at", Moment),
)

staff = Table(
    "staff",
    metadata,
    needed("user_id", Big, primary_key=True, autoincrement=False),
    needed("signature", Words),
    needed("operator", Boolean),
    needed("since", Moment),
)

opinions = Table(
    "opinions",
    metadata,
    needed("story_id", Big, primary_key=True, autoincrement=False),
    needed("state", OneOf(OpinionState), index=True),
    needed("version", Integer),
    Column("origin", OneOf(OpinionOrigin)),
    needed("label", Words),
    needed("text", Words),
    needed("signature", Words),
    Column("author_id", Big),
    Column("claimed_by", Big),
    Column("claimed_until", Moment),
    needed("draft", Words),
    Column("draft_origin", OneOf(OpinionOrigin)),
    Column("draft_by", Big),
    needed("due_at", Moment),
    needed("asked_at", Moment),
    Column("approved_at", Moment),
    needed("told_version", Integer),
)

opinion_history = Table(
    "opinion_history",
    metadata,
    id_column(),
    needed("story_id", Big, index=True),
    needed("version", Integer),
    needed("state", OneOf(OpinionState)),
    needed("text", Words),
    Column("user_id", Big),
    needed("changed_at", Moment),
    sqlite_autoincrement=True,
)

desk_cards = Table(
    "desk_cards",
    metadata,
    needed("story_id", Big, primary_key=True, autoincrement=False),
    needed("user_id", Big, primary_key=True, autoincrement=False),
    needed("message_id", Big, primary_key=True, autoincrement=False),
    needed("sent_at", Moment),
)

story_marks = Table(
    "story_marks",
    metadata,
    needed("story_id", Big, primary_key=True, autoincrement=False),
    Column("breaking_at", Moment, index=True),
    # Which editor waits to hear to how many it went; nobody any more once they have heard.
    Column("breaking_by", Big),
    Column("corrected_at", Moment),
    Column("retracted_at", Moment),
    needed("note", Words),
)

redraws = Table(
    "redraws",
    metadata,
    parent("outbox_id", "outbox.id", primary_key=True, autoincrement=False),
    needed("wants", Integer),
    needed("wanted_at", Moment),
    Column("not_before", Moment, index=True),
    needed("attempts", Integer),
    # Whether an edit was ever begun: until then the message says what was sent.
    needed("touched", Boolean),
    needed("times", Integer),
    # A hash of what it says since the last edit; None while that is not known.
    Column("drawn", Words),
    Column("outcome", OneOf(RedrawOutcome)),
    Column("reason", Words),
    Column("drawn_at", Moment),
)

reactions = Table(
    "reactions",
    metadata,
    parent("outbox_id", "outbox.id", primary_key=True, autoincrement=False),
    needed("part", Integer, primary_key=True, autoincrement=False),
    needed("number", Integer),
)

approvals = Table(
    "approvals",
    metadata,
    parent("outbox_id", "outbox.id", primary_key=True, autoincrement=False),
    Column("publish_at", Moment, index=True),
    Column("asked_at", Moment),
    Column("decided_by", Big),
    Column("decided_name", Words),
    Column("decided_at", Moment),
    Column("published", Boolean),
)

approval_cards = Table(
    "approval_cards",
    metadata,
    parent("outbox_id", "outbox.id", primary_key=True),
    needed("user_id", Big, primary_key=True, autoincrement=False),
    needed("message_id", Big),
)

departures = Table(
    "departures",
    metadata,
    needed("reason", OneOf(Departure), primary_key=True),
    needed("number", Integer),
)

everything = metadata
"""The tables of this module and of ``storage.tables``."""
