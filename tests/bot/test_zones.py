from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.zones import CITIES, PAGE, city, find_zone, is_zone, local_clock
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
    assert city("America/Argentina/Buenos_Aires", "ru") == "Buenos Aires"


def test_a_clock_shows_the_time_on_the_wall_there() -> None:
    assert local_clock("Asia/Kathmandu", now=NOW) == "10:45"


@pytest.mark.parametrize(
    "name", ["", "Europe", "Moscow", "../etc/passwd", "/etc/passwd", "\0", "x" * 500, "Europe/Moscow\n"]
)
def test_a_forged_zone_is_none(name: str) -> None:
    assert not is_zone(name)
