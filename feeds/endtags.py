"""End tags that are mistyped or missing, put right: for one of them a strict parser gives the whole feed up.

Looks only at elements whose content cannot hold others of a feed, and knows nothing else of a feed's elements.
"""

from __future__ import annotations

import re

_CONTAINERS = frozenset({"item", "entry", "channel", "feed", "rss", "image", "items", "rdf:rdf"})
_NAMES = (
    "title|subtitle|link|language|guid|id|pubDate|description|summary|content|author|category|updated|published"
    "|item|entry|channel|feed|rss|image"
)
# A leaf's text is followed by its own end tag, or something is wrong.
_LEAF = re.compile(
    r"(<(title|language|guid|pubDate)(?:\s[^<>]{0,300})?(?<!/)>)([^<]*)</((?!\2\s*>)[\w:.-]{1,40})\s*>", re.IGNORECASE
)
# Between the two tags of a text there is mark-up, perhaps, but no other element of a feed.
_TEXT = re.compile(
    rf"(<(title|description)(?:\s[^<>]{{0,300}})?(?<!/)>)((?:[^<]|<(?!/?(?:{_NAMES})[\s>/]))*+)"
    rf"</((?!\2\s*>)(?:{_NAMES}))\s*>",
    re.IGNORECASE,
)


def mend_end_tags(markup: str) -> str:
    """Close titles, dates, identities and descriptions by their own names; ``markup`` is outside CDATA sections."""
    return _TEXT.sub(_closed, _LEAF.sub(_closed, markup))


def _closed(found: re.Match[str]) -> str:
    """Where a container ends, the end tag before it is missing; where anything else does, it was mistyped."""
    start, name, text, other = found.groups()
    after = f"</{other}>" if other.lower() in _CONTAINERS else ""
    return f"{start}{text}</{name}>{after}"
