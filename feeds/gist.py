"""What an article says by itself: its summary, its topics, what is compared of it, the words it is found by.

Everything here depends on one article alone, so a parsing process does it beside the parse. Which articles are one
story is decided where all of them are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from feeds.model import Item
from feeds.profiles import Profile, profile
from feeds.searchwords import BEGINNING, SearchWords, search_words
from feeds.summary import summarise
from feeds.tagging import tag_item
from feeds.topics import Catalogue, load_catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What one article says, for whoever shows, groups, tags and looks for articles."""

    summary: str
    topics: tuple[str, ...]
    profile: Profile
    words: SearchWords


def gist(item: Item, catalogue: Catalogue, source_topics: Sequence[str]) -> Gist:
    """Read an article once for all of them. A summary that it has is kept."""
    told = item if item.summary else replace(item, summary=summarise(item.title, _beginning(item.text)))
    return Gist(
        summary=told.summary,
        topics=tag_item(catalogue, told, source_topics),
        profile=profile(told.title, told.text or told.summary),
        words=search_words(told),
    )


def _beginning(text: str) -> str:
    """Give the whole paragraphs of as much of a text as a parsing process is given."""
    if len(text) < BEGINNING:
        return text
    beginning = text[:BEGINNING]
    return beginning.rpartition("\n")[0] or beginning


@cache
def packaged() -> Catalogue:
    """Load the topics that come with the program, for a process of which nobody hands them over."""
    return load_catalogue()


def prepare() -> None:
    """Load what the first article needs, so that it waits for nothing."""
    packaged().tag(title="Haval")
    profile("", "")
