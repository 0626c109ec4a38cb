"""Bytes → parsed feed. The only door to feedparser, and the pool of worker processes that it runs in.

feedparser's cost is quadratic in the attributes of one element, so it never runs in the event loop and every parse
can be killed. Knows nothing of sources, stories or HTTP beyond the content type.
"""

from __future__ import annotations

import copyreg
import dataclasses
import io
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import urljoin

import feedparser
from feedparser.api import PREFERRED_XML_PARSERS
from feedparser.util import FeedParserDict

from feeds.dates import parse_date
from feeds.decode import Decoded, decode
from feeds.document import DocumentKind, kind_of, mend, page_failure
from feeds.elements import read_entry
from feeds.jsonfeed import read_json_feed
from feeds.longtexts import LongTexts
from feeds.model import ParsedEntry, ParsedFeed
from feeds.polls import Failed, FailureKind
from feeds.telegram_page import is_telegram_page, read_telegram_page
from feeds.wishes import read_wish
from feeds.workers import Parser

__all__ = ["Parser", "parse_feed"]

_MOST_ENTRIES: Final = 500


class _Shallow(dict[str, Any]):
    """A dictionary that stays itself when what holds it is copied."""

    def __deepcopy__(self, _: object) -> Self:
        return self


def _known_date(text: str) -> time.struct_time | None:
    moment = parse_date(text)
    return moment.utctimetuple() if moment else None


# feedparser copies each text's few attributes as deeply as can be, asks nine readers of its own for each date, which
# we ask only where ``feeds.dates`` is not sure, and looks through all folders for another XML parser.
copyreg.pickle(FeedParserDict, lambda one: (FeedParserDict, (_Shallow(one),)))
feedparser.registerDateHandler(_known_date)
PREFERRED_XML_PARSERS.clear()

_MAGIC: Final = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


def parse_feed(
    body: bytes, *, content_type: str = "", charset: str | None = None, url: str = "", now: datetime
) -> ParsedFeed | Failed:
    """Read a feed of any kind; raises for no bytes, but MemoryError where there is too little of it.

    Dates in the future of ``now`` are clamped to it and dates before 1990 are none. Of a feed longer than 500 entries
    the rest counts as skipped.
    """
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return Failed(kind=FailureKind.EMPTY)
    for magic, name in _MAGIC.items():
        if body.startswith(magic):
            return Failed(kind=FailureKind.NOT_A_FEED, detail=name)
    decoded = decode(body, charset)
    parsed = _read(decoded, content_type=content_type, url=url)
    return parsed if isinstance(parsed, Failed) else _within(parsed, now)


def _read(decoded: Decoded, *, content_type: str, url: str) -> ParsedFeed | Failed:
    match kind_of(decoded.text):
        case DocumentKind.JSON:
            return read_json_feed(decoded.text, charset=decoded.charset, limit=_MOST_ENTRIES)
        case DocumentKind.PAGE if is_telegram_page(url):
            return read_telegram_page(decoded.text)
        case DocumentKind.PAGE:
            return page_failure(decoded.text)
        case DocumentKind.OTHER if "html" in content_type.lower():
            return page_failure(decoded.text)
        case DocumentKind.OTHER:
            return Failed(kind=FailureKind.NOT_A_FEED, detail=content_type[:100])
    return _read_xml(decoded, url)


def _read_xml(decoded: Decoded, url: str) -> ParsedFeed | Failed:
    # A file object, never the bytes themselves: given those, feedparser first tries to open a file of that name.
    texts = LongTexts()
    document = io.BytesIO(mend(decoded.text, texts).encode("utf-8", "ignore"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        result = feedparser.parse(document, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a foreign parser throws at foreign bytes is "not a feed"
        return Failed(kind=FailureKind.NOT_A_FEED, detail=type(error).__name__)
    raw_entries = result.get("entries", [])
    channel = result.get("feed", {})
    if not raw_entries and not any((result.get("version"), channel.get("title"), channel.get("link"))):
        return Failed(kind=FailureKind.NOT_A_FEED, detail="XML")
    entries = tuple(entry for raw in raw_entries[:_MOST_ENTRIES] if (entry := _entry(raw, texts)))
    return ParsedFeed(
        title=_text(channel, "title"),
        link=_joined(url, _text(channel, "link").replace("&amp", "&")) or None,
        lang=_text(channel, "language")[:35] or None,
        entries=entries,
        skipped=len(raw_entries) - len(entries),
        charset=decoded.charset,
        wish=read_wish(channel, decoded.text),
    )


def _entry(raw: dict[str, Any], texts: LongTexts) -> ParsedEntry | None:
    try:
        entry = read_entry(texts.put_back(raw))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return None
    return entry if entry.link or entry.title or entry.summary_html or entry.content_html else None


def _text(channel: Mapping[str, Any], key: str) -> str:
    value = channel.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return base


def _within(feed: ParsedFeed, now: datetime) -> ParsedFeed:
    entries = tuple(_clamped(entry, now) for entry in feed.entries)
    return dataclasses.replace(feed, entries=entries)


def _clamped(entry: ParsedEntry, now: datetime) -> ParsedEntry:
    published, updated = _clamp(entry.published, now), _clamp(entry.updated, now)
    if published is entry.published and updated is entry.updated:
        return entry
    return dataclasses.replace(entry, published=published, updated=updated)


def _clamp(moment: datetime | None, now: datetime) -> datetime | None:
    return None if moment is None or moment.year < 1990 else min(moment, now)
