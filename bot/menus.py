"""The menu of commands and what Telegram shows about the bot, in each language. Cosmetics: refusals are only logged."""

from __future__ import annotations

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SetMyCommands, SetMyDescription, SetMyShortDescription, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.i18n import LANGUAGES, Words, words_for
from feeds.issue import Chat

log = structlog.get_logger(__name__)

PRIVATE = ("digest", "topics", "time", "channels", "settings", "lang", "help", "privacy", "stop")
GROUPS = ("setup", "help")


async def set_menus(bot: Bot) -> None:
    """Tell Telegram our commands and descriptions; English is what every other language gets."""
    for lang in (None, *LANGUAGES):
        words = words_for(lang or "en")
        private, groups = _commands(words, PRIVATE), _commands(words, GROUPS)
        for method in (
            SetMyCommands(commands=private, scope=BotCommandScopeAllPrivateChats(), language_code=lang),
            SetMyCommands(commands=groups, scope=BotCommandScopeAllGroupChats(), language_code=lang),
            SetMyDescription(description=words("bot-description"), language_code=lang),
            SetMyShortDescription(short_description=words("bot-short-description"), language_code=lang),
        ):
            await _try(bot, method)


async def set_person_menu(bot: Bot, person: Chat) -> None:
    """Show one person the menu in the language they chose, whatever their client's is."""
    commands = _commands(words_for(person.lang), PRIVATE)
    await _try(bot, SetMyCommands(commands=commands, scope=BotCommandScopeChat(chat_id=person.telegram_id)))


def _commands(words: Words, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command=name, description=words(f"command-{name}")) for name in names]


async def _try(bot: Bot, method: TelegramMethod[bool]) -> None:
    try:
        await bot(method)
    except TelegramAPIError as error:
        log.info("menu not set", method=type(method).__name__, reason=error.message)
