from __future__ import annotations

import pytest

from feeds.digest import related_links, score, tell
from feeds.model import Related
from feeds.telling import best_headline, best_picture, shows_something
from tests.samples import HOUR, NOW, stored, story

SHORT = "Haval снизил цены"
LONG = "Haval снизил цены на Jolion в России сразу на 300 тысяч рублей"


def headline(*titles: str, lang: str = "ru") -> str:
    tellings = [stored(f"s{number}", title=title, lang=lang) for number, title in enumerate(titles)]
    return best_headline(tellings[0].item, tellings)


def test_the_title_that_says_more_is_the_headline() -> None:
    assert headline(SHORT, LONG) == LONG
    assert headline(LONG, SHORT) == LONG


def test_of_titles_that_are_too_long_the_shorter_one_is_taken() -> None:
    endless = LONG + ", а дилеры обещают покупателям комплект колёс, коврики и ещё два года гарантии"
    assert headline(endless, LONG) == LONG


@pytest.mark.parametrize(
    "loud",
    [
        "Почему Haval снизил цены на Jolion в России сразу на 300 тысяч рублей?",
        "HAVAL СНИЗИЛ ЦЕНЫ НА JOLION В РОССИИ СРАЗУ НА 300 ТЫСЯЧ РУБЛЕЙ",
        "Шок: Haval снизил цены на Jolion в России сразу на 300 тысяч рублей",
        "Видео: Haval снизил цены на Jolion в России сразу на 300 тысяч рублей",
        "Вы не поверите, на сколько Haval снизил цены на Jolion в России",
        "Haval снизил цены на Jolion в России сразу на 300 тысяч рублей!",
        "Haval just got cheaper and you won't believe by how much this time",
    ],
)
def test_questions_capitals_and_shock_make_no_headline_when_there_is_another(loud: str) -> None:
    assert headline(loud, SHORT) == SHORT
    assert headline(loud) == loud


def test_abbreviations_are_no_shouting() -> None:
    title = "АвтоВАЗ, УАЗ и ГАЗ получат субсидии от Минпромторга"
    assert headline(SHORT, title) == title


def test_a_headline_is_in_the_language_of_the_summary() -> None:
    tellings = [stored("a", title=SHORT, lang="ru"), stored("b", title="Haval cuts Jolion prices in Russia", lang="en")]
    assert best_headline(tellings[0].item, tellings) == SHORT


@pytest.mark.parametrize(
    ("picture", "good"),
    [
        ("https://a.example/photos/2026/jolion.jpg", True),
        ("https://a.example/photos/jolion-1200x800.jpg", True),
        ("https://a.example/photos/jolion-150x150.jpg", False),
        ("https://a.example/i.php?w=200&id=4", False),
        ("https://a.example/logo.png", False),
        ("https://a.example/static/site_logo-300.png", False),
        ("https://a.example/img/no-image.jpg", False),
        ("https://a.example/img/placeholder.webp", False),
        ("https://a.example/pic.svg", False),
        ("https://logo.example/photo.jpg", True),
        ("https://a.example/logotype-of-haval-factory/photo.jpg", True),
    ],
)
def test_a_logo_or_a_thumbnail_is_no_picture(picture: str, *, good: bool) -> None:
    assert shows_something(picture) is good


def test_the_picture_may_come_from_another_telling() -> None:
    tellings = [stored("a", picture="https://a.example/logo.png"), stored("b", picture="https://b.example/1.jpg")]
    assert best_picture(tellings[0].item, tellings) == "https://b.example/1.jpg"
    assert best_picture(tellings[0].item, tellings[:1]) is None


def test_related_articles_are_those_the_tellings_name_each_once() -> None:
    one = Related(title="Цены", url="https://a.example/7")
    links = (one, Related(title="Сама новость", url="https://koleso.example/x"))
    told = story(1, stored("a", related=links, url="https://koleso.example/x"), stored("b", related=(one,)))
    assert related_links(told) == (one,)
    assert tell(told).related == (one,)


def test_a_story_ranks_by_sources_wishes_and_novelty_and_says_so() -> None:
    told = story(1, stored("a", published_at=NOW), topics=["ev", "market"])
    assert score(told, now=NOW).total == 1
    assert score(told, now=NOW, preferred=["ev"]).wanted > score(told, now=NOW, preferred=["market"]).wanted == 1
    assert score(told, now=NOW, own=True).wanted > 1
    long_told = story(2, stored("a", published_at=NOW - 40 * HOUR), stored("b", published_at=NOW))
    parts = score(long_told, now=NOW)
    assert 0.5 <= parts.novelty < 1
    assert parts.total == parts.sources * parts.wanted * parts.novelty
