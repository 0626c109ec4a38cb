"""Everything on one screen, and the languages; for oneself or for a managed chat."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Go, LangTap, LookTap, ReadTap
from bot.channels.screen import channel
from bot.desk.roles import member_of
from bot.i18n import LANGUAGES
from bot.menus import set_person_menu
from bot.panel import LOOKS, look_text
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatKind

_LANGUAGE_NAMES = {"ru": "ru", "русский": "ru", "russian": "ru", "en": "en", "english": "en", "английский": "en"}


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="settings")
    router.message.filter(F.chat.type == "private")
    router.message.register(lang_command, Command("lang", "language", ignore_case=True))
    router.callback_query.register(lang_tap, LangTap.filter())
    router.callback_query.register(read_tap, ReadTap.filter())
    router.callback_query.register(look_tap, LookTap.filter())
    router.callback_query.register(go_tap, Go.filter(F.to.in_({"settings", "languages", "same"})))
    router.message.register(settings_command, Command("settings", ignore_case=True))
    return router


async def lang_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the languages, or take the one that stands after the command: «/lang en»."""
    if command.args:
        lang = _LANGUAGE_NAMES.get(command.args.strip().casefold())
        if lang is None:
            await visit.say("language-not-read", text=command.args[:60])
            return
        visit = visit.as_now(await _speak(visit, visit.person, lang))
    await visit.show(visit.screens.languages(visit.person))


async def lang_tap(query: CallbackQuery, callback_data: LangTap, visit: Visit) -> Toast | None:
    """Speak another language; the menu of commands follows."""
    chat = await visit.target(callback_data.chat)
    if callback_data.lang not in LANGUAGES:
        return stale(visit.words)
    chat = await _speak(visit, chat, callback_data.lang)
    if chat.id == visit.person.id:
        visit = visit.as_now(chat)
    await visit.redraw(query, visit.screens.languages(chat))
    return None


async def read_tap(query: CallbackQuery, callback_data: ReadTap, visit: Visit) -> Toast | None:
    """Toggle a language of news; at least one stays."""
    chat = await visit.target(callback_data.chat)
    chosen = set(chat.reads) ^ {callback_data.lang}
    if callback_data.lang not in LANGUAGES or not chosen:
        return Toast(visit.words("reads-one"), alert=True)
    reads = tuple(lang for lang in LANGUAGES if lang in chosen)
    chat = await visit.services.chats.speak(chat.id, lang=chat.lang, reads=reads)
    await visit.redraw(query, visit.screens.languages(chat))
    return None


async def look_tap(query: CallbackQuery, callback_data: LookTap, visit: Visit) -> Toast | None:
    """Turn a look of issues to its next state, and say which that is."""
    chat = await visit.target(callback_data.chat)
    if (turned := LOOKS.get(callback_data.look)) is None:
        return stale(visit.words)
    chat = await visit.services.chats.configure(chat.id, turned)
    own = chat.kind is ChatKind.PRIVATE
    await visit.redraw(query, visit.screens.settings(chat) if own else channel(visit.screens, chat))
    return Toast(look_text(visit.words, chat.settings, callback_data.look))


async def go_tap(query: CallbackQuery, callback_data: Go, visit: Visit) -> None:
    """Open one of the screens."""
    chat = await visit.target(callback_data.chat)
    match callback_data.to:
        case "settings":
            await visit.redraw(query, visit.screens.settings(chat))
        case "languages":
            await visit.redraw(query, visit.screens.languages(chat))


async def settings_command(message: Message, visit: Visit) -> None:
    """Show everything on one screen."""
    await visit.show(visit.screens.settings(visit.person))


async def _speak(visit: Visit, chat: Chat, lang: str) -> Chat:
    # Whoever never chose other news wants them in the language they read the bot in.
    reads = (lang,) if chat.reads == (chat.lang,) else chat.reads
    chat = await visit.services.chats.speak(chat.id, lang=lang, reads=reads)
    if chat.id == visit.person.id:
        await set_person_menu(visit.bot, chat, await member_of(visit.services, chat.telegram_id))
    return chat
