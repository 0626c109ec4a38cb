from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.titles import clean_title, newsroom_names

NAMES = newsroom_names("Пример Авто", "Example.ru — новости", urls=["https://www.example.ru/rss"])


@pytest.mark.parametrize(
    "title",
    [
        "Лада подорожала на два процента — Example",
        "Лада подорожала на два процента | Новости на Example.ru",
        "Лада подорожала на два процента – Пример Авто",
        "Лада подорожала на два процента | Новости | Example.ru",
        "Лада подорожала на два процента :: Example.ru",
    ],
)
def test_the_newsrooms_name_is_no_part_of_the_news(title: str) -> None:
    assert clean_title(title, NAMES) == "Лада подорожала на два процента"


@pytest.mark.parametrize(
    "title",
    [
        "Торговля превысила 200 млрд — New York Times",
        "Кроссовер или седан — что выбрать",
        "Example против всех",
        "Цены — вверх",
    ],
)
def test_a_dash_inside_the_news_stays(title: str) -> None:
    assert clean_title(title, NAMES) == title


@pytest.mark.parametrize(
    ("shouted", "calm"),
    [
        ("СРОЧНО: ЦЕНЫ НА АВТО ВЫРОСЛИ", "Срочно: цены на авто выросли"),
        ("КАМАЗ И УАЗ ОСТАНОВИЛИ КОНВЕЙЕР В РОССИИ", "КамАЗ и УАЗ остановили конвейер в России"),
        ("TOYOTA И BMW ОТЗЫВАЮТ МАШИНЫ ИЗ-ЗА ДТП", "Toyota и BMW отзывают машины из-за ДТП"),
        ("TESLA RECALLS TWO MILLION CARS IN THE USA", "Tesla recalls two million cars in the USA"),
    ],
)
def test_nobody_is_shouted_at(shouted: str, calm: str) -> None:
    assert clean_title(shouted) == calm


@pytest.mark.parametrize("title", ["BMW X5 M", "ГАЗ и УАЗ", "Новый BYD Han DM-i", "ОСАГО подорожает"])
def test_acronyms_are_not_shouting(title: str) -> None:
    assert clean_title(title) == title


def test_entities_are_read_however_often_they_were_escaped() -> None:
    assert clean_title("Tom &amp;amp; Jerry &amp;quot;X&amp;quot;") == 'Tom & Jerry "X"'


def test_tags_and_invisible_characters_are_gone() -> None:
    assert clean_title("<b>Но\u200bвый</b>\u202e кроссо\u00adвер\u200f") == "Новый кроссовер"


def test_a_family_of_emoji_stays_together() -> None:
    family = "👨\u200d👩\u200d👧"
    assert clean_title(f"Авто {family} года") == f"Авто {family} года"


def test_combining_marks_are_bounded() -> None:
    assert len(clean_title("Т" + "\u0336\u0337" * 450 + "есла")) <= 8


def test_a_long_title_is_cut_after_a_word() -> None:
    title = clean_title("слово " * 100)
    assert len(title) <= 300
    assert title.endswith("слово…")


@given(st.text(max_size=80))
@settings(max_examples=150)
def test_a_clean_title_is_bounded_and_on_one_line(title: str) -> None:
    cleaned = clean_title(title, NAMES)
    assert len(cleaned) <= 300
    assert "\n" not in cleaned
    assert cleaned == cleaned.strip()
