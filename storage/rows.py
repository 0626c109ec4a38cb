"""Rows to nouns and back, and the digest as JSON. Runs no statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Row, exists

from feeds.issue import Chat, Digest, OutboxId, Parcel, Priority
from feeds.model import (
    Item,
    ItemId,
    Opinion,
    Source,
    SourceId,
    SourceSpec,
    StoredItem,
)
from feeds.polls import Detour, Failed, PollState, Validators, Wish
from storage.columns import storable
from storage.people import redraws
from storage.tables import Origin, chats, outbox, outbox_parts, sources

AnyRow = Row[*tuple[Any, ...]]

_DIGEST = TypeAdapter(Digest)
_PRIORITIES = tuple(Priority)
_CHAT_FIELDS = tuple(field.name for field in fields(Chat))
_redraw = redraws.alias("redraw")
CHAT_COLUMNS = tuple(chats.c[name].label(f"reader_{name}") for name in _CHAT_FIELDS)
"""A chat's columns for statements that join it to something else, at their end; read back by ``joined_chat``."""
HEAD_COLUMNS = (
    *(outbox.c.id, outbox.c.slot, outbox.c.digest_id, outbox.c.missed_id, outbox.c.thread_id),
    *(outbox.c.attempts, outbox.c.due_at, outbox.c.rank),
    exists().where(_redraw.c.outbox_id == outbox.c.id).label("stale"),
    exists().where(outbox_parts.c.outbox_id == outbox.c.id).label("begun"),
)
"""What ``head`` reads at the beginning of a row."""


_SPEC_FIELDS = tuple(field.name for field in fields(SourceSpec))
_SOURCE_COLUMNS = tuple(column.name for column in sources.c)
_NO_VALIDATORS = Validators()
_NO_WISH = Wish()


def spec_values(spec: SourceSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in _SPEC_FIELDS}


def poll_values(poll: PollState) -> dict[str, Any]:
    failure, detour = poll.failure, poll.detour
    return {
        "next_at": poll.next_at,
        "reason": poll.reason,
        "etag": poll.validators.etag,
        "last_modified": poll.validators.last_modified,
        "detour_url": detour and detour.url,
        "detour_etag": detour and detour.validators.etag,
        "detour_modified": detour and detour.validators.last_modified,
        "detour_since": detour and detour.since,
        "detour_times": detour and detour.times,
        "max_age": poll.max_age,
        "ttl": poll.wish.ttl,
        "skip_hours": poll.wish.skip_hours,
        "skip_days": poll.wish.skip_days,
        "body_hash": poll.body_hash,
        "failures": poll.failures,
        "polled_at": poll.polled_at,
        "succeeded_at": poll.succeeded_at,
        "changed_at": poll.changed_at,
        "failure": failure and failure.kind,
        "failure_status": failure and failure.status,
        "failure_detail": failure and failure.detail,
        "failure_retry_after": failure and failure.retry_after,
        "unasked": failure is not None and failure.unasked,
    }


def source(row: Sequence[Any]) -> Source:
    """Read a whole row of ``sources``."""
    told = _told(row)
    return Source(
        id=SourceId(told["id"]),
        spec=_spec(told),
        poll=_poll(told),
        given_url=told["given_url"],
        merged_into=told["merged_into"],
        paused=told["paused"],
        own=told["origin"] is Origin.OPERATOR,
    )


def spec(row: Sequence[Any]) -> SourceSpec:
    """Read what somebody configured from a whole row of ``sources``."""
    return _spec(_told(row))


def _told(row: Sequence[Any]) -> Mapping[str, Any]:
    # A row finds each of its values by name twenty times more slowly than a dictionary does.
    return dict(zip(_SOURCE_COLUMNS, row, strict=True))


def _spec(told: Mapping[str, Any]) -> SourceSpec:
    return SourceSpec(
        name=told["name"],
        url=told["url"],
        lang=told["lang"],
        topics=told["topics"],
        weight=told["weight"],
        full_text=told["full_text"],
        opinion_headings=told["opinion_headings"],
        enabled=told["enabled"],
    )


def _poll(told: Mapping[str, Any]) -> PollState:
    return PollState(
        next_at=told["next_at"],
        reason=told["reason"],
        validators=_validators(told["etag"], told["last_modified"]),
        detour=_detour(told) if told["detour_url"] else None,
        max_age=told["max_age"],
        wish=_wish(told["ttl"], told["skip_hours"], told["skip_days"]),
        body_hash=told["body_hash"],
        failures=told["failures"],
        polled_at=told["polled_at"],
        succeeded_at=told["succeeded_at"],
        changed_at=told["changed_at"],
        failure=_failure(told) if told["failure"] else None,
    )


def _failure(told: Mapping[str, Any]) -> Failed:
    return Failed(
        kind=told["failure"],
        status=told["failure_status"],
        detail=told["failure_detail"] or "",
        retry_after=told["failure_retry_after"],
        unasked=told["unasked"],
    )


def _detour(told: Mapping[str, Any]) -> Detour:
    return Detour(
        url=told["detour_url"],
        validators=_validators(told["detour_etag"], told["detour_modified"]),
        since=told["detour_since"],
        times=told["detour_times"],
    )


def _validators(etag: str | None, last_modified: str | None) -> Validators:
    return Validators(etag=etag, last_modified=last_modified) if etag or last_modified else _NO_VALIDATORS


def _wish(ttl: timedelta | None, hours: frozenset[int], days: frozenset[int]) -> Wish:
    if ttl is None and not hours and not days:
        return _NO_WISH  # most feeds ask for nothing
    return Wish(ttl=ttl, skip_hours=hours, skip_days=days)


def item_values(item: Item) -> dict[str, Any]:
    """All columns of an item but those that say whose it is and where it belongs."""
    return {
        "key": item.key,
        "url": item.url,
        "url_key": item.url,
        "title": item.title,
        "text": item.text,
        "summary": item.summary,
        "opinion_label": item.opinion and item.opinion.label,
        "opinion_text": item.opinion and item.opinion.text,
        "author": item.author,
        "categories": item.categories,
        "picture": item.picture,
        "related": item.related,
        "lang": item.lang,
        "published_at": item.published_at,
        "title_key": item.title_key,
        "text_hash": item.text_hash,
    }


def stored_item(row: AnyRow) -> StoredItem:
    """Read a row of ``items`` that carries ``source_name``, ``source_weight`` and ``source_topics`` too."""
    opinion = None
    if row.opinion_label is not None:
        opinion = Opinion(label=row.opinion_label, text=row.opinion_text)
    item = Item(
        source_id=SourceId(row.source_id),
        key=row.key,
        url=row.url,
        title=row.title,
        text=row.text,
        summary=row.summary,
        opinion=opinion,
        author=row.author,
        categories=row.categories,
        picture=row.picture,
        related=row.related,
        lang=row.lang,
        published_at=row.published_at,
        title_key=row.title_key,
        text_hash=row.text_hash,
    )
    return StoredItem(
        id=ItemId(row.id),
        item=item,
        source_name=row.source_name,
        source_weight=row.source_weight,
        source_topics=row.source_topics,
    )


def chat(row: AnyRow) -> Chat:
    return _chat({name: getattr(row, name) for name in _CHAT_FIELDS})


class Head(NamedTuple):
    """What is on the outside of a parcel; ``begun`` says whether parts of it arrived, ``stale`` is the parcel's."""

    id: int
    slot: str
    digest_id: int
    missed_id: int | None
    thread_id: int | None
    attempts: int
    due_at: datetime
    rank: int
    stale: bool
    begun: bool


def head(row: Sequence[Any]) -> Head:
    """Read the outbox row that a row begins with (``HEAD_COLUMNS``)."""
    return Head(*row[: len(HEAD_COLUMNS)])


def joined_chat(row: Sequence[Any]) -> Chat:
    """Read the chat that a row ends with (``CHAT_COLUMNS``)."""
    return _chat(dict(zip(_CHAT_FIELDS, row[-len(_CHAT_FIELDS) :], strict=True)))


def _chat(values: dict[str, Any]) -> Chat:
    values["topics"] = frozenset(values["topics"])
    return Chat(**values)


def parcel(row: AnyRow, digest: Digest, sent_parts: Mapping[int, int]) -> Parcel:
    """Read a row that has the columns of an outbox row by their names, and ends with its chat (``CHAT_COLUMNS``)."""
    outside = head([*(getattr(row, column.name) for column in HEAD_COLUMNS[:-1]), bool(sent_parts)])
    return packed(outside, joined_chat(row), digest, sent_parts)


def packed(outside: Head, to: Chat, digest: Digest, sent_parts: Mapping[int, int]) -> Parcel:
    """Put a parcel together."""
    return Parcel(
        id=OutboxId(outside.id),
        chat=to,
        slot=outside.slot,
        digest=digest,
        missed=None if outside.missed_id is None else OutboxId(outside.missed_id),
        thread=outside.thread_id,
        attempts=outside.attempts,
        due_at=outside.due_at,
        priority=_PRIORITIES[outside.rank],
        sent_parts=sent_parts,
        stale=bool(outside.stale),
    )


def write_digest(digest: Digest) -> str:
    """Write a digest as JSON, where a NUL is an escape that every database holds."""
    try:
        return _DIGEST.dump_json(digest).decode()
    except ValueError:  # half a surrogate pair, which is no text in any encoding
        return _DIGEST.dump_json(_mended(digest)).decode()


def read_digest(text: str) -> Digest:
    """Read a digest; ValueError when it is none."""
    return _DIGEST.validate_json(text)


def _mended(value: Any) -> Any:
    if type(value) is str:
        return storable(value)
    if type(value) is tuple:
        return tuple(_mended(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _mended(getattr(value, field.name)) for field in fields(value)})
    return value
