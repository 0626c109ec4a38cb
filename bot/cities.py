"""Cities and the time zones they live by: found by what somebody typed, or by where they are. Pure; stores nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_OFFERED = 6
_SHORTEST = 4
"""Letters of a name that may be misspelt; of a shorter one any other is but a letter away."""
_SHORTEST_DECLINED = 3
_LONG = 6
"""From so many letters on two may be wrong: «Дубна» is no Дубай."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city, its country and its zone (an IANA name)."""

    name: Mapping[str, str]
    country: Mapping[str, str]
    latitude: float
    longitude: float
    zone: str
    others: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """Call it so that it cannot be taken for another: «Бирмингем (Алабама)», «Лондон, Великобритания»."""
        return self.name[lang] if "(" in self.name[lang] else f"{self.name[lang]}, {self.country[lang]}"

    def spellings(self) -> Iterator[str]:
        """Every way to write it, in a common form; with what is in brackets and without."""
        for name in (*self.name.values(), *self.others):
            yield common(name)
            if "(" in name:
                yield common(name.partition("(")[0])


def find_cities(text: str) -> tuple[City, ...]:
    """Find the cities that somebody may have meant, one for each zone, the likeliest first; a country's by its name."""
    wanted = common(text)
    named = _names().get(wanted) or _countries().get(wanted) or _declined(wanted) or _misspelt(wanted)
    return tuple({city.zone: city for city in reversed(named)}.values())[::-1][:MOST_OFFERED]


def is_spelt(text: str) -> bool:
    """Say whether a city or a country is written just so: then there is no need to ask."""
    return common(text) in _names() or common(text) in _countries()


def name_in(text: str, zone: str, lang: str) -> str | None:
    """Call the city of a zone that somebody wrote just so by its own name, for a zone is known by another's."""
    named = (city.name[lang] for city in _names().get(common(text), ()) if city.zone == zone)
    return next((name.partition(" (")[0] for name in named), None)


def nearest_city(latitude: float, longitude: float) -> City:
    """Return the city next to a place."""
    return min(cities(), key=lambda city: _angle(latitude, longitude, city.latitude, city.longitude))


def first_city(zone: str) -> City | None:
    """Return the city that a zone is best known by; None when it has none of ours."""
    return _by_zone().get(zone)


def common(text: str) -> str:
    """Bring a name into the form in which names are compared."""
    text = text.strip(" \t\n.,!?").casefold().replace("ё", "е").replace("’", "").replace("-", " ")
    return " ".join(text.removeprefix("г. ").removeprefix("город ").split())


@lru_cache(maxsize=1)
def cities() -> Sequence[City]:
    """All cities, a country's best known first."""
    table = resources.files("bot").joinpath("cities.tsv").read_text("utf-8")
    return tuple(_city(*line.split("\t")) for line in table.splitlines() if not line.startswith("#"))


def _city(*cells: str) -> City:
    name_ru, name_en, country_ru, country_en, latitude, longitude, zone, others = cells
    return City(
        name={"ru": name_ru, "en": name_en},
        country={"ru": country_ru, "en": country_en},
        latitude=float(latitude),
        longitude=float(longitude),
        zone=zone,
        others=tuple(other for other in others.split(";") if other),
    )


def _declined(wanted: str) -> list[City]:
    """Find a city that somebody says they live in: «в Казани», «в Уфе», «в Нью-Йорке»."""
    first, *others = wanted.rsplit(" на ", 1)
    if first[-1:] not in ("е", "и") or len(first) < _SHORTEST_DECLINED:
        return []
    ends = ("", "а", "я", "ь") if first[-1] == "е" else ("ь", "я", "ы")
    forms = (" на ".join((first[:-1] + end, *others)) for end in ends)
    return next((found for form in forms if (found := _names().get(form))), [])


def _misspelt(wanted: str) -> list[City]:
    if len(wanted) < _SHORTEST:
        return []
    wrong = 1 if len(wanted) < _LONG else 2
    alike = process.extract(
        wanted, list(_names()), scorer=OSA.distance, score_cutoff=wrong, limit=MOST_OFFERED, processor=None
    )
    return [city for name, *_ in alike for city in _names()[name]]


@lru_cache(maxsize=1)
def _names() -> Mapping[str, list[City]]:
    found: dict[str, list[City]] = {}
    for city in cities():
        for name in dict.fromkeys(city.spellings()):
            found.setdefault(name, []).append(city)
    return found


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, list[City]]:
    found: dict[str, list[City]] = {}
    for city in cities():
        for name in city.country.values():
            found.setdefault(common(name), []).append(city)
    return found


@lru_cache(maxsize=1)
def _by_zone() -> Mapping[str, City]:
    return {city.zone: city for city in reversed(cities())}


def _angle(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """How far two places are apart, as half the chord between them squared (the haversine)."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    return math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(across / 2) ** 2
