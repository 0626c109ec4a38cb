"""Who changed what about a channel, for all who run it: «Олег: мнения — нет, 12:04»."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.channels.choices import CHOICES, NEVER, NONE, name, span
from bot.channels.screen import inside, to_all
from bot.channels.taps import LogTap
from bot.markup import Bold, Button, Message, say
from bot.render import cut
from bot.screens import Screens
from bot.visit import Visit
from bot.zones import city
from feeds.issue import Chat
from storage.audit import US, Entry

PAGE = 12
_CHOSEN = {"daily-cap": "cap", "least-importance": "least", "approval-minutes": "approval"}
_LONGEST = 80


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="log")
    router.callback_query.register(log_tap, LogTap.filter())
    return router


async def log_tap(query: CallbackQuery, callback_data: LogTap, visit: Visit) -> None:
    """Show a page of changes, the newest first."""
    chat = await visit.target(callback_data.chat)
    page = min(callback_data.page, 1000)
    found = await visit.services.store.audit.latest(chat.id, limit=PAGE + 1, skip=page * PAGE)
    await visit.redraw(query, draw(visit.screens, chat, found, page=page))


def draw(screens: Screens, chat: Chat, entries: Sequence[Entry], *, page: int = 0) -> Message:
    """List changes; one more than a page holds says that there are older ones."""
    words = screens.words
    lines = [
        words(
            "log-line",
            when=words.moment(entry.done_at, chat.zone),
            name=entry.name or words("log-us" if entry.user_id == US and entry.key in _OURS else "log-somebody"),
            what=described(screens, entry),
        )
        for entry in entries[:PAGE]
    ]
    turn = []
    if page:
        turn.append(Button(text=words("button-previous"), data=LogTap(chat=chat.id, page=page - 1).pack()))
    if len(entries) > PAGE:
        turn.append(Button(text=words("button-next"), data=LogTap(chat=chat.id, page=page + 1).pack()))
    head = (Bold((words("log-heading", title=chat.title or ""),)),)
    text = say(head, "\n".join(lines) if lines else words("log-empty"))
    rows = (tuple(turn),) if turn else ()
    return Message(document=text, keyboard=(*rows, (to_all(screens, chat),)))


_OURS = frozenset({"lost", "returned", "unmanaged", "managed", "orphaned", "general-closed"})


def described(screens: Screens, entry: Entry) -> str:
    """Put one change into words; what has none is another setting."""
    words, key = screens.words, entry.key
    to = entry.facts.get("to", "")
    if key in ("topic-added", "topic-removed"):
        topic = screens.catalogue.get(entry.facts.get("topic", ""))
        return words(f"log-{key}", to=screens.name(topic) if topic else entry.facts.get("topic", ""))
    what = _CHOSEN.get(key, key)
    if what in CHOICES:
        return words(f"log-{key}", to=inside(_option(screens, what, to)))
    if not words.has(f"log-{key}"):
        return words("log-other")
    return words(f"log-{key}", to=cut(_value(screens, key, to), _LONGEST))


def _option(screens: Screens, what: str, to: str) -> str:
    if what == "approval" and to == "0":
        to = NEVER
    if to.isdecimal() and to not in CHOICES[what].options:
        return span(screens.words, int(to)) if what == "approval" else to
    return name(screens.words, what, to or NONE)


def _value(screens: Screens, key: str, to: str) -> str:
    words = screens.words
    match key:
        case "times":
            minutes = [int(one) for one in to.split(",") if one.isdecimal()]
            return words.listing([words.minutes(one) for one in sorted(minutes)]) or words("rhythm-off")
        case "zone":
            return city(to, words.lang)
        case "instant" if words.has(f"log-instant-{to}"):
            return words(f"log-instant-{to}")
        case "lang" if words.has(f"language-{to}"):
            return words(f"language-{to}")
        case "quiet" if to:
            start, end = (int(one) for one in to.split(","))
            return words("quiet-hours", start=words.minutes(start), end=words.minutes(end))
        case "quiet":
            return words("quiet-none")
        case "signature" if not to:
            return words("signature-none")
    return to
