"""A message as a tree of blocks, and the tree as Telegram HTML, plain text or a web page. Knows no news and no aiogram.

One tree serves every output, so that another messenger is one more writer here.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.questions import Question


@dataclass(frozen=True, slots=True)
class Bold:
    """Strong text."""

    inner: Spans


@dataclass(frozen=True, slots=True)
class Italic:
    """Emphasised text."""

    inner: Spans


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an http(s) address."""

    url: str
    inner: Spans


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that clients may show by the reader's own clock; ``text`` is what the others show.

    ``style`` is Telegram's format of a ``tg-time``: ``r``, or ``w?[dD]?[tT]?``.
    """

    at: datetime
    text: str
    style: str


Span: TypeAlias = str | Bold | Italic | Link | Moment
Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text; the strings in it may hold line breaks."""

    inner: Spans


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote; an expandable one shows three lines until it is tapped. It ends the line before it."""

    inner: Spans
    expandable: bool = False


Block: TypeAlias = Paragraph | Quote
Document: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: it calls back with ``data``, opens ``url``, or lets choose a chat to share in.

    There ``inline`` is typed after the bot's name, and whoever taps chooses from what the bot answers.
    """

    text: str
    data: str | None = None
    url: str | None = None
    inline: str | None = None
    style: str | None = None


Keyboard: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A whole message, ready for whichever chat: the tree, its buttons and how it is shown.

    The preview of ``preview_url`` stands small below the text, or large above it. One that ``follows`` goes on where
    the first message of its issue ended; ``reply_to`` is the number of that message once it is known. ``asks`` is what
    may be answered by typing.
    """

    document: Document
    keyboard: Keyboard = ()
    preview_url: str | None = None
    preview_large: bool = False
    silent: bool = False
    follows: bool = False
    reply_to: int | None = None
    asks: Question | None = None


def say(*paragraphs: str | Spans) -> Document:
    """Make a document of plain paragraphs."""
    return tuple(Paragraph((text,) if isinstance(text, str) else text) for text in paragraphs)


def rows(buttons: Sequence[Button], *, width: int) -> Keyboard:
    """Lay buttons out in rows of ``width``."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def telegram_html(document: Document) -> str:
    """Write a document in the Bot API's HTML mode (core.telegram.org/bots/api#html-style)."""
    return "".join(f"{_gap(document, index)}{_telegram_block(block)}" for index, block in enumerate(document))


def plain(document: Document) -> str:
    """Write the text that a reader sees, which is what Telegram's limits count in code points."""
    return "".join(f"{_gap(document, index)}{''.join(_texts(block.inner))}" for index, block in enumerate(document))


def web_html(document: Document) -> str:
    """Write a document as a fragment of a web page."""
    return "\n".join(
        f"<blockquote>{_web_spans(block.inner)}</blockquote>"
        if isinstance(block, Quote)
        else f"<p>{_web_spans(block.inner)}</p>"
        for block in document
    )


def entities(document: Document) -> tuple[int, int]:
    """Count what Telegram limits beside the length: entities (100), and about how many bytes they take (9,500)."""
    count, size = 0, 0
    for block in document:
        if isinstance(block, Quote):
            count, size = count + 1, size + 16
        for span in _walk(block.inner):
            count, size = count + 1, size + 16 + (len(span.url.encode()) if isinstance(span, Link) else 0)
    return count, size


def _gap(document: Document, index: int) -> str:
    """One blank line between paragraphs; a quote belongs to the paragraph before it and starts on the next line."""
    if index == 0:
        return ""
    return "\n" if isinstance(document[index], Quote) else "\n\n"


def _telegram_block(block: Block) -> str:
    inner = _telegram_spans(block.inner)
    match block:
        case Quote(expandable=True):
            return f"<blockquote expandable>{inner}</blockquote>"
        case Quote():
            return f"<blockquote>{inner}</blockquote>"
        case Paragraph():
            return inner


def _telegram_spans(spans: Spans) -> str:
    return "".join(_telegram_span(span) for span in spans)


def _telegram_span(span: Span) -> str:
    match span:
        case str():
            return html.escape(span, quote=False)
        case Bold(inner):
            return f"<b>{_telegram_spans(inner)}</b>"
        case Italic(inner):
            return f"<i>{_telegram_spans(inner)}</i>"
        case Link(url, inner):
            return f'<a href="{html.escape(url)}">{_telegram_spans(inner)}</a>'
        case Moment(at, text, style):
            return f'<tg-time unix="{int(at.timestamp())}" format="{style}">{html.escape(text, quote=False)}</tg-time>'


def _web_spans(spans: Spans) -> str:
    return "".join(_web_span(span) for span in spans)


def _web_span(span: Span) -> str:
    match span:
        case str():
            return html.escape(span, quote=False).replace("\n", "<br>\n")
        case Bold(inner):
            return f"<strong>{_web_spans(inner)}</strong>"
        case Italic(inner):
            return f"<em>{_web_spans(inner)}</em>"
        case Link(url, inner):
            return f'<a href="{html.escape(url)}" rel="noopener">{_web_spans(inner)}</a>'
        case Moment(at, text, _):
            return f'<time datetime="{at.isoformat()}">{html.escape(text, quote=False)}</time>'


def _walk(spans: Spans) -> Iterator[Bold | Italic | Link | Moment]:
    for span in spans:
        if isinstance(span, str):
            continue
        yield span
        if not isinstance(span, Moment):
            yield from _walk(span.inner)


def _texts(spans: Spans) -> Iterator[str]:
    for span in spans:
        match span:
            case str():
                yield span
            case Moment(_, text, _):
                yield text
            case Bold(inner) | Italic(inner) | Link(_, inner):
                yield from _texts(inner)
