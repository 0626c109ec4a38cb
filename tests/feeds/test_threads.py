"""Which stories of an issue go to which topic of a forum."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds.chatsettings import Thread
from feeds.issue import ChatId, Digest, Issue, OutboxId, Section
from feeds.threads import by_thread
from tests.samples import NOW, digest, told

CHINA, LAW, REST = (
    Thread(topic="china", thread_id=5),
    Thread(topic="law", thread_id=9),
    Thread(topic=None, thread_id=2),
)


def issue(made: Digest | None) -> Issue:
    next_at = NOW + timedelta(days=1)
    return Issue(chat_id=ChatId(1), slot="s", digest=made, due_at=NOW, next_at=next_at, approval_minutes=30)


def day() -> Digest:
    return digest(
        sections=(
            Section(topic="china", stories=(told(1, topics=("china", "ev")), told(2, topics=("china",)))),
            Section(topic=None, stories=(told(3, topics=("law",)), told(4), told(5, topics=("ev",)))),
        ),
        left_over=3,
    )


def told_where(parts: list[Issue]) -> dict[int | None, list[int]]:
    return {one.thread: [story.story_id for story in one.digest.stories] for one in parts if one.digest}


def test_each_story_goes_to_the_thread_of_its_topic_and_the_others_to_general() -> None:
    parts = by_thread(issue(day()), (CHINA, LAW))
    assert told_where(parts) == {None: [4, 5], 5: [1, 2], 9: [3]}
    assert [one.slot for one in parts] == ["s", "s#5", "s#9"]
    assert [one.moves_schedule for one in parts] == [True, False, False]
    assert {one.approval_minutes for one in parts} == {30}
    assert [one.digest.left_over for one in parts if one.digest] == [3, 0, 0]


def test_a_thread_for_all_others_leaves_nothing_for_general_but_the_schedule() -> None:
    general, *others = by_thread(issue(day()), (CHINA, REST))
    assert (general.digest, general.moves_schedule, general.next_at) == (None, True, NOW + timedelta(days=1))
    assert told_where(others) == {5: [1, 2], 2: [3, 4, 5]}


def test_what_was_missed_is_offered_again_once_by_the_first_part_that_is_sent() -> None:
    lost = replace(issue(day()), missed=OutboxId(7))
    assert [one.missed for one in by_thread(lost, (CHINA, LAW))] == [7, None, None]
    assert [one.missed for one in by_thread(lost, (CHINA, REST))] == [None, 7, None]


def test_without_threads_or_without_news_an_issue_stays_as_it_is() -> None:
    for whole, threads in ((issue(day()), ()), (issue(None), (CHINA,))):
        assert by_thread(whole, threads) == [whole]
