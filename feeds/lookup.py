"""What a person typed → the ids it may mean, best first. Knows names only; rapidfuzz is used here."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from feeds.words import fold_all, in_latin, spellings

_CLOSE = 76.0  # of 100: «тайота» is Toyota, «привет» is nothing
_PENALTY = 6.0  # for each further guess at what the keyboard meant
_SHORTEST_GUESS = 4  # letters: shorter words are all alike
_MOST_OF = 0.8  # of a model's name: «спортей» may become Спортейдж
_FARTHEST = 1  # letters more or fewer in a misspelling: «thanks» is no Tank


class NameLookup:
    """Fuzzy search over names; the order of ``names`` breaks ties.

    ``models`` must be typed as they are, ``aliases`` from their first word on: «спорт» is no «Веста Спорт».
    Names of models are so many that some are like any word: «экспорт» is no Экоспорт, «спорт» no Спортейдж.
    """

    def __init__(
        self, names: Iterable[tuple[str, str]], *, models: Collection[str] = (), aliases: Collection[str] = ()
    ) -> None:
        folded = [(" ".join(fold_all(name)), topic) for topic, name in names]
        pairs = dict.fromkeys((spelling, topic) for name, topic in folded for spelling in (name, in_latin(name)))
        self._names = [name for name, _ in pairs]
        self._topics = [topic for _, topic in pairs]
        self._strict = _spelt(models)
        self._aliases = _spelt(aliases)

    def find(self, query: str, *, limit: int) -> tuple[str, ...]:
        """At most ``limit`` ids; an exact name before a beginning before a misspelling."""
        best: dict[str, float] = {}
        for guess, typed in enumerate(spellings(query[:100])):
            if not typed:
                continue
            # What the keyboard meant is a guess already: of few letters it would begin anything.
            for place, score in self._scores(typed, begun=not guess or len(typed) >= _SHORTEST_GUESS):
                topic = self._topics[place]
                best[topic] = max(best.get(topic, 0.0), score - guess * _PENALTY)
        order = {topic: place for place, topic in reversed(list(enumerate(self._topics)))}
        return tuple(sorted(best, key=lambda topic: (-best[topic], order[topic]))[:limit])

    def _scores(self, typed: str, *, begun: bool) -> list[tuple[int, float]]:
        scores: dict[int, float] = {}
        if len(typed) >= _SHORTEST_GUESS:
            close = process.extract(typed, self._names, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None)
            scores = {place: score * 0.9 for name, score, place in close if self._may_be(typed, name)}
        for place, name in self._with(typed):
            if name == typed:
                scores[place] = 120.0
            elif not begun:
                continue
            elif name.startswith(f"{typed} "):
                scores[place] = 115.0
            elif name in self._strict:
                if name.startswith(typed) and len(typed) >= _MOST_OF * len(name):
                    scores[place] = 100.0
            elif name.startswith(typed):
                scores[place] = 110.0 - min(len(name) - len(typed), 10) / 10
            elif f" {typed}" in name and name not in self._aliases:
                scores[place] = max(scores.get(place, 0.0), 95.0)
        return list(scores.items())

    def _with(self, typed: str) -> list[tuple[int, str]]:
        return [(place, name) for place, name in enumerate(self._names) if typed in name]

    def _may_be(self, typed: str, name: str) -> bool:
        return name not in self._strict and abs(len(name) - len(typed)) <= _FARTHEST


def _spelt(names: Iterable[str]) -> frozenset[str]:
    folded = {" ".join(fold_all(name)) for name in names}
    return frozenset(folded | {in_latin(name) for name in folded})
