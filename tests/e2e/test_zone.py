"""Whose clock it is: a tap on one's time, a typed city, a shared place; for oneself and for a channel."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.issue import Chat
from tests.e2e.people import Json, Reader, labels, links, until
from tests.e2e.town import Town

LANGS = pytest.mark.parametrize("lang", ["ru", "en"])
KAZAN = {"latitude": 55.83, "longitude": 49.05}


async def reply(reader: Reader, text: str, to: Json) -> Json:
    """Answer a message of the bot, as clients do when it asks for that."""
    said = reader.people.say(user_id=reader.id, text=text, reply_to_message_id=to["message_id"])
    return await reader.after(said["message_id"])


async def ask_city(reader: Reader) -> Json:
    clocks = await reader.say("/zone")
    await reader.tap(reader.words("button-type-city"), clocks)
    return await reader.after(clocks["message_id"])


def clock(scene: Town, zone: str) -> str:
    now = scene.clock().astimezone(ZoneInfo(zone))
    return f"{now.hour}:{now.minute:02}"


@LANGS
async def test_one_taps_the_clock_that_shows_ones_time(scene: Town, lang: str) -> None:
    reader = Reader(scene, lang)
    clocks = await reader.say("/zone")
    assert clocks["text"] == reader.words("zone-question")
    label = next(label for label in labels(clocks) if label.startswith(clock(scene, "Asia/Omsk")))
    assert label.split()[1] == {"ru": "Омск", "en": "Omsk"}[lang]
    toast = await reader.tap(label, clocks)
    assert label.split()[0] in toast.text
    assert (await reader.known()).zone == "Asia/Omsk"
    assert any(clock(scene, "Asia/Omsk") in one for one in labels(reader.now(clocks)))


@LANGS
@pytest.mark.parametrize(
    ("typed", "zone", "named"),
    [
        ("Казань", "Europe/Moscow", {"ru": "Казань", "en": "Kazan"}),
        ("berlin", "Europe/Berlin", {"ru": "Берлин", "en": "Berlin"}),
        ("г. Чита", "Asia/Chita", {"ru": "Чита", "en": "Chita"}),
    ],
)
async def test_a_city_is_typed_in_reply(scene: Town, lang: str, typed: str, zone: str, named: Json) -> None:
    reader = Reader(scene, lang)
    question = await ask_city(reader)
    assert question["text"] == reader.words("zone-city-ask")
    assert question["reply_markup"]["force_reply"]
    shown = await reply(reader, typed, question)
    assert reader.words("zone-set-city", city=named[lang], clock=clock(scene, zone)) in shown["text"]
    assert (await reader.known()).zone == zone


@LANGS
async def test_a_clock_typed_in_place_of_a_city_is_confirmed(scene: Town, lang: str) -> None:
    reader = Reader(scene, lang)
    for typed in (clock(scene, "Asia/Yekaterinburg"), "UTC+5"):
        question = await reply(reader, typed, await ask_city(reader))
        assert question["text"] == reader.words("zone-clock-right", clock=clock(scene, "Asia/Yekaterinburg"))
    await reader.tap(reader.words("button-yes"), question)
    zone = ZoneInfo((await reader.known()).zone)
    assert scene.clock().astimezone(zone).utcoffset() == timedelta(hours=5)


@LANGS
async def test_of_two_cities_of_a_name_and_for_a_misspelt_one_is_asked(scene: Town, lang: str) -> None:
    reader = Reader(scene, lang)
    which = await reply(reader, "Благовещенск", await ask_city(reader))
    assert which["text"] == reader.words("zone-which-city")
    amur = next(label for label in labels(which) if "Амур" in label or "Amur" in label)
    await reader.tap(amur, which)
    assert (await reader.known()).zone == "Asia/Yakutsk"
    misspelt = await reply(reader, "Калиниград", await ask_city(reader))
    assert (await reader.known()).zone == "Asia/Yakutsk"
    await reader.tap(labels(misspelt)[0], misspelt)
    assert (await reader.known()).zone == "Europe/Kaliningrad"
    unknown = await reply(reader, "щзщзщз", await ask_city(reader))
    assert "щзщзщз" in unknown["text"]
    assert any("Omsk" in label or "Омск" in label for label in labels(unknown))


@LANGS
async def test_a_shared_place_is_looked_up_confirmed_and_forgotten(scene: Town, lang: str) -> None:
    reader = Reader(scene, lang)
    clocks = await reader.say("/zone")
    await reader.tap(reader.words("button-location"), clocks)
    asked = await reader.after(clocks["message_id"])
    share, _ = [button["text"] for row in asked["reply_markup"]["keyboard"] for button in row]
    assert share == reader.words("button-share-location")
    sent = reader.people.share_location(user_id=reader.id, message_id=asked["message_id"], **KAZAN)["message_id"]
    nearest = await reader.after(sent)
    assert {"ru": "Казань", "en": "Kazan"}[lang] in nearest["text"]
    assert nearest["reply_markup"] == {"remove_keyboard": True}
    question = await reader.after(nearest["message_id"])
    assert question["text"] == reader.words("zone-clock-right", clock=clock(scene, "Europe/Moscow"))
    assert (await reader.known()).zone == "Europe/Moscow"
    await reader.tap(reader.words("button-hour-later"), question)
    assert clock(scene, "Europe/Samara") in reader.now(question)["text"]
    await reader.tap(reader.words("button-yes"), reader.now(question))
    person = await reader.known()
    assert person.zone == "Europe/Samara"
    assert "55.8" not in repr(person)


async def test_who_would_rather_not_share_gets_the_clocks(scene: Town) -> None:
    reader = Reader(scene)
    clocks = await reader.say("/zone")
    await reader.tap(reader.words("button-location"), clocks)
    await reader.after(clocks["message_id"])
    answer = await reader.say(reader.words("button-no-location"))
    assert answer["reply_markup"] == {"remove_keyboard": True}
    assert (await reader.after(answer["message_id"]))["text"] == reader.words("zone-question")


async def test_a_channels_city_is_typed_by_its_admin_and_by_nobody_else(scene: Town) -> None:
    admin, stranger = Reader(scene, name="Олег"), Reader(scene, name="Ирина")
    await admin.say("/start")
    channel = admin.people.add_chat(type="channel", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=channel, by_user_id=admin.id, rights={"can_post_messages": True})

    async def stored() -> Chat | None:
        return await scene.app.store.chats.by_telegram_id(channel)

    garage = await until(stored, "the channel")
    await admin.wait_for("Гараж")
    await admin.forge(f"tz:{garage.id}::0")
    clocks = admin.last
    assert admin.words("button-location") not in labels(clocks)
    await admin.tap(admin.words("button-type-city"), clocks)
    question = await admin.wait_for(admin.words("zone-city-ask"))
    assert links(question) == [f"https://t.me/{scene.sandbox.world.bot_username}?start=tz_{garage.id}"]
    await reply(admin, "Владивосток", question)
    changed = await stored()
    assert changed is not None
    assert changed.zone == "Asia/Vladivostok"
    assert (await admin.known()).zone == "Europe/Moscow"
    await stranger.say("/start")
    assert (await stranger.forge(f"pl:{garage.id}:city:")).alert


async def test_who_types_the_first_time_is_asked_whose_clock_it_is_and_may_type_a_city(scene: Town) -> None:
    reader = Reader(scene, "en")
    await reader.say("7:30am")
    question = await reader.wait_for(reader.words("clock-question"))
    assert reader.words("clock-until", city="Moscow") in question["text"]
    assert {reader.words("button-type-city"), reader.words("button-location")} <= set(labels(question))
    done = await reader.say("Chicago")
    assert "(Chicago)" in done["text"]
    person = await reader.known()
    assert (person.zone, person.times) == ("America/Chicago", (450,))
    again = await reader.say("8:15")
    assert reader.words("times-title", where="") in again["text"]


@LANGS
async def test_a_city_is_called_by_its_own_name_though_another_names_the_zone(scene: Town, lang: str) -> None:
    reader = Reader(scene, lang)
    await reader.say("/zone")
    done = await reader.say("Караганда" if lang == "ru" else "Karaganda")
    city = "Караганда" if lang == "ru" else "Karaganda"
    assert done["text"].startswith(reader.words("zone-set-city", city=city, clock=clock(scene, "Asia/Almaty")))
