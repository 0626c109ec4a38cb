"""Whatever servers say, the next poll is neither too early nor too late."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.polling import Pace, is_stopped
from feeds.polls import (
    FailureKind,
    PollState,
)
from tests.feeds.polled import DAY, NOW, fail, succeed

SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9))
PACES = st.builds(Pace, minimum=st.timedeltas(min_value=timedelta(milliseconds=1), max_value=DAY), maximum=st.just(DAY))
STATES = st.builds(
    PollState,
    next_at=st.just(NOW),
    failures=st.integers(0, 10_000),
    changed_at=st.none() | st.timedeltas(timedelta(0), timedelta(days=9000)).map(lambda ago: NOW - ago),
    succeeded_at=st.none() | st.timedeltas(timedelta(0), timedelta(days=9000)).map(lambda ago: NOW - ago),
)


@given(STATES, PACES, st.booleans(), st.none() | SPANS, st.none() | SPANS)
def test_after_an_answer_the_next_poll_is_between_the_minimum_and_a_day(
    state: PollState,
    pace: Pace,
    changed: bool,  # noqa: FBT001 - Hypothesis names it
    ttl: timedelta | None,
    max_age: timedelta | None,
) -> None:
    wait = succeed(state, changed=changed, ttl=ttl, max_age=max_age, pace=pace).next_at - NOW
    assert pace.minimum <= wait <= 1.1 * DAY


@given(STATES, PACES, st.sampled_from(FailureKind), st.sampled_from([None, 401, 404, 429, 500, 503]), st.none() | SPANS)
def test_after_a_failure_too_unless_the_server_asked_or_the_source_stopped(
    state: PollState, pace: Pace, kind: FailureKind, status: int | None, retry_after: timedelta | None
) -> None:
    after = fail(state, kind=kind, status=status, retry_after=retry_after, pace=pace)
    wait = after.next_at - NOW
    assert wait >= max(pace.minimum, retry_after or timedelta(0))
    assert is_stopped(after) or wait <= max(DAY, retry_after or DAY) + 0.1 * DAY
    assert after == fail(state, kind=kind, status=status, retry_after=retry_after, pace=pace)
