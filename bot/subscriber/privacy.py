"""What is stored about a person: to read about it, to take it along, to have it erased."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.authority import may_manage
from bot.callbacks import AccountTap, Go
from bot.dossier import Dossier, Tables, Titles, as_html, as_json
from bot.i18n import Words
from bot.markup import Button, say
from bot.markup import Message as Screen
from bot.menus import drop_person_menu
from bot.render import cut
from bot.visit import SHORT_TITLE, Toast, Visit
from feeds.chatsettings import HiddenKind
from feeds.digest import tell
from feeds.issue import Chat
from feeds.model import StoryId

EXPORT_EVERY: Final = timedelta(hours=1)
LONGEST_ID: Final = 19
"""Digits that no id of the store has."""
BACKUP_DAYS: Final = 14
"""How long a backup is kept at most, as the operator's guide asks; /privacy promises it."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="privacy")
    router.message.filter(F.chat.type == "private")
    router.message.register(privacy_command, Command("privacy", ignore_case=True))
    router.message.register(export_command, Command("export", ignore_case=True))
    router.message.register(delete_command, Command("delete", ignore_case=True))
    router.callback_query.register(open_tap, AccountTap.filter(F.do.in_({"privacy", "export"})))
    router.callback_query.register(delete_tap, AccountTap.filter(F.do.in_({"ask", "delete", "hand", "off"})))
    return router


async def privacy_command(message: Message, visit: Visit) -> None:
    """Say what is stored about a person and what is not, why, for how long, and who answers for it."""
    await visit.show(privacy_screen(visit))


async def export_command(message: Message, visit: Visit) -> None:
    """Hand out everything that is tied to the person, as a page to read and a file for programs."""
    if (refused := await _export(visit)) is not None:
        await visit.show(Screen(document=say(refused.text)))


async def delete_command(message: Message, visit: Visit) -> None:
    """Ask once more before everything about a person goes."""
    await visit.show(await _question(visit))


async def open_tap(query: CallbackQuery, callback_data: AccountTap, visit: Visit) -> Toast | None:
    """Read what is stored, or have it."""
    if callback_data.do == "export":
        return await _export(visit)
    await visit.redraw(query, privacy_screen(visit))
    return None


async def delete_tap(query: CallbackQuery, callback_data: AccountTap, visit: Visit) -> Toast | None:
    """Ask, see to the channels that nobody else runs, then erase everything at once."""
    toast, lonely = None, await _lonely(visit)
    match callback_data.do:
        case "hand":
            toast = await _hand_over(visit, lonely)
        case "off":
            await _let_go(visit, lonely)
        case "delete" if not lonely:
            await visit.services.store.accounts.forget(visit.person.telegram_id, now=visit.services.clock())
            await drop_person_menu(visit.bot, visit.person.telegram_id)
            await visit.redraw(query, Screen(document=say(visit.words("deleted"))))
            return None
    await visit.redraw(query, await _question(visit))
    return toast


def privacy_screen(visit: Visit) -> Screen:
    """Tell about data as one tells a friend."""
    words, settings = visit.words, visit.services.settings
    name, contact = settings.operator_name.strip(), settings.contact.strip()
    known = name and contact
    who = words("privacy-who", name=name, contact=contact) if known else words("privacy-who-unknown")
    parts = [words(f"privacy-{part}") for part in ("stored", "not-stored", "why")]
    paragraphs = [*parts, words("privacy-long", days=BACKUP_DAYS), words("privacy-rights"), who]
    export = Button(text=words("button-export"), data=AccountTap(do="export").pack())
    return Screen(document=say(*paragraphs), keyboard=((export,), (forget_button(words),)))


def forget_button(words: Words) -> Button:
    """Make the way to erasing everything."""
    return Button(text=words("button-delete"), data=AccountTap(do="ask").pack())


async def _export(visit: Visit) -> Toast | None:
    services, person, words = visit.services, visit.person, visit.words
    now = services.clock()
    if left := await services.store.accounts.take_export(person.telegram_id, span=EXPORT_EVERY, now=now):
        return Toast(words("export-later", minutes=max(1, round(left / timedelta(minutes=1)))), alert=True)
    tables = await services.store.accounts.collect(person.telegram_id)
    channels = [chat.title or "" for chat in await services.chats.managed_by(person.telegram_id)]
    dossier = Dossier(person=person, tables=tables, channels=channels, titles=await _titles(visit, tables), at=now)
    page, data = as_html(visit.screens, dossier), as_json(dossier)
    await visit.say("export-comes")
    for name, content in (("autodigest-data.html", page), ("autodigest-data.json", data)):
        file = BufferedInputFile(content.encode(), filename=name)
        await visit.bot.send_document(person.telegram_id, file, protect_content=True)
    return None


async def _titles(visit: Visit, tables: Tables) -> Titles:
    """Look up what the stories are called that the tables name, as far as they still are known."""
    named = {row["story_id"] for name in ("votes", "coverage") for row in tables.get(name, ())}
    hidden = [one.what for one in visit.person.settings.hidden if one.kind is HiddenKind.STORY]
    named |= {int(what) for what in hidden if what.isdecimal() and len(what) < LONGEST_ID}
    told = map(tell, await visit.services.store.news.stories({StoryId(story) for story in named}))
    return {one.story_id: (one.headline, one.url) for one in told}


async def _question(visit: Visit) -> Screen:
    """Say what will go; before it, what is to become of channels that nobody else runs."""
    words, store, person = visit.words, visit.services.store, visit.person
    no = Button(text=words("button-cancel"), data=Go(to="settings").pack())
    if lonely := await _lonely(visit):
        titles = words.listing([f"«{cut(chat.title or '', SHORT_TITLE)}»" for chat in lonely[:5]])
        hand = Button(text=words("button-hand-over"), data=AccountTap(do="hand").pack())
        off = Button(text=words("button-let-go"), data=AccountTap(do="off").pack(), style="danger")
        text = words("delete-channels", titles=titles)
        return Screen(document=say(text), keyboard=((hand,), (off,), (no,)))
    votes, kept = len(await store.votes.all_of(person.id)), await store.saved.count(person.id)
    question = words("delete-question", saved=kept, votes=votes)
    yes = Button(text=words("button-delete-all"), data=AccountTap(do="delete").pack(), style="danger")
    return Screen(document=say(question, words("delete-backups", days=BACKUP_DAYS)), keyboard=((yes,), (no,)))


async def _lonely(visit: Visit) -> list[Chat]:
    """Find the channels and groups that only this person runs, as far as we know."""
    chats, me = visit.services.chats, visit.person.telegram_id
    return [chat for chat in await chats.managed_by(me) if await chats.managers(chat.id) == (me,)]


async def _hand_over(visit: Visit, lonely: Sequence[Chat]) -> Toast:
    """Let the other administrators run them: those whom Telegram lets."""
    me, left = visit.person.telegram_id, False
    for chat in lonely:
        heirs = []
        with contextlib.suppress(TelegramAPIError):
            admins = [one.user for one in await visit.bot.get_chat_administrators(chat.telegram_id)]
            others = [user.id for user in admins if not user.is_bot and user.id != me]
            heirs = [user for user in others if await may_manage(visit.bot, chat, user)]
        for heir in heirs:
            await visit.services.chats.add_manager(chat.id, heir)
        left = left or not heirs
    return Toast(visit.words("handed-to-nobody" if left else "handed-over"), alert=left)


async def _let_go(visit: Visit, lonely: Sequence[Chat]) -> None:
    """Stop them at once and leave; what was posted stays."""
    for chat in lonely:
        await visit.services.store.channels.unlink(chat.id, now=visit.services.clock())
        with contextlib.suppress(TelegramAPIError):
            await visit.bot.leave_chat(chat.telegram_id)
