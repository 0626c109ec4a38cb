"""Whether the clock on the wall was turned back, by the seconds that passed meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

TURNED_BACK = timedelta(seconds=-30)
"""A clock that lags by more than this behind the seconds that passed was turned back."""


class ClockWatch:
    """Compares two looks at a clock with the loop's own time."""

    def __init__(self) -> None:
        self._looked: tuple[datetime, float] | None = None

    def turned_back(self, now: datetime) -> bool:
        """Say whether it was turned back since the last look."""
        monotonic = asyncio.get_running_loop().time()
        then, monotonic_then = self._looked or (now, monotonic)
        self._looked = now, monotonic
        return now - then - timedelta(seconds=monotonic - monotonic_then) < TURNED_BACK
