"""The question that somebody was asked last: who answers soon need not reply to it.

In memory only: after a restart an answer must reply to its question, as it always may. Knows no words and no store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

RECENT: Final = timedelta(minutes=10)
AT_ONCE: Final = timedelta(minutes=2)
"""For so long any words are taken for what is to stand under every post: later ones may be meant for us."""
_MOST = 10_000


class Ask(StrEnum):
    """What is asked. Those of ``OPEN`` take any words for their answer; the others only what they can read as one."""

    CLOCK = "clock"
    NEW_CLOCK = "new-clock"
    TIMES = "times"
    WEEKLY = "weekly"
    QUIET = "quiet"
    PAUSE = "pause"
    CITY = "city"
    TOPIC = "topic"
    OWN = "own"
    STOP = "stop"
    SEARCH = "search"
    SIGNATURE = "signature"


OPEN: Final = frozenset({Ask.CITY, Ask.TOPIC, Ask.OWN, Ask.STOP, Ask.SEARCH, Ask.SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about the chat with this key (0 is one's own); ``detail`` is what was said before: a day, an hour."""

    ask: Ask
    chat: int = 0
    detail: str = ""


class Questions:
    """The last question of each person (Telegram's number); forgets the oldest when there are too many."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[Question, datetime]] = {}

    def put(self, who: int, question: Question, *, now: datetime) -> None:
        """Note what somebody is asked."""
        self._last.pop(who, None)
        while len(self._last) >= _MOST:
            del self._last[next(iter(self._last))]
        self._last[who] = question, now

    def last(self, who: int, *, now: datetime) -> Question | None:
        """Return what somebody was asked a short while ago and did not answer yet."""
        question, at = self._last.get(who, (None, now))
        term = AT_ONCE if question is not None and question.ask is Ask.SIGNATURE else RECENT
        return question if now - term <= at <= now else None

    def forget(self, who: int) -> None:
        """Take the question for answered, or for given up."""
        self._last.pop(who, None)
