"""An article's mark-up → its lines in reading order, each with what its mark-up said of it.

HTML, HTML that was escaped twice, and plain text all end as blocks, so that ``opinion`` and ``article`` have one shape
to judge. Text only: no mark-up leaves this module, so nothing in it can be hostile afterwards.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import lxml.html
from lxml import etree

from feeds.links import canonical_link, picture_link
from feeds.prose import tidy

LONGEST_HTML: Final = 500_000
_DEEPEST: Final = 100
_DEEPEST_PARSED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading or list item; ``lead`` is the bold text it begins with."""

    text: str
    level: int = 0
    item: bool = False
    plain: bool = False
    lead: str = ""
    bold: bool = False
    linked: bool = False
    links: tuple[tuple[str, str], ...] = ()
    boxes: tuple[int, ...] = ()
    editorial: int = 0
    """The box whose class says that it holds the editor's opinion, or 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The blocks of a document and its pictures; ``whole`` has all of a page of which ``blocks`` are a part."""

    blocks: tuple[Block, ...]
    whole: tuple[Block, ...] = ()
    pictures: tuple[str, ...] = ()


_TAGS = re.compile(r"<[a-zA-Z/!]")
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|blockquote|section|article|hr)\b", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:p|br|div|a|img|b|i|em|strong|ul|ol|li|span|h[1-6]|blockquote|table)\b", re.IGNORECASE
)
_DROPPED = re.compile(
    r"script|style|noscript|iframe|form|button|nav|aside|footer|select|svg|math|template|figcaption|object|video"
    r"|audio|head|input|textarea|canvas|map"
)
_BLOCK = re.compile(
    r"p|div|section|article|main|header|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|blockquote|figure|pre|hr|br|address"
    r"|details|summary|center|body|html|fieldset|aside"
)
_BOX = re.compile(r"div|section|article|blockquote|aside|main|header|figure|td|details|fieldset")
_BOLD: Final = frozenset({"b", "strong"})
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
_NESTING = re.compile(
    r"<(/?)(?:div|span|b|i|u|s|a|em|strong|small|big|font|section|article|blockquote|center|table|tbody|tr|td|ul|ol|li|dl"
    r"|h[1-6]|ins|del|sub|sup|code|main|figure|label|abbr|cite|q)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_PARAGRAPHS = re.compile(r"\n+")


def read_blocks(html: str, base: str | None = None) -> Page:
    """Read mark-up or plain text, of which the first 500,000 characters count."""
    html = html[:LONGEST_HTML]
    if _escaped_twice(html):
        html = entities.unescape(html)
    if not _TAGS.search(html):
        return Page(blocks=tuple(_lines(entities.unescape(entities.unescape(html)))))
    tree = _tree(html)
    if tree is None:
        return Page(blocks=())
    scope = _scope(tree)
    by_line = not _BLOCK_TAG.search(html)
    reader = _Reader(base=base, by_line=by_line)
    reader.read(scope)
    around = _Reader(base=base, by_line=by_line)
    if scope is not tree:
        around.read(tree)
    pictures = tuple(dict.fromkeys(reader.pictures))
    return Page(blocks=tuple(reader.blocks), whole=tuple(around.blocks), pictures=pictures)


def _escaped_twice(html: str) -> bool:
    """Whether the mark-up is in the text: there are no fewer escaped tags than real ones."""
    escaped = len(_ESCAPED_TAG.findall(html))
    return escaped > 0 and escaped >= len(_TAGS.findall(html))


def _lines(text: str) -> Iterator[Block]:
    """Split plain text at line ends, but join what was only wrapped at a margin."""
    held = ""
    for raw in [*text.splitlines(), ""]:
        line = tidy(raw)
        if held and line[:1].islower() and held[-1] not in ".!?…:;»":
            held = f"{held} {line}"
            continue
        if held:
            yield Block(text=held, plain=True)
        held = line


def _tree(html: str) -> lxml.html.HtmlElement | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(f"<div>{_shallow(html)}</div>".encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _shallow(html: str) -> str:
    """Take the nesting tags out of mark-up nested so deeply that libxml2 would drop the rest of the article."""
    if html.count("<") < _DEEPEST_PARSED:
        return html
    depth = deepest = 0
    for found in _NESTING.finditer(html):
        depth = max(depth + (-1 if found[1] else 1), 0)
        deepest = max(deepest, depth)
    return _NESTING.sub(" ", html) if deepest > _DEEPEST_PARSED else html


def _scope(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Narrow a whole page to its article; a fragment of a feed is all article."""
    if tree.find(".//title") is None and tree.find(".//nav") is None:
        return tree
    for path in ('//*[@itemprop="articleBody"]', "//article", "//main"):
        found = tree.xpath(path)
        if len(found) == 1 and len(found[0].text_content()) > 200:
            return found[0]
    return tree


@dataclass(slots=True)
class _Line:
    """A block while it is being read."""

    pieces: list[str] = field(default_factory=list)
    bold: int = 0
    linked: int = 0
    lead: list[str] = field(default_factory=list)
    leading: bool = True
    links: list[tuple[str, str]] = field(default_factory=list)


class _Reader:
    """Walks a tree once; what is nested deeper than 100 elements is read as text alone."""

    def __init__(self, *, base: str | None, by_line: bool) -> None:
        self.blocks: list[Block] = []
        self.pictures: list[str] = []
        self._base = base
        self._by_line = by_line
        self._line = _Line()
        self._level = self._bold = self._linked = self._items = self._editorial = self._depth = 0
        self._boxes: tuple[int, ...] = ()
        self._box_count = 0

    def read(self, element: lxml.html.HtmlElement) -> None:
        """Read an element and all that is in it."""
        self._element(element)
        self._flush()

    def _element(self, element: lxml.html.HtmlElement) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        editorial = _EDITORIAL.search(marks) is not None
        if tag == "img":
            self._picture(element)
        noisy = _DROPPED.fullmatch(tag) or (_NOISE.search(marks) and not _has_article(element))
        if not tag or _hidden(element) or (noisy and not editorial):
            if _BLOCK.fullmatch(tag):
                self._flush()
            return
        if not _BLOCK.fullmatch(tag):
            self._inline(element, tag)
            return
        self._flush()
        before = self._level, self._items, self._boxes, self._editorial
        self._level = int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else self._level
        self._items += tag in {"li", "dt", "dd"}
        if _BOX.fullmatch(tag):
            self._box_count += 1
            self._boxes = (*self._boxes, self._box_count)
            self._editorial = self._editorial or (self._box_count if editorial else 0)
        self._children(element)
        self._flush()
        self._level, self._items, self._boxes, self._editorial = before

    def _inline(self, element: lxml.html.HtmlElement, tag: str) -> None:
        start = len(self._line.pieces)
        line = self._line
        self._bold += tag in _BOLD
        self._linked += tag == "a"
        self._children(element)
        self._bold -= tag in _BOLD
        self._linked -= tag == "a"
        if tag == "a" and line is self._line:
            title = tidy("".join(line.pieces[start:]))
            address = canonical_link(element.get("href") or "", self._base)
            if title and address:
                line.links.append((title, address))

    def _children(self, element: lxml.html.HtmlElement) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._text(str(element.text_content()))
        else:
            self._inside(element)
        self._depth -= 1

    def _inside(self, element: lxml.html.HtmlElement) -> None:
        self._text(element.text)
        for child in element:
            self._element(child)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        parts = _PARAGRAPHS.split(text) if self._by_line else [text]
        for index, part in enumerate(parts):
            if index:
                self._flush()
            self._piece(part)

    def _piece(self, text: str) -> None:
        line = self._line
        line.pieces.append(text)
        size = len("".join(text.split()))
        line.bold += size if self._bold else 0
        line.linked += size if self._linked else 0
        if size and not self._bold:
            line.leading = False
        if line.leading and self._bold:
            line.lead.append(text)

    def _flush(self) -> None:
        line, self._line = self._line, _Line()
        text = tidy("".join(line.pieces))
        if not text:
            return
        size = len("".join("".join(line.pieces).split()))
        self.blocks.append(
            Block(
                text=text,
                level=self._level,
                item=self._items > 0,
                plain=self._by_line,
                lead=tidy("".join(line.lead)),
                bold=line.bold >= size,
                linked=line.linked >= size,
                links=tuple(line.links),
                boxes=self._boxes,
                editorial=self._editorial,
            )
        )

    def _picture(self, element: lxml.html.HtmlElement) -> None:
        tiny = any((element.get(side) or "").strip().rstrip("px") in {"0", "1", "2"} for side in ("width", "height"))
        source = element.get("src") or ""
        if source.startswith("data:") or not source:
            source = element.get("data-src") or element.get("data-original") or ""
        address = picture_link(source, self._base)
        if address and not tiny:
            self.pictures.append(address)


def _has_article(element: lxml.html.HtmlElement) -> bool:
    """Whether a class like "comments-open" stands on the article itself."""
    return element.tag in {"body", "article", "main"} or element.find(".//article") is not None


def _hidden(element: lxml.html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
