"""Parsed entries → items: clean text, a canonical link, an identity that lasts. The one place where feeds are judged.

Knows neither how a feed was read nor how an item is stored.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from feeds.addresses import judge
from feeds.article import Article, read_article
from feeds.harvest import Harvest
from feeds.links import canonical_link, hostname, picture_link, title_key
from feeds.model import (
    Item,
    Opinion,
    ParsedEntry,
    ParsedFeed,
    Related,
    Source,
)
from feeds.pictures import read_pictures
from feeds.prose import cut_at_word, readable, sentences
from feeds.titles import clean_title, newsroom_names

LONGEST_TEXT: Final = 20_000
_LONGEST_MADE_TITLE: Final = 90
_LONGEST_KEY: Final = 200
_EARLIEST: Final = 1990
_MOST_RELATED: Final = 4


def normalise(feed: ParsedFeed, source: Source, *, now: datetime) -> Harvest:
    """Make items of a feed's entries; one without a link or any words is skipped and counted, a repeated one is not."""
    items: list[Item] = []
    seen: set[str] = set()
    skipped = feed.skipped
    names = newsroom_names(source.spec.name, feed.title, urls=[source.spec.url])
    for entry in feed.entries:
        try:
            item = _item(entry, feed, source, names=names, now=now)
        except (ValueError, RecursionError):
            item = None
        if item is None:
            skipped += 1
        elif not seen & {item.key, item.url}:
            items.append(item)
        if item is not None:
            seen |= {item.key, item.url}
    return Harvest(items=tuple(items), skipped=skipped, wish=feed.wish)


def _item(entry: ParsedEntry, feed: ParsedFeed, source: Source, *, names: Sequence[str], now: datetime) -> Item | None:
    url = canonical_link(entry.link or "", feed.link or source.spec.url) if entry.link else None
    if url is None or not _opens(url, source):
        return None
    article = _article(entry, source, url)
    title = clean_title(entry.title, names) or _made_title(article)
    if not title:
        return None
    text = _text(article, title)
    return Item(
        source_id=source.id,
        key=_key(entry, url),
        url=url,
        title=title,
        text=text,
        opinion=article.opinion,
        author=readable(entry.author) or None if entry.author else None,
        categories=tuple(dict.fromkeys(name for raw in entry.categories if (name := readable(raw)))),
        picture=_picture((*entry.pictures, *article.pictures), url, source),
        related=tuple(Related(title=title, url=link) for title, link in article.related[:_MOST_RELATED]),
        lang=source.spec.lang,
        published_at=_published(entry, now),
        title_key=title_key(title),
        text_hash=_hash(title, text, article.opinion),
    )


def _article(entry: ParsedEntry, source: Source, url: str) -> Article:
    """Read the full text where there is one, else the summary."""
    full = _read(entry.content_html, source, url)
    if full.paragraphs or full.opinion:
        return full if full.pictures or not entry.summary_html else _with_pictures(full, entry, url)
    return _read(entry.summary_html, source, url)


def _with_pictures(full: Article, entry: ParsedEntry, url: str) -> Article:
    if "<img" not in entry.summary_html:
        return full
    pictures = read_pictures(entry.summary_html, url)
    return Article(paragraphs=full.paragraphs, opinion=full.opinion, related=full.related, pictures=pictures)


def _read(markup: str, source: Source, url: str) -> Article:
    return read_article(markup, headings=source.spec.opinion_headings, source_name=source.spec.name, base=url)


def _made_title(article: Article) -> str:
    """Make a title for an entry without one: the first sentence of its text."""
    first = next((sentence for paragraph in article.paragraphs for sentence in sentences(paragraph)), "")
    return cut_at_word(first.rstrip("."), _LONGEST_MADE_TITLE)


def _text(article: Article, title: str) -> str:
    """All paragraphs that do not merely repeat the title."""
    key, most = title_key(title), 2 * len(title) + 20
    told = (line for line in article.paragraphs if len(line) > most or title_key(line) != key)
    text = "\n\n".join(told)
    return cut_at_word(text, LONGEST_TEXT)


def _key(entry: ParsedEntry, url: str) -> str:
    """Identify the item inside its source: the guid, else the link."""
    key = html.unescape(entry.guid or "").strip() or url
    if len(key) <= _LONGEST_KEY:
        return key
    return hashlib.sha256(key.encode("utf-8", "ignore")).hexdigest()


def _picture(addresses: Sequence[str], url: str, source: Source) -> str | None:
    pictures = (picture for address in addresses if (picture := picture_link(address, url)))
    return next((picture for picture in pictures if _opens(picture, source)), None)


def _opens(url: str, source: Source) -> bool:
    """Whether an address is one for readers: of the public internet, or of the host that the operator reads from."""
    host = hostname(url) or ""
    return _is_public(host) or host == hostname(source.spec.url)


@lru_cache(maxsize=256)
def _is_public(host: str) -> bool:
    written = f"[{host}]" if ":" in host else host
    return judge(f"http://{written}/") is None


def _published(entry: ParsedEntry, now: datetime) -> datetime:
    moment = entry.published or entry.updated
    return now if moment is None or moment.year < _EARLIEST else min(moment, now)


def _hash(title: str, text: str, opinion: Opinion | None) -> str:
    said = f"{opinion.label}\n{opinion.text}" if opinion else ""
    return hashlib.sha256(f"{title}\n{text}\n{said}".encode("utf-8", "ignore")).hexdigest()
