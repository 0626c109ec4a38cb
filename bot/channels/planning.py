"""When things come to a channel, and how that is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from bot.channels.choices import ISSUES, NOW, USUAL_TIMES
from bot.services import Services
from feeds.issue import Chat, ChatState, Instant
from feeds.schedule import next_issue, planned, resumed, rhythm_of, zone_of


def coming(chat: Chat, now: datetime) -> datetime | None:
    """Return when the next issue is due, None when none is."""
    return next_issue(rhythm_of(chat), after=now)


def slots(chat: Chat, now: datetime, *, limit: int) -> Iterator[datetime]:
    """List the moments of the next issues."""
    moment = chat.next_at
    for _ in range(limit):
        if moment is None:
            return
        yield moment
        moment = coming(chat, max(moment, now))


def midnight(chat: Chat, now: datetime) -> datetime:
    """Return when the channel's day began."""
    zone = zone_of(chat.zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


async def choose_rhythm(services: Services, chat: Chat, to: str) -> Chat:
    """Let stories go one by one at once, in issues, or both; a channel that rests goes on resting."""
    instant = Instant.OFF if to == ISSUES else Instant.EVERY
    if chat.instant is not instant:
        chat = await services.chats.send_instantly(chat.id, instant)
    now = services.clock()

    def change(old: Chat) -> Chat:
        state = ChatState.ACTIVE if old.state is ChatState.NEW else old.state
        if to == NOW:
            silent = replace(old, times=(), settings=replace(old.settings, weekly=None))
            return planned(replace(silent, state=state), now=now)
        times = old.times if old.expects_issues else USUAL_TIMES
        return planned(replace(old, times=times, state=state), now=now)

    return await services.chats.replan(chat.id, change)


async def go_on(services: Services, chat: Chat, *, missed: bool = False, launched: bool = False) -> Chat:
    """Let a channel's posts go on as they were set; a pause that was to last ends.

    What became known meanwhile goes at once only where its people did not want it to stop (``missed``). ``launched``:
    it was being set up until now; in the same moment as its next issue is planned, or one long due would go out.
    """
    now = services.clock()

    def change(old: Chat) -> Chat:
        since = old.instant_since if missed else now
        settings = replace(old.settings, wizard_step=None, wizard_left=False) if launched else old.settings
        return resumed(replace(old, paused_until=None, instant_since=since, settings=settings), now=now)

    chat = await services.chats.replan(chat.id, change)
    if missed:
        services.reconsider()
    return chat
