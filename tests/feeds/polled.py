"""What a source's state is after one more answer or failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feeds.polling import Pace, after_failure, after_success
from feeds.polls import (
    Failed,
    FailureKind,
    Fetched,
    PollState,
    Validators,
    Wish,
)

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://example.ru/rss"
NEW = PollState(next_at=NOW)
KNOWN = PollState(
    next_at=NOW,
    validators=Validators(etag="old", last_modified="then"),
    body_hash="h",
    failures=3,
    failure=Failed(kind=FailureKind.DNS),
    changed_at=NOW - HOUR,
    succeeded_at=NOW - HOUR,
)


def succeed(
    state: PollState = NEW,
    *,
    changed: bool = True,
    ttl: timedelta | None = None,
    max_age: timedelta | None = None,
    pace: Pace = Pace(),  # noqa: B008 - frozen
    now: datetime = NOW,
) -> PollState:
    answer = Fetched(url="https://example.ru/rss", body=b"", max_age=max_age)
    wish = Wish(ttl=ttl)
    return after_success(state, answer, changed=changed, body_hash="new", wish=wish, pace=pace, source_key="a", now=now)


def fail(
    state: PollState = NEW,
    *,
    kind: FailureKind = FailureKind.HTTP,
    status: int | None = None,
    retry_after: timedelta | None = None,
    unasked: bool = False,
    pace: Pace = Pace(),  # noqa: B008 - frozen
    now: datetime = NOW,
) -> PollState:
    failure = Failed(kind=kind, status=status, retry_after=retry_after, unasked=unasked)
    return after_failure(state, failure, pace=pace, source_key="a", now=now)
