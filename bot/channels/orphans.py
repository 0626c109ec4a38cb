"""Channels that nobody runs any more: all who set one up lost their right. After a week its posts stop by themselves.

Since when that is so stands in the channel's trace, so that a restart changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat

from bot.authority import Standing, standing
from bot.channels.failures import note, tell
from bot.i18n import Words
from bot.markup import Message, say
from bot.services import Services
from feeds.issue import Chat, ChatKind

WEEK: Final = timedelta(days=7)
UNMANAGED, MANAGED, ORPHANED = "unmanaged", "managed", "orphaned"
_KINDS = (ChatKind.CHANNEL, ChatKind.SUPERGROUP, ChatKind.GROUP)


async def look_for_orphans(bot: Bot, services: Services) -> None:
    """Ask about everybody who runs a channel; warn when none may any more, and stop it a week later."""
    for kind in _KINDS:
        for chat in await services.store.channels.active(kind):
            held = await is_run(bot, services, chat)
            if held is not None:
                await _note(bot, services, chat, held=held)


async def is_run(bot: Bot, services: Services, chat: Chat) -> bool | None:
    """Whether anybody who set a chat up may still do so; None where Telegram does not tell."""
    known = True
    for manager in await services.chats.managers(chat.id):
        try:
            found = await standing(bot, chat, manager)
        except TelegramMigrateToChat:
            return None
        if found in (Standing.OWNER, Standing.MANAGER):
            return True
        known = known and found is Standing.NOBODY
    return False if known else None


async def _note(bot: Bot, services: Services, chat: Chat, *, held: bool) -> None:
    last = await services.store.audit.last(chat.id, UNMANAGED, MANAGED)
    since = last.done_at if last is not None and last.key == UNMANAGED else None
    if held:
        if since is not None:
            await note(services, chat, MANAGED)
        return
    if since is None:
        await note(services, chat, UNMANAGED)
        await _tell(bot, services, chat, "channel-unmanaged")
    elif services.clock() - since >= WEEK:
        await services.chats.stop(chat.id)
        await note(services, chat, ORPHANED)
        await _tell(bot, services, chat, "channel-orphaned")


async def _tell(bot: Bot, services: Services, chat: Chat, key: str) -> None:
    def written(words: Words) -> Message:
        return Message(document=say(words(key, title=chat.title or "")))

    await tell(bot, services, chat, written)
