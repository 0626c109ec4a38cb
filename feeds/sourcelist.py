"""The sources file: TOML, one ``[[sources]]`` table for each source. Knows its shape and what may be wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feeds.errors import SettingsError
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

    Raises ``SettingsError`` that names the file, the table and the key that is wrong.
    """
    name = str(path) if path else "feeds/sources.toml"
    try:
        text = path.read_text("utf-8") if path else resources.files("feeds").joinpath("sources.toml").read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise SettingsError("sources-unreadable", file=name, reason=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("sources-not-toml", file=name, reason=str(error)) from error
    tables = document.get("sources")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError("sources-no-tables", file=name)
    specs = tuple(_spec(table, file=name, number=number, themes=themes) for number, table in enumerate(tables, 1))
    seen: dict[str, int] = {}
    for number, spec in enumerate(specs, 1):
        if spec.url in seen:
            raise _wrong(name, number, "url", f"= [[sources]] {seen[spec.url]}")
        seen[spec.url] = number
    return specs


def _spec(table: Mapping[str, Any], *, file: str, number: int, themes: Collection[str]) -> SourceSpec:
    for key, value in table.items():
        if key not in _KEYS or not _well_typed(key, value):
            raise _wrong(file, number, key, repr(value))
    fault = next(_faults(table, themes), None)
    if fault:
        raise _wrong(file, number, *fault)
    return SourceSpec(
        name=table["name"],
        url=table["url"],
        lang=table["lang"],
        topics=tuple(table.get("topics", ())),
        weight=float(table.get("weight", 1.0)),
        full_text=FullText(table.get("full_text", FullText.AUTO)),
        opinion_headings=tuple(table.get("opinion_headings", ())),
        enabled=table.get("enabled", True),
    )


def _well_typed(key: str, value: object) -> bool:
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        return False
    return isinstance(value, _KEYS[key]) and (_KEYS[key] is bool or not isinstance(value, bool))


def _faults(table: Mapping[str, Any], themes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each field whose value makes no sense, with that value."""
    for key in ("name", "url", "lang"):
        if not table.get(key):
            yield key, "—"
    if not _is_web_address(table.get("url", "")):
        yield "url", table["url"]
    unknown = [topic for topic in table.get("topics", ()) if themes and topic not in themes]
    if unknown:
        yield "topics", ", ".join(unknown)
    if not 0 < table.get("weight", 1) <= 10:
        yield "weight", repr(table["weight"])
    if table.get("full_text", FullText.AUTO) not in list(FullText):
        yield "full_text", repr(table["full_text"])


def _is_web_address(url: str) -> bool:
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


def _wrong(file: str, number: int, key: str, value: str) -> SettingsError:
    return SettingsError("sources-wrong", file=file, number=number, field=key, value=value)
