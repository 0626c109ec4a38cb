"""A local server of made-up outlets with car news feeds and pages, always fresh by the clock it is given.

For the demo and for end-to-end tests. It knows nothing of who reads it and imports no room outside this package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, Self

from aiohttp import web

from bot.sandbox.article_pages import STYLE_PATH, article_page, home_page, kiosk_page
from bot.sandbox.broken_feeds import broken_routes
from bot.sandbox.conditional import answer
from bot.sandbox.feed_formats import local, render_feed
from bot.sandbox.outlets import SAMPLES, Article, Edition, Opinion, Outlet, Published, load_outlets
from bot.sandbox.pictures import draw_picture

_REMEMBERED_REQUESTS = 10_000
_FIRST_REVIEW = 12
_DATES = {"ru": "%d.%m.%Y, %H:%M", "en": "%d %B %Y, %H:%M"}


class SeenRequest(NamedTuple):
    """A request as the newsroom saw it: `path` with its query, `headers` under lower-case names."""

    time: datetime
    method: str
    path: str
    headers: dict[str, str]
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """What a reader needs to subscribe to an outlet."""

    name: str
    url: str
    lang: str
    topics: tuple[str, ...]
    opinion_headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedArticle:
    """The article that has just appeared; `also_in` names other outlets that told the same story with it."""

    outlet: str
    title: str
    url: str
    also_in: tuple[str, ...] = ()


class Newsroom:
    """The server and what its outlets have published; `url`, `feeds` and articles exist once it is started."""

    def __init__(self, clock: Callable[[], datetime], samples: Path | None = None) -> None:
        self._clock = clock
        self._outlets = {outlet.slug: outlet for outlet in load_outlets(samples)}
        self._published: dict[str, list[Published]] = {slug: [] for slug in self._outlets}
        self._queue: list[list[tuple[Outlet, Article]]] = []
        self._reviews = _FIRST_REVIEW
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.requests: list[SeenRequest] = []

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1 and publish the samples by the clock. Raises OSError when the port is taken."""
        app = web.Application()
        app.on_response_prepare.append(self._remember)
        app.add_routes(self._routes())
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._open()

    async def stop(self) -> None:
        """Close the port and whatever is still being sent."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.stop()

    @property
    def feeds(self) -> tuple[SampleFeed, ...]:
        return tuple(
            SampleFeed(
                name=outlet.name,
                url=self._edition(outlet).feed_url,
                lang=outlet.lang,
                topics=outlet.topics,
                opinion_headings=outlet.opinion_headings,
            )
            for outlet in self._outlets.values()
        )

    def drop(self) -> DroppedArticle:
        """Publish the next story of the queue now, in each outlet that tells it; numbered reviews when it is empty."""
        told = self._queue.pop(0) if self._queue else [self._next_review()]
        moment = self._now()
        for outlet, article in told:
            self._put(outlet, article, moment)
        (first, article), *others = told
        return DroppedArticle(
            outlet=first.name,
            title=article.title,
            url=self._edition(first).link(article),
            also_in=tuple(outlet.name for outlet, _ in others),
        )

    def publish(
        self,
        outlet: str,
        *,
        title: str,
        paragraphs: Sequence[str],
        lead: str = "",
        slug: str | None = None,
        published: datetime | None = None,
        categories: Sequence[str] = (),
        opinion: Opinion | None = None,
        related: Sequence[str] = (),
    ) -> str:
        """Publish an article of the caller's in the outlet with this slug and return its address.

        A `slug` that is there already is corrected in place. Raises KeyError for an unknown outlet.
        """
        home = self._outlets[outlet]
        article = Article(
            slug=slug or f"extra-{len(self._published[outlet]) + 1}",
            title=title,
            lead=lead,
            paragraphs=tuple(paragraphs),
            categories=tuple(categories),
            opinion=opinion,
            related=tuple(related),
        )
        self._put(home, article, published or self._now())
        return self._edition(home).link(article)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _open(self) -> None:
        now = self._now()
        later = []
        for slug, outlet in self._outlets.items():
            self._published[slug] = [Published(article=one, moment=now - one.age) for one in outlet.articles]
            later += [(outlet, one) for one in outlet.later]
        later.sort(key=lambda held: held[1].drop)
        self._queue = [list(told) for _, told in groupby(later, key=lambda held: held[1].drop)]

    def _next_review(self) -> tuple[Outlet, Article]:
        number = self._reviews
        self._reviews += 1
        outlets = [outlet for outlet in self._outlets.values() if outlet.review] or list(self._outlets.values())
        outlet = outlets[number % len(outlets)]
        plain = Article(slug="review", title=f"{outlet.name} № {{number}}", lead="", paragraphs=("{sales}",))
        separator = "," if outlet.lang == "en" else "\N{NO-BREAK SPACE}"
        return outlet, (outlet.review or plain).numbered(number, separator=separator)

    def _put(self, outlet: Outlet, article: Article, moment: datetime) -> None:
        kept = [one for one in self._published[outlet.slug] if one.article.slug != article.slug]
        self._published[outlet.slug] = [*kept, Published(article=article, moment=moment)]

    def _edition(self, outlet: Outlet) -> Edition:
        # Reversed after a stable sort: of two articles of one second the later one leads.
        newest = sorted(self._published[outlet.slug], key=attrgetter("moment"))[::-1]
        return Edition(outlet=outlet, base_url=self.url, published=tuple(newest))

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._kiosk),
            web.get("/robots.txt", self._robots),
            web.get(STYLE_PATH, self._style),
            *broken_routes(lambda: self.feeds[0].url),
            web.get("/{outlet}/", self._home),
            web.get("/{outlet}/{page}", self._page),
            web.get("/{outlet}/pictures/{picture}", self._picture),
        ]

    async def _remember(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = SeenRequest(self._clock(), request.method, request.raw_path, headers, response.status)
        self.requests.append(seen)
        del self.requests[:-_REMEMBERED_REQUESTS]

    def _asked(self, request: web.Request) -> Edition:
        outlet = self._outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound
        return self._edition(outlet)

    async def _kiosk(self, request: web.Request) -> web.Response:
        page = kiosk_page(tuple(self._edition(outlet) for outlet in self._outlets.values()))
        return answer(request, page.encode(), "text/html; charset=utf-8")

    async def _robots(self, request: web.Request) -> web.Response:
        return answer(request, b"User-agent: *\nDisallow:\n", "text/plain; charset=utf-8")

    async def _style(self, request: web.Request) -> web.Response:
        return answer(request, (SAMPLES / "newsroom.css").read_bytes(), "text/css; charset=utf-8")

    async def _home(self, request: web.Request) -> web.Response:
        edition = self._asked(request)
        return _html(request, edition, home_page(edition), edition.updated)

    async def _page(self, request: web.Request) -> web.Response:
        edition = self._asked(request)
        if request.path == edition.feed_path:
            return answer(request, render_feed(edition), edition.feed_type, edition.updated)
        one = edition.find(request.match_info["page"])
        if one is None:
            raise web.HTTPNotFound
        shown = local(edition, one.moment).strftime(_DATES.get(edition.outlet.lang, "%Y-%m-%d %H:%M"))
        return _html(request, edition, article_page(edition, one, shown), one.moment)

    async def _picture(self, request: web.Request) -> web.Response:
        name = request.match_info["picture"]
        if all(one.article.picture != name for one in self._asked(request).published):
            raise web.HTTPNotFound
        return answer(request, draw_picture(name), "image/png")


def _html(request: web.Request, edition: Edition, page: str, moment: datetime | None) -> web.Response:
    charset = edition.outlet.charset
    return answer(request, page.encode(charset, "xmlcharrefreplace"), f"text/html; charset={charset}", moment)
