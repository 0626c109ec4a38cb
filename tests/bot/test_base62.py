from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base62 import read_number, write_number
from bot.subscriber.card import read_story


@given(st.integers(0, 2**63 - 1))
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert read_number(write_number(number)) == number
    assert read_story(f"s_{write_number(number)}") == number


@pytest.mark.parametrize(("number", "word"), [(0, "0"), (61, "z"), (62, "10"), (265, "4H")])
def test_numbers_are_short(number: int, word: str) -> None:
    assert write_number(number) == word


@pytest.mark.parametrize("text", ["", "-1", "4 F", "ф", "٣", "zzzzzzzzzzz", "1" * 64, "<b>"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("token", ["", "s", "s_", "t_4F", "4F", "s-4F", "s_<b>"])
def test_what_names_no_story_is_none(token: str) -> None:
    assert read_story(token) is None


def test_what_a_link_says_beside_the_story_is_its_deliverys_own() -> None:
    assert read_story("s_4F_5") == read_story("s_4F") is not None
