"""How seldom a feed asks to be polled: ``ttl``, ``skipHours``, ``skipDays`` (RSS 2.0), ``sy:updatePeriod``.

Wishes can only slow polling down; what comes of them is decided in ``feeds.polling``. Knows no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from feeds.polls import Wish

_PERIODS: Final = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_LONGEST_TTL: Final = timedelta(days=1)
_DAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
# feedparser keeps only the last hour and day of such a list, so they are read from the text before the first item.
_HEAD_LENGTH: Final = 20_000
_FIRST_ITEM: Final = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)
_SKIPPED: Final = re.compile(r"<skip(hours|days)\b[^>]{0,200}>(.{0,2000}?)</skip\1", re.IGNORECASE | re.DOTALL)
_VALUE: Final = re.compile(r"<(?:hour|day)\b[^>]{0,200}>\s*(\w{1,9})\s*<", re.IGNORECASE)


def read_wish(channel: Mapping[str, Any], text: str) -> Wish:
    """Gather a feed's wishes: ``channel`` as feedparser read it, ``text`` the document."""
    hours: set[int] = set()
    days: set[int] = set()
    for kind, values in _SKIPPED.findall(_head(text)):
        for value in _VALUE.findall(values):
            if kind.lower() == "days":
                days |= {_DAYS[value[:3].lower()]} if value[:3].lower() in _DAYS else set()
            elif value.isascii() and value.isdigit() and int(value) <= 24:
                hours.add(int(value) % 24)  # RSS 0.91 counted from 1 to 24
    return Wish(ttl=_ttl(channel), skip_hours=frozenset(hours), skip_days=frozenset(days))


def _head(text: str) -> str:
    head = text[:_HEAD_LENGTH]
    first = _FIRST_ITEM.search(head)
    return head[: first.start()] if first else head


def _ttl(channel: Mapping[str, Any]) -> timedelta | None:
    """How long the newsroom asks to be left alone: the longer of ``ttl`` (minutes) and ``sy:updatePeriod``."""
    minutes = _number(channel.get("ttl"))
    hours = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0)
    frequency = _number(channel.get("sy_updatefrequency")) or 1
    longest = max(timedelta(minutes=minutes), timedelta(hours=hours) / frequency)
    return min(longest, _LONGEST_TTL) or None


def _number(value: object) -> int:
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
