"""An article's page → its text and the editor's opinion. The only door to trafilatura; runs in the parsing process.

The opinion is looked for in the whole page before the body is extracted: an extractor takes a box beside the article
for furniture. Knows nothing of feeds and fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import lxml.html
import trafilatura
from lxml import etree

from feeds.article import Article, read_article
from feeds.decode import decode
from feeds.document import DocumentKind, kind_of, page_failure
from feeds.links import picture_link, title_key
from feeds.model import Opinion, PageText
from feeds.polls import Failed, FailureKind

_LONGEST_PAGE: Final = 3_000_000
_SHORTEST_BODY: Final = 100
_ASIDE = re.compile(r"<(/?)aside\b", re.IGNORECASE)


def read_page_text(
    body: bytes, *, charset: str | None, url: str, source_name: str = "", headings: Sequence[str] = ()
) -> PageText | Failed:
    """Read an article; Failed when the body is no page, a challenge, or has no text that could be an article's."""
    markup = decode(body, charset).text[:_LONGEST_PAGE]
    if kind_of(markup) in {DocumentKind.JSON, DocumentKind.FEED} or "<" not in markup:
        return Failed(kind=FailureKind.HTML)
    failure = page_failure(markup)
    if failure.kind is FailureKind.CHALLENGE:
        return failure
    whole = read_article(markup, headings=headings, source_name=source_name, base=url)
    extracted = _extracted(markup, url)
    narrow = read_article(extracted, headings=headings, source_name=source_name, base=url)
    opinion = whole.opinion or narrow.opinion or _opinion_aside(markup, headings, source_name, url)
    paragraphs = tuple(_without_opinion(_chosen(narrow, whole), opinion))
    if not paragraphs and opinion is None:
        return Failed(kind=FailureKind.EMPTY, detail=failure.detail)
    return PageText(paragraphs=paragraphs, opinion=opinion, pictures=tuple(_pictures(markup, whole, url)))


def _opinion_aside(markup: str, headings: Sequence[str], source_name: str, url: str) -> Opinion | None:
    """Look into ``<aside>`` too, which is furniture on every page but where the editor speaks."""
    if not _ASIDE.search(markup):
        return None
    opened = _ASIDE.sub(r"<\1section", markup)
    return read_article(opened, headings=headings, source_name=source_name, base=url).opinion


def _extracted(markup: str, url: str) -> str:
    try:
        found = trafilatura.extract(markup, url=url, output_format="html", include_comments=False, include_tables=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a foreign extractor throws at a foreign page, we have our own reading
        return ""
    return found or ""


def _chosen(narrow: Article, whole: Article) -> tuple[str, ...]:
    """Take the extractor's body unless it missed the article."""
    return narrow.paragraphs if sum(map(len, narrow.paragraphs)) >= _SHORTEST_BODY else whole.paragraphs


def _without_opinion(paragraphs: Sequence[str], opinion: Opinion | None) -> Iterator[str]:
    """Leave out what is the opinion, its label with it: the reader gets it once, under its own heading."""
    said, label = (title_key(opinion.text), title_key(opinion.label)) if opinion else ("", "")
    for paragraph in paragraphs:
        key = title_key(paragraph)
        if opinion is None or not (key == label or key in said or said in key):
            yield paragraph


def _pictures(markup: str, whole: Article, url: str) -> Iterator[str]:
    """Give the picture that the page shows to social networks, then those of the article."""
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError):
        return
    for meta in tree.iter("meta"):
        if meta.get("property") == "og:image" and (address := picture_link(meta.get("content", ""), url)):
            yield address
            break
    yield from whole.pictures[:5]
