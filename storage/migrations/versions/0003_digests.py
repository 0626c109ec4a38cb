"""Digests: each written digest once, and which stories it tells; an issue's thread."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
PAGE = 500


def upgrade() -> None:
    _digests()
    for name in ("digest_id", "missed_id", "thread_id"):
        op.add_column("outbox", sa.Column(name, BIG, nullable=True))
    op.add_column("outbox_parts", sa.Column("page", sa.Integer(), nullable=True))
    # Breaking news has a rank of its own now, between what was asked for and what is scheduled.
    op.execute("UPDATE outbox SET rank = rank + 1 WHERE rank >= 1")
    _move()
    # SQLite has to build the table anew, and would then give the ids of pruned rows once more.
    connection = op.get_bind()
    newest = None
    if connection.dialect.name == "sqlite":
        newest = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"))
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("digest")
        table.alter_column("digest_id", existing_type=BIG, nullable=False)
        table.create_foreign_key("fk_outbox_digest_id_digests", "digests", ["digest_id"], ["id"])
    if newest is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'outbox'"))
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', :seq)"), {"seq": newest})
    op.create_index("ix_outbox_digest_id", "outbox", ["digest_id"])
    if connection.dialect.name == "sqlite":
        _index_words_again()


def _index_words_again() -> None:
    """Index which words an item has, no more where in it: that takes less room and time."""
    columns = "title, words, content='item_words', content_rowid='item_id', detail=column, columnsize=0"
    op.execute("DROP TABLE item_words_index")
    op.execute(f"CREATE VIRTUAL TABLE item_words_index USING fts5({columns}, tokenize=ascii)")
    op.execute("INSERT INTO item_words_index(item_words_index) VALUES ('rebuild')")


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("body_hash", name="uq_digests_body_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_made_at", "digests", ["made_at"])
    op.create_table(
        "digest_stories",
        sa.Column("digest_id", BIG, nullable=False),
        sa.Column("story_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("digest_id", "story_id", name="pk_digest_stories"),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name="fk_digest_stories_digest_id_digests", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_digest_stories_story_id", "digest_stories", ["story_id"])


def _move() -> None:
    """Give every issue the digest that says what it said."""
    connection = op.get_bind()
    page = sa.text("SELECT id, digest, created_at FROM outbox WHERE id > :after ORDER BY id LIMIT :page")
    known: dict[str, int] = {}
    after = 0
    while found := connection.execute(page, {"after": after, "page": PAGE}).all():
        after = found[-1].id
        moved = []
        for row in found:
            body, missed, stories = _taken_apart(row.digest)
            name = sha256(body.encode()).hexdigest()
            if name not in known:
                known[name] = _keep(connection, body, name, row.created_at, stories)
            moved.append({"row": row.id, "digest": known[name], "missed": missed})
        values = "UPDATE outbox SET digest_id = :digest, missed_id = :missed WHERE id = :row"
        connection.execute(sa.text(values), moved)


def _taken_apart(body: str) -> tuple[str, int | None, list[int]]:
    """Take out of a digest what concerns one chat, and see which stories it tells. What cannot be read stays so."""
    try:
        digest: dict[str, Any] = json.loads(body)
        missed = digest.pop("missed", None)
        stories = sorted({story["story_id"] for section in digest["sections"] for story in section["stories"]})
    except (ValueError, KeyError, TypeError, AttributeError):
        return body, None, []
    return json.dumps(digest, ensure_ascii=False, separators=(",", ":")), missed, stories


def _keep(connection: sa.Connection, body: str, name: str, made_at: int, stories: list[int]) -> int:
    values = {"body": body, "name": name, "made_at": made_at}
    insert = "INSERT INTO digests (body, body_hash, made_at) VALUES (:body, :name, :made_at) RETURNING id"
    digest_id: int = connection.execute(sa.text(insert), values).scalar_one()
    if stories:
        told = [{"digest": digest_id, "story": story} for story in stories]
        connection.execute(sa.text("INSERT INTO digest_stories VALUES (:digest, :story)"), told)
    return digest_id
