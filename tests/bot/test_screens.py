from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.callbacks import DigestTap, SubscribeTap, TimeTap, TopicList, TopicTap, ZoneTap
from bot.i18n import LANGUAGES, words_for
from bot.markup import Button, Message, plain
from bot.render import fits
from bot.screens import TOPICS_A_PAGE, Screens
from bot.subscriber import choosing
from bot.subscriber.account import help_screen, stopped
from bot.subscriber.quiet import hours_screen
from bot.subscriber.timetable import times_screen, weekly_screen
from bot.subscriber.zonescreens import cities_screen, clock_screen, zones_screen
from bot.zones import CITIES, PAGE
from feeds.issue import Chat, ChatId, ChatKind, ChatState
from feeds.topics import Catalogue, Topic
from tests.samples import NOW, chat

WIDEST = ChatId(2**63 - 1)


@pytest.fixture
def screens(catalogue: Catalogue) -> Screens:
    return Screens(words=words_for("ru"), catalogue=catalogue, now=NOW)


def buttons(message: Message) -> list[Button]:
    return [button for row in message.keyboard for button in row]


def labels(message: Message) -> list[str]:
    return [button.text for button in buttons(message)]


def everything(screens: Screens, person: Chat) -> Iterator[tuple[str, Message]]:
    """Every screen and page of a chat."""
    topics = list(screens.catalogue.makes)
    if person.kind is ChatKind.PRIVATE:
        yield "welcome", choosing.welcome(screens, person)
        yield "found", choosing.found(screens, person, topics[:TOPICS_A_PAGE])
        yield "subscribed", screens.subscribed(person)
        yield "stopped", stopped(screens.words, "stopped", asks=True)
        yield "help", help_screen(screens.words)
        yield "nothing new", screens.nothing_new(person)
    for on in ("t", "m"):
        for page in range(-(-len(screens.catalogue.makes) // TOPICS_A_PAGE)):
            yield f"topics {on} {page}", choosing.topics(screens, person, on=on, page=page)
    yield "times", times_screen(screens, person)
    yield "languages", screens.languages(person)
    yield "settings", screens.settings(person)
    for page in (0, 1):
        yield f"zones {page}", zones_screen(screens, person, page=page)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [ChatKind.PRIVATE, ChatKind.CHANNEL])
@pytest.mark.parametrize("full", [False, True], ids=["new", "full"])
def test_every_screen_is_one_that_telegram_takes(
    catalogue: Catalogue, lang: str, kind: ChatKind, *, full: bool
) -> None:
    screens = Screens(words=words_for(lang), catalogue=catalogue, now=NOW)
    person = chat(id=WIDEST, kind=kind, lang=lang, title="Г" * 128)
    if full:
        topics = frozenset(topic.id for topic in (*catalogue.themes, *catalogue.makes))
        zone, times = "America/Argentina/ComodRivadavia", (360, 720, 1080, 1425)
        active = {"state": ChatState.ACTIVE, "next_at": NOW + timedelta(hours=5), "issued_at": NOW}
        person = replace(person, topics=topics, zone=zone, times=times, reads=LANGUAGES, **active)  # type: ignore[arg-type]
    for name, message in everything(screens, person):
        assert fits(message.document), name
        assert plain(message.document).strip(), name
        assert len(buttons(message)) <= 100, name
        assert all(len(row) <= 8 for row in message.keyboard), name
        for button in buttons(message):
            assert 0 < len(button.text) <= 64, (name, button.text)
            assert 1 <= len((button.data or "").encode()) <= 64, (name, button.data)


def test_the_longest_zone_fits_into_a_button() -> None:
    from zoneinfo import available_timezones  # noqa: PLC0415

    assert max(len(ZoneTap(chat=WIDEST, zone=zone, page=1).pack()) for zone in available_timezones()) <= 64


def test_four_times_fit_into_a_button() -> None:
    assert len(SubscribeTap(times="1425-1410-1395-1380", issue=2**63 - 1).pack()) <= 64


def test_every_topic_fits_into_a_button(catalogue: Catalogue) -> None:
    topics = (*catalogue.themes, *catalogue.makes)
    assert max(len(TopicTap(chat=WIDEST, on="m", topic=topic.id, page=999).pack()) for topic in topics) <= 64
    assert not [topic.id for topic in topics if "_" in topic.id or ":" in topic.id]


def test_topics_are_named_shortly_enough_for_two_in_a_row(catalogue: Catalogue) -> None:
    names = [topic.name[lang] for topic in (*catalogue.themes, *catalogue.makes) for lang in LANGUAGES]
    assert [name for name in names if len(name) > 24] == []


def test_the_first_tap_after_start_shows_news(screens: Screens) -> None:
    message = choosing.welcome(screens, chat())
    assert buttons(message)[-1].data == DigestTap(what=choosing.FIRST).pack()


def test_chosen_topics_are_ticked(screens: Screens, catalogue: Catalogue) -> None:
    theme = catalogue.themes[0]
    message = choosing.topics(screens, chat(topics=frozenset({theme.id})))
    first = buttons(message)[0]
    assert (first.text, first.style) == (f"✓ {theme.name['ru']}", "success")
    assert TopicTap.unpack(first.data or "").topic == theme.id
    assert not any(label.startswith("✓") for label in labels(message)[1:])


def questions(screens: Screens, managed: Chat) -> Iterator[tuple[str, Message]]:
    """Every question that is asked about a chat of several on a way to set it up."""
    yield "day", weekly_screen(screens, managed)
    yield "hour", weekly_screen(screens, managed, day=2)
    yield "quiet from", hours_screen(screens, managed)
    yield "quiet to", hours_screen(screens, managed, start=22)
    yield "city", cities_screen(screens, managed, [])
    yield "clock", clock_screen(screens, managed, "Europe/Moscow")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_question_about_one_of_several_channels_names_it(catalogue: Catalogue, lang: str) -> None:
    screens = Screens(words=words_for(lang), catalogue=catalogue, now=NOW)
    managed = chat(id=WIDEST, kind=ChatKind.CHANNEL, lang=lang, title="Автоновости")
    for name, message in (*everything(screens, managed), *questions(screens, managed)):
        assert "Автоновости" in plain(message.document), name


@pytest.mark.parametrize("page", [-5, 0, 1, 10_000])
def test_any_page_asked_for_is_one_that_exists(screens: Screens, page: int) -> None:
    lists: tuple[TopicList, ...] = ("t", "m")
    for on in lists:
        screen = choosing.topics(screens, chat(), on=on, page=page)
        toggles = [button for button in buttons(screen) if TopicTap.__prefix__ in (button.data or "")]
        assert toggles
    assert labels(zones_screen(screens, chat(), page=page))


def test_pages_turn_round(screens: Screens, catalogue: Catalogue) -> None:
    pages = -(-len(catalogue.makes) // TOPICS_A_PAGE)
    back, _, forth = choosing.topics(screens, chat(), on="m", page=0).keyboard[-5]
    assert TopicTap.unpack(back.data or "").page == pages - 1
    assert TopicTap.unpack(forth.data or "").page == 1


def test_all_pages_together_offer_every_topic_once(screens: Screens, catalogue: Catalogue) -> None:
    every: tuple[tuple[TopicList, tuple[Topic, ...]], ...] = (("t", catalogue.themes), ("m", catalogue.makes))
    for on, topics in every:
        pages = range(-(-len(topics) // TOPICS_A_PAGE))
        taps = [
            TopicTap.unpack(button.data or "").topic
            for page in pages
            for row in choosing.topics(screens, chat(), on=on, page=page).keyboard[:-5]
            for button in row
        ]
        assert taps == [topic.id for topic in topics]


def test_many_chosen_topics_are_named_in_short(screens: Screens, catalogue: Catalogue) -> None:
    every = frozenset(topic.id for topic in catalogue.makes)
    assert screens.topic_list(chat(topics=every)).endswith(f" и ещё {len(every) - 6}")
    assert screens.topic_list(chat()) == "все темы"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_settings_call_what_is_chosen_the_same_in_words_and_on_buttons(catalogue: Catalogue, lang: str) -> None:
    brush = Screens(words=words_for(lang), catalogue=catalogue, now=NOW)
    theme, make = catalogue.themes[0], catalogue.makes[0]
    own = brush.settings(chat(lang=lang, words=("батарея", "электробус -москва")))
    said = [line.partition(": ")[0] for line in plain(own.document).splitlines() if "батарея" in line]
    assert said == [brush.words("panel-words", count=2).partition(": ")[0]]
    every = brush.settings(chat(lang=lang, topics=frozenset({theme.id, make.id}), words=("батарея",)))
    lines = [line.partition(": ") for line in plain(every.document).splitlines()[2:5]]
    assert [name for name, _, _ in lines] == [label.partition(": ")[0] for label in labels(every)[:3]]
    assert [named for _, _, named in lines][:2] == [brush.name(theme), brush.name(make)]
    assert plain(brush.settings(chat(lang=lang)).document).splitlines()[2].endswith(brush.words("topics-all"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "выпусков нет"),
        ({"state": ChatState.ACTIVE, "times": (480, 1140)}, "каждый день в 8:00 и 19:00"),
        ({"state": ChatState.ACTIVE, "times": ()}, "выпусков нет"),
        ({"state": ChatState.STOPPED, "times": (480,)}, "выпусков нет"),
        ({"state": ChatState.PAUSED, "times": (480,)}, "на паузе"),
    ],
)
def test_times_are_said_as_they_are(screens: Screens, settings: dict[str, Any], said: str) -> None:
    assert screens.time_list(chat(**settings)) == said


def test_only_the_times_of_an_active_chat_are_ticked(screens: Screens) -> None:
    assert "✓ 8:00" in labels(times_screen(screens, chat(state=ChatState.ACTIVE, times=(480,))))
    assert "✓ 8:00" not in labels(times_screen(screens, chat(state=ChatState.STOPPED, times=(480,))))


def test_a_time_between_the_hours_is_said_though_it_has_no_button(screens: Screens) -> None:
    message = times_screen(screens, chat(state=ChatState.ACTIVE, times=(435,)))
    assert "7:15" in plain(message.document)


def test_a_clock_shows_the_time_there(screens: Screens) -> None:
    assert labels(zones_screen(screens, chat()))[:2] == ["7:00 Калининград", "8:00 Москва"]
    assert len(labels(zones_screen(screens, chat()))) == PAGE + 4
    assert len(labels(zones_screen(screens, chat(), page=1))) == len(CITIES) - PAGE + 4


def test_a_subscription_is_confirmed_with_its_first_moment(screens: Screens) -> None:
    person = chat(state=ChatState.ACTIVE, times=(480, 1140), next_at=NOW + timedelta(hours=11))
    text = plain(screens.subscribed(person).document)
    assert "8:00 и 19:00" in text
    assert "Москва" in text
    assert "сегодня в 19:00" in text


def test_nothing_new_offers_everything_only_to_who_chose(screens: Screens) -> None:
    assert buttons(screens.nothing_new(chat())) == []
    [every] = buttons(screens.nothing_new(chat(topics=frozenset({"ev"}))))
    assert every.data == DigestTap(what="all").pack()


def test_the_screens_of_a_channel_name_it_and_act_on_it(screens: Screens) -> None:
    channel = chat(id=ChatId(5), kind=ChatKind.CHANNEL, title="Гараж", state=ChatState.ACTIVE, times=(480,))
    for message in (times_screen(screens, channel), choosing.topics(screens, channel)):
        assert "Гараж" in plain(message.document)
    assert all(
        TimeTap.unpack(b.data or "").chat == 5 for row in times_screen(screens, channel).keyboard[:3] for b in row
    )
