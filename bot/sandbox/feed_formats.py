"""An edition of an outlet as the bytes of its feed: RSS 2.0 in three dialects, Atom, JSON Feed.

Pure functions: the same edition gives the same bytes, so that an unchanged feed keeps its ETag.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.sandbox.article_markup import body_html, body_text
from bot.sandbox.outlets import Article, Edition, FeedFormat, GuidStyle, Published
from bot.sandbox.pictures import draw_picture

_NAMESPACES = {
    FeedFormat.RSS: "",
    FeedFormat.RSS_CONTENT: ' xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    FeedFormat.RSS_YANDEX: ' xmlns:yandex="http://news.yandex.ru"',
}
_ZONES = {"ru": ZoneInfo("Europe/Moscow"), "en": ZoneInfo("Europe/London")}


def render_feed(edition: Edition) -> bytes:
    """Write the feed in its outlet's own format and charset."""
    match edition.outlet.format:
        case FeedFormat.ATOM:
            text = _atom(edition)
        case FeedFormat.JSON:
            text = _json(edition)
        case _:
            text = _rss(edition)
    return text.encode(edition.outlet.charset, "xmlcharrefreplace")


def local(edition: Edition, moment: datetime) -> datetime:
    """Return `moment` by the clock on the outlet's wall."""
    return moment.astimezone(_ZONES.get(edition.outlet.lang, _ZONES["en"]))


def _items(edition: Edition) -> Iterator[tuple[Published, str]]:
    for one in edition.published:
        for query in one.article.link_queries:
            yield one, edition.link(one.article) + query


def _identity(edition: Edition, article: Article, link: str) -> str:
    outlet = edition.outlet
    match article.guid:
        case GuidStyle.NUMBER:
            return str(100_000 + crc32(article.slug.encode()) % 900_000)
        case GuidStyle.TAG:
            return f"tag:{outlet.domain},2020:{article.slug}"
        case GuidStyle.LINK:
            return link
        case GuidStyle.ABSENT:
            return ""


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _rss(edition: Edition) -> str:
    outlet = edition.outlet
    updated = f"<lastBuildDate>{_rfc822(edition, edition.updated)}</lastBuildDate>\n" if edition.updated else ""
    items = "".join(_rss_item(edition, one, link) for one, link in _items(edition))
    return (
        f'<?xml version="1.0" encoding="{outlet.charset}"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f"{_NAMESPACES[outlet.format]}>\n<channel>\n"
        f"<title>{escape(outlet.name)}</title>\n<link>{edition.home}</link>\n"
        f'<atom:link rel="self" type="application/rss+xml" href="{edition.feed_url}"/>\n'
        f"<description>{escape(outlet.tagline)}</description>\n<language>{outlet.lang}</language>\n"
        f"{updated}{items}</channel>\n</rss>\n"
    )


def _rss_item(edition: Edition, one: Published, link: str) -> str:
    article = one.article
    lines = [f"<title>{escape(article.title)}</title>", f"<link>{escape(link)}</link>"]
    if identity := _identity(edition, article, link):
        permanent = "" if article.guid is GuidStyle.LINK else ' isPermaLink="false"'
        lines.append(f"<guid{permanent}>{escape(identity)}</guid>")
    lines.append(f"<pubDate>{_rfc822(edition, one.moment)}</pubDate>")
    if article.author:
        lines.append(f"<dc:creator>{escape(article.author)}</dc:creator>")
    lines += [f"<category>{escape(category)}</category>" for category in article.categories]
    if picture := edition.picture_url(article):
        size = len(draw_picture(article.picture))
        lines.append(f'<enclosure url="{picture}" type="image/png" length="{size}"/>')
    lines.append(f"<description>{_cdata(f'<p>{escape(article.lead)}</p>')}</description>")
    if edition.outlet.format is FeedFormat.RSS_CONTENT:
        lines.append(f"<content:encoded>{_cdata(body_html(edition, article))}</content:encoded>")
    if edition.outlet.format is FeedFormat.RSS_YANDEX:
        lines.append(f"<yandex:full-text>{escape(body_text(article))}</yandex:full-text>")
    return "<item>\n" + "\n".join(lines) + "\n</item>\n"


def _rfc822(edition: Edition, moment: datetime) -> str:
    return format_datetime(local(edition, moment))


def _atom(edition: Edition) -> str:
    outlet = edition.outlet
    updated = f"<updated>{_rfc3339(edition, edition.updated)}</updated>\n" if edition.updated else ""
    entries = "".join(_atom_entry(edition, one, link) for one, link in _items(edition))
    return (
        f'<?xml version="1.0" encoding="{outlet.charset}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}">\n'
        f"<title>{escape(outlet.name)}</title>\n<subtitle>{escape(outlet.tagline)}</subtitle>\n"
        f"<id>tag:{outlet.domain},2020:feed</id>\n"
        f'<link rel="self" type="application/atom+xml" href="{edition.feed_url}"/>\n'
        f'<link rel="alternate" type="text/html" href="{edition.home}"/>\n{updated}{entries}</feed>\n'
    )


def _atom_entry(edition: Edition, one: Published, link: str) -> str:
    article, moment = one.article, _rfc3339(edition, one.moment)
    lines = [
        f'<title type="text">{escape(article.title)}</title>',
        f'<link rel="alternate" type="text/html" href="{escape(link)}"/>',
        f"<id>{escape(_identity(edition, article, link) or link)}</id>",
        f"<published>{moment}</published>",
        f"<updated>{moment}</updated>",
        f"<author><name>{escape(article.author or edition.outlet.name)}</name></author>",
    ]
    lines += [f'<category term="{escape(category)}"/>' for category in article.categories]
    if picture := edition.picture_url(article):
        lines.append(f'<link rel="enclosure" type="image/png" href="{picture}"/>')
    lines.append(f"<summary>{escape(article.lead)}</summary>")
    lines.append(f'<content type="html">{escape(body_html(edition, article))}</content>')
    return "<entry>\n" + "\n".join(lines) + "\n</entry>\n"


def _rfc3339(edition: Edition, moment: datetime) -> str:
    return local(edition, moment).isoformat(timespec="seconds")


def _json(edition: Edition) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.outlet.name,
        "description": edition.outlet.tagline,
        "home_page_url": edition.home,
        "feed_url": edition.feed_url,
        "language": edition.outlet.lang,
        "items": [_json_item(edition, one, link) for one, link in _items(edition)],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(edition: Edition, one: Published, link: str) -> dict[str, object]:
    article = one.article
    item: dict[str, object] = {
        "id": _identity(edition, article, link) or link,
        "url": link,
        "title": article.title,
        "summary": article.lead,
        "content_html": body_html(edition, article),
        "date_published": _rfc3339(edition, one.moment),
        "tags": list(article.categories),
    }
    if article.author:
        item["authors"] = [{"name": article.author}]
    if picture := edition.picture_url(article):
        item["image"] = picture
    return item
