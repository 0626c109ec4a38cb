from __future__ import annotations

from pathlib import Path

import pytest

from feeds.errors import SettingsError
from feeds.model import FullText, SourceSpec
from feeds.sourcelist import load_sources
from feeds.topics import Catalogue

GOOD = '[[sources]]\nname = "Колесо"\nurl = "https://koleso.example/rss"\nlang = "ru"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, "utf-8")
    return path


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
        ("weigth = 2", "weigth"),
        ('weight = "2"', "weight"),
        ("weight = true", "weight"),
        ("weight = 0", "weight"),
        ("weight = nan", "weight"),
        ("weight = 11", "weight"),
        ('topics = ["no-such"]', "topics"),
        ('topics = "ev"', "topics"),
        ("topics = [1]", "topics"),
        ('full_text = "all"', "full_text"),
        ('enabled = "yes"', "enabled"),
        ("enabled = 1", "enabled"),
    ],
)
def test_a_wrong_value_is_named_with_its_table_and_key(tmp_path: Path, line: str, field: str) -> None:
    path = write(tmp_path, f"{GOOD}\n{GOOD.replace('rss', 'atom')}{line}\n")
    with pytest.raises(SettingsError) as caught:
        load_sources(path, themes={"ev"})
    assert caught.value.key == "sources-wrong"
    assert (caught.value.facts["number"], caught.value.facts["field"]) == (2, field)
    assert caught.value.facts["file"] == str(path)


@pytest.mark.parametrize("field", ["name", "url", "lang"])
def test_a_missing_key_is_named(tmp_path: Path, field: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(field)]
    with pytest.raises(SettingsError) as caught:
        load_sources(write(tmp_path, "\n".join(lines)))
    assert caught.value.facts["field"] == field


@pytest.mark.parametrize("url", ["koleso.example/rss", "ftp://koleso.example/rss", "https://", "http://[::1/rss"])
def test_only_http_addresses_are_sources(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sources(write(tmp_path, GOOD.replace("https://koleso.example/rss", url)))
    assert (caught.value.key, caught.value.facts["field"]) == ("sources-wrong", "url")


def test_an_address_that_stands_twice_is_said_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sources(write(tmp_path, GOOD + GOOD))
    assert caught.value.facts["number"] == 2
    assert "1" in str(caught.value.facts["value"])


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
    assert caught.value.key == "sources-not-toml"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sources(tmp_path / "none.toml")
    assert caught.value.key == "sources-unreadable"
