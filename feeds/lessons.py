"""What labelled titles taught: the points that each word of a title adds to what the rules say of a theme, or takes.

A rule knows its words one by one; a lesson knows what they are worth beside each other. It is a sum, so that each word
can still be named. The points are learnt by ``bench.teach`` and kept in lessons.toml; a lesson speaks of titles only.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from feeds.words import Text

BEGINNING: Final = 5
"""Letters by which longer words are known: the rest is mostly endings."""

SHORTEST: Final = 3
"""Letters of the shortest word that teaches: prepositions say nothing that the rules' phrases do not."""

LEAST, MOST = -9.0, 18.0
"""What the rules say of one title counts between these."""

HINT: Final = 4.0
"""Points from which words that no rule knows count at all."""

STRONG: Final = 3
"""The weight of a strong phrase in the rules."""

TELLING: Final = 1.0
"""Points from which a word is named among the reasons."""

PAIR: Final = "_"
"""Stands between two words side by side, and nowhere else."""

SAID: Final = "said"
ANY: Final = "+"
"""The trait of a title in which some word speaks for a theme."""

_SCALE = 0.25
_STRENGTH = 0.5  # what a phrase of the rules counts as a trait of its strength
_SHARE = 0.1  # and a point that they give another theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """By what a title is judged: how much it has of each trait, and which words of it those are that are words.

    "прода*" begins a word, "прода*_цен" are two side by side. "=lada" is a make, "@ru" its origin, "@" that there is
    any; "&ev" are the points that the rules give a theme.
    """

    values: Mapping[str, float]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What was learnt of one theme: the points any title begins with, and those of each trait."""

    base: float
    points: Mapping[str, float]

    def judge(self, said: float, traits: Traits, rules: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
        """Weigh what the rules said of a title by its traits, and name the words that spoke for it.

        ``rules`` are ``rules_of`` this theme. What the rules did not deny falls to nothing at worst, so that the rest
        of an article may speak yet; where no word speaks for a theme nothing is added.
        """
        points = self.points
        learnt = sum([points[name] * value for name, value in traits.values.items() if name in points])
        learnt += sum([points[name] * value for name, value in rules.items() if name in points])
        score = self.base + learnt
        words = tuple([word for name, word in traits.words.items() if name in points and points[name] >= TELLING])
        if (said <= 0 and score < HINT) or not (words or ANY in rules):
            score = min(score, said)
        return min(max(score, min(said, 0.0)), MOST), words


def traits_of(title: Text, makes: Mapping[str, str], said: Mapping[str, float]) -> Traits:
    """List by what a title is judged; ``makes`` are those it names, with their origins, ``said`` what rules give."""
    known = [trait(folded) for folded in title.folded]
    words = {
        name: written
        for name, folded, written in zip(known, title.folded, title.written, strict=True)
        if len(folded) >= SHORTEST
    }
    words |= {
        f"{one}{PAIR}{other}": title.quote(place, place + 1) for place, (one, other) in enumerate(pairwise(known))
    }
    named = (*(f"={make}" for make in makes), *(f"@{origin}" for origin in makes.values()), *("@" for _ in makes))
    values = dict.fromkeys((*words, *named), 1.0)
    values |= {f"&{theme}": _SHARE * min(max(points, LEAST), MOST) for theme, points in said.items() if points}
    return Traits(values=values, words=words)


def rules_of(said: float, weights: Iterable[int], *, rivals: int, enough: float) -> dict[str, float]:
    """Say how a theme's rules speak in a title, as traits: ``said`` are their points, by phrases of these ``weights``.

    "said" are the points, "+3" strong phrases, "-3" such against it; "++" says that there is a strong one, "+" any for
    it; "#beside2" that the rules find two ``rivals`` beside it, "#against2" that they find two and not it.
    """
    found = {SAID: _SCALE * min(max(said, LEAST), MOST)}
    for weight in weights:
        name = f"{weight:+d}"
        found[name] = found.get(name, 0.0) + _STRENGTH
        if weight > 0:
            found[ANY] = 1.0
        if weight >= STRONG:
            found["++"] = 1.0
    beside = "beside" if said >= enough else "against"
    for number in range(1, min(rivals, 3) + 1):
        found[f"#{beside}{number}"] = 1.0
    return found


def rules_of_each(
    said: Mapping[str, float], spoken: Callable[[str], Iterable[int]], *, enough: float
) -> Iterator[tuple[str, dict[str, float]]]:
    """Say it of all themes: ``said`` are the points of each, ``spoken`` gives the weights of its phrases."""
    found = sum(points >= enough for points in said.values())
    for theme, points in said.items():
        yield theme, rules_of(points, spoken(theme), rivals=found - (points >= enough), enough=enough)


def trait(folded: str) -> str:
    """Name the trait of a word: «продажи» is "прода*"."""
    return folded if len(folded) <= BEGINNING else f"{folded[:BEGINNING]}*"


def read_lessons(data: bytes) -> dict[str, Lesson]:
    """Read lessons.toml: per theme its ``base`` and, by points, the traits worth them."""
    return {theme: _lesson(table) for theme, table in tomllib.loads(data.decode()).items()}


def write_lessons(lessons: Mapping[str, Lesson]) -> Iterator[str]:
    """Write them as ``read_lessons`` reads them, line by line, traits of equal points together."""
    for theme, lesson in lessons.items():
        yield f"\n[{theme}]"
        yield f"base = {lesson.base:.1f}"
        by_points: dict[float, list[str]] = {}
        for name, points in lesson.points.items():
            by_points.setdefault(points, []).append(name)
        for points in sorted(by_points, reverse=True):
            yield from _wrapped(points, sorted(by_points[points]))


def _lesson(table: Mapping[str, object]) -> Lesson:
    base = table["base"]
    if not isinstance(base, float):
        raise TypeError("base must be a number with a point")
    points = {name: float(key) for key, names in table.items() if isinstance(names, str) for name in names.split()}
    return Lesson(base=base, points=points)


def _wrapped(points: float, names: Iterable[str]) -> Iterator[str]:
    yield f'"{points:+.1f}" = """'
    yield from textwrap.wrap(f'{" ".join(names)}"""', 118, break_long_words=False, break_on_hyphens=False)
