"""One's own account: everything on one screen, leaving, what is stored, taking it along, having it erased."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from feeds.chatsettings import Density, Opinions
from feeds.issue import ChatState, PauseReason
from feeds.model import StoryId
from storage.people import Departure, everything
from storage.saved import SavedStory
from tests.e2e.gazette import channel_of, gazette
from tests.e2e.people import Json, Reader, buttons, labels, tap_word, until
from tests.e2e.town import Town

LANGS = pytest.mark.parametrize("lang", ["ru", "en"])


@LANGS
async def test_everything_set_stands_on_one_screen_and_each_button_leads_on(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    settings = await reader.say("/settings")
    keyboard = labels(settings)
    assert len(keyboard) == 16
    assert all(len(label) <= 30 for label in keyboard)
    for button in buttons(settings)[:9]:
        await reader.tap(button["text"], reader.now(settings))
        assert reader.now(settings)["text"] != settings["text"], button["text"]
        await reader.forge("z:0:settings", message_id=settings["message_id"])
        assert reader.now(settings)["text"] == settings["text"]


@LANGS
async def test_how_issues_look_is_turned_on_the_screen_itself(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    words = reader.words
    screen = await reader.say("/settings")

    async def turn(look: str, value: str, to: str) -> Json:
        toast = await reader.tap(words(f"look-{look}", value=words(value)), reader.now(screen))
        assert toast.text == words(f"look-{look}", value=words(to))
        assert toast.text in labels(reader.now(screen))
        return reader.now(screen)

    await turn("density", "look-density-digest", "look-density-cards")
    await turn("opinions", "look-opinions-all", "look-opinions-approved")
    await turn("previews", "look-on", "look-off")
    await turn("light", "look-off", "look-on")
    await turn("accessible", "look-off", "look-on")
    chosen = (await reader.known()).settings
    assert (chosen.density, chosen.opinions) == (Density.CARDS, Opinions.APPROVED)
    assert (chosen.previews, chosen.light, chosen.accessible) == (False, True, True)
    assert (await reader.forge("lk:0:nosuch")).alert


@LANGS
async def test_help_is_seven_lines_with_a_button_for_each_screen(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    shown = await reader.say("/help")
    assert len(shown["text"].split("\n")) == 7
    seen = set()
    for label in labels(shown)[1:]:
        shown = await reader.say("/help")
        await reader.tap(label, shown)
        seen.add(reader.now(shown)["text"])
    assert len(seen) == len(labels(shown)) - 1


@LANGS
async def test_who_stops_may_say_why_and_nobody_knows_who_it_was(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    screen = await reader.say("/stop")
    assert (await reader.known()).state is ChatState.STOPPED
    toast = await reader.tap(reader.words("button-departure-often"), screen)
    assert toast.text == reader.words("departure-thanks")
    assert reader.words("button-departure-often") not in labels(reader.now(screen))
    assert (await town.app.store.accounts.departed())[Departure.OFTEN] == 1
    await reader.tap(reader.words("button-resume"), reader.now(screen))
    assert (await reader.forge("a:often")).alert
    assert (await town.app.store.accounts.departed())[Departure.OFTEN] == 1


async def test_privacy_says_what_is_stored_and_who_answers_for_it(tmp_path: Path) -> None:
    async with gazette(tmp_path, operator_name="Гараж <и К°>", contact="@garage_help") as (town, _):
        for lang in ("ru", "en"):
            reader = Reader(town, lang)
            text = (await reader.say("/privacy"))["text"]
            assert all(said in text for said in ("Гараж <и К°>", "@garage_help", "GDPR", "14"))
            assert labels(reader.last) == [reader.words("button-export"), reader.words("button-delete")]


@LANGS
async def test_everything_tied_to_me_comes_as_two_protected_files_once_an_hour(
    town: Town, keys: dict[str, StoryId], lang: str
) -> None:
    reader = Reader(town, lang)
    await furnish(town, reader, keys)
    await reader.say("8 и 9")
    said = await reader.say("/export")
    assert said["text"] == reader.words("export-comes")
    await until(lambda: len(documents(reader)) == 2, "two files")
    page, data = documents(reader)
    files = town.sandbox.world.files
    told = json.loads(files[data["document"]["file_id"]].content)
    assert told["telegram_id"] == reader.id
    assert told["tables"]["saved"][0]["headline"] == "<Сохранено>"
    assert told["tables"]["chats"][0]["words"] == ["утильсбор"]
    shown = files[page["document"]["file_id"]].content.decode()
    assert "&lt;Сохранено&gt;" in shown
    assert reader.words("export-title") in shown
    # Words and the person's own clock, none of the store's.
    daily = reader.words("times-daily", times=reader.words.listing(["8:00", "9:00"]))
    assert f"<td>{daily}</td>" in shown
    assert reader.words.moment((await reader.known()).created_at, "Europe/Moscow") in shown
    assert 'href="https://garage.example/1"' in shown
    assert not re.search(
        r"story_id|chat_id|weekdays|\[480|>[^<]*\d{4}-\d\d-\d\dT", re.sub(r"<style>.*</style>", "", shown)
    )
    sent = [entry for entry in town.sandbox.log if entry.method == "sendDocument"]
    assert all(str(entry.parameters["protect_content"]).lower() == "true" for entry in sent)
    again = await reader.say("/export")
    assert "60" in again["text"]
    town.sandbox.person.turn_clock(advance=3601)
    assert (await reader.say("/export"))["text"] == reader.words("export-comes")


@LANGS
async def test_who_deletes_everything_is_in_no_table_any_more(town: Town, keys: dict[str, StoryId], lang: str) -> None:
    reader = Reader(town, lang)
    await furnish(town, reader, keys)
    await reader.say("/digest")
    await town.quiet()
    assert str(reader.id) in await whole_store(town)
    screen = await reader.say("/delete")
    assert screen["text"].startswith(reader.words("delete-question", saved=1, votes=0))
    screen = await tap_word(reader, screen, "button-cancel")
    assert (await reader.known()).words == ("утильсбор",)
    screen = await reader.say("/delete")
    screen = await tap_word(reader, screen, "button-delete-all")
    assert screen["text"] == reader.words("deleted")
    assert str(reader.id) not in await whole_store(town)
    # Most people block the bot next: that must not bring anything back.
    reader.people.block(user_id=reader.id)
    await town.quiet()
    assert str(reader.id) not in await whole_store(town)


async def test_what_waited_for_somebody_who_left_is_not_sent(town: Town) -> None:
    reader = Reader(town)
    await reader.say("/start")
    chats = town.app.store.chats
    person = await reader.known()
    await chats.schedule(person.id, times=[480], zone="Europe/Moscow", next_at=town.clock())
    await town.app.store.accounts.forget(reader.id, now=town.clock())
    said = len(reader.replies())
    await town.quiet()
    assert len(reader.replies()) == said
    assert sum((await town.states()).values()) == 0


async def test_a_channel_that_nobody_else_runs_is_handed_over_or_let_go_first(town: Town) -> None:
    owner, heir = Reader(town), Reader(town, name="Борис")
    await owner.say("/start")
    key = await channel_of(town, "Автоновости", owner=owner.id)
    screen = await owner.say("/delete")
    assert "«Автоновости»" in screen["text"]
    refused = await owner.tap(owner.words("button-hand-over"), screen)
    assert refused.alert
    channel = next(chat for chat in town.sandbox.world.chats.values() if chat.title == "Автоновости")
    # A forged confirmation does not leave it without anybody.
    await owner.forge("a:delete", message_id=screen["message_id"])
    assert await owner.chat() is not None
    town.sandbox.person.set_member(
        chat_id=channel.id, user_id=heir.id, status="administrator", rights={"can_post_messages": True}
    )
    toast = await owner.tap(owner.words("button-hand-over"), screen)
    assert toast.text == owner.words("handed-over")
    await tap_word(owner, screen, "button-delete-all")
    assert await owner.chat() is None
    assert await town.app.store.chats.managers(key) == (heir.id,)  # type: ignore[arg-type]


async def test_a_channel_let_go_is_left_and_stopped(town: Town) -> None:
    owner = Reader(town)
    await owner.say("/start")
    key = await channel_of(town, "Автоновости", owner=owner.id)
    screen = await owner.say("/delete")
    screen = await tap_word(owner, screen, "button-let-go")
    await tap_word(owner, screen, "button-delete-all")
    chat = await town.app.store.chats.get(key)  # type: ignore[arg-type]
    assert chat.state is ChatState.STOPPED
    assert await town.app.store.chats.managers(chat.id) == ()
    assert any(entry.method == "leaveChat" for entry in town.sandbox.log)


async def test_a_block_is_a_stop_without_words(town: Town) -> None:
    reader = Reader(town)
    await reader.say("/start")
    said = len(reader.replies())
    reader.people.block(user_id=reader.id)
    await town.becomes(reader.id, ChatState.PAUSED, PauseReason.BLOCKED)
    assert len(reader.replies()) == said


def documents(reader: Reader) -> list[Json]:
    """Return the files that came."""
    world: Any = reader.stage.sandbox.world
    return [message.content for message in world.messages[reader.id].values() if "document" in message.content]


async def furnish(town: Town, reader: Reader, keys: dict[str, StoryId]) -> None:
    """Let somebody have settings and a saved story."""
    await reader.say("/start")
    person, store = await reader.known(), town.app.store
    await store.chats.choose_words(person.id, ["утильсбор"])
    story = next(iter(keys.values()))
    kept = SavedStory(story_id=story, headline="<Сохранено>", url="https://garage.example/1", saved_at=town.clock())
    await store.saved.keep(person.id, kept)


async def whole_store(town: Town) -> str:
    """Write out every row of every table."""
    async with town.app.store._database.transaction() as connection:
        tables = [await connection.execute(select(table)) for table in everything.sorted_tables]
        return "\n".join(str(row._mapping) for rows in tables for row in rows)
