"""Values as SQLite's driver takes and gives them, for statements that carry thousands: no SQLAlchemy around each.

What a value becomes is said by its column's type alone, as for every other statement. Runs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.types import TypeDecorator

_DIALECT: Final = SQLiteDialect()

Change = Callable[[Any], Any]
Row = tuple[Any, ...]


def written(columns: Iterable[ColumnElement[Any]], rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Write rows for the driver, each of which has values for these columns in their order."""
    by_column = zip(*(row.values() for row in rows), strict=True)
    changes = (_writer(column.type) for column in columns)
    changed = (values if to is None else map(to, values) for to, values in zip(changes, by_column, strict=True))
    return zip(*changed, strict=True)


def reader(columns: Iterable[ColumnElement[Any]]) -> Callable[[Sequence[Any]], list[Any]]:
    """Give what reads a row of these columns; most values of most rows are None, which is read once for all."""
    changes = [(at, read, read(None)) for at, column in enumerate(columns) if (read := _reader(column.type))]

    def read_row(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, read, nothing in changes:
            value = values[at]
            values[at] = nothing if value is None else read(value)
        return values

    return read_row


def _writer(kind: Any) -> Change | None:
    if not isinstance(kind, TypeDecorator):
        return None
    return partial(kind.process_bind_param, dialect=_DIALECT)


def _reader(kind: Any) -> Change | None:
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, TypeDecorator) and type(kind).process_result_value is not TypeDecorator.process_result_value:
        return partial(kind.process_result_value, dialect=_DIALECT)
    return None
