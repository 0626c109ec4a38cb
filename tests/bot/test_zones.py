from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.zones import CITIES, PAGE, city, find_zone, is_zone, offset_of_clock, read_offset, shifted_zone, zone_with
from feeds.schedule import zone_of
from tests.samples import NOW


def test_every_city_has_a_real_zone_and_two_names() -> None:
    assert {zone for zone, *_ in CITIES} <= available_timezones()
    assert all(russian and english for _, russian, english in CITIES)
    assert len({zone for zone, *_ in CITIES}) == len(CITIES)


def test_the_first_page_is_russias_eleven_clocks() -> None:
    offsets = [ZoneInfo(zone).utcoffset(NOW.replace(tzinfo=None)) for zone, *_ in CITIES[:PAGE]]
    hours = [offset.total_seconds() / 3600 for offset in offsets if offset is not None]
    assert hours == list(range(2, 13))


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Новосибирск", "Asia/Novosibirsk"),
        (" москва ", "Europe/Moscow"),
        ("new york", "America/New_York"),
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("america/argentina/buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("Урюпинск", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_zone_is_found_by_its_city_or_its_name(typed: str, zone: str | None) -> None:
    assert find_zone(typed) == zone


def test_a_zone_is_called_by_its_city() -> None:
    assert city("Europe/Moscow", "ru") == "Москва"
    assert city("Europe/Moscow", "en") == "Moscow"
    assert city("America/Argentina/Buenos_Aires", "ru") == "Буэнос-Айрес"
    assert city("America/Argentina/Ushuaia", "ru") == "Ushuaia"


def test_a_clock_of_hours_and_minutes_says_how_far_it_is_ahead() -> None:
    now = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
    assert offset_of_clock(14 * 60, now=now) == timedelta(hours=1, minutes=45)
    assert offset_of_clock(14 * 60 + 23, now=now) == timedelta(hours=2)


@pytest.mark.parametrize(
    "name", ["", "Europe", "Moscow", "../etc/passwd", "/etc/passwd", "\0", "x" * 500, "Europe/Moscow\n"]
)
def test_a_forged_zone_is_none(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(
    ("zone", "hours", "lang", "shifted"),
    [
        ("Europe/Moscow", 1, "ru", "Europe/Samara"),
        ("Europe/Moscow", -1, "ru", "Europe/Kaliningrad"),
        ("Europe/Berlin", 1, "ru", "Europe/Kaliningrad"),
        ("America/New_York", -1, "en", "America/Chicago"),
        ("Asia/Shanghai", 1, "en", "Asia/Seoul"),
        ("Asia/Kathmandu", 1, "en", None),
        ("Pacific/Kiritimati", 1, "ru", None),
    ],
)
def test_an_hour_more_or_less_is_a_zone_that_has_it(zone: str, hours: int, lang: str, shifted: str | None) -> None:
    assert shifted_zone(zone, hours, now=NOW, lang=lang) == shifted


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_shift_shows_the_hour_it_says(lang: str) -> None:
    for zone in sorted(available_timezones())[::7]:
        for hours in (1, -1):
            shifted = shifted_zone(zone, hours, now=NOW, lang=lang)
            if shifted is not None:
                here, there = (NOW.astimezone(zone_of(one)).utcoffset() for one in (zone, shifted))
                assert here is not None
                assert there is not None
                assert (there - here).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("UTC+3:30", 210), ("+5", 300), ("gmt -3", -180), ("МСК+2", 300), ("UTC+0530", 330),
        ("14:20", 120), ("2.20", -600), ("23:50", 690), ("12:21", 0),
        ("25:00", None), ("14", None), ("Казань", None), ("", None),
    ],
)  # fmt: skip
def test_a_clock_is_read_from_what_it_shows_or_how_far_it_is_ahead(typed: str, minutes: int | None) -> None:
    now = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
    assert read_offset(typed, now=now) == (None if minutes is None else timedelta(minutes=minutes))


def test_a_zone_is_found_for_a_clock_where_anybody_has_it() -> None:
    assert zone_with(timedelta(hours=5), now=NOW, lang="ru") == "Asia/Yekaterinburg"
    assert zone_with(timedelta(hours=3, minutes=30), now=NOW, lang="ru") == "Asia/Tehran"
    assert zone_with(timedelta(hours=25), now=NOW, lang="en") is None
