"""Plain words in place of commands: «пауза на неделю», "quiet 22-7", «скрыть теслу»; where unsure, two buttons ask."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, Update

from bot.callbacks import WishTap
from bot.channels.directory import channels_command
from bot.i18n import LANGUAGES, words_for
from bot.subscriber import choosing, issue, onboarding, ownwords, said, saved, search, settings, topics
from bot.subscriber.account import help_command, resume_command, stop_command
from bot.subscriber.hidewish import bring_back, hide_tapped, hide_wished
from bot.subscriber.pause import pause_for
from bot.subscriber.privacy import delete_command, export_command, privacy_command
from bot.subscriber.quiet import quiet_by
from bot.subscriber.results import tidy
from bot.subscriber.timetable import times_screen
from bot.visit import Toast, Visit, stale
from bot.wishreading import Wanted, Wish, read_wish

_PLAIN = {
    Wanted.STOP: stop_command,
    Wanted.START: onboarding.begin,
    Wanted.RESUME: resume_command,
    Wanted.HELP: help_command,
    Wanted.SAVED: saved.saved_command,
    Wanted.CHANNELS: channels_command,
    Wanted.SETTINGS: settings.settings_command,
    Wanted.PRIVACY: privacy_command,
    Wanted.LANGUAGE: said.languages,
    Wanted.EXPORT: export_command,
    Wanted.ERASE: delete_command,
    Wanted.HEADLINES: said.headlines_only,
    Wanted.NO_OPINIONS: said.no_opinions,
    Wanted.URGENT: said.urgent,
    Wanted.NOT_URGENT: said.not_urgent,
    Wanted.GREET: said.greet,
    Wanted.THANK: said.thank,
}
"""What one word leads to where a command does the same."""
_NAME = 24


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="wishes")
    router.message.filter(F.chat.type == "private")
    router.message.register(wish_typed, F.text, ~F.text.startswith("/"), Wishing())
    router.callback_query.register(wish_tap, WishTap.filter())
    return router


class Wishing(Filter):
    """Lets pass what is a wish in plain words, and gives the ``wish``."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        """Read the message as a wish."""
        wish = read_wish(message.text or "")
        return False if wish is None else {"wish": wish}


async def wish_typed(message: Message, visit: Visit, wish: Wish, event_update: Update) -> None:
    """Do what was wished for."""
    match wish.what:
        case Wanted.ISSUE:
            await issue.send_issue(visit, visit.person, slot=f"ask:{event_update.update_id}")
        case Wanted.TOPICS:
            count = await topics.count_for(visit, visit.person)
            await visit.show(choosing.topics(visit.screens, visit.person, count=count))
        case Wanted.TIMES:
            await visit.show(times_screen(visit.screens, visit.person))
        case Wanted.PAUSE:
            await pause_for(visit, visit.person, wish.about)
        case Wanted.QUIET:
            await quiet_by(visit, visit.person, wish.about)
        case Wanted.ZONE:
            await said.live_in(visit, wish.about)
        case Wanted.HIDE:
            await hide_wished(visit, wish, tidy(message.text or ""))
        case Wanted.BRING_BACK:
            await bring_back(visit, wish, tidy(message.text or ""))
        case Wanted.FOLLOW:
            await _follow(visit, wish)
        case plain:
            await _PLAIN[plain](message, visit)


async def wish_tap(query: CallbackQuery, callback_data: WishTap, visit: Visit) -> Toast | None:
    """Hide what was meant, as a topic or as a word, or look for the words after all."""
    typed = read_typed(query.message.text if isinstance(query.message, Message) else None)
    wish = read_wish(typed or "")
    if typed is None or wish is None or wish.what is not Wanted.HIDE:
        return stale(visit.words)
    if callback_data.do == "find":
        await visit.redraw(query, await search.results(visit, typed))
        return None
    return await hide_tapped(query, callback_data, visit, wish=wish, typed=typed)


def read_typed(text: str | None) -> str | None:
    """Read from a question of ours what somebody had written; None when it is no such question."""
    first = (text or "").partition("\n")[0]
    for lang in LANGUAGES:
        before = words_for(lang)("wish-typed", text="").strip()
        if first.startswith(f"{before} "):
            return first.removeprefix(before).strip() or None
    return None


async def _follow(visit: Visit, wish: Wish) -> None:
    """Offer the topics of this name; what is none becomes an own word, or is looked for where that is not certain."""
    offered = visit.services.catalogue.find(wish.about)
    if offered:
        await visit.show(choosing.found(visit.screens, visit.person, offered))
    elif wish.sure:
        await ownwords.change(visit, visit.person, wish.about)
    else:
        await search.look_up(visit, wish.about)
