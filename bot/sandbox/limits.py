"""The limits of the Bot API and the meter of its rates. Knows neither methods nor messages.

Rates are those of the Bots FAQ; Telegram does not document the exact values.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import timedelta

TEXT_LENGTH = 4096  # code points, after parsing
CAPTION_LENGTH = 1024
RAW_TEXT_BYTES = 32768
ENTITIES_PER_TEXT = 100
ENTITIES_BYTES = 9500
CALLBACK_DATA_BYTES = 64
BUTTONS = 100
MARKUP_BYTES = 10_000
CALLBACK_ANSWER_LENGTH = 200
COMMANDS = 100
MESSAGES_AT_ONCE = 100
PHOTO_BYTES = 10 * 2**20
UPLOAD_BYTES = 50 * 2**20
DOWNLOAD_BYTES = 20 * 2**20
UPDATE_LIFE = timedelta(hours=24)
QUERY_LIFE = timedelta(minutes=15)
DELETION_TERM = timedelta(hours=48)

OVERALL = (30, 1.0)  # requests per seconds
PER_GROUP = (20, 60.0)
PER_CHAT_BURST = 3.0


class RateMeter:
    """Measures requests by real time, even when the sandbox's clock is turned."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._overall: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._tokens: dict[int, tuple[float, float]] = {}

    def admit(self, chat_id: int) -> int | None:
        """Count one message to a chat; return the seconds to wait instead when it comes too soon."""
        now = self._monotonic()
        waits = [window_wait(self._overall, OVERALL, now), self._chat_wait(chat_id, now)]
        if chat_id < 0:
            waits.append(window_wait(self._groups[chat_id], PER_GROUP, now))
        if (wait := max(waits)) > 0:
            return math.ceil(wait)
        self._overall.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)
        self._tokens[chat_id] = (self._left(chat_id, now) - 1, now)
        return None

    def _left(self, chat_id: int, now: float) -> float:
        tokens, since = self._tokens.get(chat_id, (PER_CHAT_BURST, now))
        return min(PER_CHAT_BURST, tokens + now - since)

    def _chat_wait(self, chat_id: int, now: float) -> float:
        return max(0.0, 1 - self._left(chat_id, now))


def window_wait(moments: deque[float], rate: tuple[int, float], now: float) -> float:
    """Return the seconds until a sliding window admits one more; forgets what has left it."""
    count, period = rate
    while moments and moments[0] <= now - period:
        moments.popleft()
    return 0.0 if len(moments) < count else moments[0] + period - now
