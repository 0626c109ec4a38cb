"""The nouns of news, one frozen type for each stage an article passes. Imports nothing of ours.

    SourceSpec → Source → Fetched → ParsedFeed → Item → StoryDraft → Story

What becomes of a story afterwards, for whom, is in ``feeds.issue``. Every moment is an aware ``datetime`` in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from feeds.marks import UNMARKED, Marks
from feeds.polls import PollState, Wish

SourceId = NewType("SourceId", int)
ItemId = NewType("ItemId", int)
StoryId = NewType("StoryId", int)


class FullText(StrEnum):
    """Where the text of a source's articles is read."""

    FEED = "feed"
    PAGE = "page"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """A source as somebody configured it."""

    name: str
    url: str
    lang: str
    topics: tuple[str, ...] = ()
    weight: float = 1.0
    full_text: FullText = FullText.AUTO
    opinion_headings: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as it is stored.

    ``spec.url`` is where it is polled; ``given_url`` is the address somebody configured, which stays when the source
    moves. ``merged_into`` names the source that turned out to be the same: this one is not polled any more.
    ``paused`` is the operator's word, which outlasts the sources file; ``own`` says that the file does not name it.
    """

    id: SourceId
    spec: SourceSpec
    poll: PollState
    given_url: str = ""
    merged_into: SourceId | None = None
    paused: bool = False
    own: bool = False

    @property
    def active(self) -> bool:
        """Whether it is polled at all."""
        return self.spec.enabled and not self.paused


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry of a feed: text decoded, mark-up still in it, nothing judged."""

    guid: str | None = None
    link: str | None = None
    title: str = ""
    summary_html: str = ""
    content_html: str = ""
    author: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as parsed; ``skipped`` counts the entries that could not be used at all."""

    title: str = ""
    link: str | None = None
    lang: str | None = None
    entries: tuple[ParsedEntry, ...] = ()
    skipped: int = 0
    charset: str = "utf-8"
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An editorial comment, word for word, under the label it had («Мнение Rucars»).

    ``ours`` says that our own editors approved it, and ``signature`` is theirs; a newsroom's has neither.
    """

    label: str
    text: str
    ours: bool = False
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another article that one recommends («Читайте также»)."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What an article's own page says; the opinion is not repeated in the paragraphs."""

    paragraphs: tuple[str, ...] = ()
    opinion: Opinion | None = None
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """The feeds that a page names: declared ones first, then links that look like feeds."""

    title: str = ""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article of one source, ready to store. ``key`` is its identity inside the source."""

    source_id: SourceId
    key: str
    url: str
    title: str
    text: str = ""
    summary: str = ""
    opinion: Opinion | None = None
    author: str | None = None
    categories: tuple[str, ...] = ()
    picture: str | None = None
    related: tuple[Related, ...] = ()
    lang: str = "ru"
    published_at: datetime
    title_key: str = ""
    text_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the store already has under an item's key."""

    key: str
    story_id: StoryId
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One stored article as a part of a story: enough to tell whether a new article is the same story.

    ``text`` is how it begins, and empty where only addresses and titles were asked for.
    """

    story_id: StoryId
    source_id: SourceId
    url: str
    title: str
    title_key: str
    published_at: datetime
    key: str = ""
    text: str = ""
    lang: str = "ru"


class FindingKind(StrEnum):
    """What a second look at the window would change."""

    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A story that a review would join with others or part; ``detail`` says with which or how, ``done`` if it was."""

    kind: FindingKind
    story_id: StoryId
    detail: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """What one poll adds: new items of one story, which is new itself when ``story_id`` is None."""

    story_id: StoryId | None
    items: tuple[Item, ...]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as stored, with what a reader needs of its source."""

    id: ItemId
    item: Item
    source_name: str
    source_weight: float = 1.0
    source_topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One thing that happened, and who told it; ``items`` in the order they were published.

    ``linked`` are stories in other languages that likely tell the same. ``opinion`` is our editors', once approved;
    ``marks`` and ``breaking_at`` are what they or we found out since. ``created_at`` is when it was first stored.
    """

    id: StoryId
    topics: tuple[str, ...]
    items: tuple[StoredItem, ...]
    linked: frozenset[StoryId] = frozenset()
    opinion: Opinion | None = None
    marks: Marks = UNMARKED
    breaking_at: datetime | None = None
    created_at: datetime | None = None
