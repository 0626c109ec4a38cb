"""Search, inline mode and groups: whatever somebody types to find a story."""

from __future__ import annotations

import json

import pytest

from bot.base62 import write_number
from bot.i18n import LANGUAGES
from feeds.model import StoryId
from tests.e2e.gazette import FEE, LEAPMOTOR
from tests.e2e.people import Json, Reader, buttons, labels, links, numbered, tap_word, until
from tests.e2e.town import Town

BOTH = pytest.mark.parametrize("lang", LANGUAGES)
HOSTILE = (
    "<b>утильсбор</b>",
    "' OR '1'='1",
    '"кавычка',
    "💥" * 4096,
    "\u202eгнев\u202c утильсбор",
    "a&amp;b",
    "NEAR(a b)",
    "[](){}",
    "утильсбор* OR -",
    "\x00\x01абв",
    "שלום עולם",
    "а" * 4096,
)


# Search


@BOTH
async def test_a_search_finds_all_forms_opens_cards_and_can_be_followed(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    query, count = ("утильсбора", 2) if lang == "ru" else ("recalls brake", 1)
    found = await reader.say(f"/search {query}")
    assert found["text"].startswith(reader.words("search-title", query=query))
    assert len(numbered(found)) == len(links(found)) == count
    await reader.tap("1", found)
    card = reader.last
    assert card["text"].startswith(numbered(found)[0])
    await reader.tap(reader.words("button-follow"), found)
    assert (await reader.known()).words == (query,)
    assert reader.words("button-followed") in labels(reader.now(found))
    await reader.tap(reader.words("button-followed"), reader.now(found))
    assert (await reader.known()).words == ()


@BOTH
async def test_an_old_button_that_says_it_follows_never_follows_anew(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    found = await reader.say("/search утильсбор")
    await reader.tap(reader.words("button-follow"), found)
    old = reader.now(found)
    await reader.say("/delete")
    await tap_word(reader, reader.last, "button-delete-all")
    assert await reader.chat() is None
    toast = await reader.tap(reader.words("button-followed"), old)
    assert toast.text == reader.words("topic-removed", name="утильсбор")
    assert (await reader.known()).words == ()
    await reader.tap(reader.words("button-follow"), reader.now(found))
    assert (await reader.known()).words == ("утильсбор",)
    # A button from before said only that it turns.
    await reader.forge("e:follow:0", message_id=found["message_id"])
    assert (await reader.known()).words == ()


@BOTH
async def test_the_first_topic_from_a_search_says_that_nothing_else_comes_any_more(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    found = await reader.say("Chery")
    toast = await reader.tap("Chery", found)
    assert (toast.text, toast.alert) == (reader.words("topic-only", name="Chery"), True)
    offered = await reader.say("Haval")
    toast = await reader.tap("Haval", offered)
    assert (toast.text, toast.alert) == (reader.words("topic-added", name="Haval"), False)


async def test_pages_of_a_search_remember_the_query_by_themselves(town: Town) -> None:
    reader = Reader(town)
    found = await reader.say("каршеринг подорожал")
    pages = [numbered(found)]
    while reader.words("button-search-more") in labels(reader.now(found)):
        pages.append(numbered(await tap_word(reader, found, "button-search-more")))
    assert [len(page) for page in pages] == [5, 5, 2]
    assert len({headline for page in pages for headline in page}) == 12
    assert numbered(await tap_word(reader, found, "button-back")) == pages[1]
    assert (await reader.forge("e:page:99999", message_id=found["message_id"])).text == ""
    welcome = await reader.say("/start")
    assert (await reader.forge("e:page:1", message_id=welcome["message_id"])).alert


async def test_fewer_words_are_tried_when_all_find_nothing(town: Town) -> None:
    reader = Reader(town)
    found = await reader.say("утильсбор самолётов")
    assert reader.words("search-partly", query="утильсбор") in found["text"]
    assert len(numbered(found)) == 2
    nothing = await reader.say("/search самолётостроение")
    assert reader.words("search-nothing") in nothing["text"]
    assert labels(nothing) == [reader.words("button-follow")]


async def test_commas_part_what_is_looked_for_and_what_is_excepted_is_left_out(town: Town) -> None:
    reader = Reader(town)
    fee = numbered(await reader.say("утильсбор"))
    make = numbered(await reader.say("leapmotor"))
    assert set(numbered(await reader.say("липмотор, утильсбор"))) == {*fee, *make}
    assert numbered(await reader.say("липмотор, утильсбор, кроме утильсбора")) == make


async def test_what_is_left_of_a_query_says_something(town: Town) -> None:
    reader = Reader(town)
    found = await reader.say("Что с самолётами? Утильсбор!")
    assert reader.words("search-partly", query="Утильсбор") in found["text"]
    for words in ("в самолётостроении", "в девять и в полседьмого вечера", "show me more of everything"):
        assert reader.words("search-nothing") in (await reader.say(words))["text"], words
    offered = await reader.say("больше китайцев")
    assert reader.words("search-only-topics") in offered["text"]
    assert "Китай" in labels(offered)


async def test_a_make_is_found_by_whatever_name_it_is_typed(town: Town) -> None:
    reader = Reader(town)
    assert numbered(await reader.say("липмотор")) == numbered(await reader.say("leapmotor"))


@BOTH
async def test_nothing_but_minuses_hides_instead_of_searching(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    shown = await reader.say("-мотоциклы")
    assert reader.words("hidden-title", where="") in shown["text"]
    assert [one.what for one in (await reader.known()).settings.hidden] == ["мотоциклы"]


async def test_a_word_that_is_a_make_offers_it_and_its_stories(town: Town) -> None:
    reader = Reader(town)
    found = await reader.say("leapmotor")
    assert "Leapmotor" in labels(found)
    assert numbered(found) == [LEAPMOTOR]
    await reader.tap("Leapmotor", found)
    assert labels(reader.now(found))[0] == "✓ Leapmotor"
    assert numbered(reader.now(found)) == [LEAPMOTOR]


async def test_the_empty_command_asks_and_the_reply_is_looked_for(town: Town) -> None:
    reader = Reader(town)
    question = await reader.say("/search")
    assert question["reply_markup"]["force_reply"]
    assert len(numbered(await reader.say("утильсбор", reply_to=question))) == 2


async def test_an_address_is_known_again_or_can_be_proposed(town: Town, keys: dict[str, StoryId]) -> None:
    reader = Reader(town)
    number = list(keys).index(FEE)
    card = await reader.say(f"Смотрите https://garage.example/ru/{number}?utm_source=tg")
    assert card["text"].startswith(FEE)
    unknown = await reader.say("https://other.example/novosti/1")
    await reader.tap(reader.words("button-suggest"), unknown)
    assert reader.now(unknown)["text"] == reader.words("source-suggested")
    assert (await reader.forge("sg:source", message_id=card["message_id"])).alert


@BOTH
@pytest.mark.parametrize("how", ["{text}", "/search {text}", "/topics {text}", "/topics +{text}", "/topics -{text}"])
async def test_nothing_that_can_be_typed_breaks_anything(town: Town, lang: str, how: str) -> None:
    reader = Reader(town, lang)
    for text in HOSTILE:
        answer = await reader.say(how.format(text=text)[:4096])
        assert answer["text"]
        assert answer["text"] != reader.words("error-unexpected"), text
        for button in buttons(answer):
            if button.get("callback_data", "").startswith(("e:", "ow:0:")):
                toast = await reader.forge(button["callback_data"], message_id=answer["message_id"])
                assert toast.text != reader.words("error-unexpected"), (text, button)


# Inline mode


async def inline(reader: Reader, query: str) -> tuple[str, list[Json]]:
    """Type @bot and some words: the query's number and what is offered."""
    asked = reader.people.ask_inline(user_id=reader.id, query=query)["inline_query_id"]

    def answered() -> Json | None:
        for entry in reader.stage.sandbox.log:
            if entry.method == "answerInlineQuery" and entry.parameters["inline_query_id"] == asked and entry.answer:
                assert entry.answer["ok"], entry.answer
                return entry.parameters
        return None

    sent = await until(answered, f"an answer to {query!r}")
    personal = "false" if query else "true"
    assert (int(sent["cache_time"]), str(sent.get("is_personal", False)).lower()) == (60, personal)
    results: list[Json] = json.loads(sent["results"])
    return asked, results


async def test_inline_words_find_stories_to_send_anywhere(town: Town) -> None:
    reader, friend = Reader(town), Reader(town, name="Вера")
    group = reader.people.add_chat(type="group", title="Гаражи", creator_id=friend.id)["id"]
    reader.people.set_member(chat_id=group, user_id=reader.id, status="member")
    asked, results = await inline(reader, "leapmotor водороде")
    [story] = [one for one in results if one["title"] == LEAPMOTOR]
    reader.people.pick_inline(user_id=reader.id, inline_query_id=asked, result_id=story["id"], chat_id=group)
    sent = reader.messages(group)[-1]
    assert sent["text"].startswith(LEAPMOTOR)
    [button] = buttons(sent)
    assert button["text"] == reader.words("button-open-bot")
    assert f"?start={story['id']}" in button["url"]
    # Whoever only looks is stored nowhere.
    assert await reader.chat() is None


async def test_inline_without_words_offers_the_days_foremost(town: Town) -> None:
    reader = Reader(town)
    _, results = await inline(reader, "")
    assert len(results) == 10
    assert {one["title"] for one in results} >= {FEE, LEAPMOTOR}
    _, english = await inline(Reader(town, "en"), "")
    assert {one["title"] for one in english} == {"Leapmotor shows a hydrogen saloon", "A recall of brakes"}


async def test_inline_speaks_a_storys_own_language_to_everybody(town: Town, keys: dict[str, StoryId]) -> None:
    reader = Reader(town)
    [russian] = (await inline(reader, f"s_{write_number(keys[FEE])}"))[1]
    [english] = (await inline(reader, f"s_{write_number(keys['A recall of brakes'])}"))[1]
    texts = [one["reply_markup"]["inline_keyboard"][0][0]["text"] for one in (russian, english)]
    assert texts == ["Открыть бота", "Open the bot"]
    assert (await inline(reader, "s_zzzz"))[1] == []


async def test_inline_takes_whatever_is_typed(town: Town) -> None:
    reader = Reader(town)
    for text in HOSTILE:
        await inline(reader, text[:256])


# Groups


@BOTH
async def test_a_group_is_led_to_private_chats_in_one_short_reply(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.subscribe()
    group = reader.people.add_chat(type="supergroup", title="Гаражи", creator_id=reader.id)["id"]
    reader.people.add_bot(chat_id=group, by_user_id=reader.id, rights={})
    for command, key in (("/digest", "group-digest"), ("/help", "group-help")):
        reader.people.say(user_id=reader.id, chat_id=group, text=command)
        answer = await reader.wait_for(reader.words(key), chat_id=group)
        assert answer["silent"]
        assert all("?start=" in button["url"] for button in buttons(answer))
    before = len(reader.replies())
    await reader.say("/start digest")
    await town.quiet()
    # Besides, who has not set the group up yet is asked about it again.
    [answer] = [one for one in reader.replies()[before:] if "Гаражи" not in one["text"]]
    assert answer["text"] != reader.words("welcome-back")
