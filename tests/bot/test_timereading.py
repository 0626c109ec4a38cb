from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timereading import (
    MAX_TIMES,
    Reading,
    fails_as_time,
    is_morning,
    read_hour,
    read_off,
    read_quiet,
    read_rhythm,
    read_span,
    read_times,
    read_weekday,
    read_window,
    speaks_of_time,
)
from feeds.schedule import WORKDAYS


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7:15", ["7:15"]),
        ("7.15", ["7:15"]),
        ("07:15", ["7:15"]),
        ("7:15 и 19:00", ["7:15", "19:00"]),
        ("19:00, 7:15", ["7:15", "19:00"]),
        ("8 и 19", ["8:00", "19:00"]),
        ("в 7 утра", ["7:00"]),
        ("в 9 вечера", ["21:00"]),
        ("в 3 дня", ["15:00"]),
        ("12 дня", ["12:00"]),
        ("12 ночи", ["0:00"]),
        ("2 ночи", ["2:00"]),
        ("7 pm", ["19:00"]),
        ("7pm", ["19:00"]),
        ("7:30 p.m.", ["19:30"]),
        ("12 am", ["0:00"]),
        ("12 pm", ["12:00"]),
        ("19 вечера", ["19:00"]),
        ("24:00", ["0:00"]),
        ("23:59", ["0:00"]),
        ("8:00 8:00", ["8:00"]),
        ("8:01 и 7:59", ["8:00"]),
        ("7:07", ["7:00"]),
        ("7:08", ["7:15"]),
        ("8:00, 19:00.", ["8:00", "19:00"]),
        ("6 9 12 15 18", ["6:00", "9:00", "12:00", "15:00"]),
        ("каждый день в 8:00 по Москве", ["8:00"]),
        ("19-00", ["19:00"]),
        ("7-30 и 19-00", ["7:30", "19:00"]),
        ("8-19", ["8:00", "19:00"]),
        ("в полвосьмого", ["7:30"]),
        ("в пол восьмого вечера", ["19:30"]),
        ("половина первого", ["12:30"]),
        ("четверть девятого", ["8:15"]),
        ("без четверти девять", ["8:45"]),
        ("в восемь утра и в девять вечера", ["8:00", "21:00"]),
        ("в час дня", ["13:00"]),
        ("в полдень и в полночь", ["0:00", "12:00"]),
        ("half past seven", ["7:30"]),
        ("quarter to nine pm", ["20:45"]),
        ("at eight", ["8:00"]),
        ("noon", ["12:00"]),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, read: list[str]) -> None:
    assert [clock(minutes) for minutes in read_times(typed)] == read


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "утром",
        "25",
        "25:00",
        "7:60",
        "7:6",
        "12:5",
        "100",
        "2026",
        "7:15:30",
        "22.11.2026",
        "UTC+3",
        "UTC +3",
        "+5",
        "99999999999999999999",
    ],
)
def test_what_is_no_time_is_not_taken_for_one(nonsense: str) -> None:
    assert read_times(nonsense) == ()


@given(st.text(max_size=60))
def test_no_typing_breaks_the_reading(typed: str) -> None:
    times = read_times(typed)
    assert len(times) <= MAX_TIMES
    assert list(times) == sorted(set(times))
    assert all(0 <= minutes < 24 * 60 and minutes % 15 == 0 for minutes in times)


@given(st.lists(st.integers(0, 95).map(lambda quarter: quarter * 15), min_size=1, max_size=MAX_TIMES, unique=True))
def test_times_that_we_write_are_read_back(times: list[int]) -> None:
    assert read_times(" и ".join(map(clock, times))) == tuple(sorted(times))


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("по будням в 8", Reading(times=(480,), weekdays=WORKDAYS)),
        ("weekdays at 8 and 19:30", Reading(times=(480, 1170), weekdays=WORKDAYS)),
        ("по выходным в 10", Reading(times=(600,), weekdays=frozenset({5, 6}))),
        ("каждый день в 9", Reading(times=(540,), weekdays=frozenset())),
        ("пн и чт в 9", Reading(times=(540,), weekdays=frozenset({0, 3}))),
        ("по средам и субботам 12:15", Reading(times=(735,), weekdays=frozenset({2, 5}))),
        ("пн вт ср чт пт сб вс 7", Reading(times=(420,), weekdays=frozenset())),
        ("по будням", Reading(weekdays=WORKDAYS)),
        ("раз в неделю", Reading(weekly=6 * 1440 + 600)),
        ("раз в неделю в пятницу в 18", Reading(weekly=4 * 1440 + 1080)),
        ("weekly on Monday 9:20", Reading(weekly=555, rounded=True)),
        ("7:10", Reading(times=(435,), rounded=True)),
        ("every day at 7pm except sunday", Reading(times=(1140,), weekdays=frozenset(range(6)))),
        ("по будням в 8 кроме пятницы", Reading(times=(480,), weekdays=frozenset(range(4)))),
        ("каждый понедельник в 9", Reading(times=(540,), weekdays=frozenset({0}))),
        ("7, 8, 9, 10, 11", Reading(times=(420, 480, 540, 600), over=True)),
        ("после завтрака", None),
        ("", None),
    ],
)
def test_days_and_weeks_are_read_too(typed: str, reading: Reading | None) -> None:
    assert read_rhythm(typed) == reading


@pytest.mark.parametrize(
    "typed",
    [
        "7:15", "в 7 утра", "8pm", "по будням в 8", "в 8 и в 19",
        "every day at 7pm except sunday", "каждый день в 8:00", "at 9 and 18", "к 7:30",
        "19-00", "в полвосьмого", "half past seven", "noon", "every Monday at 9", "по Москве в 9", "время 7.30",
        "раз в неделю по пятницам", "в восемь вечера",
    ],
)  # fmt: skip
def test_a_message_that_is_a_time_is_one(typed: str) -> None:
    assert speaks_of_time(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "8", "2026", "Mazda 3", "хавал 7", "чери", "утром", "BMW в 8 раз дороже", "по будням", "", "GS8", "+7",
        "каждый час", "восемь", "час пик", "полвека", "2025-26", "half-price Tesla", "seven", "пять дверей",
    ],
)  # fmt: skip
def test_a_message_about_anything_else_is_none(typed: str) -> None:
    assert not speaks_of_time(typed)


@pytest.mark.parametrize(
    ("typed", "so"),
    [
        ("25:00", True),
        ("at 25:00", True),
        ("в 8:15", False),
        ("7.75", True),
        ("7:15", False),
        ("25", False),
        ("1.6 турбо", False),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_told_apart(typed: str, so: bool) -> None:  # noqa: FBT001  as below
    assert fails_as_time(typed) is so


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("22-9", (1320, 540)),
        ("с 23 до 8", (1380, 480)),
        ("23:00–7:30", (1380, 450)),
        ("11pm to 8am", (1380, 480)),
        ("с 11 вечера до 7 утра", (1380, 420)),
        ("22", None),
        ("22-22", None),
        ("1 2 3", None),
        ("ночью", None),
    ],
)
def test_quiet_hours_are_read_from_when_to_when(typed: str, window: tuple[int, int] | None) -> None:
    assert read_window(typed) == window


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("3d", 72), ("3 дня", 72), ("день", 24), ("сутки", 24), ("неделю", 168), ("на 2 недели", 336), ("1w", 168),
        ("12 ч", 12), ("5 часов", 5), ("for 3 days", 72), ("0d", None), ("5 минут", None), ("дней", 24), ("", None),
        ("3 3 дня", None), ("две недели", 336), ("на пару дней", 48), ("a week", 168), ("a couple of days", 48),
        ("месяц", 720), ("1000 years", 8_760_000), ("0 days", None), ("много дней", None),
    ],
)  # fmt: skip
def test_a_pause_is_read_as_people_say_it(typed: str, hours: int | None) -> None:
    assert read_span(typed) == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("22-7", (1320, 420)), ("22-10", (1320, 600)), ("с десяти вечера до семи утра", (1320, 420)),
        ("from 11pm until 8 am", (1380, 480)), ("ночью", (1380, 480)), ("every night 23-7", (1380, 420)),
        ("22-7 Tesla", None), ("22", None), ("часы", None),
    ],
)  # fmt: skip
def test_hours_of_quiet_are_all_that_is_said(typed: str, window: tuple[int, int] | None) -> None:
    assert read_quiet(typed) == window


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("14:20", 860), ("8", 480), ("в 8 вечера", 1200), ("24:00", 0), ("8 и 9", None), ("Mazda 3", None), ("", None)],
)
def test_one_moment_is_read_to_the_minute(typed: str, minutes: int | None) -> None:
    assert read_hour(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "day"),
    [("до понедельника", 0), ("until Friday", 4), ("на выходные", 0), ("до завтра", None), ("вс", None)],
)
def test_a_pause_may_last_until_a_day_of_the_week(typed: str, day: int | None) -> None:
    assert read_weekday(typed) == day


def test_off_is_said_in_many_ways() -> None:
    assert all(map(read_off, ("выкл", "Off.", "не надо", "отключить")))
    assert not any(map(read_off, ("", "выключатель", "off-road")))


@pytest.mark.parametrize(("typed", "so"), [("до утра", True), ("Until morning", True), ("утро", False), ("3d", False)])
def test_until_morning_is_a_span_of_its_own(typed: str, so: bool) -> None:  # noqa: FBT001  a case of the table
    assert is_morning(typed) is so


@given(st.text(max_size=60))
def test_no_typing_breaks_any_reading(typed: str) -> None:
    reading, window = read_rhythm(typed), read_window(typed)
    assert reading is None or reading.weekly is None or 0 <= reading.weekly < 7 * 1440
    assert window is None or window[0] != window[1]
    assert not speaks_of_time(typed) or reading is not None
    read_span(typed)
    is_morning(typed)
