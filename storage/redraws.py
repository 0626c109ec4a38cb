"""Which posted messages are to say something else than they do, and what came of it.

A copy is an issue in the outbox. However often it is wanted, it is drawn once, as things then stand; what is wanted
while it is being drawn is drawn after it. Nothing here is leased: drawing twice what is true does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    and_,
    bindparam,
    distinct,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from feeds.issue import ChatId, ChatKind, DigestStory, OutboxId
from feeds.model import StoryId
from feeds.redraws import DEBOUNCE, MOST_GROWTHS, Drawn, Propagation, Redraw, RedrawOutcome
from storage import rows
from storage.columns import EPOCH
from storage.copies import arrived, copies_of, ended, waits, want, want_copies
from storage.digests import DigestId, Shelf
from storage.engine import Database, batches
from storage.people import redraws
from storage.posted import AT_ONCE, TRIAL
from storage.tables import chats, digest_stories, digests, outbox, outbox_parts, stories, story_links

_OWN = tuple(redraws.c[name].label(f"draw_{name}") for name in ("wants", "attempts", "touched", "drawn"))


class Redraws:
    """Copies of stories that are to be drawn anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf()

    async def want(self, story_id: StoryId, *, now: datetime) -> int:
        """Let every copy of a story say what is true now; how many wait for it.

        Private ones only if they are younger than a day. One that is still to be sent waits until it is.
        """
        async with self._database.transaction() as connection:
            return await want_copies(connection, [story_id], now=now)

    async def arrived(self, story_ids: Sequence[StoryId]) -> Mapping[ChatId, frozenset[StoryId]]:
        """Read in which chats these stories stand; what was refused, waits, or was on trial stands nowhere."""
        found: dict[ChatId, set[StoryId]] = {}
        told = (
            select(outbox.c.chat_id, digest_stories.c.story_id)
            .join(outbox, digest_stories.c.digest_id == outbox.c.digest_id)
            .where(digest_stories.c.story_id.in_(story_ids), outbox.c.slot.not_like(f"{TRIAL}%"), arrived())
        )
        async with self._database.transaction() as connection:
            for row in await connection.execute(told.distinct()):
                found.setdefault(ChatId(row.chat_id), set()).add(StoryId(row.story_id))
        return {chat_id: frozenset(stories) for chat_id, stories in found.items()}

    async def follows(self, outbox_id: OutboxId) -> bool:
        """Say whether an issue is to say what is true now, or still what was sent."""
        kept_up = or_(redraws.c.outcome.is_(None), redraws.c.outcome != RedrawOutcome.OLD)
        mine = select(redraws.c.wants).where(redraws.c.outbox_id == outbox_id, kept_up)
        async with self._database.transaction() as connection:
            return await connection.scalar(mine) is not None

    async def grew(self, story_id: StoryId, *, now: datetime) -> int:
        """Let posts of a story that went at once say that more sources tell it, in a while; how many will.

        Not those to people, and none that was changed often already.
        """
        posted = and_(outbox.c.slot.startswith(AT_ONCE, autoescape=True), chats.c.kind != ChatKind.PRIVATE)
        often = exists().where(redraws.c.outbox_id == outbox.c.id, redraws.c.times >= MOST_GROWTHS)
        growing = copies_of([story_id]).where(posted, not_(often))
        later = {"not_before": now + DEBOUNCE, "attempts": 0, "outcome": None, "reason": None}
        async with self._database.transaction() as connection:
            return await want(connection, growing, later, now=now, sooner=True)

    async def due(self, *, now: datetime, limit: int, besides: Sequence[OutboxId] = ()) -> Sequence[Redraw]:
        """Read the copies whose time has come, the longest-waiting first; ``besides`` are those under way.

        What of an issue is still to be sent, or in doubt, is sent as it was written: it is drawn when it has arrived.
        """
        waiting = (
            select(*rows.HEAD_COLUMNS, *_OWN, chats.c.old_ids_until, *rows.CHAT_COLUMNS)
            .select_from(redraws)
            .join(outbox, outbox.c.id == redraws.c.outbox_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(redraws.c.not_before <= now, ended())
            .where(redraws.c.outbox_id.not_in(besides))
            .order_by(redraws.c.not_before, redraws.c.outbox_id)
            .limit(limit)
        )
        async with self._database.transaction() as connection:
            found = (await connection.execute(waiting)).all()
            parts: dict[int, dict[int, int]] = {}
            first: dict[int, datetime] = {}
            turned: dict[int, set[int]] = {}
            for batch in batches([row.id for row in found]):
                mine = select(outbox_parts).where(outbox_parts.c.outbox_id.in_(batch)).order_by(outbox_parts.c.part)
                moved = {row.id: row.old_ids_until or EPOCH for row in found}
                for part in await connection.execute(mine):
                    if part.sent_at <= moved[part.outbox_id]:
                        continue
                    parts.setdefault(part.outbox_id, {})[part.part] = part.message_id
                    if part.page:
                        turned.setdefault(part.outbox_id, set()).add(part.part)
                    first.setdefault(part.outbox_id, part.sent_at)
            written = await self._shelf.read(connection, [row.digest_id for row in found])
            unreadable = [row.id for row in found if row.digest_id not in written]
            given_up = {"not_before": None, "outcome": RedrawOutcome.REFUSED, "reason": "unreadable", "drawn_at": now}
            await connection.execute(update(redraws).where(redraws.c.outbox_id.in_(unreadable)).values(given_up))
            return [
                Redraw(
                    parcel=rows.parcel(row, written[row.digest_id], parts.get(row.id, {})),
                    wants=row.draw_wants,
                    sent_at=first.get(row.id, row.due_at),
                    attempts=row.draw_attempts,
                    touched=row.draw_touched,
                    drawn=row.draw_drawn,
                    turned=frozenset(turned.get(row.id, ())),
                )
                for row in found
                if row.digest_id in written
            ]

    async def begin(self, ids: Sequence[OutboxId]) -> None:
        """Say that these messages may from now on say something else than what was sent."""
        async with self._database.transaction() as connection:
            for batch in batches(ids):
                await connection.execute(
                    update(redraws).where(redraws.c.outbox_id.in_(batch)).values(touched=True, drawn=None)
                )

    async def settle(self, drawn: Sequence[Drawn], *, now: datetime) -> None:
        """Write down what came of redraws; what was wanted once more meanwhile goes on waiting."""
        if not drawn:
            return
        came_to = bindparam("came_to", type_=redraws.c.outcome.type)
        says = func.coalesce(bindparam("says", type_=redraws.c.drawn.type), redraws.c.drawn)
        ended = {"not_before": None, "outcome": came_to, "drawn": says, "drawn_at": now}
        this = and_(redraws.c.outbox_id == bindparam("row"), redraws.c.wants == bindparam("asked"))
        changed = [one.id for one in drawn if one.changed]
        async with self._database.transaction() as connection:
            for batch in batches(changed):
                mine = redraws.c.outbox_id.in_(batch)
                await connection.execute(update(redraws).where(mine).values(times=redraws.c.times + 1))
            values = [{"row": one.id, "asked": one.wants, "came_to": one.outcome, "says": one.drawn} for one in drawn]
            await connection.execute(update(redraws).where(this).values(ended), values)

    async def later(self, outbox_id: OutboxId, *, at: datetime, reason: str, count_attempt: bool = True) -> None:
        """Let a redraw wait until a moment."""
        waiting = {"not_before": at, "reason": reason, "attempts": redraws.c.attempts + int(count_attempt)}
        mine = and_(redraws.c.outbox_id == outbox_id, redraws.c.not_before.is_not(None))
        async with self._database.transaction() as connection:
            await connection.execute(update(redraws).where(mine).values(waiting))

    async def retold(self, *, since: datetime) -> Sequence[StoryId]:
        """Which stories that went out were told again at ``since`` or later, or became linked to one that was."""
        fresh = select(stories.c.id).where(stories.c.updated_at >= since)
        either = (
            select(story_links.c.one).where(story_links.c.other.in_(fresh)),
            select(story_links.c.other).where(story_links.c.one.in_(fresh)),
        )
        told = digest_stories.c.story_id
        changed = or_(told.in_(fresh), *(told.in_(links) for links in either))
        async with self._database.transaction() as connection:
            found = await connection.scalars(select(told).where(changed).distinct().order_by(told))
            return [StoryId(story_id) for story_id in found]

    async def tellings(self, story_id: StoryId, *, since: datetime, limit: int = 500) -> Sequence[DigestStory]:
        """In which words digests made at ``since`` or later told a story, the newest first."""
        telling = (
            select(digests.c.id)
            .join(digest_stories, digest_stories.c.digest_id == digests.c.id)
            .where(digest_stories.c.story_id == story_id, digests.c.made_at >= since)
            .order_by(digests.c.id.desc())
            .limit(limit)
        )
        async with self._database.transaction() as connection:
            ids = list(await connection.scalars(telling))
            written = await self._shelf.read(connection, [DigestId(one) for one in ids])
        found = (one for digest in written.values() for one in digest.stories if one.story_id == story_id)
        return list(dict.fromkeys(found))

    async def outcome(self, story_id: StoryId) -> Propagation:
        """Count what came of the last redraws of a story's copies.

        A chat counts once for each outcome, and what became of a test post that was not edited is nobody's business.
        """
        still = waits()
        told = or_(still, redraws.c.outcome == RedrawOutcome.EDITED, outbox.c.slot.not_like(f"{TRIAL}%"))
        copies, places = func.count().label("copies"), func.count(distinct(outbox.c.chat_id)).label("places")
        counted = (
            select(chats.c.kind, still.label("waits"), redraws.c.outcome, copies, places)
            .select_from(redraws)
            .join(outbox, outbox.c.id == redraws.c.outbox_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .join(digest_stories, digest_stories.c.digest_id == outbox.c.digest_id)
            .where(digest_stories.c.story_id == story_id, told)
            .group_by(chats.c.kind, still, redraws.c.outcome)
        )
        waiting, channels, people = 0, dict[RedrawOutcome, int](), dict[RedrawOutcome, int]()
        async with self._database.transaction() as connection:
            for row in await connection.execute(counted):
                if row.waits:
                    waiting += row.copies
                elif row.outcome is not None:
                    kind = people if row.kind is ChatKind.PRIVATE else channels
                    kind[row.outcome] = kind.get(row.outcome, 0) + row.places
        return Propagation(waiting=waiting, channels=channels, people=people)

    async def counts(self) -> Mapping[str, int]:
        """Count the copies that wait, and the others by what came of them."""
        still = waits()
        counted = select(still.label("waits"), redraws.c.outcome, func.count().label("number"))
        counted = counted.join(outbox, outbox.c.id == redraws.c.outbox_id)
        found = dict.fromkeys(("waiting", *RedrawOutcome), 0)
        async with self._database.transaction() as connection:
            for row in await connection.execute(counted.group_by(still, redraws.c.outcome)):
                if row.waits or row.outcome is not None:
                    found["waiting" if row.waits else str(row.outcome)] += row.number
        return found
