"""What an article says by itself: its topics, what is compared of it, the words it is found by.

Everything here depends on one article alone, so a parsing process does it beside the parse. Which articles are one
story is decided where all of them are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from feeds.model import Item
from feeds.profiles import Profile, profile
from feeds.searchwords import SearchWords, search_words
from feeds.tagging import tag_item
from feeds.topics import Catalogue, load_catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What one article says, for whoever groups, tags and looks for articles."""

    topics: tuple[str, ...]
    profile: Profile
    words: SearchWords


def gist(item: Item, catalogue: Catalogue, source_topics: Sequence[str]) -> Gist:
    """Read an article once for all of them."""
    return Gist(
        topics=tag_item(catalogue, item, source_topics),
        profile=profile(item.title, item.text or item.summary),
        words=search_words(item),
    )


@cache
def packaged() -> Catalogue:
    """Load the topics that come with the program, for a process of which nobody hands them over."""
    return load_catalogue()


def prepare() -> None:
    """Load what the first article needs, so that it waits for nothing."""
    packaged().tag(title="Haval")
    profile("", "")
