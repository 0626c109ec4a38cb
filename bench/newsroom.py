"""A newsroom's feed, how it answers conditional requests, and what may go wrong with it for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

from bench.feedserver import Answer, Page

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
_SHOWN = 8

Change = Callable[[timedelta], Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A feed with a new article every few hours; how it answers when nothing is wrong."""

    name: str
    every: timedelta = timedelta(hours=9)
    head: str = ""
    etag: bool = True
    modified: bool = True
    conditional: bool = True
    touched: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def published(self, age: timedelta) -> int:
        """Count the articles there are after ``age``."""
        return 1 + age // self.every

    def document(self, age: timedelta) -> bytes:
        """Write the feed as it is after ``age``."""
        count = self.published(age)
        items = "".join(self._item(number) for number in range(max(0, count - _SHOWN), count))
        return f'<rss version="2.0"><channel><title>{self.name}</title>{self.head}{items}</channel></rss>'.encode()

    def answer(self, now: datetime, asked: Mapping[str, str]) -> Answer:
        """Answer as RFC 9110 §13 wants: If-None-Match alone decides where there is one."""
        age = now - START
        body, validators = self.document(age), self._validators(age)
        if self.conditional:
            etag, modified = asked.get("if-none-match"), asked.get("if-modified-since")
            same = (
                etag == validators.get("ETag")
                if etag
                else bool(modified) and modified == validators.get("Last-Modified")
            )
            if same:
                return Answer(status=304, headers={**validators, **self.headers})
        return Answer(status=200, headers={**validators, **self.headers}, body=body)

    def _item(self, number: int) -> str:
        date = format_datetime(START + number * self.every, usegmt=True)
        link = f"https://{self.name}.example/{number}"
        words = f"{self.name} — заметка номер {number}: испытатели проехали {number + 7} километров"
        return f"<item><guid>{link}</guid><link>{link}</link><title>{words}</title><pubDate>{date}</pubDate></item>"

    def _validators(self, age: timedelta) -> dict[str, str]:
        last = (self.published(age) - 1) * self.every
        version = f"{last}" if self.touched is None else f"{last} {age // self.touched}"
        found = {}
        if self.etag:
            found["ETag"] = f'W/"{sha256(f"{self.name}{version}".encode()).hexdigest()[:12]}"'
        if self.modified:
            # The same all the time for whoever has an ETag: only that tells a change.
            found["Last-Modified"] = format_datetime(
                START - timedelta(days=1) if self.etag else START + last, usegmt=True
            )
        return found


def disturbed(newsroom: Newsroom, change: Change) -> Page:
    """Answer as the newsroom does, unless ``change`` says something else after so long."""

    def page(now: datetime, asked: Mapping[str, str]) -> Answer:
        return change(now - START) or newsroom.answer(now, asked)

    return page


def between(begin: timedelta, end: timedelta, answer: Answer) -> Change:
    """Say something else for a while."""
    return lambda age: answer if begin <= age < end else None


def moved(status: int, to: str) -> Answer:
    return Answer(status=status, headers={"Location": to})
