"""An article → what is compared of it: letters, beginnings of words, names, numbers, verbatim passages.

Pure; judges nothing. Words are taken as their skeletons, so that spellings of one name meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from sys import intern
from typing import Final
from zlib import crc32

from feeds.skeleton import skeleton, words_of

TEXT_WORDS: Final = 60
"""A story is told in its first words; what follows is background that other stories share."""

_FEW_WORDS = 8
_SHINGLE = 5
_SAMPLE = 12
_REPRINT = 0.6
_BEGINNING = re.compile(rf"\s*(?:\S+\s*){{1,{TEXT_WORDS}}}")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_NEW_SENTENCE = re.compile(r"(?:^|[.!?…])\W*$")
_SHOUTING = 0.7
# «МОСКВА, 14 окт - РИА Новости.», «МОСКВА, 14 октября. /ТАСС/.», "LONDON (Reuters) -"
_DATELINE = re.compile(
    r"\s*(?:[A-ZА-ЯЁ][\w-]+(?:[ -][A-ZА-ЯЁ][\w-]+){0,2}[.,]\s+\d{1,2}\s+\w{3,9}\.?\s*(?:[-–—]\s*[^.–—-]{2,25}\."
    r"|/[^/]{2,20}/\.?|[-–—./]?\s*[A-ZА-ЯЁ][\w.]{2,20}\s*[-–—])|[A-Z][A-Z ]+\((?:Reuters|AP|AFP)\)\s*[-–—])\s*"
)
_MONTHS = re.compile(
    r"\b(?:(январ|jan(?:uary)?\b)|(феврал|feb(?:ruary)?\b)|(март[аеу]?\b|march\b)|(апрел|april\b)|(ма[йяею]\b|may\b)"
    r"|(июн|june\b)|(июл|july\b)|(август|august\b)|(сентябр|sept)|(октябр|october\b)|(ноябр|nov(?:ember)?\b)"
    r"|(декабр|dec(?:ember)?\b))",
    re.IGNORECASE,
)

_ROUNDUP = re.compile(
    r"\b(?:дайджест|итоги\s+(?:дня|недели|месяца|года)|главн(?:ое|ые\s+новости)\s+(?:за|дня|недели)|обзор\s+(?:прессы|новостей)"
    r"|(?:news\s+)?round-?up|week\s+in\s+review|(?:morning|evening|daily|weekly)\s+(?:briefing|digest|brief))\b",
    re.IGNORECASE,
)
_BEST = re.compile(
    r"\b(?:топ|top)[\s-]?\d+\b"
    r"|\b(?:\d+|дв[аух]+|три|тр[её]х|четыр\w+|пят[ьи]|шест[ьи]|сем[ьи]|восьм?\w*|десят[ьи]|two|three|five|seven|ten)\s+"
    r"(?:сам\w+|лучш\w+|худш\w+|главн\w+|причин\w*|способ\w*|ошиб\w+|best|worst|most|things|reasons|ways|mistakes)\b",
    re.IGNORECASE,
)
_STAGES = (
    ("predl", "inici", "plani", "razra", "propo", "plan", "consi"),
    ("utver", "odobr", "prina", "podpi", "vstup", "zapus", "appro", "signe", "adopt", "launc"),
    ("otloz", "peren", "otsro", "postp", "delaed", "delai"),
    ("otklo", "vernul", "otmen", "otkaz", "oprov", "priost", "reec", "cance", "denie", "scrap"),
)
"""Beginnings of words, as skeletons, that say how far a matter has come: proposed, begun, put off, given up."""


@dataclass(slots=True, eq=False, kw_only=True)
class Profile:
    """What is compared of an article. ``measured_at`` and ``lengths`` are a cache of whoever weighs it.

    ``letters`` are threes of the title's letters, ``=abcd`` and ``~abcde`` beginnings of words of the title and of the
    title with the first words of the text; without a text there are none of the latter. ``names`` and ``numbers`` are
    the title's, ``said_numbers`` the title's and the text's. ``shingles`` is a sample of passages. ``stages``
    say how far the matter has come by its title. A ``roundup`` is
    a digest of many stories, a ``listing`` names the five best of something.
    """

    letters: frozenset[str]
    title_stems: frozenset[str]
    text_stems: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    said_numbers: frozenset[str]
    shingles: frozenset[int]
    stages: frozenset[int]
    roundup: bool
    listing: bool
    measured_at: int = -1
    lengths: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def terms(self) -> Iterable[str]:
        """Everything whose rarity matters, each once."""
        return chain(self.letters, self.title_stems, self.text_stems)


def profile(title: str, text: str) -> Profile:
    """Read an article's title and the first sixty words of its text."""
    title = _DATELINE.sub("", title, count=1) if _DATELINE.match(title) else title
    dateline = _DATELINE.match(text)
    found = _BEGINNING.match(text, dateline.end() if dateline else 0)
    words = words_of(title)
    said = found[0] if found else ""
    beginning = words_of(said)
    told = [*words, *beginning] if len(beginning) >= _FEW_WORDS else []
    numbers = frozenset(_numbers(title))
    return Profile(
        letters=frozenset(intern(f" {word} "[at : at + 3]) for word in words for at in range(len(word))),
        title_stems=frozenset(intern(f"={word[:4]}") for word in words),
        text_stems=frozenset(intern(f"~{word[:5]}") for word in told),
        names=frozenset(_names(title)),
        numbers=numbers,
        said_numbers=numbers | frozenset(_numbers(said)),
        shingles=_shingles(beginning),
        stages=frozenset(stage for stage, said in enumerate(_STAGES) if any(word.startswith(said) for word in words)),
        roundup=_ROUNDUP.search(title) is not None,
        listing=_BEST.search(title) is not None,
    )


def reprinted(one: Profile, other: Profile) -> float:
    """How much of two beginnings is word for word the same, judged by samples; 0 where it is too little to be sure."""
    if one.shingles.isdisjoint(other.shingles) or len(one.shingles) < _SAMPLE or len(other.shingles) < _SAMPLE:
        return 0.0
    lowest = frozenset(sorted(one.shingles | other.shingles)[:_SAMPLE])
    share = len(lowest & one.shingles & other.shingles) / _SAMPLE
    return share if share >= _REPRINT else 0.0


def _shingles(words: list[str]) -> frozenset[int]:
    """Keep the passages with the lowest checksums: a sample that two equal texts share (bottom-k MinHash)."""
    passages = {crc32(" ".join(words[at : at + _SHINGLE]).encode()) for at in range(len(words) - _SHINGLE + 1)}
    return frozenset(sorted(passages)[:_SAMPLE])


def _numbers(text: str) -> Iterator[str]:
    yield from (number.lstrip("0") or "0" for number in _NUMBER.findall(text))
    for month in _MONTHS.finditer(text):
        yield f"month {month.lastindex}"


def _names(title: str) -> Iterator[str]:
    """Words that name something: with a digit in them, Latin among Russian, or with a capital that starts no sentence.

    In a Headline Where Every Word Has a Capital only a digit tells.
    """
    words = list(_WORD.finditer(title))
    long = [word[0] for word in words if len(word[0]) > 3 and word[0].isalpha()]
    shouted = len(long) > 2 and sum(word[0].isupper() for word in long) > _SHOUTING * len(long)
    russian = any("\u0400" <= letter <= "\u04ff" for letter in title)
    for found in words:
        word = found[0]
        if word.isdigit() or len(word) < 2:
            continue
        capital = word[0].isupper() and not shouted and not _NEW_SENTENCE.search(title[: found.start()])
        if capital or any(letter.isdigit() for letter in word) or (russian and word.isascii()):
            yield intern(f"~{skeleton(word)[:5]}")
