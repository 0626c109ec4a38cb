"""What passes between the main process and a parsing one: a request, an outcome, each as bytes.

JSON rather than pickle: a worker that hostile bytes took over must not run anything in the main process.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feeds.model import Failed, FailureKind, ParsedEntry, ParsedFeed

LENGTH = 4
"""Every message starts with its length in that many bytes, big-endian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The arguments of ``feeds.parse.parse_feed``."""

    body: bytes
    content_type: str
    charset: str | None
    url: str
    now: datetime


def encode_request(request: Request) -> bytes:
    """Frame a request: a JSON header and the body, each after its length."""
    header = {"content_type": request.content_type, "charset": request.charset, "url": request.url}
    return _framed(_json({**header, "now": request.now.isoformat()})) + _framed(request.body)


def read_request(read: Callable[[int], bytes]) -> Request | None:
    """Read the next request; None at the end of the input."""
    header, body = _unframed(read), _unframed(read)
    if header is None or body is None:
        return None
    fields = json.loads(header)
    now = datetime.fromisoformat(fields.pop("now"))
    return Request(body=body, now=now, **fields)


def encode_outcome(outcome: ParsedFeed | Failed) -> bytes:
    """Frame an outcome."""
    name = "failed" if isinstance(outcome, Failed) else "feed"
    return _framed(_json({name: dataclasses.asdict(outcome)}))


def decode_outcome(message: bytes) -> ParsedFeed | Failed:
    """Take an unframed outcome apart; ValueError when it is none."""
    try:
        fields = json.loads(message)
        if "failed" in fields:
            return _failed(fields["failed"])
        return _feed(fields["feed"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an outcome") from error


def _failed(fields: dict[str, Any]) -> Failed:
    return Failed(kind=FailureKind(fields["kind"]), status=None, detail=str(fields["detail"]))


def _feed(fields: dict[str, Any]) -> ParsedFeed:
    entries = tuple(_entry(entry) for entry in fields.pop("entries"))
    seconds = fields.pop("ttl")
    return ParsedFeed(entries=entries, ttl=None if seconds is None else timedelta(seconds=seconds), **fields)


def _entry(fields: dict[str, Any]) -> ParsedEntry:
    dates: dict[str, Any] = {key: _date(fields.pop(key)) for key in ("published", "updated")}
    lists: dict[str, Any] = {key: tuple(fields.pop(key)) for key in ("categories", "pictures")}
    return ParsedEntry(**dates, **lists, **fields)


def _date(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _json(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: object) -> str | float:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(type(value).__name__)


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH, "big") + message


def _unframed(read: Callable[[int], bytes]) -> bytes | None:
    length = read(LENGTH)
    return read(int.from_bytes(length, "big")) if len(length) == LENGTH else None
