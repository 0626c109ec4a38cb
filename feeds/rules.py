"""Weighted phrases of themes → where a field of an article contains them, by stems, in one pass.

Knows nothing of makes, files or thresholds. A part of a phrase that ends in ``*`` is the beginning of a word; between
parts that ``..`` divides up to three words may stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from feeds.words import Text, fold, fold_all, stem

GAP = ".."
_REACH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Stems (or beginnings of words) that stand side by side or near, and what they say about a theme."""

    theme: str
    weight: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase seen at these tokens, in order."""

    phrase: Phrase
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


class PhraseIndex:
    """Phrases by their first part; what may start at a word is remembered, since news repeats its words."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_stem: dict[str, list[Phrase]] = {}
        self._by_beginning: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            first = phrase.parts[0]
            index = self._by_beginning if first.endswith("*") else self._by_stem
            index.setdefault(first.rstrip("*"), []).append(phrase)
        self._starting = lru_cache(maxsize=65_536)(self._look_up)

    def hits(self, text: Text) -> Iterator[Hit]:
        """Every phrase at every place; overlapping ones too."""
        for place, word in enumerate(text.folded):
            for phrase in self._starting(word):
                places = (place,) if len(phrase.parts) == 1 else _places(phrase, text, place)
                if places:
                    yield Hit(phrase=phrase, places=places)

    def _look_up(self, folded: str) -> tuple[Phrase, ...]:
        beginnings = (self._by_beginning.get(folded[:length], ()) for length in range(1, len(folded) + 1))
        return (*self._by_stem.get(stem(folded), ()), *(phrase for found in beginnings for phrase in found))


def phrase(written: str, *, theme: str, weight: int) -> Phrase:
    """Fold and stem a phrase as a rules file writes it: ``"утилизационный сбор"``, ``"электро*"``."""
    parts: list[str] = []
    for word in written.split():
        if word == GAP:
            parts.append(GAP)
        elif word.endswith("*"):
            parts.append(fold(word))
        else:
            parts.extend(stem(token) for token in fold_all(word))
    return Phrase(theme=theme, weight=weight, parts=tuple(parts))


def strongest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of one theme's hits in one field those that count: what speaks for it counts each word once, at its best.

    What speaks against it always counts, each phrase once; so does a phrase that is repeated.
    """
    taken: set[int] = set()
    kept: dict[tuple[str, ...], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.phrase.weight, -len(hit.places))):
        if hit.phrase.parts in kept or (hit.phrase.weight > 0 and not taken.isdisjoint(hit.places)):
            continue
        kept[hit.phrase.parts] = hit
        if hit.phrase.weight > 0:
            taken.update(hit.places)
    return list(kept.values())


def _places(phrase: Phrase, text: Text, place: int) -> tuple[int, ...]:
    """Find the tokens of a phrase whose first part stands at ``place``; none when it does not go on."""
    places, reach = [place], 1
    for part in phrase.parts[1:]:
        if part == GAP:
            reach += _REACH
            continue
        near = range(places[-1] + 1, min(places[-1] + 1 + reach, len(text.folded)))
        found = next((at for at in near if _is(part, text, at)), None)
        if found is None:
            return ()
        places.append(found)
        reach = 1
    return tuple(places)


def _is(part: str, text: Text, place: int) -> bool:
    return text.folded[place].startswith(part[:-1]) if part.endswith("*") else text.stems[place] == part
