"""What passes between the main process and a parsing one: a request, an outcome, each as bytes.

JSON rather than pickle: a worker that hostile bytes took over must not run anything in the main process.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from feeds.gistwire import Gists, pack_gists, unpack_gists
from feeds.harvest import Harvest
from feeds.model import (
    Item,
    Opinion,
    PageLinks,
    PageText,
    ParsedEntry,
    ParsedFeed,
    Related,
)
from feeds.polls import Failed, FailureKind, Wish

LENGTH = 4
"""Every message starts with its length in that many bytes, big-endian."""


Outcome: TypeAlias = ParsedFeed | Harvest | Gists | PageText | PageLinks | Failed


class Job(StrEnum):
    """What a body is to be read as."""

    FEED = "feed"
    ITEMS = "items"
    TEXT = "text"
    LINKS = "links"
    GISTS = "gists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A body with all that its reader wants to know; what is said of its source is for items and the text of a page.

    ``topics`` are the source's own and ``rules`` the fingerprint of those to tag by, where gists are asked for.
    """

    body: bytes
    content_type: str
    charset: str | None
    url: str
    now: datetime
    job: Job = Job.FEED
    source_id: int = 0
    source_name: str = ""
    source_url: str = ""
    lang: str = ""
    headings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    rules: str = ""


def encode_request(request: Request) -> bytes:
    """Frame a request: a JSON header and the body, each after its length."""
    header = {field.name: getattr(request, field.name) for field in dataclasses.fields(request) if field.name != "body"}
    return _framed(_json(header)) + _framed(request.body)


def read_request(read: Callable[[int], bytes]) -> Request | None:
    """Read the next request; None at the end of the input."""
    header, body = _unframed(read), _unframed(read)
    if header is None or body is None:
        return None
    fields = json.loads(header)
    now = datetime.fromisoformat(fields.pop("now"))
    lists: dict[str, Any] = {name: tuple(fields.pop(name)) for name in ("headings", "topics")}
    return Request(body=body, now=now, job=Job(fields.pop("job")), **lists, **fields)


def encode_outcome(outcome: Outcome) -> bytes:
    """Frame an outcome."""
    said = outcome if not isinstance(outcome, Gists) else pack_gists(outcome)
    return _framed(_json({type(outcome).__name__: said}))


def decode_outcome(message: bytes) -> Outcome:
    """Take an unframed outcome apart; ValueError when it is none."""
    try:
        [(name, fields)] = json.loads(message).items()
        return _READERS[name](fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an outcome") from error


def _failed(fields: dict[str, Any]) -> Failed:
    return Failed(kind=FailureKind(fields["kind"]), status=None, detail=str(fields["detail"]))


def _feed(fields: dict[str, Any]) -> ParsedFeed:
    entries = tuple(_entry(entry) for entry in fields.pop("entries"))
    return ParsedFeed(entries=entries, wish=_wish(fields.pop("wish")), **fields)


def _harvest(fields: dict[str, Any]) -> Harvest:
    items = tuple(_item(item) for item in fields["items"])
    return Harvest(items=items, skipped=int(fields["skipped"]), wish=_wish(fields["wish"]))


def _item(fields: dict[str, Any]) -> Item:
    opinion, moment = fields.pop("opinion"), _date(fields.pop("published_at"))
    if moment is None:
        raise TypeError("an item without a date")
    return Item(
        opinion=None if opinion is None else Opinion(**opinion),
        published_at=moment,
        categories=tuple(fields.pop("categories")),
        related=tuple(Related(**link) for link in fields.pop("related")),
        **fields,
    )


def _wish(fields: dict[str, Any]) -> Wish:
    seconds, hours, days = (fields[key] for key in ("ttl", "skip_hours", "skip_days"))
    ttl = None if seconds is None else timedelta(seconds=seconds)
    return Wish(ttl=ttl, skip_hours=frozenset(map(int, hours)), skip_days=frozenset(map(int, days)))


def _text(fields: dict[str, Any]) -> PageText:
    opinion = fields["opinion"]
    return PageText(
        paragraphs=tuple(fields["paragraphs"]),
        opinion=None if opinion is None else Opinion(**opinion),
        pictures=tuple(fields["pictures"]),
    )


def _links(fields: dict[str, Any]) -> PageLinks:
    return PageLinks(title=fields["title"], feeds=tuple(fields["feeds"]))


_READERS: dict[str, Callable[[Any], Outcome]] = {
    "Gists": unpack_gists,
    "ParsedFeed": _feed,
    "Harvest": _harvest,
    "PageText": _text,
    "PageLinks": _links,
    "Failed": _failed,
}


def _entry(fields: dict[str, Any]) -> ParsedEntry:
    dates: dict[str, Any] = {key: _date(fields.pop(key)) for key in ("published", "updated")}
    lists: dict[str, Any] = {key: tuple(fields.pop(key)) for key in ("categories", "pictures")}
    return ParsedEntry(**dates, **lists, **fields)


def _date(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _json(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: object) -> str | float | list[int] | dict[str, Any]:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    raise TypeError(type(value).__name__)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH, "big") + message


def _unframed(read: Callable[[int], bytes]) -> bytes | None:
    length = read(LENGTH)
    return read(int.from_bytes(length, "big")) if len(length) == LENGTH else None
