"""Looking after channels by the clock: whether one that was lost may be posted to again, and once a night at all.

At night: channels that grew large, those that nobody runs any more, and those that Telegram has not known for a month.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.authority import bot_may_post
from bot.channels.failures import LOST, reopened, tell, tell_returned
from bot.channels.orphans import look_for_orphans
from bot.i18n import Words
from bot.jobs import Bell
from bot.markup import Message, say
from bot.services import Services
from feeds.issue import Chat, ChatKind, PauseReason
from feeds.schedule import zone_of

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(hours=1)
LOOKS = 24
ARCHIVED_AFTER = timedelta(days=30)
CROWD = 10_000
"""Subscribers from which on Russian law (303-FZ) asks a channel to register."""
KEPT = timedelta(days=365)
_RING = timedelta(minutes=1)
_NIGHT = range(4, 6)


class Watch:
    """Looks after channels by the clock; what it needs to know is stored, so that a restart changes nothing."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._looked: dict[int, int] = {}
        self._night: datetime | None = None
        self.bell = Bell(name="channels", every=_RING, answer=self.answer)

    async def answer(self) -> None:
        """Look again at what was lost in the last day, and once a night at all."""
        now = self._services.clock()
        for chat in await self._services.store.channels.paused(PauseReason.NO_RIGHT, PauseReason.REMOVED):
            await self._look_again(chat, now)
        hour = now.astimezone(zone_of(self._services.settings.timezone)).hour
        if hour in _NIGHT and (self._night is None or now - self._night > timedelta(hours=12)):
            self._night = now
            await self.nightly(now)

    async def nightly(self, now: datetime) -> None:
        """Count subscribers, archive what is long gone, forget old traces."""
        for chat in await self._services.store.channels.active(ChatKind.CHANNEL):
            await self._count(chat)
        for chat in await self._services.store.channels.paused(PauseReason.DELETED):
            entry = await self._services.store.audit.last(chat.id, LOST)
            if entry is not None and now - entry.done_at >= ARCHIVED_AFTER and not chat.settings.archived:
                await self._services.chats.configure(chat.id, lambda old: replace(old, archived=True))
        await look_for_orphans(self._bot, self._services)
        await self._services.store.audit.prune(now - KEPT, sparing=("linked", LOST))
        await self._services.store.tickets.prune(now)

    async def _look_again(self, chat: Chat, now: datetime) -> None:
        lost = await self._services.store.audit.last(chat.id, LOST)
        since = now - lost.done_at if lost is not None else timedelta()
        hours = since // LOOK_AGAIN
        if not 1 <= hours <= LOOKS or self._looked.get(chat.id) == hours:
            return
        self._looked[chat.id] = hours
        if not await bot_may_post(self._bot, chat):
            return
        await tell_returned(self._bot, self._services, await reopened(self._services, chat))
        self._services.ring_courier()

    async def _count(self, chat: Chat) -> None:
        try:
            count = await self._bot.get_chat_member_count(chat.telegram_id)
        except TelegramAPIError as error:
            log.info("subscribers not counted", chat=chat.id, reason=error.message)
            return
        if count <= CROWD or chat.settings.crowd:
            return
        await self._services.chats.configure(chat.id, lambda old: replace(old, crowd=True))

        def written(words: Words) -> Message:
            return Message(document=say(words("channel-crowd", title=chat.title or "", count=count)))

        await tell(self._bot, self._services, chat, written)
