"""Learning that the bot was let into a channel or group, or put out of it, and leading whoever did that to private."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import ChatMemberAdministrator, ChatMemberUpdated, Message

from bot.authority import ANONYMOUS_ADMIN, may_manage, target
from bot.callbacks import ChannelTap, DigestTap
from bot.channels import threads, wizard
from bot.channels.directory import link, welcome
from bot.channels.failures import closed, is_set_up, lost_message, reopened, tell_returned
from bot.channels.links import SETUP, read_setup, setup_link
from bot.i18n import interface_language
from bot.markup import Button, say, telegram_html
from bot.markup import Message as Screen
from bot.services import Services
from bot.subscriber.choosing import FIRST
from bot.telegram import inline_keyboard
from bot.visit import Visit, redraw, show
from feeds.issue import Chat, ChatKind, ChatState, PauseReason
from storage.people import TicketKind

log = structlog.get_logger(__name__)

TICKET_LIFE = timedelta(hours=1)
_OUTSIDE = ("left", "kicked", "member", "restricted")


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="linking")
    in_group = F.chat.type.in_({"group", "supergroup"})
    router.message.register(setup_command, Command("setup", "start", ignore_case=True), in_group)
    followed = CommandStart(deep_link=True, magic=F.args.startswith(SETUP), ignore_case=True)
    router.message.register(setup_followed, followed, F.chat.type == "private")
    router.message.register(started, CommandStart(ignore_case=True), F.chat.type == "private")
    router.my_chat_member.register(added_or_removed, F.chat.type.in_({"channel", "group", "supergroup"}))
    return router


async def added_or_removed(event: ChatMemberUpdated, visit: Visit) -> None:
    """Take note of a chat that the bot was added to, and tell whoever did it how to set it up."""
    services = visit.services
    chat = await _known(event, services)
    member = event.new_chat_member
    if member.status in ("left", "kicked"):
        await closed(visit.bot, services, chat, PauseReason.REMOVED)
        return
    may_post = event.chat.type != "channel" or (
        isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    )
    let_in = not event.from_user.is_bot and event.old_chat_member.status in _OUTSIDE
    if not may_post:
        if let_in and chat.state is ChatState.NEW:
            # Nothing is to begin by itself once we may post: somebody must go through the steps first.
            chat = await services.chats.configure(chat.id, lambda old: replace(old, wizard_step=wizard.TOPICS))
        if let_in:
            await link(visit, chat)
        await closed(visit.bot, services, chat, PauseReason.NO_RIGHT)
        return
    # A member of a group that is made its admin, perhaps for the right to make topics, was let in before.
    inside = event.old_chat_member.status in ("member", "restricted")
    greeted = inside and visit.person.telegram_id in await services.chats.managers(chat.id)
    returned = chat.state is ChatState.PAUSED
    if returned:
        chat = await reopened(services, chat)
    if let_in:
        await link(visit, chat)
        if not greeted and not (returned and is_set_up(chat)):
            await _greet(visit, chat)
    elif returned and not is_set_up(chat) and visit.person.telegram_id in await services.chats.managers(chat.id):
        await _greet(visit, chat)
    if returned and is_set_up(chat):
        await tell_returned(visit.bot, services, chat)


async def setup_command(message: Message, visit: Visit) -> None:
    """In a group, lead to private: settings hold nothing that a group should see, and there everybody is somebody."""
    services, words = visit.services, visit.words
    chat = await services.chats.ensure(
        message.chat.id,
        kind=ChatKind(message.chat.type),
        title=(message.chat.title or "")[:128],
        lang=visit.person.lang,
        reads=(visit.person.lang,),
        zone=services.settings.timezone,
        now=services.clock(),
    )
    # An anonymous admin is nobody here: whoever follows the link proves in private who they are.
    presser = None if visit.person.telegram_id == ANONYMOUS_ADMIN else visit.person.telegram_id
    token = await services.store.tickets.issue(
        TicketKind.SETUP, expires_at=services.clock() + TICKET_LIFE, user_id=presser, chat_id=chat.id
    )
    username = (await visit.bot.me()).username or ""
    thread = message.message_thread_id if message.is_topic_message else None
    if thread is not None:
        await threads.note_name(services, chat, thread, message)
    button = Button(text=words("button-setup-private"), url=setup_link(username, token, thread))
    text = words("group-setup" if thread is None else "group-setup-thread")
    await message.reply(telegram_html(say(text)), reply_markup=inline_keyboard(((button,),)))


async def setup_followed(message: Message, command: CommandObject, visit: Visit) -> None:
    """Go on with what was begun in a group, if whoever followed the link runs it."""
    services = visit.services
    token, thread = read_setup(command.args or "")
    me, now = visit.person.telegram_id, services.clock()
    ticket = await services.store.tickets.find(token, TicketKind.SETUP, user_id=me, now=now)
    if ticket is None or ticket.chat_id is None:
        await visit.say("setup-link-used")
        return
    await visit.trail.wait_for(ticket.chat_id)
    chat = await services.chats.get(ticket.chat_id)
    joins = me not in await services.chats.managers(chat.id)
    # So that a refusal can name the group: whoever holds its link knows it. It uses up nobody's link.
    if joins and not await may_manage(visit.bot, chat, me):
        await visit.say("not-admin", title=chat.title or "")
        return
    if await services.store.tickets.redeem(token, TicketKind.SETUP, user_id=me, now=now) is None:
        await visit.say("setup-link-used")
        return
    if joins:
        await link(visit, chat)
    chat = await target(services, visit.bot, visit.person, ticket.chat_id)
    if thread is None:
        await welcome(visit, chat)
        return
    await visit.show(threads.thread_screen(visit.screens, chat, thread))


async def started(message: Message, command: CommandObject, visit: Visit) -> None:
    """Ask who comes for the first time to set up the channels they let us into; greet all others as anybody.

    A newcomer came for their channel: topics to choose for themselves would stand in the way.
    """
    mine = await visit.services.chats.managed_by(visit.person.telegram_id)
    waiting = [chat for chat in mine if chat.state is ChatState.NEW and chat.settings.wizard_step is None]
    mute = [chat for chat in mine if chat.pause_reason is PauseReason.NO_RIGHT and not is_set_up(chat)]
    for chat in mute:
        username = (await visit.bot.me()).username or ""
        await visit.show(lost_message(visit.words, username, chat, PauseReason.NO_RIGHT))
    for chat in waiting:
        await _greet(visit, chat, reads=visit.person.state is ChatState.NEW)
    if not waiting or visit.person.state is not ChatState.NEW or command.args:
        raise SkipHandler


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


async def _greet(visit: Visit, chat: Chat, *, reads: bool = False) -> None:
    """Ask whether to set a channel up; ``reads`` offers an issue to read beside it."""
    tap = ChannelTap(chat=chat.id, do="open").pack()
    # What was set up once keeps its settings, and its admin's stop with them.
    known = is_set_up(chat)
    setup = Button(text=visit.words("button-all-settings" if known else "button-setup"), data=tap, style="primary")
    text = say(visit.words("channel-known" if known else "channel-added", title=chat.title or ""))
    read = Button(text=visit.words("button-show"), data=DigestTap(what=FIRST).pack())
    keyboard = ((setup,), (read,)) if reads else ((setup,),)
    try:
        await _say_where_chosen(visit, Screen(document=text, keyboard=keyboard))
    except TelegramAPIError as error:
        # They never pressed START with us: nothing may be written to them, and their /start will bring it up.
        log.info("manager not told", reason=error.message)


async def _say_where_chosen(visit: Visit, greeting: Screen) -> None:
    """Turn the message under which somebody is choosing into the greeting; write a new one where nobody is."""
    me = visit.person.telegram_id
    if (place := visit.services.picking.use(me)) is not None:
        try:
            await redraw(visit.bot, me, place, greeting)
        except TelegramBadRequest as error:
            log.info("choice not turned into a greeting", reason=error.message)
        else:
            return
    await show(visit.bot, me, greeting)
