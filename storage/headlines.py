"""The headlines of the last weeks in memory: the nearest are found without asking the database for every word.

A part of ``storage.search``. What is near is ``feeds.titleindex``'s to say.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from feeds.titleindex import TitleIndex
from storage.engine import Database
from storage.tables import items

_OUTDATED: Final = timedelta(days=7)
"""So much more than was asked for may be held; then all is read anew."""
_AT_ONCE: Final = 200
"""Headlines taken in before others have their turn."""


@dataclass(slots=True)
class _Shelf:
    """One language's headlines, and whose they are."""

    index: TitleIndex = field(default_factory=TitleIndex)
    item_ids: list[int] = field(default_factory=list)


class Headlines:
    """Reads each headline once; one that was changed or taken away since is for whoever asks to see."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelves: defaultdict[str, _Shelf] = defaultdict(_Shelf)
        self._since: datetime | None = None
        self._last = 0
        self._reading = asyncio.Lock()

    async def nearest(self, title: str, *, lang: str, since: datetime, limit: int) -> Sequence[int]:
        """Ids of the articles with the nearest headlines, the nearest first; some may be older than ``since``."""
        await self.read_up(since)
        shelf = self._shelves[lang]
        return [shelf.item_ids[place] for place, _ in shelf.index.nearest(title, limit=limit)]

    async def read_up(self, since: datetime) -> None:
        """Take in what was stored since the last time."""
        async with self._reading:
            if self._since is None or not timedelta(0) <= since - self._since < _OUTDATED:
                self._shelves.clear()
                self._since, self._last = since, 0
            told = select(items.c.id, items.c.lang, items.c.title).order_by(items.c.id)
            fresh = told.where(items.c.id > self._last, items.c.published_at >= self._since)
            async with self._database.transaction() as connection:
                found = list(await connection.execute(fresh))
            for at, (item_id, lang, title) in enumerate(found, 1):
                shelf = self._shelves[lang]
                shelf.index.add(title)
                shelf.item_ids.append(item_id)
                self._last = item_id
                if at % _AT_ONCE == 0:
                    await asyncio.sleep(0)
