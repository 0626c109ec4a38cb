"""The words an article is found by: the roots of its title, its summary, its beginning and its categories.

A pure function of the article; how they are kept and looked for is ``storage.search``'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from feeds.model import Item
from feeds.words import distinct_roots

BEGINNING: Final = 4000
"""Characters of an article's text that it can be found by: about what its first two screens say."""

GENERATION: Final = 3
"""Raise it when other words come of an article than before; what is stored is read anew then."""

_LONGEST: Final = 60  # letters; PostgreSQL refuses words beyond 2,046 bytes, and nobody types one


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWords:
    """The roots of an article's words, each once, divided by spaces: the title's, and all."""

    title: str
    words: str


def search_words(item: Item) -> SearchWords:
    """Say what an article can be found by."""
    return words_of(item.title, item.summary, item.text, item.categories)


def words_of(title: str, summary: str, text: str, categories: Sequence[str]) -> SearchWords:
    """Say it of the parts of an article."""
    first = distinct_roots(title)
    rest = distinct_roots(" ".join((summary, text[:BEGINNING], *categories)))
    return SearchWords(title=" ".join(distinct(first)), words=" ".join(distinct(first | rest)))


def distinct(words: Iterable[str]) -> Collection[str]:
    """Keep each word once, and none that nobody would type."""
    once = words if isinstance(words, dict) else dict.fromkeys(words)
    if max(map(len, once), default=0) <= _LONGEST:
        return once
    return [word for word in once if len(word) <= _LONGEST]
