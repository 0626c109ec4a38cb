"""Names of makes → where a text speaks of them: generated Russian case forms, whole tokens, false friends left out.

Knows nothing of themes, scores or files; it is given the entries and one field of an article at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import product

from feeds.words import Text, fold_all, stem

REACH = 8  # tokens either side in which a word about cars makes an ambiguous name a car's
_VOWELS = "аеиоуыэюя"
_SENTENCE_END = re.compile(r"(?:^|[.!?…:•|\n—–-])\s*$")
_OPENING = '«"„“'


class Declension(StrEnum):
    """How a Russian name changes; ``AUTO`` reads it from the ending of each alias."""

    AUTO = "auto"
    MASC = "masc"
    FEM = "fem"
    NONE = "none"


class Certainty(IntEnum):
    """What it takes to believe a name: nothing, a capital letter, or all its letters capital (ГАЗ, not «газ»)."""

    PLAIN = 0
    CAPITAL = 1
    CAPITALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """The names of one make as its entry gives them."""

    make: str
    plain: tuple[str, ...] = ()
    indeclinable: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    declension: Declension = Declension.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A make seen in a field, from token ``first`` to token ``last``."""

    make: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    tail: tuple[str, ...]
    make: str | None  # None: a phrase that only looks like a name
    certainty: Certainty
    letters: int  # of the last token, before the case ending


@dataclass(slots=True)
class Gazetteer:
    """An index of every form of every name by its first token; read-only once built."""

    car_stems: frozenset[str]
    trade_stems: frozenset[str] = frozenset()
    _by_first: dict[str, list[_Name]] = field(default_factory=dict)

    def sightings(self, text: Text, *, car_source: bool) -> Iterator[Sighting]:
        """Yield makes in the order of the text: the longest name at each place, an ambiguous one only with evidence."""
        found: list[tuple[int, _Name]] = []
        after = 0
        for place, word in enumerate(text.folded):
            names = self._by_first.get(word)
            if names is None or place < after:
                continue
            for name in names:
                after_name = place + 1 + len(name.tail)
                if text.folded[place + 1 : after_name] == name.tail and _spelled(text, place, name):
                    found.append((place, name))
                    after = after_name
                    break
        certain = {place for place, name in found if name.make and name.certainty is Certainty.PLAIN}
        for place, name in found:
            if name.make is None:
                continue
            if name.certainty is Certainty.PLAIN or self._is_meant(text, place, name, certain, car_source=car_source):
                yield Sighting(make=name.make, first=place, last=place + len(name.tail))

    def is_about_cars(self, text: Text) -> bool:
        """Whether any word about cars occurs."""
        return not self.car_stems.isdisjoint(text.stems)

    def forms(self) -> Iterator[tuple[tuple[str, ...], str | None]]:
        """Every indexed form with its make, for checks of the data."""
        for first, names in self._by_first.items():
            for name in names:
                yield (first, *name.tail), name.make

    def add(self, names: NameList) -> None:
        """Index the forms of one make. The first make to claim a form keeps it."""
        groups = (
            (names.plain, names.declension, Certainty.PLAIN),
            (names.indeclinable, Declension.NONE, Certainty.PLAIN),
            (names.capital, names.declension, Certainty.CAPITAL),
            (names.capitals, names.declension, Certainty.CAPITALS),
        )
        for aliases, declension, certainty in groups:
            for alias in aliases:
                self._add_alias(alias, names.make, declension, certainty)

    def add_lookalikes(self, phrases: Iterable[str]) -> None:
        """Index phrases that are not the name; a single word counts only as given, a longer phrase in every case."""
        for phrase in phrases:
            tokens = fold_all(phrase)
            cases = [_any_forms(token) if len(tokens) > 1 else (token,) for token in tokens]
            for first, *tail in product(*cases):
                self._insert(first, _Name(tail=tuple(tail), make=None, certainty=Certainty.PLAIN, letters=0))

    def _add_alias(self, alias: str, make: str, declension: Declension, certainty: Certainty) -> None:
        tokens = fold_all(alias)
        # «Лиавто», "rav4"; but "models" is no Model S
        joined = len(tokens) > 1 and (len(tokens[-1]) > 1 or tokens[-1].isdigit())
        spellings = [tokens, ("".join(tokens),)] if joined else [tokens]
        for *head, last in spellings:
            for form in case_forms(last, declension):
                first, *tail = [*head, form]
                name = _Name(tail=tuple(tail), make=make, certainty=certainty, letters=len(last))
                self._insert(first, name)

    def _insert(self, first: str, name: _Name) -> None:
        names = self._by_first.setdefault(first, [])
        if all(other.tail != name.tail for other in names):
            names.append(name)
            names.sort(key=lambda other: -len(other.tail))

    def _is_meant(self, text: Text, place: int, name: _Name, certain: set[int], *, car_source: bool) -> bool:
        first, end = text.spans[place][0], text.spans[place + len(name.tail)][1]
        if not text.written[place][0].isupper() or _in_compound(text.source, first, end):
            return False
        before = text.source[:first]
        sure = name.certainty is Certainty.CAPITALS or (before != "" and before[-1] in _OPENING)
        if car_source and (sure or not (_SENTENCE_END.search(before[-4:]) or _shouts(text))):
            return True
        telling = self.car_stems | self.trade_stems if car_source else self.car_stems
        last = place + len(name.tail)
        near = range(max(0, place - REACH), min(len(text.stems), last + REACH + 1))
        return any(other in certain or text.stems[other] in telling for other in near if not place <= other <= last)


def build(entries: Iterable[NameList], *, car_words: Iterable[str], trade_words: Iterable[str] = ()) -> Gazetteer:
    """Index all entries: first what only looks like a name, because the first to claim a form keeps it."""
    entries = tuple(entries)
    gazetteer = Gazetteer(car_stems=_stems(car_words), trade_stems=_stems(trade_words))
    gazetteer.add_lookalikes(phrase for entry in entries for phrase in entry.unless)
    for entry in entries:
        gazetteer.add(entry)
    return gazetteer


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(token) for word in words for token in fold_all(word))


def case_forms(name: str, declension: Declension = Declension.AUTO) -> tuple[str, ...]:
    """All case forms, singular and plural, of one folded word; a name in Latin letters has one."""
    if declension is Declension.AUTO:
        declension = _class_of(name)
    if declension is Declension.NONE or name[-1:].isascii():
        return (name,)
    endings = _masculine(name) if declension is Declension.MASC else _feminine(name)
    base = name[:-1] if name[-1] in "айьяеоиуыэю" else name
    return tuple(dict.fromkeys((name, *(base + ending for ending in endings))))


def _any_forms(word: str) -> tuple[str, ...]:
    """Case forms of a noun, or of an adjective by its ending."""
    if len(word) < 5 or word[-2:] not in ("ый", "ий", "ой", "ая"):
        return case_forms(word)
    return (word, *(word[:-2] + ending for ending in ("ого", "ому", "ым", "ом", "ые", "ых", "ыми", "ой", "ую")))


def _class_of(name: str) -> Declension:
    last, before = name[-1], name[-2:-1]
    if last in "ая":
        declines = last == "я" or before not in _VOWELS  # «Киа» does not
        return Declension.FEM if declines else Declension.NONE
    return Declension.NONE if last in _VOWELS else Declension.MASC


def _masculine(name: str) -> tuple[str, ...]:
    last = name[-1]
    if last in "йь":
        return ("я", "ю", "ем", "е", "и", "ев" if last == "й" else "ей", "ям", "ями", "ях")
    plural = "и" if last in "гкхжчшщ" else "ы"
    genitive = ("ей",) if last in "жчшщ" else ("ов", "ев") if last == "ц" else ("ов",)
    instrumental = ("ом", "ем") if last in "жчшщц" else ("ом",)
    return ("а", "у", *instrumental, "е", plural, *genitive, "ам", "ами", "ах")


def _feminine(name: str) -> tuple[str, ...]:
    if name[-1] == "я":
        genitive = "й" if name[-2] in _VOWELS else "ь"
        return ("и", "е", "ю", "ей", genitive, "ям", "ями", "ях")
    plural = "и" if name[-2] in "гкхжчшщ" else "ы"
    instrumental = ("ой", "ою", "ей") if name[-2] in "жчшщц" else ("ой", "ою")
    return (plural, "е", "у", *instrumental, "", "ам", "ами", "ах")


def _spelled(text: Text, place: int, name: _Name) -> bool:
    """Check that an abbreviation stands in capitals; they say nothing where everything is written so."""
    if name.certainty is not Certainty.CAPITALS:
        return True
    return text.written[place + len(name.tail)][: name.letters].isupper() and not _all_capitals(text)


def _in_compound(source: str, first: int, end: int) -> bool:
    """«мини-маркет», «бизнес-джип», "smart-home": a dash joins the word to another in lower case."""
    follows = source[end : end + 1] in ("-", "‑") and source[end + 1 : end + 2].islower()
    precedes = source[first - 1 : first] in ("-", "‑") and source[max(0, first - 2) : first - 1].isalpha()
    return follows or precedes


def _shouts(text: Text) -> bool:
    """All capitals, or an English Headline Where Every Word Has One: a capital is no evidence then."""
    words = [word for word in text.written if len(word) > 3 and word.isalpha()]
    capital = sum(word[0].isupper() for word in words)
    return _all_capitals(text) or (len(words) > 2 and capital > len(words) * 0.7)


def _all_capitals(text: Text) -> bool:
    return len(text.written) > 3 and text.source.isupper()
