"""The nouns of news, one frozen type for each stage an article passes. Imports nothing of ours.

    SourceSpec → Source → Fetched → ParsedFeed → Item → StoryDraft → Story

What becomes of a story afterwards, for whom, is in ``feeds.issue``. Every moment is an aware ``datetime`` in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

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


class FailureKind(StrEnum):
    """Why a source gave nothing, as one word that locale files can say in full."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    FORBIDDEN_ADDRESS = "forbidden-address"
    BAD_ADDRESS = "bad-address"
    REDIRECTS = "redirects"
    TOO_LARGE = "too-large"
    HTTP = "http"
    GONE = "gone"
    CHALLENGE = "challenge"
    HTML = "html"
    EMPTY = "empty"
    NOT_A_FEED = "not-a-feed"
    PARSE_TIMEOUT = "parse-timeout"
    PARSE_CRASH = "parse-crash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A poll that brought nothing: the kind, the HTTP status if there was one, and the server's own words.

    ``unasked`` means that no request was made, because the whole host had asked to be left alone.
    """

    kind: FailureKind
    status: int | None = None
    detail: str = ""
    retry_after: timedelta | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """``ETag`` and ``Last-Modified`` exactly as the server sent them (RFC 9110 §8.8); None when it sent none."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body, not yet decoded, with everything of the answer that later stages need.

    ``url`` is the address that answered, ``redirected`` says whether it is another than the one asked first.
    """

    url: str
    body: bytes
    content_type: str = ""
    charset: str | None = None
    validators: Validators = Validators()
    max_age: timedelta | None = None
    redirected: bool = False
    moved_permanently: bool = False
    elapsed: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """HTTP 304; validators and freshness may be new all the same."""

    url: str = ""
    validators: Validators = Validators()
    max_age: timedelta | None = None
    redirected: bool = False
    moved_permanently: bool = False
    elapsed: timedelta = timedelta(0)


FetchOutcome = Fetched | NotModified | Failed


class NextPollReason(StrEnum):
    """Why the next poll is when it is, for the operator's eyes.

    SERVER is what feed or headers wish (``max-age``, ``ttl``, ``skipHours`` …), RETRY_AFTER what a 429 or 503 demands.
    GONE (410) and PAUSED (401, 403 or 404 for a fortnight) are not polled again by themselves.
    """

    NEW = "new"
    INTERVAL = "interval"
    SERVER = "server"
    RETRY_AFTER = "retry-after"
    FAILURES = "failures"
    GONE = "gone"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How seldom a feed itself asks to be polled; hours and days (Monday is 0) are GMT's."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """The other address that answered for a source through a redirect, and the validators it gave.

    ``times`` is how many polls in a row found the way there permanent, since ``since``; 0 while it is temporary or not
    taken any more.
    """

    url: str
    validators: Validators = Validators()
    since: datetime
    times: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What polling remembers of a source; committed in one transaction with the items it goes with.

    ``validators`` are those of the source's own address, ``max_age`` and ``wish`` what headers and feed last asked for.
    ``failures`` counts those in a row, ``failure`` is the last of them, with the server's words, until a success.
    """

    next_at: datetime
    reason: NextPollReason = NextPollReason.NEW
    validators: Validators = Validators()
    detour: Detour | None = None
    max_age: timedelta | None = None
    wish: Wish = Wish()
    body_hash: str | None = None
    failures: int = 0
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    failure: Failed | None = None


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
    wish: Wish = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An editorial comment, word for word, under the label it had («Мнение Rucars»)."""

    label: str
    text: str


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

    ``linked`` are stories in other languages that likely tell the same.
    """

    id: StoryId
    topics: tuple[str, ...]
    items: tuple[StoredItem, ...]
    linked: frozenset[StoryId] = frozenset()
