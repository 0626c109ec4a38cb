"""The time zones offered as clocks to tap, by the city people know them by. Pure data; any IANA zone may be typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.cities import cities, find_cities, first_city, is_spelt
from feeds.schedule import zone_of

CITIES: Sequence[tuple[str, str, str]] = (
    ("Europe/Kaliningrad", "Калининград", "Kaliningrad"),
    ("Europe/Moscow", "Москва", "Moscow"),
    ("Europe/Samara", "Самара", "Samara"),
    ("Asia/Yekaterinburg", "Екатеринбург", "Yekaterinburg"),
    ("Asia/Omsk", "Омск", "Omsk"),
    ("Asia/Novosibirsk", "Новосибирск", "Novosibirsk"),
    ("Asia/Irkutsk", "Иркутск", "Irkutsk"),
    ("Asia/Yakutsk", "Якутск", "Yakutsk"),
    ("Asia/Vladivostok", "Владивосток", "Vladivostok"),
    ("Asia/Magadan", "Магадан", "Magadan"),
    ("Asia/Kamchatka", "Камчатка", "Kamchatka"),
    ("Europe/Minsk", "Минск", "Minsk"),
    ("Asia/Almaty", "Алматы", "Almaty"),
    ("Asia/Tashkent", "Ташкент", "Tashkent"),
    ("Asia/Yerevan", "Ереван", "Yerevan"),
    ("Asia/Tbilisi", "Тбилиси", "Tbilisi"),
    ("Asia/Baku", "Баку", "Baku"),
    ("Asia/Bishkek", "Бишкек", "Bishkek"),
    ("Europe/Berlin", "Берлин", "Berlin"),
    ("Europe/London", "Лондон", "London"),
    ("Europe/Istanbul", "Стамбул", "Istanbul"),
    ("Asia/Dubai", "Дубай", "Dubai"),
    ("Asia/Bangkok", "Бангкок", "Bangkok"),
    ("Asia/Shanghai", "Шанхай", "Shanghai"),
    ("America/New_York", "Нью-Йорк", "New York"),
    ("America/Los_Angeles", "Лос-Анджелес", "Los Angeles"),
    ("UTC", "Гринвич (UTC)", "UTC"),
)
PAGE = 11
"""Russia's eleven clocks are the first page."""


_AHEAD = re.compile(r"(utc|gmt|мск|msk)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_WESTERNMOST = 10 * 60
"""Minutes that Hawaii is behind UTC; beyond live a few thousand."""


def city(zone: str, lang: str) -> str:
    """Name a zone by its city; by its own last part when it is none of ours."""
    for known, russian, english in CITIES:
        if known == zone:
            return russian if lang == "ru" else english
    if (found := first_city(zone)) is not None:
        return found.name["ru" if lang == "ru" else "en"]
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def find_zone(text: str) -> str | None:
    """Find the zone that somebody typed: a city that is one only, in either language, or an IANA name."""
    wanted = text.strip().casefold().replace("ё", "е")
    for zone, russian, english in CITIES:
        if wanted in (russian.casefold(), english.casefold(), zone.casefold()):
            return zone
    if is_spelt(text) and len(found := find_cities(text)) == 1:
        return found[0].zone
    wanted = wanted.replace(" ", "_")
    return next((zone for zone in _every_zone() if zone.casefold() == wanted), None)


def shifted_zone(zone: str, hours: int, *, now: datetime, lang: str) -> str | None:
    """Find a zone whose clock is some hours ahead of another's now; None when nobody on Earth has that time.

    Of those the likeliest: for who reads Russian one of Russia's clocks or its neighbours', else one nearby.
    """
    wanted = _offset(zone, now) + timedelta(hours=hours)
    return zone_with(wanted, now=now, lang=lang, area=zone.partition("/")[0])


def zone_with(wanted: timedelta, *, now: datetime, lang: str, area: str = "") -> str | None:
    """Find a zone whose clock is so far ahead of UTC now; the likeliest, in this area where there is one."""
    russian = lang == "ru"
    ordered = sorted(cities(), key=lambda city: (city.country["en"] == "Russia") is not russian)
    known = [ours for ours, *_ in CITIES] if russian else []
    table = dict.fromkeys([*known, *(city.zone for city in ordered)])
    fitting = [other for other in table if _offset(other, now) == wanted]
    near = [] if russian or not area else [other for other in fitting if other.startswith(area)]
    anywhere = (other for other in _every_zone() if "/" in other and _offset(other, now) == wanted)
    return next(iter([*near, *fitting]), None) or next(anywhere, None)


def read_offset(text: str, *, now: datetime) -> timedelta | None:
    """Read how far a clock is ahead of UTC: «UTC+3:30», «+5», «МСК+2», or the time it shows now, «14:20»."""
    said = text.strip().casefold().replace("−", "-")
    if match := _AHEAD.fullmatch(said):
        hours, minutes = int(match[3]), int(match[4] or 0)
        ahead = timedelta(hours=hours, minutes=minutes) * (-1 if match[2] == "-" else 1)
        return ahead + (_offset("Europe/Moscow", now) if match[1] in {"мск", "msk"} else timedelta(0))
    if match := _CLOCK.fullmatch(said):
        return offset_of_clock(int(match[1]) * 60 + int(match[2]), now=now)
    return None


def offset_of_clock(minutes: int, *, now: datetime) -> timedelta:
    """Say how far a clock is ahead of UTC that shows so many minutes after midnight now."""
    utc = now.astimezone(UTC)
    quarters = round((minutes - utc.hour * 60 - utc.minute) / 15) * 15
    # Of the two days that show this time, the one by which more people live.
    return timedelta(minutes=(quarters + _WESTERNMOST) % (24 * 60) - _WESTERNMOST)


def _offset(zone: str, now: datetime) -> timedelta:
    return now.astimezone(zone_of(zone)).utcoffset() or timedelta(0)


@lru_cache(maxsize=1)
def _every_zone() -> Sequence[str]:
    return sorted(available_timezones())


def is_zone(name: str) -> bool:
    """Say whether a name is an IANA zone; forged callback data may hold anything."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
