"""Posts that wait for the word of those who run a channel. One word decides, whoever gives it first.

A row that waits is pending with a ``not_before`` that never comes: no courier can claim it, and a restart changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, Digest, Issue, OutboxId, OutboxState
from storage.columns import bounded
from storage.digests import Shelf
from storage.engine import Database, insert_new
from storage.people import approval_cards, approvals
from storage.tables import outbox
from storage.transitions import PENDING

NEVER = datetime(2200, 1, 1, tzinfo=UTC)
DECLINED = "declined"
"""The reason of a row that an admin did not let out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How it stands with one row: ``published`` is None until somebody, or the time that ran out, decided.

    ``state`` and ``reason`` are the row's own.
    """

    outbox_id: OutboxId
    chat_id: ChatId
    publish_at: datetime | None = None
    published: bool | None = None
    decided_by: int | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    state: OutboxState = OutboxState.PENDING
    reason: str | None = None

    @property
    def waits(self) -> bool:
        """Whether anybody's word still counts; not once the row was taken away, as where its channel was let go."""
        return self.decided_at is None and self.state is OutboxState.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Somebody's decision; ``by`` is None when the time ran out."""

    publish: bool
    by: int | None = None
    name: str | None = None


class Approvals:
    """Asked for by the bell that asks, and by the buttons under drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf()

    async def get(self, outbox_id: OutboxId) -> Approval | None:
        """Read how it stands; None where nobody was to be asked, or all is long forgotten."""
        async with self._database.transaction() as connection:
            row = (await connection.execute(_all().where(approvals.c.outbox_id == outbox_id))).one_or_none()
            return None if row is None else _approval(row)

    async def unasked(self, *, limit: int = 50) -> Sequence[Approval]:
        """Read which rows wait and nobody has been asked yet."""
        return await self._undecided(approvals.c.asked_at.is_(None), limit=limit)

    async def overdue(self, *, now: datetime, limit: int = 50) -> Sequence[Approval]:
        """Read which rows have waited long enough."""
        return await self._undecided(approvals.c.publish_at <= now, limit=limit)

    async def mark_asked(self, outbox_id: OutboxId, *, now: datetime) -> None:
        """Remember that everybody was asked."""
        asked = update(approvals).where(approvals.c.outbox_id == outbox_id).values(asked_at=now)
        async with self._database.transaction() as connection:
            await connection.execute(asked)

    async def note_card(self, outbox_id: OutboxId, user_id: int, message_id: int) -> None:
        """Remember the message with the buttons that a person got."""
        values = {"outbox_id": outbox_id, "user_id": user_id, "message_id": message_id}
        async with self._database.transaction() as connection:
            await connection.execute(insert_new(connection, approval_cards, or_update=("message_id",)).values(values))

    async def cards(self, outbox_id: OutboxId) -> Mapping[int, int]:
        """Read who has which message with the buttons."""
        mine = select(approval_cards).where(approval_cards.c.outbox_id == outbox_id)
        async with self._database.transaction() as connection:
            return {row.user_id: row.message_id for row in await connection.execute(mine)}

    async def decide(self, outbox_id: OutboxId, word: Word, *, now: datetime) -> bool:
        """Let a row out, or refuse it; False when it was decided before, or waits no longer."""
        said = {"published": word.publish, "decided_by": word.by, "decided_name": word.name, "decided_at": now}
        still = select(outbox.c.id).where(outbox.c.id == outbox_id, outbox.c.state == PENDING)
        undecided = and_(approvals.c.outbox_id.in_(still), approvals.c.decided_at.is_(None))
        out: dict[str, Any] = {"not_before": now}
        if not word.publish:
            out = {"state": OutboxState.REFUSED, "reason": DECLINED, "settled_at": now}
        waiting = and_(outbox.c.id == outbox_id, outbox.c.state == PENDING)
        async with self._database.transaction() as connection:
            if not (await connection.execute(update(approvals).where(undecided).values(said))).rowcount:
                return False
            return bool((await connection.execute(update(outbox).where(waiting).values(out))).rowcount)

    async def rewrite(self, outbox_id: OutboxId, *, old: Digest, new: Digest, now: datetime) -> bool:
        """Put another digest in place of the one that waits; False when that is no longer it, or was decided."""
        async with self._database.transaction() as connection:
            ids = await self._shelf.keep(connection, [old, new], now=now)
            undecided = select(approvals.c.outbox_id).where(approvals.c.decided_at.is_(None))
            mine = and_(
                outbox.c.id == outbox_id,
                outbox.c.state == PENDING,
                outbox.c.digest_id == ids[id(old)],
                outbox.c.id.in_(undecided),
            )
            changed = await connection.execute(update(outbox).where(mine).values(digest_id=ids[id(new)]))
            return bool(changed.rowcount)

    async def _undecided(self, condition: Any, *, limit: int) -> Sequence[Approval]:
        waiting = and_(approvals.c.decided_at.is_(None), outbox.c.state == PENDING, condition)
        statement = _all().where(waiting).order_by(approvals.c.outbox_id).limit(limit)
        async with self._database.transaction() as connection:
            return [_approval(row) for row in await connection.execute(statement)]


async def ask_first(connection: AsyncConnection, issues: Sequence[Issue], *, now: datetime) -> None:
    """Let what was just enqueued wait for somebody's word, where a chat wants that."""
    for issue in issues:
        if issue.approval_minutes is None:
            continue
        mine = and_(outbox.c.chat_id == issue.chat_id, outbox.c.slot == bounded(issue.slot))
        held = update(outbox).where(mine).values(not_before=NEVER).returning(outbox.c.id)
        outbox_id = await connection.scalar(held)
        until = now + timedelta(minutes=issue.approval_minutes) if issue.approval_minutes else None
        await connection.execute(insert(approvals).values(outbox_id=outbox_id, publish_at=until))


def _all() -> Select[Any]:
    return select(approvals, outbox.c.chat_id, outbox.c.state, outbox.c.reason).join(
        outbox, outbox.c.id == approvals.c.outbox_id
    )


def _approval(row: Any) -> Approval:
    return Approval(
        outbox_id=OutboxId(row.outbox_id),
        chat_id=ChatId(row.chat_id),
        publish_at=row.publish_at,
        published=row.published,
        decided_by=row.decided_by,
        decided_name=row.decided_name,
        decided_at=row.decided_at,
        state=OutboxState(row.state),
        reason=row.reason,
    )
