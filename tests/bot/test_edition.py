from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.callbacks import DoubtTap, IssueTap, StoryTap, SubscribeTap
from bot.edition import Edition
from bot.i18n import NBSP
from bot.keys import Delivery
from bot.markup import Message, plain
from bot.render import fits
from feeds.chatsettings import ChatSettings, Density, Picture
from feeds.issue import ChatKind, ChatState, Digest, DigestKind, OutboxId, Parcel, Section
from feeds.topics import Catalogue
from tests.samples import HOUR, NOW, chat, digest, opinion, told
from tests.samples import digest as made


def parcel(
    *,
    stories: int = 1,
    kind: DigestKind = DigestKind.SCHEDULED,
    digest: Digest | None = None,
    **reader: Any,
) -> Parcel:
    values = {"state": ChatState.ACTIVE, "times": (480,)} | reader
    long = [told(n, headline="Длинный заголовок " * 8, opinion=opinion("Слово. " * 20)) for n in range(1, stories + 1)]
    issue = digest or (made(*long, kind=kind) if stories > 1 else made(kind=kind))
    return Parcel(id=OutboxId(5), chat=chat(**values), slot="s", digest=issue, due_at=NOW)


@pytest.fixture
def edition(catalogue: Catalogue) -> Edition:
    return Edition(catalogue, username=lambda: "autodigest_bot")


def labels(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.keyboard]


@pytest.mark.parametrize("kind", DigestKind)
def test_in_quiet_hours_an_issue_comes_without_a_sound_unless_it_was_asked_for(
    edition: Edition, kind: DigestKind
) -> None:
    night = ChatSettings(quiet=(7 * 60, 9 * 60))  # NOW is eight in Moscow
    asked = kind in {DigestKind.ASKED, DigestKind.FIRST}
    [message] = edition.write(parcel(kind=kind, settings=night))
    assert message.silent is not asked
    [message] = edition.write(parcel(kind=kind))
    assert message.silent is (kind is DigestKind.TRIAL)  # an admin who tries posts out wakes nobody


@pytest.mark.parametrize("density", Density)
def test_what_a_channel_signs_with_stands_under_every_kind_of_post(edition: Edition, density: Density) -> None:
    look = ChatSettings(density=density, signature=" Автоновости каждый день ")
    channel = chat(kind=ChatKind.CHANNEL, state=ChatState.ACTIVE, settings=look)
    issue = digest(told(1), told(2), told(3))
    written = edition.write(Parcel(id=OutboxId(5), chat=channel, slot="s", digest=issue, due_at=NOW))
    signed = [plain(message.document).endswith("\nАвтоновости каждый день") for message in written]
    assert signed == [True] * (3 if density is Density.CARDS else 1)


def test_each_card_on_trial_says_so(edition: Edition) -> None:
    trial = digest(told(1), told(2), kind=DigestKind.TRIAL)
    channel = chat(kind=ChatKind.CHANNEL, state=ChatState.ACTIVE, settings=ChatSettings(density=Density.CARDS))
    written = edition.write(Parcel(id=OutboxId(5), chat=channel, slot="s", digest=trial, due_at=NOW))
    assert [plain(message.document).startswith("Проба") for message in written] == [True, True]


def taps(message: Message) -> list[str]:
    return [button.data or "" for row in message.keyboard for button in row]


def test_a_subscriber_gets_the_digest_with_its_stories_by_number_and_the_ways_on(edition: Edition) -> None:
    [message] = edition.write(parcel(digest=digest(told(1), told(2), left_over=3)))
    assert labels(message) == [["1", "2"], ["Ещё 3"], ["Пауза", "Настроить"]]
    assert StoryTap(story=2, do="o", issue=5).pack() in taps(message)
    assert taps(message)[-1] == IssueTap(issue=5).pack()


def test_up_to_seven_numbers_stand_in_one_row_and_more_are_spread_evenly(edition: Edition) -> None:
    def rows_of(count: int, **settings: Any) -> list[int]:
        many = digest(*[told(number) for number in range(1, count + 1)])
        [message] = edition.write(parcel(digest=many, settings=ChatSettings(**settings)))
        return [len(row) for row in message.keyboard[:-1]]

    assert [rows_of(count) for count in (1, 7, 8, 12)] == [[1], [7], [4, 4], [6, 6]]
    assert rows_of(7, accessible=True) == [3, 3, 1]


def test_what_does_not_fit_waits_behind_a_button_of_the_same_message(edition: Edition) -> None:
    whole = parcel(stories=40)
    [message] = edition.write(whole)
    pages = edition.pages(whole.chat, whole.digest)
    shown = len(pages[0].stories)
    assert shown < 40
    assert f"Ещё {min(40 - shown, 7)}" in [label for row in labels(message) for label in row]
    second = edition.page(whole.chat, whole.digest, Delivery(issue=5), 1)
    assert f"\n{shown + 1}. " in f"\n{plain(second.document)}"
    assert labels(second)[0][0] == str(shown + 1)
    assert [label for row in labels(second) for label in row].count("‹ Назад") == 1


def test_a_newcomer_is_asked_under_the_first_issue_whether_there_shall_be_more(edition: Edition) -> None:
    [message] = edition.write(parcel(stories=40, state=ChatState.NEW, times=(), kind=DigestKind.FIRST))
    assert plain(message.document).endswith("каждый день?")
    assert SubscribeTap(times="480", issue=5).pack() in taps(message)
    assert IssueTap(issue=5).pack() not in taps(message)
    assert len(plain(message.document)) <= 4096


def test_who_stopped_is_asked_whether_it_shall_be_as_it_was(edition: Edition) -> None:
    [message] = edition.write(parcel(state=ChatState.STOPPED, times=(480, 540)))
    assert plain(message.document).replace(NBSP, " ").endswith("Возобновить их: каждый день в 8:00 и 9:00?")
    assert list(labels(message)[-1]) == ["Возобновить", "Другое время"]
    [message] = edition.write(parcel(state=ChatState.STOPPED, times=()))
    assert plain(message.document).endswith("Присылать такой выпуск каждый день?")


@pytest.mark.parametrize("kind", [ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.SUPERGROUP])
def test_a_channel_gets_the_digest_with_a_link_and_no_callbacks(edition: Edition, kind: ChatKind) -> None:
    reader = chat(kind=kind, title="Гараж", state=ChatState.NEW)
    [message] = edition.write(Parcel(id=OutboxId(5), chat=reader, slot="s", digest=digest(), due_at=NOW))
    [[button]] = message.keyboard
    assert (button.url, button.data) == ("https://t.me/autodigest_bot?start=c_1_5_0", None)
    assert "каждый день?" not in plain(message.document)


def test_a_channels_long_issue_goes_on_in_a_second_message_without_another_sound(edition: Edition) -> None:
    reader = chat(kind=ChatKind.CHANNEL, title="Гараж", state=ChatState.ACTIVE)
    messages = edition.write(replace(parcel(stories=40), chat=reader))
    assert len(messages) > 1
    assert [plain(message.document).splitlines()[-1] for message in messages] == [
        f"{part}/{len(messages)}" for part in range(1, len(messages) + 1)
    ]
    assert [message.silent for message in messages] == [False] + [True] * (len(messages) - 1)
    assert [message.follows for message in messages] == [False] + [True] * (len(messages) - 1)
    numbers = re.findall(r"^(\d+)\. ", "\n".join(plain(message.document) for message in messages), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, 41))


@pytest.mark.parametrize("kind", [ChatKind.PRIVATE, ChatKind.CHANNEL])
def test_no_two_messages_bear_the_same_keyboard(edition: Edition, kind: ChatKind) -> None:
    settings = ChatSettings(density=Density.CARDS)
    reader = chat(kind=kind, state=ChatState.ACTIVE, times=(480,), settings=settings)
    first = replace(parcel(stories=7), chat=reader)
    messages = [*edition.write(first), *edition.write(replace(first, id=OutboxId(6)))]
    keyboards = [message.keyboard for message in messages]
    assert len(set(keyboards)) == len(keyboards) == 14


def test_as_cards_every_story_is_a_message_and_only_the_first_rings(edition: Edition) -> None:
    issue = digest(told(1), told(2), left_over=4, next_at=NOW + HOUR)
    first, last = edition.write(parcel(digest=issue, settings=ChatSettings(density=Density.CARDS)))
    assert plain(first.document).startswith("Авто за день")
    assert plain(last.document).startswith("Новость номер 2")
    assert "Следующий выпуск" in plain(last.document)
    assert (first.silent, last.silent) == (False, True)
    assert labels(first)[0] == ["Читать ↗", "Сохранить"]
    assert labels(last)[-2:] == [["Ещё 4"], ["Пауза", "Настроить"]]
    assert first.preview_url == "https://koleso.example/1"


@pytest.mark.parametrize(
    ("settings", "url", "large"),
    [
        (ChatSettings(), "https://koleso.example/1", False),
        (ChatSettings(picture=Picture.PHOTO), "https://koleso.example/1", True),
        (ChatSettings(picture=Picture.NONE), None, False),
        (ChatSettings(light=True), None, False),
        (ChatSettings(light=True, picture=Picture.PHOTO), None, False),
        (ChatSettings(previews=False), None, False),
    ],
)
def test_a_post_shows_its_article_small_large_or_not_at_all(
    edition: Edition, *, settings: ChatSettings, url: str | None, large: bool
) -> None:
    channel = chat(kind=ChatKind.CHANNEL, state=ChatState.ACTIVE, settings=settings)
    [post] = edition.write(replace(parcel(kind=DigestKind.INSTANT), chat=channel))
    assert (post.preview_url, post.preview_large) == (url, large)


def test_a_logo_is_no_picture_to_preview(edition: Edition) -> None:
    channel = chat(kind=ChatKind.CHANNEL, state=ChatState.ACTIVE)
    logo = digest(told(1, picture="https://koleso.example/img/logo.png"), kind=DigestKind.INSTANT)
    [post] = edition.write(replace(parcel(digest=logo), chat=channel))
    assert post.preview_url is None


def test_a_channels_post_leads_to_the_article_and_to_the_readers_own_feed(edition: Edition) -> None:
    channel = chat(kind=ChatKind.CHANNEL, state=ChatState.ACTIVE, settings=ChatSettings(sound=False))
    [post] = edition.write(replace(parcel(kind=DigestKind.INSTANT), chat=channel))
    [[read, mine]] = post.keyboard
    assert (read.text, read.url) == ("Читать полностью ↗", "https://koleso.example/1")
    assert (mine.text, mine.url) == ("Моя лента", "https://t.me/autodigest_bot?start=s_1_5_0")
    assert post.silent
    assert all(button.data is None for button in (read, mine))


def test_breaking_news_goes_to_a_reader_with_a_cards_buttons_and_to_a_newcomer_without_a_question(
    edition: Edition,
) -> None:
    [message] = edition.write(parcel(kind=DigestKind.BREAKING, state=ChatState.NEW, times=()))
    assert plain(message.document).startswith("🔴 Срочно. Новость номер 1")
    assert labels(message)[1] == ["👍", "👎", "Меньше такого"]
    assert "каждый день?" not in plain(message.document)


def test_in_the_accessible_look_buttons_are_words(edition: Edition) -> None:
    look = ChatSettings(accessible=True)
    [message] = edition.write(parcel(kind=DigestKind.INSTANT, settings=look))
    assert labels(message)[:2] == [
        ["Читать статью", "Сохранить"],
        ["Нравится", "Не нравится", "Меньше такого"],
    ]
    [message] = edition.write(parcel(settings=look))
    assert labels(message)[0] == ["Новость 1"]


def test_an_address_of_thousands_of_characters_gets_no_button(edition: Edition) -> None:
    long = digest(told(1, url="https://koleso.example/" + "x" * 5000), kind=DigestKind.INSTANT)
    [message] = edition.write(parcel(digest=long))
    assert labels(message)[0] == ["Сохранить"]
    assert message.preview_url is None


def test_an_earlier_issue_in_doubt_is_offered_under_any_look(edition: Edition) -> None:
    for density in Density:
        messages = edition.write(replace(parcel(settings=ChatSettings(density=density)), missed=OutboxId(3)))
        assert DoubtTap(issue=3, do="again").pack() in taps(messages[-1])


def test_whoever_set_the_same_is_written_to_once(edition: Edition) -> None:
    issue = digest(told(1))
    same = [edition.pages(chat(id=number), issue) for number in (1, 2)]
    other = edition.pages(chat(settings=ChatSettings(density=Density.BRIEF)), issue)
    assert same[0] is same[1]
    assert other is not same[0]


def test_themes_are_called_by_their_names_in_the_chats_language(edition: Edition, catalogue: Catalogue) -> None:
    theme = catalogue.themes[0]
    issue = digest(sections=(Section(topic=theme.id, stories=(told(1),)),))
    for lang in ("ru", "en"):
        written = edition.write(Parcel(id=OutboxId(5), chat=chat(lang=lang), slot="s", digest=issue, due_at=NOW))
        assert theme.name[lang] in plain(written[0].document)


def test_a_parcel_is_written_the_same_way_each_time(edition: Edition) -> None:
    one = parcel(stories=40)
    assert edition.write(one) == edition.write(one)
    assert all(fits(message.document) for message in edition.write(one))
