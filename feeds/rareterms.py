"""An index of articles by their terms: whom a new one may resemble, without comparing it with everybody.

Pure; knows what a term is worth from whoever asks. Measured beside a plain loop by ``make quality``.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

_TERMS: Final = 14
_LONGEST: Final = 400
"""A term that so many articles have distinguishes none of them."""


class RareTerms(Generic[Key]):
    """Postings of every term; candidates are who shares the rarest terms."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[Key, None]] = {}

    def add(self, key: Key, terms: Iterable[str]) -> None:
        for term in terms:
            self._postings.setdefault(term, {})[key] = None

    def remove(self, key: Key, terms: Iterable[str]) -> None:
        for term in terms:
            posting = self._postings.get(term)
            if posting is not None and posting.pop(key, 0) is None and not posting:
                del self._postings[term]

    def candidates(
        self, terms: Iterable[str], *, rarity: Callable[[str], float], limit: int, but: Key | None = None
    ) -> list[Key]:
        """Up to ``limit`` keys other than ``but`` that share the rarest of ``terms``, the likeliest first."""
        find = self._postings.get
        known = [(len(posting), term) for term in terms if (posting := find(term))]
        others = [(length, term) for length, term in sorted(known) if length > 1 or but not in self._postings[term]]
        rarest = [term for length, term in others[:_TERMS] if length <= _LONGEST]
        scores: dict[Key, float] = {}
        for term in rarest:
            worth = rarity(term) ** 2
            score = scores.get
            for key in self._postings[term]:
                scores[key] = score(key, 0.0) + worth
        if but is not None:
            scores.pop(but, None)
        if len(scores) <= limit:
            return list(scores)
        return [key for key, _ in heapq.nlargest(limit, scores.items(), key=itemgetter(1))]
