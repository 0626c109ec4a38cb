from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feeds.model import Related, StoryId
from feeds.related import FORTNIGHT, RelatedStories
from tests.samples import NOW, StillClock, digest, told

NEAR = Related(title="Рядом", url="https://koleso.example/77")
NAMED = Related(title="Названа", url="https://koleso.example/78")


class Shelf:
    """An archive that finds one article and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, StoryId]] = []

    async def nearest(
        self, title: str, *, lang: str, since: datetime, besides: StoryId, limit: int
    ) -> Sequence[Related]:
        assert (lang, since, limit) == ("ru", NOW - FORTNIGHT, 2)
        self.asked.append((title, besides))
        return [NEAR]


async def test_only_stories_that_name_nothing_get_the_nearest_ones_and_are_looked_up_once() -> None:
    shelf = Shelf()
    related = RelatedStories(shelf, clock=StillClock())
    made = digest(told(1), told(2, related=(NAMED,)))
    for _ in range(2):
        whole = await related.complete(made)
        assert [story.related for story in whole.stories] == [(NEAR,), (NAMED,)]
    assert shelf.asked == [("Новость номер 1", 1)]


async def test_without_an_archive_a_digest_stays_as_it_is() -> None:
    made = digest(told(1))
    assert await RelatedStories(None, clock=StillClock()).complete(made) is made
