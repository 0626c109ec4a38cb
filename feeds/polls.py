"""The nouns of polling: what a request came to, what is remembered of a source until the next. Imports nothing of ours.

Every moment is an aware ``datetime`` in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


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
