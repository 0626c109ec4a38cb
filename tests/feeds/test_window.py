from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.cluster import WINDOW
from feeds.linkage import average_linkage
from feeds.model import Item, SourceId, StoryId, Telling
from feeds.profiles import Profile
from feeds.rareterms import RareTerms
from feeds.review import Merge, Split, neighbours, regroup, review
from feeds.titleindex import NEAR, TitleIndex
from feeds.translations import linked
from feeds.window import ATTACH, Window
from tests.samples import HOUR, NOW

TITLES = (
    "Завод «Искра» начнёт собирать кроссоверы весной",
    "Сборка кроссоверов на заводе «Искра» начнётся весной",
    "Штраф за парковку на газоне вырастет втрое",
    "Депутаты предложили втрое поднять штраф за парковку на газоне",
    "На трассе М-12 открыли станцию для грузовиков с водородом",
    "Таксопарки жалуются на нехватку водителей",
)


def telling(number: int, title: str, **changes: Any) -> Telling:
    values: dict[str, Any] = {
        "story_id": StoryId(number),
        "source_id": SourceId(number),
        "key": f"k{number}",
        "url": f"https://koleso.example/{number}",
        "title": title,
        "title_key": "",
        "published_at": NOW,
    }
    return Telling(**values | changes)


def item(title: str, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "source_id": SourceId(99),
        "key": "new",
        "url": "https://kardan.example/new",
        "title": title,
        "published_at": NOW,
    }
    return Item(**values | changes)


def filled(*titles: str) -> Window:
    window = Window()
    for number, title in enumerate(titles, start=1):
        window.add(telling(number, title))
    return window


def story_of(window: Window, one: Item) -> int | None:
    placed = window.place(one)
    return None if placed is None else placed.story_id


def test_the_first_article_of_a_fresh_store_is_a_story_of_its_own() -> None:
    assert Window().place(item(TITLES[0])) is None


def test_the_second_telling_finds_the_first() -> None:
    assert story_of(filled(TITLES[0], TITLES[2]), item(TITLES[1])) == 1


def test_an_article_like_none_is_left_alone() -> None:
    assert story_of(filled(*TITLES[:4]), item(TITLES[5])) is None


def test_three_days_later_it_is_another_story() -> None:
    window = filled(TITLES[0])
    assert story_of(window, item(TITLES[1], published_at=NOW + WINDOW)) == 1
    assert story_of(window, item(TITLES[1], published_at=NOW + WINDOW + HOUR)) is None


def test_a_telling_in_another_language_is_not_merged() -> None:
    assert story_of(filled(TITLES[0]), item(TITLES[0], lang="en")) is None


def test_two_articles_of_one_source_must_be_more_alike() -> None:
    window = filled(TITLES[2])
    own, others = (window.entry(item(TITLES[3], source_id=SourceId(number))) for number in (1, 99))
    [mine], [theirs] = window.resembling(own, limit=1), window.resembling(others, limit=1)
    assert mine.value < theirs.value


def test_what_has_left_the_window_attracts_nobody() -> None:
    window = filled(TITLES[0])
    window.expire(NOW + HOUR)
    assert len(window) == 0
    assert story_of(window, item(TITLES[1])) is None


def test_an_article_that_changed_is_found_by_what_it_says_now() -> None:
    window = filled(TITLES[4])
    window.change(item(TITLES[0], source_id=SourceId(1), key="k1"))
    assert len(window) == 1
    assert story_of(window, item(TITLES[1])) == 1


def test_a_change_of_an_article_that_is_not_in_the_window_adds_nothing() -> None:
    window = Window()
    window.change(item(TITLES[0]))
    assert len(window) == 0


def test_an_article_taken_in_twice_is_there_once() -> None:
    window = filled(TITLES[0])
    window.add(telling(1, TITLES[0]))
    assert len(window) == window.told(StoryId(1)) == 1


def test_merged_stories_are_found_under_one_id() -> None:
    window = filled(TITLES[0], TITLES[4])
    window.merge(StoryId(2), StoryId(1))
    assert story_of(window, item(TITLES[1])) == 2
    assert window.told(StoryId(2)) == 2
    assert window.told(StoryId(1)) == 0


class Always:
    """An endpoint's answer in place of our own: everything is the same story."""

    def learn(self, profile: Profile) -> None:
        pass

    def forget(self, profile: Profile) -> None:
        pass

    def compare(self, one: Profile, other: Profile) -> float:
        return float(one is not other)

    def rarity(self, term: str) -> float:
        return float(len(term))


def test_another_judge_of_likeness_can_take_its_place() -> None:
    window = Window(Always())
    window.add(telling(1, TITLES[4]))
    assert story_of(window, item("На М-12 пробка")) == 1


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(len(TITLES))))
def test_unrelated_articles_may_come_in_any_order(order: Sequence[int]) -> None:
    window, placed = Window(), dict[int, int]()
    for number in order:
        liked = window.place(item(TITLES[number], key=str(number), source_id=SourceId(number)))
        placed[number] = number if liked is None else liked.story_id
        window.add(telling(number, TITLES[number], story_id=StoryId(placed[number])))
    groups = [{n for n in placed if placed[n] == story_id} for story_id in sorted(set(placed.values()))]
    assert sorted(map(sorted, groups)) == [[0, 1], [2, 3], [4], [5]]


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.tuples(st.text(max_size=40), st.text(max_size=80)), max_size=6))
def test_no_text_is_too_odd_for_the_window(texts: list[tuple[str, str]]) -> None:
    window = Window()
    for number, (title, text) in enumerate(texts, start=1):
        window.place(item(title, text=text))
        window.add(telling(number, title, text=text))
    window.expire(NOW + timedelta(days=9))
    assert len(window) == 0


def test_average_linkage_joins_what_is_alike_on_average() -> None:
    pairs = [(0, 1, 0.9), (1, 2, 0.5), (0, 2, 0.4), (3, 4, 0.3)]
    assert average_linkage(5, pairs, least=0.4) == [[0, 1, 2], [3], [4]]


def test_one_bridge_does_not_join_two_groups() -> None:
    pairs = [(0, 1, 0.9), (2, 3, 0.9), (1, 2, 0.8)]
    assert average_linkage(4, pairs, least=0.4) == [[0, 1], [2, 3]]
    assert average_linkage(4, pairs, least=0.4, unknown=0.3) == [[0, 1, 2, 3]]


@settings(max_examples=60, deadline=None)
@given(
    pairs=st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), st.floats(0, 1)
    ),
    least=st.floats(0.1, 0.9),
)
def test_groups_of_the_linkage_are_a_partition(pairs: dict[tuple[int, int], float], least: float) -> None:
    given_pairs = [(one, other, value) for (one, other), value in pairs.items()]
    groups = average_linkage(8, given_pairs, least=least)
    assert sorted(place for group in groups for place in group) == list(range(8))


def test_a_second_look_joins_what_came_apart_and_says_what_falls_apart() -> None:
    window = filled(*TITLES)
    window.merge(StoryId(5), StoryId(6))
    entries = list(window)
    pairs = [pair for found in neighbours(entries, window) for pair in found]
    found = review([entry.story_id for entry in entries], regroup(len(entries), pairs))
    assert found.merges == (
        Merge(stories=(StoryId(1), StoryId(2))),
        Merge(stories=(StoryId(3), StoryId(4))),
    )
    assert found.splits == (Split(story_id=StoryId(5), groups=(1, 1)),)


def test_rare_words_name_the_candidates_and_the_asker_is_none_of_them() -> None:
    index: RareTerms[str] = RareTerms()
    for key, words in {"a": "в суд", "b": "в лес", "c": "в суд лес"}.items():
        index.add(key, words.split())
    assert index.candidates(["суд"], rarity=len, limit=5) == ["a", "c"]
    assert index.candidates(["в", "суд"], rarity=len, limit=1, but="a") == ["c"]
    index.remove("c", ["в", "суд", "лес"])
    assert index.candidates(["лес"], rarity=len, limit=5, but="b") == []


def test_the_nearest_headlines_are_those_a_plain_loop_finds() -> None:
    words = ["завод", "цена", "рынок", "лада", "седан", "шины", "бензин", "штраф", "дорога", "мост", "такси", "отзыв"]
    chance = random.Random(0)
    titles = [" ".join(chance.sample(words, 5)) for _ in range(300)]
    index = TitleIndex(titles)
    place, likeness = index.nearest(titles[17], limit=1)[0]
    assert likeness == 100
    assert sorted(titles[place].split()) == sorted(titles[17].split())
    assert all(value >= NEAR for _, value in index.nearest("завод цена рынок", limit=5))
    assert index.nearest("", limit=3) == []


def pair(russian: tuple[str, str], english: tuple[str, str]) -> float:
    window = Window()
    one = window.add(telling(1, russian[0], text=russian[1]))
    other = window.add(telling(2, english[0], text=english[1], lang="en"))
    return linked(one.profile, other.profile, rarity=window.rarity)


def test_names_and_numbers_link_tellings_in_two_languages() -> None:
    russian = (
        "Tesla отзывает в США 24 тысячи Cybertruck",
        "Причина — камера заднего вида Bosch, сообщает NHTSA в отчёте.",
    )
    english = "Tesla recalls 24,000 Cybertruck pickups", "The rear camera by Bosch goes dark, the NHTSA said on Monday."
    assert pair(russian, english) > 0.5


def test_one_make_in_common_links_nothing() -> None:
    russian = "Tesla подешевела в Китае", "Скидка на Model Y достигла рекорда, пишут местные издания в пятницу."
    english = (
        "Tesla opens a factory in Texas",
        "The plant will build batteries for lorries, the company said on Monday.",
    )
    assert pair(russian, english) == 0


def test_attaching_takes_more_than_a_faint_likeness() -> None:
    assert 0.1 < ATTACH < 0.5


def test_a_likeness_of_the_day_before_yesterday_counts_half() -> None:
    window = filled(TITLES[0])
    [stored] = window
    values = []
    for hours in (1, 24, 72):
        late = window.entry(item(TITLES[1], published_at=NOW + hours * HOUR))
        values.append(window.likeness(late, stored))
    assert values[0] == values[1] == 2 * values[2]
