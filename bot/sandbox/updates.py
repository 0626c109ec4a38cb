"""The bot's incoming queue: which updates it wants, which it has confirmed, who waits for more.

Source of the rules: `getUpdates` of the official Bot API server. Knows nothing of what an update says.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.clock import TurnableClock
from bot.sandbox.limits import UPDATE_LIFE
from bot.sandbox.refusals import Refusal, refusal

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "poll",
    "poll_answer",
)
DEFAULT_KINDS = frozenset(KINDS) - {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_UPDATE = 700_000_001
LONGEST_POLL = 50  # seconds
PAUSE = 3.0  # seconds by which the server slows busy loops and repeated conflicts

OTHER_POLL = refusal(409, "terminated by other getUpdates request; make sure that only one bot instance is running")
SET_WEBHOOK = refusal(409, "terminated by setWebhook request")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An update the bot has not confirmed."""

    kept_until: datetime
    body: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.body["update_id"])


@dataclass(slots=True, kw_only=True, eq=False)
class Poll:
    """One getUpdates that waits; whoever ends it leaves a reason."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: Refusal | None = None


class Updates:
    """The queue of one bot."""

    def __init__(self, clock: TurnableClock) -> None:
        self.wanted: frozenset[str] = DEFAULT_KINDS
        self.allowed: list[str] | None = None  # as the bot has named them, for getWebhookInfo
        self.added = asyncio.Event()
        self._clock = clock
        self._pending: deque[Pending] = deque()
        self._next_id = FIRST_UPDATE
        self._poll: Poll | None = None
        self._previous: tuple[int, float] = (-1, 0.0)
        self._next_conflict = 0.0

    def __len__(self) -> int:
        self._forget_old()
        return len(self._pending)

    @property
    def awaited(self) -> bool:
        """Whether a getUpdates waits for what comes."""
        return self._poll is not None

    def want(self, names: Any) -> None:
        """Take `allowed_updates`: nothing or nonsense keeps the set, an empty or unknown list restores the default."""
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return
        known = [name for name in names if name in KINDS]
        self.wanted = frozenset(known) or DEFAULT_KINDS
        self.allowed = known or None

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update if the bot wants this kind, and wake whoever waits."""
        if kind not in self.wanted:
            return
        kept_until = self._clock.now() + UPDATE_LIFE
        self._pending.append(Pending(kept_until=kept_until, body={"update_id": self._next_id, kind: body}))
        self._next_id += 1
        self.added.set()
        if self._poll is not None:
            self._poll.woken.set()

    def first(self) -> Pending | None:
        """Return the oldest update that is still kept."""
        self._forget_old()
        return self._pending[0] if self._pending else None

    def confirm(self, update_id: int) -> None:
        """Forget every update up to and including `update_id`."""
        while self._pending and self._pending[0].id <= update_id:
            self._pending.popleft()

    def clear(self) -> None:
        """Forget all updates (drop_pending_updates)."""
        self._pending.clear()

    def end_poll(self, reason: Refusal) -> None:
        """End the getUpdates that waits, if one does."""
        if self._poll is not None:
            self._poll.ended_by = reason
            self._poll.woken.set()
            self._poll = None

    async def get(self, *, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Answer getUpdates, waiting up to `timeout` seconds of real time.

        Raises Refusal 409 when another getUpdates or setWebhook ends this one.
        """
        self.end_poll(OTHER_POLL)
        now = time.monotonic()
        if offset == self._previous[0] and timeout < PAUSE and now < self._previous[1] + PAUSE:
            timeout = PAUSE
        self._previous = (offset, now)
        self._apply(offset)
        if not self._pending and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        self._forget_old()
        return [update.body for _, update in zip(range(limit), self._pending, strict=False)]

    def _apply(self, offset: int) -> None:
        self._forget_old()
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        elif offset <= self._next_id + 10:  # an offset from another bot's queue is ignored
            self.confirm(offset - 1)

    async def _wait(self, timeout: float) -> None:
        poll = self._poll = Poll()
        try:
            await asyncio.wait_for(poll.woken.wait(), timeout)
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.ended_by is not None:
            await self._slow_down()
            raise poll.ended_by

    async def _slow_down(self) -> None:
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(PAUSE)
        else:
            self._next_conflict = now + PAUSE

    def _forget_old(self) -> None:
        now = self._clock.now()
        while self._pending and self._pending[0].kept_until <= now:
            self._pending.popleft()
