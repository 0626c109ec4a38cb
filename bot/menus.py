"""The menu of commands and what Telegram shows about the bot, in each language. Cosmetics: refusals are only logged."""

from __future__ import annotations

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import (
    DeleteMyCommands,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.i18n import LANGUAGES, Words, words_for
from feeds.issue import Chat
from feeds.opinions import StaffMember

log = structlog.get_logger(__name__)

PRIVATE = (
    "digest", "topics", "time", "search", "saved", "channels", "settings", "lang", "help", "privacy", "stop"
)  # fmt: skip
DESK = ("queue", "opinion", "breaking", "correct", "retract")
OPERATORS = ("editors", "stats")
GROUPS = ("digest", "help")
GROUP_ADMINS = ("digest", "setup", "help")


async def set_menus(bot: Bot) -> None:
    """Tell Telegram our commands and descriptions; English is what every other language gets."""
    for lang in (None, *LANGUAGES):
        words = words_for(lang or "en")
        private, groups, admins = (_commands(words, names) for names in (PRIVATE, GROUPS, GROUP_ADMINS))
        for method in (
            SetMyCommands(commands=private, scope=BotCommandScopeAllPrivateChats(), language_code=lang),
            SetMyCommands(commands=groups, scope=BotCommandScopeAllGroupChats(), language_code=lang),
            SetMyCommands(commands=admins, scope=BotCommandScopeAllChatAdministrators(), language_code=lang),
            SetMyDescription(description=words("bot-description"), language_code=lang),
            SetMyShortDescription(short_description=words("bot-short-description"), language_code=lang),
        ):
            await _try(bot, method)


async def set_person_menu(bot: Bot, person: Chat, member: StaffMember | None) -> None:
    """Show one person the menu in the language they chose, whatever their client's is; ``member``: what the desk has.

    Cosmetics: who is shown a command is asked again when they use it.
    """
    names: tuple[str, ...] = PRIVATE
    if member is not None:
        # What only they have comes first: a menu shows ten at a time.
        names = (*DESK, *OPERATORS, *PRIVATE) if member.operator else (*DESK, *PRIVATE)
    commands = _commands(words_for(person.lang), names)
    await _try(bot, SetMyCommands(commands=commands, scope=BotCommandScopeChat(chat_id=person.telegram_id)))


async def drop_person_menu(bot: Bot, telegram_id: int) -> None:
    """Show somebody what everybody is shown."""
    await _try(bot, DeleteMyCommands(scope=BotCommandScopeChat(chat_id=telegram_id)))


def _commands(words: Words, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command=name, description=words(f"command-{name}")) for name in names]


async def _try(bot: Bot, method: TelegramMethod[bool]) -> None:
    try:
        await bot(method)
    except TelegramAPIError as error:
        log.info("menu not set", method=type(method).__name__, reason=error.message)
