"""What is said in plain words instead of a command or a tap, and answers that reply to nothing."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.questions import RECENT
from feeds.chatsettings import Density, HiddenKind, Opinions
from feeds.issue import ChatState, Instant
from feeds.schedule import is_paused
from tests.e2e.gazette import channel_of
from tests.e2e.people import Reader, labels, numbered, tap_word, until
from tests.e2e.town import Town

LANGS = pytest.mark.parametrize("lang", ["ru", "en"])


def said(lang: str, ru: str, en: str) -> str:
    return ru if lang == "ru" else en


def local_hour(town: Town, zone: str) -> int:
    return town.clock().astimezone(ZoneInfo(zone)).hour


@LANGS
async def test_pauses_quiet_hours_and_times_are_set_in_words_and_stop_is_heard(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    times = await reader.say(said(lang, "выпуск в 8 и 19", "issue at 8 and 19"))
    assert reader.words("times-title", where="") in times["text"]
    assert (await reader.known()).times == (480, 1140)
    pause = await reader.say(said(lang, "пауза на неделю", "pause for a week"))
    assert reader.words("pause-until") in pause["text"]
    until_when = (await reader.known()).paused_until
    assert until_when is not None
    assert until_when - town.clock() > timedelta(days=6)
    resumed = await reader.say(said(lang, "возобнови", "resume"))
    assert resumed["text"].startswith(reader.words("pause-ended"))
    assert not is_paused(await reader.known(), town.clock())
    quiet = await reader.say(said(lang, "тихие часы с 22 до 7", "quiet 22-7"))
    assert reader.words("quiet-now", window="22–7") in quiet["text"]
    assert (await reader.known()).settings.quiet == (1320, 420)
    assert (await reader.say(said(lang, "помощь", "help")))["text"] == reader.words("help")
    await reader.say(said(lang, "Стоп.", "Stop."))
    assert (await reader.known()).state is ChatState.STOPPED
    settings = await reader.say(said(lang, "продолжай", "continue"))
    assert reader.words("settings-title", where="") in settings["text"]
    assert (await reader.known()).state is ChatState.ACTIVE


@LANGS
async def test_what_is_named_is_hidden_and_comes_back(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    shown = await reader.say(said(lang, "скрыть теслу", "hide tesla"))
    assert [(one.kind, one.what) for one in (await reader.known()).settings.hidden] == [(HiddenKind.TOPIC, "tesla")]
    await tap_word(reader, shown, "button-bring-back", name="Tesla")
    assert (await reader.known()).settings.hidden == ()


async def test_several_things_a_source_and_a_word_are_hidden_by_their_names(town: Town) -> None:
    reader = Reader(town)
    for typed in ("скрыть теслу и бмв", "не показывай источник Гараж", "скрыть слово рейтинг", "скрыть законы и сборы"):
        assert reader.words("hidden-title", where="") in (await reader.say(typed))["text"], typed
    hidden = [(one.kind.value, one.what) for one in (await reader.known()).settings.hidden]
    assert hidden == [
        ("topic", "tesla"), ("topic", "bmw"), ("source", "Гараж"), ("word", "рейтинг"), ("topic", "law"),
    ]  # fmt: skip
    # What may be a search is looked for, with the way to follow it.
    added = await reader.say("добавь самолётостроение")
    assert added["text"].startswith(reader.words("search-title", query="самолетостроение"))
    assert (await reader.known()).words == ()


@LANGS
async def test_what_was_hidden_in_words_is_brought_back_in_words(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    for typed in ("скрыть теслу и бмв", "скрыть слово рейтинги", 'скрыть "новый завод"'):
        await reader.say(typed)
    shown = await reader.say(said(lang, "верни теслу", "show tesla again"))
    assert shown["text"].startswith(f"{reader.words('hidden-back')}\n\n{reader.words('hidden-title', where='')}")
    await reader.say(said(lang, "верни слово рейтинг", "unhide рейтинг"))
    await reader.say("верни новый завод")
    assert [one.what for one in (await reader.known()).settings.hidden] == ["bmw"]
    looked = await reader.say("верни утильсбор")
    assert looked["text"].startswith(reader.words("search-title", query="верни утильсбор"))


@LANGS
async def test_start_is_heard_as_a_word_as_stop_is(town: Town, lang: str) -> None:
    reader, start = Reader(town, lang), said(lang, "старт", "start")
    assert (await reader.say(start))["text"] == reader.words("welcome")
    await reader.say("/time 8")
    assert (await reader.say(start))["text"] == reader.words("welcome-back")
    for stop in ("/stop", "/mute 3d"):
        await reader.say(stop)
        going = await reader.say(start)
        assert "8:00" in going["text"]
        person = await reader.known()
        assert (person.state, is_paused(person, town.clock())) == (ChatState.ACTIVE, False), stop
    await reader.say("/stop")
    await reader.say("/resume")
    assert (await reader.known()).state is ChatState.ACTIVE


@LANGS
async def test_a_language_is_named_and_its_command_has_a_longer_name(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    for typed in ("русский", "english", "/language"):
        assert reader.words("language-question") in (await reader.say(typed))["text"], typed


@LANGS
async def test_quotes_are_kept_around_a_phrase_and_nowhere_else(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    for typed in ('скрыть слово "зарядка"', "скрыть слово «новый завод»", 'hide "solid state"', "скрыть «теслу»"):
        shown = await reader.say(typed)
    hidden = [(one.kind.value, one.what) for one in (await reader.known()).settings.hidden]
    assert hidden == [("word", "зарядка"), ("word", '"новый завод"'), ("word", '"solid state"'), ("topic", "tesla")]
    await tap_word(reader, shown, "button-stop-word")
    await reader.say("«сухой док», «шум")
    assert [one.what for one in (await reader.known()).settings.hidden][-2:] == ['"сухой док"', "шум"]
    for typed in ('follow battery, "solid state"', 'следить за "новый завод"'):
        await reader.say(typed)
    assert (await reader.known()).words == ('battery, "solid state"', '"новый завод"')
    await reader.say('/topics -"новый завод"')
    assert (await reader.known()).words == ('battery, "solid state"',)


async def test_own_words_are_stored_without_what_means_nothing_in_them(town: Town) -> None:
    reader = Reader(town)
    await tap_word(reader, await reader.say("/topics"), "button-list-words")
    await tap_word(reader, reader.last, "button-own-add")
    await reader.wait_for(reader.words("prompt-own"))
    shown = await reader.say('"новый завод, монжаро -')
    assert "новый завод, монжаро —" in shown["text"]
    assert (await reader.known()).words == ("новый завод, монжаро",)


@LANGS
async def test_where_it_might_be_a_search_two_buttons_ask(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    typed = said(lang, "меньше чери", "less chery")
    question = await reader.say(typed)
    assert question["text"] == "\n\n".join([reader.words("wish-typed", text=typed), reader.words("wish-question")])
    assert labels(question) == [reader.words("button-wish-topic", name="Chery"), reader.words("button-wish-find")]
    found = await tap_word(reader, question, "button-wish-find")
    assert found["text"].startswith(reader.words("search-title", query=typed))
    again = await reader.say(typed)
    how_long = await tap_word(reader, again, "button-wish-topic", name="Chery")
    hidden = await tap_word(reader, how_long, "button-hide-ever")
    assert reader.words("hidden-title", where="") in hidden["text"]
    assert [one.what for one in (await reader.known()).settings.hidden] == ["chery"]
    assert (await reader.forge("wi:topic", message_id=hidden["message_id"])).alert


async def test_a_word_of_a_topic_is_not_the_topic_and_a_word_of_all_news_is_asked_about(town: Town) -> None:
    reader = Reader(town)
    question = await reader.say("скрыть утильсбор")
    assert (await reader.known()).settings.hidden == ()
    assert labels(question) == [
        reader.words("button-wish-word", name="утильсбор"),
        reader.words("button-wish-topic", name="Законы и сборы"),
        reader.words("button-wish-find"),
    ]
    how_long = await tap_word(reader, question, "button-wish-word", name="утильсбор")
    await tap_word(reader, how_long, "button-hide-month", days=30)
    (hidden,) = (await reader.known()).settings.hidden
    assert (hidden.kind, hidden.what) == (HiddenKind.WORD, "утильсбор")
    assert hidden.until is not None
    assert timedelta(days=29) < hidden.until - town.clock() <= timedelta(days=30)
    doubt = await reader.say("скрыть новости")
    assert reader.words("hide-common", word="новости") in doubt["text"]
    assert len((await reader.known()).settings.hidden) == 1
    await tap_word(reader, doubt, "button-hide-sure")
    assert [one.what for one in (await reader.known()).settings.hidden] == ["утильсбор", "новости"]


@LANGS
async def test_what_is_said_in_a_word_is_done(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    greeted = await reader.say(said(lang, "привет!", "Hi"))
    assert greeted["text"] == reader.words("welcome")
    assert (await reader.say(said(lang, "спасибо", "thanks")))["text"] == reader.words("thanked")
    await reader.say(said(lang, "только заголовки", "headlines only"))
    await reader.say(said(lang, "без мнений", "no opinions"))
    urgent = await reader.say(said(lang, "срочное", "breaking news on"))
    assert urgent["text"].startswith(reader.words("instant-breaking"))
    person = await reader.known()
    assert (person.settings.density, person.settings.opinions) == (Density.BRIEF, Opinions.NONE)
    assert person.instant is Instant.BREAKING
    which = await reader.say(said(lang, "я живу в Уфе", "I live in Ufa"))
    if lang == "ru":
        await reader.tap(labels(which)[0], which)
    assert (await reader.known()).zone == "Asia/Yekaterinburg"
    assert (await reader.say("/search -тесла"))["text"] == reader.words("search-only-excludes", text="тесла")


@LANGS
async def test_the_last_thing_chosen_is_not_hidden_without_asking(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/start")
    await town.app.store.chats.choose_topics((await reader.known()).id, frozenset({"tesla"}))
    question = await reader.say(said(lang, "скрой теслу", "hide tesla"))
    assert (await reader.known()).settings.hidden == ()
    await tap_word(reader, question, "button-hide-sure")
    assert [one.what for one in (await reader.known()).settings.hidden] == ["tesla"]


@LANGS
async def test_a_clock_typed_after_the_question_is_the_zone_and_no_time_of_issue(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/zone")
    asked = await reader.say("13:00")
    assert asked["text"] == reader.words("zone-clock-right", clock="13:00")
    shown = await reader.say(said(lang, "да", "yes"))
    assert reader.words("zone-set", clock="13:00") in shown["text"]
    person = await reader.known()
    assert (person.times, local_hour(town, person.zone)) == ((), 13)


@LANGS
async def test_a_bare_hour_answers_when_and_quiet_hours_are_typed_hour_by_hour(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/time")
    await reader.say("8")
    assert (await reader.known()).times == (480,)
    screen = await reader.say("/quiet")
    await tap_word(reader, screen, "button-quiet-own")
    asked = await reader.say("22")
    assert asked["text"] == reader.words("quiet-to", start="22:00")
    await reader.say("7")
    assert (await reader.known()).settings.quiet == (1320, 420)
    await reader.say("/mute")
    assert reader.words("pause-until") in (await reader.say(said(lang, "3 дня", "3 days")))["text"]


async def test_an_answer_may_come_late_or_not_at_all(town: Town) -> None:
    reader = Reader(town)
    question = await reader.say("/search")
    assert question["reply_markup"]["force_reply"]
    assert len(numbered(await reader.say("утильсбор"))) == 2
    words = await reader.say("/topics")
    await tap_word(reader, words, "button-list-words")
    await tap_word(reader, words, "button-own-add")
    await reader.wait_for(reader.words("prompt-own"))
    town.clock.advance(RECENT + timedelta(seconds=1))
    assert (await reader.say("монжаро"))["text"].startswith(reader.words("search-title", query="монжаро"))
    assert (await reader.known()).words == ()


async def test_a_reply_to_a_screen_answers_it_long_after(town: Town) -> None:
    reader = Reader(town)
    times, zone = await reader.say("/time"), await reader.say("/zone")
    town.clock.advance(timedelta(days=2))
    await reader.say("9", reply_to=times)
    assert (await reader.known()).times == (540,)
    asked = await reader.say(f"{town.clock():%H:%M}", reply_to=zone)
    assert reader.words("button-yes") in labels(asked)


async def test_what_is_asked_about_a_channel_is_answered_for_it_alone(town: Town) -> None:
    admin = Reader(town)
    await admin.say("/start")
    key = await channel_of(town, "Гараж", owner=admin.id)
    await admin.wait_for("Гараж")
    screen = await admin.say("/channels")
    await admin.forge(f"z:{key}:times", message_id=screen["message_id"])
    await admin.say("9 и 18")

    async def set_for_it() -> bool:
        chats = await town.app.store.chats.managed_by(admin.id)
        return [chat.times for chat in chats] == [(540, 1080)]

    await until(set_for_it, "the channel's times")
    assert (await admin.known()).times == ()
