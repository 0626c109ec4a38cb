"""When the next issue is due, and when nothing may ring. Pure arithmetic on wall clocks and IANA zones; no store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.issue import Chat, ChatState, Instant

DEFAULT_ZONE = "Europe/Moscow"
"""By whose clock a zone is read that the tables of this machine do not know."""

WORKDAYS = frozenset(range(5))
_DAY = 24 * 60
_TEN = 10 * 60
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When issues come: at ``times`` of the ``weekdays`` (none = every day), and once a week besides.

    ``times`` are minutes after local midnight, ``weekly`` is in minutes after Monday's. Nothing is due before
    ``paused_until``.
    """

    times: tuple[int, ...] = ()
    weekdays: frozenset[int] = frozenset()
    weekly: int | None = None
    zone: str = DEFAULT_ZONE
    paused_until: datetime | None = None


def rhythm_of(chat: Chat, *, now: datetime | None = None) -> Rhythm:
    """Return the rhythm that a chat has set; with ``now`` a pause that is over is left out."""
    paused = chat.paused_until
    return Rhythm(
        times=chat.times,
        weekdays=chat.settings.weekdays,
        weekly=chat.settings.weekly,
        zone=chat.zone,
        paused_until=paused if paused is not None and (now is None or now < paused) else None,
    )


def next_issue(rhythm: Rhythm, *, after: datetime) -> datetime | None:
    """Return the first issue strictly after a moment, in UTC; None when there are no times.

    A local time that a clock change skips is taken as much later as the clock jumped; one that happens twice is taken
    the first time: each issue comes once a day, all the year. One due just when a pause ends comes.
    """
    if rhythm.paused_until is not None:
        after = max(after, rhythm.paused_until - _MOMENT)
    tz = zone_of(rhythm.zone)
    today = after.astimezone(tz).date()
    return min((moment for moment in _moments(rhythm, tz, today) if moment > after), default=None)


def last_monday(zone: str, now: datetime) -> datetime:
    """Return the last Monday at ten by a zone's clock: when weeks are told to those who work on them."""
    local = now.astimezone(zone_of(zone))
    monday = local.date() - timedelta(days=local.weekday())
    ten = _wall(monday, _TEN, zone_of(zone))
    return ten if ten <= now else _wall(monday - timedelta(days=7), _TEN, zone_of(zone))


def weekly_between(rhythm: Rhythm, start: datetime, end: datetime) -> bool:
    """Say whether the weekly issue is due from ``start`` to ``end``, both included."""
    coming = next_issue(replace(rhythm, times=(), paused_until=None), after=start - _MOMENT)
    return coming is not None and coming <= end


def planned(chat: Chat, *, now: datetime) -> Chat:
    """Return a chat with its next issue as its settings have it; whoever gets none has none due."""
    active = chat.state is ChatState.ACTIVE
    return replace(chat, next_at=next_issue(rhythm_of(chat), after=now) if active else None)


def resumed(chat: Chat, *, now: datetime) -> Chat:
    """Return a chat that goes on as it was set; NEW when it never wanted anything to come."""
    wants = chat.expects_issues or chat.instant is not Instant.OFF
    state = ChatState.ACTIVE if wants else ChatState.NEW
    return planned(replace(chat, state=state, pause_reason=None), now=now)


def slot_key(due_at: datetime) -> str:
    """Name an issue by the minute it is due: with the chat, the key under which it is enqueued once."""
    return f"{due_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def is_paused(chat: Chat, now: datetime) -> bool:
    """Say whether the chat's people asked for nothing to come now."""
    return chat.paused_until is not None and now < chat.paused_until


def in_quiet_hours(chat: Chat, at: datetime) -> bool:
    """Say whether a moment lies in the chat's quiet hours: what comes then at a chosen time comes without a sound."""
    if chat.settings.quiet is None:
        return False
    start, end = chat.settings.quiet
    local = at.astimezone(zone_of(chat.zone))
    minutes = local.hour * 60 + local.minute
    return start <= minutes < end if start <= end else minutes >= start or minutes < end


def quiet_until(chat: Chat, now: datetime) -> datetime | None:
    """Return until when nothing may come that waits for no time of its own; None when it may come now.

    That is the end of the quiet hours, or of a pause: what broke meanwhile waits till then or joins the next issue.
    """
    moment = max(now, chat.paused_until) if chat.paused_until is not None else now
    if chat.settings.quiet is not None and in_quiet_hours(chat, moment):
        moment = min(end for end in _ends(chat, moment) if end > moment and not in_quiet_hours(chat, end))
    return moment if moment > now else None


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name, the default one where the name is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


def _moments(rhythm: Rhythm, tz: ZoneInfo, today: date) -> Iterator[datetime]:
    # Two days ahead cover a whole local day skipped at the date line (Pacific/Apia, 30 December 2011).
    ahead = 2 if not rhythm.weekdays and rhythm.weekly is None else 8
    for offset in range(-1, ahead + 1):
        day = today + timedelta(days=offset)
        weekday = day.weekday()
        if not rhythm.weekdays or weekday in rhythm.weekdays:
            for minutes in rhythm.times:
                yield _wall(day, minutes, tz)
        if rhythm.weekly is not None and weekday == rhythm.weekly // _DAY:
            yield _wall(day, rhythm.weekly % _DAY, tz)


def _ends(chat: Chat, moment: datetime) -> Iterator[datetime]:
    """When quiet hours end around a moment; at a clock turned back twice in a night."""
    tz = zone_of(chat.zone)
    _, end = chat.settings.quiet or (0, 0)
    for offset in (-1, 0, 1, 2):
        day = moment.astimezone(tz).date() + timedelta(days=offset)
        yield from (_wall(day, end, tz, fold=fold) for fold in (0, 1))


def _wall(day: date, minutes: int, tz: ZoneInfo, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), tzinfo=tz).astimezone(UTC)
