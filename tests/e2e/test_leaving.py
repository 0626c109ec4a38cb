"""Leaving and coming back: who stops, blocks the bot or has everything deleted, in whatever words."""

from __future__ import annotations

import pytest

from feeds.issue import ChatState, PauseReason
from tests.e2e.people import Reader, labels, until
from tests.e2e.town import ENGLISH, SPEC, Town


async def test_who_stops_gets_nothing_until_they_resume(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    stopped = await reader.say("/stop")
    assert (await reader.known()).state is ChatState.STOPPED
    town.sandbox.person.turn_clock(advance=48 * 3600)
    town.app.publish_bell.ring()
    assert "С возвращением" in (await reader.say("/start"))["text"]
    said = len(reader.replies())
    await reader.tap(reader.words("button-resume"), stopped)
    person = await reader.known()
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))
    await town.next_issue()
    await until(lambda: len(reader.replies()) == said + 1, "the issue after resuming")


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_who_stopped_resumes_the_times_they_had_from_under_an_issue(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    first = await reader.subscribe()
    assert reader.words("ask-subscribe") not in reader.now(first)["text"]
    await reader.say("8 и 9")
    before = await reader.known()
    await reader.say("/stop")
    times = reader.words("times-daily", times=reader.words.listing(["8:00", "9:00"]))
    await town.write(town.app.store, ["Свежая новость о дорогах"], spec=SPEC if lang == "ru" else ENGLISH)
    await reader.say("/digest")
    issue = await reader.wait_for(reader.words("ask-resume", times=times))
    await reader.tap(reader.words("button-resume"), issue)
    assert await reader.known() == before
    assert before.next_at is not None
    when = reader.words.when(before.next_at, before.zone, now=town.clock())
    assert reader.last["text"].startswith(reader.words("resumed", times=times, when=when))
    assert reader.words("ask-resume", times=times) not in reader.now(issue)["text"]


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_who_resumes_without_any_times_is_offered_some(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/start")
    stopped = await reader.say("/stop")
    await reader.tap(reader.words("button-resume"), stopped)
    assert reader.now(stopped)["text"].startswith(reader.words("resumed-no-times"))
    assert "8:00" in labels(reader.now(stopped))


async def test_who_deletes_everything_leaves_no_row_behind(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    assert (await reader.known()).topics == frozenset()
    privacy = await reader.say("/privacy")
    await reader.tap(reader.words("button-delete"), privacy)
    await reader.tap(reader.words("button-cancel"), reader.now(privacy))
    assert (await reader.known()).state is ChatState.ACTIVE
    privacy = await reader.say("/privacy")
    await reader.tap(reader.words("button-delete"), privacy)
    await reader.tap(reader.words("button-delete-all"), reader.now(privacy))
    assert "/start" in reader.now(privacy)["text"]
    assert await reader.chat() is None
    counts = await town.app.health()
    assert not any(dict(counts["outbox"]).values())  # type: ignore[call-overload]
    assert not any(dict(counts["chats"]).values())  # type: ignore[call-overload]


async def test_who_blocks_the_bot_and_comes_back_finds_everything_as_it_was(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    await reader.say("/topics чери")
    await reader.tap("Chery")
    await reader.tap("✓ Chery", reader.now(reader.last))
    reader.people.block(user_id=reader.id)
    await until(lambda: _paused(reader), "the pause")
    town.sandbox.person.turn_clock(advance=26 * 3600)
    town.app.publish_bell.ring()
    said = len(reader.replies())
    reader.people.unblock(user_id=reader.id)

    async def back() -> bool:
        return (await reader.known()).state is ChatState.ACTIVE

    await until(back, "the end of the pause")
    assert (await reader.known()).times == (480,)
    assert len(reader.replies()) == said
    await town.next_issue()
    await until(lambda: len(reader.replies()) == said + 1, "the issue after coming back")


async def _paused(reader: Reader) -> bool:
    return (await reader.known()).pause_reason is PauseReason.BLOCKED


async def test_a_block_that_only_a_refused_issue_reveals_keeps_the_settings_too(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    town.sandbox.world.people[reader.id].blocked = True
    await town.next_issue()
    await until(lambda: _paused(reader), "the pause")
    town.sandbox.world.people[reader.id].blocked = False
    assert "С возвращением" in (await reader.say("/start"))["text"]
    person = await reader.known()
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))


@pytest.mark.parametrize("said", ["Стоп!", "stop", "отписаться", "/STOP"])
async def test_whoever_writes_stop_in_any_way_is_left_in_peace(town: Town, said: str) -> None:
    reader = Reader(town)
    await reader.subscribe()
    assert (await reader.say(said))["text"] == reader.words("stopped")
    assert (await reader.known()).state is ChatState.STOPPED
