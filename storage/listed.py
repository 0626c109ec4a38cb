"""Many rows as one parameter: a JSON list, which the database takes apart itself. Knows no table.

A statement that is given a hundred rows as a hundred sets of parameters costs Python a hundred times as much; this one
costs as much for a hundred as for one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import JSON, Select, Subquery, Text, bindparam, cast, func, literal_column, select

from storage.columns import Big

_ROWS = bindparam("rows", type_=Text())


def listed(dialect: str, *names: str) -> Subquery:
    """Make a table with columns of these names of the whole numbers in the parameter ``rows`` (see ``as_rows``)."""
    if dialect == "postgresql":
        each = func.json_array_elements(cast(_ROWS, JSON)).table_valued("value", name="each")
        columns = [
            cast(each.c.value.op("->>")(literal_column(str(place))), Big).label(name)
            for place, name in enumerate(names)
        ]
    else:
        each = func.json_each(_ROWS).table_valued("value", name="each")
        columns = [
            func.json_extract(each.c.value, literal_column(f"'$[{place}]'"), type_=Big).label(name)
            for place, name in enumerate(names)
        ]
    return select(*columns).subquery("listed")


def ids(dialect: str) -> Select[int]:
    """Select the ids that are the first column of ``rows``."""
    return select(listed(dialect, "id").c.id)


def as_rows(rows: Iterable[Sequence[int | None]]) -> str:
    """Write rows of whole numbers as the parameter."""
    return json.dumps([list(row) for row in rows], separators=(",", ":"))
