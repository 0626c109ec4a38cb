"""When the next issue is due. Pure arithmetic on wall clocks and IANA zones; knows no chat and no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def next_issue(times: Sequence[int], zone: str, *, after: datetime) -> datetime | None:
    """Return the first issue strictly after a moment, in UTC; None when there are no times.

    ``times`` are minutes after local midnight. A local time that a clock change skips is taken as much later as the
    clock jumped; one that happens twice is taken the first time: each issue comes once a day, all the year.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` when the zone is unknown.
    """
    if not times:
        return None
    tz = _zone(zone)
    today = after.astimezone(tz).date()
    return min(moment for moment in _moments(times, tz, today) if moment > after)


def slot_key(due_at: datetime) -> str:
    """Name an issue by the minute it is due: with the chat, the key under which it is enqueued once."""
    return f"{due_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _moments(times: Sequence[int], tz: ZoneInfo, today: date) -> Iterator[datetime]:
    # Two days ahead cover a whole local day skipped at the date line (Pacific/Apia, 30 December 2011).
    for offset in (-1, 0, 1, 2):
        day = today + timedelta(days=offset)
        for minutes in times:
            wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=tz)
            yield wall.astimezone(UTC)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
