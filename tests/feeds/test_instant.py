from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from feeds.chatsettings import ChatSettings, Thread
from feeds.instant import (
    FRESH,
    GRAVE,
    LASTING,
    MOST_BREAKING,
    WITHIN,
    independent,
    is_breaking,
    leaves_at,
    slot_of,
    thread_of,
)
from feeds.issue import Chat, ChatKind, Instant
from feeds.marks import Marks
from feeds.model import StoredItem, Story
from tests.samples import HOUR, NOW, chat, stored, story

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
AWAKE = ChatSettings(quiet=None)
"""NOW is eight in the morning in Moscow, when the usual quiet hours end."""


def channel(**changes: Any) -> Chat:
    values: dict[str, Any] = {
        "kind": ChatKind.CHANNEL,
        "instant": Instant.EVERY,
        "instant_since": NOW - DAY,
        "settings": AWAKE,
    }
    return chat(**values | changes)


def reader(**changes: Any) -> Chat:
    return channel(**{"kind": ChatKind.PRIVATE, "instant": Instant.BREAKING, "times": (480,)} | changes)


def by(number: int, *, every: timedelta = 10 * MINUTE, first: datetime = NOW - HOUR) -> list[StoredItem]:
    """So many sources telling the same, each in its own words."""
    return [
        stored(f"{n}", source=f"Газета {n}", text=f"Своими словами {n}.", published_at=first + n * every)
        for n in range(number)
    ]


def news(*items: StoredItem, **changes: Any) -> Story:
    values: dict[str, Any] = {"created_at": NOW - 10 * MINUTE}
    return replace(story(1, *items), **values | changes)


def leaves(to: Chat, about: Story | None = None, *, breaking: bool = False, **changes: Any) -> datetime | None:
    values: dict[str, Any] = {"sent": (), "now": NOW}
    return leaves_at(to, about or news(), breaking=breaking, **values | changes)


# Breaking


@pytest.mark.parametrize(("sources", "breaking"), [(2, False), (4, False), (5, True), (8, True)])
def test_enough_sources_at_once_make_breaking_news(sources: int, breaking: bool) -> None:  # noqa: FBT001
    assert is_breaking(news(*by(sources)), now=NOW) is breaking


def test_sources_that_follow_slowly_make_none() -> None:
    assert not is_breaking(news(*by(8, every=45 * MINUTE, first=NOW - 5 * HOUR)), now=NOW)


def test_reprints_confirm_nothing() -> None:
    copies = [stored(f"{n}", source=f"Газета {n}", text="Сообщение агентства.") for n in range(9)]
    assert independent(copies) == {"Газета 0"}
    assert not is_breaking(news(*copies), now=NOW)


def test_one_source_repeating_itself_confirms_nothing() -> None:
    again = [stored(f"{n}", source="Газета", text=f"Ещё раз {n}.") for n in range(9)]
    assert independent(again) == {"Газета"}


def test_an_editor_makes_breaking_news_of_anything_for_two_hours() -> None:
    called = news(breaking_at=NOW)
    assert is_breaking(called, now=NOW)
    assert is_breaking(called, now=NOW + LASTING)
    assert not is_breaking(called, now=NOW + LASTING + MINUTE)


def test_an_editor_has_time_to_think_again() -> None:
    assert not is_breaking(news(breaking_at=NOW + timedelta(seconds=10)), now=NOW)


def test_what_was_taken_back_breaks_nothing() -> None:
    assert not is_breaking(news(*by(8), breaking_at=NOW, marks=Marks(retracted_at=NOW)), now=NOW)


def test_yesterdays_news_breaks_nothing() -> None:
    assert not is_breaking(news(*by(8, first=NOW - LASTING - WITHIN - HOUR)), now=NOW)


def test_the_bar_for_breaking_news_is_a_high_one() -> None:
    assert GRAVE > 81  # three usual sources, all of the last minute


# To whom and when


def test_every_story_goes_to_a_channel_that_wants_every_one() -> None:
    assert leaves(channel()) == NOW


def test_only_breaking_news_goes_to_who_wants_only_that() -> None:
    assert leaves(reader()) is None
    assert leaves(reader(), breaking=True) == NOW


def test_nothing_goes_at_once_to_who_never_asked() -> None:
    assert leaves(channel(instant=Instant.OFF), breaking=True) is None


def test_what_was_known_before_it_was_switched_on_does_not_come() -> None:
    about = news(created_at=NOW - HOUR)
    assert leaves(channel(instant_since=NOW - HOUR), about) is None
    assert leaves(channel(instant_since=NOW - 2 * HOUR), about) == NOW
    assert leaves(channel(instant_since=None), about) is None


def test_old_news_that_an_editor_calls_breaking_now_does_come() -> None:
    about = news(created_at=NOW - DAY, breaking_at=NOW)
    assert leaves(reader(instant_since=NOW - HOUR), about, breaking=True) == NOW


def test_a_pause_is_kept() -> None:
    assert leaves(channel(paused_until=NOW + MINUTE), breaking=True) is None
    assert leaves(channel(paused_until=NOW - HOUR)) == NOW
    # What came during the pause is for the next issue, however lately the pause ended.
    assert leaves(channel(paused_until=NOW - MINUTE), breaking=True) is None


def test_what_matters_less_than_a_channel_wants_waits_for_its_issue() -> None:
    picky = channel(settings=replace(AWAKE, least_importance=60))
    assert leaves(picky) is None
    assert leaves(picky, news(*by(3))) == NOW
    assert leaves(picky, breaking=True) == NOW


def test_a_day_has_room_for_so_many_posts() -> None:
    capped = channel(settings=replace(AWAKE, daily_cap=2))
    today, yesterday = NOW - HOUR, NOW - DAY
    assert leaves(capped, sent=[today, yesterday]) == NOW
    assert leaves(capped, sent=[today, today]) is None


def test_a_day_begins_at_the_chats_own_midnight() -> None:
    late = datetime.fromisoformat("2026-11-21T23:30:00+03:00")
    capped = channel(settings=replace(AWAKE, daily_cap=1))
    assert leaves(capped, sent=[late]) == NOW
    assert leaves(replace(capped, zone="America/Los_Angeles"), sent=[late]) is None


def test_what_yesterday_had_no_room_for_joins_the_issue() -> None:
    capped = channel(times=(480,), settings=replace(AWAKE, daily_cap=1))
    assert leaves(capped, news(created_at=NOW - 10 * HOUR)) is None


def test_two_breaking_stories_a_day_are_enough() -> None:
    assert leaves(reader(), breaking=True, sent=[NOW] * (MOST_BREAKING - 1)) == NOW
    assert leaves(reader(), breaking=True, sent=[NOW] * MOST_BREAKING) is None


def test_in_quiet_hours_breaking_news_waits_for_their_end() -> None:
    night, morning = NOW - 3 * HOUR, NOW
    asleep = reader(settings=ChatSettings(), times=())
    assert leaves(asleep, breaking=True, now=night) == morning


def test_an_issue_that_comes_right_after_takes_along_what_waited() -> None:
    asleep = reader(settings=ChatSettings(), next_at=NOW)
    assert leaves(asleep, breaking=True, now=NOW - 3 * HOUR) is None


def test_what_came_in_quiet_hours_is_for_the_issue_whenever_it_is_looked_at() -> None:
    night = news(created_at=NOW - 3 * HOUR)
    sleeper = channel(settings=ChatSettings(), times=(480,))
    assert leaves(sleeper, night, now=NOW + HOUR) is None
    assert leaves(replace(sleeper, times=()), night, now=NOW + HOUR) == NOW + HOUR


def test_stories_go_to_the_threads_of_their_topics() -> None:
    threads = (Thread(topic="china", thread_id=5), Thread(topic=None, thread_id=9))
    assert thread_of(threads, ("ev", "china")) == 5
    assert thread_of(threads, ("law",)) == 9
    assert thread_of(threads[:1], ("law",)) is None


def test_one_story_goes_to_one_chat_once() -> None:
    assert slot_of(news()) == slot_of(news(*by(3))) == "now:1"
    assert FRESH < DAY
