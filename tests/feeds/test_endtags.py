from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.endtags import mend_end_tags


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("<title>Авто</titel>", "<title>Авто</title>"),
        ("<title type='xhtml'><div><p>Авто</p></div></subtitle>", "<title type='xhtml'><div><p>Авто</p></div></title>"),
        ("<description>Раз <b>два</b></item>", "<description>Раз <b>два</b></description></item>"),
        ("<guid>n-1</channel>", "<guid>n-1</guid></channel>"),
        ("<pubDate>now</dc:date>", "<pubDate>now</pubDate>"),
    ],
)
def test_a_wrong_end_tag_is_put_right(given_: str, wanted: str) -> None:
    assert mend_end_tags(given_) == wanted


@pytest.mark.parametrize(
    "sound",
    [
        "<title>Авто</title>",
        "<TITLE>Авто</title >",
        "<description>Раз<br> два</b> три</description>",
        "<description/><link>x</link>",
        "<description>Раз <a href='x'>два</a></description></item>",
        "<author><name>Анна</name></author>",
        "<item><title>Авто",
    ],
)
def test_a_right_one_and_other_peoples_markup_stay(sound: str) -> None:
    assert mend_end_tags(sound) == sound


@given(
    st.lists(st.sampled_from(["<title>", "</title>", "<description>", "</item>", "<b>", "</b>", "т", "<", ">", "/"]))
)
def test_putting_right_once_is_enough(pieces: list[str]) -> None:
    mended = mend_end_tags("".join(pieces))
    assert mend_end_tags(mended) == mended
