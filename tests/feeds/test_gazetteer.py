"""Case forms, and which names are believed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.gazetteer import Declension, NameList, build, case_forms
from feeds.words import read

ENTRIES = (
    NameList(make="haval", plain=("хавейл", "haval")),
    NameList(make="li", plain=("ли авто", "li auto", "model s")),
    NameList(make="lada", plain=("лада",), capital=("веста", "гранта"), unless=("грант",)),
    NameList(make="gaz", plain=("газель",), capitals=("газ",)),
    NameList(make="atom", capital=("атом",), unless=("мирный атом",)),
    NameList(make="smart", plain=("smart 5",), capital=("smart",), unless=("smart charging",)),
    NameList(make="mini", capital=("мини", "mini")),
    NameList(make="range", plain=("range rover",)),
    NameList(make="rover", capital=("rover",)),
)
GAZETTEER = build(ENTRIES, car_words=("машина", "кроссовер", "дилер", "car", "electric car"))


def seen(text: str, *, car_source: bool = True) -> list[str]:
    return [sighting.make for sighting in GAZETTEER.sightings(read(text), car_source=car_source)]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("хавейл", "хавейл хавейла хавейлу хавейлом хавейле хавейлы хавейлов хавейлам хавейлами хавейлах"),
        ("тойота", "тойота тойоты тойоте тойоту тойотой тойот тойотам тойотами тойотах"),
        ("шкода", "шкода шкоды шкоде шкоду шкодой"),
        ("хендай", "хендай хендая хендаю хендаем хендае хендаи хендаев хендаями"),
        ("опель", "опель опеля опелю опелем опеле опели опелей"),
        ("москвич", "москвич москвича москвичу москвичом москвиче москвичи москвичей"),
        ("бьюик", "бьюик бьюика бьюики бьюиков"),
        ("воя", "воя вои вое вою воей"),
        ("дачия", "дачия дачии дачию дачией дачий"),
    ],
)
def test_names_decline_by_their_ending(name: str, forms: str) -> None:
    assert set(forms.split()) <= set(case_forms(name))


@pytest.mark.parametrize("name", ["киа", "ауди", "рено", "пежо", "вольво", "toyota", "хендэ"])
def test_other_endings_do_not_decline(name: str) -> None:
    assert case_forms(name) == (name,)


def test_an_entry_may_forbid_declension() -> None:
    assert case_forms("даф", Declension.NONE) == ("даф",)


@pytest.mark.parametrize(
    "text", ["новый хавейл", "с Хавейлом", "ХАВЕЙЛЫ подорожали", "о Haval", "о Haval-е", "«хавейлами»"]
)
def test_a_plain_name_is_seen_in_any_case(text: str) -> None:
    assert seen(text) == ["haval"]


@pytest.mark.parametrize("text", ["Ли Авто", "Ли-Авто", "Лиавто", "LiAuto", "li‑auto"])
def test_a_name_of_several_words_is_one_however_joined(text: str) -> None:
    assert seen(text) == ["li"]


def test_a_single_letter_is_never_joined_to_the_word_before() -> None:
    assert seen("older models") == []
    assert seen("the Model S") == ["li"]


def test_a_part_of_a_word_is_not_a_name() -> None:
    assert seen("хавейловод и лады") == ["lada"]


def test_the_longest_name_wins() -> None:
    assert seen("A Range Rover car") == ["range"]


def test_a_word_needs_its_capital() -> None:
    assert seen("как вести машину и не стать вестой") == []
    assert seen("новая Веста") == ["lada"]
    assert seen("продажи Вест и Грант в кредит: машины") == ["lada"]


def test_an_abbreviation_needs_all_its_capitals() -> None:
    assert seen("перевести машину на газ") == []
    assert seen("Газ для машин подорожал") == []
    assert seen("ЦЕНЫ НА ГАЗ ДЛЯ МАШИН ВЫРОСЛИ") == []
    assert seen("на ГАЗе собрали кроссовер") == ["gaz"]


def test_outside_car_sources_an_ambiguous_name_needs_a_car_nearby() -> None:
    assert seen("спектакль о Весте в театре", car_source=False) == []
    assert seen("машина Веста в театре", car_source=False) == ["lada"]
    assert seen("машина " + "и " * 9 + "Веста", car_source=False) == []


def test_a_capital_at_the_start_of_a_sentence_proves_nothing_by_itself() -> None:
    assert seen("Атом расщепили снова. Атом опять расщепили") == []
    assert seen("Атом: машина для города") == ["atom"]
    assert seen("«Атом» готовят к выпуску") == ["atom"]


def test_words_of_the_trade_help_in_a_car_newsroom_only() -> None:
    gazetteer = build([NameList(make="atom", capital=("атом",))], car_words=(), trade_words=("продажа",))
    text = read("Атом нарастил продажи")
    assert [sighting.make for sighting in gazetteer.sightings(text, car_source=True)] == ["atom"]
    assert list(gazetteer.sightings(text, car_source=False)) == []


def test_what_only_looks_like_a_name_is_left_out_in_every_case() -> None:
    assert seen("о Мирном Атоме для машин") == []
    assert seen("Smart Charging for Every Electric Car") == []
    assert seen("new Smart 5") == ["smart"]


def test_a_name_joined_to_a_common_word_is_that_word() -> None:
    assert seen("в Мини-маркете у дилера") == []
    assert seen("купил Мини у дилера") == ["mini"]


@settings(max_examples=100)
@given(st.sampled_from(["хавейл", "лада", "москвич", "опель", "хендай"]), st.integers(0, 30))
def test_every_generated_form_is_recognised(name: str, pick: int) -> None:
    gazetteer = build([NameList(make="x", plain=(name,))], car_words=())
    forms = case_forms(name)
    text = read(f"видел {forms[pick % len(forms)]} вчера")
    assert [sighting.make for sighting in gazetteer.sightings(text, car_source=False)] == ["x"]
