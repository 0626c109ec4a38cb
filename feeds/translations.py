"""Tellings in two languages of what is likely one story: linked, never merged. Pure.

Words do not carry over, names and numbers do; they are compared as skeletons, so that Тесла and Tesla meet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from feeds.profiles import Profile

APART: Final = timedelta(hours=48)

_RARE = 5.5
_EVIDENCE = 2
_FEWEST = 2


def linked(one: Profile, other: Profile, *, rarity: Callable[[str], float]) -> float:
    """Say how much of what two titles name both articles share, from 0 to 1; 0 when that is too little to tell by.

    A make alone is in ten stories a day: there must be two names or numbers of the titles, and as many rare words or
    numbers of the texts besides.
    """
    named = {name: rarity(name) for name in one.names | other.names}
    shared = {name for name in named if name in one.text_stems and name in other.text_stems}
    numbers = {number for number in one.numbers & other.numbers if len(number) > 1}
    if len(shared) + len(numbers) < _FEWEST or not shared:
        return 0.0
    if (one.numbers - other.said_numbers) and (other.numbers - one.said_numbers):
        return 0.0
    words = {word for word in one.text_stems & other.text_stems if rarity(word) >= _RARE} - named.keys()
    told = {number for number in one.said_numbers & other.said_numbers if len(number) > 1}
    if len(words) + len(told) < _EVIDENCE:
        return 0.0
    return sum(named[name] for name in shared) / sum(named.values())
