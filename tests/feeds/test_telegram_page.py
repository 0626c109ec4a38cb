from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.model import ParsedFeed, Source, SourceId, SourceSpec
from feeds.normalise import normalise
from feeds.parse import parse_feed
from feeds.polls import Failed, FailureKind, PollState
from feeds.telegram_page import is_telegram_page

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
ADDRESS = "https://t.me/s/primer_auto"


def message(number: int, body: str, *, kind: str = "") -> str:
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap {kind} js-widget_message"'
        f' data-post="primer_auto/{number}"><div class="tgme_widget_message_bubble">'
        '<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/primer_auto">'
        f'<span dir="auto">Пример авто</span></a></div>{body}<div class="tgme_widget_message_footer">'
        f'<a class="tgme_widget_message_date" href="https://t.me/primer_auto/{number}">'
        f'<time datetime="2026-07-31T10:{number % 60:02}:00+03:00" class="time">10:00</time></a>'
        "</div></div></div></div>"
    )


def text(inner: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{inner}</div>'


def page(*messages: str) -> bytes:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Пример авто – Telegram</title>'
        '<meta property="og:title" content="Пример авто"></head><body>'
        f'<section class="tgme_channel_history js-message_history">{"".join(messages)}</section></body></html>'
    ).encode()


def read(*messages: str) -> ParsedFeed:
    feed = parse_feed(page(*messages), content_type="text/html", url=ADDRESS, now=NOW)
    assert isinstance(feed, ParsedFeed)
    return feed


def test_messages_become_entries_with_their_permanent_links_the_newest_first() -> None:
    feed = read(message(1, text("Первая новость")), message(2, text("Вторая новость")))
    assert feed.title == "Пример авто"
    assert feed.link == "https://t.me/primer_auto"
    assert [(entry.guid, entry.link) for entry in feed.entries] == [
        ("https://t.me/primer_auto/2", "https://t.me/primer_auto/2"),
        ("https://t.me/primer_auto/1", "https://t.me/primer_auto/1"),
    ]
    assert feed.entries[0].published == datetime(2026, 7, 31, 7, 2, tzinfo=UTC)


def test_the_first_line_is_the_title_and_the_others_are_paragraphs() -> None:
    said = text(
        "<b>⚡️ Новый кроссовер показали в Москве</b><br/><br/>Цена пока не названа.<br/>Продажи начнутся осенью."
    )
    source = Source(
        id=SourceId(1), spec=SourceSpec(name="Пример авто", url=ADDRESS, lang="ru"), poll=PollState(next_at=NOW)
    )
    [item] = normalise(read(message(7, said)), source, now=NOW).items
    assert item.title == "Новый кроссовер показали в Москве"
    assert "Цена пока не названа." in item.text.split("\n\n")
    assert item.url == "https://t.me/primer_auto/7"


def test_emoji_are_characters_again() -> None:
    emoji = (
        '<tg-emoji emoji-id="1"><i class="emoji" style="background-image:url(\'//x/y.png\')"><b>🚗</b></i></tg-emoji>'
    )
    [entry] = read(message(1, text(f"Машина {emoji} едет"))).entries
    assert entry.title == "Машина 🚗 едет"
    assert not entry.pictures


def test_service_messages_and_wordless_ones_are_passed_over_and_not_counted() -> None:
    pinned = message(1, text("Пример авто закрепил сообщение"), kind="service_message")
    sticker = message(2, '<div class="tgme_widget_message_sticker_wrap"></div>')
    feed = read(pinned, sticker, message(3, text("Новость")))
    assert [entry.title for entry in feed.entries] == ["Новость"]
    assert feed.skipped == 0


def test_the_words_a_message_replies_to_are_not_its_own() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/primer_auto/1">'
        '<div class="tgme_widget_message_text js-message_reply_text">Чужие слова</div></a>'
    )
    [entry] = read(message(2, reply + text("Свои слова"))).entries
    assert entry.content_html == "Свои слова"


def test_photos_come_from_the_background_of_their_frames() -> None:
    frame = (
        '<a class="tgme_widget_message_photo_wrap 5 5_6" href="https://t.me/primer_auto/3"'
        " style=\"width:800px;background-image:url('https://cdn4.example/file/a.jpg')\"></a>"
    )
    [entry] = read(message(3, frame + text("С картинкой"))).entries
    assert entry.pictures == ("https://cdn4.example/file/a.jpg",)


def test_a_bare_link_is_told_by_its_preview() -> None:
    preview = (
        '<a class="tgme_widget_message_link_preview" href="https://example.ru/1"><div class="link_preview_title">'
        'Заголовок &amp; статья</div><div class="link_preview_description">О чём она.</div></a>'
    )
    [entry] = read(message(4, preview)).entries
    assert entry.title == "Заголовок &amp; статья"
    assert entry.content_html == "<p>Заголовок &amp; статья</p><p>О чём она.</p>"


def test_a_long_first_line_is_no_title() -> None:
    [entry] = read(message(5, text("Слово " * 60))).entries
    assert entry.title == ""


def test_a_name_without_a_public_channel_is_a_page_instead_of_a_feed() -> None:
    body = '<html><head><meta property="og:title" content="Анна"></head><body><p>Send message</p></body></html>'
    outcome = parse_feed(body.encode(), content_type="text/html", url=ADDRESS, now=NOW)
    assert outcome == Failed(kind=FailureKind.HTML, detail="Анна")


def test_a_channel_of_service_messages_only_is_an_empty_feed() -> None:
    assert read(message(1, text("Канал создан"), kind="service_message")).entries == ()


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://t.me/s/primer_auto", True),
        ("https://telegram.me/s/primer_auto/", True),
        ("https://t.me/primer_auto", False),
        ("https://t.me/s/abc", False),
        ("https://t.me.example.com/s/primer_auto", False),
        ("https://example.ru/s/primer_auto", False),
    ],
)
def test_only_telegrams_own_pages_are_read_so(url: str, *, is_one: bool) -> None:
    assert is_telegram_page(url) is is_one
