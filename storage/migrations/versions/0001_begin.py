"""Begin: sources, items, stories, chats, outbox."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    _sources()
    _stories()
    _items()
    _clusters()
    _words()
    _chats()
    _outbox()
    _other_messages()
    _pace()
    _partial_indexes()


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


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(url=TEXT, given_url=TEXT),
        *_optional(merged_into=BIG),
        *_needed(name=TEXT, lang=TEXT, topics=TEXT, weight=sa.Float(), full_text=TEXT),
        *_needed(opinion_headings=TEXT, enabled=sa.Boolean(), origin=TEXT, next_at=BIG, reason=TEXT),
        *_optional(etag=TEXT, last_modified=TEXT),
        *_optional(detour_url=TEXT, detour_etag=TEXT, detour_modified=TEXT, detour_since=BIG),
        *_optional(detour_times=sa.Integer()),
        *_optional(max_age=BIG, ttl=BIG, skip_hours=TEXT, skip_days=TEXT, body_hash=TEXT),
        *_needed(failures=sa.Integer()),
        *_optional(polled_at=BIG, succeeded_at=BIG, changed_at=BIG),
        *_optional(failure=TEXT, failure_status=sa.Integer(), failure_detail=TEXT, failure_retry_after=BIG),
        *_needed(unasked=sa.Boolean(), paused=sa.Boolean()),
        *_optional(lease_until=BIG),
        *_needed(created_at=BIG),
        _key("sources", "id"),
        sa.UniqueConstraint("url", name="uq_sources_url"),
        sa.UniqueConstraint("given_url", name="uq_sources_given_url"),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["sources.id"], name="fk_sources_merged_into_sources", ondelete="SET NULL"
        ),
        sqlite_autoincrement=True,
    )
    _index("sources", "next_at")


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(topics=TEXT, rules=TEXT, created_at=BIG, updated_at=BIG),
        _key("stories", "id"),
        sqlite_autoincrement=True,
    )
    _index("stories", "updated_at")


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(source_id=BIG, story_id=BIG, key=TEXT, url=TEXT, url_key=TEXT, title=TEXT, text=TEXT, summary=TEXT),
        *_optional(opinion_label=TEXT, opinion_text=TEXT, author=TEXT),
        *_needed(categories=TEXT),
        *_optional(picture=TEXT),
        *_needed(related=TEXT),
        *_needed(lang=TEXT, published_at=BIG, title_key=TEXT, text_hash=TEXT, created_at=BIG),
        _key("items", "id"),
        _parent("items", "source_id", "sources"),
        _parent("items", "story_id", "stories"),
        sa.UniqueConstraint("source_id", "key", name="uq_items_source_id_key"),
        sqlite_autoincrement=True,
    )
    for column in ("story_id", "url_key", "published_at", "title_key"):
        _index("items", column)


def _clusters() -> None:
    op.create_table(
        "story_links",
        *_needed(one=BIG, other=BIG, value=sa.Float(), created_at=BIG),
        _key("story_links", "one", "other"),
        _parent("story_links", "one", "stories"),
        _parent("story_links", "other", "stories"),
    )
    _index("story_links", "other")
    op.create_table(
        "findings",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(kind=TEXT, story_id=BIG, detail=TEXT, done=sa.Boolean(), found_at=BIG),
        _key("findings", "id"),
        sqlite_autoincrement=True,
    )


def _words() -> None:
    op.create_table(
        "item_words",
        *_needed(item_id=BIG, title=TEXT, words=TEXT),
        _key("item_words", "item_id"),
        _parent("item_words", "item_id", "items"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for column in ("title", "words"):
            vector = sa.text(f"array_to_tsvector(string_to_array({column}, ' '))")
            op.create_index(f"ix_item_words_{column}", "item_words", [vector], postgresql_using="gin")
        return
    columns = "title, words, content='item_words', content_rowid='item_id'"
    tokens = "unicode61 remove_diacritics 0 categories 'L* N*'"
    add = "INSERT INTO item_words_index(rowid, title, words) VALUES (new.item_id, new.title, new.words);"
    go = (
        "INSERT INTO item_words_index(item_words_index, rowid, title, words) "
        "VALUES ('delete', old.item_id, old.title, old.words);"
    )
    op.execute(f'CREATE VIRTUAL TABLE item_words_index USING fts5({columns}, tokenize="{tokens}")')
    op.execute(f"CREATE TRIGGER item_words_added AFTER INSERT ON item_words BEGIN {add} END")
    op.execute(f"CREATE TRIGGER item_words_gone AFTER DELETE ON item_words BEGIN {go} END")
    op.execute(f"CREATE TRIGGER item_words_changed AFTER UPDATE ON item_words BEGIN {go} {add} END")


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(telegram_id=BIG, kind=TEXT),
        *_optional(title=TEXT),
        *_needed(lang=TEXT, reads=TEXT, zone=TEXT, state=TEXT),
        *_optional(pause_reason=TEXT),
        *_needed(topics=TEXT, words=TEXT, times=TEXT),
        *_optional(next_at=BIG, issued_at=BIG),
        *_needed(created_at=BIG),
        _key("chats", "id"),
        sa.UniqueConstraint("telegram_id", name="uq_chats_telegram_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chat_managers",
        *_needed(chat_id=BIG, user_id=BIG),
        _key("chat_managers", "chat_id", "user_id"),
        _parent("chat_managers", "chat_id", "chats"),
    )
    _index("chat_managers", "user_id")
    op.create_table(
        "coverage",
        *_needed(chat_id=BIG, story_id=BIG, issued_at=BIG),
        _key("coverage", "chat_id", "story_id"),
        _parent("coverage", "chat_id", "chats"),
    )
    _index("coverage", "issued_at")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *_needed(chat_id=BIG, slot=TEXT, digest=TEXT, state=TEXT, rank=sa.Integer(), due_at=BIG, not_before=BIG),
        *_optional(owner=TEXT, lease_until=BIG),
        *_needed(attempts=sa.Integer()),
        *_optional(sending_part=sa.Integer(), sending_at=BIG, after_id=BIG, reason=TEXT),
        *_needed(created_at=BIG),
        *_optional(settled_at=BIG),
        _key("outbox", "id"),
        _parent("outbox", "chat_id", "chats"),
        sa.UniqueConstraint("chat_id", "slot", name="uq_outbox_chat_id_slot"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox_parts",
        *_needed(outbox_id=BIG, part=sa.Integer(), message_id=BIG, sent_at=BIG),
        _key("outbox_parts", "outbox_id", "part"),
        _parent("outbox_parts", "outbox_id", "outbox"),
    )


def _other_messages() -> None:
    op.create_table(
        "other_messages",
        *_needed(telegram_id=BIG, message_id=BIG),
        _key("other_messages", "telegram_id", "message_id"),
    )


def _pace() -> None:
    op.create_table("pace", *_needed(key=TEXT, made_at=BIG, next_at=BIG), _key("pace", "key"))


def _partial_indexes() -> None:
    _partial("ix_chats_due", "chats", ["next_at"], "state = 'active'")
    _partial("ix_outbox_claim", "outbox", ["rank", "due_at", "id"], "state = 'pending'")
    _partial("ix_outbox_wait", "outbox", ["not_before"], "state = 'pending'")
    _partial("ix_outbox_chat", "outbox", ["chat_id"], "state = 'pending'")
    _partial("ix_outbox_ended", "outbox", ["state", "settled_at"], "state IN ('sent', 'refused', 'unknown')")
    _partial("uq_outbox_in_flight", "outbox", ["chat_id"], "state IN ('claimed', 'sending')", unique=True)
