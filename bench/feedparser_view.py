"""What we keep of a feed under feedparser's names, equal to what feedparser's cases expect where it reads the same."""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin

from feeds.blocks import read_blocks
from feeds.dates import parse_date
from feeds.model import ParsedEntry, ParsedFeed
from feeds.polls import Failed
from feeds.prose import readable

ADDRESS: Final = "http://127.0.0.1:8097/"
"""Where feedparser's own harness serves its cases."""


class Words(str):
    """A title: equal to what reads the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and readable(self) == readable(other)

    __hash__ = str.__hash__


class Markup(str):
    """A text with mark-up: equal to what has the same paragraphs and pictures."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and (str(self) == str(other) or _read(self) == _read(other))

    __hash__ = str.__hash__


def _read(markup: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    page = read_blocks(markup, ADDRESS)
    text = " ".join(block.text for block in page.blocks)
    return re.sub(r"\s+", "", text), page.pictures, tuple(link for block in page.blocks for _, link in block.links)


def _absolute(markup: str, base: str) -> str:
    """Say where relative addresses lead, as ``normalise`` does when it reads the mark-up."""
    return re.sub(r'(?<=href=")(?!http|mailto)[^"]*', lambda found: urljoin(base, found[0]), markup)


class Moment:
    """A date: equal to every spelling of it and to feedparser's tuple of nine."""

    def __init__(self, moment: datetime | None) -> None:
        self._moment = moment

    def __eq__(self, other: object) -> bool:
        if isinstance(other, tuple):
            return self._moment is not None and tuple(self._moment.utctimetuple()) == other
        return isinstance(other, str) and self._moment == parse_date(other)

    __hash__ = None  # type: ignore[assignment]


class Charset(str):
    """An encoding: equal under all its names."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        try:
            return isinstance(other, str) and codecs.lookup(self) == codecs.lookup(other)
        except LookupError:
            return False

    __hash__ = str.__hash__


def view(outcome: ParsedFeed | Failed) -> dict[str, Any]:
    if isinstance(outcome, Failed):
        return {"entries": (), "feed": {"title": None, "link": None}, "encoding": "none"}
    feed: dict[str, Any] = {"title": Words(outcome.title), "language": outcome.lang}
    feed |= {"title_detail": {"value": feed["title"]}, "link": outcome.link}
    entries = tuple(_entry(entry, outcome.link or ADDRESS) for entry in outcome.entries)
    return {"feed": feed, "channel": feed, "entries": entries, "items": entries, "encoding": Charset(outcome.charset)}


def _entry(entry: ParsedEntry, base: str) -> dict[str, Any]:
    title = Words(entry.title)
    summary, content = (Markup(_absolute(markup, base)) for markup in (entry.summary_html, entry.content_html))
    tags = tuple({"term": Words(name), "label": Words(name)} for name in entry.categories)
    return {
        "title": title,
        "title_detail": {"value": title},
        **dict.fromkeys(("description", "summary"), summary),
        "summary_detail": {"value": summary},
        "description_detail": {"value": summary},
        "content": ({"value": content},),
        **dict.fromkeys(("id", "guid"), entry.guid),
        "link": urljoin(base, entry.link) if entry.link else None,
        "author": entry.author,
        "author_detail": {"name": entry.author},
        "authors": ({"name": entry.author},),
        "tags": tags,
        "categories": tuple(((None), name) for name in entry.categories),
        "category": Words(entry.categories[0]) if entry.categories else None,
        **dict.fromkeys(("published", "published_parsed", "created", "created_parsed"), Moment(entry.published)),
        **dict.fromkeys(("updated", "updated_parsed", "modified", "modified_parsed"), Moment(entry.updated)),
        "media_thumbnail": tuple({"url": picture} for picture in entry.pictures),
    }
