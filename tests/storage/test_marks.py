from __future__ import annotations

from feeds.marks import Marks
from feeds.model import StoryId
from storage import Storage
from storage.marks import Marked
from tests.storage.samples import HOUR, NOW

ONE, TWO = StoryId(1), StoryId(2)


async def test_marks_are_kept_beside_each_other(store: Storage) -> None:
    await store.marks.break_news(ONE, at=NOW)
    await store.marks.correct(ONE, note="Ставка 10%.", now=NOW + HOUR)
    await store.marks.retract(TWO, note="Розыгрыш.", now=NOW)
    assert await store.marks.of([ONE, TWO, StoryId(3)]) == {
        ONE: Marked(marks=Marks(corrected_at=NOW + HOUR, note="Ставка 10%."), breaking_at=NOW),
        TWO: Marked(marks=Marks(retracted_at=NOW, note="Розыгрыш.")),
    }


async def test_a_story_that_was_taken_back_by_mistake_stands_again(store: Storage) -> None:
    await store.marks.retract(ONE, note="Розыгрыш.", now=NOW)
    await store.marks.restore(ONE, now=NOW)
    assert (await store.marks.of([ONE]))[ONE].marks == Marks()


async def test_a_breaking_story_can_be_thought_over(store: Storage) -> None:
    await store.marks.break_news(ONE, at=NOW)
    await store.marks.break_news(TWO, at=NOW)
    await store.marks.calm(TWO)
    assert await store.marks.broken(since=NOW) == {ONE: NOW}
    assert await store.marks.broken(since=NOW + HOUR) == {}


async def test_who_called_news_breaking_is_owed_a_word_once_unless_they_thought_again(store: Storage) -> None:
    await store.marks.break_news(ONE, at=NOW, by=7)
    await store.marks.break_news(TWO, at=NOW, by=8)
    await store.marks.break_news(StoryId(3), at=NOW + HOUR, by=9)
    await store.marks.calm(TWO)
    assert await store.marks.unheard(before=NOW) == [(ONE, 7, NOW)]
    await store.marks.heard(ONE)
    assert await store.marks.unheard(before=NOW) == []
    assert await store.marks.broken(since=NOW) == {ONE: NOW, StoryId(3): NOW + HOUR}
