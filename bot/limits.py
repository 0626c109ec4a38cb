"""How fast messages may leave: evenly spaced, over all and for each chat. Measures monotonic seconds, sends nothing.

Spacing (the generic cell rate algorithm) instead of a bucket that refills: a bucket of thirty a second lets
fifty-nine go in the second that begins in its middle. Rates are Telegram's bots FAQ: about 30 messages a second in
all, one a second to one chat.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Spacing:
    """Gives out moments at least ``1 / rate`` seconds apart, and none before a pause is over."""

    def __init__(self, rate: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._interval = 1 / rate
        self._monotonic = monotonic
        self._next = 0.0

    def reserve(self) -> float:
        """Take the next moment; return how many seconds away it is."""
        now = self._monotonic()
        moment = max(now, self._next)
        self._next = moment + self._interval
        return moment - now

    def pause(self, seconds: float) -> None:
        """Give out nothing for so many seconds from now."""
        self._next = max(self._next, self._monotonic() + seconds)

    @property
    def idle(self) -> bool:
        """Say whether the next moment is now."""
        return self._next <= self._monotonic()


class Limits:
    """The spacing over all and for each chat."""

    KEPT = 10_000

    def __init__(
        self, *, overall: float = 29.0, each: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._each = each
        self._overall = Spacing(overall, monotonic=monotonic)
        self._chats: dict[int, Spacing] = {}

    async def wait(self, telegram_id: int) -> None:
        """Wait until a message may go to this chat."""
        # The chat's own turn comes first: waiting for it must not cost the others theirs.
        delay = self._chat(telegram_id).reserve()
        if delay > 0:
            await asyncio.sleep(delay)
        delay = self._overall.reserve()
        if delay > 0:
            await asyncio.sleep(delay)

    def pause(self, telegram_id: int, seconds: float) -> None:
        """Send this chat nothing for so many seconds, as it was told by a 429."""
        self._chat(telegram_id).pause(seconds)

    def _chat(self, telegram_id: int) -> Spacing:
        if telegram_id not in self._chats:
            if len(self._chats) >= self.KEPT:
                self._chats = {chat: spacing for chat, spacing in self._chats.items() if not spacing.idle}
            self._chats[telegram_id] = Spacing(self._each, monotonic=self._monotonic)
        return self._chats[telegram_id]
