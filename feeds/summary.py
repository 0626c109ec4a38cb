"""Two sentences that tell an article, chosen from it and never rewritten. Knows nothing of stories or sources."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import Stemmer

from feeds.prose import cut_at_word, ends_sentence
from feeds.prose import sentences as split

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?")
_CONSIDERED: Final = 30
_POSITION_WEIGHT: Final = 0.3
_LENGTH_WEIGHT: Final = 0.2
_SHORTEST: Final = 20
_STOP_WORD = re.compile(
    r"[ивсукоая]|во|не|на|со|по|ко|из|за|от|до|об|для|что|как|это|при|но|или|бы|же|ли|то|так"
    r"|the|an?|of|in|on|to|for|and|is|are|was|at|by|with|from|as|its?|that|this"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    text: str
    position: int
    words: Counter[str]
    likeness: float


def summarise(title: str, text: str, *, limit: int = 320, sentences: int = 2) -> str:
    """Choose up to ``sentences`` whole sentences of ``text``, ``limit`` characters together, in their order.

    Each next one is the best of those that still fit: like the title, saying what of it is not said yet, early, and
    long rather than short. A sentence that only repeats the title is not chosen; one that alone is too long is cut
    after a word, with «…».
    """
    wanted = _vector(title)
    offered = [
        _Sentence(text=one, position=at, words=(words := _vector(one)), likeness=_cosine(words, wanted))
        for at, one in enumerate(_candidates(title, text), 1)
    ]
    chosen: list[_Sentence] = []
    unsaid, room = set(wanted), limit
    while len(chosen) < sentences:
        fitting = [one for one in offered if one not in chosen and len(one.text) <= room]
        if not fitting:
            break
        best = max(fitting, key=lambda one: (_worth(one, unsaid, total=len(wanted), limit=limit), -one.position))
        chosen.append(best)
        unsaid -= best.words.keys()
        room -= len(best.text) + 1
    if not chosen:
        return cut_at_word(offered[0].text, limit) if offered else ""
    return " ".join(one.text for one in sorted(chosen, key=lambda one: one.position))


def _worth(sentence: _Sentence, unsaid: set[str], *, total: int, limit: int) -> float:
    says = len(unsaid & sentence.words.keys()) / max(total, 1)
    early, long = _POSITION_WEIGHT / sentence.position, _LENGTH_WEIGHT * len(sentence.text) / limit
    return (says + sentence.likeness) / 2 + early + long


def _candidates(title: str, text: str) -> list[str]:
    """List the first sentences that say more than the title; fragments only where there is nothing else."""
    told = _vector(title).keys()
    said: dict[str, None] = {}
    for line in text.split("\n"):
        said |= dict.fromkeys(split(" ".join(line.split())))
        if len(said) > _CONSIDERED:
            break
    own = [sentence for sentence in said if _vector(sentence).keys() - told]
    whole = [
        sentence for sentence in own if len(sentence) >= _SHORTEST and (ends_sentence(sentence) or len(sentence) > 60)
    ]
    return (whole or own)[:_CONSIDERED]


@lru_cache(maxsize=256)
def _vector(text: str) -> Counter[str]:
    counted = Counter(map(_stem, _TOKEN.findall(text.lower().replace("ё", "е"))))
    del counted[""]
    return counted


@lru_cache(maxsize=50_000)
def _stem(token: str) -> str:
    """Reduce a word to its stem, and one that says nothing by itself to none."""
    if _STOP_WORD.fullmatch(token):
        return ""
    stemmer = _stemmer("english" if token.isascii() else "russian")
    return str(stemmer.stemWord(token))


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[stem] for stem, count in one.items())
    if not shared:
        return 0.0
    return shared / math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
