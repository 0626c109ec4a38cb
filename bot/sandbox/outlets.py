"""The made-up outlets of the sample newsroom, read from `samples/*.toml`.

Nouns and a loader. It knows neither HTTP nor any feed format.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"


class FeedFormat(StrEnum):
    """How an outlet serves its news; the first is a teaser, the others carry the whole text."""

    RSS = "rss2"
    RSS_CONTENT = "rss2-content"
    RSS_YANDEX = "rss2-yandex"
    ATOM = "atom"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """Return the Content-Type, as registered or as commonly used."""
        special = {"atom": "application/atom+xml", "json": "application/feed+json"}
        return special.get(self, "application/rss+xml")


class OpinionMarkup(StrEnum):
    """The ways in which newsrooms set their opinion apart from the facts."""

    HEADING = "heading"
    BOLD_PARAGRAPH = "bold-paragraph"
    BOLD_LEAD_IN = "bold-lead-in"
    BLOCKQUOTE = "blockquote"
    DIV_CLASS = "div-class"
    PLAIN = "plain"


class GuidStyle(StrEnum):
    """What a feed gives as the identity of an item."""

    LINK = "link"
    NUMBER = "number"
    TAG = "tag"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The newsroom's own view, in the mark-up of its page."""

    heading: str
    text: str
    markup: OpinionMarkup = OpinionMarkup.HEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text of an outlet; `related` are slugs of the same outlet, `link_queries` one feed item each."""

    slug: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    categories: tuple[str, ...] = ()
    author: str = ""
    picture: str = ""
    opinion: Opinion | None = None
    related: tuple[str, ...] = ()
    guid: GuidStyle = GuidStyle.LINK
    link_queries: tuple[str, ...] = ("",)
    age: timedelta = timedelta()
    drop: int = 0

    def numbered(self, number: int, *, separator: str) -> Article:
        """Return this article as issue `number`, its placeholders filled with figures that differ in every issue."""
        sales = f"{23_900 + number * 731 % 5_900:,}".replace(",", separator)
        facts = {"number": number, "sales": sales, "share": 51 + number % 9}
        return replace(
            self,
            slug=f"{self.slug}-{number}",
            title=self.title.format(**facts),
            lead=self.lead.format(**facts),
            paragraphs=tuple(paragraph.format(**facts) for paragraph in self.paragraphs),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A made-up newsroom: what it published before the start, what it holds back, and its weekly review."""

    slug: str
    name: str
    lang: str
    format: FeedFormat
    domain: str
    tagline: str
    charset: str = "utf-8"
    topics: tuple[str, ...] = ()
    opinion_headings: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()
    later: tuple[Article, ...] = ()
    review: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article with the moment it appeared."""

    article: Article
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an outlet shows at one moment, newest first, with the addresses it lives at."""

    outlet: Outlet
    base_url: str
    published: tuple[Published, ...] = field(default=())

    @property
    def home(self) -> str:
        return f"{self.base_url}/{self.outlet.slug}/"

    @property
    def feed_path(self) -> str:
        names = {FeedFormat.ATOM: "atom.xml", FeedFormat.JSON: "feed.json"}
        return f"/{self.outlet.slug}/{names.get(self.outlet.format, 'rss.xml')}"

    @property
    def feed_url(self) -> str:
        return self.base_url + self.feed_path

    @property
    def feed_type(self) -> str:
        """Return the feed's Content-Type; JSON has no charset of its own to declare."""
        charset = "" if self.outlet.format is FeedFormat.JSON else f"; charset={self.outlet.charset}"
        return self.outlet.format.media_type + charset

    @property
    def updated(self) -> datetime | None:
        """Return the moment of the newest article."""
        return self.published[0].moment if self.published else None

    def link(self, article: Article) -> str:
        return self.home + article.slug

    def picture_url(self, article: Article) -> str:
        return f"{self.home}pictures/{article.picture}" if article.picture else ""

    def find(self, slug: str) -> Published | None:
        return next((one for one in self.published if one.article.slug == slug), None)

    def related(self, article: Article) -> tuple[Article, ...]:
        """Return the articles to read next, those of them that are published."""
        found = (self.find(slug) for slug in article.related)
        return tuple(one.article for one in found if one is not None)


def load_outlets(folder: Path | None = None) -> tuple[Outlet, ...]:
    """Read every outlet of `folder`, by file name. Raises ValueError naming the file that is wrong."""
    outlets = []
    for path in sorted((folder or SAMPLES).glob("*.toml")):
        try:
            outlets.append(_outlet(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: {error}") from error
    if not outlets:
        raise ValueError(f"no outlets in {folder or SAMPLES}")
    return tuple(outlets)


def _outlet(table: Mapping[str, Any]) -> Outlet:
    review = table.get("review")
    return Outlet(
        **_with_tuples(table)
        | {
            "format": FeedFormat(table["format"]),
            "articles": tuple(_article(one) for one in table.get("articles", ())),
            "later": tuple(_article(one) for one in table.get("later", ())),
            "review": _article(review) if review else None,
        }
    )


def _article(table: Mapping[str, Any]) -> Article:
    values = _with_tuples(table)
    values["age"] = timedelta(minutes=values.pop("age_minutes", 0))
    values["guid"] = GuidStyle(table.get("guid", GuidStyle.LINK))
    if opinion := table.get("opinion"):
        values["opinion"] = Opinion(**opinion | {"markup": OpinionMarkup(opinion["markup"])})
    return Article(**values)


def _with_tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
