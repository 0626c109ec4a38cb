"""Whatever people send and however they tap: stickers, albums, edits, other bots' commands, hasty fingers."""

from __future__ import annotations

import asyncio

import pytest

from bot.i18n import words_for
from tests.e2e.people import Reader, buttons, labels, numbered, until
from tests.e2e.town import Town

STICKER = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512}
STICKER |= {"is_animated": False, "is_video": False}
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_heap_of_stickers_and_voices_gets_one_hint_in_ten_minutes(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/start")
    said = len(reader.replies())
    for number in range(10):
        content = {"sticker": STICKER} if number % 2 else {"voice": VOICE}
        reader.people.send(user_id=reader.id, content=content)
    await until(lambda: len(reader.replies()) > said, "a hint")
    assert (await reader.say("/help"))["text"] == reader.words("help")
    assert [one["text"] for one in reader.replies()[said:]] == [reader.words("words-unknown"), reader.words("help")]
    town.sandbox.person.turn_clock(advance=601)
    sent = reader.people.send(user_id=reader.id, content={"sticker": STICKER})
    assert (await reader.after(sent["message_id"]))["text"] == reader.words("words-unknown")


ODD = ("🚗" * 4096, "'; DROP TABLE chats; --", "<b>жирно", "&amp;&lt;", "/start '\"<script>", "/", "//", "/@other_bot")


async def test_every_odd_text_gets_an_answer_and_tags_stay_letters(town: Town) -> None:
    reader = Reader(town)
    for text in ODD:
        answer = await reader.say(text)
        assert answer["text"]
        assert answer["text"] != reader.words("error-unexpected"), text
    assert "<b>жирно" in (await reader.say("/lang <b>жирно</b>"))["text"]


async def test_editing_a_message_is_no_new_wish(town: Town) -> None:
    reader = Reader(town)
    said = reader.people.say(user_id=reader.id, text="/help")
    await reader.after(said["message_id"])
    number = len(reader.replies())
    reader.people.edit(user_id=reader.id, message_id=said["message_id"], text="/stop")
    assert (await reader.say("/help"))["text"] == reader.words("help")
    assert len(reader.replies()) == number + 1


async def test_commands_for_other_bots_in_a_group_are_not_ours(town: Town) -> None:
    admin = Reader(town)
    await admin.say("/start")
    group = admin.people.add_chat(type="supergroup", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id)
    before = len(admin.messages(group))
    for text in ("/start@other_bot", "/digest@other_bot", "/export@other_bot", "/stop"):
        admin.people.say(user_id=admin.id, chat_id=group, text=text)
    admin.people.say(user_id=admin.id, chat_id=group, text="/export")
    answer = await admin.wait_for(admin.words("group-private"), chat_id=group)
    assert labels(answer) == [admin.words("button-open-bot")]
    assert len(admin.messages(group)) == before + 6


async def test_ten_taps_a_second_on_one_button_are_one_and_on_three_are_three(town: Town) -> None:
    reader = Reader(town)
    welcome = await reader.say("/start")
    first, second, third = (one["callback_data"] for one in buttons(welcome)[:3])
    place = welcome["message_id"]
    taps = [reader.people.tap(user_id=reader.id, message_id=place, data=first) for _ in range(10)]
    taps += [reader.people.tap(user_id=reader.id, message_id=place, data=data) for data in (second, third)]
    await asyncio.gather(*(reader.answered(tap["callback_query_id"]) for tap in taps))
    assert len((await reader.known()).topics) == 3


async def test_two_devices_that_tap_at_once_lose_nothing(town: Town) -> None:
    reader = Reader(town)
    one, two = await reader.say("/start"), await reader.say("/topics")
    first = buttons(one)[0]["callback_data"]
    other = next(b["callback_data"] for b in buttons(two) if b["callback_data"].split(":")[3] != first.split(":")[3])
    taps = [
        reader.people.tap(user_id=reader.id, message_id=one["message_id"], data=first),
        reader.people.tap(user_id=reader.id, message_id=two["message_id"], data=other),
    ]
    await asyncio.gather(*(reader.answered(tap["callback_query_id"]) for tap in taps))
    assert len((await reader.known()).topics) == 2


async def test_each_sees_the_menu_of_their_place_and_language(town: Town) -> None:
    reader, admin = Reader(town), Reader(town, "en")
    await reader.say("/start")
    menu = reader.people.state(user_id=reader.id)["commands"]
    assert [one["command"] for one in menu] == [
        "digest", "topics", "time", "search", "saved", "channels", "settings", "lang", "help", "privacy", "stop",
    ]  # fmt: skip
    group = admin.people.add_chat(type="supergroup", title="Garage", creator_id=admin.id)["id"]
    admin.people.set_member(chat_id=group, user_id=reader.id, status="member")

    def commands(person: Reader) -> list[str]:
        return [one["command"] for one in person.people.state(user_id=person.id, chat_id=group)["commands"]]

    assert commands(reader) == ["digest", "help"]
    assert commands(admin) == ["digest", "setup", "help"]
    await reader.say("/lang en")
    menu = reader.people.state(user_id=reader.id)["commands"]
    assert menu[0]["description"] == words_for("en")("command-digest")


async def test_whatever_is_not_understood_is_answered_with_what_is(town: Town) -> None:
    reader = Reader(town)
    unknown = await reader.say("/podpisatsya@sandbox_bot")
    assert "/help" in unknown["text"]
    sent = reader.people.send(user_id=reader.id, content={"sticker": STICKER})
    assert "/help" in (await reader.after(sent["message_id"]))["text"]
    assert numbered(await reader.say("/digest сейчас"))
    assert "что-нибудь" in (await reader.say("/digest что-нибудь"))["text"]


FORGED = (
    "",
    "nosuch:1",
    "t",
    "t:",
    "t:0:w:nosuch:0",
    "t:0:t::-1",
    "t:0:m::999999",
    "t:0:f::0",
    "t:0:x::0",
    "t:x:w:ev:0",
    f"t:{2**70}:w:ev:0",
    "t:1:w:ev:0",
    "t:2:w:ev:0",
    "t:999:w:ev:0",
    "tm:1:480",
    "tm:0:-1",
    "tm:0:99999",
    "tm:0:1e9",
    "tz:1:Asia/Tokyo:0",
    "tz:0:../../etc/passwd:0",
    "tz:0:No/Where:0",
    "tz:0::999999",
    "l:1:en",
    "l:0:xx",
    "r:1:en",
    "r:0:xx",
    "z:1:settings",
    "z:0:nowhere",
    "c:1:open",
    "c:1:pause",
    "c:999:test",
    "c:-1:resume",
    "sub::0",
    "sub:9999:0",
    "sub:1-2-3-4-5-6:0",
    "sub:-5:0",
    "d:nosuch",
    "a:nosuch",
    "i:999999:0",
    "i:-1:-1",
    "t:0:w:" + "ё" * 200,
    "x" * 64,
    "\x00\x01",
)


async def test_no_forged_tap_touches_somebody_else_and_each_is_answered(town: Town) -> None:
    victim, villain = Reader(town), Reader(town, name="Зло")
    await victim.subscribe()
    await victim.say("/topics чери")
    await victim.tap("Chery")
    before = await victim.known()
    said = len(victim.replies())
    await villain.say("/start")
    mine = await villain.known()
    for data in FORGED:
        await villain.forge(data)
    for data in ("a:delete", "a:ask", "t:0:w:ev:0", "z:0:settings"):
        await villain.forge(data, chat_id=victim.id, message_id=victim.last["message_id"])
    assert await victim.known() == before
    assert len(victim.replies()) == said
    after = await villain.chat()
    assert after is None or after.zone == mine.zone


async def test_a_tap_under_a_message_that_is_long_gone_still_works(town: Town) -> None:
    reader = Reader(town)
    await reader.say("/start")
    await reader.forge("t:0:w:ev:0", message_id=999_999)
    assert (await reader.known()).topics == {"ev"}
    await until(lambda: "✓ Электромобили" in labels(reader.last), "a new message with the screen")
