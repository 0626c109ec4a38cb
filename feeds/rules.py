"""Weighted phrases of themes → where a field of an article contains them, by stems, in one pass.

Knows nothing of makes, files or thresholds. A part of a phrase that ends in ``*`` is the beginning of a word; between
parts that ``..`` divides up to three words may stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Starting:
    """Phrases that may start at a word: of it alone, by the stem that must stand next, and all others."""

    alone: tuple[Phrase, ...]
    before: Mapping[str, Sequence[Phrase]]
    others: tuple[Phrase, ...]


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
            starting = self._starting(word)
            for phrase in starting.alone:
                yield Hit(phrase=phrase, places=(place,))
            following = text.stems[place + 1] if place + 1 < len(text.stems) else ""
            for phrase in (*starting.before.get(following, ()), *starting.others):
                if places := _places(phrase, text, place):
                    yield Hit(phrase=phrase, places=places)

    def _look_up(self, folded: str) -> _Starting:
        beginnings = (self._by_beginning.get(folded[:length], ()) for length in range(1, len(folded) + 1))
        found = (*self._by_stem.get(stem(folded), ()), *(phrase for phrases in beginnings for phrase in phrases))
        before: dict[str, list[Phrase]] = {}
        for phrase in found:
            if len(phrase.parts) > 1 and not phrase.parts[1].endswith(("*", GAP)):
                before.setdefault(phrase.parts[1], []).append(phrase)
        return _Starting(
            alone=tuple(phrase for phrase in found if len(phrase.parts) == 1),
            before=before,
            others=tuple(phrase for phrase in found if phrase.parts[1:] and phrase.parts[1].endswith(("*", GAP))),
        )


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
    places, after, reach = [place], place + 1, 1
    for part in phrase.parts[1:]:
        if part == GAP:
            reach += _REACH
            continue
        end = min(after + reach, len(text.folded))
        while after < end and not _is(part, text, after):
            after += 1
        if after >= end:
            return ()
        places.append(after)
        after, reach = after + 1, 1
    return tuple(places)


def _is(part: str, text: Text, place: int) -> bool:
    return text.folded[place].startswith(part[:-1]) if part.endswith("*") else text.stems[place] == part
