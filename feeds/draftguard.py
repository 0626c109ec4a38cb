"""Whether a drafted summary says only what its article says: numbers, names and most words must be the article's.

Blind to negation and to who did what to whom: a person reads every draft all the same. Knows no model and no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feeds.words import roots

SHARED: Final = 0.34
"""The least part of a draft's roots that must be the article's; a summary of another article has fewer."""

_NUMBER = re.compile(r"\d+(?:\s\d{3}(?!\d))*(?:[.,]\d+)*")
_WORD = re.compile(r"(?<![\w-])[^\W\d_][\w’'-]*")
_STARTS = re.compile(r"(?:^|[.!?…:]|\n)[\s«\"“(—–-]*$")


class ObjectionKind(StrEnum):
    """What of a draft is not the article's."""

    NUMBER = "number"
    NAME = "name"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing that a draft made up; for WORDS, how little it shares."""

    kind: ObjectionKind
    words: str


def objections(draft: str, article: str) -> tuple[Objection, ...]:
    """Say what of a draft its article does not say; nothing means that it may be shown to an editor."""
    known, told = set(roots(article)), roots(draft)
    numbers = set(_numbers(article))
    found = [
        Objection(kind=ObjectionKind.NUMBER, words=number)
        for number in dict.fromkeys(_numbers(draft))
        if number not in numbers
    ]
    found += [
        Objection(kind=ObjectionKind.NAME, words=name)
        for name in dict.fromkeys(_names(draft))
        if not known.issuperset(roots(name))
    ]
    shared = sum(word in known for word in told) / len(told) if told else 0.0
    if shared < SHARED:
        found.append(Objection(kind=ObjectionKind.WORDS, words=f"{shared:.2f}"))
    return tuple(found)


def _numbers(text: str) -> Iterator[str]:
    """«1 200», "1,200" and 1200 are one, and so are 1,5 and 1.5."""
    for found in _NUMBER.finditer(text):
        plain = re.sub(r"\s", "", found[0]).replace(",", ".")
        yield re.sub(r"\.(\d{3})(?=\.|$)", r"\1", plain) if not plain.startswith("0") else plain


def _names(text: str) -> Iterator[str]:
    """Words with a capital that starts no sentence, and Latin words among Russian ones."""
    russian = any("а" <= letter <= "я" for letter in text.lower())
    for found in _WORD.finditer(text):
        word = found[0]
        inside = word[0].isupper() and not _STARTS.search(text[: found.start()])
        if inside or (russian and word.isascii() and len(word) > 1):
            yield word
