"""The nearest of many headlines, without comparing with all of them: rare words first, then rapidfuzz. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from feeds.rareterms import RareTerms
from feeds.skeleton import words_of

_COMPARED = 50


class TitleIndex:
    """Headlines by the beginnings of their words; a headline is known by its place."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles: list[str] = []
        self._index: RareTerms[int] = RareTerms()
        self._seen: Counter[str] = Counter()
        for title in titles:
            self.add(title)

    def add(self, title: str) -> int:
        """Take in a headline and return its place."""
        place = len(self._titles)
        terms = _terms(title)
        self._titles.append(title)
        self._seen.update(terms)
        self._index.add(place, terms)
        return place

    def nearest(self, title: str, *, limit: int) -> list[tuple[int, float]]:
        """Places of the nearest headlines with their likeness from 0 to 100, the nearest first."""
        places = self._index.candidates(_terms(title), rarity=self._rarity, limit=_COMPARED)
        choices = {place: self._titles[place] for place in places}
        found = process.extract(title, choices, scorer=fuzz.token_set_ratio, processor=None, limit=limit)
        return [(place, value) for _, value, place in found]

    def _rarity(self, term: str) -> float:
        return math.log((1 + len(self._titles)) / (1 + self._seen[term])) + 1


def _terms(title: str) -> frozenset[str]:
    return frozenset(word[:4] for word in words_of(title))
