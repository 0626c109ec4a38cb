from __future__ import annotations

from datetime import timedelta

from bot import questions
from bot.questions import AT_ONCE, RECENT, Ask, Question, Questions
from tests.samples import NOW

CLOCK, TIMES = Question(ask=Ask.CLOCK), Question(ask=Ask.TIMES, chat=7)


def test_the_last_question_stands_until_it_is_answered_or_old() -> None:
    asked = Questions()
    assert asked.last(1, now=NOW) is None
    asked.put(1, CLOCK, now=NOW)
    asked.put(1, TIMES, now=NOW)
    assert asked.last(1, now=NOW + RECENT) == TIMES
    assert asked.last(2, now=NOW) is None
    assert asked.last(1, now=NOW + RECENT + timedelta(seconds=1)) is None
    asked.forget(1)
    asked.forget(1)
    assert asked.last(1, now=NOW) is None


def test_a_question_from_the_future_is_none() -> None:
    asked = Questions()
    asked.put(1, CLOCK, now=NOW + timedelta(hours=1))
    assert asked.last(1, now=NOW) is None


def test_of_too_many_the_oldest_are_forgotten() -> None:
    asked = Questions()
    for person in range(questions._MOST + 3):
        asked.put(person, CLOCK, now=NOW)
    assert asked.last(2, now=NOW) is None
    assert asked.last(3, now=NOW) == CLOCK


def test_any_words_are_taken_for_a_signature_only_right_after_it_was_asked_for() -> None:
    asked, signature = Questions(), Question(ask=Ask.SIGNATURE, chat=7)
    asked.put(1, signature, now=NOW)
    assert asked.last(1, now=NOW + AT_ONCE) == signature
    assert asked.last(1, now=NOW + AT_ONCE + timedelta(seconds=1)) is None
