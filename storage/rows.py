"""Rows to nouns and back, and the digest as JSON. Runs no statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from feeds.issue import Chat, ChatId, Digest, OutboxId, Parcel, Priority
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
from storage.tables import Origin, chats

AnyRow = Row[*tuple[Any, ...]]

_DIGEST = TypeAdapter(Digest)
_CHAT_FIELDS = tuple(field.name for field in fields(Chat))
CHAT_COLUMNS = tuple(chats.c[name].label(f"reader_{name}") for name in _CHAT_FIELDS)
"""A chat's columns for statements that join it to something else; read back by ``joined_chat``."""


def spec_values(spec: SourceSpec) -> dict[str, Any]:
    return {field.name: getattr(spec, field.name) for field in fields(SourceSpec)}


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


def source(row: AnyRow) -> Source:
    return Source(
        id=SourceId(row.id),
        spec=spec(row),
        poll=_poll(row),
        given_url=row.given_url,
        merged_into=row.merged_into,
        paused=row.paused,
        own=row.origin == Origin.OPERATOR,
    )


def _poll(row: AnyRow) -> PollState:
    failure = row.failure and Failed(
        kind=row.failure,
        status=row.failure_status,
        detail=row.failure_detail or "",
        retry_after=row.failure_retry_after,
        unasked=row.unasked,
    )
    detour = row.detour_url and Detour(
        url=row.detour_url,
        validators=Validators(etag=row.detour_etag, last_modified=row.detour_modified),
        since=row.detour_since,
        times=row.detour_times,
    )
    return PollState(
        next_at=row.next_at,
        reason=row.reason,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        detour=detour,
        max_age=row.max_age,
        wish=Wish(ttl=row.ttl, skip_hours=row.skip_hours, skip_days=row.skip_days),
        body_hash=row.body_hash,
        failures=row.failures,
        polled_at=row.polled_at,
        succeeded_at=row.succeeded_at,
        changed_at=row.changed_at,
        failure=failure,
    )


def spec(row: AnyRow) -> SourceSpec:
    return SourceSpec(**{field.name: getattr(row, field.name) for field in fields(SourceSpec)})


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


def joined_chat(row: AnyRow) -> Chat:
    return _chat({name: getattr(row, f"reader_{name}") for name in _CHAT_FIELDS})


def _chat(values: dict[str, Any]) -> Chat:
    return Chat(**{**values, "id": ChatId(values["id"]), "topics": frozenset(values["topics"])})


def parcel(row: AnyRow, sent_parts: Mapping[int, int]) -> Parcel:
    """Read an outbox row joined to its chat; ValueError when its digest cannot be read."""
    return Parcel(
        id=OutboxId(row.id),
        chat=joined_chat(row),
        slot=row.slot,
        digest=read_digest(row.digest),
        attempts=row.attempts,
        due_at=row.due_at,
        priority=list(Priority)[row.rank],
        sent_parts=sent_parts,
    )


def write_digest(digest: Digest) -> str:
    """Write a digest as JSON, where a NUL is an escape that every database holds."""
    try:
        return _DIGEST.dump_json(digest).decode()
    except ValueError:  # half a surrogate pair, which is no text in any encoding
        return _DIGEST.dump_json(_mended(digest)).decode()


@lru_cache(maxsize=256)
def read_digest(text: str) -> Digest:
    return _DIGEST.validate_json(text)


def _mended(value: Any) -> Any:
    if type(value) is str:
        return storable(value)
    if type(value) is tuple:
        return tuple(_mended(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _mended(getattr(value, field.name)) for field in fields(value)})
    return value
