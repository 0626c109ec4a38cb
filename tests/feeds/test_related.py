from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from feeds.model import Related, StoryId
from feeds.related import FORTNIGHT, RelatedStories
from tests.samples import NOW, StillClock, digest, told

NEAR = Related(title="Рядом", url="https://koleso.example/77")
NAMED = Related(title="Названа", url="https://koleso.example/78")


class Shelf:
    """An archive that finds some articles and remembers what it was asked."""

    def __init__(self, *near: int) -> None:
        self.asked: list[tuple[str, StoryId]] = []
        self.near = {
            StoryId(number): Related(title=str(number), url=f"https://near.example/{number}") for number in near
        }

    async def nearest(
        self, title: str, *, lang: str, since: datetime, besides: StoryId, limit: int
    ) -> Mapping[StoryId, Related]:
        assert (lang, since) == ("ru", NOW - FORTNIGHT)
        assert limit > len(self.near)
        self.asked.append((title, besides))
        return self.near or {StoryId(77): NEAR}

    async def read_up(self, since: datetime) -> None:
        raise NotImplementedError

    async def having(self, words: Sequence[str], *, since: datetime) -> frozenset[StoryId]:
        raise NotImplementedError


async def test_only_stories_that_name_nothing_get_the_nearest_ones_and_are_looked_up_once() -> None:
    shelf = Shelf()
    related = RelatedStories(shelf, clock=StillClock())
    made = digest(told(1), told(2, related=(NAMED,)))
    for _ in range(2):
        whole = await related.complete(made)
        assert [story.related for story in whole.stories] == [(NEAR,), (NAMED,)]
    assert shelf.asked == [("Новость номер 1", 1)]


async def test_what_is_told_in_the_same_issue_or_beside_it_is_no_further_reading() -> None:
    related = RelatedStories(Shelf(2, 9, 3, 4, 5), clock=StillClock())
    made = digest(told(1), told(2, related=(NAMED, Related(title="Первая", url=told(1).url))))
    whole = await related.complete(made, besides={StoryId(9)})
    assert [[one.title for one in story.related] for story in whole.stories] == [["3", "4"], ["Названа"]]


async def test_without_an_archive_a_digest_stays_as_it_is() -> None:
    made = digest(told(1))
    assert await RelatedStories(None, clock=StillClock()).complete(made) is made
