"""An entry as feedparser has it → a parsed entry: which element is the text, the link, the date, the picture.

The dictionaries end here. Knows nothing of encodings and judges nothing: cleaning is ``feeds.normalise``'s.
"""

from __future__ import annotations

import calendar
import html
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from feeds.dates import parse_date
from feeds.model import ParsedEntry
from feeds.prose import readable

Raw = dict[str, Any]
_FULL_TEXT = (
    "yandex_full-text", "yandex_fulltext", "rambler_fulltext", "rambler_full-text", "turbo_content",
    "mailru_full-text", "mailru_fulltext", "mail_full-text", "full-text", "fulltext",
)  # fmt: skip
# What ``feeds.document`` renamed: the words about a picture, which are the article's where it has no others (YouTube).
_CAPTIONS = ("media_of-title", "itunes_of-title")
_DESCRIPTIONS = ("media_of-description", "media_of-text", "itunes_of-summary", "itunes_of-subtitle")
_PHOTOGRAPHER = re.compile(r"^\s*(?:фото|photo|снимок|изображени|иллюстраци)", re.IGNORECASE)
_MAIL_BOX = re.compile(r"\S+@\S+|[()<>]")
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_RELATIVE = re.compile(
    r"""(<[a-z][^<>]{0,1000}?\s(?:src|href)\s{0,9}=\s{0,9}["']?)(?![a-z][a-z0-9+.-]*:|\#)([^"'\s<>]{1,2000})""",
    re.IGNORECASE,
)
_LONGEST_GUID = 1000
_LONGEST_HTML = 300_000


def read_entry(raw: Raw) -> ParsedEntry:
    """Take one entry out of feedparser's dictionary."""
    return ParsedEntry(
        guid=_string(raw.get("id"))[:_LONGEST_GUID] or None,
        link=_link(raw),
        title=_marked_up(raw.get("title_detail")) or _string(raw.get("title")) or _first(raw, _CAPTIONS),
        summary_html=_marked_up(raw.get("summary_detail")) or _string(raw.get("summary")) or _first(raw, _DESCRIPTIONS),
        content_html=_content(raw),
        author=_author(raw),
        categories=tuple(_categories(raw)),
        published=_date(raw, "published") or _date(raw, "created"),
        updated=_date(raw, "updated"),
        pictures=tuple(dict.fromkeys(_pictures(raw))),
    )


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _marked_up(detail: object) -> str:
    """Give an element's value as HTML; text that was declared plain is escaped to say the same."""
    if not isinstance(detail, dict):
        return ""
    value = _string(detail.get("value"))
    plain = detail.get("type") == "text/plain" and re.search(r"</?[a-zA-Z]|&#?\w+;", value) is None
    if plain:
        return html.escape(value, quote=False)[:_LONGEST_HTML]
    return _rebased(value[:_LONGEST_HTML], _string(detail.get("base")))


def _rebased(markup: str, base: str) -> str:
    """Make the addresses in mark-up absolute where ``xml:base`` says what they are relative to."""
    if not base.startswith(("http://", "https://")):
        return markup
    return _RELATIVE.sub(lambda found: found[1] + _joined(base, found[2]), markup)


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _content(raw: Raw) -> str:
    encoded = [_marked_up(detail) for detail in _dicts(raw.get("content"))]
    if longest := max(encoded, key=len, default=""):
        return longest
    return _first(raw, _FULL_TEXT)


def _first(raw: Raw, keys: Iterable[str]) -> str:
    """Give the first of elements that feedparser does not know; being HTML or not is for their words to say."""
    return next((text[:_LONGEST_HTML] for key in keys if (text := _string(raw.get(key)))), "")


def _link(raw: Raw) -> str | None:
    """Find the article's address: feedburner's original, rel=alternate, the element's text, or a guid that is one."""
    links = _dicts(raw.get("links"))
    alternate = [link for link in links if link.get("rel", "alternate") == "alternate" and _string(link.get("href"))]
    pages = [link for link in alternate if link.get("type") in {None, "text/html", "application/xhtml+xml"}]
    guid = _string(raw.get("id"))
    candidates = (
        _string(raw.get("feedburner_origlink")),
        _string(raw.get("link")),
        *(_string(link.get("href")) for link in (*pages, *alternate)),
        guid if guid.lower().startswith(("http://", "https://")) else "",
    )
    given = [link for link in candidates if link]
    return next((link for link in given if not _OTHER_SCHEME.match(link)), given[0] if given else None)


def _author(raw: Raw) -> str | None:
    names = [_string(author.get("name")) for author in _dicts(raw.get("authors"))]
    for name in (*names, _string(raw.get("author"))):
        bare = " ".join(_MAIL_BOX.sub(" ", readable(name)).split())
        if bare and not _PHOTOGRAPHER.match(bare):
            return bare[:100]
    return None


def _categories(raw: Raw) -> Iterator[str]:
    seen: set[str] = set()
    for tag in _dicts(raw.get("tags")):
        name = " ".join(html.unescape(_string(tag.get("label")) or _string(tag.get("term"))).split())[:100]
        if name and name not in seen and len(seen) < 20:
            seen.add(name)
            yield name


def _date(raw: Raw, key: str) -> datetime | None:
    """Our own reading first; feedparser's only where ours knows no such spelling."""
    text = _string(raw.get(key))
    if not text:
        return None
    parsed = raw.get(f"{key}_parsed")
    own = parse_date(text)
    if own is not None or re.match(r"^\D{0,12}\d{1,4}[\s./-]", text) or not isinstance(parsed, time.struct_time):
        return own
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _pictures(raw: Raw) -> Iterator[str]:
    for content in _dicts(raw.get("media_content")):
        if content.get("medium") == "image" or _is_picture(content):
            yield _string(content.get("url"))
    for thumbnail in _dicts(raw.get("media_thumbnail")):
        yield _string(thumbnail.get("url"))
    for link in _dicts(raw.get("links")):
        if link.get("rel") == "enclosure" and _is_picture(link):
            yield _string(link.get("href"))
    image = raw.get("image")
    if isinstance(image, dict):
        yield _string(image.get("href"))


def _is_picture(attributes: Raw) -> bool:
    declared = _string(attributes.get("type")).lower()
    if declared:
        return declared.startswith("image/")
    return _PICTURE_NAME.search(_string(attributes.get("url") or attributes.get("href"))) is not None


def _dicts(value: object) -> list[Raw]:
    items: Iterable[object] = value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]
