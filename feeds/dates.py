"""Dates as newsrooms write them → aware UTC. Knows the spellings, not the clock: "yesterday" is no date here.

Without a zone a date is UTC, unless it says Moscow. An impossible date (30 February, 25:61) is none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan янв січ", "feb фев лют", "mar мар бер", "apr апр кві", "may май мая тра", "jun июн чер",
            "jul июл лип", "aug авг сер", "sep сен вер", "oct окт жов", "nov ноя лис", "dec дек гру",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# Hours east of Greenwich. feedparser reads MSK as UTC, which makes a Moscow newsroom three hours late.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "msk": 3, "мск": 3, "msd": 4, "eet": 2, "eest": 3, "cet": 1, "cest": 2,
    "wet": 0, "west": 1, "bst": 1, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "jst": 9, "samt": 4, "yekt": 5, "omst": 6, "novt": 7, "krat": 7, "irkt": 8, "yakt": 9, "vlat": 10,
}  # fmt: skip
_CLOCK = r"(?:[\sT,]+(?:в\s+|at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?)?"
_REST = r"(?P<rest>.*)$"
_DAY_NAME = r"^(?:[^\W\d]+\.?,?\s*)?"
_SPELLINGS = tuple(
    re.compile(pattern + _CLOCK + _REST, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        _DAY_NAME
        + r"(?P<day>\d{1,2})[\s-]+(?P<name>[^\W\d]{3,9})\.?,?[\s-]+(?P<year>\d{4}|\d\d)(?:\s*г(?:ода|\.)?)?(?!\d)",
        _DAY_NAME + r"(?P<name>[^\W\d]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",
        r"^(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d\d)(?!\d)",
        r"^(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})",
        r"^(?P<first>\d{1,2})/(?P<second_part>\d{1,2})/(?P<year>\d{4})",
    )
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)T?(?:(\d\d)(\d\d)(\d\d)?)?(?P<rest>\D.*)?$")
_ASCTIME = re.compile(r"^[^\W\d]+\s+([^\W\d]{3})\s+(\d{1,2})\s+(\d\d:\d\d:\d\d)\s+(?:([A-Z]{3,4})\s+)?(\d{4})$")
_EPOCH = re.compile(r"^\d{9,10}(?:\d{3})?$")
_CLOCK_FIRST = re.compile(r"^(\d{1,2}:\d\d(?::\d\d)?),?\s+((?:\d{1,2}\s+[^\W\d]+\.?\s+\d{4}|[\d./-]{8,10})\b)(.*)$")
_OFFSET = re.compile(r"([+\-−])(\d\d):?(\d\d)?\b")
_HOURS = re.compile(r"\b(?:GMT|UTC|МСК|MSK)?\s?([+\-−])(\d)\b", re.IGNORECASE)
_PLACE = re.compile(r"\b([A-Z][a-z]+/[A-Z][A-Za-z_]+)\b")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=256)
def parse_date(text: str) -> datetime | None:
    """Read a date, or None when it is none that this reader is sure of."""
    spelled = _CLOCK_FIRST.sub(r"\2 \1\3", " ".join(text.split())[:80])
    try:
        return _compact(spelled) or _asctime(spelled) or _spelled(spelled)
    except (ValueError, OverflowError, OSError):
        return None


def _compact(text: str) -> datetime | None:
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    found = _COMPACT.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return _moment(datetime(year, month, day, hour, minute, second, tzinfo=UTC), found["rest"] or "")


def _asctime(text: str) -> datetime | None:
    found = _ASCTIME.match(text)
    if not found:
        return None
    month, day, clock, zone, year = found.groups()
    return _spelled(f"{day} {month} {year} {clock} {zone or ''}")


def _spelled(text: str) -> datetime | None:
    for spelling in _SPELLINGS:
        found = spelling.match(text)
        parts = found.groupdict() if found else {}
        month = _month(parts, text) if found else 0
        if month:
            return _moment(_local(parts, month), parts["rest"] or "")
    return None


def _month(parts: dict[str, str | None], text: str) -> int:
    if name := parts.get("name"):
        return _MONTHS.get(name[:3].lower(), 0)
    if first := parts.get("first"):
        # 08/05/2024 with AM or PM is American; everywhere else the day comes first.
        american = re.search(r"[AP]M\b", text) is not None or int(parts["second_part"] or 0) > 12
        parts["day"] = parts["second_part"] if american else first
        return int(first) if american else int(parts["second_part"] or 0)
    return int(parts["month"] or 0)


def _local(parts: dict[str, str | None], month: int) -> datetime:
    year = int(parts["year"] or 0)
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour = int(parts["hour"] or 0)
    rest = (parts["rest"] or "").lstrip().upper()
    if rest.startswith("PM") and hour < 12:
        hour += 12
    elif rest.startswith("AM") and hour == 12:
        hour = 0
    # ISO 8601 has a midnight at a day's end, and a minute may have a leap second.
    minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
    second -= second == 60
    if midnight := (hour, minute, second) == (24, 0, 0):
        hour = 0
    day = int(parts.get("day") or 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) + timedelta(days=midnight)


def _moment(local: datetime, rest: str) -> datetime:
    """Shift a local time by the zone that follows it."""
    offset = _OFFSET.search(rest) or _HOURS.search(rest)
    if offset:
        minutes = offset[3] if offset.re is _OFFSET else None
        shift = timedelta(hours=int(offset[2]), minutes=int(minutes or 0))
        return local.replace(tzinfo=timezone(-shift if offset[1] in "-−" else shift)).astimezone(UTC)
    if place := _PLACE.search(rest):
        try:
            return local.replace(tzinfo=ZoneInfo(place[1])).astimezone(UTC)
        except (ZoneInfoNotFoundError, ValueError):
            return local
    words = [word.lower() for word in _WORD.findall(rest)]
    hours = next((_ZONES[word] for word in words if word in _ZONES), 3 if _moscow(words) else 0)
    return local - timedelta(hours=hours)


def _moscow(words: list[str]) -> bool:
    return any(word.startswith(("моск", "moscow")) for word in words)
