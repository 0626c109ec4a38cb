"""What handlers may use, in one value that the composition root fills once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.settings import Settings
from feeds.clock import Clock
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage
from storage.chats import Chats


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The store, the catalogue of topics, the clock, and how to ask for an issue and ring the courier's bell."""

    settings: Settings
    store: Storage
    catalogue: Catalogue
    publish: Publish
    clock: Clock
    ring_courier: Callable[[], None]

    @property
    def chats(self) -> Chats:
        """Chats and their settings."""
        return self.store.chats
