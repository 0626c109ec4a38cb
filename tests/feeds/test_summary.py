from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.prose import sentences
from feeds.summary import summarise

TITLE = "Завод в Калуге начнёт выпуск нового кроссовера"


def test_two_sentences_closest_to_the_title_come_in_their_order() -> None:
    text = (
        "Об этом рассказали в пресс-службе завода. Погода в тот день стояла хорошая и солнечная. "
        "Выпуск нового кроссовера в Калуге начнётся осенью. Кофе гостям подавали горячим."
    )
    told = "Об этом рассказали в пресс-службе завода. Выпуск нового кроссовера в Калуге начнётся осенью."
    assert summarise(TITLE, text) == told


def test_a_sentence_that_repeats_the_title_is_not_chosen() -> None:
    text = f"{TITLE}. Первые машины соберут к зиме. Рабочих уже наняли и обучили."
    assert summarise(TITLE, text) == "Первые машины соберут к зиме. Рабочих уже наняли и обучили."


def test_neither_is_one_that_says_the_same_in_another_order() -> None:
    text = "Выпуск кроссовера в Калуге начнёт новый завод. Первые машины соберут к зиме."
    assert summarise(TITLE, text) == "Первые машины соберут к зиме."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Мотор развивает 150 л.с. и расходует 6,5 л/100 км. Это немного.",
            "Мотор развивает 150 л.с. и расходует 6,5 л/100 км.",
        ),
        ("Продажи начнутся в 2025 г. Мощность вырастет вдвое.", "Продажи начнутся в 2025 г."),
        ("Отдача равна 150 л.с. Коробка осталась прежней.", "Отдача равна 150 л.с."),
        ("Цена — 2,5 млн руб. Скидок не будет.", "Цена — 2,5 млн руб."),
        ("Так считает А. В. Петров из Тулы. Ему верят.", "Так считает А. В. Петров из Тулы."),
        ("С 1 января 2025 г. цены вырастут. Ждём.", "С 1 января 2025 г. цены вырастут."),
    ],
)
def test_numbers_units_and_initials_stay_whole(text: str, wanted: str) -> None:
    assert sentences(text)[0] == wanted


def test_a_quotation_is_not_torn() -> None:
    text = "«Почему они полюбили друг друга? Пили вместе!» Так начинался урок."
    assert sentences(text)[0] == "«Почему они полюбили друг друга? Пили вместе!»"


def test_a_first_sentence_beyond_the_limit_is_cut_at_a_word() -> None:
    told = summarise("Заголовок", "слово " * 100 + "конец.")
    assert len(told) <= 320
    assert told.endswith("слово…")


def test_nothing_told_is_nothing_said() -> None:
    assert summarise("Заголовок", "") == ""
    assert summarise("Заголовок", "Заголовок") == ""


def test_sentences_of_two_paragraphs_do_not_run_together() -> None:
    told = summarise("Цены", "Цены выросли вдвое за год\n\nПродажи упали на треть за тот же срок.")
    assert "год Продажи" not in told


@given(st.text(alphabet="абвгд .!?\nЁ1«»", max_size=600), st.text(max_size=20), st.integers(40, 320))
@settings(max_examples=150)
def test_a_summary_fits_and_is_made_of_the_text(text: str, title: str, limit: int) -> None:
    told = summarise(title, text, limit=limit)
    assert len(told) <= limit
    words = set(" ".join(text.split()).split())
    assert all(word in words or told.endswith("…") for word in told.split())
