"""Which stories changed since somebody last looked, so that nobody need read all of them again. Lives in memory.

One process holds a store at a time, and whatever it commits about stories it notes here; knows no SQL.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from feeds.model import StoryId

_KEPT = 20_000
"""Changes that are remembered; whoever looks less often reads everything anew."""


class Journal:
    """Changes in the order of their commits."""

    def __init__(self) -> None:
        self._mark = 0
        self._changed: deque[StoryId] = deque(maxlen=_KEPT)

    def note(self, story_ids: Iterable[StoryId]) -> None:
        """Say that these stories are not what they were; only when that is committed."""
        changed = list(story_ids)
        self._changed.extend(changed)
        self._mark += len(changed)

    def since(self, mark: int) -> tuple[int, frozenset[StoryId] | None]:
        """Return where the journal stands now and what changed after a mark; None when that is not remembered."""
        missed = self._mark - mark
        if mark < 0 or missed > len(self._changed):
            return self._mark, None
        newest = [self._changed[-place] for place in range(1, missed + 1)]
        return self._mark, frozenset(newest)
