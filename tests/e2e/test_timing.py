"""When issues come, as people set it: tapped, typed, on which days, once a week; what is shown is what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatState, Instant
from feeds.schedule import WORKDAYS, planned
from tests.e2e.people import Json, Reader, labels, parts, until
from tests.e2e.town import Town

LANGS = pytest.mark.parametrize("lang", ["ru", "en"])
MOSCOW = ZoneInfo("Europe/Moscow")


async def shown_moment(reader: Reader, message: Json) -> datetime:
    """Return when the next issue is due, which the message must say by the person's own clock."""
    person, now = await reader.known(), reader.stage.sandbox.clock()
    assert person.next_at is not None
    assert reader.words.when(person.next_at, person.zone, now=now) in message["text"].replace("\n", " ")
    assert not parts(message, "date_time"), "a client would say it by another clock"
    return person.next_at


def sent_at(message: Json) -> datetime:
    return datetime.fromtimestamp(message["date"], UTC)


async def tap_starting(reader: Reader, start: str, message: Json) -> None:
    """Tap the button whose label begins so: the rest of it says what is set."""
    message = reader.now(message)
    await reader.tap(next(label for label in labels(message) if label.startswith(start)), message)


@LANGS
async def test_the_next_issue_shown_is_the_next_issue_sent(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.subscribe()
    grid = await reader.say("/time")
    for change in ("8:00", "19:00", reader.words("button-workdays"), reader.words("button-every-day")):
        await reader.tap(f"✓ {change}" if change == "8:00" else change, reader.now(grid))
    shown = reader.now(grid)
    assert reader.words("next-issue") in shown["text"]
    due = await shown_moment(reader, shown)
    assert due.astimezone(MOSCOW).strftime("%H:%M") == "19:00"
    said = len(reader.replies())
    town.sandbox.person.turn_clock(to=due.timestamp() - 1500)
    town.app.publish_bell.ring()
    await town.next_issue()
    issue = await until(lambda: reader.replies()[said:], "the issue")
    assert due <= sent_at(issue[0]) < due + timedelta(seconds=60)
    following = (await reader.known()).next_at
    assert following is not None
    assert reader.words.when(following, "Europe/Moscow", now=due) in issue[0]["text"]


@LANGS
@pytest.mark.parametrize(
    ("typed", "times", "days"),
    [
        ("7:15", (435,), frozenset()),
        ("в 7 утра", (420,), frozenset()),
        ("8pm", (1200,), frozenset()),
        ("по будням в 8", (480,), WORKDAYS),
        ("weekdays at 8", (480,), WORKDAYS),
        ("/time по выходным в 10", (600,), frozenset({5, 6})),
        ("19-00", (1140,), frozenset()),
        ("в полвосьмого вечера", (1170,), frozenset()),
        ("every Monday at half past seven", (450,), frozenset({0})),
    ],
)
async def test_a_time_is_typed_as_people_say_it(
    town: Town, lang: str, typed: str, times: tuple[int, ...], days: frozenset[int]
) -> None:
    reader = Reader(town, lang)
    shown = await reader.say(typed)
    person = await reader.known()
    assert (person.state, person.times, person.settings.weekdays) == (ChatState.ACTIVE, times, days)
    assert person.next_at == await shown_moment(reader, shown)
    assert reader.words("times-title", where="") in shown["text"]


@LANGS
async def test_a_time_off_the_grid_has_a_button_that_takes_it_away_and_rounding_is_said(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    grid = await reader.say("7:10")
    assert reader.words("times-rounded", times="7:15") in grid["text"]
    assert "✓ 7:15" in labels(grid)
    await reader.tap("✓ 7:15", grid)
    assert (await reader.known()).times == ()
    assert "7:15" not in " ".join(labels(reader.now(grid)))
    assert reader.words("times-none") in reader.now(grid)["text"]


@LANGS
async def test_what_was_not_taken_of_typed_times_is_said(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    grid = await reader.say("7, 8, 9, 10, 11")
    assert reader.words("times-first", most=4) in grid["text"]
    times = (await reader.known()).times
    assert times == (420, 480, 540, 600)
    refused = await reader.say("25:00")
    assert refused["text"] == reader.words("times-not-read", text="25:00")
    assert (await reader.known()).times == times


@LANGS
async def test_typed_times_say_what_they_take_the_place_of_and_one_tap_brings_that_back(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/time 6, 7, 8, 19")
    more = await reader.say("/time weekdays at 6, 7, 8, 19")
    assert reader.words("button-times-back") in labels(more), "the weekend is gone"
    replaced = await reader.say("14:20")
    former = reader.words("times-workdays", times=reader.words.listing(["6:00", "7:00", "8:00", "19:00"]))
    assert replaced["text"].startswith(
        f"{reader.words('times-rounded', times='14:15')} {reader.words('times-replaced', times=former)}"
    )
    assert (await reader.known()).times == (855,)
    toast = await reader.tap(reader.words("button-times-back"), replaced)
    assert toast.text == former
    person = await reader.known()
    assert (person.times, person.settings.weekdays) == ((360, 420, 480, 1140), WORKDAYS)
    assert person.next_at == await shown_moment(reader, reader.now(replaced))
    assert reader.words("button-times-back") not in labels(reader.now(replaced))
    same = await reader.say("/time 6, 7, 8, 19")
    assert reader.words("button-times-back") not in labels(same)


async def test_a_week_that_is_typed_anew_can_be_brought_back_and_the_way_back_starts_nothing(town: Town) -> None:
    reader = Reader(town)
    await reader.say("раз в неделю в воскресенье в 23:45")
    replaced = await reader.say("раз в неделю в среду в 8")
    await reader.say("/stop")
    await reader.tap(reader.words("button-times-back"), replaced)
    person = await reader.known()
    assert (person.settings.weekly, person.state, person.next_at) == (10065, ChatState.STOPPED, None)
    assert (await reader.forge("tf:0:1440:0:", message_id=replaced["message_id"])).alert


async def test_who_stopped_begins_anew_with_the_time_they_tap_and_can_have_the_former_ones_back(town: Town) -> None:
    reader = Reader(town)
    await reader.say("в 8 и в 19")
    await reader.say("/stop")
    grid = await reader.say("/time")
    await reader.tap("13:00", grid)
    former = reader.words("times-daily", times=reader.words.listing(["8:00", "19:00"]))
    assert reader.now(grid)["text"].startswith(reader.words("times-replaced", times=former))
    assert ((await reader.known()).times, (await reader.known()).state) == ((780,), ChatState.ACTIVE)
    await reader.tap(reader.words("button-times-back"), reader.now(grid))
    assert (await reader.known()).times == (480, 1140)


async def test_a_number_or_a_car_is_no_time(town: Town) -> None:
    reader = Reader(town)
    for text in ("8", "Mazda 3", "хавал 7", "12345"):
        await reader.say(text)
    assert (await reader.known()).times == ()


@LANGS
async def test_the_weeks_issue_is_chosen_by_day_and_hour_and_has_a_heading_of_its_own(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    grid = await reader.say("/time")
    await reader.tap(reader.words("button-weekly-none"), grid)
    assert reader.words("weekly-day") in reader.now(grid)["text"]
    await reader.tap(reader.words("short-weekday-7"), reader.now(grid))
    await reader.tap("10:00", reader.now(grid))
    shown = reader.now(grid)
    due = await shown_moment(reader, shown)
    sunday = due.astimezone(MOSCOW)
    assert (sunday.isoweekday(), sunday.hour, sunday.minute) == (7, 10, 0)
    assert any(label.startswith("✓ ") and "10:00" in label for label in labels(shown))
    assert (await reader.known()).state is ChatState.ACTIVE
    await town.next_issue()
    heading = reader.words("digest-title-weekly", day="").split(" · ")[0]
    issue = await reader.wait_for(heading)
    assert sent_at(issue) - due < timedelta(seconds=60)
    assert (await reader.known()).next_at == due + timedelta(days=7)
    again = await reader.say("/time")
    await tap_starting(reader, "✓ " + reader.words("button-weekly", when="").strip(), again)
    await reader.tap(reader.words("button-weekly-off"), reader.now(again))
    assert (await reader.known()).next_at is None


@LANGS
async def test_urgent_news_is_switched_on_and_off_even_by_who_wants_nothing_else(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    grid = await reader.say("/time")
    toast = await reader.tap(reader.words("button-instant-off"), grid)
    assert toast.text == reader.words("instant-breaking")
    person = await reader.known()
    assert (person.instant, person.state, person.next_at) == (Instant.BREAKING, ChatState.ACTIVE, None)
    await reader.tap(reader.words("button-instant-breaking"), reader.now(grid))
    assert (await reader.known()).instant is Instant.OFF


async def test_who_comes_back_finds_days_week_and_pause_as_they_were(town: Town) -> None:
    reader = Reader(town)
    await reader.say("по будням в 8")

    def plan(now: Chat) -> Chat:
        settings = ChatSettings(weekdays=WORKDAYS, weekly=6 * 24 * 60 + 600)
        return planned(replace(now, settings=settings, instant=Instant.BREAKING), now=town.clock())

    before = await town.app.store.chats.replan((await reader.known()).id, plan)
    stopped = await reader.say("/stop")
    assert (await reader.known()).next_at is None
    await reader.tap(reader.words("button-resume"), stopped)
    assert await reader.known() == before


async def test_forged_times_change_nothing(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    before = await reader.known()
    for data in ("tm:0:1440", "wk:0:set:8:10", "wk:0:set:0:10", "wk:0:set:1:24", "wk:0:x:1:1", "rh:0:x", "wk:0"):
        assert (await reader.forge(data)).text == reader.words("stale"), data
    assert await reader.known() == before
