"""The time zones offered as clocks to tap, by the city people know them by. Pure data; any IANA zone may be typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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


def city(zone: str, lang: str) -> str:
    """Name a zone by its city; by its own last part when it is none of ours."""
    for known, russian, english in CITIES:
        if known == zone:
            return russian if lang == "ru" else english
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def find_zone(text: str) -> str | None:
    """Find the zone that somebody typed: a city of ours in either language, or an IANA name."""
    wanted = text.strip().casefold().replace("ё", "е")
    for zone, russian, english in CITIES:
        if wanted in (russian.casefold(), english.casefold(), zone.casefold()):
            return zone
    wanted = wanted.replace(" ", "_")
    return next((zone for zone in sorted(available_timezones()) if zone.casefold() == wanted), None)


def local_clock(zone: str, *, now: datetime) -> str:
    """Write the time on the wall there: 14:32."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def is_zone(name: str) -> bool:
    """Say whether a name is an IANA zone; forged callback data may hold anything."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
