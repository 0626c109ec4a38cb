"""Showing an admin what readers will see: in private, and as a silent post that can be taken back."""

from __future__ import annotations

from dataclasses import replace

import structlog
from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.authority import bot_may_post
from bot.callbacks import ChannelTap
from bot.channels.links import add_link
from bot.channels.screen import back
from bot.channels.taps import TrialTap, WizardTap
from bot.markup import Button, Keyboard, plain, say
from bot.markup import Message as Screen
from bot.render import cut
from bot.visit import SHORT_TITLE, Toast, Visit
from feeds.issue import Chat, Digest, DigestKind, Issue, OutboxId, Parcel, Priority
from storage.posted import TRIAL

log = structlog.get_logger(__name__)

LONGEST_TEXT = 4096
"""Characters that Telegram takes in a message."""


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="trial")
    router.callback_query.register(preview_tap, ChannelTap.filter(F.do == "preview"))
    router.callback_query.register(offer_tap, ChannelTap.filter(F.do.in_({"trial", "test"})))
    router.callback_query.register(trial_tap, TrialTap.filter())
    return router


async def preview_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> Toast | None:
    """Show in private the very post that would go out now, and how long it is."""
    chat = await visit.target(callback_data.chat)
    digest = await _digest(visit, chat)
    if digest is None:
        return Toast(visit.words("preview-nothing"), alert=True)
    now = visit.services.clock()
    parcel = Parcel(id=OutboxId(0), chat=chat, slot="preview", digest=digest, due_at=now)
    messages = visit.services.write(parcel)
    for message in messages:
        await visit.show(message)
    longest = max(len(plain(one.document)) for one in messages)
    key = "preview-longest" if len(messages) > 1 else "preview-length"
    length = visit.words(key, messages=len(messages), count=longest, most=LONGEST_TEXT)
    keyboard = ((_offer(visit, chat), back(visit.screens, chat)),)
    await visit.show(
        Screen(document=say(visit.words("preview-done", title=chat.title or ""), length), keyboard=keyboard)
    )
    return None


async def offer_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> Toast | None:
    """Make the post from the channel's screen, where a button has no stamp: one a minute."""
    chat = await visit.target(callback_data.chat)
    stamp = int(visit.services.clock().timestamp()) // 60 * 60
    return await _post(query, visit, chat, stamp)


async def trial_tap(query: CallbackQuery, callback_data: TrialTap, visit: Visit) -> Toast | None:
    """Make the post, or take it back."""
    chat = await visit.target(callback_data.chat)
    if callback_data.do == "post":
        return await _post(query, visit, chat, callback_data.stamp)
    return await _take_back(query, visit, chat, callback_data.stamp)


async def _post(query: CallbackQuery, visit: Visit, chat: Chat, stamp: int) -> Toast | None:
    """Post silently, under a slot named by the button: tapped twice while Telegram is slow, it makes one post."""
    services, words = visit.services, visit.words
    title = cut(chat.title or "", SHORT_TITLE)
    if not await bot_may_post(visit.bot, chat):
        username = (await visit.bot.me()).username or ""
        mend = Button(text=words("button-repair"), url=add_link(username, chat.kind))
        text = say(words("channel-no-right", title=chat.title or ""))
        await visit.redraw(query, Screen(document=text, keyboard=((mend,), (back(visit.screens, chat),))))
        return Toast(words("channel-no-right", title=title), alert=True)
    digest = await _digest(visit, chat)
    if digest is None:
        return Toast(words("preview-nothing"), alert=True)
    issue = Issue(
        chat_id=chat.id,
        slot=f"{TRIAL}{stamp}",
        digest=replace(digest, kind=DigestKind.TRIAL, next_at=None),
        priority=Priority.URGENT,
        due_at=services.clock(),
        moves_schedule=False,
    )
    if await services.store.outbox.commit_issues([issue], now=services.clock()):
        visit.trail.note(chat, "trial")
    services.ring_courier()
    await visit.redraw(query, _posted(visit, chat, stamp))
    return Toast(words("channel-test-sent", title=title))


async def _take_back(query: CallbackQuery, visit: Visit, chat: Chat, stamp: int) -> Toast | None:
    """Delete the post, or keep it from going out at all."""
    queue, slot = visit.services.store.queue, f"{TRIAL}{stamp}"
    if not await queue.cancel(chat.id, slot, now=visit.services.clock()):
        messages = await queue.posted(chat.id, slot)
        if not messages:
            return Toast(visit.words("trial-not-there-yet"), alert=True)
        try:
            await visit.bot.delete_messages(chat.telegram_id, list(messages))
        except TelegramAPIError as error:
            log.info("trial not deleted", chat=chat.id, reason=error.message)
            return Toast(visit.words("trial-not-deleted"), alert=True)
    visit.trail.note(chat, "trial-deleted")
    await visit.redraw(query, _after(visit, chat, visit.words("trial-deleted", title=chat.title or "")))
    return Toast(visit.words("trial-gone"))


async def _digest(visit: Visit, chat: Chat) -> Digest | None:
    return await visit.services.publish.preview(chat)


def _posted(visit: Visit, chat: Chat, stamp: int) -> Screen:
    words = visit.words
    drop = Button(text=words("button-trial-drop"), data=TrialTap(chat=chat.id, stamp=stamp, do="drop").pack())
    screen = _after(visit, chat, words("trial-posted", title=chat.title or ""))
    return replace(screen, keyboard=((drop,), *screen.keyboard))


def _after(visit: Visit, chat: Chat, text: str) -> Screen:
    words = visit.words
    if chat.settings.wizard_step is None:
        keyboard: Keyboard = ((_offer(visit, chat),), (back(visit.screens, chat),))
        return Screen(document=say(text), keyboard=keyboard)
    start = WizardTap(chat=chat.id, step=5, pick="launch").pack()
    look = Button(text=words("button-change-look"), data=WizardTap(chat=chat.id, step=3).pack())
    launch = Button(text=words("button-launch"), data=start, style="success")
    return Screen(document=say(text), keyboard=((look, launch),))


def _offer(visit: Visit, chat: Chat) -> Button:
    stamp = int(visit.services.clock().timestamp())
    return Button(text=visit.words("button-trial"), data=TrialTap(chat=chat.id, stamp=stamp, do="post").pack())
