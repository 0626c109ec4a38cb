"""Reads what people do, by long polling, and hands it to the dispatcher: in order for each, side by side for all.

A batch is confirmed to Telegram only when it was handled, so a process that dies in the middle reads it again; what
must not happen twice is keyed by the update's id. aiogram's own polling confirms first and forgets what was running.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Update
from pydantic import ValidationError

from bot.messageids import MessageIds
from bot.render import cut
from bot.session import what_is_wrong
from bot.telegram import REQUEST_TIMEOUT
from bot.visit import LONGEST_TOAST, Toast
from feeds.errors import FatalError

log = structlog.get_logger(__name__)

POLL_SECONDS = 25
PATIENCE = timedelta(seconds=5)
"""How long a batch may keep the next one waiting; slower handlers go on beside it."""
_MAX_BACKOFF = 30.0


Tap: TypeAlias = tuple[int, int, int, str]


class TokenRefusedError(FatalError):
    """Telegram does not know the token (any more)."""


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates`` whose answer is read update by update: one that we cannot read must not hide the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int = POLL_SECONDS
    allowed_updates: list[str]


class Updates:
    """Polls until it is cancelled; ``given`` is what handlers get besides an update."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, *, ids: MessageIds | None = None, **given: Any) -> None:
        self._bot = bot
        self._given = given
        self._ids = ids or MessageIds()
        self._dispatcher = dispatcher
        self._allowed = dispatcher.resolve_used_update_types()
        self._tails: dict[int, asyncio.Task[object]] = {}
        """The last unfinished update of each person or chat: the next of theirs waits for it."""
        self._taps: dict[Tap, asyncio.Task[object]] = {}
        """Taps under way: the same one again is a finger that trembled, or one that tired of waiting."""

    async def run(self) -> None:
        """Read and handle updates; raises ``TokenRefusedError`` when the token is refused."""
        offset: int | None = None
        failures = 0
        while True:
            try:
                batch = await self._bot(
                    GetRawUpdates(offset=offset, allowed_updates=self._allowed),
                    request_timeout=int(POLL_SECONDS + REQUEST_TIMEOUT),
                )
            except TelegramUnauthorizedError as error:
                raise TokenRefusedError("token-refused") from error
            except (TelegramAPIError, ClientDecodeError) as error:
                failures += 1
                delay = _delay(error, failures)
                log.warning("updates not read", reason=str(error), again_in=round(delay, 1))
                await asyncio.sleep(delay)
                continue
            failures = 0
            tasks = [task for raw in batch if (task := self._start(raw))]
            if tasks:
                await asyncio.wait(tasks, timeout=PATIENCE.total_seconds())
            if batch:
                offset = max(int(raw["update_id"]) for raw in batch) + 1

    async def finish(self, *, timeout: float) -> None:
        """Let handlers under way end."""
        if self._tails:
            await asyncio.wait(self._tails.values(), timeout=timeout)

    @property
    def at_rest(self) -> bool:
        """Whether every update that was read has been handled."""
        return not self._tails

    @property
    def kinds(self) -> list[str]:
        """The kinds of updates that somebody handles."""
        return self._allowed

    async def receive(self, raw: Mapping[str, Any]) -> None:
        """Handle one update that was brought; returns when that is done, or when it takes long."""
        if task := self._start(raw):
            await asyncio.wait([task], timeout=PATIENCE.total_seconds())

    def _start(self, raw: Mapping[str, Any]) -> asyncio.Task[object] | None:
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            log.warning("update not understood", update_id=raw.get("update_id"), reason=what_is_wrong(error))
            return None
        self._ids.read_update(raw)
        key, tap = _whose(raw), _tap(update)
        if update.callback_query is not None and tap is not None and (first := self._taps.get(tap)) is not None:
            return asyncio.create_task(self._still(update.callback_query, first))
        task = asyncio.create_task(self._handle(update, after=self._tails.get(key)))
        if tap is not None:
            self._taps[tap] = task
            task.add_done_callback(lambda _: self._taps.pop(tap, None))
        self._tails[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    async def _still(self, query: CallbackQuery, first: asyncio.Task[object]) -> None:
        """Answer a tap without doing anything, with what came of the ``first`` like it: how things stand now."""
        await asyncio.wait([first])
        result = None if first.cancelled() else first.result()
        text = cut(result.text, LONGEST_TOAST) if isinstance(result, Toast) else ""
        with contextlib.suppress(TelegramAPIError, ClientDecodeError):
            await self._bot.answer_callback_query(query.id, text=text or None)

    def _forget(self, key: int, done: asyncio.Task[object]) -> None:
        if self._tails.get(key) is done:
            del self._tails[key]

    async def _handle(self, update: Update, *, after: asyncio.Task[object] | None) -> object:
        if after is not None:
            await asyncio.wait([after])
        try:
            return await self._dispatcher.feed_update(self._bot, update, **self._given)
        except Exception:
            log.exception("update failed", update_id=update.update_id)
            return None


def _delay(error: Exception, failures: int) -> float:
    if isinstance(error, TelegramRetryAfter):
        return float(error.retry_after)
    if isinstance(error, TelegramConflictError):
        log.error("another process reads this bot's updates: only one may run", reason=error.message)
        return 5.0
    return min(2.0 ** min(failures, 10) / 4, _MAX_BACKOFF)


def _tap(update: Update) -> Tap | None:
    """Tell taps apart: who pressed which button under which message; None for anything else."""
    query = update.callback_query
    if query is None:
        return None
    place = query.message
    return query.from_user.id, place.chat.id if place else 0, place.message_id if place else 0, query.data or ""


def _whose(raw: Mapping[str, Any]) -> int:
    """Find the person or chat that an update belongs to; 0 for one that names neither."""
    payloads: Iterable[Any] = (value for value in raw.values() if isinstance(value, dict))
    for payload in payloads:
        for party in ("from", "chat"):
            if isinstance(payload.get(party), dict):
                return int(payload[party].get("id", 0))
    return 0
