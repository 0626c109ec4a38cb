"""`make lessons`: learns from labelled titles what their words are worth beside the rules; writes feeds/lessons.toml.

For each theme a logistic regression on what its rules say and on the traits of a title; divided by what one point of
a strong phrase is worth, its weights are points like theirs. Titles kept for reporting teach nothing.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench.quality_topics import BATCHES, DATA, DERIVED, FRESH, is_kept, labelled
from feeds.lessons import PAIR, STRONG, Lesson, rules_of, rules_of_each, traits_of, write_lessons
from feeds.topics import THEME_THRESHOLD, TITLE, Catalogue, load_catalogue
from feeds.words import read

HEAD: Final = """\
# What words add to a theme in a title, or take from it, in points of the rules of topics.toml and headlines.toml.
# Learnt from labelled titles by `make lessons`; do not edit. What the names of traits mean is told in feeds/lessons.py.
"""

_PRIOR = 2.0  # how strongly weights are drawn to nothing
_SWEEPS = 25
_REVIEW = 4  # so often weights that rest are looked at again
_STILL = 0.01  # a smaller step is rest
_LEAN = 0.5  # a theme left out costs more than one too many
_DULLEST = 0.1  # what a point of the rules is worth at least
_LEAST_POINTS = 0.5
_BROAD = 2.0  # titles of the broad batches count double
_ALWAYS = " always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled title: by what it is judged, for all themes and for each, and how much it counts."""

    themes: frozenset[str]
    traits: Mapping[str, float]
    rules: Mapping[str, Mapping[str, float]]
    counts: float


@dataclass(slots=True)
class _Column:
    """A trait in all titles that have it, and the weight that is found for it."""

    rows: list[tuple[int, float]]
    weight: float = 0.0
    rests: bool = False
    """Its weight hardly changed lately."""


def teaching() -> list[tuple[frozenset[str], str, float]]:
    """Read all titles that may teach: their themes, the title, and how much it counts."""
    broad = dict.fromkeys(("titles_taught", "titles_varied", *BATCHES), _BROAD)
    names = {"titles": 1.0, "titles_more": 1.0, FRESH: 1.0, **broad}
    return [
        (themes, title, counts)
        for name, counts in names.items()
        for themes, title in labelled(DATA / f"{name}.tsv")
        if not (name in {FRESH, *BATCHES} and is_kept(title))
    ]


def examples(catalogue: Catalogue) -> list[Example]:
    """Judge them by the rules; two words side by side count where they come twice."""
    read_titles = teaching()
    judged = [_example(catalogue, themes, title, counts) for themes, title, counts in read_titles]
    common = Counter(name for example in judged for name in example.traits if PAIR in name)
    return [
        replace(one, traits={name: value for name, value in one.traits.items() if PAIR not in name or common[name] > 1})
        for one in judged
    ]


def learn(theme: str, taught: Sequence[Example]) -> Lesson:
    """Fit one theme by Newton's steps, one weight after another, until all of them rest."""
    columns = _columns(theme, taught)
    wanted = [theme in example.themes for example in taught]
    counts = [example.counts for example in taught]
    margins = [0.0] * len(taught)
    for sweep in range(_SWEEPS):
        moving = [column for column in columns.values() if sweep % _REVIEW == 0 or not column.rests]
        for column in moving:
            slope, bend = _PRIOR * column.weight, _PRIOR
            for row, value in column.rows:
                chance = 1 / (1 + math.exp(-margins[row]))
                slope += counts[row] * (chance - wanted[row]) * value
                bend += counts[row] * chance * (1 - chance) * value * value
            step = -slope / bend
            column.weight += step
            column.rests = abs(step) < _STILL
            for row, value in column.rows:
                margins[row] += step * value
        if sweep % _REVIEW == 0 and all(column.rests for column in moving):
            break
    strong = rules_of(TITLE * STRONG, [STRONG], rivals=0, enough=THEME_THRESHOLD)
    weighed = sum(columns[name].weight * value for name, value in strong.items() if name in columns)
    worth = max(weighed / (TITLE * STRONG), _DULLEST)
    base = THEME_THRESHOLD + (columns.pop(_ALWAYS).weight + _LEAN) / worth
    points = {name: round(column.weight / worth, 1) for name, column in columns.items()}
    return Lesson(
        base=round(base, 1), points={name: value for name, value in points.items() if abs(value) >= _LEAST_POINTS}
    )


def _columns(theme: str, taught: Sequence[Example]) -> dict[str, _Column]:
    columns = {_ALWAYS: _Column(rows=[])}
    for row, example in enumerate(taught):
        columns[_ALWAYS].rows.append((row, 1.0))
        for some in (example.traits, example.rules[theme]):
            for name, value in some.items():
                if name != f"&{theme}":
                    columns.setdefault(name, _Column(rows=[])).rows.append((row, value))
    return columns


def main() -> int:
    """Learn and write."""
    catalogue = load_catalogue()
    taught = examples(catalogue)
    themes = [topic.id for topic in catalogue.themes if topic.id not in DERIVED]
    lessons = {theme: learn(theme, taught) for theme in themes}
    path = Path(__file__).parent.parent / "feeds" / "lessons.toml"
    path.write_text("\n".join((HEAD.rstrip(), *write_lessons(lessons), "")), encoding="utf-8")
    sys.stdout.write(f"{len(taught)} titles taught {sum(len(one.points) for one in lessons.values())} points.\n")
    return 0


def _example(catalogue: Catalogue, themes: frozenset[str], title: str, counts: float) -> Example:
    seen = catalogue._scan(read(title), car_source=True, title=True)  # noqa: SLF001 - a teacher looks under the lid
    taught = [topic.id for topic in catalogue.themes if topic.id not in DERIVED]
    said = {theme: float(TITLE * seen.said(theme)) for theme in taught}
    makes = {make: catalogue._origins[make] for make in seen.mentions}  # noqa: SLF001 - likewise
    rules = dict(rules_of_each(said, seen.spoken, enough=THEME_THRESHOLD))
    traits = traits_of(read(title), makes, said).values
    return Example(themes=themes, traits=traits, rules=rules, counts=counts)


if __name__ == "__main__":
    sys.exit(main())
