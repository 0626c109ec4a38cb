from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.schedule import next_issue, slot_key

ZONES = (
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Almaty",
    "Asia/Yekaterinburg",
    "Asia/Kathmandu",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
times_of_day = st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=4, unique=True)


def issues(times: list[int], zone: str, *, start: datetime, days: int) -> list[datetime]:
    """All issues of some days, one after another."""
    found: list[datetime] = []
    moment = start
    while (coming := next_issue(times, zone, after=moment)) and coming < start + timedelta(days=days):
        found.append(coming)
        moment = coming
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_no_times_mean_no_issue() -> None:
    assert next_issue((), "Europe/Moscow", after=utc("2026-03-01 10:00")) is None


def test_an_issue_due_right_now_is_over_and_the_next_is_tomorrow() -> None:
    assert next_issue((8 * 60,), "Europe/Moscow", after=utc("2026-03-01 05:00")) == utc("2026-03-02 05:00")


def test_the_earliest_of_several_times_comes_first() -> None:
    assert next_issue((19 * 60, 8 * 60), "Europe/Moscow", after=utc("2026-03-01 05:01")) == utc("2026-03-01 16:00")


def test_a_time_that_the_clocks_skip_comes_as_much_later_as_they_jumped() -> None:
    # Berlin goes from 2:00 to 3:00 on 29 March 2026; 2:30 is 3:30 then.
    assert next_issue((150,), "Europe/Berlin", after=utc("2026-03-29 00:00")) == utc("2026-03-29 01:30")


def test_a_time_that_happens_twice_comes_once_and_the_first_time() -> None:
    # Berlin's 2:30 of 25 October 2026 is at 0:30 and at 1:30 UTC.
    first = next_issue((150,), "Europe/Berlin", after=utc("2026-10-24 12:00"))
    assert first == utc("2026-10-25 00:30")
    assert next_issue((150,), "Europe/Berlin", after=first) == utc("2026-10-26 01:30")


def test_a_day_that_does_not_exist_costs_no_other_day_its_issue() -> None:
    # Apia had no 30 December 2011: it went from UTC-10 to UTC+14.
    zone = ZoneInfo("Pacific/Apia")
    days = [moment.astimezone(zone).day for moment in issues([8 * 60], zone.key, start=utc("2011-12-28 00:00"), days=5)]
    assert days == [28, 29, 31, 1, 2]


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        next_issue((0,), "Europe/Nowhere", after=utc("2026-03-01 10:00"))


def test_a_slot_is_named_by_its_minute_in_utc() -> None:
    local = datetime(2026, 3, 1, 8, 0, tzinfo=ZoneInfo("Europe/Moscow"))
    assert slot_key(local) == "2026-03-01T05:00Z"


@settings(max_examples=300, deadline=None)
@given(times=times_of_day, zone=zones, after=moments)
def test_the_next_issue_is_strictly_later_and_within_two_days(times: list[int], zone: str, after: datetime) -> None:
    coming = next_issue(times, zone, after=after)
    assert coming is not None
    assert coming.tzinfo is UTC
    assert after < coming <= after + timedelta(hours=50)


@settings(max_examples=300, deadline=None)
@given(times=times_of_day, zone=zones, after=moments, minutes=st.integers(0, 3 * 24 * 60))
def test_nothing_lies_between_a_moment_and_its_next_issue(
    times: list[int], zone: str, after: datetime, minutes: int
) -> None:
    coming = next_issue(times, zone, after=after)
    between = after + timedelta(minutes=minutes)
    assert coming is not None
    if between < coming:
        assert next_issue(times, zone, after=between) == coming


@settings(max_examples=60, deadline=None)
@given(times=times_of_day, zone=zones, start=moments)
def test_issues_are_each_days_wall_times_and_nothing_else(times: list[int], zone: str, start: datetime) -> None:
    tz, first = ZoneInfo(zone), start.astimezone(ZoneInfo(zone)).date()
    found = issues(times, zone, start=start, days=9)
    expected = {
        datetime.combine(first + timedelta(days=day), time(minutes // 60, minutes % 60), tzinfo=tz).astimezone(UTC)
        for day in range(-1, 11)
        for minutes in times
    }
    assert found == sorted(moment for moment in expected if start < moment < start + timedelta(days=9))
    assert len({slot_key(moment) for moment in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(year=st.integers(2020, 2035), zone=zones, minutes=st.integers(0, 24 * 60 - 1))
def test_over_a_year_there_is_one_issue_for_each_day(year: int, zone: str, minutes: int) -> None:
    start = datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(microseconds=1)
    end = datetime(year + 1, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = [moment for moment in issues([minutes], zone, start=start, days=370) if moment < end]
    assert len(found) == (366 if year % 4 == 0 else 365)
    assert len({slot_key(moment) for moment in found}) == len(found)
