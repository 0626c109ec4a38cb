"""The columns of the Feed Reader Score test, counted from a server's record. Knows no reader.

What may be asked for follows from what the server itself said before: validators, freshness, Retry-After, 410.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bench.feedserver import Answer, Asked
from feeds.manners import max_age, retry_after

UNSAID: Final = timedelta(hours=4)
USEFUL: Final = frozenset({"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"})
PAIRS: Final = (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified"))


@dataclass(slots=True)
class Marks:
    """One address's columns; the names are those of the table."""

    requests: int = 0
    not_modified: int = 0
    unconditional: int = 0
    out_of_sequence: int = 0
    made_up: int = 0
    early: int = 0
    useless: int = 0
    after_410: int = 0

    def add(self, other: Marks) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class _Memory:
    """What an address has said so far."""

    current: dict[str, str | None] = field(default_factory=dict)
    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    open_at: datetime | None = None
    gone: bool = False


class Judge:
    """Marks requests in the order they came. ``wishes`` are an address's quiet moments and its ``ttl``.

    ``shortest`` is the least time between two requests that nobody objects to.
    """

    def __init__(self, wishes: dict[str, tuple[Callable[[datetime], bool], timedelta]], *, shortest: timedelta) -> None:
        self._wishes = wishes
        self._shortest = shortest
        self._pages: dict[str, _Memory] = defaultdict(_Memory)
        self._hosts: dict[str, datetime] = {}
        self.marks: dict[str, Marks] = defaultdict(Marks)

    def mark(self, record: Iterable[Asked]) -> None:
        """Go through a record."""
        for asked in record:
            address = asked.host + asked.target
            self._mark(asked, address, self._pages[address], self.marks[address])

    def _mark(self, asked: Asked, address: str, page: _Memory, marks: Marks) -> None:
        marks.requests += 1
        marks.not_modified += asked.answer.status == 304
        marks.after_410 += page.gone
        useless = [name for name in asked.headers if name not in USEFUL]
        marks.useless += len(useless) + ("?" in asked.target) + (asked.method != "GET")
        self._conditions(asked, page, marks)
        marks.early += self._is_early(asked, address, page)
        self._learn(asked, address, page)

    def _conditions(self, asked: Asked, page: _Memory, marks: Marks) -> None:
        known = any(page.current.values())
        sent = [(name, asked.headers[header]) for header, name in PAIRS if header in asked.headers]
        # The first answer of an address that redirects gives nothing to send back.
        answers = asked.answer.status in {200, 304} and any(name in asked.answer.headers for _, name in PAIRS)
        marks.unconditional += not sent and (known or answers)
        for name, value in sent:
            if value not in page.given[name]:
                marks.made_up += 1
            elif value != page.current.get(name):
                marks.out_of_sequence += 1
        if sent and len(sent) < sum(value is not None for value in page.current.values()):
            marks.out_of_sequence += 1

    def _is_early(self, asked: Asked, address: str, page: _Memory) -> bool:
        quiet, _ = self._wishes.get(address, (_never, timedelta(0)))
        opens = max(filter(None, (page.open_at, self._hosts.get(asked.host))), default=asked.at)
        return asked.at < opens or (page.open_at is not None and quiet(asked.at))

    def _learn(self, asked: Asked, address: str, page: _Memory) -> None:
        answer = asked.answer
        rest = self._shortest
        if answer.status in {200, 304}:
            _, ttl = self._wishes.get(address, (_never, timedelta(0)))
            rest = max(self._shortest, ttl, _fresh(answer, asked.at))
            for _, name in PAIRS:
                value = answer.headers.get(name)
                if value or answer.status == 200:
                    page.current[name] = value
                if value:
                    page.given[name].add(value)
        elif answer.status in {429, 503}:
            said = retry_after(answer.headers, now=asked.at)
            self._hosts[asked.host] = asked.at + (UNSAID if said is None else said)
        page.gone = page.gone or answer.status == 410
        page.open_at = asked.at + rest


def totals(marks: Iterable[Marks]) -> Marks:
    """Add up."""
    total = Marks()
    for one in marks:
        total.add(one)
    return total


def statuses(record: Iterable[Asked]) -> Counter[int]:
    return Counter(asked.answer.status for asked in record)


def _fresh(answer: Answer, now: datetime) -> timedelta:
    said = answer.headers.get("Cache-Control", "")
    return max_age(answer.headers, cache_control=said, now=now) or timedelta(0)


def _never(_: datetime) -> bool:
    return False
