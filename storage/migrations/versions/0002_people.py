"""People: settings of chats, saved stories, votes, traces of changes, the editors' desk, posts that change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NUMBER = sa.Integer()
BOOLEAN = sa.Boolean()


def upgrade() -> None:
    _chats()
    _words()
    _kept()
    _channels()
    _desk()
    _posts()


def _needed(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name, kind in columns.items()]


def _optional(**columns: sa.types.TypeEngine[Any]) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name, kind in columns.items()]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _parent(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="CASCADE")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _numbered(name: str, *parts: sa.schema.SchemaItem) -> None:
    number = sa.Column("id", BIG, autoincrement=True, nullable=False)
    op.create_table(name, number, *parts, _key(name, "id"), sqlite_autoincrement=True)


def _chats() -> None:
    op.add_column("chats", sa.Column("instant", TEXT, nullable=False, server_default="off"))
    op.add_column("chats", sa.Column("instant_since", BIG, nullable=True))
    op.add_column("chats", sa.Column("old_ids_until", BIG, nullable=True))
    op.add_column("chats", sa.Column("paused_until", BIG, nullable=True))
    op.add_column("chats", sa.Column("settings", TEXT, nullable=False, server_default="{}"))
    op.add_column("chats", sa.Column("exported_at", BIG, nullable=True))
    condition = sa.text("instant <> 'off' AND state = 'active'")
    op.create_index("ix_chats_instant", "chats", ["instant"], sqlite_where=condition, postgresql_where=condition)


def _words() -> None:
    op.add_column("item_words", sa.Column("reading", NUMBER, nullable=False, server_default="0"))
    _index("item_words", "reading", "item_id")


def _kept() -> None:
    op.create_table(
        "saved",
        *_needed(chat_id=BIG, story_id=BIG, headline=TEXT, url=TEXT, saved_at=BIG),
        _key("saved", "chat_id", "story_id"),
        _parent("saved", "chat_id", "chats"),
    )
    op.create_table(
        "votes",
        *_needed(chat_id=BIG, story_id=BIG, value=NUMBER, topics=TEXT, voted_at=BIG),
        _key("votes", "chat_id", "story_id"),
        _parent("votes", "chat_id", "chats"),
    )
    _index("votes", "story_id")
    op.create_table("departures", *_needed(reason=TEXT, number=NUMBER), _key("departures", "reason"))


def _channels() -> None:
    _numbered(
        "audit",
        *_needed(chat_id=BIG, user_id=BIG, name=TEXT, key=TEXT, facts=TEXT, done_at=BIG),
        _parent("audit", "chat_id", "chats"),
    )
    _index("audit", "chat_id")
    op.create_table(
        "tickets",
        *_needed(digest=TEXT, kind=TEXT),
        *_optional(user_id=BIG, chat_id=BIG),
        *_needed(expires_at=BIG),
        *_optional(used_at=BIG),
        _key("tickets", "digest"),
    )
    _index("tickets", "expires_at")


def _desk() -> None:
    op.create_table(
        "staff", *_needed(user_id=BIG, signature=TEXT, operator=BOOLEAN, since=BIG), _key("staff", "user_id")
    )
    op.create_table(
        "opinions",
        *_needed(story_id=BIG, state=TEXT, version=NUMBER),
        *_optional(origin=TEXT),
        *_needed(label=TEXT, text=TEXT, signature=TEXT),
        *_optional(author_id=BIG, claimed_by=BIG, claimed_until=BIG),
        *_needed(draft=TEXT),
        *_optional(draft_origin=TEXT, draft_by=BIG),
        *_needed(due_at=BIG, asked_at=BIG),
        *_optional(approved_at=BIG),
        *_needed(told_version=NUMBER),
        _key("opinions", "story_id"),
    )
    _index("opinions", "state")
    _numbered(
        "opinion_history",
        *_needed(story_id=BIG, version=NUMBER, state=TEXT, text=TEXT),
        *_optional(user_id=BIG),
        *_needed(changed_at=BIG),
    )
    _index("opinion_history", "story_id")
    op.create_table(
        "desk_cards",
        *_needed(story_id=BIG, user_id=BIG, message_id=BIG, sent_at=BIG),
        _key("desk_cards", "story_id", "user_id", "message_id"),
    )


def _posts() -> None:
    op.create_table(
        "story_marks",
        *_needed(story_id=BIG),
        *_optional(breaking_at=BIG, breaking_by=BIG, corrected_at=BIG, retracted_at=BIG),
        *_needed(note=TEXT),
        _key("story_marks", "story_id"),
    )
    _index("story_marks", "breaking_at")
    op.create_table(
        "redraws",
        *_needed(outbox_id=BIG, wants=NUMBER, wanted_at=BIG),
        *_optional(not_before=BIG),
        *_needed(attempts=NUMBER, touched=BOOLEAN, times=NUMBER),
        *_optional(drawn=TEXT, outcome=TEXT, reason=TEXT, drawn_at=BIG),
        _key("redraws", "outbox_id"),
        _parent("redraws", "outbox_id", "outbox"),
    )
    _index("redraws", "not_before")
    op.create_table(
        "reactions",
        *_needed(outbox_id=BIG, part=NUMBER, number=NUMBER),
        _key("reactions", "outbox_id", "part"),
        _parent("reactions", "outbox_id", "outbox"),
    )
    op.create_table(
        "approvals",
        *_needed(outbox_id=BIG),
        *_optional(publish_at=BIG, asked_at=BIG, decided_by=BIG, decided_name=TEXT, decided_at=BIG, published=BOOLEAN),
        _key("approvals", "outbox_id"),
        _parent("approvals", "outbox_id", "outbox"),
    )
    _index("approvals", "publish_at")
    op.create_table(
        "approval_cards",
        *_needed(outbox_id=BIG, user_id=BIG, message_id=BIG),
        _key("approval_cards", "outbox_id", "user_id"),
        _parent("approval_cards", "outbox_id", "outbox"),
    )
