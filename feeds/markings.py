"""What an element's tag, class and style say before its text is read: furniture, hidden, or the editor's own box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

_DROPPED = re.compile(
    r"script|style|noscript|iframe|form|button|nav|aside|footer|select|svg|math|template|figcaption|object|video"
    r"|audio|head|input|textarea|canvas|map"
    r"|amp-(?:ad|sticky-ad|auto-ads|embed|analytics|iframe|sidebar|social-share|list|consent)"
)
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shares|social|socials|subscribe|subscription|advert|advertisement|adv|ads|ad|banner|promo"
    r"|comments?|breadcrumbs?|cookie|popup|likes?|counter|tracking|pixel|feedflare|yashare|addthis|sharedaddy|newsletter"
    r"|wp-caption-text|tags|byline)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_EDITORIAL = re.compile(
    r"(?:^|\s|__|--)(?:article-|post-|news-|b-|c-)?(?:editors?|editorial|edit|redaction|redakciya|our)[-_]?(?:opinion|comment|note|take|view|verdict|mnenie)"
    r"|mnenie[-_]?(?:redakcii|redaktsii)|opinion[-_]?(?:editor|redaction|box|block)(?:$|\s)",
    re.IGNORECASE,
)
_ASIDE_OF_EDITORS = re.compile(
    r"(?:^|[\s_-])(?:editors?|editorial|redaction|redak[cts]{1,2}i\w{1,2}|opinion|mnenie|verdict)(?:[\s_-]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What they say: nothing in the element is for readers of the article, or it holds the editor's opinion."""

    left_out: bool
    editorial: bool = False


_KEPT: Final = Marks(left_out=False)
_LEFT_OUT: Final = Marks(left_out=True)


def read_marks(element: etree._Element, tag: str) -> Marks:
    """Judge an element by its marks alone."""
    if not element.attrib:  # most elements have none
        return _LEFT_OUT if _is_dropped(tag) else _KEPT
    judged = _judged(
        tag, element.get("class"), element.get("id"), element.get("style"), element.get("hidden") is not None
    )
    return judged or (_KEPT if _has_article(element) else _LEFT_OUT)


@lru_cache(maxsize=2048)
def _judged(tag: str, classes: str | None, name: str | None, style: str | None, hidden: bool) -> Marks | None:  # noqa: FBT001
    """Judge by the marks themselves, once: a page has few of them. None where it depends on what is inside."""
    marks = f"{classes or ''} {name or ''}"
    editorial = _EDITORIAL.search(marks) is not None
    if hidden or _hides(style or ""):
        return Marks(left_out=True, editorial=editorial)
    if editorial or (tag == "aside" and _ASIDE_OF_EDITORS.search(marks)):
        return Marks(left_out=False, editorial=editorial)
    if _is_dropped(tag):
        return _LEFT_OUT
    return None if _NOISE.search(marks) else _KEPT


def is_listed(element: etree._Element) -> bool:
    """Whether a definition is one of several: one alone is a title and its text."""
    around = element.getparent()
    return around is None or len(around.findall("dt")) > 1


@lru_cache(maxsize=512)
def _is_dropped(tag: str) -> bool:
    return _DROPPED.fullmatch(tag) is not None


def _has_article(element: etree._Element) -> bool:
    """Whether a class like "comments-open" stands on the article itself."""
    return element.tag in {"body", "article", "main"} or element.find(".//article") is not None


def _hides(style: str) -> bool:
    written = style.replace(" ", "").lower()
    return "display:none" in written or "visibility:hidden" in written
