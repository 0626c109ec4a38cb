"""One channel: everything about it on one screen, and what is set there by a tap or by typing."""

from __future__ import annotations

import re
from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery, ForceReply, LinkPreviewOptions, Message

from bot.authority import bot_may_post
from bot.callbacks import OWN, ChannelTap, Go
from bot.channels import screen, wizard
from bot.channels.choices import CHOICES, NONE, RHYTHMS, TOGGLES, name, rhythm
from bot.channels.planning import choose_rhythm, go_on
from bot.channels.taps import ChannelSet
from bot.channels.threads import learn_forum
from bot.markup import Button, Link, Paragraph, say, telegram_html
from bot.markup import Message as Screen
from bot.questions import Ask, Question
from bot.render import cut
from bot.visit import SHORT_TITLE, Toast, Visit, stale
from feeds.issue import Chat, ChatState

SIGNATURE = 120
"""Characters that a signature under posts may have."""
_PROMPT = re.compile(r"https://t\.me/\w+\?signature=([1-9]\d{0,17})")
"""An address in the prompt says which channel the answer is for: nothing else needs to remember it."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="channel-settings")
    opened = F.do.in_({"open", "all", "pause", "resume", "signature", "unsign"})
    router.callback_query.register(channel_tap, ChannelTap.filter(opened))
    router.callback_query.register(choice_tap, ChannelSet.filter())
    router.callback_query.register(back_tap, Go.filter((F.to == "settings") & (F.chat != OWN)))
    router.message.register(signature_typed, F.chat.type == "private", F.text, F.reply_to_message, prompted)
    return router


async def channel_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> Toast | None:
    """Open a channel's screen, stop or resume it, ask for its signature."""
    chat = await visit.target(callback_data.chat)
    services = visit.services
    match callback_data.do:
        case "open":
            if chat.settings.wizard_step is not None or chat.state is ChatState.NEW:
                chat = await wizard.begin(visit, chat)
                await visit.redraw(query, wizard.draw(visit.screens, chat))
                return None
            chat = await learn_forum(visit, chat)
        case "all":
            chat = await wizard.leave(visit, await learn_forum(visit, chat))
        case "pause":
            chat = await services.chats.stop(chat.id)
        case "resume":
            return await _resume(query, visit, chat)
        case "signature":
            await _ask_signature(visit, chat)
            return None
        case "unsign":
            chat = await services.chats.configure(chat.id, lambda old: replace(old, signature=""))
    await visit.redraw(query, screen.channel(visit.screens, chat))
    return None


async def back_tap(query: CallbackQuery, callback_data: Go, visit: Visit) -> None:
    """Return to everything about the channel, or to the step of setting it up from which one came."""
    chat = await visit.target(callback_data.chat)
    if chat.state is ChatState.NEW:
        # Whoever came by /setup in a forum's topic has not begun yet.
        chat = await wizard.begin(visit, chat)
    at_step = chat.settings.wizard_step is not None and not chat.settings.wizard_left
    draw = wizard.draw if at_step else screen.channel
    await visit.redraw(query, draw(visit.screens, chat))


async def choice_tap(query: CallbackQuery, callback_data: ChannelSet, visit: Visit) -> Toast | None:
    """Open what there is to choose from, or choose; the answer says how it stands now, whoever else chose meanwhile."""
    chat = await visit.target(callback_data.chat)
    what, to = callback_data.what, callback_data.to
    if what == "when":
        if to and to not in RHYTHMS:
            return stale(visit.words)
        chat = await choose_rhythm(visit.services, chat, to) if to else chat
        await visit.redraw(query, screen.when(visit.screens, chat))
        return Toast(screen.rhythm_text(visit.screens, chat)) if to else None
    choice = CHOICES.get(what)
    if choice is None or (to not in choice.options and (to or what in TOGGLES)):
        return stale(visit.words)
    if not to:
        await visit.redraw(query, screen.choosing(visit.screens, chat, what))
        return None
    chat = await visit.services.chats.configure(chat.id, lambda old: choice.change(old, to))
    await visit.redraw(query, screen.channel(visit.screens, chat))
    told = visit.words(f"set-{what}", to=name(visit.words, what, to))
    if what == "approval" and to == NONE and (waiting := await _waiting(visit, chat)):
        # They were shown to admins as drafts: none goes out behind their back.
        return Toast(f"{told}. {visit.words('approval-still', count=waiting)}", alert=True)
    return Toast(told)


async def _waiting(visit: Visit, chat: Chat) -> int:
    """Count the posts that wait for a word."""
    planned = await visit.services.store.queue.planned(chat.id, limit=1000)
    return sum(one.waits_for_approval for one in planned)


def prompted(message: Message) -> bool:
    """Whether a message answers our question for a signature."""
    return _asked_for(message) is not None


async def signature_typed(message: Message, visit: Visit) -> None:
    """Take what was typed for the signature under a channel's posts."""
    await take_signature(visit, await visit.target(_asked_for(message) or OWN), message.text or "")


async def take_signature(visit: Visit, chat: Chat, typed: str) -> None:
    """Let this stand under a channel's posts, if it is not too long."""
    text = " ".join(typed.split())
    if len(text) > SIGNATURE:
        suggestion = text[:SIGNATURE].rsplit(" ", 1)[0]
        await visit.say("signature-too-long", count=len(text), most=SIGNATURE, text=suggestion)
        await _ask_signature(visit, chat)
        return
    chat = await visit.services.chats.configure(chat.id, lambda old: replace(old, signature=text))
    drop = Button(text=visit.words("button-unsign"), data=ChannelTap(chat=chat.id, do="unsign").pack())
    await visit.show(Screen(document=say(visit.words("signature-set", text=text)), keyboard=((drop,),)))
    await visit.show(screen.channel(visit.screens, chat))


async def _ask_signature(visit: Visit, chat: Chat) -> None:
    words = visit.words
    username = (await visit.bot.me()).username or ""
    link = Link(url=f"https://t.me/{username}?signature={chat.id}", inner=(chat.title or "…",))
    now = chat.settings.signature
    document = (
        Paragraph((words("signature-ask", most=SIGNATURE), " ", link)),
        *say(*([words("signature-now", text=now)] if now else [])),
    )
    hint = ForceReply(force_reply=True, input_field_placeholder=words("signature-hint"))
    await visit.bot.send_message(
        visit.person.telegram_id,
        telegram_html(document),
        reply_markup=hint,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    visit.note(Question(ask=Ask.SIGNATURE, chat=chat.id))
    if now:
        drop = Button(text=words("button-unsign"), data=ChannelTap(chat=chat.id, do="unsign").pack())
        await visit.show(Screen(document=say(words("signature-or-none")), keyboard=((drop,),)))


async def _resume(query: CallbackQuery, visit: Visit, chat: Chat) -> Toast | None:
    services = visit.services
    if not await bot_may_post(visit.bot, chat):
        return Toast(visit.words("channel-no-right", title=cut(chat.title or "", SHORT_TITLE)), alert=True)
    if rhythm(chat) == NONE:
        await visit.redraw(query, screen.when(visit.screens, chat))
        return None
    chat = await go_on(services, chat)
    await visit.redraw(query, screen.channel(visit.screens, chat))
    return None


def _asked_for(message: Message) -> int | None:
    """Find out for which channel a typed signature is, from the prompt of ours that it answers."""
    prompt = message.reply_to_message
    if prompt is None or prompt.from_user is None or not prompt.from_user.is_bot:
        return None
    found = (_PROMPT.fullmatch(entity.url) for entity in prompt.entities or () if entity.url)
    return next((int(match[1]) for match in found if match), None)
