"""The way back when typed times take the place of others: the button carries those, so that it works for years."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery
from pydantic import Field

from bot.callbacks import OWN, Number
from bot.i18n import Words
from bot.markup import Button
from bot.subscriber.timetable import key_of, times_screen
from bot.timewords import kept_text, rhythm_text
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatState
from feeds.schedule import planned

_DAY = 24 * 60
_WEEK_DAYS = range(7)


class FormerTap(CallbackData, prefix="tf"):
    """Let issues come as they did: at ``times`` (minutes after midnight, joined by hyphens) of the ``days``.

    Of ``days`` bit 0 is Monday; ``weekly`` is in minutes after Monday's midnight.
    """

    chat: Number = OWN
    times: Annotated[str, Field(pattern=r"^([0-9]{1,4}(-[0-9]{1,4}){0,3})?$")] = ""
    days: Annotated[int, Field(ge=0, lt=2**7)] = 0
    weekly: Annotated[int, Field(ge=0, lt=7 * _DAY)] | None = None


def is_replaced(before: Chat, after: Chat) -> bool:
    """Say whether something that came before a change comes no more as it did."""
    if before.state is ChatState.NEW or not before.expects_issues:
        return False
    days = bool(before.times) and before.settings.weekdays != after.settings.weekdays
    weekly = before.settings.weekly is not None and before.settings.weekly != after.settings.weekly
    return days or weekly or not set(before.times) <= set(after.times)


def back_button(words: Words, before: Chat) -> Button:
    """Draw the button that lets issues come as they did before."""
    tap = FormerTap(
        chat=key_of(before),
        times="-".join(map(str, before.times)),
        days=sum(1 << day for day in before.settings.weekdays),
        weekly=before.settings.weekly,
    )
    return Button(text=words("button-times-back"), data=tap.pack())


def replaced_note(visit: Visit, before: Chat) -> str:
    """Say when issues came till now."""
    return visit.words("times-replaced", times=kept_text(visit.words, before, now=visit.screens.now))


async def former_tap(query: CallbackQuery, callback_data: FormerTap, visit: Visit) -> Toast | None:
    """Let issues come as they did; whoever stopped meanwhile stays stopped."""
    chat = await visit.target(callback_data.chat)
    times = tuple(sorted({int(one) for one in callback_data.times.split("-") if one}))
    if any(minutes >= _DAY for minutes in times):
        return stale(visit.words)
    days = frozenset(day for day in _WEEK_DAYS if callback_data.days >> day & 1)
    now = visit.services.clock()

    def change(stored: Chat) -> Chat:
        settings = replace(stored.settings, weekdays=days, weekly=callback_data.weekly)
        return planned(replace(stored, times=times, settings=settings), now=now)

    chat = await visit.services.chats.replan(chat.id, change)
    await visit.redraw(query, times_screen(visit.screens, chat))
    return Toast(rhythm_text(visit.words, chat, now=visit.screens.now))
