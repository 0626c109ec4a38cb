"""Two sentences that tell an article, chosen from it and never rewritten. Knows nothing of stories or sources."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import Stemmer

from feeds.prose import cut_at_word, ends_sentence
from feeds.prose import sentences as split
from feeds.words import Remembered

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?")
_CONSIDERED: Final = 30
_POSITION_WEIGHT: Final = 0.3
_LENGTH_WEIGHT: Final = 0.2
_SHORTEST: Final = 20
_STOP_WORD = re.compile(
    r"[ивсукоая]|во|не|на|со|по|ко|из|за|от|до|об|для|что|как|это|при|но|или|бы|же|ли|то|так"
    r"|the|an?|of|in|on|to|for|and|is|are|was|at|by|with|from|as|its?|that|this"
)


# A word so long that it is no stop word.
_SAYING = re.compile(r"[^\W\d_]{5}")


class _Sentence(NamedTuple):
    text: str
    position: int
    said: AbstractSet[str]
    likeness: float
    worth: float
    """As far as its place and length go."""


def summarise(title: str, text: str, *, limit: int = 320, sentences: int = 2) -> str:
    """Choose up to ``sentences`` whole sentences of ``text``, ``limit`` characters together, in their order.

    Each next one is the best of those that still fit: like the title, saying what of it is not said yet, early, and
    long rather than short. A sentence that only repeats the title is not chosen; one that alone is too long is cut
    after a word, with «…».
    """
    wanted = Counter(_stems(title))
    candidates = _candidates(wanted.keys(), text)
    offered = [
        _Sentence(
            text=one,
            position=at,
            said=wanted.keys() & stems if stems else frozenset(),
            likeness=_likeness(stems, wanted) if stems else 0.0,
            worth=_POSITION_WEIGHT / at + _LENGTH_WEIGHT * len(one) / limit,
        )
        for at, (one, stems) in enumerate(candidates, 1)
    ]
    chosen: list[_Sentence] = []
    unsaid, room = set(wanted), limit
    while len(chosen) < sentences:
        fitting = [one for one in offered if len(one.text) <= room]
        if not fitting:
            break
        best = max(fitting, key=lambda one: _worth(one, unsaid, total=len(wanted)))  # of equals the first
        chosen.append(best)
        offered.remove(best)
        unsaid -= best.said
        room -= len(best.text) + 1
    if not chosen:
        return cut_at_word(candidates[0][0], limit) if candidates else ""
    return " ".join(one.text for one in sorted(chosen, key=lambda one: one.position))


def _worth(sentence: _Sentence, unsaid: AbstractSet[str], *, total: int) -> float:
    if not sentence.said:  # as most have no word of the title
        return sentence.worth
    says = len(unsaid & sentence.said) / total
    return (says + sentence.likeness) / 2 + sentence.worth


def _candidates(told: AbstractSet[str], text: str) -> list[tuple[str, list[str] | None]]:
    """List the first sentences that say more than the title, fragments only if there is no other.

    With their stems, or None where none of these is one of the title's.
    """
    said: dict[str, None] = {}
    for line in text.split("\n"):
        said |= dict.fromkeys(split(" ".join(line.split())))
        if len(said) > _CONSIDERED:
            break
    folded = _folded(text)
    beginnings = [one for one in {_beginning(stem) for stem in told} if one in folded]
    read = [(sentence, _shared(sentence, beginnings)) for sentence in said]
    own = [(sentence, stems) for sentence, stems in read if stems is None or not told >= {*stems}]
    whole = [one for one in own if len(one[0]) >= _SHORTEST and (ends_sentence(one[0]) or len(one[0]) > 60)]
    return (whole or own)[:_CONSIDERED]


def _shared(sentence: str, beginnings: Sequence[str]) -> list[str] | None:
    """Stem a sentence that may share a word with the title; None for one that does not, and does say something.

    To look for a few beginnings takes a third of looking every word up among all that were ever stemmed.
    """
    if _SAYING.search(sentence) and not (beginnings and any(map(_folded(sentence).__contains__, beginnings))):
        return None
    return _stems(sentence)


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е")


def _beginning(stem: str) -> str:
    """Say how every word with this stem begins: Snowball only takes from Russian ones, and changes ends of English."""
    return stem[: max(len(stem) - 2, 1)] if stem.isascii() else stem


def _stems(text: str) -> list[str]:
    """Stem the words of a text that say something."""
    return list(chain.from_iterable(map(_STEMS.__getitem__, text.split())))


def _stems_between_spaces(written: str) -> tuple[str, ...]:
    """Stem what stands between two spaces: mostly one word, with its comma."""
    tokens = _TOKEN.findall(_folded(written))
    return tuple(stem for token in tokens if (stem := _stem(token)))


def _stem(token: str) -> str:
    """Reduce a word to its stem, and one that says nothing by itself to none."""
    if _STOP_WORD.fullmatch(token):
        return ""
    stemmer = _stemmer("english" if token.isascii() else "russian")
    return str(stemmer.stemWord(token))


_STEMS = Remembered(_stems_between_spaces)


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


def _likeness(stems: Sequence[str], wanted: Counter[str]) -> float:
    """Compare a sentence with the title by the cosine of their stems; most sentences share none."""
    if wanted.keys().isdisjoint(stems):
        return 0.0
    counted = Counter(stems)
    shared = sum(count * wanted[stem] for stem, count in counted.items())
    return shared / math.sqrt(sum(n * n for n in counted.values()) * sum(n * n for n in wanted.values()))
