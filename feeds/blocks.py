"""An article's mark-up → its lines in reading order, each with what its mark-up said of it.

HTML, HTML that was escaped twice, and plain text all end as blocks, so that ``opinion`` and ``article`` have one shape
to judge. Text only: no mark-up leaves this module, so nothing in it can be hostile afterwards.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from lxml import etree

from feeds.links import canonical_link
from feeds.markings import is_listed, read_marks
from feeds.pictures import address_of
from feeds.prose import tidy
from feeds.tree import DEEPEST, article_of, grown, is_marked_up, text_of, unescaped


class Block(NamedTuple):
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


_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|blockquote|section|article|hr)\b", re.IGNORECASE)
_BOXES: Final = frozenset(
    {"div", "section", "article", "blockquote", "aside", "main", "header", "figure", "table", "td", "dl", "details"}
    | {"fieldset"}
)
_BLOCKS: Final = _BOXES | {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dt", "dd", "tr", "th", "pre", "hr", "br", "address"),
    *("summary", "center", "body", "html"),
}
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_BOLD: Final = frozenset({"b", "strong"})
_PARAGRAPHS = re.compile(r"\n+")


def read_blocks(html: str, base: str | None = None) -> Page:
    """Read mark-up or plain text, of which the first 500,000 characters count."""
    html = unescaped(html)
    if not is_marked_up(html):
        return Page(blocks=tuple(_lines(entities.unescape(entities.unescape(html)))))
    tree = grown(html)
    if tree is None:
        return Page(blocks=())
    scope = article_of(tree, html)
    by_line = not _BLOCK_TAG.search(html)
    reader = _Reader(base=base, by_line=by_line)
    reader.read(scope)
    around = _Reader(base=base, by_line=by_line)
    if scope is not tree:
        around.read(tree)
    pictures = tuple(dict.fromkeys(reader.pictures))
    return Page(blocks=tuple(reader.blocks), whole=tuple(around.blocks), pictures=pictures)


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

    def read(self, element: etree._Element) -> None:
        """Read an element and all that is in it."""
        self._element(element)
        self._flush()

    def _element(self, element: etree._Element) -> None:
        tag: Any = element.tag
        tag = tag if isinstance(tag, str) else ""
        block = tag in _BLOCKS
        if tag == "img" and (address := address_of(element, self._base)):
            self.pictures.append(address)
        marks = read_marks(element, tag)
        if not tag or marks.left_out:
            if block:
                self._flush()
            return
        if not block:
            self._inline(element, tag)
            return
        self._flush()
        before = self._level, self._items, self._boxes, self._editorial
        self._level = _LEVELS.get(tag, self._level)
        self._items += tag == "li" or (tag in {"dt", "dd"} and is_listed(element))
        if tag in _BOXES:
            self._box_count += 1
            self._boxes = (*self._boxes, self._box_count)
            self._editorial = self._editorial or (self._box_count if marks.editorial else 0)
        self._children(element)
        self._flush()
        self._level, self._items, self._boxes, self._editorial = before

    def _inline(self, element: etree._Element, tag: str) -> None:
        line = self._line
        if tag == "a":
            start = len(line.pieces)
            self._linked += 1
            self._children(element)
            self._linked -= 1
            if line is self._line:
                self._link(element, "".join(line.pieces[start:]))
        elif tag in _BOLD:
            self._bold += 1
            self._children(element)
            self._bold -= 1
        else:
            self._children(element)

    def _link(self, element: etree._Element, words: str) -> None:
        title = tidy(words)
        address = canonical_link(element.get("href") or "", self._base) if title else None
        if address:
            self._line.links.append((title, address))

    def _children(self, element: etree._Element) -> None:
        if self._depth == DEEPEST:
            self._text(text_of(element))
            return
        self._depth += 1
        if text := element.text:
            self._text(text)
        for child in element:
            self._element(child)
            if text := child.tail:
                self._text(text)
        self._depth -= 1

    def _text(self, text: str) -> None:
        if not self._by_line:
            self._piece(text)
            return
        for index, part in enumerate(_PARAGRAPHS.split(text)):
            if index:
                self._flush()
            self._piece(part)

    def _piece(self, text: str) -> None:
        line = self._line
        line.pieces.append(text)
        if self._bold or self._linked:
            size = len("".join(text.split()))
            line.bold += size if self._bold else 0
            line.linked += size if self._linked else 0
        if not self._bold and line.leading and text.strip():
            line.leading = False
        if line.leading and self._bold:
            line.lead.append(text)

    def _flush(self) -> None:
        line = self._line
        if not line.pieces and not self._linked:  # a link's words are its own only as long as its line is
            return
        self._line = _Line()
        text = tidy("".join(line.pieces))
        if not text:
            return
        size = len(text) - text.count(" ")
        self.blocks.append(
            Block(
                text=text,
                level=self._level,
                item=self._items > 0,
                plain=self._by_line,
                lead=tidy("".join(line.lead)) if line.lead else "",
                bold=line.bold >= size,
                linked=line.linked >= size,
                links=tuple(line.links),
                boxes=self._boxes,
                editorial=self._editorial,
            )
        )
