"""A public Telegram channel's web page (``t.me/s/name``) → parsed feed: Telegram offers channels no feed of its own.

Its newest twenty messages, read by the class names of the page's own mark-up. Knows nothing of the Bot API.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from feeds.dates import parse_date
from feeds.model import ParsedEntry, ParsedFeed
from feeds.polls import Failed, FailureKind

HOSTS: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_LONGEST_TITLE: Final = 200
_PAGE = re.compile(r"/s/[A-Za-z]\w{3,31}/?", re.ASCII)
_POST = re.compile(r"([A-Za-z]\w{3,31})/(\d{1,12})", re.ASCII)
_BACKGROUND = re.compile(r"background-image:\s*url\(['\"]?(https?:)?//([^'\")]+)")
_TAG = re.compile(r"<[^>]*>")
_ORNAMENT = re.compile(r"^[^\w«\"“„(#@]+")
_PICTURES: Final = (
    "tgme_widget_message_photo_wrap",
    "tgme_widget_message_video_thumb",
    "link_preview_image",
    "link_preview_right_image",
)


def is_telegram_page(url: str) -> bool:
    """Whether an address is the web page of a public channel."""
    parts = urlsplit(url)
    return (parts.hostname or "") in HOSTS and _PAGE.fullmatch(parts.path) is not None


def read_telegram_page(text: str) -> ParsedFeed | Failed:
    """Read the messages, the newest first; service messages and those without a word are passed over.

    A name without a public channel gives a page without messages: FailureKind.HTML with the page's title.
    """
    tree = _tree(text)
    title = _meta(tree, "og:title") if tree is not None else ""
    history = _first(tree, "tgme_channel_history") if tree is not None else None
    if history is None:
        return Failed(kind=FailureKind.HTML, detail=title[:200])
    messages = [message for message in _all(history, "tgme_widget_message") if message.get("data-post")]
    entries = [entry for message in messages if (entry := _entry(message))]
    post = _POST.fullmatch(messages[0].get("data-post", "")) if messages else None
    return ParsedFeed(title=title, link=f"https://t.me/{post[1]}" if post else None, entries=tuple(reversed(entries)))


def _tree(text: str) -> lxml.html.HtmlElement | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _entry(message: lxml.html.HtmlElement) -> ParsedEntry | None:
    post = _POST.fullmatch(message.get("data-post", ""))
    if post is None or "service_message" in message.get("class", "").split():
        return None
    said = _said(message)
    if not said:
        return None
    link = f"https://t.me/{post[0]}"
    moment = next((time.get("datetime", "") for time in message.iter("time") if time.get("datetime")), "")
    return ParsedEntry(
        guid=link,
        link=link,
        title=_title(said),
        content_html=said,
        published=parse_date(moment),
        pictures=tuple(dict.fromkeys(_pictures(message))),
    )


def _said(message: lxml.html.HtmlElement) -> str:
    """Take a message's own words, not those it replies to; of a bare link its preview's."""
    text = _first(message, "js-message_text")
    if text is not None:
        _plain_emoji(text)
        inner = html.escape(text.text or "", quote=False) + "".join(
            lxml.html.tostring(child, encoding="unicode") for child in text
        )
        if _TAG.sub("", inner).strip():
            return inner
    parts = (_first(message, name) for name in ("link_preview_title", "link_preview_description"))
    words = [" ".join(str(part.text_content()).split()) for part in parts if part is not None]
    return "".join(f"<p>{html.escape(word, quote=False)}</p>" for word in words if word)


def _plain_emoji(text: lxml.html.HtmlElement) -> None:
    """Replace each emoji's picture by the character, which the page sets in bold inside it."""
    for emoji in list(_all(text, "emoji")):
        character = str(emoji.text_content())
        for child in list(emoji):
            emoji.remove(child)
        emoji.text = character
        emoji.drop_tag()


def _title(said: str) -> str:
    """Make a title of the first line; a long one is left to whoever makes titles of sentences."""
    lines = (_ORNAMENT.sub("", _TAG.sub("", line)).strip() for line in re.split(r"(?i)<br\s*/?>|</p>", said))
    first = next((line for line in lines if line), "")
    return first if len(first) <= _LONGEST_TITLE else ""


def _pictures(message: lxml.html.HtmlElement) -> Iterator[str]:
    for name in _PICTURES:
        for element in _all(message, name):
            if found := _BACKGROUND.search(element.get("style", "")):
                yield f"{found[1] or 'https:'}//{found[2]}"


def _all(element: lxml.html.HtmlElement, name: str) -> Iterator[lxml.html.HtmlElement]:
    return (one for one in element.iter() if isinstance(one.tag, str) and name in one.get("class", "").split())


def _first(element: lxml.html.HtmlElement, name: str) -> lxml.html.HtmlElement | None:
    return next(_all(element, name), None)


def _meta(tree: lxml.html.HtmlElement, name: str) -> str:
    return next(
        (" ".join(one.get("content", "").split()) for one in tree.iter("meta") if one.get("property") == name), ""
    )
