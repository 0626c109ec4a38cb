"""The list of one's channels, and choosing a new one from Telegram's own list, which also lets the bot in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import (
    CallbackQuery,
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.authority import Standing, bot_may_post, standing
from bot.callbacks import ChannelTap, Go
from bot.channels import screen, wizard
from bot.channels.failures import LOST, lost_message
from bot.channels.links import add_link
from bot.channels.planning import midnight
from bot.channels.taps import ChannelsTap
from bot.channels.threads import learn_forum
from bot.look import place_of
from bot.markup import Button, Document, say, telegram_html
from bot.markup import Message as Screen
from bot.render import cut, render_post
from bot.visit import SHORT_TITLE, Visit
from feeds.issue import Chat, ChatId, ChatKind, ChatState, PauseReason

CHANNEL, GROUP, JOINED = 1, 2, 3
"""Numbers of the requests, by which Telegram tells which one was answered; JOINED is a channel where we are already."""
_KINDS = {CHANNEL: ChatKind.CHANNEL, GROUP: ChatKind.GROUP, JOINED: ChatKind.CHANNEL}
JUST_NOW = timedelta(minutes=1)
LOOKED_AT = 30
"""Of so many channels Telegram is asked whether somebody still runs them, before they are listed."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="channels")
    private = F.chat.type == "private"
    router.message.register(channels_command, Command("channels", "setup", ignore_case=True), private)
    router.message.register(chat_shared, F.chat_shared, private)
    router.callback_query.register(list_tap, Go.filter(F.to == "channels"))
    router.callback_query.register(channels_tap, ChannelsTap.filter())
    router.callback_query.register(relink_tap, ChannelTap.filter(F.do == "relink"))
    router.callback_query.register(unlist_tap, ChannelTap.filter(F.do == "unlist"))
    return router


async def channels_command(message: Message, visit: Visit) -> None:
    """List the channels and groups that this person runs; /setup is for groups, and who writes it here means this."""
    await visit.show(await drawn_list(visit))


async def list_tap(query: CallbackQuery, visit: Visit) -> None:
    """Return to the list."""
    await visit.redraw(query, await drawn_list(visit))


async def channels_tap(query: CallbackQuery, callback_data: ChannelsTap, visit: Visit) -> None:
    """Turn the page, or let somebody choose a channel or group to add."""
    match callback_data.do:
        case "channel":
            await _offer(query, visit, ChatKind.CHANNEL)
        case "group":
            await _offer(query, visit, ChatKind.GROUP)
        case "cancel":
            visit.services.picking.end(visit.person.telegram_id)
            await _put_keyboard_away(visit, visit.words("pick-cancelled"))
            await visit.redraw(query, await drawn_list(visit))
        case "list":
            await visit.redraw(query, await drawn_list(visit, page=callback_data.page))


async def relink_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> None:
    """Link a channel again that was let go: its settings are all there, and nothing goes out before they resume it."""
    chat = await visit.target(callback_data.chat, unlinked=True)
    await link(visit, chat)
    if chat.state is ChatState.NEW or chat.settings.wizard_step is not None:
        await visit.redraw(query, wizard.draw(visit.screens, await wizard.begin(visit, chat)))
        return
    await visit.redraw(query, screen.channel(visit.screens, await learn_forum(visit, chat)))


async def unlist_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> None:
    """Take a channel that we are no longer in off somebody's own list: of that only they can decide."""
    mine = {chat.id for chat in await visit.services.chats.managed_by(visit.person.telegram_id)}
    if callback_data.chat in mine:
        await visit.services.store.channels.dismiss(ChatId(callback_data.chat), visit.person.telegram_id)
    await visit.redraw(query, await drawn_list(visit))


async def chat_shared(message: Message, visit: Visit) -> None:
    """Set up the chat that was chosen, once it is sure that both of us may."""
    shared = message.chat_shared
    kind = _KINDS.get(shared.request_id) if shared else None
    await _end_picking(visit)
    if shared is None or kind is None:
        await _put_keyboard_away(visit, visit.words("pick-cancelled"))
        return
    title = shared.title or ""
    await _put_keyboard_away(visit, visit.words("pick-done", title=cut(title, SHORT_TITLE)))
    try:
        found = await visit.bot.get_chat(shared.chat_id)
        kind, title = ChatKind(found.type), found.title or title
    except TelegramAPIError:
        # Some clients share a chat without letting the bot in (telegramdesktop/tdesktop issue 27709).
        await visit.show(await _by_link(visit, kind, title))
        return
    now, lang = visit.services.clock(), visit.person.lang
    chat = Chat(id=ChatId(0), telegram_id=shared.chat_id, kind=kind, title=title, created_at=now)
    if await standing(visit.bot, chat, visit.person.telegram_id) not in (Standing.OWNER, Standing.MANAGER):
        await visit.say("not-admin", title=title)
        return
    if not await bot_may_post(visit.bot, chat):
        await _say_what_lacks(visit, chat)
        return
    chat = await visit.services.chats.ensure(
        shared.chat_id, kind=kind, title=title[:128], lang=lang, reads=(lang,), zone=visit.person.zone, now=now
    )
    await welcome(visit, chat)


async def welcome(visit: Visit, chat: Chat) -> None:
    """Let somebody run a channel: the steps of setting it up, or its screen where others have done that."""
    others = set(await visit.services.chats.managers(chat.id)) - {visit.person.telegram_id}
    await link(visit, chat)
    if chat.state is ChatState.NEW or chat.settings.wizard_step is not None:
        chat = await wizard.begin(visit, chat)
        await visit.show(wizard.draw(visit.screens, chat))
        return
    stopped = not others and chat.state is ChatState.STOPPED
    await visit.say("channel-known" if stopped else "channel-joined", title=chat.title or "")
    await visit.show(screen.channel(visit.screens, await learn_forum(visit, chat)))


async def link(visit: Visit, chat: Chat) -> None:
    """Note that somebody runs a channel from now on."""
    if visit.person.telegram_id not in await visit.services.chats.managers(chat.id):
        await visit.services.chats.add_manager(chat.id, visit.person.telegram_id)
        visit.trail.note(chat, "linked")


async def drawn_list(visit: Visit, *, page: int = 0) -> Screen:
    """Draw the list of somebody's channels, with how many posts each got today."""
    services = visit.services
    managed = await services.chats.managed_by(visit.person.telegram_id)
    listed = [chat for chat in managed if not chat.settings.archived]
    chats = await _run_by(visit, listed[:LOOKED_AT]) + listed[LOOKED_AT:]
    now = services.clock()
    posts = [await services.store.queue.posts_since(chat.id, midnight(chat, now)) for chat in chats]
    sample = () if chats else await _sample(visit)
    return screen.listed(visit.screens, chats, posts, page=page, sample=sample)


async def _run_by(visit: Visit, chats: Sequence[Chat]) -> list[Chat]:
    """Leave out the channels of which Telegram says that this person runs them no longer."""
    me = visit.person.telegram_id
    found = await asyncio.gather(*(standing(visit.bot, chat, me) for chat in chats), return_exceptions=True)
    return [chat for chat, is_now in zip(chats, found, strict=True) if is_now is not Standing.NOBODY]


async def _sample(visit: Visit) -> Document:
    """Write the day's foremost story as a channel would post it."""
    found = await visit.services.publish.counter.foremost(lang=visit.person.lang, limit=1)
    place = place_of(visit.person, visit.services.catalogue)
    return render_post(found[0], place) if found else ()


async def _offer(query: CallbackQuery, visit: Visit, kind: ChatKind) -> None:
    """Put Telegram's own list of channels or groups under the message; a link stands by for old clients."""
    words = visit.words
    name = "channel" if kind is ChatKind.CHANNEL else "group"
    if query.message is not None:
        visit.services.picking.begin(visit.person.telegram_id, query.message.message_id)
    username = (await visit.bot.me()).username or ""
    by_link = Button(text=words("button-by-link"), url=add_link(username, kind))
    cancel = Button(text=words("button-cancel"), data=ChannelsTap(do="cancel").pack())
    await visit.redraw(query, Screen(document=say(words(f"pick-{name}")), keyboard=((by_link,), (cancel,))))
    button = KeyboardButton(text=words(f"button-pick-{name}"), request_chat=_request(kind))
    buttons = [[button]]
    if kind is ChatKind.CHANNEL:
        buttons.append([KeyboardButton(text=words("button-pick-joined"), request_chat=_joined())])
    keyboard = ReplyKeyboardMarkup(keyboard=buttons, resize_keyboard=True, one_time_keyboard=True)
    below = telegram_html(say(words(f"pick-{name}-below")))
    await visit.bot.send_message(visit.person.telegram_id, below, reply_markup=keyboard)


def _request(kind: ChatKind) -> KeyboardButtonRequestChat:
    """Ask for a chat that the person may let us into with the one right we need.

    Without both sets of rights clients share the chat and leave the bot outside (tdlib/td issue 2572).
    """
    if kind is ChatKind.CHANNEL:
        return KeyboardButtonRequestChat(
            request_id=CHANNEL,
            chat_is_channel=True,
            user_administrator_rights=_rights(post=True, promote=True),
            bot_administrator_rights=_rights(post=True),
            request_title=True,
            request_username=True,
        )
    return KeyboardButtonRequestChat(
        request_id=GROUP,
        chat_is_channel=False,
        user_administrator_rights=_rights(info=True, invite=True),
        bot_administrator_rights=_rights(),
        bot_is_member=True,
        request_title=True,
        request_username=True,
    )


def _joined() -> KeyboardButtonRequestChat:
    """Ask for a channel where we are already: whoever only may post there can let nobody in."""
    return KeyboardButtonRequestChat(
        request_id=JOINED,
        chat_is_channel=True,
        user_administrator_rights=_rights(post=True),
        bot_is_member=True,
        request_title=True,
        request_username=True,
    )


def _rights(
    *, post: bool = False, promote: bool = False, info: bool = False, invite: bool = False
) -> ChatAdministratorRights:
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=False,
        can_delete_messages=False,
        can_manage_video_chats=False,
        can_restrict_members=False,
        can_promote_members=promote,
        can_change_info=info,
        can_invite_users=invite,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_post_messages=post or None,
    )


async def _say_what_lacks(visit: Visit, chat: Chat) -> None:
    """Name the right that we lack in a channel, unless that was said just now; where we are not, give the link."""
    services, now = visit.services, visit.services.clock()
    stored = await services.chats.by_telegram_id(chat.telegram_id)
    if stored is None or stored.pause_reason is not PauseReason.NO_RIGHT:
        await visit.show(await _by_link(visit, chat.kind, chat.title or ""))
        return
    last = await services.store.audit.last(stored.id, LOST)
    mine = visit.person.telegram_id in await services.chats.managers(stored.id)
    if mine and last is not None and now - last.done_at < JUST_NOW:
        return
    username = (await visit.bot.me()).username or ""
    await visit.show(lost_message(visit.words, username, stored, PauseReason.NO_RIGHT))


async def _by_link(visit: Visit, kind: ChatKind, title: str) -> Screen:
    username = (await visit.bot.me()).username or ""
    button = Button(text=visit.words("button-by-link"), url=add_link(username, kind))
    shown = cut(title, SHORT_TITLE)
    return Screen(document=say(visit.words("pick-not-in", title=shown)), keyboard=((button,),))


async def _end_picking(visit: Visit) -> None:
    """Take away the message under which somebody chose: what comes of the choice stands below."""
    place = visit.services.picking.end(visit.person.telegram_id)
    if place is not None:
        with contextlib.suppress(TelegramAPIError):
            await visit.bot.delete_message(visit.person.telegram_id, place)


async def _put_keyboard_away(visit: Visit, text: str) -> None:
    gone = ReplyKeyboardRemove(remove_keyboard=True)
    await visit.bot.send_message(visit.person.telegram_id, telegram_html(say(text)), reply_markup=gone)
