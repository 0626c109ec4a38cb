"""What a story is about: themes by weighted phrases, makes by name. Start here; the rules are in two TOML files.

A title counts three times, a lead twice, a body once. Knows nothing of people, storage or how stories are grouped.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.gazetteer import Gazetteer, build
from feeds.rulebook import CatalogueError, MakesFile, ThemeEntry, check_together, read_makes, read_themes
from feeds.rules import Hit, PhraseIndex, phrase, strongest
from feeds.words import Text, fold_all, read

if TYPE_CHECKING:
    from feeds.lookup import NameLookup

__all__ = ["Catalogue", "CatalogueError", "Evidence", "Topic", "TopicKind", "load_catalogue"]

TITLE, LEAD, BODY, CATEGORY = 3, 2, 1, 2
THEME_THRESHOLD = 7.0  # a strong word in the title, or a fair one there and anything more
MAKE_THRESHOLD = 2.0
DECLARED = 7.0  # the newsroom filed it under the theme itself
BODY_CAP = 4.0  # a long text mentions everything once: alone it decides nothing
LEAD_WORDS = 40  # stand for the lead where a feed gives none
SHOWN_WORDS = 6
_BEGINNING = re.compile(rf"\s*(?:\S+\s*){{1,{LEAD_WORDS}}}")
_SEPARATORS = re.compile(r"[/?#]")
_ANY_MAKE = ("*",)  # a key that no phrase has
_GENERATION = 2  # raise it when the scoring or the case forms change


class TopicKind(StrEnum):
    THEME = "theme"
    MAKE = "make"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something a person can follow; ``name`` has ``ru`` and ``en``, ``origin`` is a make's country code."""

    id: str
    kind: TopicKind
    name: Mapping[str, str]
    aliases: tuple[str, ...]
    featured: bool
    origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a story has a topic: the score and the words, as the text has them."""

    topic: str
    score: float
    words: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    score: float = 0.0
    words: dict[str, None] = field(default_factory=dict)  # in order, each once

    def add(self, score: float, words: Sequence[str] = ()) -> None:
        self.score += score
        self.words.update(dict.fromkeys(words))


@dataclass(slots=True)
class _Field:
    """What one field of the article says: per theme the weight of its phrases, per make how often it is named."""

    weights: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)


class Catalogue:
    """All topics and the rules that recognise them. Immutable; the indexes are built when first needed."""

    def __init__(self, themes: Sequence[ThemeEntry], makes: MakesFile) -> None:
        self._entries = tuple(themes)
        self._makes_file = makes
        self._themes = tuple(_theme_topic(entry) for entry in themes)
        self._makes = tuple(
            Topic(
                id=entry.id,
                kind=TopicKind.MAKE,
                name=entry.name,
                aliases=(*entry.names.plain, *entry.names.indeclinable, *entry.names.capital, *entry.names.capitals),
                featured=entry.featured,
                origin=entry.origin,
            )
            for entry in makes.makes
        )
        self._by_id = {topic.id: topic for topic in (*self._themes, *self._makes)}

    @property
    def themes(self) -> tuple[Topic, ...]:
        """In the order in which they are shown."""
        return self._themes

    @property
    def makes(self) -> tuple[Topic, ...]:
        """In the order of the file."""
        return self._makes

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the rules: it changes when a rule changes, not when a comment does."""
        rules = [_GENERATION, [asdict(entry) for entry in self._entries], asdict(self._makes_file)]
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:16]

    def get(self, topic_id: str) -> Topic | None:
        return self._by_id.get(topic_id)

    def find(self, query: str, *, limit: int = 8) -> tuple[Topic, ...]:
        """Topics that a person may have meant: misspelt, in either alphabet, in the wrong keyboard layout."""
        return tuple(self._by_id[topic] for topic in self._lookup.find(query, limit=limit))

    def tag(
        self,
        *,
        title: str,
        lead: str = "",
        body: str = "",
        categories: Sequence[str] = (),
        url: str = "",
        source_topics: Sequence[str] = (),
        car_source: bool = True,
    ) -> tuple[Evidence, ...]:
        """Topics of an article with their evidence, best first.

        ``source_topics`` are theme ids. From a source of general news (``car_source=False``) a story has themes only
        when its title or lead names a make or speaks of cars.
        """
        lead, rest = _lead_and_rest(lead, body)
        texts = {TITLE: read(title), LEAD: read(lead), BODY: read(rest)}
        tallies: dict[str, _Tally] = {}
        fields = [(weight, self._scan(text, car_source=car_source)) for weight, text in texts.items()]
        fields.append((CATEGORY, self._scan(read(", ".join(categories)), car_source=car_source)))
        for weight, seen in fields:
            self._count(tallies, seen, weight)
        about_cars = car_source or any(seen.mentions for _, seen in fields[:2]) or self._speaks_of_cars(texts)
        for theme, score in self._declared(categories, url, source_topics):
            tallies.setdefault(theme, _Tally()).add(score)
        return tuple(self._chosen(tallies, about_cars=about_cars))

    def _scan(self, text: Text, *, car_source: bool) -> _Field:
        seen = _Field()
        hits: dict[str, list[Hit]] = {}
        for hit in self._phrases.hits(text):
            hits.setdefault(hit.phrase.theme, []).append(hit)
        for theme, found in hits.items():
            counted = strongest(found)
            seen.weights[theme] = {hit.phrase.parts: hit.phrase.weight for hit in counted}
            speaking = sorted((hit.first, hit.last) for hit in counted if hit.phrase.weight > 0)
            seen.words[theme] = [text.quote(first, last) for first, last in speaking]
        for sighting in self._gazetteer.sightings(text, car_source=car_source):
            words = text.quote(sighting.first, sighting.last)
            seen.mentions[sighting.make] = seen.mentions.get(sighting.make, 0) + 1
            seen.words.setdefault(sighting.make, []).append(words)
            for theme, weight in self._groups.get(sighting.make, ()):
                seen.weights.setdefault(theme, {})[(sighting.make,)] = weight
                seen.words.setdefault(theme, []).append(words)
        if seen.mentions:
            for entry in self._lifted:
                seen.weights.setdefault(entry.id, {})[_ANY_MAKE] = entry.any_make
        return seen

    def _count(self, tallies: dict[str, _Tally], seen: _Field, weight: int) -> None:
        for theme, weights in seen.weights.items():
            score = float(weight * sum(weights.values()))
            tallies.setdefault(theme, _Tally()).add(
                min(score, BODY_CAP) if weight == BODY else score, seen.words.get(theme, ())
            )
        for make, times in seen.mentions.items():
            score = min(0.75 + times / 4, 2.0) if weight == BODY else float(weight)
            tallies.setdefault(make, _Tally()).add(score, seen.words[make])

    def _declared(
        self, categories: Sequence[str], url: str, source_topics: Sequence[str]
    ) -> Iterator[tuple[str, float]]:
        """Themes that the newsroom itself names, each counted once however many of its labels say so."""
        labels = {" ".join(fold_all(category)) for category in categories}
        sections = {section.lower() for section in _SEPARATORS.split(url)}
        for entry in self._entries:
            if entry.id in source_topics:
                yield entry.id, float(entry.source)
            if not labels.isdisjoint(self._labels[entry.id]) or not sections.isdisjoint(entry.sections):
                yield entry.id, DECLARED

    def _chosen(self, tallies: Mapping[str, _Tally], *, about_cars: bool) -> list[Evidence]:
        chosen = [
            Evidence(topic=topic, score=tally.score, words=tuple(tally.words)[:SHOWN_WORDS])
            for topic, tally in tallies.items()
            if (
                tally.score >= MAKE_THRESHOLD
                if self._by_id[topic].kind is TopicKind.MAKE
                else about_cars and tally.score >= THEME_THRESHOLD
            )
        ]
        return sorted(chosen, key=lambda evidence: (-evidence.score, evidence.topic))

    def _speaks_of_cars(self, texts: Mapping[int, Text]) -> bool:
        return any(self._gazetteer.is_about_cars(texts[field]) for field in (TITLE, LEAD))

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        cars = self._makes_file
        return build((entry.names for entry in cars.makes), car_words=cars.car_words, trade_words=cars.trade_words)

    @cached_property
    def _phrases(self) -> PhraseIndex:
        return PhraseIndex(
            phrase(written, theme=entry.id, weight=weight)
            for entry in self._entries
            for written, weight in entry.phrases
        )

    @cached_property
    def _groups(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Make → the themes that its name speaks for."""
        return {
            make.id: tuple(
                (entry.id, entry.group)
                for entry in self._entries
                if make.origin in entry.origins or make.id in entry.makes
            )
            for make in self._makes_file.makes
        }

    @cached_property
    def _lifted(self) -> tuple[ThemeEntry, ...]:
        return tuple(entry for entry in self._entries if entry.any_make)

    @cached_property
    def _labels(self) -> Mapping[str, frozenset[str]]:
        return {
            entry.id: frozenset(" ".join(fold_all(category)) for category in entry.categories)
            for entry in self._entries
        }

    @cached_property
    def _lookup(self) -> NameLookup:
        from feeds.lookup import NameLookup  # noqa: PLC0415 - rapidfuzz costs 60 ms to import, most runs never ask

        topics = sorted(self._by_id.values(), key=lambda topic: not topic.featured)
        return NameLookup((topic.id, name) for topic in topics for name in (*topic.name.values(), *topic.aliases))


def load_catalogue(topics: Path | None = None, makes: Path | None = None) -> Catalogue:
    """Read the rules, by default the packaged ones. Raises ``CatalogueError`` that names the file and the entry."""
    themes_file, makes_file = _file(topics, "topics.toml"), _file(makes, "makes.toml")
    themes = read_themes(themes_file[1], file=themes_file[0])
    cars = read_makes(makes_file[1], file=makes_file[0])
    check_together(themes, cars.makes, file=themes_file[0])
    return Catalogue(themes, cars)


def _lead_and_rest(lead: str, body: str) -> tuple[str, str]:
    """Split so that no sentence counts as both; without a lead the beginning of the body stands for it."""
    if lead.strip():
        return lead, body.removeprefix(lead)
    beginning = _BEGINNING.match(body)
    end = beginning.end() if beginning else 0
    return body[:end], body[end:]


def _file(path: Path | None, packaged: str) -> tuple[str, bytes]:
    try:
        if path is None:
            return packaged, resources.files("feeds").joinpath(packaged).read_bytes()
        return str(path), path.read_bytes()
    except OSError as error:
        raise CatalogueError(file=str(path or packaged), entry="", reason=str(error)) from error


def _theme_topic(entry: ThemeEntry) -> Topic:
    return Topic(
        id=entry.id,
        kind=TopicKind.THEME,
        name=entry.name,
        aliases=entry.aliases,
        featured=entry.featured,
        origin=None,
    )
