"""A feed's text before parsing: what kind of document it is, and the repairs that let a parser read all of it.

Knows nothing of feeds' elements except the few whose attributes or names would make feedparser lose an article.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from enum import StrEnum

from feeds.endtags import mend_end_tags
from feeds.longtexts import LongTexts
from feeds.polls import Failed, FailureKind


class DocumentKind(StrEnum):
    """What a document's first element says that it is."""

    FEED = "feed"
    JSON = "json"
    PAGE = "page"
    OTHER = "other"


_FEED_ROOTS = {"rss", "rdf", "feed", "channel"}
_PAGE_ROOTS = {"html", "head", "body", "title", "meta"}
_NOISE = re.compile(r"\s+|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\w[^\[>]*(?:\[[^\]]*\]\s*)?>", re.DOTALL)
_ELEMENT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z]\w{0,40})")
_LATE_ROOT = re.compile(r"<(?:rss|feed|(?:rdf:)?RDF)[\s>]", re.IGNORECASE)
_LATE = 20_000
_MOST_PREFIXES = 50
_PAGE_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,400}?)</title", re.DOTALL | re.IGNORECASE)
_CHALLENGE = re.compile(
    r"_cf_chl|cf-mitigated|challenges\.cloudflare|cf-browser-verification|ddos-guard|/\.well-known/ddos|qrator"
    r"|smartcaptcha|checkcaptcha|<title>\s*just a moment",
    re.IGNORECASE,
)

# XML 1.0 §2.2: what may not occur in a document, and the noncharacters, which no reader wants either.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_OPENS, _CLOSES = "<![CDATA[", "]]>"
_REFERENCE = re.compile(r"&(#[xX][0-9A-Fa-f]{1,8}|#\d{1,10}|[A-Za-z][\w.-]{0,60})?(;?)")
_PAIR = re.compile(
    r"&#(?:[xX]([dD][89aAbB][0-9A-Fa-f]{2})|(5[56]\d{3}));&#(?:[xX]([dD][c-fC-F][0-9A-Fa-f]{2})|(5[67]\d{3}));"
)
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,400}\?>", re.IGNORECASE)
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,40})\s+["']([^"'&%<]{0,20}|&#\w{1,8};)["']\s*>""")
_FULL_TEXT = re.compile(
    r"<((?:yandex|rambler|turbo|mailru|mail):[\w-]*(?:text|content)|full-?text)\s[^>]*?(/?)>", re.IGNORECASE
)
_LINK_WITH_URI = re.compile(r"""<link\s{1,9}uri\s{0,9}=\s{0,9}["'][^"'<>]{0,1000}["']\s{0,9}>""", re.IGNORECASE)
_TAG_OF_TEXT = r"</?(?:p|b|i|u|em|strong|span|a|div|font)(?:\s[^<>]{0,300})?>"
_NAKED = re.compile(
    rf"(<(guid|category|author)(?:\s[^<>]{{0,300}})?>)((?:[^<]{{0,300}}{_TAG_OF_TEXT}){{1,20}}[^<]{{0,300}})(</\2>)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"<([A-Za-z][\w.-]{0,40}):[A-Za-z]")
_DECLARED = re.compile(r"xmlns:([\w.-]{1,40})\s*=")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_MRSS = re.compile(r"""xmlns:([\w.-]{1,40})\s*=\s*["']https?://search\.yahoo\.com/mrss/?["']""", re.IGNORECASE)
_ITUNES = re.compile(r"""xmlns:([\w.-]{1,40})\s*=\s*["']https?://www\.itunes\.com/dtds/[^"']*["']""", re.IGNORECASE)


def kind_of(text: str) -> DocumentKind:
    """Say what a document is by its first element or brace."""
    start, name = _root(text)
    if text[start : start + 1] in {"{", "["}:
        return DocumentKind.JSON
    if name in _FEED_ROOTS:
        return DocumentKind.FEED
    if name in _PAGE_ROOTS:
        return DocumentKind.PAGE
    return DocumentKind.FEED if _LATE_ROOT.search(text, 0, _LATE) else DocumentKind.OTHER


def _root(text: str) -> tuple[int, str]:
    """Find where the first element starts, and its name without a prefix."""
    start = 0
    while found := _NOISE.match(text, start):
        start = found.end()
    element = _ELEMENT.match(text, start)
    return start, element[1].lower() if element else ""


def page_failure(text: str) -> Failed:
    """Say what page came instead of a feed: a challenge, or any other with its title."""
    title = _PAGE_TITLE.search(text)
    detail = " ".join(html.unescape(title[1]).split())[:200] if title else ""
    kind = FailureKind.CHALLENGE if _CHALLENGE.search(text, 0, 100_000) else FailureKind.HTML
    return Failed(kind=kind, detail=detail)


def mend(text: str, texts: LongTexts) -> str:
    """Make a feed's text acceptable to a strict XML parser without losing what its author meant.

    Entities are resolved here and everything before the root is cut, the DOCTYPE with it, so that no parser ever
    expands or fetches anything. What needs no mending waits in ``texts``.
    """
    entities = dict(_ENTITY.findall(text, 0, _LATE))
    start, name = _root(text)
    late = None if name in _FEED_ROOTS else _LATE_ROOT.search(text, 0, _LATE)
    mended = _mend_parts(_FORBIDDEN.sub("", text[late.start() if late else start :]), entities, texts)
    simple = _LINK_WITH_URI.sub("<link>", _FULL_TEXT.sub(r"<\1\2>", "".join(mended)))
    dressed = _NAKED.sub(lambda found: found[1] + html.escape(found[3], quote=False) + found[4], simple)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _rename(_declare(dressed))


def _mend_parts(text: str, entities: dict[str, str], texts: LongTexts) -> Iterator[str]:
    """Mend what is outside CDATA sections; close each of these and take out the start of another inside it."""
    markup, *sections = text.split(_OPENS)
    before, held = _mend_markup(markup, entities), ""
    yield before
    for at, part in enumerate(sections, 1):
        section, closed, rest = part.partition(_CLOSES)
        held += section
        if not closed and at < len(sections):
            continue
        yield f"{_OPENS}{texts.stand_in(held, after=before)}{_CLOSES}"
        before, held = _mend_markup(rest, entities), ""
        yield before


def _mend_markup(text: str, entities: dict[str, str]) -> str:
    joined = _PAIR.sub(_join_surrogates, _DECLARATION.sub("", text).replace("]]>", ""))
    return mend_end_tags(_REFERENCE.sub(lambda found: _reference(found, entities), joined))


def _join_surrogates(pair: re.Match[str]) -> str:
    high = int(pair[1], 16) if pair[1] else int(pair[2])
    low = int(pair[3], 16) if pair[3] else int(pair[4])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return ""
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _reference(found: re.Match[str], entities: dict[str, str]) -> str:
    name, semicolon = found[1], found[2]
    if not name or not semicolon:
        return "&amp;" + found[0][1:]
    if name.startswith("#"):
        return _character(int("0" + name[1:], base=16) if name[1] in "xX" else int(name[1:]))
    if name in _XML_NAMES:
        return found[0]
    if name in entities:
        return html.escape(html.unescape(entities[name]))
    return html.entities.html5.get(name + ";", f"&amp;{name};")


def _character(code: int) -> str:
    # 128–159 are windows-1252 by the habit of every browser (WHATWG HTML §13.2.5.80).
    text = html.unescape(f"&#{code};") if 0x80 <= code < 0xA0 else (chr(code) if code <= 0x10FFFF else "")
    return html.escape(_FORBIDDEN.sub("", text))


def _declare(text: str) -> str:
    """Declare the prefixes that nobody did: for one of them a strict parser gives the whole feed up."""
    root = _ELEMENT.match(text)
    missing = sorted(set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml", "xmlns"})[:_MOST_PREFIXES]
    if root is None or not missing:
        return text
    names = "".join(f' xmlns:{name}="{_NAMESPACES.get(name.lower(), "urn:" + name)}"' for name in missing)
    return text[: root.end()] + names + text[root.end() :]


def _rename(text: str) -> str:
    """Rename the elements that would overwrite an article's own: photo captions and podcast summaries.

    Without their attributes, for of an unknown element that has any feedparser keeps them and not the text.
    """
    media = {"media", *_MRSS.findall(text[:_LATE])}
    itunes = {"itunes", *_ITUNES.findall(text[:_LATE])}
    for prefixes, names in ((media, "title|description|text"), (itunes, "title|summary|subtitle")):
        prefix = "|".join(re.escape(name) for name in sorted(prefixes))
        pattern = rf"(</?(?:{prefix}):)({names})\b(?:\s[^<>]{{0,500}}?)?(/?>)"
        text = re.sub(pattern, r"\1of-\2\3", text, flags=re.IGNORECASE)
    return text
