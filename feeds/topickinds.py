"""What a person can follow: themes and makes, made of the entries of the rules files. Knows nothing of matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from feeds.rulebook import MakeEntry, ThemeEntry


class TopicKind(StrEnum):
    THEME = "theme"
    MAKE = "make"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something a person can follow; ``name`` has ``ru`` and ``en``, ``origin`` is a make's country code.

    ``models`` are those of a make's aliases that name a model.
    """

    id: str
    kind: TopicKind
    name: Mapping[str, str]
    aliases: tuple[str, ...]
    featured: bool
    origin: str | None
    models: tuple[str, ...] = ()


def theme_topic(entry: ThemeEntry) -> Topic:
    """Make a theme's topic."""
    return Topic(
        id=entry.id,
        kind=TopicKind.THEME,
        name=entry.name,
        aliases=entry.aliases,
        featured=entry.featured,
        origin=None,
    )


def make_topic(entry: MakeEntry) -> Topic:
    """Make a make's topic."""
    names = entry.names
    own = {name.casefold() for name in entry.name.values()}
    return Topic(
        id=entry.id,
        kind=TopicKind.MAKE,
        name=entry.name,
        aliases=(*names.plain, *names.indeclinable, *names.capital, *names.capitals),
        featured=entry.featured,
        origin=entry.origin,
        models=(*entry.models, *(name for name in names.capital if name not in own)),
    )
