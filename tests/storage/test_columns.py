from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from feeds.issue import ChatState
from storage.columns import KEY_BYTES, Moment, OneOf, Span, Tags, bounded, storable

DIALECT = sqlite.dialect()
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@settings(deadline=None)
@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-9.5))])))
def test_a_moment_comes_back_to_the_microsecond_and_in_utc(moment: datetime) -> None:
    stored = Moment().process_bind_param(moment, DIALECT)
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:  # the first and last hours of the calendar have no name in UTC
        return
    back = Moment().process_result_value(stored, DIALECT)
    assert back == expected
    assert back.tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        Moment().process_bind_param(datetime(2026, 3, 2), DIALECT)  # noqa: DTZ001


@settings(deadline=None)
@given(st.timedeltas())
def test_a_span_comes_back_to_the_microsecond(span: timedelta) -> None:
    assert Span().process_result_value(Span().process_bind_param(span, DIALECT), DIALECT) == span


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_can_be_stored(text: str) -> None:
    stored = storable(text)
    assert "\0" not in stored
    stored.encode()
    assert storable(stored) == stored


@settings(deadline=None)
@given(st.text())
def test_proper_text_loses_nothing_but_nul(text: str) -> None:
    assert storable(text) == text.replace("\0", "")


@settings(deadline=None)
@given(st.lists(ANY_TEXT, max_size=5))
def test_tags_keep_their_order_and_words(words: list[str]) -> None:
    stored = Tags().process_bind_param(words, DIALECT)
    assert Tags().process_result_value(stored, DIALECT) == tuple(map(storable, words))


def test_a_key_of_any_length_fits_an_index_and_stays_distinct() -> None:
    one, other = "ж" * 100_000, "ж" * 100_001
    assert len(bounded(one).encode()) <= KEY_BYTES
    assert bounded(one) != bounded(other)
    assert bounded(bounded(one)) == bounded(one)
    assert bounded("короткий") == "короткий"


def test_a_state_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="asleep"):
        OneOf(ChatState).process_bind_param("asleep", DIALECT)  # type: ignore[arg-type]
