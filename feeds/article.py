"""An article's mark-up → its paragraphs, the editor's opinion, related links and pictures.

Share buttons, photo credits, «Читать далее» and the page's furniture stay behind. Knows nothing of feeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from feeds.blocks import Block, Page, read_blocks
from feeds.furniture import Stop, points_elsewhere, stop_of, without_label
from feeds.links import netloc
from feeds.model import Opinion
from feeds.opinion import Labels, labels, take_opinion
from feeds.prose import ends_sentence
from feeds.titles import newsroom_names

_RESUMES: Final = 120
_BYLINE: Final = 40
_MOST_RELATED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a reader may be shown of an article, as text."""

    paragraphs: tuple[str, ...] = ()
    opinion: Opinion | None = None
    related: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()


def read_article(html: str, *, headings: Sequence[str] = (), source_name: str = "", base: str | None = None) -> Article:
    """Read an article from a feed's HTML, from a whole page or from plain text.

    ``headings`` are the source's own words above its opinion, ``source_name`` the name in «Мнение …».
    """
    page = read_blocks(html, base)
    known = _labels(tuple(headings), source_name, netloc(base) if base else "")
    reading = take_opinion(page.blocks, known)
    body = _Body()
    for block in _without_header(reading.before):
        body.add(block, final=False)
    for block in reading.after:
        body.add(block, final=True)
    return _article(body, reading.opinion or _opinion_beside(page, known), page)


@lru_cache(maxsize=256)
def _labels(headings: tuple[str, ...], source_name: str, host: str) -> Labels:
    return labels(headings=headings, names=newsroom_names(source_name, urls=[f"//{host}"] if host else []))


def _opinion_beside(page: Page, known: Labels) -> Opinion | None:
    """Find an opinion that a page sets outside its article; there «Вердикт» alone may be anybody's."""
    opinion = take_opinion(page.whole, known).opinion
    return opinion if opinion and known.strong(opinion.label) else None


def _article(body: _Body, opinion: Opinion | None, page: Page) -> Article:
    prose = [block.text for block in body.blocks if not block.linked] or [block.text for block in body.blocks]
    return Article(
        paragraphs=tuple(prose),
        opinion=opinion,
        related=tuple(dict.fromkeys(body.related))[:_MOST_RELATED],
        pictures=page.pictures,
    )


def _without_header(blocks: Sequence[Block]) -> Sequence[Block]:
    """Drop what stands above an article on its page: date, author and position, each a short line."""
    start = next((at for at, block in enumerate(blocks) if ends_sentence(block.text)), None)
    if start is None:
        return blocks
    header = dict.fromkeys(block for block in blocks[:start] if len(block.text) >= _BYLINE)
    return [*header, *blocks[start:]]


@dataclass(slots=True)
class _Body:
    """Collects paragraphs and passes over furniture."""

    blocks: list[Block] = field(default_factory=list)
    related: list[tuple[str, str]] = field(default_factory=list)
    passing: Stop | None = None
    closed: bool = False

    def add(self, block: Block, *, final: bool) -> None:
        """Take one block; ``final`` after the opinion, where furniture is never followed by the article."""
        stop = stop_of(block)
        if stop is Stop.LINE:
            if block.links and points_elsewhere(block):
                self.related.extend((without_label(title), address) for title, address in block.links)
            return
        if final and block.plain and not ends_sentence(block.text):
            stop = stop or Stop.END
        if stop is not None:
            self.passing = stop
            self.closed = self.closed or final or (block.plain and stop is Stop.END)
            return
        if self.passing is not None and not self._resumes(block):
            if self.passing is Stop.RELATED:
                self.related.extend(block.links)
            return
        self.passing = None
        if not block.level:
            self.blocks.append(block)

    def _resumes(self, block: Block) -> bool:
        long = len(block.text) >= _RESUMES or (not block.plain and not block.links and len(block.text) >= _RESUMES // 2)
        return not self.closed and not block.linked and not block.item and long and ends_sentence(block.text)
