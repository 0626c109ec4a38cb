from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.preferences import read_times
from bot.screens import MAX_TIMES


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
