from __future__ import annotations

import pytest

from bot.callbacks import OwnTap, SearchTap, SubscribeTap
from bot.i18n import LANGUAGES, words_for
from bot.markup import plain
from bot.render import fits
from bot.screens import Screens
from bot.subscriber import choosing
from bot.subscriber.former import FormerTap
from bot.subscriber.results import LONGEST, PAGE, Results, draw, read_query, tidy
from bot.zones import CITIES
from feeds.issue import ChatId, ChatKind
from feeds.topics import Catalogue
from tests.samples import NOW, chat, told

ODD = (
    "утильсбор",
    "<b>x</b>",
    "a\u202eb",
    "💥" * 90,
    "Поиск: утильсбор",
    "שלום",
    '"в кавычках" -без',
    "a &amp; b",
    "Search: x",
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ODD)
def test_the_message_gives_its_query_back_in_any_language(catalogue: Catalogue, lang: str, query: str) -> None:
    brush = Screens(words=words_for(lang), catalogue=catalogue, now=NOW)
    stories = [told(number, headline=f"{query} {number}") for number in range(PAGE)]
    for results in (Results(query=query), Results(query=query, stories=stories, page=3, more=True, read_as="x")):
        message = draw(brush, chat(), results, followed=False)
        assert read_query(plain(message.document)) == query
        assert fits(message.document)


@pytest.mark.parametrize("text", [None, "", "Поиск:", "Здравствуйте!\nПоиск: x", "Найдено: x"])
def test_any_other_message_has_no_query(text: str | None) -> None:
    assert read_query(text) is None


def test_a_query_is_one_line_of_bearable_length() -> None:
    assert tidy(" два \n\n слова\t") == "два слова"
    assert len(tidy("слово " * 1000)) <= LONGEST


def test_the_greatest_keys_fit_into_buttons() -> None:
    widest = 2**63 - 1
    longest = max((zone for zone, *_ in CITIES), key=len)
    mark = choosing.mark("утильсбор")
    for tap in (
        OwnTap(chat=widest, on="hidden", do="drop", mark=mark),
        SearchTap(do="follow", page=widest),
        FormerTap(chat=widest, times="1425-1410-1395-1380", days=127, weekly=10065),
        SubscribeTap(times="1425-1410-1395-1380", zone=longest),
    ):
        assert len(tap.pack()) <= 64


@pytest.mark.parametrize("kind", [ChatKind.PRIVATE, ChatKind.CHANNEL])
def test_twenty_long_own_topics_still_fit_into_a_message(catalogue: Catalogue, kind: ChatKind) -> None:
    brush = Screens(words=words_for("ru"), catalogue=catalogue, now=NOW)
    words = tuple(f"{number} {'ш' * 190}" for number in range(choosing.MOST_OWN))
    full = chat(id=ChatId(2**63 - 1), kind=kind, title="Г" * 128, words=words)
    screen = choosing.own_words(brush, full, dict.fromkeys(words, 7), count=7)
    assert fits(screen.document)
    assert len({button.data for row in screen.keyboard for button in row}) == sum(map(len, screen.keyboard))
    assert all(len((button.data or "").encode()) <= 64 for row in screen.keyboard for button in row)
