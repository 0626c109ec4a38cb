"""Posts that the admins of a channel see before its readers: each gets the draft in private, one word decides.

The bell asks whoever runs the channel, and lets out what has waited long enough. All of it is stored: a restart in
the middle asks nobody twice who was asked, and forgets nobody's word.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery

from bot.authority import may_manage
from bot.channels.taps import ApprovalTap
from bot.i18n import Words, words_for
from bot.jobs import Bell
from bot.markup import Button, Document, Keyboard, Message, Paragraph, rows, say
from bot.services import Services
from bot.visit import Toast, Visit, redraw, show, stale
from feeds.issue import Chat, ChatState, Digest, OutboxId, OutboxState, Parcel, Section
from feeds.model import StoryId
from storage.approvals import Approval, Word
from storage.channels import UNLINKED

log = structlog.get_logger(__name__)

_RING = timedelta(seconds=2)


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="approval")
    router.callback_query.register(approval_tap, ApprovalTap.filter())
    return router


async def approval_tap(query: CallbackQuery, callback_data: ApprovalTap, visit: Visit) -> Toast | None:
    """Publish, take a story out, or refuse; the first word stands, and everybody sees whose it was."""
    store, words = visit.services.store, visit.words
    row = OutboxId(callback_data.row)
    approval = await store.approvals.get(row)
    if approval is None:
        return stale(words)
    chat = await visit.target(approval.chat_id)
    desk = Desk(visit.bot, visit.services)
    # Another admin may have decided while we asked Telegram for the right.
    approval = await store.approvals.get(row)
    if approval is None or not approval.waits:
        await desk.redraw_cards(row)
        return Toast(decided(words, approval, chat) if approval else words("stale"), alert=True)
    match callback_data.do:
        case "yes" | "no":
            word = Word(publish=callback_data.do == "yes", by=visit.person.telegram_id, name=visit.trail.name)
            won = await store.approvals.decide(row, word, now=visit.services.clock())
            if won:
                approved = "approved" if takes_posts(chat) else "approved-kept"
                visit.trail.note(chat, approved if word.publish else "declined")
                visit.services.ring_courier()
            await desk.redraw_cards(row)
            after = await store.approvals.get(row)
            if after is not None and (not won or (word.publish and not takes_posts(chat))):
                return Toast(decided(words, after, chat), alert=True)
        case "edit" | "back":
            await desk.redraw_card(row, visit.person.telegram_id, editing=callback_data.do == "edit")
        case "out":
            return await _take_out(visit, desk, row, StoryId(callback_data.story))
        case _:
            return stale(words)
    return None


async def _take_out(visit: Visit, desk: Desk, row: OutboxId, story: StoryId) -> Toast:
    store, now = visit.services.store, visit.services.clock()
    parcel = await store.queue.parcel(row)
    left = None if parcel is None else without(parcel.digest, story)
    if parcel is None or left is None:
        await desk.redraw_card(row, visit.person.telegram_id, editing=True)
        return stale(visit.words)
    if not left.stories:
        return Toast(visit.words("approval-last"), alert=True)
    if not await store.approvals.rewrite(row, old=parcel.digest, new=left, now=now):
        return stale(visit.words)
    gone = next(one.headline for one in parcel.digest.stories if one.story_id == story)
    visit.trail.note(parcel.chat, "approval-out", to=gone)
    await desk.redraw_cards(row)
    return Toast(visit.words("approval-out", title=gone[:100]))


def without(digest: Digest, story: StoryId) -> Digest | None:
    """Take a story out of a digest; None when it is not in it."""
    if all(one.story_id != story for one in digest.stories):
        return None
    cut = (
        Section(topic=section.topic, stories=tuple(one for one in section.stories if one.story_id != story))
        for section in digest.sections
    )
    return replace(digest, sections=tuple(section for section in cut if section.stories))


def takes_posts(chat: Chat) -> bool:
    """Whether what is let out goes to a channel now, or waits until it is resumed or may be posted to again."""
    return chat.state in (ChatState.NEW, ChatState.ACTIVE)


def decided(words: Words, approval: Approval, chat: Chat) -> str:
    """Say whose word it was, «Опубликовано: {имя}, 12:04», and what keeps it from the channel, if anything does."""
    if approval.decided_at is None:
        if not approval.waits:
            return words("approval-unlinked" if approval.reason == UNLINKED else "approval-gone")
        return words("approval-open")
    clock = words.clock(approval.decided_at, chat.zone)
    if approval.published and approval.state is OutboxState.PENDING and not takes_posts(chat):
        kept = "approval-lost" if chat.state is ChatState.PAUSED else "approval-stopped"
        return words(kept, name=approval.decided_name or words("log-us"), clock=clock)
    if approval.decided_by is None:
        return words("approval-by-itself", clock=clock)
    key = "approval-published" if approval.published else "approval-declined"
    return words(key, name=approval.decided_name or "", clock=clock)


class Desk:
    """Sends drafts to those who run the channel, and keeps them true."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self.bell = Bell(name="approvals", every=_RING, answer=self.answer)

    async def answer(self) -> None:
        """Ask about what is new, and let out what has waited long enough."""
        approvals = self._services.store.approvals
        for approval in await approvals.unasked():
            await self._ask(approval)
            await approvals.mark_asked(approval.outbox_id, now=self._services.clock())
        for approval in await approvals.overdue(now=self._services.clock()):
            if await approvals.decide(approval.outbox_id, Word(publish=True), now=self._services.clock()):
                log.info("published by itself", chat=approval.chat_id)
                self._services.ring_courier()
            await self.redraw_cards(approval.outbox_id)

    async def redraw_cards(self, row: OutboxId) -> None:
        """Let everybody's draft say how it stands."""
        for user_id in await self._services.store.approvals.cards(row):
            await self.redraw_card(row, user_id)

    async def redraw_card(self, row: OutboxId, user_id: int, *, editing: bool = False) -> None:
        """Let one person's draft say how it stands, or offer what to take out."""
        approvals = self._services.store.approvals
        message_id = (await approvals.cards(row)).get(user_id)
        parcel, approval = await self._services.store.queue.parcel(row), await approvals.get(row)
        if message_id is None or parcel is None or approval is None:
            return
        message = self._card(parcel, approval, await self._words(user_id), editing=editing)
        try:
            await redraw(self._bot, user_id, message_id, message)
        except TelegramBadRequest as error:
            if "not modified" not in error.message:
                log.info("draft not redrawn", reason=error.message)
        except TelegramAPIError as error:
            log.info("draft not redrawn", reason=error.message)

    async def _ask(self, approval: Approval) -> None:
        row = approval.outbox_id
        parcel = await self._services.store.queue.parcel(row)
        if parcel is None:
            return
        known = await self._services.store.approvals.cards(row)
        for manager in await self._services.chats.managers(parcel.chat.id):
            if manager in known or not await may_manage(self._bot, parcel.chat, manager):
                continue
            before = self._services.write(parcel)[:-1]
            card = self._card(parcel, approval, await self._words(manager))
            try:
                for message in before:
                    await show(self._bot, manager, replace(message, keyboard=()))
                number = await show(self._bot, manager, replace(card, silent=False))
            except TelegramAPIError as error:
                log.info("manager not asked", reason=error.message)
                continue
            await self._services.store.approvals.note_card(row, manager, number)

    def _card(self, parcel: Parcel, approval: Approval, words: Words, *, editing: bool = False) -> Message:
        """Draw the last message of the post with the question under it, or with whose word decided."""
        last = self._services.write(parcel)[-1]
        title, zone = parcel.chat.title or "", parcel.chat.zone
        if not approval.waits:
            told = decided(words, approval, parcel.chat)
        elif approval.publish_at is not None:
            told = words("approval-until", clock=words.clock(approval.publish_at, zone))
        else:
            told = words("approval-open")
        heading: Document = say(words("approval-heading", title=title, told=told))
        keyboard: Keyboard = () if not approval.waits else _buttons(parcel, words, editing=editing)
        document = (*heading, Paragraph(("———",)), *last.document)
        return replace(last, document=document, keyboard=keyboard)

    async def _words(self, user_id: int) -> Words:
        person = await self._services.chats.by_telegram_id(user_id)
        return words_for(person.lang if person else self._services.settings.lang)


def _buttons(parcel: Parcel, words: Words, *, editing: bool) -> Keyboard:
    def tap(do: str, story: int = 0) -> str:
        return ApprovalTap(row=parcel.id, do=do, story=story).pack()

    if editing:
        out = [
            Button(text=words("button-approval-out", number=number), data=tap("out", story.story_id))
            for number, story in enumerate(parcel.digest.stories, start=1)
        ]
        return (*rows(out, width=4), (Button(text=words("button-back"), data=tap("back")),))
    yes = Button(text=words("button-publish"), data=tap("yes"), style="success")
    edit = Button(text=words("button-approval-edit"), data=tap("edit"))
    no = Button(text=words("button-approval-no"), data=tap("no"), style="danger")
    several = len(parcel.digest.stories) > 1
    return ((yes,), (edit, no) if several else (no,))
