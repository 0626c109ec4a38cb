"""gofeed's test data: feeds with the JSON that gofeed makes of them, an oracle that shares no code with feedparser.

One check for each field of ours that an oracle states, of the feed or of one of its entries, and one for the number of
entries wherever it has any. Fields that we do not keep (rights, source, generator, extensions …) are not checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from bench.feedparser_view import ADDRESS, Markup, Words
from feeds.blocks import read_blocks
from feeds.links import canonical_link, picture_link
from feeds.model import ParsedEntry, ParsedFeed
from feeds.parse import parse_feed
from feeds.polls import Failed
from feeds.prose import readable

_NOW: Final = datetime(2101, 1, 1, tzinfo=UTC)
_FOLDERS: Final = ("parser/atom", "parser/rss", "parser/json", "translator", "extensions")
_END = re.compile(rb"(</(?:entry|item)>)", re.IGNORECASE)
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One field of one case: whether it is as the oracle says."""

    case: str
    field: str
    holds: bool
    detail: str = ""


def run_oracles(folder: Path) -> Iterator[Check]:
    """Compare every feed below ``folder`` with its oracle, field by field."""
    for path in sorted(path for name in _FOLDERS for path in (folder / "testdata" / name).rglob("*.json")):
        feed = _feed_of(path)
        if feed is not None:
            yield from _compare(path.relative_to(folder / "testdata").as_posix(), feed.read_bytes(), _oracle(path))


def _feed_of(oracle: Path) -> Path | None:
    """Find the feed that an oracle is for; a JSON Feed is not its own."""
    if oracle.stem.endswith("_expected"):
        return oracle.with_stem(oracle.stem.removesuffix("_expected"))
    feed = oracle.with_suffix(".xml")
    return feed if feed.exists() else None


def _oracle(path: Path) -> Raw:
    read: Raw = json.loads(path.read_text(encoding="utf-8"))
    return read


def _compare(case: str, body: bytes, expected: Raw) -> Iterator[Check]:
    entries = expected.get("items") or expected.get("entries") or []
    feed = _parsed(body)
    if len(feed.entries) < len(entries):
        # An entry without title, link and text is none to us; the rest of its fields are checked with a title added.
        feed = _parsed(_END.sub(rb"<title>made up</title>\1", body))
    yield from _feed(case, feed, expected)
    if entries:
        detail = f"{len(feed.entries)} for {len(entries)}"
        yield Check(case=case, field="entries", holds=len(feed.entries) == len(entries), detail=detail)
    for entry, wanted in zip(feed.entries, entries, strict=False):
        yield from _entry(case, entry, wanted, feed.link or ADDRESS)


def _parsed(body: bytes) -> ParsedFeed:
    outcome = parse_feed(body, url=ADDRESS, now=_NOW)
    return ParsedFeed() if isinstance(outcome, Failed) else outcome


def _feed(case: str, feed: ParsedFeed, expected: Raw) -> Iterator[Check]:
    if title := expected.get("title"):
        yield _check(case, "feed.title", Words(feed.title), Words(title))
    if link := _link(expected, "link", "home_page_url"):
        yield _check(case, "feed.link", canonical_link(feed.link or ""), canonical_link(link, ADDRESS))
    if language := expected.get("language"):
        yield _check(case, "feed.language", feed.lang, language)


def _entry(case: str, entry: ParsedEntry, wanted: Raw, base: str) -> Iterator[Check]:
    guid = wanted.get("guid") or wanted.get("id")
    categories = sorted(set(_categories(wanted)))
    picture = _picture(wanted)
    in_text = (read_blocks(markup, base).pictures for markup in (entry.content_html, entry.summary_html))
    ours = {picture_link(url, base) for url in (*entry.pictures, *chain.from_iterable(in_text))}
    pairs: dict[str, tuple[object, object]] = {
        "title": (Words(entry.title), Words(wanted.get("title") or "")),
        "guid": (entry.guid, guid["value"] if isinstance(guid, Mapping) else guid),
        "link": (canonical_link(entry.link or "", base), canonical_link(_link(wanted, "link", "url") or " ", base)),
        "summary": (Markup(entry.summary_html), Markup(wanted.get("description") or wanted.get("summary") or "")),
        "content": (Markup(entry.content_html), Markup(_content(wanted))),
        "author": (Words(entry.author or ""), Words(_author(wanted))),
        "categories": (sorted(map(readable, entry.categories)), sorted(map(readable, categories))),
        "published": (entry.published or entry.updated, _moment(wanted, "published")),
        "updated": (entry.updated, _moment(wanted, "updated")),
        "picture": (picture if picture in ours else sorted(map(str, ours)), picture),
    }
    stated = {**wanted, "link": _link(wanted, "link", "url")}
    for field, (value, right) in pairs.items():
        if right and (field != "link" or stated["link"]):
            yield _check(case, field, value, right)


def _check(case: str, field: str, ours: object, right: object) -> Check:
    return Check(case=case, field=field, holds=ours == right, detail=f"{ours!r} for {right!r}")


def _link(wanted: Raw, *names: str) -> str:
    """Find the address of the page among what a parser's and a translator's oracle call links."""
    for link in wanted.get("links") or ():
        if isinstance(link, Mapping) and link.get("rel", "alternate") == "alternate" and link.get("href"):
            return str(link["href"])
    return next((wanted[name] for name in names if isinstance(wanted.get(name), str)), "")


def _content(wanted: Raw) -> str:
    content = wanted.get("content") or wanted.get("content_html") or wanted.get("content_text") or ""
    return str(content.get("value") or "") if isinstance(content, Mapping) else str(content)


def _author(wanted: Raw) -> str:
    """Read the first author's name; one of whom only the e-mail address is known is not shown to anybody."""
    authors = wanted.get("authors") or [wanted.get("author")]
    names = (author.get("name") if isinstance(author, Mapping) else author for author in authors)
    return next((name for name in names if name), "")


def _categories(wanted: Raw) -> list[str]:
    raw = wanted.get("categories") or wanted.get("tags") or ()
    names = (
        (one.get("label") or one.get("term") or one.get("value")) if isinstance(one, Mapping) else one for one in raw
    )
    return [name.strip() for name in names if name]


def _moment(wanted: Raw, field: str) -> datetime | None:
    names = {
        "published": ("publishedParsed", "pubDateParsed", "date_published"),
        "updated": ("updatedParsed", "date_modified"),
    }
    text = next((wanted[name] for name in names[field] if wanted.get(name)), None)
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0) if text else None


def _picture(wanted: Raw) -> str:
    image = wanted.get("image") or ""
    if image:
        return str(image.get("url", "")) if isinstance(image, Mapping) else str(image)
    enclosures = wanted.get("enclosures") or ()
    return next((one["url"] for one in enclosures if str(one.get("type", "")).startswith("image/")), "")
