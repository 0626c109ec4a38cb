"""A web page → the feeds it names: ``<link rel=alternate>``, then links that look like feeds.

Pure; runs in the parsing process. Knows not whether an address it gives is a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from feeds.decode import decode
from feeds.document import DocumentKind, kind_of, page_failure
from feeds.links import canonical_link
from feeds.model import PageLinks
from feeds.polls import Failed, FailureKind

YOUTUBE_FEED: Final = "https://www.youtube.com/feeds/videos.xml?channel_id="
_MOST_FEEDS: Final = 12
_LONGEST_PAGE: Final = 3_000_000
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|text/(?:rss|atom)\+?xml?", re.IGNORECASE)
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|/)(?:rss|atom|feed|feeds|rdf)(?:/|$)|(?:^|[/._-])(?:rss|atom|feed)\w*\.(?:xml|rdf|json|php|aspx?)$"
    r"|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_SAYS_FEED = re.compile(r"\b(?:rss|atom)\b", re.IGNORECASE)
# Every article of a blog has a feed of its comments, declared beside the one that is wanted.
_COMMENTS = re.compile(r"comment|комментари|/replies\b", re.IGNORECASE)
_CHANNEL = re.compile(r'"(?:externalId|channelId)":"(UC[\w-]{22})"|youtube\.com/channel/(UC[\w-]{22})')


def read_page_links(body: bytes, *, charset: str | None, url: str) -> PageLinks | Failed:
    """Read the addresses of a page's feeds, absolute and each once; Failed when it is no page, or a challenge."""
    text = decode(body, charset).text[:_LONGEST_PAGE]
    if kind_of(text) in {DocumentKind.JSON, DocumentKind.FEED}:
        return Failed(kind=FailureKind.NOT_A_FEED)
    failure = page_failure(text)
    if failure.kind is FailureKind.CHALLENGE:
        return failure
    tree = _tree(text)
    if tree is None:
        return Failed(kind=FailureKind.EMPTY)
    base = _base(tree, url)
    named = [address for link in _found(tree) if (address := _absolute(link, base))]
    feeds = dict.fromkeys(address for address in [*named, *_channel(text, url)] if address != url)
    return PageLinks(title=failure.detail, feeds=tuple(feeds)[:_MOST_FEEDS])


def _tree(text: str) -> lxml.html.HtmlElement | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _base(tree: lxml.html.HtmlElement, url: str) -> str:
    href = next((base.get("href", "") for base in tree.iter("base") if base.get("href")), "")
    return _absolute(href, url) or url if href else url


def _absolute(link: str, base: str) -> str | None:
    """Make an address absolute but leave it else as it is: a server may want its slash at the end."""
    try:
        address = urljoin(base, link.strip()).partition("#")[0]
    except ValueError:
        return None
    return address if canonical_link(address) else None


def _found(tree: lxml.html.HtmlElement) -> Iterator[str]:
    for link in tree.iter("link"):
        said = f"{link.get('title', '')} {link.get('href', '')}"
        if _declares_feed(link) and not _COMMENTS.search(said):
            yield link.get("href", "")
    for anchor in tree.iter("a"):
        href = anchor.get("href", "").strip()
        if href and not _COMMENTS.search(href) and _leads_to_feed(anchor, href):
            yield href


def _declares_feed(link: lxml.html.HtmlElement) -> bool:
    relations = link.get("rel", "").lower().split()
    typed = _FEED_TYPE.match(link.get("type", "").strip()) is not None
    return bool(link.get("href")) and ("feed" in relations or ("alternate" in relations and typed))


def _leads_to_feed(anchor: lxml.html.HtmlElement, href: str) -> bool:
    try:
        path = urlsplit(href).path
    except ValueError:
        return False
    words = f"{anchor.get('title', '')} {anchor.get('class', '')} {str(anchor.text_content())[:60]}"
    return _LOOKS_LIKE_FEED.search(path) is not None or (_SAYS_FEED.search(words) is not None and bool(path.strip("/")))


def _channel(text: str, url: str) -> list[str]:
    """Find the channel of a YouTube page, which does not always declare its feed."""
    host = urlsplit(url).hostname or ""
    if host != "youtube.com" and not host.endswith(".youtube.com"):
        return []
    return [YOUTUBE_FEED + (found[1] or found[2]) for found in _CHANNEL.finditer(text)][:1]
