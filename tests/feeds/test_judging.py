from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds.chatsettings import ChatSettings, Opinions
from feeds.issue import ChatId, ChatKind, ChatState, Instant
from feeds.judging import FRESH, SOMETIME, SOON, assignments, candidates, posted_in
from feeds.marks import Marks
from feeds.model import Opinion, Story, StoryId
from tests.samples import HOUR, NOW, chat, stored

RU = frozenset({"ru"})
CHANNEL = {"kind": ChatKind.CHANNEL, "state": ChatState.ACTIVE, "title": "Автоновости"}


def told_by(*sources: str, number: int = 1, marks: Marks | None = None, age: timedelta = HOUR) -> Story:
    tellings = tuple(stored(f"{number}-{source}", source=source, published_at=NOW - age) for source in sources)
    return Story(id=StoryId(number), topics=("ev",), items=tellings, marks=marks or Marks())


def test_what_several_tell_is_judged_the_most_important_first() -> None:
    stories = [told_by("А", "Б", number=1), told_by("А", number=2), told_by("А", "Б", "В", number=3)]
    assert [one.story.id for one in assignments(stories, [], languages=RU, now=NOW)] == [3, 1]


def test_what_is_old_or_taken_back_is_judged_no_more() -> None:
    old = told_by("А", "Б", "В", age=FRESH + HOUR)
    gone = told_by("А", "Б", "В", number=2, marks=Marks(retracted_at=NOW))
    assert assignments([old, gone], [], languages=RU, now=NOW) == []


def test_an_opinion_is_due_when_the_first_channel_carries_the_story() -> None:
    chats = [
        chat(**CHANNEL | {"title": "Позже"}, next_at=NOW + 3 * HOUR),
        chat(**CHANNEL, next_at=NOW + HOUR),
        chat(**CHANNEL | {"title": "Не о том"}, next_at=NOW + HOUR, topics=frozenset({"law"})),
        chat(**CHANNEL | {"title": "Без мнений"}, next_at=NOW, settings=ChatSettings(opinions=Opinions.NONE)),
        chat(**CHANNEL | {"title": "Молчит"}),
    ]
    [one] = assignments([told_by("А", "Б")], chats, languages=RU, now=NOW)
    assert [(carrier.title, carrier.at) for carrier in one.carriers] == [
        ("Автоновости", NOW + HOUR),
        ("Позже", NOW + 3 * HOUR),
    ]
    assert one.due_at == NOW + HOUR


def test_a_channel_that_posts_at_once_is_due_soon() -> None:
    channel = chat(**CHANNEL, instant=Instant.EVERY, instant_since=NOW - HOUR, settings=ChatSettings(quiet=None))
    [one] = assignments([told_by("А", "Б")], [channel], languages=RU, now=NOW)
    assert (one.due_at, [carrier.at for carrier in one.carriers]) == (NOW + SOON, [NOW + SOON])


def test_what_was_known_before_a_channel_began_comes_to_it_in_an_issue_or_not_at_all() -> None:
    at_once = {"instant": Instant.EVERY, "instant_since": NOW, "settings": ChatSettings(quiet=None)}
    both = chat(**CHANNEL, **at_once, times=(480,), next_at=NOW + HOUR)
    story = replace(told_by("А", "Б"), created_at=NOW - HOUR)
    [one] = assignments([story], [chat(**CHANNEL | {"title": "Сразу"}, **at_once), both], languages=RU, now=NOW)
    assert [(carrier.title, carrier.at) for carrier in one.carriers] == [("Автоновости", NOW + HOUR)]


def test_who_has_a_story_already_will_not_carry_it_again() -> None:
    story = replace(told_by("А", "Б"), linked=frozenset({StoryId(9)}))
    chats = [chat(**CHANNEL, id=ChatId(number), next_at=NOW + HOUR) for number in (1, 2, 3)]
    told = {ChatId(1): {story.id}, ChatId(2): {StoryId(9)}}
    [one] = assignments([story], chats, told=told, languages=RU, now=NOW)
    assert len(one.carriers) == 1
    silent = chat(**CHANNEL, id=ChatId(4), settings=ChatSettings(opinions=Opinions.NONE))
    assert posted_in(story, [*chats, silent], told | {ChatId(4): {story.id}}) == 2


def test_what_no_channel_takes_is_for_readers() -> None:
    [one] = assignments([told_by("А", "Б")], [], languages=RU, people_due=NOW + 2 * HOUR, now=NOW)
    assert (one.due_at, one.carriers) == (NOW + 2 * HOUR, ())
    [asked] = assignments([told_by("А", "Б")], [], languages=RU, now=NOW)
    assert asked.due_at == NOW + SOMETIME


def test_the_newsrooms_own_opinions_are_drafts_each_once() -> None:
    said = Opinion(label="Мнение", text="Так.")
    other = Opinion(label="Вердикт", text="Иначе.")
    tellings = tuple(
        stored(str(n), source=s, opinion=o) for n, (s, o) in enumerate([("А", said), ("Б", said), ("В", other)])
    )
    found = candidates(Story(id=StoryId(1), topics=(), items=tellings))
    assert found == [("Мнение", "А", "Так."), ("Вердикт", "В", "Иначе.")]
