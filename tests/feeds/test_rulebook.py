"""A wrong rules file is refused with the file and the entry."""

from __future__ import annotations

import pytest

from feeds.rulebook import CatalogueError, check_together, read_makes, read_themes

THEME = '[[theme]]\nid = "ev"\nname = {ru = "Электро", en = "Electric"}\norder = 1\nstrong = ["электро*"]\n'
MAKE = '[[make]]\nid = "lada"\nname = "Lada"\norigin = "ru"\naliases = ["лада"]\n'


def test_a_good_file_is_read() -> None:
    (theme,) = read_themes(THEME.encode(), file="t")
    assert (theme.id, theme.phrases, theme.group, theme.source) == ("ev", (("электро*", 3),), 3, 3)
    makes = read_makes(f'car_words = ["авто"]\n{MAKE}'.encode(), file="m")
    assert makes.makes[0].name == {"ru": "Lada", "en": "Lada"}
    assert makes.car_words == ("авто",)


@pytest.mark.parametrize(
    ("old", "new", "entry", "reason"),
    [
        ('"ev"', '"Ev_"', "Ev_", "id must"),
        ('"ev"', '"a-name-that-is-too-long"', "a-name-that-is-too-long", "id must"),
        ("order = 1", 'order = "1"', "ev", "order must"),
        ("order = 1", "", "ev", "order must"),
        ("strong", "stronk", "ev", "unknown key stronk"),
        ('["электро*"]', '"электро"', "ev", "strong must"),
        ('["электро*"]', '["—"]', "ev", "strong must"),
        ('strong = ["электро*"]', "", "ev", "no rule"),
        ('en = "Electric"', 'de = "Elektro"', "ev", "name must"),
        ('"Electric"', '"Electric cars and everything"', "ev", "a name has"),
        ("order = 1", 'order = 1\nfeatured = "yes"', "ev", "featured must"),
        ("[[theme]]", "[theme]", "", "[[theme]] is missing"),
        ("order = 1", "order = = 1", "", "Invalid value"),
    ],
)
def test_a_wrong_theme_is_named(old: str, new: str, entry: str, reason: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_themes(THEME.replace(old, new).encode(), file="mine.toml")
    assert caught.value.facts["file"] == "mine.toml"
    assert caught.value.facts["entry"] == entry
    assert str(caught.value.facts["reason"]).startswith(reason)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"ru"', '"Россия"', "origin must"),
        ('["лада"]', "[]", "no alias"),
        ('["лада"]', '["лада"]\ndeclension = "neuter"', "declension must"),
        ('name = "Lada"', "name = 3", "name must"),
    ],
)
def test_a_wrong_make_is_named(old: str, new: str, reason: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_makes(MAKE.replace(old, new).encode(), file="mine.toml")
    assert caught.value.facts["entry"] == "lada"
    assert str(caught.value.facts["reason"]).startswith(reason)


def test_an_id_is_used_once() -> None:
    with pytest.raises(CatalogueError, match="used twice"):
        read_makes((MAKE + MAKE).encode(), file="m")
    with pytest.raises(CatalogueError, match="used twice"):
        read_themes((THEME + THEME.replace('"ev"', '"bev"')).encode(), file="t")


def test_the_two_files_must_agree() -> None:
    makes = read_makes(MAKE.encode(), file="m").makes
    same = read_themes(THEME.replace('"ev"', '"lada"').encode(), file="t")
    with pytest.raises(CatalogueError, match="also a make"):
        check_together(same, makes, file="t")
    stranger = read_themes(f'{THEME}makes = ["edsel"]\n'.encode(), file="t")
    with pytest.raises(CatalogueError, match="no such make edsel"):
        check_together(stranger, makes, file="t")


def test_the_error_is_also_a_value_error() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        read_makes(b"\xff", file="m")
