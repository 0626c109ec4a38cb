from __future__ import annotations

from datetime import timedelta

from bot import lately
from bot.lately import Lately
from tests.samples import NOW

HOUR = timedelta(hours=1)


def test_something_is_the_first_once_in_a_span_for_each() -> None:
    kept = Lately()
    assert kept.first("export", 1, span=HOUR, now=NOW)
    assert not kept.first("export", 1, span=HOUR, now=NOW + HOUR / 2)
    assert kept.left("export", 1, span=HOUR, now=NOW + HOUR / 2) == HOUR / 2
    assert kept.first("export", 2, span=HOUR, now=NOW)
    assert kept.first("hint", 1, span=HOUR, now=NOW)
    assert kept.first("export", 1, span=HOUR, now=NOW + HOUR)


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_span() -> None:
    kept = Lately()
    kept.first("export", 1, span=HOUR, now=NOW)
    assert kept.first("export", 1, span=HOUR, now=NOW - 3 * HOUR)


def test_of_very_many_the_oldest_are_forgotten() -> None:
    kept = Lately()
    for who in range(lately._MOST + 1):
        kept.first("hint", who, span=HOUR, now=NOW)
    assert kept.first("hint", 0, span=HOUR, now=NOW)
    assert not kept.first("hint", lately._MOST, span=HOUR, now=NOW)
