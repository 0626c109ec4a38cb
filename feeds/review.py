"""A second look at the whole window: which stories it would join or part, had they come all at once. Pure.

Articles come one by one, and each is placed by what was known then. Changes nothing: whoever asked decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feeds.linkage import average_linkage
from feeds.model import StoryId
from feeds.window import ATTACH, Entry, Window

Pair = tuple[int, int, float]
"""Two articles by position, and their likeness."""

_NEIGHBOURS = 40
_FAINT = 0.05
_UNKNOWN = 0.1
"""What a pair too unlike to be compared counts as: tellings of a big story need not all resemble each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Stories whose tellings belong together, the one to keep first."""

    stories: tuple[StoryId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A story whose tellings fall into groups of these sizes, the largest first."""

    story_id: StoryId
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a second look finds."""

    merges: tuple[Merge, ...] = ()
    splits: tuple[Split, ...] = ()


def neighbours(entries: Sequence[Entry], window: Window) -> Iterator[list[Pair]]:
    """Pairs of articles with their likeness, by position in ``entries``; one list for each, so that others get a turn.

    The window may change in between: what it has that ``entries`` has not is left out.
    """
    places = {entry.identity: place for place, entry in enumerate(entries)}
    seen: set[tuple[int, int]] = set()
    for place, entry in enumerate(entries):
        pairs: list[Pair] = []
        for other in window.candidates(entry, limit=_NEIGHBOURS):
            there = places.get(other.identity)
            if there is None or other.lang != entry.lang or (min(place, there), max(place, there)) in seen:
                continue
            seen.add((min(place, there), max(place, there)))
            value = window.likeness(entry, other)
            if value >= _FAINT:
                pairs.append((place, there, value))
        yield pairs


def regroup(size: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """Group articles by average likeness, all at once."""
    return average_linkage(size, pairs, least=ATTACH, unknown=_UNKNOWN)


def review(told: Sequence[StoryId], groups: Sequence[Sequence[int]]) -> Review:
    """Compare the stories that articles are in with the groups that all at once would make of them."""
    sizes = Counter(told)
    merges = []
    parts: dict[StoryId, list[int]] = {}
    for group in groups:
        counts = Counter(told[place] for place in group)
        for story_id, count in counts.items():
            parts.setdefault(story_id, []).append(count)
        # Only stories that go together whole: what is half in another group is no clear case.
        whole = [story_id for story_id, count in counts.items() if count == sizes[story_id]]
        if len(whole) > 1:
            merges.append(Merge(stories=tuple(sorted(whole, key=lambda story_id: (-sizes[story_id], story_id)))))
    splits = (
        Split(story_id=story_id, groups=tuple(sorted(counts, reverse=True)))
        for story_id, counts in sorted(parts.items())
        if len(counts) > 1
    )
    return Review(merges=tuple(merges), splits=tuple(splits))
