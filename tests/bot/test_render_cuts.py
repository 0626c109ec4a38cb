"""Where a text that does not fit is cut."""

from __future__ import annotations

import pytest

from bot.render import cut, cut_sentence


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("короткий", 20, "короткий"),
        ("раз два три", 11, "раз два три"),
        ("раз два три", 10, "раз два…"),
        ("раз два, три", 9, "раз два…"),
        ("раз — два", 7, "раз…"),
        ("сверхдлинноеслово", 6, "сверх…"),
        ("раз два три", 8, "раз два…"),
        ("всего 1\u202f172 машины", 8, "всего…"),
        ("до 90\u00a0кВт·ч", 6, "до…"),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_word(text: str, limit: int, left: str) -> None:
    assert cut(text, limit) == left


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("Первое. Второе.", 20, "Первое. Второе."),
        ("Первое предложение. Второе предложение.", 30, "Первое предложение."),
        ("Правда? Нет! Может быть.", 15, "Правда? Нет!"),
        ("Одно очень длинное предложение без конца.", 20, "Одно очень длинное…"),
        ("Да. Одно очень длинное предложение без конца.", 30, "Да. Одно очень длинное…"),
        ("Цена 1.5 млн рублей и больше того.", 20, "Цена 1.5 млн рублей…"),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_sentence_where_there_is_one(text: str, limit: int, left: str) -> None:
    assert cut_sentence(text, limit) == left
