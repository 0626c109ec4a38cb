"""Channels and groups: learning that the bot was added, and setting each up in private with whoever runs it."""

from __future__ import annotations

import structlog
from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberAdministrator, ChatMemberUpdated, Message

from bot.authority import bot_may_post
from bot.callbacks import ChannelTap, Go
from bot.i18n import interface_language, words_for
from bot.markup import Button, say
from bot.markup import Message as Screen
from bot.render import cut
from bot.screens import Screens
from bot.services import Services
from bot.visit import SHORT_TITLE, Toast, Visit, show, stale
from feeds.issue import Chat, ChatKind, ChatState, DigestKind, PauseReason
from feeds.schedule import next_issue

log = structlog.get_logger(__name__)


_RIGHTS = "post_messages"


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="channels")
    router.message.register(channels_command, Command("channels", ignore_case=True), F.chat.type == "private")
    router.callback_query.register(channels_tap, Go.filter(F.to == "channels"))
    router.callback_query.register(channel_tap, ChannelTap.filter())
    router.my_chat_member.register(added_or_removed, F.chat.type.in_({"channel", "group", "supergroup"}))
    return router


async def channels_command(message: Message, visit: Visit) -> None:
    """List the channels and groups that this person runs."""
    await visit.show(await _list(visit))


async def channels_tap(query: CallbackQuery, visit: Visit) -> None:
    """Return to the list."""
    await visit.redraw(query, await _list(visit))


async def channel_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> Toast | None:
    """Open, pause, resume or try out a channel; the right to do so is asked of Telegram each time."""
    chat = await visit.target(callback_data.chat)
    services = visit.services
    match callback_data.do:
        case "open":
            pass
        case "pause":
            chat = await services.chats.stop(chat.id)
        case "resume":
            if not await bot_may_post(visit.bot, chat):
                return Toast(visit.words("channel-no-right", title=_title(chat)), alert=True)
            if not chat.times:
                await visit.redraw(query, visit.screens.times(chat))
                return None
            coming = next_issue(chat.times, chat.zone, after=services.clock())
            chat = await services.chats.resume(chat.id, next_at=coming)
        case "test":
            return await _test_post(query, visit, chat)
        case _:
            return stale(visit.words)
    await visit.redraw(query, visit.screens.settings(chat))
    return None


async def added_or_removed(event: ChatMemberUpdated, visit: Visit) -> None:
    """Take note of a chat that the bot was added to, and tell whoever did it how to set it up."""
    bot, services = visit.bot, visit.services
    chat = await _known(event, services)
    member = event.new_chat_member
    if member.status in ("left", "kicked"):
        await services.chats.pause(chat.id, PauseReason.REMOVED)
        return
    may_post = event.chat.type != "channel" or (
        isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    )
    if not may_post:
        await services.chats.pause(chat.id, PauseReason.NO_RIGHT)
        await tell_managers(bot, services, chat, PauseReason.NO_RIGHT)
        return
    if chat.state is ChatState.PAUSED:
        coming = next_issue(chat.times, chat.zone, after=services.clock())
        await services.chats.resume(chat.id, next_at=coming)
    if not event.from_user.is_bot and event.old_chat_member.status in ("left", "kicked", "member", "restricted"):
        await services.chats.add_manager(chat.id, visit.person.telegram_id)
        await _greet_manager(visit, chat)


async def tell_managers(bot: Bot, services: Services, chat: Chat, reason: PauseReason) -> None:
    """Tell everybody who runs a channel why nothing goes to it any more, with the link that mends it."""
    if chat.kind is ChatKind.PRIVATE:
        return
    username = (await bot.me()).username or ""
    for manager in await services.chats.managers(chat.id):
        person = await services.chats.by_telegram_id(manager)
        words = words_for(person.lang if person else services.settings.lang)
        key = "channel-no-right" if reason is PauseReason.NO_RIGHT else "channel-lost"
        mend = Button(text=words("button-repair"), url=add_link(username, chat.kind))
        await _send(bot, manager, Screen(document=say(words(key, title=chat.title or "")), keyboard=((mend,),)))


def add_link(username: str, kind: ChatKind = ChatKind.CHANNEL) -> str:
    """Return the link that adds the bot with the one right it needs."""
    if kind is ChatKind.CHANNEL:
        return f"https://t.me/{username}?startchannel&admin={_RIGHTS}"
    return f"https://t.me/{username}?startgroup=cfg"


async def _known(event: ChatMemberUpdated, services: Services) -> Chat:
    lang = interface_language(event.from_user.language_code, default=services.settings.lang)
    return await services.chats.ensure(
        event.chat.id,
        kind=ChatKind(event.chat.type),
        title=(event.chat.title or "")[:128],
        lang=lang,
        reads=(lang,),
        zone=services.settings.timezone,
        now=services.clock(),
    )


async def _greet_manager(visit: Visit, chat: Chat) -> None:
    tap = ChannelTap(chat=chat.id, do="open").pack()
    setup = Button(text=visit.words("button-setup"), data=tap, style="primary")
    text = say(visit.words("channel-added", title=chat.title or ""))
    await _send(visit.bot, visit.person.telegram_id, Screen(document=text, keyboard=((setup,),)))


async def _send(bot: Bot, telegram_id: int, message: Screen) -> None:
    try:
        await show(bot, telegram_id, message)
    except TelegramAPIError as error:
        # They never pressed START with us: nothing may be written to them, and /channels waits for them.
        log.info("manager not told", reason=error.message)


async def _list(visit: Visit) -> Screen:
    words = visit.words
    username = (await visit.bot.me()).username or ""
    add = (
        Button(text=words("button-add-channel"), url=add_link(username)),
        Button(text=words("button-add-group"), url=add_link(username, ChatKind.GROUP)),
    )
    chats = await visit.services.chats.managed_by(visit.person.telegram_id)
    opened = tuple(
        (Button(text=_label(visit.screens, chat), data=ChannelTap(chat=chat.id, do="open").pack()),) for chat in chats
    )
    text = words("channels-list") if chats else words("channels-none")
    return Screen(document=say(text), keyboard=(*opened, add))


def _label(screens: Screens, chat: Chat) -> str:
    state = "channel-works" if chat.state is ChatState.ACTIVE and chat.times else "channel-silent"
    return screens.words(state, title=_title(chat))


def _title(chat: Chat) -> str:
    """Call a chat by its title where there is little room: on a button, in the answer to a tap."""
    return cut(chat.title or "", SHORT_TITLE)


async def _test_post(query: CallbackQuery, visit: Visit, chat: Chat) -> Toast:
    """Send the channel a real issue now, so that its admin sees what readers will."""
    if not await bot_may_post(visit.bot, chat):
        return Toast(visit.words("channel-no-right", title=_title(chat)), alert=True)
    digest = await visit.services.publish.publish_asked(chat, slot=f"test:{query.id}", kind=DigestKind.ASKED)
    if digest is None:
        return Toast(visit.words("nothing-yet"), alert=True)
    visit.services.ring_courier()
    return Toast(visit.words("channel-test-sent", title=_title(chat)))
