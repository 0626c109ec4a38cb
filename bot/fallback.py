"""Whatever nothing else took: unknown commands, plain words, stickers, buttons of long ago. All get an answer."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.subscriber import help_command, stop_command
from bot.visit import Toast, Visit, stale

_SHORTEST = 2

_SPOKEN = {
    **dict.fromkeys(("стоп", "stop", "хватит", "отписаться", "отписка", "unsubscribe"), stop_command),
    **dict.fromkeys(("помощь", "справка", "help"), help_command),
}
"""What people write instead of the command; a word that would end it all must not be looked up as a topic."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="fallback")
    in_private = F.chat.type == "private"
    router.message.register(
        group_command,
        Command("start", "setup", "help", "digest", ignore_case=True),
        F.chat.type.in_({"group", "supergroup"}),
    )
    router.message.register(unknown_command, in_private, F.text.startswith("/"))
    router.message.register(words, in_private, F.text)
    router.message.register(anything_else, in_private)
    router.callback_query.register(stale_tap)
    return router


async def group_command(message: Message, visit: Visit) -> None:
    """In a group, lead to the private chat: settings hold nothing that a group should see."""
    username = (await visit.bot.me()).username or ""
    await message.reply(visit.words("group-answer", link=f"https://t.me/{username}?start=start"))


async def unknown_command(message: Message, visit: Visit) -> None:
    """Name what was not understood, with the commands there are."""
    await visit.say("command-unknown", text=(message.text or "").split()[0][:40])


async def words(message: Message, visit: Visit) -> None:
    """Take words for the name of a topic or a make, and offer it."""
    text = (message.text or "").strip()[:100]
    if (command := _SPOKEN.get(text.casefold().rstrip(".!"))) is not None:
        await command(message, visit)
        return
    found = visit.services.catalogue.find(text) if len(text) >= _SHORTEST else ()
    if found:
        await visit.show(visit.screens.found(visit.person, found))
    else:
        await visit.say("words-unknown")


async def anything_else(message: Message, visit: Visit) -> None:
    """Stickers, voice, forwards: say what is understood."""
    await visit.say("words-unknown")


async def stale_tap(query: CallbackQuery, visit: Visit) -> Toast:
    """Answer a button that nothing knows any more, or that was forged."""
    return stale(visit.words)
