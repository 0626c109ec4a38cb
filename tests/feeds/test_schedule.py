from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.chatsettings import ChatSettings
from feeds.issue import ChatState
from feeds.schedule import (
    DEFAULT_ZONE,
    WORKDAYS,
    Rhythm,
    in_quiet_hours,
    next_issue,
    planned,
    quiet_until,
    rhythm_of,
    slot_key,
    weekly_between,
)
from tests.samples import NOW, chat

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
times_of_day = st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=4, unique=True)


weekdays = st.frozensets(st.integers(0, 6))
weeklies = st.none() | st.integers(0, 7 * 24 * 60 - 1)
rhythms = st.builds(
    Rhythm, times=times_of_day.map(tuple), weekdays=weekdays, weekly=weeklies, zone=zones, paused_until=st.none()
)
hours = st.integers(0, 95).map(lambda quarter: quarter * 15)


def issues(rhythm: Rhythm, *, start: datetime, days: float) -> list[datetime]:
    """All issues of some days, one after another."""
    found: list[datetime] = []
    moment = start
    while (coming := next_issue(rhythm, after=moment)) and coming < start + timedelta(days=days):
        found.append(coming)
        moment = coming
    return found


def walls(rhythm: Rhythm, first: date, days: int) -> list[tuple[date, int]]:
    """Each day's minutes at which an issue is wanted, read off the calendar."""
    found = []
    for day in (first + timedelta(days=offset) for offset in range(days)):
        if not rhythm.weekdays or day.weekday() in rhythm.weekdays:
            found += [(day, minutes) for minutes in rhythm.times]
        if rhythm.weekly is not None and day.weekday() * 24 * 60 <= rhythm.weekly < (day.weekday() + 1) * 24 * 60:
            found.append((day, rhythm.weekly - day.weekday() * 24 * 60))
    return found


def at(times: tuple[int, ...], zone: str = "Europe/Moscow", **changes: object) -> Rhythm:
    return replace(Rhythm(times=times, zone=zone), **changes)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_no_times_mean_no_issue() -> None:
    assert next_issue(at(()), after=utc("2026-03-01 10:00")) is None


def test_an_issue_due_right_now_is_over_and_the_next_is_tomorrow() -> None:
    assert next_issue(at((8 * 60,)), after=utc("2026-03-01 05:00")) == utc("2026-03-02 05:00")


def test_the_earliest_of_several_times_comes_first() -> None:
    assert next_issue(at((19 * 60, 8 * 60)), after=utc("2026-03-01 05:01")) == utc("2026-03-01 16:00")


def test_a_time_that_the_clocks_skip_comes_as_much_later_as_they_jumped() -> None:
    # Berlin goes from 2:00 to 3:00 on 29 March 2026; 2:30 is 3:30 then.
    assert next_issue(at((150,), "Europe/Berlin"), after=utc("2026-03-29 00:00")) == utc("2026-03-29 01:30")


def test_a_time_that_happens_twice_comes_once_and_the_first_time() -> None:
    # Berlin's 2:30 of 25 October 2026 is at 0:30 and at 1:30 UTC.
    first = next_issue(at((150,), "Europe/Berlin"), after=utc("2026-10-24 12:00"))
    assert first == utc("2026-10-25 00:30")
    assert next_issue(at((150,), "Europe/Berlin"), after=first) == utc("2026-10-26 01:30")


def test_a_day_that_does_not_exist_costs_no_other_day_its_issue() -> None:
    # Apia had no 30 December 2011: it went from UTC-10 to UTC+14.
    zone = ZoneInfo("Pacific/Apia")
    found = issues(at((8 * 60,), zone.key), start=utc("2011-12-28 00:00"), days=5)
    days = [moment.astimezone(zone).day for moment in found]
    assert days == [28, 29, 31, 1, 2]


def test_a_zone_that_this_machine_does_not_know_goes_by_the_default_clock() -> None:
    after = utc("2026-03-01 10:00")
    assert next_issue(at((0,), "Europe/Nowhere"), after=after) == next_issue(at((0,), DEFAULT_ZONE), after=after)


def test_on_working_days_friday_is_followed_by_monday() -> None:
    rhythm = at((8 * 60,), weekdays=WORKDAYS)
    assert next_issue(rhythm, after=utc("2026-11-27 05:00")) == utc("2026-11-30 05:00")


def test_a_weekly_issue_comes_beside_the_daily_ones_and_once_where_they_meet() -> None:
    sunday_at_ten = 6 * 24 * 60 + 10 * 60
    rhythm = at((8 * 60, 10 * 60), weekdays=WORKDAYS, weekly=sunday_at_ten)
    found = issues(rhythm, start=utc("2026-11-27 06:00"), days=3)
    assert found == [utc("2026-11-27 07:00"), utc("2026-11-29 07:00"), utc("2026-11-30 05:00")]
    meeting = issues(at((10 * 60,), weekly=sunday_at_ten), start=utc("2026-11-28 12:00"), days=2)
    assert meeting == [utc("2026-11-29 07:00"), utc("2026-11-30 07:00")]
    assert weekly_between(rhythm, utc("2026-11-29 07:00"), utc("2026-11-29 07:00"))
    assert weekly_between(rhythm, utc("2026-11-27 07:00"), utc("2026-11-29 07:05"))
    assert not weekly_between(rhythm, utc("2026-11-30 05:00"), utc("2026-11-30 05:05"))


def test_nothing_is_due_in_a_pause_and_what_is_due_just_at_its_end_comes() -> None:
    rhythm = at((8 * 60,), paused_until=utc("2026-11-27 05:00"))
    assert next_issue(rhythm, after=utc("2026-11-23 05:00")) == utc("2026-11-27 05:00")
    assert next_issue(rhythm, after=utc("2026-11-27 05:00")) == utc("2026-11-28 05:00")


def test_only_an_active_chat_has_an_issue_planned() -> None:
    reader = chat(times=(8 * 60,), state=ChatState.ACTIVE)
    assert planned(reader, now=NOW).next_at == NOW + timedelta(days=1)
    assert planned(replace(reader, state=ChatState.STOPPED), now=NOW).next_at is None


def test_a_slot_is_named_by_its_minute_in_utc() -> None:
    local = datetime(2026, 3, 1, 8, 0, tzinfo=ZoneInfo("Europe/Moscow"))
    assert slot_key(local) == "2026-03-01T05:00Z"


@settings(max_examples=300, deadline=None)
@given(rhythm=rhythms, after=moments)
def test_the_next_issue_is_strictly_later_and_within_nine_days(rhythm: Rhythm, after: datetime) -> None:
    coming = next_issue(rhythm, after=after)
    assert coming is not None
    assert coming.tzinfo is UTC
    assert after < coming <= after + timedelta(days=7, hours=25)


@settings(max_examples=300, deadline=None)
@given(rhythm=rhythms, after=moments, minutes=st.integers(0, 9 * 24 * 60))
def test_nothing_lies_between_a_moment_and_its_next_issue(rhythm: Rhythm, after: datetime, minutes: int) -> None:
    coming = next_issue(rhythm, after=after)
    between = after + timedelta(minutes=minutes)
    assert coming is not None
    if between < coming:
        assert next_issue(rhythm, after=between) == coming


@settings(max_examples=150, deadline=None)
@given(rhythm=rhythms, start=moments)
def test_issues_are_the_wall_times_of_the_calendar_and_nothing_else(rhythm: Rhythm, start: datetime) -> None:
    tz = ZoneInfo(rhythm.zone)
    first = start.astimezone(tz).date() - timedelta(days=1)
    found = issues(rhythm, start=start, days=16)
    expected = {
        datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=tz).astimezone(UTC)
        for day, minutes in walls(rhythm, first, 20)
    }
    assert found == sorted(moment for moment in expected if start < moment < start + timedelta(days=16))
    assert len({slot_key(moment) for moment in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(year=st.integers(2020, 2035), zone=zones, minutes=st.integers(0, 24 * 60 - 1), weekdays=weekdays)
def test_over_a_year_each_wanted_day_has_one_issue_at_its_wall_time(
    year: int, zone: str, minutes: int, weekdays: frozenset[int]
) -> None:
    tz = ZoneInfo(zone)
    start = datetime(year, 1, 1, tzinfo=tz).astimezone(UTC) - timedelta(microseconds=1)
    end = datetime(year + 1, 1, 1, tzinfo=tz).astimezone(UTC)
    rhythm = Rhythm(times=(minutes,), weekdays=weekdays, zone=zone)
    found = [moment for moment in issues(rhythm, start=start, days=370) if moment < end]
    wanted = walls(rhythm, date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    assert len(found) == len(wanted)
    for moment, (day, _) in zip(found, wanted, strict=True):
        local = moment.astimezone(tz)
        skipped = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=tz)
        exists = skipped.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == skipped.replace(tzinfo=None)
        # At the very time, but where that does not exist: then less than the jump later.
        assert local.replace(tzinfo=None) == skipped.replace(tzinfo=None) or not exists
        assert timedelta(0) <= local.replace(tzinfo=None) - skipped.replace(tzinfo=None) <= timedelta(hours=1)


@settings(max_examples=200, deadline=None)
@given(rhythm=rhythms, after=moments, pause=st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_pause_takes_away_what_falls_into_it_and_nothing_after(
    rhythm: Rhythm, after: datetime, pause: timedelta
) -> None:
    until = after + pause
    coming = next_issue(replace(rhythm, paused_until=until), after=after)
    assert coming is not None
    assert coming >= until
    assert coming == next_issue(rhythm, after=max(after, until - timedelta(microseconds=1)))


@settings(max_examples=300, deadline=None)
@given(start=hours, end=hours, zone=zones, now=moments)
def test_quiet_lasts_from_its_first_minute_to_its_last_and_no_longer(
    start: int, end: int, zone: str, now: datetime
) -> None:
    sleeper = chat(zone=zone, settings=ChatSettings(quiet=(start, end)))
    until = quiet_until(sleeper, now)
    if not in_quiet_hours(sleeper, now):
        assert until is None
        return
    assert until is not None
    assert now < until < now + timedelta(hours=26)
    assert not in_quiet_hours(sleeper, until)
    # A clock that jumps over the end shows the next minute that exists, at most the jump later.
    later = [
        now + timedelta(minutes=minutes) for minutes in range(0, int((until - now) / timedelta(minutes=1)) - 120, 7)
    ]
    assert all(in_quiet_hours(sleeper, moment) for moment in later)


@settings(max_examples=300, deadline=None)
@given(rhythm=rhythms, start=hours, end=hours, after=moments)
def test_an_issue_is_in_quiet_hours_only_where_its_time_was_chosen_there(
    rhythm: Rhythm, start: int, end: int, after: datetime
) -> None:
    window = ChatSettings(quiet=(start, end), weekdays=rhythm.weekdays, weekly=rhythm.weekly)
    reader = chat(zone=rhythm.zone, times=rhythm.times, settings=window, state=ChatState.ACTIVE)
    assert rhythm_of(reader) == rhythm
    coming = next_issue(rhythm, after=after)
    assert coming is not None
    local = coming.astimezone(ZoneInfo(rhythm.zone))
    day = 24 * 60
    chosen = {*rhythm.times, *([] if rhythm.weekly is None else [rhythm.weekly % day])}
    inside = {minutes for minutes in chosen if (minutes - start) % day < (end - start) % day}
    if in_quiet_hours(reader, coming) and local.hour * 60 + local.minute in chosen:
        assert inside
    elif in_quiet_hours(reader, coming):
        # Only a clock change moves an issue off its time.
        assert coming.astimezone(ZoneInfo(rhythm.zone)).utcoffset() != (
            (coming - timedelta(hours=3)).astimezone(ZoneInfo(rhythm.zone)).utcoffset()
        )


def test_quiet_hours_that_end_where_the_clock_is_turned_back_end_with_the_second_pass() -> None:
    # Berlin's 2:10 of 25 October 2026 for the second time; 2:30 was already once, an hour ago.
    sleeper = chat(zone="Europe/Berlin", settings=ChatSettings(quiet=(60, 150)))
    assert quiet_until(sleeper, utc("2026-10-25 01:10")) == utc("2026-10-25 01:30")


def test_a_pause_that_ends_in_the_night_is_followed_by_the_quiet_of_that_night() -> None:
    sleeper = chat(paused_until=utc("2026-11-24 22:00"))
    assert quiet_until(sleeper, utc("2026-11-23 12:00")) == utc("2026-11-25 05:00")
    assert quiet_until(sleeper, utc("2026-11-25 12:00")) is None
    awake = chat(settings=ChatSettings(quiet=None), paused_until=utc("2026-11-24 22:00"))
    assert quiet_until(awake, utc("2026-11-23 12:00")) == utc("2026-11-24 22:00")
