"""Weighted phrases of themes → where a field of an article contains them, by stems, in one pass.

Knows nothing of makes, files or thresholds. A part of a phrase that ends in ``*`` is the beginning of a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from feeds.words import Text, fold, fold_all, stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Stems (or beginnings of words) that stand side by side, and what they say about a theme."""

    theme: str
    weight: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase seen from token ``first`` to token ``last``."""

    phrase: Phrase
    first: int
    last: int


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
                last = place + len(phrase.parts) - 1
                if last == place or (last < len(text.folded) and _continues(phrase, text, place)):
                    yield Hit(phrase=phrase, first=place, last=last)

    def _look_up(self, folded: str) -> tuple[Phrase, ...]:
        beginnings = (self._by_beginning.get(folded[:length], ()) for length in range(1, len(folded) + 1))
        return (*self._by_stem.get(stem(folded), ()), *(phrase for found in beginnings for phrase in found))


def phrase(written: str, *, theme: str, weight: int) -> Phrase:
    """Fold and stem a phrase as a rules file writes it: ``"утилизационный сбор"``, ``"электро*"``."""
    parts: list[str] = []
    for word in written.split():
        if word.endswith("*"):
            parts.append(fold(word))
        else:
            parts.extend(stem(token) for token in fold_all(word))
    return Phrase(theme=theme, weight=weight, parts=tuple(parts))


def _continues(phrase: Phrase, text: Text, place: int) -> bool:
    return all(
        text.folded[place + offset].startswith(part[:-1]) if part.endswith("*") else text.stems[place + offset] == part
        for offset, part in enumerate(phrase.parts[1:], 1)
    )
