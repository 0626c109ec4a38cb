from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n import words_for
from feeds.errors import SettingsError
from feeds.model import FullText, SourceSpec
from feeds.sourcelist import load_sources
from feeds.topics import Catalogue

OTHER = '[[sources]]\nname = "Обочина"\nurl = "https://obochina.example/rss"\nlang = "ru"\n'
GOOD = '[[sources]]\nname = "Колесо"\nurl = "https://koleso.example/rss"\nlang = "ru"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_sources(write(folder, text), themes={"ev", "tests"})
    return caught.value


def test_three_keys_are_enough_for_a_source(tmp_path: Path) -> None:
    assert load_sources(write(tmp_path, GOOD)) == (
        SourceSpec(name="Колесо", url="https://koleso.example/rss", lang="ru"),
    )


def test_every_key_is_read(tmp_path: Path) -> None:
    more = 'topics = ["ev"]\nweight = 2\nfull_text = "page"\nopinion_headings = ["Слово редактора"]\nenabled = false\n'
    [spec] = load_sources(write(tmp_path, GOOD + more), themes={"ev"})
    assert (spec.topics, spec.weight, spec.full_text) == (("ev",), 2.0, FullText.PAGE)
    assert (spec.opinion_headings, spec.enabled) == (("Слово редактора",), False)


def test_the_packaged_list_is_sound(catalogue: Catalogue) -> None:
    specs = load_sources(themes={theme.id for theme in catalogue.themes})
    assert any(spec.enabled and spec.lang == "ru" for spec in specs)
    assert any(spec.enabled and spec.lang == "en" for spec in specs)
    assert len({spec.name for spec in specs}) == len(specs)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('weight = "2"', "weight"),
        ("weight = true", "weight"),
        ("weight = 0", "weight"),
        ("weight = nan", "weight"),
        ("weight = 11", "weight"),
        ('topics = "ev"', "topics"),
        ("topics = [1]", "topics"),
        ('full_text = "all"', "full_text"),
        ("opinion_headings = 1", "opinion_headings"),
        ('enabled = "yes"', "enabled"),
        ("enabled = 1", "enabled"),
    ],
)
def test_a_wrong_value_is_named_with_its_table_and_key_and_what_is_wanted(
    tmp_path: Path, line: str, field: str
) -> None:
    error = refused(tmp_path, f"{GOOD}\n{OTHER}{line}\n")
    assert error.key == "sources-wrong"
    assert (error.facts["number"], error.facts["field"]) == (2, field)
    assert error.facts["file"] == str(tmp_path / "sources.toml")
    said = words_for("ru").error(error)
    assert line in said.replace("NaN", "nan")
    assert "Нужно: " in said


@pytest.mark.parametrize(("written", "meant"), [("weigth", "weight"), ("Topics", "topics"), ("fulltext", "full_text")])
def test_a_mistyped_key_is_named_with_the_one_that_was_meant(tmp_path: Path, written: str, meant: str) -> None:
    error = refused(tmp_path, f"{GOOD}{written} = 2\n")
    assert (error.key, error.facts["field"], error.facts["meant"]) == ("sources-key-unlike", written, meant)


def test_a_key_like_none_is_answered_with_all_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path, f"{GOOD}colour = 2\n")
    assert error.key == "sources-key-unknown"
    assert "opinion_headings, enabled" in str(error.facts["keys"])


def test_an_unknown_topic_is_answered_with_those_like_it_or_with_all(tmp_path: Path) -> None:
    error = refused(tmp_path, f'{GOOD}topics = ["ev", "tets"]\n')
    assert (error.key, error.facts["topic"], error.facts["meant"]) == ("sources-topic-unlike", "tets", "tests")
    error = refused(tmp_path, f'{GOOD}topics = ["zzz"]\n')
    assert (error.key, error.facts["topics"]) == ("sources-topic-unknown", "ev, tests")


@pytest.mark.parametrize("field", ["name", "url", "lang"])
def test_a_missing_key_is_named(tmp_path: Path, field: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(field)]
    error = refused(tmp_path, "\n".join(lines))
    assert (error.key, error.facts["field"]) == ("sources-key-missing", field)
    assert f"{field} is missing" in words_for("en").error(error)


@pytest.mark.parametrize("url", ["koleso.example/rss", "ftp://koleso.example/rss", "https://", "http://[::1/rss"])
def test_only_http_addresses_are_sources(tmp_path: Path, url: str) -> None:
    error = refused(tmp_path, GOOD.replace("https://koleso.example/rss", url))
    assert (error.key, error.facts["field"]) == ("sources-wrong", "url")


def test_an_address_that_stands_twice_is_said_once(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD + GOOD.replace("Колесо", "Другое"))
    assert (error.key, error.facts["number"], error.facts["first"]) == ("sources-url-twice", 2, 1)


def test_a_name_that_stands_twice_is_refused_because_nobody_could_call_either(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD + OTHER.replace("Обочина", "колесо"))
    assert (error.key, error.facts["name"], error.facts["first"]) == ("sources-name-twice", "колесо", 1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[[sources]\n", "sources-not-toml"),
        ("sources = 1\n", "sources-no-tables"),
        ("sources = [1]\n", "sources-no-tables"),
        ("", "sources-no-tables"),
    ],
)
def test_what_is_no_list_of_sources_is_said(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sources(write(tmp_path, text))
    assert caught.value.key == key


def test_a_file_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(GOOD.encode("cp1251"))
    with pytest.raises(SettingsError) as caught:
        load_sources(path)
    assert caught.value.key == "sources-not-utf-8"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sources(tmp_path / "none.toml")
    assert caught.value.key == "sources-unreadable"
