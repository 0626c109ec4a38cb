from __future__ import annotations

from datetime import timedelta

from bot.nightly import NightReview
from feeds.stories import Stories
from storage import Storage
from tests.samples import HOUR, NOW, StillClock


async def reviews(store: Storage, clock: StillClock, *, hours: int) -> list[int]:
    """The local hours at which a review was made, asking every half hour."""
    made: list[int] = []

    async def retag() -> int:
        made.append((clock() + 3 * HOUR).hour)
        return 0

    night = NightReview(Stories(store=store.news, clock=clock), clock=clock, zone="Europe/Moscow", retag=retag)
    for _ in range(2 * hours):
        await night.answer()
        clock.advance(timedelta(minutes=30))
    return made


async def test_the_stories_are_reviewed_once_a_night(store: Storage) -> None:
    assert await reviews(store, StillClock(NOW), hours=48) == [3, 3]


async def test_a_day_passes_without_a_review(store: Storage) -> None:
    assert await reviews(store, StillClock(NOW), hours=12) == []
