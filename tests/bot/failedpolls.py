"""A store that was polled on a bad day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds.clock import utc_now
from feeds.model import SourceSpec
from feeds.polls import Failed, FailureKind, NextPollReason, PollState
from storage import Storage


async def store_polled(store: Storage, *, failed: int, well: int) -> None:
    """Store sources of which the last poll ``failed`` at so many and went ``well`` at others, without any news."""
    now = utc_now()
    later = PollState(next_at=now + timedelta(hours=1), polled_at=now)
    for number in range(failed + well):
        spec = SourceSpec(name=f"Источник {number}", url=f"https://{number}.example/rss", lang="ru")
        source = await store.news.add_source(spec, now=now)
        poll = replace(later, reason=NextPollReason.INTERVAL)
        if number < failed:
            failure = Failed(kind=FailureKind.DNS)
            poll = replace(later, reason=NextPollReason.FAILURES, failures=1, failure=failure)
        await store.news.commit_poll(source.id, poll, now=now)
