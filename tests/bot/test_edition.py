from __future__ import annotations

from typing import Any

import pytest

from bot.callbacks import IssueTap, SubscribeTap
from bot.edition import Edition
from bot.markup import plain
from bot.render import fits
from feeds.issue import ChatKind, ChatState, DigestKind, OutboxId, Parcel, Section
from feeds.topics import Catalogue
from tests.samples import NOW, chat, digest, opinion, told


def parcel(*, stories: int = 1, kind: DigestKind = DigestKind.SCHEDULED, **reader: Any) -> Parcel:
    values = {"state": ChatState.ACTIVE, "times": (480,)} | reader
    long = [told(n, headline="Длинный заголовок " * 8, opinion=opinion("Слово. " * 20)) for n in range(1, stories + 1)]
    issue = digest(*long, kind=kind) if stories > 1 else digest(kind=kind)
    return Parcel(id=OutboxId(5), chat=chat(**values), slot="s", digest=issue, due_at=NOW)


@pytest.fixture
def edition(catalogue: Catalogue) -> Edition:
    return Edition(catalogue, username=lambda: "autodigest_bot")


def test_a_subscriber_gets_the_digest_and_one_button(edition: Edition) -> None:
    [message] = edition.write(parcel())
    assert [button.data for row in message.keyboard for button in row] == [IssueTap(issue=5).pack()]


def test_a_newcomer_is_asked_under_the_last_message_whether_there_shall_be_more(edition: Edition) -> None:
    messages = edition.write(parcel(stories=40, state=ChatState.NEW, times=(), kind=DigestKind.FIRST))
    assert len(messages) > 1
    assert ["каждый день?" in plain(message.document) for message in messages] == [False] * (len(messages) - 1) + [True]
    taps = [button.data or "" for row in messages[-1].keyboard for button in row]
    assert SubscribeTap(times="480", issue=5).pack() in taps
    assert all(len(plain(message.document)) <= 4096 for message in messages)


def test_who_stopped_is_asked_too(edition: Edition) -> None:
    [message] = edition.write(parcel(state=ChatState.STOPPED))
    assert "каждый день?" in plain(message.document)


@pytest.mark.parametrize("kind", [ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.SUPERGROUP])
def test_a_channel_gets_the_digest_with_a_link_and_no_callbacks(edition: Edition, kind: ChatKind) -> None:
    reader = chat(kind=kind, title="Гараж", state=ChatState.NEW)
    [message] = edition.write(Parcel(id=OutboxId(5), chat=reader, slot="s", digest=digest(), due_at=NOW))
    [[button]] = message.keyboard
    assert (button.url, button.data) == ("https://t.me/autodigest_bot?start=c_1_5_0", None)
    assert "каждый день?" not in plain(message.document)


def test_no_two_messages_bear_the_same_keyboard(edition: Edition) -> None:
    keyboards = [message.keyboard for message in edition.write(parcel(stories=40))]
    assert len(set(keyboards)) == len(keyboards) > 1


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
