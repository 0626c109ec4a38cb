"""When people want to be left alone: quiet hours and pauses, and what comes after them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feeds.issue import Chat
from feeds.schedule import in_quiet_hours
from tests.e2e.people import Json, Reader, labels, until
from tests.e2e.town import ENGLISH, SPEC, Town

LANGS = pytest.mark.parametrize("lang", ["ru", "en"])


@LANGS
async def test_quiet_hours_are_tapped_or_typed(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    screen = await reader.say("/quiet")
    assert reader.words("quiet-now", window="23–8") in screen["text"]
    assert "✓ " + reader.words("button-quiet-set", window="23–8") in labels(screen)
    toast = await reader.tap(reader.words("button-quiet-set", window="22–9"), screen)
    assert toast.text == reader.words("quiet-now", window="22–9")
    assert (await reader.known()).settings.quiet == (22 * 60, 9 * 60)
    await reader.tap(reader.words("button-quiet-own"), reader.now(screen))
    assert reader.now(screen)["text"] == reader.words("quiet-from")
    await reader.tap("1:00", reader.now(screen))
    assert "1:00" not in labels(reader.now(screen))
    await reader.tap("6:00", reader.now(screen))
    assert (await reader.known()).settings.quiet == (60, 6 * 60)
    assert "✓ " + reader.words("button-quiet-set", window="1–6") in labels(reader.now(screen))
    await reader.tap(reader.words("button-quiet-off"), reader.now(screen))
    assert (await reader.known()).settings.quiet is None
    for typed, window in (("22-9", "22–9"), ("с 23 до 8", "23–8"), ("11pm to 7:30am", "23–7:30")):
        assert window in (await reader.say(f"/quiet {typed}"))["text"]
    assert "полночь" in (await reader.say("/quiet полночь"))["text"]
    assert (await reader.known()).settings.quiet == (23 * 60, 7 * 60 + 30)


@LANGS
async def test_an_issue_chosen_for_the_night_comes_without_a_sound_and_by_day_with_one(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.subscribe()
    quiet = await reader.say("/quiet 7-9")
    assert quiet["text"].count(reader.words("silently")) == 1
    await town.next_issue()
    assert (await reader.wait_for(reader.words("digest-next")))["silent"]
    assert reader.words("silently") not in (await reader.say("/quiet 23-8"))["text"]
    await town.next_issue()

    def second() -> Json | None:
        issues = [one for one in reader.replies() if reader.words("digest-next") in one["text"]]
        return issues[1] if len(issues) > 1 else None

    assert not (await until(second, "the second issue"))["silent"]


@LANGS
async def test_a_pause_from_under_an_issue_ends_by_itself_with_one_issue_of_what_gathered(
    town: Town, lang: str
) -> None:
    reader = Reader(town, lang)
    await reader.subscribe()
    await town.next_issue()
    issue = await reader.wait_for(reader.words("digest-next"))
    await reader.tap(reader.words("button-pause"), issue)
    offer = await reader.after(issue["message_id"])
    assert reader.now(issue)["text"] == issue["text"]
    began = town.clock()
    await reader.tap(reader.words("button-pause-3d"), offer)
    resting = await reader.known()
    until_then, coming = resting.paused_until, resting.next_at
    assert until_then is not None
    assert coming is not None
    assert abs(until_then - began - timedelta(days=3)) < timedelta(minutes=1)
    assert coming > until_then
    for moment in (until_then, coming):
        assert reader.words.when(moment, resting.zone, now=began) in reader.now(offer)["text"]
    settings = (await reader.say("/settings"))["text"]
    assert reader.words("times-resting", until="").strip() in settings
    said = len(reader.replies())
    for day in range(3):
        town.sandbox.person.turn_clock(to=(began + timedelta(days=day, hours=20)).timestamp())
        for spec in (SPEC, ENGLISH):
            await town.write(town.app.store, [f"{spec.name}: {day}.{number}" for number in range(4)], spec=spec)
        await town.quiet()
    assert len(reader.replies()) == said
    await town.next_issue()
    gathered = await reader.wait_for(reader.words("digest-title-catch-up", day="").split(" · ")[0])
    assert len(reader.replies()) == said + 1
    assert datetime.fromtimestamp(gathered["date"], UTC) - coming < timedelta(seconds=60)
    assert (await reader.known()).next_at == coming + timedelta(days=1)


@LANGS
@pytest.mark.parametrize("typed", ["3d", "3 дня", "3 days", "неделю", "12 ч", "до утра"])
async def test_a_pause_is_typed_shown_and_can_be_undone(town: Town, lang: str, typed: str) -> None:
    reader = Reader(town, lang)
    await reader.subscribe()
    before = (await reader.known()).next_at
    shown = await reader.say(f"/mute {typed}")
    resting = await reader.known()
    assert resting.paused_until is not None
    assert resting.next_at is not None
    assert resting.next_at >= resting.paused_until > town.clock()
    assert reader.words("pause-until") in shown["text"]
    assert reader.words("button-unpause") in labels(await reader.say("/time"))
    await reader.tap(reader.words("button-unpause"), shown)
    assert (await reader.known()).next_at == before
    assert reader.words("pause-none") in reader.now(shown)["text"]


async def test_until_morning_is_the_end_of_quiet_hours_by_ones_own_clock(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    await reader.say("/time Владивосток")
    await reader.say("/quiet 23-7:30")
    await reader.say("/mute до утра")
    resting = await reader.known()
    assert resting.paused_until is not None
    assert (resting.paused_until.hour, resting.paused_until.minute) == (21, 30)
    assert not in_quiet_hours(resting, resting.paused_until)


@LANGS
async def test_what_is_no_pause_is_said(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    assert (await reader.say("/mute"))["text"] == reader.words("pause-nothing")
    await reader.subscribe()
    assert "потом" in (await reader.say("/mute потом"))["text"]
    assert "60" in (await reader.say("/mute 99 недель"))["text"]
    assert (await reader.known()).paused_until is None
    assert (await reader.forge("p:0:9d:0")).alert
    assert (await reader.forge("p:0:always:0")).alert
    assert (await reader.known()).paused_until is None


async def test_a_channel_rests_for_an_hour_till_morning_or_until_it_is_resumed(town: Town) -> None:
    admin = Reader(town, name="Олег")
    await admin.say("/start")
    channel = admin.people.add_chat(type="channel", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=channel, by_user_id=admin.id, rights={"can_post_messages": True})

    async def stored() -> Chat | None:
        return await town.app.store.chats.by_telegram_id(channel)

    garage = await until(stored, "the channel")
    await admin.forge(f"tm:{garage.id}:480")
    await admin.forge(f"p:{garage.id}:open:0")
    screen = admin.last
    assert "Гараж" in screen["text"]
    offered = [admin.words(f"button-pause-{span}") for span in ("1h", "morning", "3d", "always")]
    assert labels(screen)[:4] == offered
    await admin.tap(offered[0], screen)
    resting = await until(stored, "the channel")
    assert resting.paused_until is not None
    assert resting.paused_until - town.clock() <= timedelta(hours=1)
    await admin.tap(admin.words("button-unpause"), admin.now(screen))
    await admin.tap(offered[3], admin.now(screen))
    assert (await until(stored, "the channel")).next_at is None
    await admin.tap(admin.words("button-resume"), admin.now(screen))
    assert (await until(stored, "the channel")).next_at is not None
    stranger = Reader(town, name="Ирина")
    await stranger.say("/start")
    for data in (f"p:{garage.id}:3d:0", f"q:{garage.id}:off:0:0", f"wk:{garage.id}:off:0:0", f"rh:{garage.id}:daily"):
        assert (await stranger.forge(data)).alert, data
