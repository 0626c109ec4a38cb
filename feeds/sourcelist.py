"""The sources file: TOML, one ``[[sources]]`` table for each source. Knows its shape and what may be wrong with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feeds.errors import Phrase, SettingsError
from feeds.model import FullText, SourceSpec

_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "url": str,
    "lang": str,
    "topics": list,
    "weight": (int, float),
    "full_text": str,
    "opinion_headings": list,
    "enabled": bool,
}


def load_sources(path: Path | None = None, *, themes: Collection[str] = ()) -> tuple[SourceSpec, ...]:
    """Read a sources file, the packaged one when no path is given; ``themes`` are the topic ids that exist.

    Raises ``SettingsError`` that names the file, the table and the key that is wrong, and says what is wrong with it.
    """
    name = str(path) if path else "feeds/sources.toml"
    try:
        text = path.read_text("utf-8") if path else resources.files("feeds").joinpath("sources.toml").read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise SettingsError("sources-unreadable", file=name, reason=error) from error
    except UnicodeDecodeError as error:
        raise SettingsError("sources-not-utf-8", file=name) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("sources-not-toml", file=name, reason=str(error)) from error
    found = document.get("sources")
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise SettingsError("sources-no-tables", file=name)
    tables = [_Table(file=name, number=number, values=values) for number, values in enumerate(found, 1)]
    for table in tables:
        table.check(themes)
    _check_together(tables)
    return tuple(table.spec() for table in tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One source as it is written; ``number`` counts from 1."""

    file: str
    number: int
    values: Mapping[str, Any]

    def check(self, themes: Collection[str]) -> None:
        """Raise ``SettingsError`` for the first thing that is wrong."""
        for key, value in self.values.items():
            if key not in _KEYS:
                raise self._unknown(key)
            if not _well_typed(key, value):
                raise self._wrong(key)
        for key in ("name", "url", "lang"):
            if not self.values.get(key):
                raise SettingsError("sources-key-missing", file=self.file, number=self.number, field=key)
        for topic in self.values.get("topics", ()):
            if themes and topic not in themes:
                raise self._no_topic(topic, themes)
        for key in _senseless(self.values):
            raise self._wrong(key)

    def spec(self) -> SourceSpec:
        """Read what was found to be right."""
        values = self.values
        return SourceSpec(
            name=values["name"],
            url=values["url"],
            lang=values["lang"],
            topics=tuple(values.get("topics", ())),
            weight=float(values.get("weight", 1.0)),
            full_text=FullText(values.get("full_text", FullText.AUTO)),
            opinion_headings=tuple(values.get("opinion_headings", ())),
            enabled=values.get("enabled", True),
        )

    def _unknown(self, key: str) -> SettingsError:
        if near := get_close_matches(key.casefold(), _KEYS, n=1):
            return SettingsError("sources-key-unlike", file=self.file, number=self.number, field=key, meant=near[0])
        keys = ", ".join(_KEYS)
        return SettingsError("sources-key-unknown", file=self.file, number=self.number, field=key, keys=keys)

    def _no_topic(self, topic: str, themes: Collection[str]) -> SettingsError:
        file, number = self.file, self.number
        if near := get_close_matches(topic.casefold(), themes):
            return SettingsError("sources-topic-unlike", file=file, number=number, topic=topic, meant=", ".join(near))
        topics = ", ".join(sorted(themes))
        return SettingsError("sources-topic-unknown", file=file, number=number, topic=topic, topics=topics)

    def _wrong(self, key: str) -> SettingsError:
        value = json.dumps(self.values[key], ensure_ascii=False, default=str)
        wanted = Phrase(f"sources-wanted-{key.replace('_', '-')}")
        return SettingsError("sources-wrong", file=self.file, number=self.number, field=key, value=value, wanted=wanted)


def _check_together(tables: Sequence[_Table]) -> None:
    """Raise ``SettingsError`` for an address or a name that two sources share."""
    addresses: dict[str, int] = {}
    names: dict[str, int] = {}
    for table in tables:
        url, name = table.values["url"], table.values["name"]
        if (first := addresses.setdefault(url, table.number)) != table.number:
            raise SettingsError("sources-url-twice", file=table.file, number=table.number, url=url, first=first)
        if (first := names.setdefault(name.casefold(), table.number)) != table.number:
            raise SettingsError("sources-name-twice", file=table.file, number=table.number, name=name, first=first)


def _well_typed(key: str, value: object) -> bool:
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        return False
    return isinstance(value, _KEYS[key]) and (_KEYS[key] is bool or not isinstance(value, bool))


def _senseless(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield each key whose value is of the right kind and yet makes no sense."""
    if not _is_web_address(values["url"]):
        yield "url"
    if not 0 < values.get("weight", 1) <= 10:
        yield "weight"
    if values.get("full_text", FullText.AUTO) not in list(FullText):
        yield "full_text"


def _is_web_address(url: str) -> bool:
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)
