from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cities import MOST_OFFERED, cities, find_cities, first_city, is_spelt, nearest_city


def test_every_city_is_somewhere_in_a_real_zone_and_has_its_names() -> None:
    zones = available_timezones()
    for city in cities():
        assert city.zone in zones, city
        assert -90 <= city.latitude <= 90, city
        assert -180 <= city.longitude <= 180, city
        assert all(city.name.values()), city
        assert all(city.country.values()), city
    assert len(cities()) > 400
    assert len({city.name["ru"] for city in cities()}) == len(cities())
    assert len({city.name["en"] for city in cities()}) == len(cities())


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_city_is_found_by_its_own_name(lang: str) -> None:
    for city in cities():
        name = city.name[lang]
        assert is_spelt(name)
        assert city.zone in {found.zone for found in find_cities(name)}, name


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("екатеринбург", ["Asia/Yekaterinburg"]),
        ("Питер", ["Europe/Moscow"]),
        ("Орел", ["Europe/Moscow"]),
        ("ростов-на-дону", ["Europe/Moscow"]),
        ("  Ростов на Дону. ", ["Europe/Moscow"]),
        ("Благовещенск", ["Asia/Yekaterinburg", "Asia/Yakutsk"]),
        ("Бирмингем", ["Europe/London", "America/Chicago"]),
        ("Новгород", ["Europe/Moscow"]),
        ("Германия", ["Europe/Berlin"]),
        ("australia", ["Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane"]),
        ("щзщзщз", []),
        ("", []),
        ("уф", []),
    ],
)
def test_what_people_type_leads_to_the_zones_they_may_mean(typed: str, zones: list[str]) -> None:
    assert [city.zone for city in find_cities(typed)][: max(len(zones), 1) + 1][: len(zones) or 1] == zones


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Екатеринбруг", "Екатеринбург"),
        ("Новосибрск", "Новосибирск"),
        ("Londn", "London"),
        ("Калиниград", "Калининград"),
        ("маскве", "Москва"),
    ],
)
def test_a_misspelt_city_is_offered_and_not_taken_for_granted(typed: str, meant: str) -> None:
    assert not is_spelt(typed)
    assert meant in find_cities(typed)[0].name.values()


@pytest.mark.parametrize("typed", ["деревня", "дубно", "работа", "Рим3а"])
def test_another_word_is_no_misspelt_city(typed: str) -> None:
    assert not {"Ереван", "Дубай"} & {city.name["ru"] for city in find_cities(typed)}


def test_a_label_tells_a_city_from_its_namesakes() -> None:
    labels = [city.label(lang) for city in cities() for lang in ("ru", "en")]
    assert len(set(labels)) == len(labels)


def test_a_place_is_near_its_city_also_across_the_date_line() -> None:
    assert nearest_city(55.6, 37.4).zone == "Europe/Moscow"
    assert nearest_city(52.4, 104.1).name["en"] == "Irkutsk"
    assert nearest_city(-17.5, -179.5).name["en"] == "Suva"
    assert nearest_city(89.9, 0) in cities()


def test_a_zone_is_known_by_its_first_city() -> None:
    found = first_city("Asia/Barnaul")
    assert found is not None
    assert found.name["ru"] == "Барнаул"
    assert first_city("Antarctica/Troll") is None


@given(st.text(max_size=60))
def test_no_typing_breaks_the_search(typed: str) -> None:
    assert len(find_cities(typed)) <= MOST_OFFERED


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_has_a_nearest_city(latitude: float, longitude: float) -> None:
    assert nearest_city(latitude, longitude) in cities()


def test_a_city_is_known_by_how_one_says_to_live_in_it() -> None:
    for said, city in (("Казани", "Казань"), ("Уфе", "Уфа"), ("Нью-Йорке", "Нью-Йорк"), ("Москве", "Москва")):
        assert find_cities(said)[0].name["ru"] == city
