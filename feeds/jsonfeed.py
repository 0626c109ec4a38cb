"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1) → parsed feed. Knows nothing of XML."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from feeds.dates import parse_date
from feeds.model import ParsedEntry, ParsedFeed
from feeds.polls import Failed, FailureKind


def read_json_feed(text: str, *, charset: str = "utf-8", limit: int = 500) -> ParsedFeed | Failed:
    """Read a JSON Feed; of a longer one the first ``limit`` items. An item that is no object is skipped and counted."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return Failed(kind=FailureKind.NOT_A_FEED, detail="JSON")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Failed(kind=FailureKind.NOT_A_FEED, detail="JSON")
    items = feed["items"]
    entries = tuple(_entry(item) for item in items[:limit] if isinstance(item, dict))
    return ParsedFeed(
        title=_text(feed, "title"),
        link=_text(feed, "home_page_url") or None,
        lang=_text(feed, "language") or None,
        entries=entries,
        skipped=len(items) - len(entries),
        charset=charset,
    )


def _entry(item: dict[str, Any]) -> ParsedEntry:
    plain = _text(item, "content_text")
    return ParsedEntry(
        guid=_text(item, "id") or None,
        link=_text(item, "url") or _text(item, "external_url") or None,
        title=html.escape(_text(item, "title"), quote=False),
        summary_html=html.escape(_text(item, "summary"), quote=False),
        content_html=_text(item, "content_html") or html.escape(plain, quote=False),
        author=_author(item),
        categories=tuple(tag[:100] for tag in _list(item, "tags")[:20] if isinstance(tag, str)),
        published=parse_date(_text(item, "date_published")),
        updated=parse_date(_text(item, "date_modified")),
        pictures=tuple(_pictures(item)),
    )


def _pictures(item: dict[str, Any]) -> Iterator[str]:
    attached = (one for one in _list(item, "attachments") if isinstance(one, dict))
    pictures = (_text(one, "url") for one in attached if _text(one, "mime_type").lower().startswith("image/"))
    yield from filter(None, (_text(item, "image"), _text(item, "banner_image"), *pictures))


def _author(item: dict[str, Any]) -> str | None:
    for author in [*_list(item, "authors"), item.get("author")]:
        if isinstance(author, dict) and _text(author, "name"):
            return _text(author, "name")
    return None


def _text(item: dict[str, Any], key: str) -> str:
    """Give a string, or the number some generators put where the specification wants a string."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-8", "ignore").decode().strip()


def _list(item: dict[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []
