from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.dates import parse_date

SEVEN = datetime(2024, 8, 5, 7, 0, tzinfo=UTC)
TEN = datetime(2024, 8, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "spelling",
    [
        "Mon, 05 Aug 2024 10:00:00 +0300",
        "Mon,05 Aug 2024 10:00:00 +0300",
        "Mon, 5 Aug 2024 10:00 +0300",
        "Mon, 05 Aug 24 10:00:00 +0300",
        "Mon, 05 Aug 2024 10:00:00 +03:00",
        "Mon, 05 Aug 2024 10:00:00 +0300 (MSK)",
        "Mon, 05 Aug 2024 07:00:00 GMT",
        "05 Aug 2024 07:00:00 Z",
        "Monday, August 5, 2024 07:00:00",
        "Mon Aug  5 07:00:00 2024",
        "2024-08-05T07:00:00Z",
        "2024-08-05T10:00:00+03:00",
        "2024-08-05T10:00:00.123456+03:00",
        "2024-08-05 10:00:00 +0300",
        "20240805T070000Z",
        "1722841200",
        "1722841200000",
    ],
)
def test_every_common_spelling_is_read(spelling: str) -> None:
    assert parse_date(spelling) == SEVEN


@pytest.mark.parametrize(
    "spelling",
    [
        "Mon, 05 Aug 2024 10:00:00 MSK",
        "Monday, 5 August 2024 10:00:00 Europe/Moscow",
        "5 августа 2024 г., 10:00 МСК",
        "05.08.2024 10:00 (по московскому времени)",
        "Пн, 05 авг 2024 10:00:00 +0300",
    ],
)
def test_moscow_is_three_hours_ahead_of_greenwich(spelling: str) -> None:
    assert parse_date(spelling) == SEVEN


@pytest.mark.parametrize(
    "spelling",
    [
        "05.08.2024 10:00",
        "5 августа 2024 г., 10:00",
        "5 августа 2024 в 10:00",
        "2024-08-05T10:00:00",
        "08/05/2024 10:00 AM",
        "05/08/2024 10:00",
    ],
)
def test_a_date_without_a_zone_is_in_utc(spelling: str) -> None:
    assert parse_date(spelling) == TEN


def test_a_day_alone_begins_at_midnight() -> None:
    assert parse_date("05.08.2024") == datetime(2024, 8, 5, tzinfo=UTC)


def test_winter_and_summer_of_a_named_place_differ() -> None:
    assert parse_date("5 January 2024 10:00 Europe/Berlin") == datetime(2024, 1, 5, 9, 0, tzinfo=UTC)
    assert parse_date("5 July 2024 10:00 Europe/Berlin") == datetime(2024, 7, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "вчера в 10:00",
        "0000-00-00T00:00:00Z",
        "2024-02-30T10:00:00Z",
        "Mon, 05 Aug 2024 25:61:00 +0300",
        "05 абв 2024",
        "99999999999999",
        "5 июня",
    ],
)
def test_an_impossible_date_is_none(spelling: str) -> None:
    assert parse_date(spelling) is None


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_no_text_makes_it_raise(text: str) -> None:
    assert parse_date(text) is None or parse_date(text) is not None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
@settings(max_examples=100)
def test_a_date_in_any_zone_is_the_same_moment(local: datetime, hours: int) -> None:
    moment = local.replace(microsecond=0, tzinfo=UTC)
    sign = "-" if hours < 0 else "+"
    shown = moment + timedelta(hours=hours)
    assert parse_date(f"{shown:%Y-%m-%dT%H:%M:%S}{sign}{abs(hours):02}:00") == moment
