"""Column types that keep the same value on SQLite and PostgreSQL. Knows no table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, Text, literal_column
from sqlalchemy.types import TypeDecorator

from feeds.chatsettings import ChatSettings
from feeds.model import Related

EnumT = TypeVar("EnumT", bound=StrEnum)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEY_BYTES = 2_000

# SQLite gives only a column declared exactly INTEGER an id of its own.
Big = BigInteger().with_variant(Integer(), "sqlite")


def among(column: ColumnElement[EnumT], *members: EnumT) -> ColumnElement[bool]:
    """Compare with values written into the statement: a partial index does not help one that hides them in ``?``."""
    # Not as parameters that are written in at each execution: that takes longer than many a statement.
    written = [literal_column(f"'{member.value}'", column.type) for member in members]
    return column.in_(written) if len(written) > 1 else column == written[0]


def storable(text: str) -> str:
    """Take out what a database's text cannot hold: NUL (PostgreSQL) and halves of surrogate pairs (both)."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def bounded(text: str) -> str:
    """Shorten what PostgreSQL could not index (2,704 bytes in a B-tree), keeping different texts different."""
    text = storable(text)
    if len(text) * 4 <= KEY_BYTES or len(text.encode()) <= KEY_BYTES:
        return text
    return f"{text[:100]}#{sha256(text.encode()).hexdigest()}"


class Moment(TypeDecorator[datetime]):
    """An aware moment as whole microseconds since 1970; comes back in UTC. ValueError for a naive one."""

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base's
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive moment cannot be stored: {value!r}")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + value * MICROSECOND


class Span(TypeDecorator[timedelta]):
    """A length of time in whole microseconds."""

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002
        return None if value is None else value * MICROSECOND


class Words(TypeDecorator[str]):
    """Text of any origin; see ``storable`` for the little it loses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """Indexed text of any origin and length; see ``bounded``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else bounded(value)


class Tags(TypeDecorator[tuple[str, ...]]):
    """Several short texts, in order, as a JSON list that a person can read in the database's own shell."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if not value:  # as most items have none
            return None if value is None else "[]"
        return json.dumps([storable(word) for word in value], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        return None if value is None else _tags(value)


@lru_cache(maxsize=4096)
def _tags(value: str) -> tuple[str, ...]:
    # The same few combinations come in every row: parsing them was a fifth of reading a day's stories.
    return tuple(json.loads(value))


class Links(TypeDecorator[tuple[Related, ...]]):
    """Titles with their addresses, as a JSON list of pairs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Related] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if not value:
            return None if value is None else "[]"
        return json.dumps([[storable(link.title), storable(link.url)] for link in value], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Related, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(Related(title=title, url=url) for title, url in json.loads(value))


class Minutes(TypeDecorator[tuple[int, ...]]):
    """Minutes after midnight as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(json.loads(value))


_NOTHING: frozenset[int] = frozenset()


class Numbers(TypeDecorator[frozenset[int]]):
    """A set of small numbers as a JSON list; an empty one is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return json.dumps(sorted(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[int]:  # noqa: ARG002
        return frozenset(json.loads(value)) if value else _NOTHING


class OneOf(TypeDecorator[EnumT], Generic[EnumT]):
    """A member of a StrEnum by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[EnumT]) -> None:
        super().__init__()
        self.members = members
        # To ask the enumeration takes ten times as long as a dictionary, which knows a member by its value too.
        self._by_value = {member.value: member for member in members}

    def process_bind_param(self, value: EnumT | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else (self._by_value.get(value) or self.members(value)).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> EnumT | None:  # noqa: ARG002
        return None if value is None else self._by_value.get(value) or self.members(value)


class Settings(TypeDecorator[ChatSettings]):
    """What a chat has set, as a JSON object; what is as most people want it is left out, so new settings need no room.

    A text that cannot be read any more gives the defaults rather than hold up everybody's issues.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ChatSettings | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _SETTINGS.dump_json(value, exclude_defaults=True).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> ChatSettings | None:  # noqa: ARG002
        return None if value is None else _settings(value)


_SETTINGS = TypeAdapter(ChatSettings)


@lru_cache(maxsize=4096)
def _settings(value: str) -> ChatSettings:
    # Most chats have the same few: a hundred thousand of them are not parsed one by one.
    try:
        return _SETTINGS.validate_json(value)
    except ValueError:
        return ChatSettings()
