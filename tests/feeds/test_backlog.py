from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.backlog import MERGED_SIZE, merge
from feeds.digest import MAX_SECTIONS
from feeds.issue import Digest, Section
from tests.samples import HOUR, NOW, digest, told


def waited(hours: int, *numbers: int, topic: str | None = None, **changes: object) -> Digest:
    """A digest made so many hours ago, of these stories that came out an hour before."""
    made_at = NOW - hours * HOUR
    stories = tuple(told(number, published_at=made_at - HOUR) for number in numbers)
    return digest(made_at=made_at, sections=(Section(topic=topic, stories=stories),), **changes)


def numbers(merged: Digest) -> list[int]:
    return [story.story_id for story in merged.stories]


def test_one_digest_stays_as_it_is() -> None:
    alone = waited(7, 1, 2, left_over=3)
    assert merge([alone]) == alone


def test_two_become_the_newer_with_the_newest_story_first() -> None:
    newer = waited(0, 3, 4, next_at=NOW + 12 * HOUR)
    merged = merge([waited(12, 1, 2), newer])
    assert numbers(merged) == [3, 4, 1, 2]
    assert (merged.made_at, merged.next_at, merged.kind) == (NOW, newer.next_at, newer.kind)
    assert merged.merged == 2


def test_what_was_merged_before_counts_as_all_that_it_stands_for() -> None:
    three = merge([waited(36, 1), waited(24, 2), waited(12, 3)])
    assert merge([three, waited(0, 4)]).merged == 4
    assert merge([three]).merged == 3


def test_the_best_of_the_newest_leads_though_it_has_no_theme() -> None:
    themed = waited(12, 1, topic="law")
    merged = merge([themed, waited(6, 2), waited(0, 3)])
    assert numbers(merged) == [3, 1, 2]
    assert [section.topic for section in merged.sections] == [None, "law", None]


def test_no_story_comes_twice_and_the_latest_telling_counts() -> None:
    early = waited(12, 1, 2)
    late = digest(told(1, headline="Дополнено"))
    merged = merge([early, late])
    assert sorted(numbers(merged)) == [1, 2]
    assert "Дополнено" in [story.headline for story in merged.stories]


def test_each_digest_gives_its_best_and_the_rest_is_counted() -> None:
    days = [waited(24 * day, *range(100 * day, 100 * day + 7), left_over=2) for day in range(5)]
    merged = merge(days)
    assert len(merged.stories) == MERGED_SIZE
    assert {100 * day + rank for day in range(5) for rank in range(2)} <= set(numbers(merged))
    assert merged.left_over == 5 * 2 + 5 * 7 - MERGED_SIZE


def test_stories_of_one_topic_stand_together_and_the_rest_comes_last() -> None:
    ev, rest = waited(0, 2, topic="ev"), waited(1, 1)
    merged = merge([rest, ev, waited(2, 3, topic="ev")])
    assert [(section.topic, len(section.stories)) for section in merged.sections] == [("ev", 2), (None, 1)]


stories = st.lists(st.integers(1, 30), min_size=1, max_size=7, unique=True)
sections = st.dictionaries(st.sampled_from([None, *"abcdefgh"]), stories, min_size=1, max_size=4)
digests = st.builds(
    lambda grouped, hours, left: digest(
        made_at=NOW - timedelta(hours=hours),
        left_over=left,
        sections=tuple(
            Section(topic=topic, stories=tuple(told(number) for number in own)) for topic, own in grouped.items()
        ),
    ),
    sections,
    st.integers(0, 72),
    st.integers(0, 5),
)


@settings(max_examples=100)
@given(st.lists(digests, min_size=1, max_size=5))
def test_whatever_is_merged_nothing_is_twice_and_nothing_uncounted(given_digests: list[Digest]) -> None:
    merged = merge(given_digests)
    distinct = {story.story_id for one in given_digests for story in one.stories}
    assert len(set(numbers(merged))) == len(merged.stories) == min(len(distinct), MERGED_SIZE)
    assert merged.left_over == sum(one.left_over for one in given_digests) + len(distinct) - len(merged.stories)
    assert len(merged.sections) <= MAX_SECTIONS
    assert all(section.stories for section in merged.sections)
    assert merge(list(reversed(given_digests))).left_over == merged.left_over
