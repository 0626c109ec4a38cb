"""An article's mark-up → a tree, whole or narrowed to the article. Reads no text and judges no element."""

from __future__ import annotations

import html as entities
import re
from functools import cache
from typing import Any, Final

from lxml import etree

LONGEST_HTML: Final = 500_000
DEEPEST: Final = 100
"""Elements around another; what is nested deeper is read as text alone."""
_DEEPEST_PARSED: Final = 200
_TAGS = re.compile(r"<[a-zA-Z/!]")
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:p|br|div|a|img|b|i|em|strong|ul|ol|li|span|h[1-6]|blockquote|table)\b", re.IGNORECASE
)
_NESTING = re.compile(
    r"<(/?)(?:div|span|b|i|u|s|a|em|strong|small|big|font|section|article|blockquote|center|table|tbody|tr|td|ul|ol|li|dl"
    r"|h[1-6]|ins|del|sub|sup|code|main|figure|label|abbr|cite|q)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_ALL_TEXT = etree.XPath("string()")
# Where neither is in the mark-up, neither is in the tree; to look there takes a walk through all of it.
_PAGE_TAG = re.compile(r"<(?:title|nav)", re.IGNORECASE)


def unescaped(html: str) -> str:
    """Give the first 500,000 characters, decoded once where the mark-up itself was escaped."""
    html = html[:LONGEST_HTML]
    return entities.unescape(html) if _escaped_twice(html) else html


def is_marked_up(html: str) -> bool:
    """Whether there is any tag."""
    return _TAGS.search(html) is not None


def _escaped_twice(html: str) -> bool:
    """Whether the mark-up is in the text: there are no fewer escaped tags than real ones."""
    escaped = len(_ESCAPED_TAG.findall(html))
    return escaped > 0 and escaped >= len(_TAGS.findall(html))


def grown(html: str) -> etree._Element | None:
    """Parse mark-up; None where nothing comes of it."""
    try:
        return etree.fromstring(f"<div>{_shallow(html)}</div>".encode("utf-8", "ignore"), parser=_parser())
    except (etree.LxmlError, ValueError):
        return None


@cache
def _parser() -> etree.HTMLParser:
    # Not lxml.html's, which asks Python for a class for every element.
    return etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)


def _shallow(html: str) -> str:
    """Take the nesting tags out of mark-up nested so deeply that libxml2 would drop the rest of the article."""
    if html.count("<") < _DEEPEST_PARSED:
        return html
    depth = deepest = 0
    for found in _NESTING.finditer(html):
        depth = max(depth + (-1 if found[1] else 1), 0)
        deepest = max(deepest, depth)
    return _NESTING.sub(" ", html) if deepest > _DEEPEST_PARSED else html


def article_of(tree: etree._Element, html: str) -> etree._Element:
    """Narrow a whole page, grown of ``html``, to its article; a fragment of a feed is all article."""
    if not _PAGE_TAG.search(html):
        return tree
    if tree.find(".//title") is None and tree.find(".//nav") is None:
        return tree
    for path in ('//*[@itemprop="articleBody"]', "//article", "//main"):
        found: Any = tree.xpath(path)
        if len(found) == 1 and len(text_of(found[0])) > 200:
            article: etree._Element = found[0]
            return article
    return tree


def text_of(element: etree._Element) -> str:
    """Give all text in an element, whatever is around it there."""
    return str(_ALL_TEXT(element))
