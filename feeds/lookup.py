"""What a person typed → the ids it may mean, best first. Knows names only; rapidfuzz is used here."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from feeds.words import fold_all, in_latin, spellings

_CLOSE = 76.0  # of 100: «тайота» is Toyota, «привет» is nothing
_PENALTY = 6.0  # for each further guess at what the keyboard meant
_SHORTEST_GUESS = 4  # letters: shorter words are all alike


class NameLookup:
    """Fuzzy search over names; the order of ``names`` breaks ties."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        folded = [(" ".join(fold_all(name)), topic) for topic, name in names]
        pairs = dict.fromkeys((spelling, topic) for name, topic in folded for spelling in (name, in_latin(name)))
        self._names = [name for name, _ in pairs]
        self._topics = [topic for _, topic in pairs]

    def find(self, query: str, *, limit: int) -> tuple[str, ...]:
        """At most ``limit`` ids; an exact name before a beginning before a misspelling."""
        best: dict[str, float] = {}
        for guess, typed in enumerate(spellings(query[:100])):
            if not typed:
                continue
            for place, score in self._scores(typed):
                topic = self._topics[place]
                best[topic] = max(best.get(topic, 0.0), score - guess * _PENALTY)
        order = {topic: place for place, topic in reversed(list(enumerate(self._topics)))}
        return tuple(sorted(best, key=lambda topic: (-best[topic], order[topic]))[:limit])

    def _scores(self, typed: str) -> list[tuple[int, float]]:
        scores: dict[int, float] = {}
        if len(typed) >= _SHORTEST_GUESS:
            close = process.extract(typed, self._names, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None)
            scores = {place: score * 0.9 for _, score, place in close}
        for place, name in enumerate(self._names):
            if name == typed:
                scores[place] = 120.0
            elif name.startswith(f"{typed} "):
                scores[place] = 115.0
            elif name.startswith(typed):
                scores[place] = 110.0 - min(len(name) - len(typed), 10) / 10
            elif f" {typed}" in name:
                scores[place] = max(scores.get(place, 0.0), 95.0)
        return list(scores.items())
