"""Text → words: tokens as written, folded and stemmed, and the spellings of a query.

Knows nothing of makes, themes or news; a pure function of its text. PyStemmer is used here only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_TOKEN = re.compile(r"[^\W_]+(?:['’]s\b)?")
# Soft hyphens, zero-width marks and the stress accent stand inside words; the breve of a decomposed й does not go.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0301]")
_RUSSIAN = Stemmer.Stemmer("russian")
_ENGLISH = Stemmer.Stemmer("english")
_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)
_TRANSLITERATED = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True)),
        "ж": "zh",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
        "ь": "",
        "ъ": "",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One field of an article, as parallel columns: the n-th token as written, folded, stemmed, and its place."""

    source: str
    written: tuple[str, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def quote(self, first: int, last: int) -> str:
        """Return the words from token ``first`` to token ``last``, exactly as the text has them."""
        return self.source[self.spans[first][0] : self.spans[last][1]]


def read(source: str) -> Text:
    """Split into tokens of letters and digits; dashes, dots and apostrophes only separate."""
    clean = _INVISIBLE.sub("", source)
    if not unicodedata.is_normalized("NFC", clean):
        clean = unicodedata.normalize("NFC", clean)
    spans = tuple(match.span() for match in _TOKEN.finditer(clean))
    written = tuple(clean[first:end] for first, end in spans)
    pairs = [_analyse(word) for word in written]
    return Text(
        source=clean,
        written=written,
        folded=tuple(folded for folded, _ in pairs),
        stems=tuple(stem for _, stem in pairs),
        spans=spans,
    )


def fold(word: str) -> str:
    """Lower case, ё as е, no English possessive ("the model's" is no Model S), Latin letters without their accents."""
    lower = word.lower().replace("ё", "е").removesuffix("'s").removesuffix("’s")
    if lower.isascii() or not any("\u00df" <= letter <= "\u024f" for letter in lower):
        return lower
    return "".join(_bare(letter) for letter in lower)


def fold_all(text: str) -> tuple[str, ...]:
    """Fold a name or phrase to its tokens: «Ли-Авто» and «ли авто» are one."""
    return read(text).folded


@lru_cache(maxsize=65_536)
def stem(folded: str) -> str:
    """Snowball's stem of a folded word, Russian or English by its first letter; ИИ, ДТП and «сто» stay whole."""
    if len(folded) < 4 and not folded.isascii():
        return folded
    return str((_ENGLISH if folded[:1].isascii() else _RUSSIAN).stemWord(folded))


@lru_cache(maxsize=65_536)
def root(folded: str) -> str:
    """Stem until nothing comes off: one stemming leaves different ends of «отзыв» and «отзыве», «время» and «времени».

    Russian only (Snowball's English would make "early" an ear), and never down to two letters.
    """
    before, after = folded, stem(folded)
    while after != before and not after.isascii() and len(shorter := stem(after)) > 2:
        before, after = after, shorter
    return after


def roots(source: str) -> list[str]:
    """Fold and stem all words of a text: what is compared where a person's own words are looked for."""
    clean = unicodedata.normalize("NFC", _INVISIBLE.sub("", source))
    return [_root_of(word) for word in _TOKEN.findall(clean)]


def spellings(query: str) -> Iterator[str]:
    """Yield what a person may have meant: as typed, in the other keyboard layout, in Latin letters."""
    lower = query.lower()
    candidates = (lower, lower.translate(_TO_RUSSIAN), lower.translate(_TO_LATIN))
    folded = [" ".join(fold_all(each)) for each in candidates]
    yield from dict.fromkeys((*folded, in_latin(folded[0])))


def in_latin(folded: str) -> str:
    """Russian letters as Latin ones: «китай» → kitay."""
    return folded.translate(_TRANSLITERATED)


@lru_cache(maxsize=65_536)
def _analyse(written: str) -> tuple[str, str]:
    folded = fold(written)
    return folded, stem(folded)


@lru_cache(maxsize=65_536)
def _root_of(written: str) -> str:
    return root(fold(written))


def _bare(letter: str) -> str:
    """Strip an accent from a Latin letter only: й must not become и."""
    if not "\u00df" <= letter <= "\u024f":
        return letter
    return unicodedata.normalize("NFKD", letter)[0]
