"""What the bot says in a group: short, in reply to whoever asked, with the way to the private chat."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.deeplinks import DIGEST, chat_payload, start_link
from bot.markup import Button, say, telegram_html
from bot.telegram import inline_keyboard
from bot.visit import Visit


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="groups")
    router.message.filter(F.chat.type.in_({"group", "supergroup"}))
    router.message.register(digest_command, Command("digest", ignore_case=True))
    router.message.register(help_command, Command("help", ignore_case=True))
    router.message.register(private_command, Command("export", "delete", "privacy", ignore_case=True))
    return router


async def digest_command(message: Message, visit: Visit) -> None:
    """Lead to an issue in private: in the group everybody would have to scroll past it."""
    username = (await visit.bot.me()).username or ""
    group = await visit.services.chats.by_telegram_id(message.chat.id)
    buttons = [Button(text=visit.words("button-group-digest"), url=start_link(username, DIGEST))]
    if group is not None and (group.topics or group.words):
        buttons.append(Button(text=visit.words("button-group-mix"), url=start_link(username, chat_payload(group.id))))
    await _reply(message, visit.words("group-digest"), *buttons)


async def help_command(message: Message, visit: Visit) -> None:
    """Say what there is for a group."""
    username = (await visit.bot.me()).username or ""
    button = Button(text=visit.words("button-open-bot"), url=start_link(username, "start"))
    await _reply(message, visit.words("group-help"), button)


async def private_command(message: Message, visit: Visit) -> None:
    """Lead to the private chat: what we know about somebody is no group's business."""
    username = (await visit.bot.me()).username or ""
    button = Button(text=visit.words("button-open-bot"), url=start_link(username, "start"))
    await _reply(message, visit.words("group-private"), button)


async def _reply(message: Message, text: str, *buttons: Button) -> None:
    await message.reply(
        telegram_html(say(text)),
        reply_markup=inline_keyboard(tuple((button,) for button in buttons)),
        disable_notification=True,
    )
