from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.digest import HALF_LIFE, MAX_SECTIONS, SIZE, Choice, compose, matching, ranking, score, tell
from feeds.issue import Digest, DigestKind
from feeds.model import Story, StoryId
from tests.samples import HOUR, NOW, opinion, stored, story

THEMES = ("ev", "law", "market", "safety", "sport", "tech", "used")
MAKES = ("chery", "haval", "lada")
DAY = timedelta(hours=24)


def made(stories: list[Story], **changes: object) -> Digest:
    digest = compose(stories, themes=THEMES, kind=DigestKind.SCHEDULED, now=NOW, **changes)  # type: ignore[arg-type]
    assert digest is not None
    return digest


def ids(digest: Digest) -> list[int]:
    return [told.story_id for told in digest.stories]


def layout(digest: Digest) -> list[str | None]:
    return [section.topic for section in digest.sections]


def test_an_empty_choice_wants_everything() -> None:
    stories = [story(1, topics=["ev"]), story(2)]
    assert matching(stories, Choice(), since=NOW - DAY) == stories


def test_one_common_topic_is_enough() -> None:
    wanted = story(1, topics=["ev", "chery"])
    assert matching([wanted, story(2, topics=["law"])], Choice(topics=frozenset({"chery"})), since=NOW - DAY) == [
        wanted
    ]


def test_what_came_before_does_not_come_again() -> None:
    assert matching([story(1)], Choice(covered=frozenset({StoryId(1)})), since=NOW - DAY) == []


def test_a_story_in_a_language_that_is_not_read_is_left_out() -> None:
    both = story(3, stored("a", lang="en"), stored("b", lang="ru"))
    choice = Choice(reads=frozenset({"ru"}))
    assert matching([story(1, lang="en"), story(2, lang="ru"), both], choice, since=NOW - DAY) == [
        story(2, lang="ru"),
        both,
    ]


def test_a_story_is_as_old_as_its_first_telling() -> None:
    old = story(1, stored("a", published_at=NOW - 2 * DAY), stored("b", published_at=NOW))
    assert matching([old], Choice(), since=NOW - DAY) == []


def test_nothing_makes_no_digest() -> None:
    assert compose([], themes=THEMES, kind=DigestKind.SCHEDULED, now=NOW) is None


def test_a_story_is_worth_half_after_half_a_day() -> None:
    fresh, aged = story(1, published_at=NOW), story(1, published_at=NOW - HALF_LIFE)
    assert score(aged, now=NOW).total == score(fresh, now=NOW).total / 2


def test_each_source_counts_once_with_its_freshest_telling() -> None:
    one = stored("a", published_at=NOW)
    again = stored("b", published_at=NOW - HALF_LIFE)
    other = stored("c", source="Гудок", weight=2.0, published_at=NOW)
    assert score(story(1, one, again), now=NOW).total == 1
    assert score(story(1, one, again, other), now=NOW).total == 3


def test_a_telling_from_the_future_is_worth_no_more_than_one_of_now() -> None:
    assert score(story(1, published_at=NOW + DAY), now=NOW).total == 1


def test_what_many_sources_told_leads() -> None:
    many = story(2, stored("a", source="Колесо"), stored("b", source="Гудок"))
    assert ids(made([story(1), many])) == [2, 1]


def test_at_most_two_stories_of_one_make_while_there_are_others() -> None:
    stories = [story(n, topics=["chery"], source=f"s{n}", published_at=NOW) for n in range(1, 6)]
    stories += [story(n, source=f"s{n}", published_at=NOW - 20 * HOUR) for n in range(6, 11)]
    assert len({1, 2, 3, 4, 5} & set(ids(made(stories)))) == 2


def test_at_most_three_stories_of_one_source_while_there_are_others() -> None:
    stories = [story(n, published_at=NOW) for n in range(1, 6)]
    stories += [story(n, source=f"s{n}", published_at=NOW - 20 * HOUR) for n in range(6, 11)]
    assert len({1, 2, 3, 4, 5} & set(ids(made(stories)))) == 3


def test_caps_give_way_when_nothing_else_is_left() -> None:
    digest = made([story(n, topics=["lada"]) for n in range(1, 6)])
    assert sorted(ids(digest)) == [1, 2, 3, 4, 5]
    assert digest.left_over == 0


def test_of_a_numbered_series_one_part_comes_at_a_time() -> None:
    def titled(number: int, title: str, source: str = "Колесо") -> Story:
        return story(number, stored(str(number), source=source, title=title))

    parts = [titled(n, f"Рынок за неделю, обзор № {20 + n}: продано {27_000 + n}") for n in range(1, 4)]
    others = [
        titled(4, "Закон № 5 изменят"),
        titled(5, "Закон № 7 отменят"),
        titled(6, "Продано 27 001"),
        titled(7, "Продано 27 002"),
    ]
    digest = made([*parts, *others])
    assert len({1, 2, 3} & set(ids(digest))) == 1
    assert {4, 5, 6, 7} <= set(ids(digest))
    assert digest.left_over == 2
    twin = titled(8, "Рынок за неделю, обзор № 21: продано 27 001", source="Гудок")
    assert 8 in ids(made([*parts, twin]))


def test_what_did_not_fit_is_counted() -> None:
    digest = made([story(n, source=f"s{n}") for n in range(1, 12)])
    assert len(digest.stories) == SIZE
    assert digest.left_over == 11 - SIZE


def test_stories_stand_under_their_themes_and_the_rest_comes_last() -> None:
    stories = [
        story(1, topics=["law"], source="a", published_at=NOW),
        story(2, source="b", published_at=NOW - HOUR),
        story(3, topics=["ev"], source="c", published_at=NOW - 2 * HOUR),
        story(4, topics=["law"], source="d", published_at=NOW - 3 * HOUR),
    ]
    digest = made(stories)
    assert layout(digest) == ["law", "ev", None]
    assert ids(digest) == [1, 4, 3, 2]


def test_a_make_never_heads_a_section() -> None:
    assert layout(made([story(1, topics=["haval", "ev"]), story(2, topics=["chery"])])) == ["ev", None]


def test_the_best_story_leads_though_it_has_no_theme() -> None:
    stories = [
        story(1, topics=["chery"], source="a", published_at=NOW),
        story(2, topics=["law"], source="b", published_at=NOW - HOUR),
        story(3, source="c", published_at=NOW - 2 * HOUR),
    ]
    digest = made(stories)
    assert layout(digest) == [None, "law", None]
    assert ids(digest) == [1, 2, 3]
    assert layout(made([stories[0], stories[2]])) == [None]


def test_the_section_of_the_best_story_is_given_up_last() -> None:
    best = story(1, topics=[THEMES[0]], source="best", published_at=NOW + HOUR)
    others = [
        story(10 * place + n, topics=[theme], source=f"{theme}{n}", published_at=NOW)
        for place, theme in enumerate(THEMES[1:6], 1)
        for n in (1, 2)
    ]
    digest = made([best, *others], size=11)
    assert layout(digest)[0] == THEMES[0]
    assert ids(digest)[0] == 1


def test_a_story_of_two_themes_stands_under_the_readers_own() -> None:
    both = story(1, topics=["law", "ev"])
    assert layout(made([both])) == ["law"]
    assert layout(made([both], preferred={"ev"})) == ["ev"]


def test_there_are_never_more_than_five_sections() -> None:
    digest = made([story(n, topics=[theme], source=theme) for n, theme in enumerate(THEMES, 1)])
    assert len(digest.sections) <= MAX_SECTIONS
    assert sorted(ids(digest)) == list(range(1, 8))


def test_the_telling_with_a_summary_leads_before_a_heavier_one_without() -> None:
    heavy = stored("heavy", source="Гудок", weight=5.0, summary="")
    light = stored("light", source="Колесо", summary="Есть что прочесть.")
    told = tell(story(1, heavy, light))
    assert told.headline == "Новость light"
    assert told.sources == ("Колесо", "Гудок")


def test_an_opinion_is_lent_by_whoever_has_one_and_named_after_them() -> None:
    lead = stored("a", source="Колесо", weight=2.0)
    judged = stored("b", source="Гудок", opinion=opinion())
    told = tell(story(1, lead, judged))
    assert (told.headline, told.opinion, told.opinion_source) == ("Новость a", opinion(), "Гудок")


def test_a_leads_own_opinion_comes_before_anothers() -> None:
    lead = stored("a", source="Колесо", weight=2.0, opinion=opinion("Своё."))
    other = stored("b", source="Гудок", opinion=opinion("Чужое."))
    told = tell(story(1, other, lead))
    assert told.opinion == opinion("Своё.")
    assert told.opinion_source == "Колесо"


def test_a_story_without_opinions_has_none() -> None:
    told = tell(story(1))
    assert told.opinion is None
    assert told.opinion_source is None


topic_lists = st.lists(st.sampled_from(THEMES + MAKES), max_size=4, unique=True)


@st.composite
def any_stories(draw: st.DrawFn) -> list[Story]:
    number = draw(st.integers(1, 25))
    return [
        story(
            n,
            topics=draw(topic_lists),
            source=draw(st.sampled_from("abc")),
            published_at=NOW - draw(st.integers(0, 72)) * HOUR,
        )
        for n in range(1, number + 1)
    ]


@settings(max_examples=150, deadline=None)
@given(stories=any_stories(), preferred=st.frozensets(st.sampled_from(THEMES)), size=st.integers(1, 10))
def test_any_digest_is_full_whole_and_says_nothing_twice(
    stories: list[Story], preferred: frozenset[str], size: int
) -> None:
    digest = made(stories, preferred=preferred, size=size)
    found = ids(digest)
    assert len(found) == min(size, len(stories))
    assert max(Counter(found).values()) == 1
    assert digest.left_over == len(stories) - len(found)
    assert len(digest.sections) <= MAX_SECTIONS
    named = [topic for topic in layout(digest) if topic is not None]
    assert len(set(named)) == len(named)
    assert all(section.stories for section in digest.sections)
    assert None not in layout(digest)[1:-1]
    best = ranking(stories, now=NOW, preferred=preferred)[0]
    assert found[0] == best.id
    by_id = {one.id: one for one in stories}
    assert all(
        section.topic is None or section.topic in by_id[told.story_id].topics
        for section in digest.sections
        for told in section.stories
    )
    assert made(list(reversed(stories)), preferred=preferred, size=size) == digest


def twins() -> list[Story]:
    english = replace(story(1, stored("a", lang="en")), linked=frozenset({StoryId(2)}))
    russian = replace(story(2, stored("b", lang="ru")), linked=frozenset({StoryId(1)}))
    return [english, russian]


@pytest.mark.parametrize(("first", "kept"), [("ru", 2), ("en", 1), ("kk", 1)])
def test_a_story_in_two_languages_is_told_in_the_reader_s_first(first: str, kept: int) -> None:
    assert [one.id for one in matching(twins(), Choice(first=first), since=NOW - DAY)] == [kept]


def test_who_reads_one_language_gets_that_telling() -> None:
    choice = Choice(first="ru", reads=frozenset({"en"}))
    assert [one.id for one in matching(twins(), choice, since=NOW - DAY)] == [1]


def test_a_story_does_not_come_again_in_another_language() -> None:
    assert matching(twins()[1:], Choice(first="ru", covered=frozenset({StoryId(1)})), since=NOW - DAY) == []
