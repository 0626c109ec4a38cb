from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.digest import compose, score
from feeds.issue import DigestKind
from feeds.model import StoryId
from feeds.taste import MOST_TOPICS, STRONGEST, Vote, liked, liking, taste_of
from tests.samples import NOW, story


def vote(number: int, value: int, *topics: str) -> Vote:
    return Vote(story_id=StoryId(number), value=value, topics=topics, voted_at=NOW)


votes = st.lists(
    st.builds(vote, st.integers(1, 99), st.sampled_from([1, -1]), st.sampled_from("abcdef"), st.sampled_from("abcdef"))
)


def test_votes_add_up_topic_by_topic() -> None:
    assert taste_of([vote(1, 1, "ev", "china"), vote(2, 1, "ev"), vote(3, -1, "law")]) == (
        ("china", 1),
        ("ev", 2),
        ("law", -1),
    )


def test_votes_that_cancel_each_other_out_leave_no_taste() -> None:
    assert taste_of([vote(1, 1, "ev"), vote(2, -1, "ev")]) == ()


def test_no_number_of_votes_makes_a_topic_worth_more_than_three() -> None:
    assert taste_of([vote(number, 1, "ev") for number in range(50)]) == (("ev", STRONGEST),)


def test_a_taste_stays_small_whatever_was_voted_on() -> None:
    many = [vote(number, 1, f"topic {number:03}") for number in range(200)]
    assert len(taste_of([*many, vote(999, 1, "topic 150")])) == MOST_TOPICS
    assert ("topic 150", 2) in taste_of([*many, vote(999, 1, "topic 150")])


@given(votes)
def test_a_liking_is_bounded_whatever_the_votes(cast: list[Vote]) -> None:
    taste = taste_of(cast)
    assert 0.7 - 1e-9 <= liking("abcdef", taste) <= 1.3 + 1e-9
    assert taste_of(reversed(cast)) == taste


@pytest.mark.parametrize(("taste", "worth"), [((), 1.0), ((("ev", 2),), 1.2), ((("ev", -3), ("law", -3)), 0.7)])
def test_a_taste_is_worth_so_much(taste: tuple[tuple[str, int], ...], worth: float) -> None:
    assert liking(["ev", "law"], taste) == pytest.approx(worth)


def test_what_is_liked_is_named_the_most_wanted_first() -> None:
    assert liked((("a", 1), ("b", 3), ("c", -3), ("d", 1), ("e", 1))) == ("b", "a", "d")


def test_of_two_alike_stories_the_liked_one_leads_and_without_votes_the_order_is_as_before() -> None:
    two = [story(1, topics=["law"]), story(2, topics=["ev"])]

    def order(taste: tuple[tuple[str, int], ...]) -> list[int]:
        made = compose(two, themes=["ev", "law"], kind=DigestKind.ASKED, now=NOW, taste=taste)
        assert made is not None
        return [one.story_id for one in made.stories]

    assert order(()) == [1, 2]
    assert order((("ev", 1),)) == [2, 1]


def test_a_liked_topic_lifts_no_old_story_above_great_news() -> None:
    great = story(1, topics=["law"], published_at=NOW)
    old = story(2, topics=["ev"], published_at=NOW - timedelta(hours=12))
    taste = (("ev", 3),)
    assert score(great, now=NOW, taste=taste).total > score(old, now=NOW, taste=taste).total
