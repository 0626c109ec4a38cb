"""The pictures of an article's mark-up. Reads no text: where only pictures are asked for, it need not be."""

from __future__ import annotations

from typing import Any

from lxml import etree

from feeds.links import picture_link
from feeds.markings import read_marks
from feeds.tree import DEEPEST, article_of, grown, is_marked_up, unescaped


def read_pictures(html: str, base: str | None = None) -> tuple[str, ...]:
    """Find the pictures that ``feeds.blocks.read_blocks`` finds, each once."""
    html = unescaped(html)
    tree = grown(html) if is_marked_up(html) else None
    if tree is None:
        return ()
    scope = article_of(tree, html)
    found = (address_of(image, base) for image in scope.iter("img") if _is_read(image, scope))
    return tuple(dict.fromkeys(address for address in found if address))


def address_of(image: etree._Element, base: str | None) -> str | None:
    """Say where a picture is; None for one that nobody is to see, such as a counter's."""
    tiny = any((image.get(side) or "").strip().rstrip("px") in {"0", "1", "2"} for side in ("width", "height"))
    source = image.get("src") or ""
    if source.startswith("data:") or not source:
        source = image.get("data-src") or image.get("data-original") or ""
    return None if tiny else picture_link(source, base)


def _is_read(image: etree._Element, scope: etree._Element) -> bool:
    """Whether nothing around it is left out, and not too much is around it."""
    around: Any = image
    depth = 0
    while around is not scope:
        around, depth = around.getparent(), depth + 1
        if depth > DEEPEST or read_marks(around, around.tag).left_out:
            return False
    return True
