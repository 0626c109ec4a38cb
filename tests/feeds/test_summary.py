from __future__ import annotations

import math
import random
import re
from collections import Counter

import pytest
import razdel
import Stemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.prose import plain_sentences, sentences
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
        ("Выпуск начнётся в 2026 г. В Калуге уже готовы.", "Выпуск начнётся в 2026 г."),
        ("Разгон занимает 9 с. Расход вырос до 7 л.", "Разгон занимает 9 с."),
        ("Машина весит 1,6 т. К осени её облегчат.", "Машина весит 1,6 т."),
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


_PIECES = (
    "завод", "Haval", "iPhone", "т.", "е.", "проф.", "Просп.", "1.5", "2025", "г.", "млн", "«Да", "»", "!»", "?", "...",
    "…", "А.", "Иванов", "(сс)", "руб.", ":)", "https://e.example/1", "а", "В", "купили.", "Купил!", ";", "нет?", "—",
    "слово.»", "км/ч.", "U.S.", "Inc.", "слова;", '"цитата."', "1)", "II.", "_x", "ёлка.", "Ёж", "chap.", "напр.",
)  # fmt: skip


def test_plain_paragraphs_are_split_as_razdel_splits_them() -> None:
    chance, plain = random.Random(5), 0
    for _ in range(20_000):
        paragraph = " ".join(chance.choices(_PIECES, k=chance.randint(1, 14)))
        if found := plain_sentences(paragraph):
            plain += 1
            assert found == [sentence.text for sentence in razdel.sentenize(paragraph)]
    assert plain > 1_000


# A unit and a stop, looked for from the unit on: the same as from the stop back, and slower.
_AFTER_UNIT = re.compile(
    r"((?:\d\s?гг?|л\.\s?с|\sруб|\sтыс|\sмлн|\sмлрд|\sкм/ч|\sшт|\d\s?(?:км|кг|л|мм|см|м|т|с|ч))\.)\s+"
    r"(?=[«A-ZА-ЯЁ]?[A-ZА-ЯЁ][a-zа-яё]|[АВИКОСУЯ]\s+[«A-Za-zА-Яа-яЁё\d])"
)
_UNITS = ("150 л. с.", "л.с.", "2025 г.", "2024-2025 гг.", "5 тыс.", "3 руб.", "90 км/ч.", "7кг.", "5 л.", "млрд.", "А")


def test_a_stop_after_a_unit_ends_a_sentence_before_a_capital() -> None:
    chance = random.Random(6)
    for _ in range(5_000):
        paragraph = " ".join(chance.choices((*_PIECES, *_UNITS), k=chance.randint(1, 14))).replace("«", "")
        whole = [one.text for one in razdel.sentenize(paragraph)]
        told = [piece for one in whole for piece in _AFTER_UNIT.sub(r"\1\n", one).split("\n")]
        assert list(sentences(paragraph)) == told


def _counted(text: str) -> Counter[str]:
    stems = {"russian": Stemmer.Stemmer("russian"), "english": Stemmer.Stemmer("english")}
    small = {"и", "в", "на", "the", "of"}
    tokens = re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)?", text.lower().replace("ё", "е"))
    return Counter(stems["english" if one.isascii() else "russian"].stemWord(one) for one in tokens if one not in small)


def _worth(sentence: str, place: int, wanted: Counter[str], unsaid: set[str], limit: int) -> float:
    words = _counted(sentence)
    shared = sum(count * wanted[stem] for stem, count in words.items())
    size = math.sqrt(sum(n * n for n in words.values()) * sum(n * n for n in wanted.values()))
    says, likeness = len(unsaid & words.keys()) / max(len(wanted), 1), shared / size if shared else 0.0
    return (says + likeness) / 2 + 0.3 / place + 0.2 * len(sentence) / limit


def test_the_sentences_chosen_are_those_worth_most() -> None:
    chance = random.Random(8)
    words = "завод Калуга выпуск выпуска новый кроссовер 1,5 в и на 150 мотор Haval the of цена цены ёлка Ели"
    words += " dying die lying lie cries cry skies sky relational relating hopes hoping early earlier agencies agency"
    for _ in range(500):
        title = " ".join(chance.choices(words.split(), k=chance.randint(1, 7)))
        told = [" ".join(chance.choices(words.split(), k=chance.randint(5, 14))).capitalize() + "!" for _ in range(6)]
        own = [one for one in dict.fromkeys(told) if _counted(one).keys() - _counted(title).keys() and len(one) >= 20]
        wanted, unsaid, room, chosen = _counted(title), set(_counted(title)), 200, list[int]()
        while len(chosen) < 2:
            left = [at for at, one in enumerate(own) if at not in chosen and len(one) <= room]
            if not left:
                break
            best = max(left, key=lambda at: (_worth(own[at], at + 1, wanted, unsaid, 200), -at))
            chosen.append(best)
            unsaid -= _counted(own[best]).keys()
            room -= len(own[best]) + 1
        assert summarise(title, "\n".join(told), limit=200) == " ".join(own[at] for at in sorted(chosen))
