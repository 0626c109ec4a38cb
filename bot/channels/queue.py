"""What goes to a channel next: the posts that wait, then the issues of its schedule; each may go up, out, or now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.callbacks import ChannelTap
from bot.channels.approval import Desk
from bot.channels.planning import coming, midnight, slots
from bot.channels.screen import to_all
from bot.channels.taps import PlannedTap
from bot.markup import Bold, Button, Keyboard, Message, say
from bot.render import cut
from bot.screens import Screens
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatState, OutboxId
from storage.approvals import Word
from storage.queue import Planned

MOST = 10
"""Posts that the queue shows."""
_HEADLINE = 70


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="queue")
    router.callback_query.register(queue_tap, ChannelTap.filter(F.do == "queue"))
    router.callback_query.register(move_tap, PlannedTap.filter())
    return router


async def queue_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> None:
    """Show what is planned."""
    chat = await visit.target(callback_data.chat)
    await visit.redraw(query, await _drawn(visit, chat))


async def move_tap(query: CallbackQuery, callback_data: PlannedTap, visit: Visit) -> Toast | None:
    """Move one; what has been posted meanwhile stays posted, and that is said."""
    chat = await visit.target(callback_data.chat)
    if callback_data.do not in ("up", "out", "now"):
        return stale(visit.words)
    if callback_data.row == 0:
        chat, key = await _move_issue(visit, chat, callback_data.do)
    else:
        key = await _move_post(visit, chat, OutboxId(callback_data.row), callback_data.do)
    await visit.redraw(query, await _drawn(visit, chat))
    return Toast(visit.words(key))


async def _move_post(visit: Visit, chat: Chat, row: OutboxId, do: str) -> str:
    store, now = visit.services.store, visit.services.clock()
    waiting = {one.id: one for one in await store.queue.planned(chat.id, limit=1000)}
    if row not in waiting:
        return "queue-posted"
    if do == "up":
        return "queue-up" if await store.queue.lift(chat.id, row) else "queue-first"
    if waiting[row].waits_for_approval:
        # A move here is a word on it, as much as the button under its draft, and all who were asked see whose.
        word = Word(publish=do == "now", by=visit.person.telegram_id, name=visit.trail.name)
        won = await store.approvals.decide(row, word, now=now)
        await Desk(visit.bot, visit.services).redraw_cards(row)
        if not won:
            return "queue-posted"
    if do == "out":
        moved = waiting[row].waits_for_approval or await store.queue.drop(chat.id, row, now=now)
    else:
        moved = await store.queue.hurry(chat.id, row, now=now)
    if not moved:
        return "queue-posted"
    visit.trail.note(chat, f"queue-{do}", to=_first(waiting[row]))
    visit.services.ring_courier()
    return f"queue-{do}"


async def _move_issue(visit: Visit, chat: Chat, do: str) -> tuple[Chat, str]:
    """Let an issue go now, beside those of the schedule, or the next of these not at all."""
    services, now = visit.services, visit.services.clock()
    if not _runs(chat) or chat.next_at is None or do == "up":
        return chat, "queue-posted"
    if do == "now" and chat.next_at <= now:
        # Its time has come while the screen was open: the bell that rings each second lets it go.
        return chat, "queue-posted"
    if do == "out":
        following = coming(chat, max(chat.next_at, now))
        visit.trail.note(chat, "queue-skip")
        return await services.chats.replan(chat.id, lambda old: replace(old, next_at=following)), "queue-out"
    if not await services.publish.publish_early(chat):
        return chat, "queue-nothing-new"
    services.ring_courier()
    asked = chat.settings.approval_minutes is not None
    visit.trail.note(chat, "queue-issue-asked" if asked else "queue-issue-now")
    return chat, "queue-now-asked" if asked else "queue-now"


async def _drawn(visit: Visit, chat: Chat) -> Message:
    queue, now = visit.services.store.queue, visit.services.clock()
    planned = await queue.planned(chat.id, limit=MOST)
    posts = await queue.posts_since(chat.id, midnight(chat, now))
    return draw(visit.screens, chat, planned, posts=posts)


def draw(screens: Screens, chat: Chat, planned: Sequence[Planned], *, posts: int) -> Message:
    """List what waits, then the next issues, with a row of buttons for each that can be moved."""
    words = screens.words
    lines, keyboard = [], []
    for number, one in enumerate(planned, start=1):
        lines.append(words("queue-line", number=number, when=_when(screens, chat, one), what=_what(screens, one)))
        keyboard.append(_row(screens, chat, one.id, number)[number == 1 :])
    if _runs(chat):
        for index, slot in enumerate(slots(chat, screens.now, limit=MOST - len(planned))):
            number = len(lines) + 1
            when = words.when(slot, chat.zone, now=screens.now)
            if (slot - screens.now).days >= 6:
                when = words.moment(slot, chat.zone)
            lines.append(words("queue-issue", number=number, when=when))
            if index == 0:
                keyboard.append(_row(screens, chat, 0, number)[1:])
    text = [*(lines or [words("queue-nothing")])]
    notes = []
    if chat.settings.wizard_step is not None:
        # Its times are chosen already, but what they promise begins with the last button.
        text, notes = lines, [words("queue-before-launch")]
    cap = chat.settings.daily_cap
    if cap is not None:
        notes.append(words("queue-cap-reached" if posts >= cap else "queue-cap", count=posts, most=cap))
    head = (Bold((words("queue-heading", title=chat.title or ""),)),)
    refresh = Button(text=words("button-refresh"), data=ChannelTap(chat=chat.id, do="queue").pack())
    last: Keyboard = ((refresh, to_all(screens, chat)),)
    told = ["\n".join(text)] if text else []
    return Message(document=say(head, *told, *notes), keyboard=(*map(tuple, keyboard), *last))


def _runs(chat: Chat) -> bool:
    """Whether the issues of a channel's schedule come: not while it is stopped, nor before it was launched."""
    return chat.state is ChatState.ACTIVE and chat.settings.wizard_step is None


def _row(screens: Screens, chat: Chat, row: int, number: int) -> tuple[Button, ...]:
    words = screens.words
    return tuple(
        Button(text=words(f"button-queue-{do}", number=number), data=PlannedTap(chat=chat.id, row=row, do=do).pack())
        for do in ("up", "out", "now")
    )


def _when(screens: Screens, chat: Chat, one: Planned) -> str:
    words = screens.words
    if not one.waits_for_approval:
        return words("queue-when-soon")
    if one.publish_at is None:
        return words("queue-when-asked")
    return words("queue-when-asked-until", when=words.when(one.publish_at, chat.zone, now=screens.now))


def _what(screens: Screens, one: Planned) -> str:
    others = len(one.digest.stories) - 1
    first = _first(one)
    return screens.words("queue-and-more", title=first, count=others) if others > 0 else first


def _first(one: Planned) -> str:
    return cut(one.digest.stories[0].headline, _HEADLINE) if one.digest.stories else ""
