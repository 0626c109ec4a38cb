"""Where news comes from and when it is polled next. One half of ``storage.news``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, delete, exists, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.errors import StorageError
from feeds.model import Source, SourceId, SourceSpec
from feeds.polls import NextPollReason, PollState
from storage import rows
from storage.engine import Database
from storage.journal import Journal
from storage.moving import move
from storage.polls import ACTIVE, claim, settle
from storage.tables import Origin, items, sources, stories

_UNKNOWN: Mapping[SourceId, PollState] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReport:
    """How many sources of the file were added, changed or switched off."""

    added: int = 0
    updated: int = 0
    disabled: int = 0


class Sources:
    """Sources of the file and the operator's own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._journal = Journal()

    async def seed(self, specs: Sequence[SourceSpec], *, now: datetime) -> SeedReport:
        """Make the store's sources those of the file, known by the addresses given there or those they moved to.

        What polling remembers stays, moves and mergers too. A source that left the file is disabled; the operator's
        own are left alone.
        """
        async with self._database.transaction() as connection:
            stored = list(await connection.execute(select(sources).with_for_update()))
            # Where one source's old address is another's new one, whoever was given it has the better claim.
            known = {row.url: row for row in stored} | {row.given_url: row for row in stored}
            wanted = [(spec, known.get(spec.url)) for spec in specs]
            new = [spec for spec, row in wanted if row is None]
            changed = [(spec, row) for spec, row in wanted if row is not None and _differs(row, spec)]
            named = {row.id for _, row in wanted if row is not None}
            named |= {row.merged_into for row in stored if row.id in named}
            left = [row.id for row in stored if row.origin == Origin.FILE and row.enabled and row.id not in named]
            if new:
                await connection.execute(insert(sources), [_new(spec, origin=Origin.FILE, now=now) for spec in new])
            for spec, row in changed:
                values = rows.spec_values(spec) | {"origin": Origin.FILE, "url": row.url, "given_url": spec.url}
                await connection.execute(update(sources).where(sources.c.id == row.id).values(values))
            if left:
                await connection.execute(update(sources).where(sources.c.id.in_(left)).values(enabled=False))
        return SeedReport(added=len(new), updated=len(changed), disabled=len(left))

    async def sources(self) -> Sequence[Source]:
        """All sources, disabled ones too, in the order they came."""
        async with self._database.transaction() as connection:
            return [rows.source(row) for row in await connection.execute(select(sources).order_by(sources.c.id))]

    async def silent_sources(self, langs: Collection[str], *, since: datetime) -> Sequence[str]:
        """Name the sources in these languages that were there at ``since`` and have told nothing from then on."""
        told = exists().where(items.c.source_id == sources.c.id, items.c.created_at >= since)
        polled = and_(sources.c.enabled, not_(sources.c.paused), sources.c.merged_into.is_(None))
        silent = select(sources.c.name).where(polled, sources.c.lang.in_(langs), sources.c.created_at < since)
        async with self._database.transaction() as connection:
            return list(await connection.scalars(silent.where(not_(told)).order_by(sources.c.id)))

    async def add_source(self, spec: SourceSpec, *, now: datetime) -> Source:
        """Add a source of the operator's; StorageError ``source-exists`` when its address is or was a source's.

        One that the file has dropped or switched off becomes the operator's, with what polling remembers of it.
        """
        statement = insert(sources).values(_new(spec, origin=Origin.OPERATOR, now=now)).returning(sources)
        try:
            async with self._database.transaction() as connection:
                if adopted := await _adopt(connection, spec):
                    return adopted
                return rows.source((await connection.execute(statement)).one())
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                raise StorageError("source-exists", url=spec.url) from error
            raise

    async def remove_source(self, source_id: SourceId) -> None:
        """Forget a source, its items and stories nobody else told; StorageError ``source-missing``."""
        async with self._database.transaction() as connection:
            found = await connection.execute(delete(sources).where(sources.c.id == source_id))
            if not found.rowcount:
                raise StorageError("source-missing", id=source_id)
            await connection.execute(delete(stories).where(stories.c.id.not_in(select(items.c.story_id))))

    async def pause_source(self, source_id: SourceId) -> None:
        """Poll a source no more until it is resumed, whatever the file says; StorageError ``source-missing``."""
        await self._change(source_id, paused=True)

    async def resume_source(self, source_id: SourceId, *, now: datetime) -> None:
        """End a pause, the operator's or one that failures led to; StorageError ``source-missing``.

        A source that was given up is due at once; any other keeps its time.
        """
        stopped = sources.c.reason.in_([NextPollReason.GONE, NextPollReason.PAUSED])
        await self._change(source_id, paused=False)
        async with self._database.transaction() as connection:
            again = {"next_at": now, "reason": NextPollReason.NEW, "failures": 0}
            await connection.execute(update(sources).where(sources.c.id == source_id, stopped).values(again))

    async def _change(self, source_id: SourceId, **values: Any) -> None:
        async with self._database.transaction() as connection:
            found = await connection.execute(update(sources).where(sources.c.id == source_id).values(values))
            if not found.rowcount:
                raise StorageError("source-missing", id=source_id)

    async def move_source(self, source_id: SourceId, url: str) -> SourceId | None:
        """Poll a source at another address from now on, without asking it unconditionally again.

        When a source is there already they become one: it gets the items it lacks, and the moved one stays in the
        list, disabled and ``merged_into`` it. Gives the id of that source, None where there was none.
        """
        async with self._database.transaction() as connection:
            return await move(connection, source_id, url)

    async def is_polled(self, url: str, *, other_than: SourceId) -> bool:
        """Whether an address is another source's, which is polled and answers."""
        polled = and_(sources.c.url == url, sources.c.enabled, sources.c.failures == 0, sources.c.id != other_than)
        async with self._database.transaction() as connection:
            return await connection.scalar(select(sources.c.id).where(polled)) is not None

    async def refused_sources(self, *, now: datetime) -> Sequence[Source]:
        """Say which sources wait because their host demanded it (429, 503), for a process that has just begun."""
        waiting = and_(sources.c.reason == NextPollReason.RETRY_AFTER, sources.c.next_at > now)
        async with self._database.transaction() as connection:
            return [rows.source(row) for row in await connection.execute(select(sources).where(waiting))]

    async def languages(self) -> frozenset[str]:
        """Say which languages the sources that are polled write in."""
        async with self._database.transaction() as connection:
            found = await connection.scalars(select(sources.c.lang).where(ACTIVE).distinct())
            return frozenset(found)

    async def claim_due_sources(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Source]:
        """Lease up to ``limit`` sources that are active and whose poll is due, the longest-waiting first.

        Nobody else gets them until ``commit_poll``, or until the lease runs out.
        """
        async with self._database.transaction() as connection:
            return await claim(connection, now=now, limit=limit, until=now + lease)

    async def release_sources(self) -> int:
        """End all leases: for a process that has the store to itself and knows that every other one is dead."""
        leased = update(sources).where(sources.c.lease_until.is_not(None))
        async with self._database.transaction() as connection:
            return (await connection.execute(leased.values(lease_until=None))).rowcount

    async def hasten(self, *, polled_before: datetime, now: datetime) -> int:
        """Make due what was not polled since a moment; sources that asked us to wait, or are gone, keep their time.

        A source that failures paused is among those made due: asking for it by hand is how its pause ends.
        """
        rested = or_(sources.c.polled_at.is_(None), sources.c.polled_at <= polled_before)
        asked = sources.c.reason.in_([NextPollReason.SERVER, NextPollReason.RETRY_AFTER, NextPollReason.GONE])
        waiting = update(sources).where(ACTIVE, sources.c.next_at > now, rested, ~asked)
        async with self._database.transaction() as connection:
            return (await connection.execute(waiting.values(next_at=now))).rowcount

    async def settle_polls(
        self, polls: Mapping[SourceId, PollState], *, before: Mapping[SourceId, PollState] = _UNKNOWN
    ) -> None:
        """Commit 1 of polls that brought no items, all at once; those of sources that are gone are left out.

        Of a source that was claimed as it is in ``before`` only what has changed is written.
        """
        async with self._database.transaction() as connection:
            await settle(connection, polls, before)


def _new(spec: SourceSpec, *, origin: Origin, now: datetime) -> dict[str, Any]:
    first = PollState(next_at=now, reason=NextPollReason.NEW)
    values = {"given_url": spec.url, "origin": origin, "paused": False, "created_at": now}
    return rows.spec_values(spec) | rows.poll_values(first) | values


async def _adopt(connection: AsyncConnection, spec: SourceSpec) -> Source | None:
    dropped = and_(sources.c.origin == Origin.FILE, ~sources.c.enabled, sources.c.merged_into.is_(None))
    named = or_(sources.c.url == spec.url, sources.c.given_url == spec.url)
    row = (await connection.execute(select(sources).where(dropped, named).with_for_update())).one_or_none()
    if row is None:
        return None
    values = rows.spec_values(spec) | {"origin": Origin.OPERATOR, "paused": False, "url": row.url}
    adopted = update(sources).where(sources.c.id == row.id).values(values).returning(sources)
    return rows.source((await connection.execute(adopted)).one())


def _differs(row: rows.AnyRow, spec: SourceSpec) -> bool:
    """Whether the file says something else than the store; a merged source is only a name, and stays one."""
    if row.merged_into is not None:
        return False
    return row.origin != Origin.FILE or row.given_url != spec.url or rows.spec(row) != replace(spec, url=row.url)
