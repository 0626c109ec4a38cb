from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from feeds.digest import tell
from feeds.issue import DigestStory
from feeds.marks import Marks
from feeds.model import Story, StoryId
from feeds.present import Change, change, gravest, present, present_digest
from tests.samples import NOW, digest, opinion, stored, story, told

OURS = replace(opinion("Так и надо."), ours=True, signature="Редакция")


def first(**changes: Any) -> Story:
    values: dict[str, Any] = {"title": "Утильсбор вырастет на 20%", "summary": "Ставка вырастет с 1 апреля 2027 года."}
    return story(1, stored("a", **values | changes))


def joined(*, source: str = "Правовед", **changes: Any) -> Story:
    before = first()
    values: dict[str, Any] = {"title": "Утильсбор поднимут на 20%", "published_at": NOW}
    return replace(before, items=(*before.items, stored("b", source=source, **values | changes)))


def frozen() -> DigestStory:
    return tell(first())


def test_what_did_not_change_says_what_it_said() -> None:
    assert present(frozen(), first()) == frozen()
    assert change(frozen(), first()) is Change.NONE


def test_sources_that_join_are_named_with_their_articles() -> None:
    now = present(frozen(), joined())
    assert now.sources == ("Колесо", "Правовед")
    assert [one.title for one in now.tellings] == ["Колесо", "Правовед"]
    assert (now.marks.added, now.marks.added_at) == (("Правовед",), NOW)
    assert now.headline == frozen().headline
    assert change(frozen(), joined()) is Change.GREW


def test_another_article_of_the_same_source_is_nobody_new() -> None:
    assert change(frozen(), joined(source="Колесо")) is Change.NONE


def test_who_tells_it_in_another_language_joins_too() -> None:
    abroad = replace(story(2, stored("c", source="Drive", lang="en", published_at=NOW)), linked=frozenset({StoryId(1)}))
    assert present(frozen(), first(), [abroad]).sources == ("Колесо", "Drive")
    assert change(frozen(), first(), [abroad]) is Change.GREW


def test_a_figure_that_no_telling_has_any_more_was_wrong() -> None:
    assert change(frozen(), first(title="Утильсбор вырастет на 10%")) is Change.CORRECTED
    assert change(frozen(), first(summary="Ставка вырастет с 1 мая 2027 года.")) is Change.NONE
    assert change(frozen(), first(summary="Ставка вырастет с 1 апреля 2028 года.")) is Change.CORRECTED


@pytest.mark.parametrize(
    "title",
    [
        "Утильсбор вырастет на 20 %",
        "Утильсбор в России вырастет на 20%",
        "Стало известно, что утильсбор поднимут на 20%",
    ],
)
def test_the_same_in_other_words_is_no_correction(title: str) -> None:
    assert change(frozen(), first(title=title)) is Change.NONE


def test_the_same_figure_is_the_same_however_it_is_written() -> None:
    before = tell(first(summary="Цена — 2 100 000 рублей, запас хода 1,5 тысячи."))
    after = first(summary="Цена — 2\N{NO-BREAK SPACE}100\N{NO-BREAK SPACE}000 рублей, запас хода 1.5 тысячи.")
    assert change(before, after) is Change.NONE


def test_an_article_about_something_else_is_a_correction() -> None:
    assert change(frozen(), first(title="Погода на выходные", summary="20 1 2027")) is Change.CORRECTED


def test_a_corrected_story_says_what_is_right_now() -> None:
    after = replace(first(title="Утильсбор вырастет на 10%"), marks=Marks(corrected_at=NOW, note="На 10%."))
    now = present(frozen(), after)
    assert (now.headline, now.marks.note) == ("Утильсбор вырастет на 10%", "На 10%.")


def test_without_a_mark_the_told_words_stay() -> None:
    assert present(frozen(), first(title="Утильсбор вырастет на 10%")).headline == "Утильсбор вырастет на 20%"


def test_our_editors_opinion_comes_changes_and_goes() -> None:
    theirs = first(opinion=opinion("Рынок ждал.", "Мнение Колеса"))
    before = tell(theirs)
    judged = present(before, replace(theirs, opinion=OURS))
    assert (judged.opinion, judged.opinion_source) == (OURS, None)
    withdrawn = present(judged, theirs)
    assert (withdrawn.opinion, withdrawn.opinion_source) == (opinion("Рынок ждал.", "Мнение Колеса"), "Колесо")
    assert present(tell(replace(first(), opinion=OURS)), first()).opinion is None


def test_a_story_that_is_not_kept_any_more_stays_as_it_was_told() -> None:
    assert present(frozen(), None) == frozen()


def test_a_digest_in_which_nothing_changed_is_the_very_same() -> None:
    made = digest(told(1), told(2))
    assert present_digest(made, {}) is made


def test_a_digest_changes_where_its_stories_did() -> None:
    made = digest(frozen(), told(2))
    now = present_digest(made, {first().id: joined()})
    assert [one.sources for one in now.stories] == [("Колесо", "Правовед"), ("Колесо",)]


def test_the_gravest_change_since_any_telling_counts() -> None:
    late = present(frozen(), joined())
    assert gravest([late], joined()) is Change.NONE
    assert gravest([late, frozen()], joined()) is Change.GREW
    wrong = replace(frozen(), headline="Утильсбор вырастет на 99%")
    assert gravest([late, frozen(), wrong], joined()) is Change.CORRECTED
