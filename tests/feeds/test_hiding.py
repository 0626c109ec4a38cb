from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.chatsettings import ChatSettings, Hidden, HiddenKind
from feeds.digest import Choice, choice_of, matching
from feeds.hiding import MOST, hide, leaves_nothing, mark_of, unhide, unveiled, veil_of
from feeds.model import StoryId
from tests.samples import HOUR, NOW, chat, stored, story

CHINA = Hidden(kind=HiddenKind.TOPIC, what="china")


def seen(hidden: Hidden) -> list[int]:
    stories = [
        story(1, topics=["china", "ev"]),
        story(2, topics=["law"]),
        story(3, stored("3", source="Гудок"), topics=["law"]),
    ]
    choice = choice_of(
        chat(settings=ChatSettings(hidden=(hidden,))), covered=frozenset(), languages=frozenset({"ru"}), now=NOW
    )
    own = {StoryId(2): frozenset({"утильсбор"})}
    return [one.id for one in matching(stories, choice, since=NOW - 24 * HOUR, own=own)]


@pytest.mark.parametrize(
    ("kind", "what", "left"),
    [
        (HiddenKind.TOPIC, "china", [2, 3]),
        (HiddenKind.TOPIC, "tuning", [1, 2, 3]),
        (HiddenKind.SOURCE, "Гудок", [1, 2]),
        (HiddenKind.WORD, "утильсбор", [1, 3]),
        (HiddenKind.STORY, "2", [1, 3]),
    ],
)
def test_what_is_hidden_comes_in_no_issue(kind: HiddenKind, what: str, left: list[int]) -> None:
    assert seen(Hidden(kind=kind, what=what)) == left


def test_what_was_hidden_for_a_month_comes_again_after_it() -> None:
    assert seen(Hidden(kind=HiddenKind.TOPIC, what="china", until=NOW + HOUR)) == [2, 3]
    assert seen(Hidden(kind=HiddenKind.TOPIC, what="china", until=NOW)) == [1, 2, 3]


def test_a_story_that_others_tell_too_comes_without_the_hidden_source() -> None:
    both = story(1, stored("a", source="Гудок"), stored("b", source="Колесо"))
    left = unveiled(both, veil_of([Hidden(kind=HiddenKind.SOURCE, what="Гудок")], NOW), ())
    assert left is not None
    assert [one.source_name for one in left.items] == ["Колесо"]


def test_without_anything_hidden_a_story_is_the_very_same() -> None:
    one = story(1, topics=["china"])
    assert unveiled(one, veil_of([], NOW), ()) is one


def test_who_hides_the_same_chooses_the_same_however_long_it_lasts() -> None:
    def choice(hidden: Hidden) -> Choice:
        settings = ChatSettings(hidden=(hidden,))
        return choice_of(chat(settings=settings), covered=frozenset(), languages=frozenset(), now=NOW)

    month = Hidden(kind=HiddenKind.TOPIC, what="china", until=NOW + timedelta(days=30))
    assert choice(CHINA) == choice(month)


def test_hiding_again_changes_for_how_long() -> None:
    month = Hidden(kind=HiddenKind.TOPIC, what="china", until=NOW + HOUR)
    settings = hide(hide(ChatSettings(), CHINA), month)
    assert settings.hidden == (month,)
    assert mark_of(CHINA) == mark_of(month)
    assert unhide(settings, mark_of(CHINA)) == ChatSettings()
    assert unhide(settings, "nothing") == settings


def test_no_chat_hides_without_end() -> None:
    settings = ChatSettings()
    for number in range(MOST + 5):
        settings = hide(settings, Hidden(kind=HiddenKind.STORY, what=str(number)))
    assert len(settings.hidden) == MOST
    assert settings.hidden[-1].what == str(MOST + 4)


def test_two_forms_of_a_word_are_hidden_once() -> None:
    def words(*written: str) -> list[str]:
        settings = ChatSettings()
        for one in written:
            settings = hide(settings, Hidden(kind=HiddenKind.WORD, what=one))
        return [one.what for one in settings.hidden]

    assert words("каршеринг", "такси", "каршеринга") == ["такси", "каршеринга"]
    assert words("такси", "такси -каршеринг") == ["такси", "такси -каршеринг"]


@pytest.mark.parametrize(
    ("topics", "words", "empty"),
    [({"china"}, [], True), ({"china", "ev"}, [], False), (set(), [], False), ({"china"}, ["утильсбор"], False)],
)
def test_hiding_the_last_topic_would_leave_nothing(topics: set[str], words: list[str], *, empty: bool) -> None:
    assert leaves_nothing(frozenset(topics), words, [CHINA], NOW) is empty
