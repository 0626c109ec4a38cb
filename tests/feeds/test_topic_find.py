"""Topics are found by what people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.gist import packaged

TITLES = Path(__file__).parent / "data" / "titles.tsv"
DERIVED = {"korea", "japan"}  # they follow from a make alone: judged only where a label has them
CATALOGUE = packaged()


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("ЧЕРИ", "chery"),
        ("chery", "chery"),
        ("срукн", "chery"),
        ("хавейл", "haval"),
        ("[fdtqk", "haval"),
        ("электро", "ev"),
        ("'ktrnhj", "ev"),
        ("njqjnf", "toyota"),
        ("тайота", "toyota"),
        ("toyta", "toyota"),
        ("kitay", "china"),
        ("утильсбор", "law"),
        ("мерс", "mercedes"),
        ("ли авто", "lixiang"),
        ("Ли", "lixiang"),
        ("тест драйв", "tests"),
        ("осаго", "insurance"),
        ("газель", "gaz"),
        ("б/у", "used"),
    ],
)
def test_a_topic_is_found_by_what_people_type(query: str, topic: str) -> None:
    found = [each.id for each in CATALOGUE.find(query)]
    assert topic in found[:2]


@pytest.mark.parametrize("query", ["экспорт", "паспорт", "спорт", "транспорт"])
def test_a_word_that_is_only_like_a_model_is_no_make(query: str) -> None:
    assert not {"ford", "honda", "kia", "lada", "land-rover", "volkswagen"} & {one.id for one in CATALOGUE.find(query)}


def test_nonsense_finds_nothing_and_the_limit_holds() -> None:
    assert CATALOGUE.find("") == ()
    assert CATALOGUE.find("привет") == ()
    assert len(CATALOGUE.find("а", limit=3)) == 3
