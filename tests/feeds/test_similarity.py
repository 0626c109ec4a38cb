from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.guards import doubt
from feeds.profiles import Profile, profile, reprinted
from feeds.similarity import TermSimilarity
from feeds.skeleton import skeleton, words_of

LEAD = (
    "Завод на окраине города начнёт собирать кроссоверы уже весной, сообщили в дирекции. Первые двести машин отдадут "
    "в прокат, чтобы проверить подвеску на разбитых дорогах, а продажи откроют ближе к осени, когда подтянутся дилеры."
)
TITLE = "Завод «Искра» начнёт собирать кроссоверы весной"


def judged(one: Profile, other: Profile) -> float:
    return TermSimilarity().compare(one, other) * doubt(one, other)


def titles(one: str, other: str) -> float:
    return judged(profile(one, ""), profile(other, ""))


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Тесла", "Tesla"),
        ("Щёлково", "shchelkovo"),
        ("Щёлково", "shhelkovo"),
        ("июнь", "iyun"),
        ("июнь", "ijun"),
        ("российский", "rossiyskiy"),
        ("российский", "rossijskij"),
        ("Киа", "KIA"),
        ("цена", "tsena"),
    ],
)
def test_a_word_in_either_alphabet_is_one_word(russian: str, latin: str) -> None:
    assert skeleton(russian) == skeleton(latin)


def test_words_are_letters_and_digits() -> None:
    assert words_of("Zeekr 001, «Лада» — и всё!") == ["zekr", "001", "lada", "i", "vse"]


def test_an_article_is_wholly_like_itself() -> None:
    one = profile(TITLE, LEAD)
    assert TermSimilarity().compare(one, one) == pytest.approx(1)


def test_the_same_news_in_other_words_is_alike() -> None:
    assert titles(TITLE, "Сборка кроссоверов на заводе «Искра» начнётся весной") > 0.4


def test_news_that_share_nothing_but_common_words_are_not_alike() -> None:
    assert titles("В России начали штрафовать за парковку на газоне", "В Москве начали выпуск новых автобусов") < 0.2


def test_rare_words_count_more_than_common_ones() -> None:
    assert titles("Новый автобус в Рязани", "Новый трамвай в Рязани") < titles("Электробус Мурена", "Новая Мурена")


def test_a_reprint_under_another_title_is_found_by_its_text() -> None:
    one, other = profile(TITLE, LEAD), profile("Чего ждать от новой модели из соседнего города", LEAD)
    assert reprinted(one, other) == 1
    assert TermSimilarity().compare(one, other) == 1


def test_a_teaser_of_a_few_words_is_no_reprint() -> None:
    assert reprinted(profile("Одно", "Читать далее"), profile("Другое", "Читать далее")) == 0


def test_an_agency_s_dateline_is_no_part_of_the_news() -> None:
    dated = profile(TITLE, f"МОСКВА, 14 окт - РИА Новости. {LEAD}")
    assert dated.text_stems == profile(TITLE, LEAD).text_stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Продажи новых машин: неделя 36", "Продажи новых машин: неделя 2"),
        ("Рынок легковых автомобилей за август", "Рынок легковых автомобилей за сентябрь"),
        ("Продажи машин в марте выросли", "Продажи машин в апреле выросли"),
        ("Haval показал новый Jolion", "Haval показал новый Dargo"),
        ("Chery назвала цену кроссовера Tiggo 7", "Chery назвала цену кроссовера Tiggo 9"),
        ("Пять лучших кроссоверов до двух миллионов", "Пять лучших седанов до трёх миллионов"),
        ("Главное за неделю: утильсбор и цены", "Главное за неделю: утильсбор и штрафы"),
        ("Car news round-up: recalls and prices", "Car news round-up: recalls and motorsport"),
    ],
)
def test_what_is_told_in_the_same_words_of_something_else_stays_apart(one: str, other: str) -> None:
    assert titles(one, other) < 0.2


def test_a_number_that_only_one_title_has_speaks_little() -> None:
    assert titles(TITLE, f"{TITLE}: 200 машин") > 0.5


def test_a_name_that_the_text_knows_is_not_missing() -> None:
    one = profile("Завод Искра и концерн Волна начнут сборку", LEAD)
    other = profile("Искра начнёт сборку", f"Искра начнёт сборку с концерном Волна. {LEAD}")
    assert doubt(one, other) == 1


def test_forgetting_undoes_learning() -> None:
    similarity, fresh = TermSimilarity(), TermSimilarity()
    for _ in range(300):
        similarity.learn(profile(TITLE, LEAD))
    assert similarity.rarity("=iskr") < fresh.rarity("=iskr")
    for _ in range(300):
        similarity.forget(profile(TITLE, LEAD))
    assert similarity.rarity("=iskr") == fresh.rarity("=iskr")


def test_the_press_s_common_words_are_known_before_anything_was_read() -> None:
    fresh = TermSimilarity()
    assert fresh.rarity("=v") < fresh.rarity("=ross") < fresh.rarity("=iskr")


@settings(max_examples=60, deadline=None)
@given(one=st.text(max_size=60), other=st.text(max_size=60), text=st.text(max_size=200))
def test_any_text_has_a_likeness_between_none_and_all(one: str, other: str, text: str) -> None:
    first, second = profile(one, text), profile(other, text)
    value = TermSimilarity().compare(first, second)
    assert math.isclose(value, TermSimilarity().compare(second, first))
    assert 0 <= value <= 1
    assert 0 <= doubt(first, second) <= 1
    assert doubt(first, second) == doubt(second, first)


def test_how_far_a_matter_has_come_tells_two_stories_of_one_saga_apart() -> None:
    sent_back = profile("Проект новой шкалы утильсбора вернули на доработку", "")
    approved = profile("Новую шкалу утильсбора утвердили без доработки", "")
    assert doubt(sent_back, approved) < 1
    assert doubt(approved, profile("Правительство утвердило новую шкалу утильсбора", "")) == 1
