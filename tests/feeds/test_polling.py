from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from feeds.polling import STOPPED, Pace, after_success, is_stopped, new_address, put_off
from feeds.polls import (
    Failed,
    FailureKind,
    Fetched,
    NextPollReason,
    NotModified,
    PollState,
    Validators,
    Wish,
)
from tests.feeds.polled import DAY, HOUR, KNOWN, MINUTE, NEW, NOW, URL, fail, succeed


def is_about(state: PollState, wait: timedelta, *, now: datetime = NOW) -> bool:
    return wait <= state.next_at - now <= wait * 1.1


def test_news_are_polled_every_quarter_of_an_hour() -> None:
    state = succeed()
    assert is_about(state, 15 * MINUTE)
    assert state.reason is NextPollReason.INTERVAL
    assert state.polled_at == state.succeeded_at == state.changed_at == NOW


@pytest.mark.parametrize(
    ("max_age", "ttl", "wait"),
    [(HOUR, None, HOUR), (None, 2 * HOUR, 2 * HOUR), (HOUR, 2 * HOUR, 2 * HOUR), (9 * DAY, None, DAY)],
)
def test_the_server_may_ask_for_longer_up_to_a_day(
    max_age: timedelta | None, ttl: timedelta | None, wait: timedelta
) -> None:
    state = succeed(max_age=max_age, ttl=ttl)
    assert is_about(state, wait)
    assert state.reason is NextPollReason.SERVER


def test_the_server_cannot_ask_for_more_often() -> None:
    assert is_about(succeed(max_age=MINUTE, ttl=MINUTE), 15 * MINUTE)


@pytest.mark.parametrize(("days", "minutes"), [(0, 15), (0.9, 15), (1, 30), (2.5, 60), (4, 240), (30, 24 * 60)])
def test_the_interval_doubles_for_every_day_without_anything_new(days: float, minutes: int) -> None:
    quiet = PollState(next_at=NOW, changed_at=NOW - timedelta(days=days))
    assert is_about(succeed(quiet, changed=False), minutes * MINUTE)
    assert is_about(succeed(quiet, changed=True), 15 * MINUTE)


def test_a_feed_that_was_empty_from_the_start_slows_down_too() -> None:
    state = succeed(changed=False)
    assert is_about(succeed(state, changed=False, now=NOW + 30 * DAY), DAY, now=NOW + 30 * DAY)


def wishing(*, ttl: timedelta | None = None, hours: str = "", days: str = "") -> Wish:
    return Wish(ttl=ttl, skip_hours=frozenset(map(int, hours.split())), skip_days=frozenset(map(int, days.split())))


def read(wish: Wish | None, *, state: PollState = NEW, max_age: timedelta | None = None) -> PollState:
    answer = Fetched(url=URL, body=b"", max_age=max_age)
    return after_success(
        state, answer, changed=False, body_hash="h", wish=wish, pace=Pace(), source_key="a", now=state.next_at
    )


@pytest.mark.parametrize(
    ("wish", "earliest"),
    [
        (wishing(hours="12 13"), NOW + 2 * HOUR),
        (wishing(hours="13"), NOW + 15 * MINUTE),
        (wishing(hours="12", days="1"), NOW + 12 * HOUR),
        (wishing(days="1 2"), NOW + 36 * HOUR),
        (wishing(days="1 2 3 4"), NOW + 2 * DAY),
        (wishing(hours=" ".join(map(str, range(24)))), NOW + 2 * DAY),
    ],
)
def test_skipped_hours_and_days_are_skipped_for_two_days_at_most(wish: Wish, earliest: datetime) -> None:
    state = read(wish)
    assert earliest <= state.next_at <= earliest + 17 * MINUTE
    assert state.wish == wish
    assert (state.reason is NextPollReason.SERVER) == (earliest > NOW + HOUR)


def test_a_failure_does_not_lead_into_skipped_hours_either() -> None:
    assert fail(replace(NEW, wish=wishing(hours="12 13"))).next_at >= NOW + 2 * HOUR


def test_coming_late_into_a_skipped_hour_puts_the_poll_off() -> None:
    state = replace(NEW, polled_at=NOW - HOUR, wish=wishing(hours="12"))
    later = put_off(state, source_key="a", now=NOW)
    assert later is not None
    assert NOW + HOUR <= later.next_at <= NOW + HOUR + 6 * MINUTE
    assert later.reason is NextPollReason.SERVER
    assert put_off(state, source_key="a", now=NOW + HOUR) is None
    assert put_off(state, source_key="a", now=NOW + DAY + 23 * HOUR) is None, "not for longer than two days"
    assert put_off(replace(state, polled_at=None), source_key="a", now=NOW) is None


def test_what_a_feed_wished_holds_while_its_body_is_not_read() -> None:
    first = read(wishing(ttl=2 * HOUR))
    again = read(None, state=first)
    assert is_about(again, 2 * HOUR, now=first.next_at)
    assert is_about(read(wishing(), state=again), 15 * MINUTE, now=again.next_at)


def test_a_304_that_says_nothing_of_freshness_leaves_the_last_word() -> None:
    first = read(wishing(), max_age=2 * HOUR)
    state = after_success(
        first, NotModified(), changed=False, body_hash=None, wish=None, pace=Pace(), source_key="a", now=NOW
    )
    assert is_about(state, 2 * HOUR)
    assert is_about(read(wishing(), state=first), 15 * MINUTE, now=first.next_at), "a 200 has the last word itself"


def follow(state: PollState, *, permanent: bool = True, end: str = "https://b.example/", days: float = 1) -> PollState:
    answer = Fetched(
        url=end, body=b"", validators=Validators(etag=end), redirected=end != URL, moved_permanently=permanent
    )
    now = (state.polled_at or NOW) + timedelta(days=days)
    return after_success(state, answer, changed=False, body_hash="h", wish=None, pace=Pace(), source_key="a", now=now)


def test_a_permanent_redirect_is_believed_after_four_polls_over_three_days() -> None:
    state, told = KNOWN, list[str | None]()
    for _ in range(5):
        state = follow(state)
        told.append(new_address(state))
    assert told == [None, None, None, "https://b.example/", "https://b.example/"]
    hasty = KNOWN
    for _ in range(50):
        hasty = follow(hasty, days=0.05)
    assert new_address(hasty) is None, "many polls in less than three days are one captive portal"


@pytest.mark.parametrize(
    "between",
    [{"permanent": False}, {"end": "https://c.example/"}, {"end": "https://example.ru/rss", "permanent": False}],
)
def test_a_redirect_that_wavers_is_not_believed(between: dict[str, Any]) -> None:
    state = KNOWN
    for _ in range(3):
        state = follow(state)
    state = follow(state, **between)
    for _ in range(3):
        state = follow(state)
        assert new_address(state) is None
    assert new_address(follow(state)) is not None


def test_each_address_keeps_the_validators_it_gave() -> None:
    state = follow(KNOWN, permanent=False)
    assert state.validators == KNOWN.validators
    assert state.detour is not None
    assert state.detour.validators == Validators(etag="https://b.example/")
    back = follow(state, end=URL, permanent=False)
    assert back.validators == Validators(etag=URL)
    assert back.detour == replace(state.detour, times=0), "should the redirect come again, nothing is asked for twice"


def test_a_request_that_was_not_made_is_no_failure() -> None:
    state = fail(KNOWN, status=429, retry_after=HOUR, unasked=True)
    assert (state.failures, state.polled_at) == (KNOWN.failures, KNOWN.polled_at)
    assert is_about(state, HOUR)
    assert state.reason is NextPollReason.RETRY_AFTER


def test_a_200_replaces_both_validators_even_by_nothing() -> None:
    answer = Fetched(url="https://example.ru/rss", body=b"", validators=Validators(etag="new"))
    state = after_success(KNOWN, answer, changed=False, body_hash="h", wish=None, pace=Pace(), source_key="a", now=NOW)
    assert state.validators == Validators(etag="new")
    assert (state.failures, state.failure) == (0, None)


def test_a_304_renews_what_it_carries_and_keeps_the_rest() -> None:
    answer = NotModified(validators=Validators(etag="new"))
    state = after_success(KNOWN, answer, changed=False, body_hash=None, wish=None, pace=Pace(), source_key="a", now=NOW)
    assert state.validators == Validators(etag="new", last_modified="then")
    assert state.body_hash == "h"


def test_a_failure_keeps_what_is_known_and_says_what_happened() -> None:
    state = fail(KNOWN, status=500)
    assert (state.validators, state.body_hash) == (KNOWN.validators, "h")
    assert (state.succeeded_at, state.changed_at) == (KNOWN.succeeded_at, KNOWN.changed_at)
    assert (state.failures, state.polled_at) == (4, NOW)
    assert state.failure == Failed(kind=FailureKind.HTTP, status=500)


def test_failures_double_the_wait_up_to_a_day() -> None:
    state, waits = NEW, []
    for _ in range(9):
        state = fail(state, kind=FailureKind.CONNECT)
        waits.append(state.next_at - NOW)
    assert all(15 * MINUTE * 2**n <= wait <= 16.5 * MINUTE * 2**n for n, wait in enumerate(waits[:6]))
    assert waits[7] == waits[8]
    assert DAY <= waits[8] <= 1.1 * DAY
    assert abs(waits[1] - 2 * waits[0]) < timedelta(seconds=1), "the jitter is the source's own"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_obeyed_or_left_alone_for_hours(status: int) -> None:
    obeyed = fail(status=status, retry_after=2 * DAY)
    assert timedelta(days=2) <= obeyed.next_at - NOW <= timedelta(days=2.1)
    assert obeyed.reason is NextPollReason.RETRY_AFTER
    assert is_about(fail(status=status, retry_after=HOUR), HOUR)
    assert is_about(fail(status=status, retry_after=timedelta(0)), 15 * MINUTE)
    assert is_about(fail(status=status), 4 * HOUR)
    assert is_about(fail(status=status, pace=Pace(minimum=timedelta(seconds=1))), 4 * HOUR)
    assert is_about(fail(PollState(next_at=NOW, failures=2), status=status), 16 * HOUR)


def test_410_stops_the_source() -> None:
    state = fail(kind=FailureKind.GONE, status=410)
    assert state.next_at == NOW + STOPPED
    assert state.reason is NextPollReason.GONE
    assert is_stopped(state)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_page_that_is_not_there_is_asked_ever_more_rarely_and_left_after_a_fortnight(status: int) -> None:
    now, state = NOW, PollState(next_at=NOW, succeeded_at=NOW)
    while not is_stopped(state):
        now = state.next_at
        state = fail(state, status=status, now=now)
    assert timedelta(days=13) < now - NOW < timedelta(days=17)
    assert state.reason is NextPollReason.PAUSED
    assert state.failures < 25
    assert is_about(fail(status=status), HOUR)


def test_a_source_that_never_answered_is_left_after_a_fortnight_as_well() -> None:
    now, state = NOW, NEW
    while not is_stopped(state):
        now = state.next_at
        state = fail(state, status=404, now=now)
    assert timedelta(days=13) < now - NOW < timedelta(days=17)


def test_a_server_that_is_down_for_a_month_is_still_asked_daily() -> None:
    assert not is_stopped(fail(PollState(next_at=NOW, failures=60, succeeded_at=NOW - 60 * DAY), status=500))
