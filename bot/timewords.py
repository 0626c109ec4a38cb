"""How the times of a chat are said: its rhythm, its next issue, its quiet hours, its pause. Pure; draws no screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.i18n import NBSP, Words
from bot.markup import Moment, Span, Spans
from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatKind, ChatState
from feeds.schedule import WORKDAYS, is_paused

_DAY = 24 * 60
_WEEKEND = frozenset({5, 6})


def rhythm_text(words: Words, chat: Chat, *, now: datetime) -> str:
    """Say when issues come: «по будням в 8:00 и 19:00», «раз в неделю: вс 10:00», or why none do."""
    if chat.state is ChatState.PAUSED or (chat.state is ChatState.STOPPED and chat.kind is not ChatKind.PRIVATE):
        if chat.kind is ChatKind.PRIVATE or not chat.expects_issues:
            return words("times-paused")
        return words("times-stopped", times=kept_text(words, chat, now=now))
    if not chat.expects_issues or chat.state is not ChatState.ACTIVE:
        return words("times-none")
    if chat.paused_until is not None and is_paused(chat, now):
        return words("times-resting", until=words.when(chat.paused_until, chat.zone, now=now))
    parts = [daily_text(words, chat)] if chat.times else []
    if chat.settings.weekly is not None:
        parts.append(words("times-weekly", when=weekly_text(words, chat.settings.weekly)))
    return ", ".join(parts)


def kept_text(words: Words, chat: Chat, *, now: datetime) -> str:
    """Say when issues would come if they did."""
    return rhythm_text(words, replace(chat, state=ChatState.ACTIVE, paused_until=None), now=now)


def daily_text(words: Words, chat: Chat) -> str:
    """Say at which times of which days issues come."""
    times = words.listing([words.minutes(minutes) for minutes in sorted(chat.times)])
    days = chat.settings.weekdays
    if not days:
        return words("times-daily", times=times)
    if days == WORKDAYS:
        return words("times-workdays", times=times)
    if days == _WEEKEND:
        return words("times-weekend", times=times)
    names = ", ".join(words(f"short-weekday-{day + 1}") for day in sorted(days))
    return words("times-some-days", days=names, times=times)


def weekly_text(words: Words, weekly: int) -> str:
    """Say when in the week: «вс 10:00»."""
    return f"{words(f'short-weekday-{weekly // _DAY + 1}')}{NBSP}{words.minutes(weekly % _DAY)}"


def next_line(words: Words, chat: Chat, *, now: datetime) -> Spans | None:
    """Say when the next issue comes, by the chat's clock.

    A channel's readers see it by their own, where clients show that.
    Nothing comes to a channel that is being set up, whatever times are chosen already.
    """
    if chat.next_at is None or chat.state is not ChatState.ACTIVE or chat.settings.wizard_step is not None:
        return None
    return (f"{words('next-issue')} ", moment_of(words, chat, chat.next_at, now=now))


def moment_of(words: Words, chat: Chat, at: datetime, *, now: datetime) -> Span:
    """Write a coming moment as people say it, with the name of its zone.

    A person's own clock is known: «завтра» by it is not to be drawn anew by that of the device. Readers of a channel
    have clocks of their own.
    """
    said = f"{words.when(at, chat.zone, now=now)}{NBSP}{words.zone_name(chat.zone, now=at)}"
    return said if chat.kind is ChatKind.PRIVATE else Moment(at, said, "wdt")


def quiet_text(words: Words, settings: ChatSettings) -> str:
    """Say when nothing rings: «23–8», «22:30–7»."""
    if settings.quiet is None:
        return words("quiet-off")
    return window_text(words, *settings.quiet)


def window_text(words: Words, start: int, end: int) -> str:
    """Write from when to when; whole hours without minutes."""
    return "–".join(words.minutes(minutes).removesuffix(":00") for minutes in (start, end))
