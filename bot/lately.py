"""What somebody did a short while ago, so that it is not answered, or allowed, again at once. In memory only.

Knows nothing of what it is asked about; forgets the oldest when there is too much.
"""

from __future__ import annotations

from datetime import datetime, timedelta

_MOST = 10_000


class Lately:
    """Moments by key."""

    def __init__(self) -> None:
        self._moments: dict[tuple[str, int], datetime] = {}

    def first(self, what: str, who: int, *, span: timedelta, now: datetime) -> bool:
        """Note that somebody does something; whether it is the first time in a span."""
        if (left := self.left(what, who, span=span, now=now)) > timedelta(0):
            return left > span  # the clock was set back
        self._moments.pop((what, who), None)
        while len(self._moments) >= _MOST:
            del self._moments[next(iter(self._moments))]
        self._moments[what, who] = now
        return True

    def left(self, what: str, who: int, *, span: timedelta, now: datetime) -> timedelta:
        """Say how long it is until it would be the first time again; nothing when it would be now."""
        before = self._moments.get((what, who))
        return timedelta(0) if before is None else max(before + span - now, timedelta(0))
