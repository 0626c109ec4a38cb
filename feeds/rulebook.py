"""topics.toml, headlines.toml and makes.toml → checked entries. Knows the files' keys, nothing of matching.

Every mistake raises ``CatalogueError`` with the file, the entry and what is wrong with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feeds.errors import SettingsError
from feeds.gazetteer import Declension, NameList
from feeds.words import has_words

MAX_NAME = 22  # characters: two buttons stand in a row of a phone
WEIGHTS = {"strong": 3, "fair": 2, "weak": 1, "against": -3}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")  # it travels in callback data and deep links
_ORIGIN = re.compile(r"[a-z]{2}")
_THEME_LISTS = ("aliases", *WEIGHTS, "origins", "makes", "categories", "sections")
_MAKE_LISTS = ("aliases", "indeclinable", "models", "ambiguous", "capitals", "unless")


class CatalogueError(SettingsError, ValueError):
    """A rules file is wrong; ``facts`` name the ``file``, the ``entry`` and the ``reason``."""

    def __init__(self, *, file: str, entry: str, reason: str) -> None:
        super().__init__("catalogue-wrong", file=file, entry=entry, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeEntry:
    """One theme of topics.toml. ``group`` is the weight of each make of its group, ``any_make`` of makes at large.

    ``headlines`` are its phrases of headlines.toml, which count in titles only.
    """

    id: str
    name: Mapping[str, str]
    order: int
    featured: bool
    aliases: tuple[str, ...]
    phrases: tuple[tuple[str, int], ...]
    origins: tuple[str, ...]
    makes: tuple[str, ...]
    group: int
    any_make: int
    categories: tuple[str, ...]
    sections: tuple[str, ...]
    source: int
    headlines: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeEntry:
    """One make of makes.toml."""

    id: str
    name: Mapping[str, str]
    origin: str
    featured: bool
    names: NameList
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakesFile:
    """The makes, the words that show a text to be about cars, and those that do so in a car newsroom."""

    makes: tuple[MakeEntry, ...]
    car_words: tuple[str, ...]
    trade_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table that knows where it stands, so that each complaint can say so."""

    file: str
    entry: str
    values: Mapping[str, Any]

    def wrong(self, reason: str) -> CatalogueError:
        return CatalogueError(file=self.file, entry=self.entry, reason=reason)

    def known(self, *keys: str) -> None:
        if unknown := sorted(self.values.keys() - set(keys)):
            raise self.wrong(f"unknown key {unknown[0]}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{key} must be a text")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{key} must be a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and has_words(each) for each in value):
            raise self.wrong(f"{key} must be a list of words")
        return tuple(value)


def read_themes(data: bytes, *, file: str) -> tuple[ThemeEntry, ...]:
    """Read topics.toml, in the order in which themes are shown. Raises ``CatalogueError``."""
    root = _parse(data, file)
    root.known("theme")
    entries = tuple(_theme(table) for table in _tables(root, "theme"))
    _all_different(file, [entry.id for entry in entries], "id")
    _all_different(file, [str(entry.order) for entry in entries], "order")
    return tuple(sorted(entries, key=lambda entry: entry.order))


def with_headlines(themes: Sequence[ThemeEntry], data: bytes, *, file: str) -> tuple[ThemeEntry, ...]:
    """Give themes their phrases of headlines.toml. Raises ``CatalogueError``."""
    root = _parse(data, file)
    root.known(*(entry.id for entry in themes))
    tables = {theme: _Table(file, theme, values) for theme, values in root.values.items()}
    return tuple(
        replace(entry, headlines=_phrases(tables[entry.id])) if entry.id in tables else entry for entry in themes
    )


def read_makes(data: bytes, *, file: str) -> MakesFile:
    """Read makes.toml, in the order of the file. Raises ``CatalogueError``."""
    root = _parse(data, file)
    root.known("make", "car_words", "trade_words")
    entries = tuple(_make(table) for table in _tables(root, "make"))
    _all_different(file, [entry.id for entry in entries], "id")
    return MakesFile(makes=entries, car_words=root.texts("car_words"), trade_words=root.texts("trade_words"))


def check_together(themes: Sequence[ThemeEntry], makes: Sequence[MakeEntry], *, file: str) -> None:
    """Ids are one space across both files, and a theme may only name makes that exist. Raises ``CatalogueError``."""
    slugs = {make.id for make in makes}
    for theme in themes:
        if theme.id in slugs:
            raise CatalogueError(file=file, entry=theme.id, reason="id is also a make's")
        if missing := sorted(set(theme.makes) - slugs):
            raise CatalogueError(file=file, entry=theme.id, reason=f"no such make {missing[0]}")


def _theme(table: _Table) -> ThemeEntry:
    table.known("id", "name", "order", "featured", "group", "any_make", "source", *_THEME_LISTS)
    entry = ThemeEntry(
        id=_checked_id(table),
        name=_display(table, table.values.get("name")),
        order=table.number("order"),
        featured=table.flag("featured"),
        aliases=table.texts("aliases"),
        phrases=_phrases(table),
        origins=table.texts("origins"),
        makes=table.texts("makes"),
        group=table.number("group", 3),
        any_make=table.number("any_make", 0),
        categories=table.texts("categories"),
        sections=table.texts("sections"),
        source=table.number("source", 3),
    )
    if not entry.phrases and not entry.origins:
        raise table.wrong("no rule")
    return entry


def _phrases(table: _Table) -> tuple[tuple[str, int], ...]:
    return tuple((phrase, weight) for key, weight in WEIGHTS.items() for phrase in table.texts(key))


def _make(table: _Table) -> MakeEntry:
    table.known("id", "name", "ru", "origin", "featured", "declension", *_MAKE_LISTS)
    slug = _checked_id(table)
    origin = table.text("origin")
    if not _ORIGIN.fullmatch(origin):
        raise table.wrong("origin must be a country code")
    names = NameList(
        make=slug,
        plain=(*table.texts("aliases"), *table.texts("models")),
        indeclinable=table.texts("indeclinable"),
        capital=table.texts("ambiguous"),
        capitals=table.texts("capitals"),
        unless=table.texts("unless"),
        declension=_declension(table),
    )
    if not (names.plain or names.indeclinable or names.capital or names.capitals):
        raise table.wrong("no alias")
    display = {"ru": table.text("ru", table.text("name")), "en": table.text("name")}
    return MakeEntry(
        id=slug,
        name=_display(table, display),
        origin=origin,
        featured=table.flag("featured"),
        names=names,
        models=table.texts("models"),
    )


def _parse(data: bytes, file: str) -> _Table:
    try:
        return _Table(file, "", tomllib.loads(data.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(file=file, entry="", reason=str(error)) from error


def _tables(root: _Table, key: str) -> list[_Table]:
    tables = root.values.get(key)
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise root.wrong(f"[[{key}]] is missing")
    return [_Table(root.file, str(each.get("id", f"{key} {place}")), each) for place, each in enumerate(tables, 1)]


def _checked_id(table: _Table) -> str:
    slug = table.text("id")
    if not _ID.fullmatch(slug):
        raise table.wrong("id must be at most 16 of a-z, 0-9 and -")
    return slug


def _declension(table: _Table) -> Declension:
    try:
        return Declension(table.text("declension", Declension.AUTO))
    except ValueError as error:
        raise table.wrong(f"declension must be one of {', '.join(Declension)}") from error


def _display(table: _Table, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or value.keys() != {"ru", "en"}:
        raise table.wrong("name must have ru and en")
    for name in value.values():
        if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
            raise table.wrong(f"a name has 1 to {MAX_NAME} characters")
    return value


def _all_different(file: str, values: Sequence[str], key: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise CatalogueError(file=file, entry=value, reason=f"{key} used twice")
        seen.add(value)
