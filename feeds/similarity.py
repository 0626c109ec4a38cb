"""How alike two articles are, from 0 to 1. Pure; knows nothing of stories, windows or stores.

``Similarity`` is what the window asks; ``TermSimilarity`` answers it from the words alone. Whoever has an endpoint for
embeddings can answer it otherwise: the guards of ``feeds.guards`` apply to any answer.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Protocol

from feeds.profiles import Profile, reprinted

TITLE_SHARE: Final = 0.5
"""What the titles count where both articles have a text."""

_BARE = 4 / 3
"""Titles alone have fewer words in common: the same likeness says more. So that one threshold serves both."""

_DRIFT = 20


class Similarity(Protocol):
    """Judges how alike two articles are, and learns from those it has seen what is rare."""

    def learn(self, profile: Profile) -> None:
        """Take note of an article that came into the window."""
        ...

    def forget(self, profile: Profile) -> None:
        """Take back what was learned of an article that left it."""
        ...

    def compare(self, one: Profile, other: Profile) -> float:
        """Say how alike they are, from 0 to 1."""
        ...

    def rarity(self, term: str) -> float:
        """Say how much a term tells: the rarer, the more."""
        ...


class TermSimilarity:
    """Cosines of what articles say, rare terms counting more; two whose texts are word for word the same are one.

    How rare a term is comes from the articles learned and, while they are few, from ``background.toml``.
    """

    def __init__(self) -> None:
        self._background = _background()
        self._seen: Counter[str] = Counter()
        self._articles = 0
        self._generation = 0
        self._renewed_at = 0
        self._squares = _Squares(self.rarity)

    def learn(self, profile: Profile) -> None:
        self._articles += 1
        self._seen.update(profile.terms())
        self._renew()

    def forget(self, profile: Profile) -> None:
        self._articles -= 1
        for term in profile.terms():
            self._seen[term] -= 1
            if self._seen[term] <= 0:
                del self._seen[term]
        self._renew()

    def rarity(self, term: str) -> float:
        known = self._background
        seen = self._seen.get(term, 0) + known.articles * known.shares.get(term, 0.0)
        return math.log((1 + self._articles + known.articles) / (1 + seen)) + 1

    def compare(self, one: Profile, other: Profile) -> float:
        (letters, stems, words), (other_letters, other_stems, other_words) = self._lengths(one), self._lengths(other)
        alike = 0.5 * self._shared(one.letters, other.letters) / (letters * other_letters)
        alike += 0.5 * self._shared(one.title_stems, other.title_stems) / (stems * other_stems)
        if one.text_stems and other.text_stems:
            texts = self._shared(one.text_stems, other.text_stems) / (words * other_words)
            alike = TITLE_SHARE * alike + (1 - TITLE_SHARE) * texts
        else:
            alike *= _BARE
        return min(1.0, max(alike, reprinted(one, other)))

    def _shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        return sum(map(self._squares.__getitem__, one & other))

    def _lengths(self, profile: Profile) -> tuple[float, float, float]:
        if profile.measured_at != self._generation:
            fields = (profile.letters, profile.title_stems, profile.text_stems)
            letters, stems, words = (math.sqrt(self._shared(terms, terms)) or 1.0 for terms in fields)
            profile.measured_at, profile.lengths = self._generation, (letters, stems, words)
        return profile.lengths

    def _renew(self) -> None:
        """Weigh anew after the window has grown or shrunk by a twentieth: rarity changes slowly."""
        if abs(self._articles - self._renewed_at) * _DRIFT > self._articles + self._background.articles:
            self._renewed_at = self._articles
            self._generation += 1
            self._squares.clear()


class _Squares(dict[str, float]):
    """What terms weigh, squared; found when first asked for, and then without a line of Python."""

    def __init__(self, rarity: Callable[[str], float]) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, term: str) -> float:
        square = self[term] = self._rarity(term) ** 2
        return square


@dataclass(frozen=True, slots=True, kw_only=True)
class _Background:
    articles: int
    shares: Mapping[str, float]


@cache
def _background() -> _Background:
    """Read how common terms are in the press at large, once."""
    read = tomllib.loads(resources.files("feeds").joinpath("background.toml").read_text(encoding="utf-8"))
    return _Background(articles=read["articles"], shares=dict(_shares(read)))


def _shares(read: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, float]]:
    for mark, table in (("", "letters"), ("=", "title"), ("~", "text")):
        for percent, terms in read[table].items():
            for term in terms.split():
                yield mark + term.replace("_", " "), float(percent) / 100
