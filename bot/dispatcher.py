"""Which room takes what people do: the routers in the order they are asked, and what happens around every handler."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from aiogram import Dispatcher
from aiogram.dispatcher.event.handler import FilterObject

from bot import doubt, inline
from bot.channels import approval, directory, leaving, linking, log, report, threads, trial, wizard
from bot.channels import queue as channel_queue
from bot.channels import settings as channel_settings
from bot.desk import amending, breaking, counting, history, judging, queue, staffing, writing
from bot.middleware import AnswerTaps, Apologise, Introduce
from bot.subscriber import (
    account,
    answers,
    card,
    fallback,
    groups,
    hiding,
    issue,
    onboarding,
    ownwords,
    pause,
    privacy,
    quiet,
    saved,
    search,
    settings,
    timing,
    topics,
    wishes,
    zone,
)

_ISSUES = (onboarding, issue, card, hiding, saved)
_FINDING = (topics, ownwords, search, groups)
_TIMING = (timing, zone, quiet, pause)
_SUBSCRIBER = (answers, *_ISSUES, *_FINDING, *_TIMING, settings, privacy, account, wishes)
"""What was asked last is answered first; what is no command may be a wish in plain words."""
_SETTING_UP = (linking, directory, channel_settings, wizard, threads, leaving)
_POSTING = (trial, channel_queue, approval, log, report)
_CHANNELS = (*_SETTING_UP, *_POSTING)
_DESK = (staffing, writing, judging, history, queue, breaking, amending, counting)
"""Before the readers' rooms: an invitation is a START, and a reply to a card is no search."""
_ROOMS = (*_DESK, *_CHANNELS, *_SUBSCRIBER, inline, doubt, fallback)
"""What nothing else takes falls to the last room."""


@cache
def make_dispatcher() -> Dispatcher:
    """Wire handlers and middlewares, once in a process: a bot's ``services`` come with each of its updates."""
    # Where a conversation stands is on the buttons and in the store, so nothing is remembered of everybody who writes.
    dispatcher = Dispatcher(disable_fsm=True)
    for observer in (
        dispatcher.message,
        dispatcher.edited_message,
        dispatcher.callback_query,
        dispatcher.my_chat_member,
    ):
        observer.middleware(AnswerTaps())
        observer.middleware(Introduce())
        observer.middleware(Apologise())
    for room in _ROOMS:
        dispatcher.include_router(room.make_router())
    for router in dispatcher.chain_tail:
        for observer in router.observers.values():
            for asked in (observer._handler, *observer.handlers):  # noqa: SLF001 - the room's own filters
                _ask_at_once(asked.filters or ())
    return dispatcher


def _ask_at_once(filters: Sequence[FilterObject]) -> None:
    """Have plain questions about an update answered where they are asked.

    aiogram sends each to a thread and waits for it: «is this a private chat?», some twenty times for a message.
    """
    for one in filters:
        if one.magic is not None:
            one.callback, one.awaitable = partial(_answer, one.magic), True


async def _answer(question: Any, event: object) -> Any:
    return question.resolve(event)
