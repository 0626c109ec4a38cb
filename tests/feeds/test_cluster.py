from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.cluster import WINDOW, foldable, group
from feeds.model import Item, SourceId, StoryId, Telling
from tests.samples import HOUR, NOW, item

HEAD = "завод начал выпуск нового седана"


def telling(one: Item, story: int = 7) -> Telling:
    return Telling(
        story_id=StoryId(story),
        source_id=SourceId(2),
        url=one.url,
        title=one.title,
        title_key=one.title_key,
        published_at=one.published_at,
    )


def test_articles_that_share_nothing_are_stories_of_their_own() -> None:
    drafts = group([item("a", title_key="раз два три четыре"), item("b", title_key="пять шесть семь восемь")], ())
    assert [len(draft.items) for draft in drafts] == [1, 1]
    assert all(draft.story_id is None for draft in drafts)


def test_the_same_address_is_the_same_story_whatever_the_title() -> None:
    [draft] = group([item("a", url="https://koleso.example/1"), item("b", url="https://koleso.example/1")], ())
    assert [one.key for one in draft.items] == ["a", "b"]


def test_the_same_long_title_is_the_same_story() -> None:
    [draft] = group([item("a", title_key=HEAD), item("b", title_key=HEAD)], ())
    assert len(draft.items) == 2


def test_a_columns_standing_head_is_no_story() -> None:
    drafts = group([item("a", title_key="итоги недели"), item("b", title_key="итоги недели")], ())
    assert len(drafts) == 2


@pytest.mark.parametrize(("apart", "stories"), [(WINDOW, 1), (WINDOW + timedelta(seconds=1), 2)])
def test_the_same_title_counts_within_three_days(apart: timedelta, stories: int) -> None:
    early, late = item("a", title_key=HEAD, published_at=NOW - apart), item("b", title_key=HEAD, published_at=NOW)
    assert len(group([early, late], ())) == stories


def test_a_new_telling_joins_the_story_that_is_stored() -> None:
    known = telling(item("old", title_key=HEAD, published_at=NOW - HOUR))
    [draft] = group([item("new", title_key=HEAD)], [known])
    assert draft.story_id == known.story_id


def test_two_new_tellings_of_a_stored_story_make_one_draft() -> None:
    known = telling(item("old", title_key=HEAD))
    [draft] = group([item("a", title_key=HEAD), item("b", title_key=HEAD)], [known])
    assert [one.key for one in draft.items] == ["a", "b"]


def test_an_article_that_is_like_another_of_a_stored_story_joins_it_too() -> None:
    known = telling(item("old", url="https://koleso.example/same"))
    first = item("a", url="https://koleso.example/same", title_key=HEAD)
    second = item("b", url="https://gudok.example/other", title_key=HEAD)
    [draft] = group([first, second], [known])
    assert draft.story_id == known.story_id


def test_the_order_of_the_feed_is_kept() -> None:
    drafts = group([item(key, title_key=f"{key} {key} {key} {key}") for key in "cab"], ())
    assert [draft.items[0].key for draft in drafts] == ["c", "a", "b"]


def test_four_words_say_enough_to_be_a_story() -> None:
    assert foldable("цены на утильсбор выросли")
    assert not foldable("новости этого дня")
