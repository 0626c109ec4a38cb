"""What a feed comes to once it is parsed and normalised. Only a noun: who passes it on need not load a parser."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.model import Item
from feeds.polls import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """The usable items of a feed, each once, how many entries were not usable, and what the feed asks of polling."""

    items: tuple[Item, ...]
    skipped: int
    wish: Wish
