from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.turns import GROUPS, PATIENCE, REACTION, Turns

START = 1000.0


@dataclass(slots=True)
class Person:
    telegram_id: int
    order: tuple[float, ...] = (1, 0.0)
    gone: bool = False


class Line:
    """People in line, and a clock that jumps to where something happens."""

    def __init__(self, *, overall: float = 30, each: float = 1, lag: float = 0.0) -> None:
        self.turns: Turns[Person] = Turns(overall=overall, each=each)
        self.now = START
        self.lag = lag
        self.went: list[tuple[float, Person]] = []
        self.sent_away: list[tuple[float, Person]] = []

    def ask(self, *people: Person) -> None:
        for person in people:
            self.turns.ask(person)

    def run(self, *, until: float = 1e9) -> None:
        while len(self.turns) and self.now < until:
            if span := self.turns.short(self.now):
                self.turns.supply(self.now, span)
            if (turn := self.turns.take(self.now)) is None:
                self.now = min(max(self.turns.wake(self.now), self.now) + self.lag, until)
            elif turn.later:
                self.sent_away.append((turn.later, turn.ticket))
            else:
                self.went.append((self.now, turn.ticket))

    @property
    def order(self) -> list[int]:
        return [person.telegram_id for _, person in self.went]


@pytest.fixture
def line() -> Line:
    return Line()


def busiest(moments: list[float], period: float) -> int:
    return max((sum(start <= moment < start + period for moment in moments) for start in moments), default=0)


def test_turns_are_evenly_spaced_and_nearly_as_many_as_allowed(line: Line) -> None:
    line.ask(*map(Person, range(1, 601)))
    line.run()
    moments = [moment for moment, _ in line.went]
    assert busiest(moments, 1.0) <= 30
    assert 600 / 30 <= moments[-1] - moments[0] + 1 / 30 <= 600 / 30 * 1.03
    assert min(after - before for before, after in pairwise(moments)) > 1 / 31


def test_who_is_late_now_and_then_loses_nothing() -> None:
    line = Line(lag=0.004)
    line.ask(*map(Person, range(1, 301)))
    line.run()
    assert line.now - START < 10 * 1.03
    assert busiest([moment for moment, _ in line.went], 1.0) <= 30


def test_idleness_saves_up_nothing(line: Line) -> None:
    line.ask(Person(1))
    line.run()
    line.now += 3600
    line.ask(*map(Person, range(2, 100)))
    line.run()
    assert busiest([moment for moment, _ in line.went], 1.0) <= 30


def test_reactions_go_before_urgent_ones_before_scheduled_ones_before_bulk(line: Line) -> None:
    line.ask(Person(4, (2, 0.0)), Person(3, (1, 0.0)), Person(2, (0, 0.0)), Person(1, (REACTION, 0.0)))
    line.run()
    assert line.order == [1, 2, 3, 4]


def test_among_equals_whoever_waits_longest_goes_first(line: Line) -> None:
    line.ask(Person(1, (1, 800.0)), Person(2, (1, 700.0)), Person(3, (1, 700.0)))
    line.run()
    assert line.order == [2, 3, 1]


def test_one_chat_gets_its_messages_a_second_apart_and_holds_up_nobody(line: Line) -> None:
    line.ask(*(Person(1) for _ in range(3)), Person(2), Person(3))
    line.run()
    assert line.order == [1, 2, 3, 1, 1]
    assert [round(moment - START, 2) for moment, person in line.went if person.telegram_id == 1] == [0.0, 1.0, 2.0]


def test_a_tap_need_not_wait_for_the_second_to_pass_but_counts(line: Line) -> None:
    line.ask(Person(1), *(Person(1, (REACTION, 0.0)) for _ in range(3)), Person(1))
    line.run()
    moments = [moment - START for moment, _ in line.went]
    assert moments[2] < 0.2
    assert moments[3] > 1


def test_a_channel_gets_twenty_a_minute(line: Line) -> None:
    line.ask(*(Person(-5) for _ in range(25)))
    line.run()
    assert len(line.went) == 20
    assert len(line.sent_away) == 5
    assert line.now - START == pytest.approx(19, abs=0.2)
    assert all(PATIENCE < later < 60 for later, _ in line.sent_away)


def test_edits_in_a_channel_count_however_they_came(line: Line) -> None:
    for second in range(20):
        line.turns.note(-5, START - second)
    line.ask(Person(-5, (REACTION, 0.0)))
    line.run()
    assert line.went == []
    assert line.sent_away[0][0] == pytest.approx(GROUPS[1] - 0, abs=20)


def test_a_paused_chat_is_sent_away_and_the_others_go(line: Line) -> None:
    line.turns.chat(1, now=START).until = START + 3600
    line.ask(Person(1), Person(2))
    line.run()
    assert line.order == [2]
    assert line.sent_away == [(3600, Person(1))]


def test_nothing_goes_while_all_are_paused(line: Line) -> None:
    line.turns.until = START + 8
    line.ask(Person(1), Person(2))
    line.run()
    assert [round(moment - START) for moment, _ in line.went] == [8, 8]


def test_who_has_gone_costs_no_turn(line: Line) -> None:
    line.ask(*(Person(number, gone=True) for number in range(1, 100)), Person(100))
    line.run()
    assert line.went == [(START, Person(100))]


def test_chats_of_long_ago_are_forgotten_and_paused_ones_are_not(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.turns._KEPT", 10)
    line.turns.chat(0, now=START).until = START + 1e6
    for number in range(1, 40):
        line.turns.note(number, START + number)
    assert len(line.turns._chats) <= 10
    assert line.turns.chat(0, now=START + 50).until > START + 50


STEPS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, -1, -2]), st.sampled_from([REACTION, 0, 1, 2]), st.floats(0, 5)),
    max_size=120,
)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, overall=st.integers(2, 40), lag=st.sampled_from([0.0, 0.001, 0.03, 0.5]))
def test_no_window_of_any_kind_ever_sees_more_than_its_limit(
    steps: list[tuple[int, int, float]], overall: int, lag: float
) -> None:
    line = Line(overall=overall, lag=lag)
    for telegram_id, rank, wait in steps:
        line.ask(Person(telegram_id, (rank, 0.0)))
        line.run(until=line.now + wait)
    line.run()
    assert len(line.went) + len(line.sent_away) == len(steps)
    assert busiest([moment for moment, _ in line.went], 1.0) <= overall
    chats: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for moment, person in line.went:
        chats[person.telegram_id].append((moment, int(person.order[0])))
    for telegram_id, moments in chats.items():
        if telegram_id < 0:
            assert busiest([moment for moment, _ in moments], 60.0) <= 20
        gaps = [later - before for (before, _), (later, rank) in pairwise(moments) if rank != REACTION]
        assert all(gap >= 1 - 1e-6 for gap in gaps)


def test_a_hundred_thousand_channels_cost_no_more_each_than_ten_thousand() -> None:
    turns: Turns[Person] = Turns(overall=1000, each=1)
    began = time.process_time()
    for number in range(30_000):
        turns.note(-number - 1, START + number / 1000)
    assert time.process_time() - began < 5
