"""The nearest of many headlines, without comparing with all of them: who shares words first, then rapidfuzz. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Final

from rapidfuzz import fuzz, process

from feeds.skeleton import words_of

NEAR: Final = 70.0
"""From this likeness of 100 on a headline is near; below are those that share a few common words."""

_COMPARED = 75
_COMMON = 0.1  # a beginning that so many headlines share finds nothing
_PREFIX = 4


class TitleIndex:
    """Headlines by the beginnings of their words; a headline is known by its place."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles: list[str] = []
        self._lengths: list[int] = []
        self._postings: dict[str, list[int]] = {}
        for title in titles:
            self.add(title)

    def add(self, title: str) -> int:
        """Take in a headline and return its place."""
        place = len(self._titles)
        terms = _terms(title)
        self._titles.append(title)
        self._lengths.append(len(terms) + 3)
        for term in terms:
            self._postings.setdefault(term, []).append(place)
        return place

    def nearest(self, title: str, *, limit: int) -> list[tuple[int, float]]:
        """Places of the nearest headlines with their likeness, ``NEAR`` to 100, the nearest first."""
        places = self._candidates(title)
        choices = [self._titles[place] for place in places]
        found = process.extract(
            title, choices, scorer=fuzz.token_set_ratio, processor=None, score_cutoff=NEAR, limit=limit
        )
        return [(places[at], value) for _, value, at in found]

    def _candidates(self, title: str) -> list[int]:
        """Places that share most words for how many they have; counted in C."""
        most = max(50.0, _COMMON * len(self._titles))
        found = sorted((len(self._postings.get(term, ())), term) for term in _terms(title))
        telling = [term for count, term in found if count <= most] or [term for _, term in found[:3]]
        counts = Counter(chain.from_iterable(self._postings.get(term, ()) for term in telling))
        several = [(count / self._lengths[place], place) for place, count in counts.items() if count > 1]
        if len(several) < _COMPARED:
            several = [(count / self._lengths[place], place) for place, count in counts.items()]
        return [place for _, place in heapq.nlargest(_COMPARED, several)]


def _terms(title: str) -> frozenset[str]:
    return frozenset(word[:_PREFIX] for word in words_of(title))
