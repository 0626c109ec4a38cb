"""Tokens, folding and stems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.words import fold, fold_all, in_latin, read, roots, spellings, stem


def test_dashes_dots_and_spaces_fold_into_the_same_tokens() -> None:
    assert fold_all("Ли-Авто") == fold_all("ли авто") == ("ли", "авто")
    assert fold_all("ID.4") == ("id", "4")


def test_yo_is_ye_and_an_accent_is_no_letter() -> None:
    assert fold("ХЁНДЭ") == "хендэ"
    assert fold("Škoda") == "skoda"
    assert fold("Citroën") == "citroen"
    assert fold("Майбах") == "майбах"


def test_a_decomposed_letter_is_the_letter() -> None:
    assert read(unicodedata.normalize("NFD", "Чёрный йети")).folded == ("черный", "йети")


def test_marks_inside_a_word_do_not_break_it() -> None:
    assert read("элек\u00adтро\u200bмоби\u0301ль").folded == ("электромобиль",)


def test_an_english_possessive_belongs_to_its_word() -> None:
    text = read("The model’s price and Tesla's plan")
    assert text.folded == ("the", "model", "price", "and", "tesla", "plan")
    assert text.quote(4, 4) == "Tesla's"


def test_words_are_quoted_as_written() -> None:
    assert read("Новый «Ли-Авто» L9").quote(1, 3) == "Ли-Авто» L9"


@pytest.mark.parametrize("form", ["электромобиль", "электромобилей", "электромобилями", "электромобиле"])
def test_case_forms_of_a_word_share_a_stem(form: str) -> None:
    assert stem(form) == stem("электромобиля")


def test_abbreviations_are_not_stemmed() -> None:
    assert stem("ии") == "ии"
    assert stem("дтп") == "дтп"


def test_a_query_is_also_read_in_the_other_layout_and_in_latin() -> None:
    assert "привет" in spellings("ghbdtn")
    assert "chery" in spellings("срукн")
    assert in_latin("китай") == "kitay"


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_any_text_is_read_and_every_token_stands_where_it_says(source: str) -> None:
    text = read(source)
    assert [text.quote(place, place) for place in range(len(text.written))] == list(text.written)
    assert len(text.folded) == len(text.stems) == len(text.spans)


@pytest.mark.parametrize(
    "forms",
    [
        "отзыв отзыва отзыве отзывов", "время времени", "защита защиты защиту", "завод заводе", "recall recalls",
        "рынок рынка рынке", "скидка скидок", "гонка гонок", "автомойка автомоек", "владелец владельца владельцев",
        "китаец китайца", "продавец продавцы", "ремень ремня", "стекло стёкол", "масло масел", "нашёл нашла",
        "поток потоки", "человек человека",
    ],
)  # fmt: skip
def test_all_forms_of_a_word_have_one_root(forms: str) -> None:
    assert len(set(roots(forms))) == 1


def test_a_root_is_no_shorter_than_a_word_can_be_told_by() -> None:
    assert roots("early ear ИИ визы Киа") == ["earli", "ear", "ии", "виз", "киа"]


@given(st.text(alphabet="абёЁй\u0306ΣσİXs'’-,. \n\u00ad\u200b\u00a0 12", max_size=60))
@settings(max_examples=200)
def test_roots_are_those_of_the_words_one_by_one(text: str) -> None:
    assert roots(text) == [one for word in read(text).written for one in roots(word)]
