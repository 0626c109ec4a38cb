"""Which messages told a story: from the story to the digests that tell it, to issues, to their parts in the chats.

A part of ``storage.outbox``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select, update

from feeds.issue import Chat, ChatId, ChatKind, Digest, OutboxId, OutboxState
from feeds.model import StoryId
from storage import rows
from storage.digests import DigestId, Shelf
from storage.engine import Database, batches, insert_new
from storage.people import reactions
from storage.tables import chats, digest_stories, outbox, outbox_parts

AT_ONCE = "now:"
"""How the slots of stories begin that went at once (``feeds.instant``)."""
TRIAL = "trial:"
"""How the slots of posts on trial begin; they count as no post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An issue of which at least a part arrived: its message ids by part, when the first came, and in which thread."""

    id: OutboxId
    chat: Chat
    parts: Mapping[int, int]
    sent_at: datetime
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """To how many a story went at once. ``under_way`` goes now; ``later`` waits for a word or for a moment to come."""

    people: int = 0
    channels: int = 0
    under_way: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A post that arrived: when, what it told, and how often its readers reacted to it."""

    at: datetime
    digest: Digest
    reactions: int = 0


class Posts:
    """Asked for when something is to be done about a story that was told already."""

    _database: Database
    _shelf: Shelf

    async def digest_of(self, chat_id: ChatId, outbox_id: OutboxId) -> Digest | None:
        """Read what an issue of a chat says; None when it is another chat's, or forgotten since."""
        mine = select(outbox.c.digest_id).where(outbox.c.id == outbox_id, outbox.c.chat_id == chat_id)
        async with self._database.transaction() as connection:
            found = await connection.scalar(mine)
            if found is None:
                return None
            return (await self._shelf.read(connection, [DigestId(found)])).get(DigestId(found))

    async def turn(self, chat_id: ChatId, outbox_id: OutboxId, part: int, *, page: int) -> None:
        """Remember which page of an issue is read in this message; 0 is the issue itself."""
        mine = select(outbox.c.id).where(outbox.c.id == outbox_id, outbox.c.chat_id == chat_id)
        this = and_(outbox_parts.c.outbox_id.in_(mine), outbox_parts.c.part == part)
        async with self._database.transaction() as connection:
            await connection.execute(update(outbox_parts).where(this).values(page=page))

    async def posts_of(
        self, story_id: StoryId, *, after: OutboxId | None = None, limit: int | None = None
    ) -> Sequence[Posted]:
        """Find the issues that told a story and arrived, whole or in part, in the order of their ids.

        ``after`` and ``limit`` take them page by page, where a story went to very many.
        """
        arrived = outbox_parts.c.outbox_id == outbox.c.id
        telling = (
            select(outbox.c.id, outbox.c.thread_id, *rows.CHAT_COLUMNS)
            .join(digest_stories, digest_stories.c.digest_id == outbox.c.digest_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(digest_stories.c.story_id == story_id, outbox.c.id > (after or 0))
            .where(select(outbox_parts.c.part).where(arrived).exists())
            .order_by(outbox.c.id)
            .limit(limit)
        )
        parts: dict[int, dict[int, int]] = {}
        first: dict[int, datetime] = {}
        async with self._database.transaction() as connection:
            found = (await connection.execute(telling)).all()
            for batch in batches([row.id for row in found]):
                mine = select(outbox_parts).where(outbox_parts.c.outbox_id.in_(batch)).order_by(outbox_parts.c.part)
                for part in await connection.execute(mine):
                    parts.setdefault(part.outbox_id, {})[part.part] = part.message_id
                    first[part.outbox_id] = min(part.sent_at, first.get(part.outbox_id, part.sent_at))
        return [
            Posted(
                id=OutboxId(row.id),
                chat=rows.joined_chat(row),
                parts=parts[row.id],
                sent_at=first[row.id],
                thread=row.thread_id,
            )
            for row in found
        ]

    async def react(self, telegram_id: int, message_id: int, number: int) -> None:
        """Keep how many reactions a message of ours has; those of others' are none of our business."""
        ours = (
            select(outbox_parts.c.outbox_id, outbox_parts.c.part)
            .join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(chats.c.telegram_id == telegram_id, outbox_parts.c.message_id == message_id)
            .order_by(outbox_parts.c.outbox_id.desc())
            .limit(1)
        )
        async with self._database.transaction() as connection:
            row = (await connection.execute(ours)).one_or_none()
            if row is not None:
                values = {"outbox_id": row.outbox_id, "part": row.part, "number": number}
                await connection.execute(insert_new(connection, reactions, or_update=("number",)).values(values))

    async def told_since(self, chat_id: ChatId, *, since: datetime, before: datetime) -> Sequence[Told]:
        """Read the posts that arrived in a chat from ``since`` on and ``before`` a moment, trials left out."""
        each = func.coalesce(func.sum(reactions.c.number), 0).label("reactions")
        arrived = (
            select(outbox.c.digest_id, outbox.c.settled_at, each)
            .outerjoin(reactions, reactions.c.outbox_id == outbox.c.id)
            .where(outbox.c.chat_id == chat_id, outbox.c.state == OutboxState.SENT)
            .where(outbox.c.settled_at >= since, outbox.c.settled_at < before, outbox.c.slot.not_like(f"{TRIAL}%"))
            .group_by(outbox.c.id, outbox.c.digest_id, outbox.c.settled_at)
            .order_by(outbox.c.settled_at, outbox.c.id)
        )
        async with self._database.transaction() as connection:
            found = (await connection.execute(arrived)).all()
            written = await self._shelf.read(connection, [row.digest_id for row in found])
        return [
            Told(at=row.settled_at, digest=written[row.digest_id], reactions=row.reactions)
            for row in found
            if row.digest_id in written
        ]

    async def reached(self, story_id: StoryId, *, since: datetime, now: datetime) -> Reached:
        """Count to whom a story went at once by what was enqueued at ``since`` or later."""
        later = (outbox.c.not_before > now).label("later")
        counted = (
            select(chats.c.kind, outbox.c.state, later, func.count().label("number"))
            .join(digest_stories, digest_stories.c.digest_id == outbox.c.digest_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(digest_stories.c.story_id == story_id, outbox.c.slot == f"{AT_ONCE}{story_id}")
            .where(outbox.c.created_at >= since)
            .group_by(chats.c.kind, outbox.c.state, later)
        )
        found = dict.fromkeys(("people", "channels", "under_way", "later"), 0)
        async with self._database.transaction() as connection:
            for row in await connection.execute(counted):
                match row.state:
                    case OutboxState.SENT:
                        found["people" if row.kind is ChatKind.PRIVATE else "channels"] += row.number
                    case OutboxState.PENDING | OutboxState.CLAIMED | OutboxState.SENDING:
                        found["later" if row.later else "under_way"] += row.number
        return Reached(**found)

    async def went_at_once(self, chat_ids: Sequence[ChatId], *, since: datetime) -> Mapping[ChatId, Sequence[datetime]]:
        """When stories went to each of these chats at once at ``since`` or later, or will go.

        What was refused (by an admin, or by Telegram) and of which nothing arrived went nowhere.
        """
        found: dict[ChatId, list[datetime]] = {}
        arrived = exists().where(outbox_parts.c.outbox_id == outbox.c.id)
        went = or_(outbox.c.state != OutboxState.REFUSED, arrived)
        at_once = and_(outbox.c.slot.startswith(AT_ONCE, autoescape=True), outbox.c.due_at >= since, went)
        async with self._database.transaction() as connection:
            for batch in batches(chat_ids):
                mine = select(outbox.c.chat_id, outbox.c.due_at).where(outbox.c.chat_id.in_(batch), at_once)
                for row in await connection.execute(mine):
                    found.setdefault(ChatId(row.chat_id), []).append(row.due_at)
        return found
