"""Sources claimed to be polled, and what polls leave behind: many at once, as thousands an hour bring nothing new.

On SQLite the values travel as one JSON text, there and back: its driver hands the interpreter's lock over for every row
and every request under way waits for it each time. PostgreSQL's sends and reads them by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Source, SourceId
from feeds.polls import PollState
from storage import rows
from storage.columns import Moment
from storage.plain import reader, written
from storage.tables import sources

Values = Mapping[str, Any]
_Names = tuple[str, ...]

ACTIVE: Final = and_(sources.c.enabled, ~sources.c.paused)


def _due() -> Select[Any]:
    now = bindparam("now", type_=Moment)
    free = or_(sources.c.lease_until.is_(None), sources.c.lease_until <= now)
    waiting = select(sources).where(ACTIVE, sources.c.next_at <= now, free)
    return waiting.order_by(sources.c.next_at, sources.c.id).limit(bindparam("limit", type_=Integer))


_READ: Final = reader(sources.c)
_DUE: Final = _due()
_DUE_AT_ONCE: Final = select(func.json_group_array(func.json_array(*_DUE.subquery().c)))
_MINE: Final = func.json_each(bindparam("mine", type_=Text)).table_valued("value")
_LEASE_AT_ONCE: Final = (
    update(sources).where(sources.c.id.in_(select(_MINE.c.value))).values(lease_until=bindparam("until", type_=Moment))
)


async def claim(connection: AsyncConnection, *, now: datetime, limit: int, until: datetime) -> list[Source]:
    """Lease up to ``limit`` active sources whose poll is due and that nobody has leased, the longest-waiting first."""
    asked = {"now": now, "limit": limit}
    if connection.dialect.name == "sqlite":
        due = [
            rows.source(_READ(values)) for values in json.loads(await connection.scalar(_DUE_AT_ONCE, asked) or "[]")
        ]
    else:
        due = [rows.source(row) for row in await connection.execute(_DUE.with_for_update(skip_locked=True), asked)]
    if due:
        mine = [source.id for source in due]
        if connection.dialect.name == "sqlite":
            await connection.execute(_LEASE_AT_ONCE, {"mine": json.dumps(mine), "until": until})
        else:
            await connection.execute(update(sources).where(sources.c.id.in_(mine)).values(lease_until=until))
    return sorted(due, key=lambda source: (source.poll.next_at, source.id))


async def settle(
    connection: AsyncConnection, polls: Mapping[SourceId, PollState], before: Mapping[SourceId, PollState]
) -> None:
    """Store what polls leave behind and end their leases; those of sources that are gone are left out.

    Of a source whose state is known from ``before`` only what has changed is written: mostly when it is due.
    """
    alike: dict[_Names, list[tuple[SourceId, Values]]] = {}
    for source_id, poll in polls.items():
        values = rows.poll_values(poll)
        if (known := before.get(source_id)) is not None:
            old = rows.poll_values(known)
            values = {name: value for name, value in values.items() if value != old[name]}
        alike.setdefault(tuple(values), []).append((source_id, values))
    for names, changes in alike.items():
        if connection.dialect.name == "sqlite":
            await connection.execute(_at_once(names), {"polls": _written(names, changes)})
        else:
            await connection.execute(_one_by_one(names), [{**values, "source": one} for one, values in changes])


async def settle_one(connection: AsyncConnection, source_id: SourceId, poll: PollState) -> bool:
    """Store what a poll leaves behind and end its lease; False when the source is gone."""
    values = rows.poll_values(poll)
    found = await connection.execute(_one_by_one(tuple(values)), {**values, "source": source_id})
    return bool(found.rowcount)


@lru_cache(maxsize=64)
def _at_once(names: _Names) -> Update:
    polls = func.json_each(bindparam("polls", type_=Text)).table_valued("value", name="polls")

    def cell(place: int) -> Any:
        return func.json_extract(polls.c.value, f"$[{place}]")

    values = {name: type_coerce(cell(place), sources.c[name].type) for place, name in enumerate(names, 1)}
    return update(sources).where(sources.c.id == cell(0)).values({**values, "lease_until": None})


@lru_cache(maxsize=64)
def _one_by_one(names: _Names) -> Update:
    values = {name: bindparam(name, type_=sources.c[name].type) for name in names}
    return update(sources).where(sources.c.id == bindparam("source")).values({**values, "lease_until": None})


def _written(names: _Names, changes: Iterable[tuple[SourceId, Values]]) -> str:
    """Write values as SQLite has them, in the order of the names."""
    ids, values = zip(*changes, strict=True)
    rows_of = written([sources.c[name] for name in names], values)
    return json.dumps([(one, *row) for one, row in zip(ids, rows_of, strict=True)], ensure_ascii=False)
