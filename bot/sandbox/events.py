"""Who watches the sandbox learns here that something changed. Knows only versions and plain events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]


class Events:
    """A counter of changes and a broadcast to any number of listeners."""

    def __init__(self) -> None:
        self.version = 0
        self._listeners: set[asyncio.Queue[tuple[str, Event]]] = set()

    def change(self, chat_id: int | None) -> int:
        """Count a change in a chat (None: outside any chat), tell the listeners, return the new version."""
        self.version += 1
        self.tell("message", {"version": self.version, "chat_id": chat_id})
        return self.version

    def tell(self, kind: str, event: Event) -> None:
        """Send an event of some kind to every listener."""
        for listener in self._listeners:
            listener.put_nowait((kind, event))

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[tuple[str, Event]]]:
        """Give a queue that receives every event while the context lasts."""
        listener: asyncio.Queue[tuple[str, Event]] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
