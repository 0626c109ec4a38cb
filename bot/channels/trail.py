"""What somebody's tap changed about a channel, found by comparing before and after: no screen can forget to say it.

Those who run one channel change it one after the other, so that each change is the right person's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from bot.services import Services
from feeds.chatsettings import ChatSettings
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind, ChatState
from storage.audit import Entry

PATIENCE = 10.0
"""Seconds after which a change goes ahead although another one has not ended: somebody's Telegram is slow."""

_UNTOLD = frozenset({"wizard_step", "wizard_left", "crowd", "archived", "forum", "thread_names", "reported_at"})
_OFFERED = ("times", "instant")
_PLAIN = ("times", "zone", "lang", "reads", "instant", "paused_until")

Change = tuple[str, dict[str, str]]


@dataclass(slots=True, kw_only=True)
class Trail:
    """Follows one person through one update."""

    services: Services
    user_id: int
    name: str
    _before: dict[ChatId, Chat] = field(default_factory=dict)
    _held: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    _locked: set[int] = field(default_factory=set)
    _said: list[tuple[ChatId, Change]] = field(default_factory=list)

    async def wait_for(self, key: int) -> None:
        """Wait until nobody else is changing a channel."""
        if key in self._locked:
            return
        self._locked.add(key)
        locks = self.services.locks
        lock = locks.get(key)
        if lock is None:
            locks[key] = lock = asyncio.Lock()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._held.enter_async_context(lock)

    def saw(self, chat: Chat) -> None:
        """Remember how a channel was before."""
        if chat.kind is not ChatKind.PRIVATE:
            self._before.setdefault(chat.id, chat)

    def note(self, chat: Chat, key: str, **facts: str) -> None:
        """Say what comparing would not find."""
        self._said.append((chat.id, (key, facts)))

    async def end(self) -> None:
        """Write down what changed, and let the next one go on."""
        try:
            now = self.services.clock()
            told: dict[ChatId, list[Change]] = {}
            for chat_id, before in self._before.items():
                with contextlib.suppress(StorageError):
                    told[chat_id] = list(changes(before, await self.services.chats.get(chat_id)))
            for chat_id, change in self._said:
                told.setdefault(chat_id, []).append(change)
            for chat_id, found in told.items():
                made = [
                    Entry(user_id=self.user_id, name=self.name, key=key, facts=facts, done_at=now)
                    for key, facts in found
                ]
                await self.services.store.audit.note(chat_id, made)
        finally:
            await self._held.aclose()


def changes(before: Chat, after: Chat) -> Iterator[Change]:
    """Name what differs; the facts are values, put into words for whoever reads them."""
    yield from (("topic-added", {"topic": topic}) for topic in sorted(after.topics - before.topics))
    yield from (("topic-removed", {"topic": topic}) for topic in sorted(before.topics - after.topics))
    yield from (("words-added", {"to": text}) for text in after.words if text not in before.words)
    yield from (("words-removed", {"to": text}) for text in before.words if text not in after.words)
    unfinished, begun = before.settings.wizard_step, after.settings.wizard_step
    opened, launched = unfinished is None and begun is not None, unfinished is not None and begun is None
    for name in _PLAIN:
        old, new = getattr(before, name), getattr(after, name)
        # Nobody chose the rhythm that a new channel is offered.
        if old != new and not (opened and name in _OFFERED):
            yield name.replace("_", "-"), {"to": written(new)}
    if launched:
        yield "launched", {}
    elif begun is None and before.state is not after.state and after.state in (ChatState.ACTIVE, ChatState.STOPPED):
        yield ("resumed" if after.state is ChatState.ACTIVE else "stopped"), {}
    for setting in fields(ChatSettings):
        old, new = getattr(before.settings, setting.name), getattr(after.settings, setting.name)
        if old != new and setting.name not in _UNTOLD:
            yield setting.name.replace("_", "-"), {"to": written(new)}


def written(value: object) -> str:
    """Write a value down; of what is not plain only that it is there."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case tuple() | frozenset() if all(isinstance(part, str | int) for part in value):
            return ",".join(str(part) for part in value)
        case _:
            return "…"
