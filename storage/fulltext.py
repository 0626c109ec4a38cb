"""What only one database understands of the search index: SQLite's FTS5 table and PostgreSQL's vectors.

Both index the roots of words in ``item_words`` and answer one question: which rows have all of these, or any. Ranking
is done on the rows by ``storage.search``, so that both databases give the same answers in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import DDL, ColumnElement, Index, MetaData, cast, event, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

INDEX = "item_words_index"
"""SQLite's FTS5 table; its own are four more whose names begin so."""

_VECTOR = "array_to_tsvector(string_to_array({column}, ' '))"
# Which column has a word, and neither where in it nor in how long a one: each word is there once, and we rank.
_COLUMNS = "title, words, content='item_words', content_rowid='item_id', detail=column, columnsize=0"
# Words as feeds.words has them, divided by spaces: whatever is beyond ASCII is a letter to it, and й stays й.
_TOKENS = "ascii"
_ADD = f"INSERT INTO {INDEX}(rowid, title, words) VALUES (new.item_id, new.title, new.words);"  # noqa: S608 - constants
_GO = (
    f"INSERT INTO {INDEX}({INDEX}, rowid, title, words) "  # noqa: S608 - constants
    "VALUES ('delete', old.item_id, old.title, old.words);"
)
_SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5({_COLUMNS}, tokenize={_TOKENS})",
    f"CREATE TRIGGER item_words_added AFTER INSERT ON item_words BEGIN {_ADD} END",
    f"CREATE TRIGGER item_words_gone AFTER DELETE ON item_words BEGIN {_GO} END",
    f"CREATE TRIGGER item_words_changed AFTER UPDATE ON item_words BEGIN {_GO} {_ADD} END",
)

Column = Literal["title", "words"]


def vector_index(column: Column) -> Index:
    """Index the roots in a column of ``item_words``; made on PostgreSQL only."""
    index = Index(f"ix_item_words_{column}", text(_VECTOR.format(column=column)), postgresql_using="gin")
    return index.ddl_if(dialect="postgresql")


def attach(metadata: MetaData) -> None:
    """Have SQLite's index made after the tables."""
    for statement in _SQLITE:
        event.listen(metadata, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def holds(roots: Sequence[str], column: Column, *, dialect: str, whole: bool) -> ColumnElement[bool]:
    """Make the condition that a row of ``item_words`` has all (``whole``) or any of some roots in a column."""
    if dialect == "postgresql":
        quoted = [f"'{root}'" for root in roots]
        asked = cast((" & " if whole else " | ").join(quoted), TSQUERY)
        return literal_column(_VECTOR.format(column=f"item_words.{column}")).bool_op("@@")(asked)
    quoted = [f'"{root}"' for root in roots]
    match = literal_column(INDEX).bool_op("MATCH")(f"{column} : ({(' AND ' if whole else ' OR ').join(quoted)})")
    return literal_column("item_words.item_id").in_(
        select(literal_column("rowid")).select_from(table(INDEX)).where(match)
    )
