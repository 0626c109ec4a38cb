"""Text → words: tokens as written, folded and stemmed, and the spellings of a query.

Knows nothing of makes, themes or news; a pure function of its text. PyStemmer is used here only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final, TypeVar

import Stemmer

_TOKEN = re.compile(r"[^\W_]+(?:['’]s\b)?")
# Soft hyphens, zero-width marks and the stress accent stand inside words; the breve of a decomposed й does not go.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0301"
_DROPPED = dict.fromkeys(map(ord, _INVISIBLE))
Result = TypeVar("Result")
_MOST_WORDS: Final = 65_536
_LONGEST_REMEMBERED: Final = 64  # letters; what is longer is no word, and somebody's whole text may have no space
_RUSSIAN = Stemmer.Stemmer("russian")
_ENGLISH = Stemmer.Stemmer("english")
# A vowel that some forms of a word have: «рынок» and «рынка», «скидок» and «скидки», «владелец» and «владельца».
_FLEETING = (
    (re.compile(r"(?<=[бвгджзйклмнпрстфхцчшщь])[ое]к$"), "к"),
    (re.compile(r"(?<=[аоуеия])ек$"), "йк"),
    (re.compile(r"лец$"), "льц"),
    (re.compile(r"(?<=[аоуеия])ец$"), "йц"),
    (re.compile(r"(?<=[бвгджзйкмнпрстфхцчшщь])ец$"), "ц"),
    (re.compile(r"шел$"), "шл"),
    (re.compile(r"^(стек|мас|крес|чис|рем|уров|переч)[ое]([лн])$"), r"\1\2"),
)
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


@dataclass(frozen=True, kw_only=True)
class Text:
    """One field of an article, as parallel columns: the n-th token as written, folded, stemmed, and its place."""

    source: str
    written: tuple[str, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each token begins and ends; few texts are asked for it."""
        return tuple(match.span() for match in _TOKEN.finditer(self.source))

    def quote(self, first: int, last: int) -> str:
        """Return the words from token ``first`` to token ``last``, exactly as the text has them."""
        return self.source[self.spans[first][0] : self.spans[last][1]]


def read(source: str) -> Text:
    """Split into tokens of letters and digits; dashes, dots and apostrophes only separate."""
    clean = _composed(source)
    written = tuple(_TOKEN.findall(clean))
    folded, stems = zip(*map(_ANALYSED.__getitem__, written), strict=True) if written else ((), ())
    return Text(source=clean, written=written, folded=folded, stems=stems)


def fold(word: str) -> str:
    """Lower case, ё as е, no English possessive ("the model's" is no Model S), Latin letters without their accents."""
    lower = word.lower().replace("ё", "е").removesuffix("'s").removesuffix("’s")
    if lower.isascii() or not any("\u00df" <= letter <= "\u024f" for letter in lower):
        return lower
    return "".join(_bare(letter) for letter in lower)


def fold_all(text: str) -> tuple[str, ...]:
    """Fold a name or phrase to its tokens: «Ли-Авто» and «ли авто» are one."""
    return read(text).folded


def has_words(text: str) -> bool:
    """Say whether anything of a text would be a token."""
    return _TOKEN.search(_composed(text)) is not None


@lru_cache(maxsize=65_536)
def stem(folded: str) -> str:
    """Snowball's stem of a folded word, Russian or English by its first letter; ИИ, «сто» and «заем» stay whole."""
    if len(folded) < 4 and not folded.isascii():
        return folded
    stemmed = str((_ENGLISH if folded[:1].isascii() else _RUSSIAN).stemWord(folded))
    return stemmed if len(stemmed) > 2 or folded.isascii() else folded


@lru_cache(maxsize=65_536)
def root(folded: str) -> str:
    """Stem until nothing comes off: one stemming leaves different ends of «отзыв» and «отзыве», «время» and «времени».

    A fleeting vowel goes too, so that «рынок» is «рынка».

    Russian only (Snowball's English would make "early" an ear), and never down to two letters.
    """
    before, after = folded, _settled(stem(folded))
    while after != before and not after.isascii() and len(shorter := _settled(stem(after))) > 2:
        before, after = after, shorter
    return after


def _settled(stemmed: str) -> str:
    """Take the fleeting vowel out of a Russian stem that may have one."""
    if len(stemmed) < 4 or stemmed.isascii():
        return stemmed
    return next((to for form, put in _FLEETING if (to := form.sub(put, stemmed)) != stemmed), stemmed)


def roots(source: str) -> list[str]:
    """Fold and stem all words of a text: what is compared where a person's own words are looked for."""
    return list(chain.from_iterable(map(_ROOTS.__getitem__, _composed(source).split())))


def distinct_roots(source: str) -> dict[str, None]:
    """Give the roots of a text, each once, in their order."""
    written = dict.fromkeys(_composed(source).split())
    return dict.fromkeys(chain.from_iterable(map(_ROOTS.__getitem__, written)))


def _composed(source: str) -> str:
    """Take out what shows nothing inside words, which few texts have: to look for each is faster than to search."""
    if any(map(source.__contains__, _INVISIBLE)):
        source = source.translate(_DROPPED)
    return unicodedata.normalize("NFC", source)


def spellings(query: str) -> Iterator[str]:
    """Yield what a person may have meant: as typed, in the other keyboard layout, in Latin letters."""
    lower = query.lower()
    candidates = (lower, lower.translate(_TO_RUSSIAN), lower.translate(_TO_LATIN))
    folded = [" ".join(fold_all(each)) for each in candidates]
    yield from dict.fromkeys((*folded, in_latin(folded[0])))


def in_latin(folded: str) -> str:
    """Russian letters as Latin ones: «китай» → kitay."""
    return folded.translate(_TRANSLITERATED)


def _analyse(written: str) -> tuple[str, str]:
    folded = fold(written)
    return folded, stem(folded)


class Remembered(dict[str, Result]):
    """What a function said of words, found again without a call; forgets everything when it has got too big."""

    def __init__(self, find: Callable[[str], Result]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> Result:
        if len(word) > _LONGEST_REMEMBERED:
            return self._find(word)
        if len(self) >= _MOST_WORDS:
            self.clear()
        found = self[word] = self._find(word)
        return found


_ANALYSED = Remembered(_analyse)
# What stands between two spaces, mostly one word with its comma, is split into words only once.
_ROOTS = Remembered(lambda written: tuple(root(fold(word)) for word in _TOKEN.findall(written)))


def _bare(letter: str) -> str:
    """Strip an accent from a Latin letter only: й must not become и."""
    if not "\u00df" <= letter <= "\u024f":
        return letter
    return unicodedata.normalize("NFKD", letter)[0]
