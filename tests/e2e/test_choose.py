"""Topics, own words and hidden things: the lists to tap, what may be typed, and whose they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.i18n import LANGUAGES
from feeds.chatsettings import Hidden, HiddenKind
from tests.e2e.gazette import FEE, LEAPMOTOR, channel_of
from tests.e2e.people import Reader, buttons, labels, links, numbered, tap_word
from tests.e2e.town import Town

BOTH = pytest.mark.parametrize("lang", LANGUAGES)


# Topics


@BOTH
async def test_the_lists_have_tabs_and_say_how_many_stories_are_waiting(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    screen = await reader.say("/topics")
    assert reader.words("button-show-count", count=16 if lang == "ru" else 2) in labels(screen)
    for tab, title in (
        ("words", "own-title"),
        ("hidden", "hidden-title"),
        ("m", "topics-title"),
        ("t", "topics-title"),
    ):
        screen = await tap_word(reader, screen, f"button-list-{tab}")
        assert screen["text"].startswith(reader.words(title, where=""))
    screen = await tap_word(reader, screen, "button-next")
    assert reader.words("page-of", page=2, pages=5) in labels(screen)
    screen = await tap_word(reader, screen, "button-list-m")
    await tap_word(reader, screen, "button-find-m")
    question = await reader.wait_for(reader.words("prompt-topic"))
    assert question["reply_markup"]["input_field_placeholder"] == reader.words("placeholder-topic")


async def test_whoever_taps_a_topic_many_times_is_told_each_time_how_it_stands(town: Town) -> None:
    reader = Reader(town)
    screen = await reader.say("/topics")
    topic = buttons(screen)[0]
    tapped = [
        reader.people.tap(user_id=reader.id, message_id=screen["message_id"], data=topic["callback_data"])
        for _ in range(10)
    ]
    toasts = [(await reader.answered(one["callback_query_id"])).text for one in tapped]
    chosen = bool((await reader.known()).topics)
    assert toasts[-1] == reader.words("topic-added" if chosen else "topic-removed", name=topic["text"])
    assert all(toasts)


async def test_no_question_about_a_channel_shows_a_preview_of_the_bot_itself(town: Town) -> None:
    admin = Reader(town)
    await admin.say("/start")
    key = await channel_of(town, "Гараж", owner=admin.id)
    screen = await admin.say("/channels")
    for tap, prompt in ((f"f:{key}", "prompt-topic"), (f"ow:{key}:hidden:add:", "prompt-stop"),
                        (f"ow:{key}:words:add:", "prompt-own"), (f"pl:{key}:city:", "zone-city-ask")):  # fmt: skip
        await admin.forge(tap, message_id=screen["message_id"])
        question = await admin.wait_for(admin.words(prompt))
        assert links(question), "it says which chat it is about"
        assert question["link_preview"] is None, prompt


async def test_several_makes_may_be_named_at_once(town: Town) -> None:
    reader = Reader(town)
    screen = await reader.say("/topics")
    await tap_word(reader, screen, "button-find-t")
    offered = await reader.say("вольво, ауди", reply_to=await reader.wait_for(reader.words("prompt-topic")))
    assert labels(offered)[:2] == ["Volvo", "Audi"]


@pytest.mark.parametrize(
    ("typed", "found"), [("ЧЕРИ", "Chery"), ("chery", "Chery"), ("тайота", "Toyota"), ("рфмфд", "Haval")]
)
async def test_a_make_is_found_however_it_is_spelt(town: Town, typed: str, found: str) -> None:
    reader = Reader(town)
    screen = await reader.say("/topics")
    screen = await tap_word(reader, screen, "button-list-m")
    await tap_word(reader, screen, "button-find-m")
    offered = await reader.say(typed, reply_to=await reader.wait_for(reader.words("prompt-topic")))
    assert labels(offered)[0] == found
    await reader.tap(found, offered)
    assert len((await reader.known()).topics) == 1


async def test_the_number_of_stories_follows_every_tap(town: Town) -> None:
    reader = Reader(town)
    screen = await reader.say("/topics")
    await reader.tap("Законы и сборы", screen)
    assert "Показать выпуск (1)" in labels(reader.now(screen))
    await reader.tap("Показать выпуск (1)", reader.now(screen))
    issue = await reader.wait_for(reader.words("ask-subscribe"))
    assert numbered(issue) == [FEE]
    # Older news is what the next one would be made of: as many as are counted.
    screen = await reader.say("/topics")
    [count] = [label for label in labels(screen) if label.startswith("Показать выпуск (")]
    await reader.tap(count, screen)
    older = await reader.after(screen["message_id"])
    assert count == f"Показать выпуск ({len(numbered(older))})"
    assert FEE not in numbered(older)


async def test_the_last_issue_that_was_asked_for_is_the_one_that_nothing_came_since(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    await town.next_issue()
    await reader.wait_for(reader.words("digest-next"))
    town.clock.advance(timedelta(hours=2))
    shown = len(reader.replies())
    while numbered(await reader.say("/digest")):
        assert len(reader.replies()) > shown
    when = reader.words.moment(town.clock(), "Europe/Moscow")
    assert reader.last["text"] == reader.words("nothing-since", when=when)


# Own words


@BOTH
async def test_own_words_are_typed_counted_and_taken_away(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    screen = await reader.say("/topics")
    screen = await tap_word(reader, screen, "button-list-words")
    assert reader.words("own-none") in screen["text"]
    await tap_word(reader, screen, "button-own-add")
    words = "водород, утильсбор -такси" if lang == "ru" else "hydrogen -taxi"
    listed = await reader.say(words, reply_to=await reader.wait_for(reader.words("prompt-own")))
    assert (await reader.known()).words == (words,)
    assert reader.words("own-line", number="1", text=words, count=2 if lang == "ru" else 1) in listed["text"]
    assert reader.words("own-only") in listed["text"]
    await tap_word(reader, listed, "button-own-all")
    assert len((await reader.known()).topics) > 20
    label = next(one for one in labels(listed) if one.startswith(reader.words("button-drop", name="").strip()))
    await reader.tap(label, reader.now(listed))
    assert (await reader.known()).words == ()
    assert reader.words("own-none") in reader.now(listed)["text"]


async def test_own_words_can_stand_behind_the_command(town: Town) -> None:
    reader = Reader(town)
    await reader.say("/topics +утильсбор -такси")
    await reader.say("/topics + монжаро, +атлас")
    assert (await reader.known()).words == ("утильсбор -такси", "монжаро, атлас")
    await reader.say("/topics +утильсбор -такси")
    assert len((await reader.known()).words) == 2
    for typed, key in (
        ("/topics +и", "own-too-common"),
        ("/topics +" + "завод " * 50, "own-too-long"),
        ("/topics +?", "own-empty"),
    ):
        answer = await reader.say(typed)
        assert answer["text"].split("«")[0][:10] == reader.words(key, text="", most=200).split("«")[0][:10]
    await reader.say("/topics -утильсбор")
    person = await reader.known()
    assert person.settings.hidden == (Hidden(kind=HiddenKind.WORD, what="утильсбор"),)


async def test_own_words_bring_the_story_they_name(town: Town) -> None:
    reader = Reader(town)
    await reader.say("/topics +водороде")
    await reader.say("/digest")
    assert numbered(await reader.wait_for(reader.words("ask-subscribe"))) == [LEAPMOTOR]


@BOTH
async def test_what_is_hidden_is_listed_and_comes_back_at_a_tap(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    screen = await reader.say("/topics")
    screen = await tap_word(reader, screen, "button-list-hidden")
    await tap_word(reader, screen, "button-stop-word")
    word = "утильсбор" if lang == "ru" else "brakes"
    listed = await reader.say(word, reply_to=await reader.wait_for(reader.words("prompt-stop")))
    assert reader.words("button-show-count", count=15 if lang == "ru" else 1) in labels(listed)
    assert reader.words("hidden-for-good", name=reader.words("quoted", text=word)) in listed["text"]
    await tap_word(reader, listed, "button-bring-back", name=word)
    assert (await reader.known()).settings.hidden == ()
    assert reader.words("hidden-none") in reader.now(listed)["text"]


async def test_the_words_of_a_channel_are_its_own_and_for_its_admins_only(town: Town) -> None:
    owner, stranger = Reader(town, name="Олег"), Reader(town, name="Чужой")
    await owner.say("/start")
    await stranger.say("/start")
    key = await channel_of(town, "Автоновости", owner=owner.id)
    await owner.wait_for(owner.words("channel-added", title="Автоновости"))
    await owner.forge(f"ow:{key}:words:list:")
    screen = owner.now(owner.last)
    assert "Автоновости" in screen["text"]
    await tap_word(owner, screen, "button-own-add")
    question = await owner.wait_for(owner.words("prompt-own"))
    listed = await owner.say("завод", reply_to=question)
    assert "Автоновости" in listed["text"]
    chat = await town.app.store.chats.get((await town.app.store.chats.managed_by(owner.id))[0].id)
    assert chat.words == ("утильсбор", "завод")
    assert (await owner.known()).words == ()
    # What is wrong with a channel's words is said without a command, which would change one's own.
    wrong = await owner.say("?", reply_to=question)
    assert wrong["text"] == owner.words("own-empty-channel")
    again = await owner.after(wrong["message_id"])
    assert again["text"].startswith(owner.words("prompt-own"))
    assert "Автоновости" in again["text"]
    for data in (f"ow:{key}:words:list:", f"ow:{key}:hidden:add:", f"f:{key}", f"ow:{key}:words:drop:abc"):
        assert (await stranger.forge(data)).alert
    # Who lost the right in the meantime cannot answer the question either.
    owner.people.set_member(chat_id=chat.telegram_id, user_id=owner.id, status="left")
    refused = await owner.say("чужое", reply_to=question)
    assert refused["text"] == owner.words("not-admin", title="Автоновости")
    assert (await town.app.store.chats.get(chat.id)).words == ("утильсбор", "завод")
