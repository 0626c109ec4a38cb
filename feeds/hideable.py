"""What words of a headline are worth hiding: names, models and nouns of car news. Pure.

A verb, an adverb or an adjective says nothing of what a story is about: who hides «возможно» hides what nobody meant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Final, TypeAlias

from feeds.gazetteer import case_forms
from feeds.ownwords import known_own_topic
from feeds.topics import Catalogue
from feeds.words import Text, read, root, roots

_Seen: TypeAlias = tuple[tuple[int, ...], str]
"""The tokens of something in a headline, and what it is called where it may be hidden, else nothing."""

MOST_WORDS: Final = 4
_SHORTEST_NAME: Final = 3
_LONGEST_RUN: Final = 3
_SENTENCE_ENDS: Final = frozenset('.!?:;—–|«"“„(')
_SHOUTED: Final = 0.6
"""From this share of capitals on a headline Writes Every Word So, and a capital says nothing."""
_NO_NAMES: Final = frozenset(
    roots(
        """россия рф москва сша европа америка us usa uk eu america european american russian i ii iii iv vi
        january february march april may june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday new the best why how what and but for ev evs"""
    )
)
"""What is written with a capital and hides far too much, or is no name."""
_ADJECTIVES: Final = ("ese", "ish", "ian")


def hideable_words(headline: str, names: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Choose what of a headline is worth hiding, in its order: models, names and nouns, at most four.

    ``names`` are those of the story's topics, which are hidden as topics. What is offered is an own topic
    (``feeds.ownwords``): a name of two words hides what has both.
    """
    known = {root(word) for name in names for word in read(name).folded}
    text = read(headline)
    taken: set[int] = set()
    found: dict[int, str] = {}
    for places, word in (*_models(text, catalogue), *_names(text), *_nouns(text)):
        if word and taken.isdisjoint(places) and known.isdisjoint(root(text.folded[place]) for place in places):
            found[places[0]] = word
        taken.update(places)
    best = [found[place] for place in sorted(list(found)[:MOST_WORDS])]
    distinct = {tuple(roots(word)): word for word in reversed(best)}
    return tuple(word for word in reversed(distinct.values()) if known_own_topic(word))


def _models(text: Text, catalogue: Catalogue) -> Iterator[_Seen]:
    """Find makes and models; a make's own name is no word to hide, for it is a topic."""
    for sighting in catalogue.sightings(text):
        places = tuple(range(sighting.first, sighting.last + 1))
        topic = catalogue.get(sighting.make)
        is_model = topic is not None and _among([text.folded[place] for place in places], topic.models)
        yield places, _as_said(text, places) if is_model else ""


def _among(folded: Iterable[str], models: Iterable[str]) -> bool:
    said = [root(word) for word in folded]
    return any(said == [root(word) for word in read(model).folded] for model in models)


def _names(text: Text) -> Iterator[_Seen]:
    """Find runs of capitalised words, and abbreviations; at the beginning of a sentence a capital says nothing."""
    if _shouts(text):
        return
    run: list[int] = []
    for place in range(len(text.written) + 1):
        if place < len(text.written) and _is_name(text, place) and (not run or _joined(text, place)):
            run.append(place)
            continue
        if run:
            yield tuple(run), _as_said(text, run[:_LONGEST_RUN])
        run = [place] if place < len(text.written) and _is_name(text, place) else []


def _nouns(text: Text) -> Iterator[_Seen]:
    """Find nouns, each called as a dictionary has it."""
    for place, folded in enumerate(text.folded):
        if noun := _known_nouns().get(folded):
            yield (place,), noun


def _as_said(text: Text, places: Iterable[int]) -> str:
    return " ".join(text.written[place].lower() for place in places)


def _is_name(text: Text, place: int) -> bool:
    word, folded = text.written[place], text.folded[place]
    if len(word) < _SHORTEST_NAME or not word.isalpha() or root(folded) in _NO_NAMES or folded.endswith(_ADJECTIVES):
        return False
    return word.isupper() or (word[0].isupper() and not _begins(text, place))


def _begins(text: Text, place: int) -> bool:
    """Whether a sentence or a quotation begins with the word."""
    before = text.source[: text.spans[place][0]].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _joined(text: Text, place: int) -> bool:
    """Whether nothing but a space or a dash stands before the word."""
    return text.source[text.spans[place - 1][1] : text.spans[place][0]] in (" ", "-", "‑", "\u00a0")


def _shouts(text: Text) -> bool:
    words = [word for word in text.written if word.isalpha() and len(word) > _SHORTEST_NAME]
    return bool(words) and sum(word[0].isupper() for word in words) > _SHOUTED * len(words)


@lru_cache(maxsize=1)
def _known_nouns() -> Mapping[str, str]:
    """All case forms of the nouns, with each its noun: a verb of the same root («арестовал») is none of them."""
    read_file = tomllib.loads(resources.files("feeds").joinpath("nouns.toml").read_bytes().decode())
    nouns = [noun for words in read_file.values() for noun in words.split()]
    return {form: noun for noun in nouns for form in _forms(noun)} | {noun: noun for noun in nouns}


def _forms(noun: str) -> tuple[str, ...]:
    if noun.isascii():
        return noun, f"{noun}s"
    if noun.endswith(("ие", "ье", "о")):
        return (noun, *(noun[:-1] + ending for ending in ("яюеий" if noun[-1] == "е" else "ауе")), f"{noun[:-1]}ом")
    if noun.endswith("ка"):  # «скидок», «стоек»
        return (*case_forms(noun), f"{noun[:-2]}ок", f"{noun[:-2]}ек")
    return (*case_forms(noun), f"{noun}ю") if noun.endswith("ь") else case_forms(noun)
