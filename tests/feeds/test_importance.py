from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feeds.importance import importance
from feeds.issue import ScoreParts

weights = st.floats(0, 100)


def test_one_fresh_source_is_below_the_middle_and_four_are_near_the_top() -> None:
    assert [importance(ScoreParts(sources=float(count))) for count in (0, 1, 2, 3, 4)] == [0, 43, 67, 81, 89]


def test_what_one_reader_wishes_for_makes_nothing_more_important() -> None:
    assert importance(ScoreParts(sources=2.0, wanted=1.7)) == importance(ScoreParts(sources=2.0))


def test_a_story_that_is_told_on_for_long_loses() -> None:
    assert importance(ScoreParts(sources=2.0, novelty=0.5)) == importance(ScoreParts(sources=1.0))


@given(one=weights, more=weights, novelty=st.floats(0.5, 1))
def test_it_stays_on_its_scale_and_never_falls_when_sources_join(one: float, more: float, novelty: float) -> None:
    before = importance(ScoreParts(sources=one, novelty=novelty))
    after = importance(ScoreParts(sources=one + more, novelty=novelty))
    assert 0 <= before <= after <= 100
