"""Copies of stories, which are issues in the outbox, and the wish that they say what is true now.

Works inside others' transactions: whoever changes a story asks for its copies in the same commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatKind, OutboxId, OutboxState
from feeds.model import StoryId
from feeds.redraws import PRIVATE_TERM, RedrawOutcome
from storage.doubts import UNTOLD
from storage.engine import batches
from storage.people import redraws
from storage.tables import chats, digest_stories, outbox, outbox_parts


async def want_copies(connection: AsyncConnection, story_ids: Sequence[StoryId], *, now: datetime) -> int:
    """Let every copy of these stories say what is true once the transaction ends; how many wait for it."""
    old = and_(chats.c.kind == ChatKind.PRIVATE, _sent_before(now - PRIVATE_TERM))
    again = {"not_before": now, "attempts": 0, "outcome": None, "reason": None}
    done = {"not_before": None, "attempts": 0, "outcome": RedrawOutcome.OLD, "reason": None}
    wanted = 0
    for batch in batches(story_ids):
        await want(connection, copies_of(batch).where(old), done, now=now)
        wanted += await want(connection, copies_of(batch).where(not_(old)), again, now=now)
    return wanted


def copies_of(story_ids: Sequence[StoryId]) -> Select[Any]:
    """All issues that tell one of these stories, wherever they are on their way, but those that never will arrive."""
    return (
        select(outbox.c.id)
        .join(digest_stories, digest_stories.c.digest_id == outbox.c.digest_id)
        .join(chats, chats.c.id == outbox.c.chat_id)
        .where(digest_stories.c.story_id.in_(story_ids))
        # What is in doubt may turn out to have arrived, or is sent again.
        .where(or_(outbox.c.state != OutboxState.REFUSED, arrived()))
        .distinct()
    )


async def want_merged(
    connection: AsyncConnection, merged: Sequence[OutboxId], *, into: OutboxId, now: datetime
) -> None:
    """Let an issue that tells from now on what others told be looked at where they were to be."""
    wanted = exists().where(redraws.c.outbox_id.in_(merged))
    again = {"not_before": now, "attempts": 0, "outcome": None, "reason": None}
    await want(connection, select(outbox.c.id).where(outbox.c.id == into, wanted), again, now=now)


def ended() -> ColumnElement[bool]:
    """Whether as much of an issue has arrived as will, and some of it has."""
    return or_(outbox.c.state == OutboxState.SENT, and_(arrived(), _given_up()))


def waits() -> ColumnElement[bool]:
    """Whether a copy that is wanted may still be drawn."""
    return and_(redraws.c.not_before.is_not(None), or_(not_(_given_up()), arrived()))


def _given_up() -> ColumnElement[bool]:
    """Whether no more of an issue will arrive than has, as far as is known."""
    # An issue without a reason is none of those: SQL would not know.
    untold = and_(outbox.c.state == OutboxState.UNKNOWN, outbox.c.reason.is_not_distinct_from(UNTOLD))
    return or_(outbox.c.state == OutboxState.REFUSED, untold)


def arrived() -> ColumnElement[bool]:
    """Whether any of an issue has arrived."""
    return exists().where(outbox_parts.c.outbox_id == outbox.c.id)


def _sent_before(moment: datetime) -> ColumnElement[bool]:
    return exists().where(outbox_parts.c.outbox_id == outbox.c.id, outbox_parts.c.sent_at <= moment)


async def want(
    connection: AsyncConnection, copies: Select[Any], values: Mapping[str, Any], *, now: datetime, sooner: bool = False
) -> int:
    """Write that these copies are wanted; with ``sooner`` one that waits already goes when it would have gone."""
    fresh = {"wants": 1, "wanted_at": now, "touched": False, "times": 0, **values}
    columns = {name: literal(value, redraws.c[name].type) for name, value in fresh.items()}
    chosen = copies.add_columns(*(column.label(name) for name, column in columns.items()))
    is_postgres = connection.dialect.name == "postgresql"
    statement = postgresql.insert(redraws) if is_postgres else sqlite.insert(redraws)
    again: dict[str, Any] = {"wants": redraws.c.wants + 1, "wanted_at": now, **values}
    if sooner:
        again["not_before"] = func.coalesce(redraws.c.not_before, columns["not_before"])
    made = statement.from_select(["outbox_id", *columns], chosen)
    return (await connection.execute(made.on_conflict_do_update(index_elements=["outbox_id"], set_=again))).rowcount
