"""What a story is about: themes by weighted phrases, makes by name. Start here; the rules are in TOML files.

A title counts three times, a lead twice, a body once. Knows nothing of people, storage or how stories are grouped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds.gazetteer import Gazetteer, Sighting, build
from feeds.lessons import Lesson, read_lessons, rules_of_each, traits_of
from feeds.rulebook import (
    CatalogueError,
    MakesFile,
    ThemeEntry,
    check_together,
    read_makes,
    read_themes,
    with_headlines,
)
from feeds.rules import Hit, Phrase, PhraseIndex, phrase, strongest
from feeds.tally import ANY_MAKE, Evidence, Field, Tally, lead_and_rest
from feeds.topickinds import Topic, TopicKind, make_topic, theme_topic
from feeds.words import Text, fold_all, read

if TYPE_CHECKING:
    from feeds.lookup import NameLookup

__all__ = ["Catalogue", "CatalogueError", "Evidence", "Topic", "TopicKind", "load_catalogue"]

TITLE, LEAD, BODY, CATEGORY = 3, 2, 1, 2
THEME_THRESHOLD = 7.0  # a strong word in the title, or a fair one there and anything more
TEXT_ALONE = 12.0  # what a text needs to add a theme of which the title, itself of another, says nothing
LIKELY = 4.0  # where no theme quite fits, the likeliest that the title hints at will do
MAKE_THRESHOLD = 2.0
DECLARED = 7.0  # the newsroom filed it under the theme itself
BODY_CAP = 4.0  # a long text mentions everything once: alone it decides nothing
SHOWN_WORDS = 6
_GENERATION = 3  # raise it when the scoring or the case forms change


class Catalogue:
    """All topics and the rules that recognise them. Immutable; the indexes are built when first needed."""

    def __init__(
        self, themes: Sequence[ThemeEntry], makes: MakesFile, lessons: Mapping[str, Lesson] | None = None
    ) -> None:
        self._lessons = lessons or {}
        self._entries = tuple(themes)
        self._makes_file = makes
        self._themes = tuple(theme_topic(entry) for entry in themes)
        self._makes = tuple(make_topic(entry) for entry in makes.makes)
        self._by_id = {topic.id: topic for topic in (*self._themes, *self._makes)}

    @property
    def themes(self) -> tuple[Topic, ...]:  # in the order in which they are shown
        return self._themes

    @property
    def makes(self) -> tuple[Topic, ...]:  # in the order of the file
        return self._makes

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the rules: it changes when a rule changes, not when a comment does."""
        rules = [_GENERATION, self._entries, self._makes_file, self._lessons]
        return hashlib.sha256(json.dumps(rules, sort_keys=True, default=_fields).encode()).hexdigest()[:16]

    def get(self, topic_id: str) -> Topic | None:
        return self._by_id.get(topic_id)

    def find(self, query: str, *, limit: int = 8) -> tuple[Topic, ...]:
        """Topics that a person may have meant: misspelt, in either alphabet, in the wrong keyboard layout."""
        return tuple(self._by_id[topic] for topic in self._lookup.find(query, limit=limit))

    def sightings(self, title: Text) -> Iterator[Sighting]:
        """Where a title of a car newsroom names makes or their models."""
        return self._gazetteer.sightings(title, car_source=True)

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
        lead, rest = lead_and_rest(lead, body)
        texts = {TITLE: read(title), LEAD: read(lead), BODY: read(rest)}
        tallies: dict[str, Tally] = {}
        seen = self._scan(texts[TITLE], car_source=car_source, title=True)
        self._count(tallies, seen, TITLE)
        self._apply_lessons(tallies, seen, texts[TITLE])
        for theme, score in self._declared(categories, url, source_topics):
            tallies.setdefault(theme, Tally()).add(score)
        said = {topic: tally.score for topic, tally in tallies.items()}
        mentioned = bool(seen.mentions)
        for weight, text in ((LEAD, texts[LEAD]), (BODY, texts[BODY]), (CATEGORY, read(", ".join(categories)))):
            seen = self._scan(text, car_source=car_source)
            self._count(tallies, seen, weight)
            mentioned = mentioned or (weight == LEAD and bool(seen.mentions))
        about_cars = car_source or mentioned or self._speaks_of_cars(texts)
        return tuple(self._chosen(tallies, said, about_cars=about_cars))

    def _scan(self, text: Text, *, car_source: bool, title: bool = False) -> Field:
        seen = Field()
        hits: dict[str, list[Hit]] = {}
        for hit in (self._headlines if title else self._phrases).hits(text):
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
                seen.weights.setdefault(entry.id, {})[ANY_MAKE] = entry.any_make
        return seen

    def _count(self, tallies: dict[str, Tally], seen: Field, weight: int) -> None:
        for theme, weights in seen.weights.items():
            score = float(weight * sum(weights.values()))
            tallies.setdefault(theme, Tally()).add(
                min(score, BODY_CAP) if weight == BODY else score, seen.words.get(theme, ())
            )
        for make, times in seen.mentions.items():
            score = min(0.75 + times / 4, 2.0) if weight == BODY else float(weight)
            tallies.setdefault(make, Tally()).add(score, seen.words[make])

    def _apply_lessons(self, tallies: dict[str, Tally], seen: Field, title: Text) -> None:
        """Put what lessons make of a title in place of what its rules alone said."""
        said = {theme: float(TITLE * seen.said(theme)) for theme in self._lessons}
        traits = traits_of(title, {make: self._origins[make] for make in seen.mentions}, said)
        for theme, rules in rules_of_each(said, seen.spoken, enough=THEME_THRESHOLD):
            score, words = self._lessons[theme].judge(said[theme], traits, rules)
            if score != said[theme]:
                tallies.setdefault(theme, Tally()).add(score - said[theme], words)

    def _declared(
        self, categories: Sequence[str], url: str, source_topics: Sequence[str]
    ) -> Iterator[tuple[str, float]]:
        """Themes that the newsroom itself names, each counted once however many of its labels say so."""
        labels = {" ".join(fold_all(category)) for category in categories}
        sections = set(url.lower().replace("?", "/").replace("#", "/").split("/"))
        for entry in self._entries:
            if entry.id in source_topics:
                yield entry.id, float(entry.source)
            if not labels.isdisjoint(self._labels[entry.id]) or not sections.isdisjoint(entry.sections):
                yield entry.id, DECLARED

    def _chosen(self, tallies: Mapping[str, Tally], said: Mapping[str, float], *, about_cars: bool) -> list[Evidence]:
        """Choose by all points; ``said`` are those of the title and the newsroom's own labels."""
        found = [one.as_evidence(topic, SHOWN_WORDS) for topic, one in tallies.items()]
        found.sort(key=lambda evidence: (-evidence.score, evidence.topic))
        makes = {one.topic for one in found if self._by_id[one.topic].kind is TopicKind.MAKE}
        themes = [one for one in found if about_cars and one.topic not in makes]
        decided = any(said.get(one.topic, 0.0) >= THEME_THRESHOLD for one in themes)
        unsaid = TEXT_ALONE if decided else THEME_THRESHOLD
        fitting = [one for one in themes if one.score >= (THEME_THRESHOLD if said.get(one.topic, 0.0) > 0 else unsaid)]
        likeliest = [one for one in themes if self._lessons and one.words and said.get(one.topic, 0.0) >= LIKELY][:1]
        named = [one for one in found if one.topic in makes and one.score >= MAKE_THRESHOLD]
        return sorted((*(fitting or likeliest), *named), key=lambda evidence: (-evidence.score, evidence.topic))

    def _speaks_of_cars(self, texts: Mapping[int, Text]) -> bool:
        return any(self._gazetteer.is_about_cars(texts[field]) for field in (TITLE, LEAD))

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        cars = self._makes_file
        return build((entry.names for entry in cars.makes), car_words=cars.car_words, trade_words=cars.trade_words)

    @cached_property
    def _phrases(self) -> PhraseIndex:
        return PhraseIndex(chain.from_iterable(self._everywhere.values()))

    @cached_property
    def _headlines(self) -> PhraseIndex:
        """The phrases that count in titles."""
        return PhraseIndex(
            chain.from_iterable(
                (*self._everywhere[entry.id], *_read(entry.id, entry.headlines)) for entry in self._entries
            )
        )

    @cached_property
    def _everywhere(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Theme → its phrases that count in titles and texts."""
        return {entry.id: _read(entry.id, entry.phrases) for entry in self._entries}

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        return {make.id: make.origin for make in self._makes_file.makes}

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
        names = [(topic.id, name) for topic in topics for name in (*topic.name.values(), *topic.aliases)]
        aliases = {alias for make in self._makes for alias in make.aliases}
        own = {name.casefold() for make in self._makes for name in make.name.values()}
        models = {model for make in self._makes for model in make.models}
        return NameLookup(names, models=models, aliases={alias for alias in aliases if alias.casefold() not in own})


def _read(theme: str, written: Sequence[tuple[str, int]]) -> tuple[Phrase, ...]:
    return tuple(phrase(each, theme=theme, weight=weight) for each, weight in written)


def load_catalogue(topics: Path | None = None, makes: Path | None = None) -> Catalogue:
    """Read the rules, by default the packaged ones. Raises ``CatalogueError`` that names the file and the entry."""
    themes_file, makes_file = _file(topics, "topics.toml"), _file(makes, "makes.toml")
    themes = read_themes(themes_file[1], file=themes_file[0])
    cars = read_makes(makes_file[1], file=makes_file[0])
    check_together(themes, cars.makes, file=themes_file[0])
    if topics is not None:  # rules of one's own: nothing was learnt about them
        return Catalogue(themes, cars)
    headlines, lessons = _file(None, "headlines.toml"), _file(None, "lessons.toml")
    return Catalogue(with_headlines(themes, headlines[1], file=headlines[0]), cars, read_lessons(lessons[1]))


def _fields(rule: Any) -> Mapping[str, object]:
    return {field.name: getattr(rule, field.name) for field in fields(rule)}


def _file(path: Path | None, packaged: str) -> tuple[str, bytes]:
    try:
        if path is None:
            return packaged, resources.files("feeds").joinpath(packaged).read_bytes()
        return str(path), path.read_bytes()
    except OSError as error:
        raise CatalogueError(file=str(path or packaged), entry="", reason=str(error)) from error
