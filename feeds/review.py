"""A second look at the whole window: which stories it would join or part, had they come all at once. Pure.

Articles come one by one, and each is placed by what was known then. Changes nothing: whoever asked decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.linkage import average_linkage
from feeds.model import StoryId
from feeds.window import ATTACH, Entry, Window

_NEIGHBOURS = 40
_FAINT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Stories whose tellings belong together, the one to keep first."""

    stories: tuple[StoryId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A story whose tellings fall into groups, by their addresses' identities, the largest first."""

    story_id: StoryId
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a second look finds."""

    merges: tuple[Merge, ...] = ()
    splits: tuple[Split, ...] = ()


def regroup(entries: Sequence[Entry], window: Window) -> list[list[int]]:
    """Group articles of the window by average likeness, all at once; positions in ``entries``."""
    return average_linkage(len(entries), _pairs(entries, window), least=ATTACH)


def review(window: Window) -> Review:
    """Compare the stories of the window with what all at once would make of them."""
    entries = list(window)
    groups = regroup(entries, window)
    merges = []
    parts: dict[StoryId, list[int]] = {}
    for group in groups:
        told = Counter(entries[place].story_id for place in group)
        for story_id, count in told.items():
            parts.setdefault(story_id, []).append(count)
        # Only stories that go together whole: what is half in another group is no clear case.
        whole = [story_id for story_id, count in told.items() if count == window.told(story_id)]
        if len(whole) > 1:
            merges.append(Merge(stories=tuple(sorted(whole, key=lambda story_id: (-told[story_id], story_id)))))
    splits = (
        Split(story_id=story_id, groups=tuple(sorted(counts, reverse=True)))
        for story_id, counts in sorted(parts.items())
        if len(counts) > 1
    )
    return Review(merges=tuple(merges), splits=tuple(splits))


def _pairs(entries: Sequence[Entry], window: Window) -> Iterator[tuple[int, int, float]]:
    places = {entry.identity: place for place, entry in enumerate(entries)}
    seen: set[tuple[int, int]] = set()
    for place, entry in enumerate(entries):
        for other in window.candidates(entry, limit=_NEIGHBOURS):
            there = places.get(other.identity)
            if there is None or other.lang != entry.lang:
                continue
            pair = min(place, there), max(place, there)
            if pair in seen:
                continue
            seen.add(pair)
            value = window.likeness(entry, other)
            if value >= _FAINT:
                yield (*pair, value)
