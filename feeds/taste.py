"""What a reader's votes say about their taste, and what that is worth in the ranking. Pure; knows no store.

A taste is small and coarse on purpose: it is a part of what readers share an issue by, and nobody's few votes may
bury or lift a story out of all proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from feeds.model import StoryId

Taste: TypeAlias = tuple[tuple[str, int], ...]
"""Topics with how much more (or less) of them somebody wants, sorted by topic; empty for who never voted."""

NO_TASTE: Final[Taste] = ()
STRONGEST: Final = 3
MOST_TOPICS: Final = 40
TELLING: Final = 5
"""So many votes say enough to tell their voter what follows from them."""
_STEP: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A vote on one story: 1 for more like it, -1 for less; ``topics`` are those the story had then."""

    story_id: StoryId
    value: int
    topics: tuple[str, ...]
    voted_at: datetime


def taste_of(votes: Iterable[Vote]) -> Taste:
    """Add votes up, topic by topic; each counts up to three, and the strongest forty are kept."""
    sums: Counter[str] = Counter()
    for vote in votes:
        for topic in dict.fromkeys(vote.topics):
            sums[topic] += vote.value
    bounded = {topic: max(-STRONGEST, min(STRONGEST, weight)) for topic, weight in sums.items() if weight}
    strongest = sorted(bounded.items(), key=lambda one: (-abs(one[1]), one[0]))[:MOST_TOPICS]
    return tuple(sorted(strongest))


def liking(topics: Iterable[str], taste: Taste) -> float:
    """Say what a story with these topics is worth to somebody, from 0.7 to 1.3; 1 where they have no taste for it."""
    if not taste:
        return 1.0
    wanted = dict(taste)
    total = sum(wanted.get(topic, 0) for topic in topics)
    return 1.0 + _STEP * max(-STRONGEST, min(STRONGEST, total))


def liked(taste: Taste, *, most: int = 3) -> tuple[str, ...]:
    """Name the topics that come more often, the most wanted first."""
    wanted = [(topic, weight) for topic, weight in taste if weight > 0]
    return tuple(topic for topic, _ in sorted(wanted, key=lambda one: (-one[1], one[0]))[:most])
