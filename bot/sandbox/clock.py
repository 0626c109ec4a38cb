"""A clock that runs like the real one and can be turned. It knows nothing of what is timed by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TurnableClock:
    """Real time plus an offset; calling the clock is the same as `now()`."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta()
        if start is not None:
            self.set(start)

    def __call__(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        """Return the moment this clock shows, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, delta: timedelta) -> None:
        """Turn the clock by `delta`; a negative one turns it back."""
        self._offset += delta

    def set(self, moment: datetime) -> None:
        """Turn the clock to an aware `moment`; it keeps running from there."""
        self._offset = moment - datetime.now(UTC)
