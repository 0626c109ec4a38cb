"""Times as people type them: of day, days of the week, hours of quiet, spans of a pause. Pure; knows no chat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.saidtimes import in_figures
from feeds.schedule import WORKDAYS

MAX_TIMES = 4
LONGEST_PAUSE = timedelta(days=60)
STEP = 15
_DAY = 24 * 60

# No part of a date, of a longer number, or of «UTC+3».
_TIME = re.compile(r"(?<![\d+])(?<!\d[:.])([01]?\d|2[0-4])(?:[:.]([0-5]\d))?(?!\d|[:.]\d)")
_DAYS_NAMED = (
    r"пн|понедельник\w*|mon|mondays?",
    r"вт|вторник\w*|tue|tues|tuesdays?",
    r"ср|сред[ауые]\w*|wed|wednesdays?",
    r"чт|четверг\w*|thu|thurs|thursdays?",
    r"пт|пятниц\w*|fri|fridays?",
    r"сб|суббот\w*|sat|saturdays?",
    r"вс|воскресен\w*|sun|sundays?",
)
_DAY_NAMES = tuple(re.compile(rf"\b(?:{names})\b") for names in _DAYS_NAMED)
_WORKDAYS = re.compile(r"\bбудн\w+|\bрабочи\w+ дн\w+|\bweekdays?\b|\bworking days\b|\bworkdays\b")
_WEEKENDS = re.compile(r"\bвыходн\w+|\bweekends?\b")
_EVERY_DAY = re.compile(r"\bкаждый день\b|\bежедневно\b|\bevery ?day\b|\bdaily\b")
_EXCEPT = re.compile(r"\b(?:кроме|исключая|except(?: for)?(?: on)?|but not(?: on)?)\b")
_WEEKLY = re.compile(r"\bраз в неделю\b|\bеженедельно\b|\bкаждую неделю\b|\bonce a week\b|\bweekly\b|\bevery week\b")
_WEEKLY_TIME = 10 * 60
_SUNDAY = 6

_SPAN = re.compile(r"(\d{1,4})?\s*([a-zа-я]+)")
_OVER_WEEKEND = re.compile(r"(?:на|до конца) выходны[ехй]+|(?:for|over) the weekend")
_UNTIL = re.compile(r"(?:до|until|till|til) (?P<day>[a-zа-я]+)")
_UNITS = (
    (re.compile(r"h|hr|hrs|hours?|ч|час|часа|часов"), timedelta(hours=1)),
    (re.compile(r"d|days?|д|дн|день|дня|дней|сутки|суток"), timedelta(days=1)),
    (re.compile(r"w|wk|weeks?|н|нед|неделя|неделю|недели|недель|неделек|неделька|недельку"), timedelta(weeks=1)),
    (re.compile(r"months?|мес|месяц|месяца|месяцев"), timedelta(days=30)),
    (re.compile(r"years?|yrs?|год|года|лет"), timedelta(days=365)),
)
_COUNTS = (
    re.compile(r"a|an|one|один|одну|одни"),
    re.compile(r"two|два|две|двое|пару|пара|couple|a couple of|couple of"),
    re.compile(r"three|три|трое"),
    re.compile(r"four|четыре|четверо"),
    re.compile(r"five|пять|пятеро"),
    re.compile(r"six|шесть"),
    re.compile(r"seven|семь"),
)
_COUNTED = re.compile(r"(a couple of|[a-zа-я]+(?: of)?)\s+([a-zа-я]+)")
_MORNING = re.compile(
    r"(до )?(завтра|завтрашнего )?\s*утра|(until|till|til) (the )?(morning|tomorrow)|morning|до завтра"
)

# What may stand around times in a message that says nothing else.
_FILLING = re.compile(
    r"\b(?:в|во|и|по|с|к|at|and|on|a|the|присыла\w+|шли|хочу|send|me|утра|вечера|дня|ночи|час\w*|am|pm|p\.m|a\.m|o.?clock"
    r"|кажд\w+|every|each|время|time|выпуск\w*|issues?|только|only|лучше|пожалуйста|please|давай\w*|москв[аеы]|мск)\b"
)
# What may stand around hours of quiet.
_WINDOW_FILLING = re.compile(
    r"\b(?:с|со|от|до|по|в|и|from|between|to|till?|until|and|at|утра|вечера|ночи|дня|час\w*|am|pm|p\.m|a\.m|o.?clock"
    r"|каждый день|every day|every night|each night)\b"
)
_NIGHT = re.compile(r"(?:по )?ноч(?:ью|ам|и)|at night|nights?|overnight|during the night")
_NIGHT_HOURS = (23 * 60, 8 * 60)
_OFF = re.compile(r"off|no|none|never|выкл|выключи|выключить|отключи|отключить|нет|не надо|никогда")
_CLOCK_LIKE = re.compile(
    r"\s*(?:(?:выпуск\w*|issues?|каждый день|every day)\s+)?(?:в|at)?\s*\d{1,2}[:.]\d\d"
    r"\s*(?:утра|вечера|дня|ночи|[ap]m)?\s*"
    r"|\s*(?:at)\s+\d{2}\s*(?:[ap]m|o.?clock)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: ``times`` at full quarters (``rounded`` when others were meant), and which days were named.

    ``over`` says that more times were typed than may be.
    ``weekdays`` is None where no days were; ``weekly`` is in minutes after Monday's midnight.
    """

    times: tuple[int, ...] = ()
    rounded: bool = False
    over: bool = False
    weekdays: frozenset[int] | None = None
    weekly: int | None = None


def read_rhythm(text: str) -> Reading | None:
    """Read what somebody typed about when issues shall come; None when no time or day is in it.

    «7:15», «в 7 утра», «8 и 19», «по будням в 8», «8pm», «раз в неделю в вс в 10».
    """
    lowered = in_figures(text.casefold())
    exact = list(dict.fromkeys(_moments(lowered)))
    times, weekdays = _quarters(exact), _weekdays(lowered)
    over = len({_quarter(moment) for moment in exact}) > MAX_TIMES
    rounded = any(moment % STEP for moment in exact)
    if _WEEKLY.search(lowered):
        day = min(weekdays, default=_SUNDAY) if weekdays else _SUNDAY
        return Reading(weekly=day * _DAY + (times[0] if times else _WEEKLY_TIME), rounded=rounded)
    if not times and weekdays is None:
        return None
    return Reading(times=times, rounded=rounded, over=over, weekdays=weekdays)


def read_times(text: str) -> tuple[int, ...]:
    """Read times of day from what a person typed, at most four, rounded to the quarter of an hour."""
    return _quarters(list(_moments(in_figures(text.casefold()))))


def speaks_of_time(text: str) -> bool:
    """Say whether a message is about when issues come and nothing else: «7:15», «в 7 утра», «по будням в 8».

    A bare number is not: it may be anything.
    """
    lowered = in_figures(text.casefold())
    if not (read_times(lowered) or _WEEKLY.search(lowered)) or lowered.strip().isdecimal():
        return False
    for known in (_TIME, _WEEKLY, _EVERY_DAY, _EXCEPT, _WORKDAYS, _WEEKENDS, *_DAY_NAMES, _FILLING):
        lowered = known.sub(" ", lowered)
    return not re.search(r"\w", lowered)


def fails_as_time(text: str) -> bool:
    """Say whether a message is meant as a time of day and is none: «25:00», «7.75»."""
    return _CLOCK_LIKE.fullmatch(text) is not None and not read_times(text)


def read_window(text: str) -> tuple[int, int] | None:
    """Read from when to when: «22-9», «с 23 до 8», «23:00–7:30», "11pm to 8am"."""
    # «22-10» are two hours here, and no time of a timetable.
    moments = [_quarter(moment) for moment in _moments(in_figures(text.casefold(), dashed=False))]
    return (moments[0], moments[1]) if len(moments) == 2 and moments[0] != moments[1] else None


def read_quiet(text: str) -> tuple[int, int] | None:
    """Read hours of quiet where they are all that a text says: «с 22 до 7», "22-7", «ночью»; in a search is more."""
    lowered = in_figures(text.strip().casefold(), dashed=False)
    if _NIGHT.fullmatch(lowered):
        return _NIGHT_HOURS
    left = _WINDOW_FILLING.sub(" ", _TIME.sub(" ", lowered))
    return None if re.search(r"\w", left) else read_window(text)


def fails_as_window(text: str) -> bool:
    """Say whether hours of quiet were meant that end when they begin: «с 10 до 10»."""
    lowered = in_figures(text.strip().casefold(), dashed=False)
    moments = list(_moments(lowered))
    left = _WINDOW_FILLING.sub(" ", _TIME.sub(" ", lowered))
    return len(moments) == 2 and _quarter(moments[0]) == _quarter(moments[1]) and not re.search(r"\w", left)


def read_hour(text: str) -> int | None:
    """Read one moment of the day, to the minute, where it is all that a text says: «14:20», «8», «в 8 вечера»."""
    lowered = in_figures(text.strip().casefold())
    moments = list(_moments(lowered))
    left = _WINDOW_FILLING.sub(" ", _TIME.sub(" ", lowered))
    return None if len(moments) != 1 or re.search(r"\w", left) else moments[0] % _DAY


def read_span(text: str) -> timedelta | None:
    """Read how long a pause shall be: «3d», «3 дня», «неделю», «12 ч», "2 weeks"; None when it is no span."""
    said = text.strip().casefold().removeprefix("на ").removeprefix("for ")
    if (counted := _COUNTED.fullmatch(said)) is not None:
        count = next((number for number, names in enumerate(_COUNTS, 1) if names.fullmatch(counted[1])), None)
        said = said if count is None else f"{count} {counted[2]}"
    match = _SPAN.fullmatch(said)
    if match is None:
        return None
    unit = next((span for names, span in _UNITS if names.fullmatch(match[2])), None)
    return None if unit is None else unit * int(match[1] or 1) or None


def read_weekday(text: str) -> int | None:
    """Read until which day of the week (Monday is 0) a pause shall last: «до понедельника», "until Monday"."""
    said = text.strip().casefold()
    if _OVER_WEEKEND.fullmatch(said):
        return 0
    match = _UNTIL.fullmatch(said)
    if match is None:
        return None
    return next((day for day, names in enumerate(_DAY_NAMES) if names.fullmatch(match["day"])), None)


def read_off(text: str) -> bool:
    """Say whether somebody wants something off: «выкл», "off", «нет»."""
    return _OFF.fullmatch(text.strip().casefold().rstrip(".!")) is not None


def is_morning(text: str) -> bool:
    """Say whether a pause shall last until the morning: «до утра»."""
    return _MORNING.fullmatch(text.strip().casefold()) is not None


def _quarters(moments: list[int]) -> tuple[int, ...]:
    rounded = dict.fromkeys(map(_quarter, moments))
    return tuple(sorted(list(rounded)[:MAX_TIMES]))


def _quarter(moment: int) -> int:
    return round(moment / STEP) * STEP % _DAY


def _moments(lowered: str) -> Iterator[int]:
    for match in _TIME.finditer(lowered):
        hour, minute = int(match[1]) % 24, int(match[2] or 0)
        after = lowered[match.end() : match.end() + 10].lstrip()
        if hour < 12 and after.startswith(("вечера", "дня", "pm", "p.m")):
            hour += 12
        elif hour == 12 and after.startswith(("ночи", "am", "a.m")):
            hour = 0
        yield hour * 60 + minute


def _weekdays(lowered: str) -> frozenset[int] | None:
    """Read which days are named: none of them where they are all; «кроме воскресенья» takes away."""
    chosen, *others = _EXCEPT.split(lowered, maxsplit=1)
    without = _named_days(others[0]) if others else None
    if not without:
        return _named_days(lowered)
    left = (_named_days(chosen) or frozenset(range(7))) - without
    return left or None


def _named_days(lowered: str) -> frozenset[int] | None:
    if _WORKDAYS.search(lowered):
        return WORKDAYS
    if _WEEKENDS.search(lowered):
        return frozenset({5, 6})
    if _EVERY_DAY.search(lowered):
        return frozenset()
    named = frozenset(day for day, names in enumerate(_DAY_NAMES) if names.search(lowered))
    return (named if len(named) < 7 else frozenset()) if named else None
