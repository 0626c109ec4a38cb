"""What handlers may use, in one value that the composition root fills once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.lately import Lately
from bot.markup import Message
from bot.picking import Picking
from bot.questions import Questions
from bot.settings import Settings
from feeds.atonce import Reach
from feeds.clock import Clock
from feeds.issue import Parcel
from feeds.model import Story
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
    write: Callable[[Parcel], Sequence[Message]]
    """How an issue looks in its chat (``bot.edition``)."""
    reach: Callable[[Story], Awaitable[Reach]]
    """To how many a story would go at once."""
    reconsider: Callable[[], None]
    """Let it be looked anew what goes at once: somebody can be written to again."""
    locks: MutableMapping[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """By a channel's key: those who run it change it one after the other."""
    picking: Picking = field(default_factory=Picking)
    """Who is choosing a channel from Telegram's own list at this moment."""

    lately: Lately = field(default_factory=Lately)
    """Who was told, or got, something a moment ago."""
    questions: Questions = field(default_factory=Questions)
    """What each was asked last."""

    @property
    def chats(self) -> Chats:
        """Chats and their settings."""
        return self.store.chats
