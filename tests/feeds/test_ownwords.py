from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.ownwords import (
    MAX_LENGTH,
    OwnTopic,
    OwnTopicFault,
    OwnTopicProblem,
    OwnTopics,
    known_own_topic,
    matches,
    parse_own_topic,
    vocabulary,
    why,
)


def topic(text: str) -> OwnTopic:
    parsed = parse_own_topic(text)
    assert isinstance(parsed, OwnTopic)
    return parsed


def chosen(text: str, *fields: str) -> bool:
    return matches(topic(text), vocabulary(fields))


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("шина", "Зимних шин стало меньше"),
        ("лизинг", "О лизинге грузовиков"),
        ("гонка", "Календарь гонок утверждён"),
        ("Монжаро", "Продажи МОНЖАРО растут"),
        ("щётка", "Щетки стеклоочистителя"),
        ("Джили Монжаро", "Монжаро подешевел, сообщили в Джили"),
        ("Haval, Монжаро", "Монжаро подешевел"),
        ('"новый завод"', "Открыт новый завод"),
        ("«новый завод» Haval", "Haval рассказал про новый завод"),
        ("Mach-E", "Ford Mustang Mach-E recalled"),
        ("Model Y", "The new Model Y is here"),
        ("мотор 1,5", "Новый мотор на 1,5 литра"),
        ("recalls", "Ford recalled a pickup"),
        ("Haval, кроме отзывов", "Haval построит завод"),
        ("кроме", "Кроме того, вырос рынок"),
    ],
)
def test_words_match_by_stem_in_any_order_and_quoted_ones_side_by_side(text: str, story: str) -> None:
    assert chosen(text, story)


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("Монжаро -утильсбор", "Монжаро и утильсбора ставка"),
        ("Монжаро, Haval -отзыв", "Haval объявил об отзыве"),
        ('Haval -"новый завод"', "Haval открыл новый завод"),
        ("Haval −завод", "Haval открыл завод"),
        ("Haval, кроме отзывов", "Haval объявил об отзыве"),
        ("Haval кроме отзывов и ремонта", "Haval: о ремонте коробки"),
        ("Haval except recalls", "Haval recalled a crossover"),
        ("Haval, but not racing or recalls", "Haval recalled a crossover"),
        ("Haval -рынок", "Haval о состоянии рынка"),
        ("Haval -скидка", "Haval: больше никаких скидок"),
        ("Джили Монжаро", "Джили Атлас подешевел"),
        ('"новый завод"', "Завод выпустил новый кроссовер"),
        ("Mach-E", "Mach 1 and an E Class"),
        ("рено", "Время перемен"),
    ],
)
def test_excluded_words_and_incomplete_matches_choose_nothing(text: str, story: str) -> None:
    assert not chosen(text, story)


def test_a_phrase_does_not_reach_from_a_title_into_the_text() -> None:
    assert not chosen('"новый завод"', "Haval построит новый", "Завод откроют в мае")
    assert chosen("новый завод", "Haval построит новый", "Завод откроют в мае")


def test_a_dash_inside_a_word_does_not_exclude() -> None:
    assert topic("Ли-Авто").unwanted == ()
    assert chosen("КАМАЗ-мастер", "Экипаж «КАМАЗ-мастер» выиграл этап")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", OwnTopicFault.EMPTY),
        (" , — ; ", OwnTopicFault.EMPTY),
        ("-Tesla", OwnTopicFault.ONLY_EXCLUDES),
        ("на", OwnTopicFault.TOO_COMMON),
        ("Haval, и", OwnTopicFault.TOO_COMMON),
        ("the", OwnTopicFault.TOO_COMMON),
        ("x" * (MAX_LENGTH + 1), OwnTopicFault.TOO_LONG),
        ("аб " * 60, OwnTopicFault.TOO_LONG),
    ],
)
def test_what_would_choose_nothing_or_everything_is_a_problem_with_a_name(text: str, fault: OwnTopicFault) -> None:
    problem = parse_own_topic(text)
    assert isinstance(problem, OwnTopicProblem)
    assert problem.fault is fault
    assert known_own_topic(text) is None


def test_the_text_is_kept_as_it_was_written() -> None:
    assert topic("  Ли   Авто\n-завод ").text == "Ли Авто -завод"
    assert topic("Haval Jolion, Monjaro 1,5; Атлас").text == "Haval Jolion, Monjaro 1,5; Атлас"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"новый завод, монжаро -', "новый завод, монжаро"),
        ("«новый завод» Haval", '"новый завод" Haval'),
        ("“solid  state”", '"solid state"'),
        ('"зарядка"', "зарядка"),
        ("«КАМАЗ-мастер»", "КАМАЗ-мастер"),
        ('Haval -"шум"', "Haval -шум"),
        ('завод "-тюнинг"', 'завод "-тюнинг"'),
        ('монжаро "" , ; атлас,', "монжаро, атлас"),
        ("монжаро\nатлас", "монжаро, атлас"),
    ],
)
def test_quotes_stay_around_phrases_only_and_nothing_is_left_that_means_nothing(typed: str, text: str) -> None:
    assert topic(typed).text == text


def test_the_words_that_matched_are_quoted_as_the_story_has_them() -> None:
    fields = ["Haval открыл завод", "О новых шинах для «Монжаро» рассказали вчера"]
    assert why(topic("Лада, шины Монжаро"), fields) == ("шинах", "Монжаро")
    assert why(topic('"новые шины"'), fields) == ("новых шинах",)
    assert why(topic("шины -завод"), fields) == ()


_WORDS = st.sampled_from(
    [
        "шина",
        "шины",
        "завод",
        "заводы",
        "новый",
        "нового",
        "Haval",
        "haval",
        "отзыв",
        "отзыве",
        "recalled",
        "Y",
        "3",
        "и",
    ]
)
_STORIES = st.lists(_WORDS, max_size=14).map(" ".join)
_TERMS = st.one_of(_WORDS, st.lists(_WORDS, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'))
_MARKED = st.tuples(st.sampled_from(["", "", "", "-"]), _TERMS).map("".join)
_TOPICS = st.lists(st.tuples(_MARKED, st.sampled_from([" ", " ", ", "])).map("".join), min_size=1, max_size=6).map(
    lambda parts: known_own_topic("".join(parts))
)


@given(topics=st.lists(_TOPICS, max_size=12), title=_STORIES, text=_STORIES)
@example(topics=[known_own_topic('шина "шина шина"')], title="", text="шина")
@settings(max_examples=120, deadline=None)
def test_the_index_agrees_with_asking_every_topic(topics: list[OwnTopic | None], title: str, text: str) -> None:
    known = [each for each in topics if each]
    words = vocabulary([title, text])
    plainly = {number for number, each in enumerate(known) if matches(each, words)}
    assert OwnTopics(known).match(words) == plainly
    for number, each in enumerate(known):
        assert bool(why(each, [title, text])) == (number in plainly)


@given(st.text(max_size=80))
@settings(max_examples=120, deadline=None)
def test_nothing_that_a_person_types_is_an_error(text: str) -> None:
    parsed = parse_own_topic(text)
    assert isinstance(parsed, OwnTopicProblem) or parse_own_topic(parsed.text) == parsed
    assert isinstance(parsed, OwnTopicProblem) or OwnTopics([parsed]).match(vocabulary([text])) in ({0}, set())
