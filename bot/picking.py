"""Who is choosing a channel or group to add, and under which message of ours. In memory only.

Whoever chooses from Telegram's own list is led on when the choice comes; whoever takes the link instead only adds the
bot, and nothing says which of the two it was. So the message under which they choose says at once what came of it.
"""

from __future__ import annotations

_MOST = 1_000


class Picking:
    """Messages with a choice in it, by person: the last of each, each to be turned into something else once."""

    def __init__(self) -> None:
        self._places: dict[int, tuple[int, bool]] = {}

    def begin(self, who: int, message_id: int) -> None:
        """Note that somebody is choosing under a message; the oldest are forgotten when there are too many."""
        self._places.pop(who, None)
        while len(self._places) >= _MOST:
            del self._places[next(iter(self._places))]
        self._places[who] = message_id, False

    def use(self, who: int) -> int | None:
        """Say which message may be turned into what came of the choice; None when it was already, or there is none."""
        message_id, used = self._places.get(who, (0, True))
        if used:
            return None
        self._places[who] = message_id, True
        return message_id

    def end(self, who: int) -> int | None:
        """Forget that somebody is choosing; the message under which they did."""
        message_id, _ = self._places.pop(who, (None, True))
        return message_id
