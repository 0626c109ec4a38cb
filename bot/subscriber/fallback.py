"""Whatever nothing else took: unknown commands, plain words, stickers, buttons of long ago. All get an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message

from bot.subscriber.search import look_up
from bot.visit import Toast, Visit, stale

HINT_EVERY: Final = timedelta(minutes=10)
_WORDLESS: Final = frozenset(
    {
        ContentType.PINNED_MESSAGE,
        ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        ContentType.CHAT_BACKGROUND_SET,
        ContentType.WRITE_ACCESS_ALLOWED,
    }
)
"""What Telegram itself puts into the chat when somebody pins, or sets how it looks: nobody waits for an answer."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="fallback")
    in_private = F.chat.type == "private"
    router.message.register(unknown_command, in_private, F.text.startswith("/"))
    router.message.register(words, in_private, F.text)
    router.message.register(anything_else, in_private)
    router.callback_query.register(stale_tap)
    return router


async def unknown_command(message: Message, visit: Visit) -> None:
    """Name what was not understood, with the commands there are."""
    await visit.say("command-unknown", text=(message.text or "").split()[0][:40])


async def words(message: Message, visit: Visit) -> None:
    """Take words for what to look for: a topic, a make, stories, the story at an address."""
    await look_up(visit, (message.text or "").strip())


async def anything_else(message: Message, visit: Visit) -> None:
    """Stickers, voice, forwards: say what is understood, but not to each picture of an album."""
    services = visit.services
    if message.content_type in _WORDLESS:
        return
    if services.lately.first("hint", visit.person.telegram_id, span=HINT_EVERY, now=services.clock()):
        await visit.say("words-unknown")


async def stale_tap(query: CallbackQuery, visit: Visit) -> Toast:
    """Answer a button that nothing knows any more, or that was forged."""
    return stale(visit.words)
