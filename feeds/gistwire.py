"""Articles on their way to a parsing process and their gists on the way back, as plain lists: a part of ``feeds.wire``.

Sets of short strings travel without their names: there are hundreds of them in each gist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import Any, Final

from feeds.gist import Gist
from feeds.model import Item, SourceId
from feeds.profiles import Profile
from feeds.searchwords import BEGINNING, SearchWords

_LETTERS: Final = 3  # in each of a profile's ``letters``
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gists:
    """The gists of several articles, in their order."""

    gists: tuple[Gist, ...]


def pack_items(items: Iterable[Item]) -> bytes:
    """Write what a gist is made of."""
    told = [[one.title, one.summary, one.text[:BEGINNING], one.categories, one.url] for one in items]
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpack_items(body: bytes) -> list[Item]:
    """Read articles back, with nothing in them but what a gist is made of."""
    return [
        Item(
            source_id=SourceId(0),
            key="",
            url=url,
            title=title,
            summary=summary,
            text=text,
            categories=tuple(categories),
            published_at=_NO_TIME,
        )
        for title, summary, text, categories, url in json.loads(body.decode("utf-8", "surrogatepass"))
    ]


def pack_gists(gists: Gists) -> list[list[Any]]:
    """Write gists as lists."""
    return [_packed(one) for one in gists.gists]


def unpack_gists(packed: Sequence[Sequence[Any]]) -> Gists:
    """Read gists back."""
    return Gists(gists=tuple(_unpacked(*one) for one in packed))


def _packed(gist: Gist) -> list[Any]:
    told = gist.profile
    sets = (told.title_stems, told.text_stems, told.names, told.numbers, told.said_numbers, told.shingles, told.stages)
    letters = "".join(told.letters)
    words = gist.words.title, gist.words.words
    return [gist.summary, gist.topics, letters, *map(list, sets), told.roundup, told.listing, *words]


def _unpacked(summary: str, topics: Sequence[str], letters: str, *rest: Any) -> Gist:
    *sets, roundup, listing, title, words = rest
    title_stems, text_stems, names, numbers, said_numbers, shingles, stages = sets
    threes = [letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS)]
    return Gist(
        summary=summary,
        topics=tuple(map(intern, topics)),
        profile=Profile(
            letters=_interned(threes),
            title_stems=_interned(title_stems),
            text_stems=_interned(text_stems),
            names=_interned(names),
            numbers=frozenset(numbers),
            said_numbers=frozenset(said_numbers),
            shingles=frozenset(shingles),
            stages=frozenset(stages),
            roundup=bool(roundup),
            listing=bool(listing),
        ),
        words=SearchWords(title=str(title), words=str(words)),
    )


def _interned(words: Iterable[str]) -> frozenset[str]:
    # The window holds the same few thousand terms in every article.
    return frozenset(map(intern, words))
