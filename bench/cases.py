"""Every case of the score: which newsroom is on which host, what goes wrong there and when, what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.feedserver import Answer, FeedServer
from bench.newsroom import Change, Newsroom, between, disturbed, moved

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = timedelta(days=999)

Quiet = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One source of the score.

    ``quiet`` are the moments its feed asks not to be polled at and ``ttl`` how long it asks to be left alone;
    ``complete`` says whether a reader that loses nothing has every article at the end.
    """

    newsroom: Newsroom
    url: str
    quiet: Quiet
    ttl: timedelta
    complete: bool


class Stage:
    """Puts each newsroom on a host of its own, unless it says which."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self.cases: list[Case] = []
        self._hosts = 0

    def host(self) -> str:
        """Give a host that nobody has."""
        self._hosts += 1
        return f"127.0.1.{self._hosts}"

    def aside(self, newsroom: Newsroom) -> str:
        """Publish a newsroom's feed at another address too."""
        return self._server.add(self.host(), "/elsewhere", newsroom.answer)

    def add(
        self,
        newsroom: Newsroom,
        change: Change = lambda _: None,
        *,
        host: str | None = None,
        quiet: Quiet = lambda _: False,
        ttl: timedelta = timedelta(0),
        complete: bool = True,
    ) -> str:
        """Make a source of a newsroom; gives its address."""
        url = self._server.add(host or self.host(), f"/{newsroom.name}.xml", disturbed(newsroom, change))
        self.cases.append(Case(newsroom=newsroom, url=url, quiet=quiet, ttl=ttl, complete=complete))
        return url


def set_up(server: FeedServer) -> list[Case]:
    """Make all cases."""
    stage = Stage(server)
    _validators(stage)
    _wishes(stage)
    _refusals(stage)
    _redirects(stage, server)
    return stage.cases


def _validators(stage: Stage) -> None:
    stage.add(Newsroom(name="etag-and-date"))
    stage.add(Newsroom(name="etag-alone", modified=False))
    stage.add(Newsroom(name="date-alone", etag=False))
    stage.add(Newsroom(name="etag-changes", touched=HOUR))
    stage.add(Newsroom(name="same-body-new-etag", touched=HOUR, conditional=False))
    stage.add(Newsroom(name="no-validators", etag=False, modified=False))
    stage.add(Newsroom(name="seldom", every=9 * DAY))


def _wishes(stage: Stage) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(6))
    days = "<day>Saturday</day><day>Sunday</day>"
    daily = '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
    stage.add(Newsroom(name="max-age", headers={"Cache-Control": "public, max-age=7200"}))
    stage.add(Newsroom(name="expires", headers={"Expires": "Thu, 05 Mar 2026 00:00:00 GMT"}))
    stage.add(Newsroom(name="no-cache", headers={"Cache-Control": "no-cache, max-age=7200"}))
    stage.add(Newsroom(name="ttl", head="<ttl>120</ttl>"), ttl=2 * HOUR)
    stage.add(Newsroom(name="update-period", head=daily), ttl=DAY)
    stage.add(Newsroom(name="skip-hours", head=f"<skipHours>{hours}</skipHours>"), quiet=lambda now: now.hour < 6)
    stage.add(Newsroom(name="skip-days", head=f"<skipDays>{days}</skipDays>"), quiet=lambda now: now.weekday() > 4)


def _refusals(stage: Stage) -> None:
    until = "Thu, 05 Mar 2026 03:00:00 GMT"
    refusals = {
        "429-with-seconds": Answer(status=429, headers={"Retry-After": "7200"}),
        "429-without": Answer(status=429),
        "503-with-a-date": Answer(status=503, headers={"Retry-After": until}),
        "503-without": Answer(status=503),
        "500": Answer(status=500),
        "hangs-up": Answer(status=0),
    }
    for name, answer in refusals.items():
        change, host = between(2 * DAY, 3 * DAY, answer), stage.host()
        stage.add(Newsroom(name=name), change, host=host)
        if answer.status in {429, 503}:
            stage.add(Newsroom(name=f"{name}-next-door"), change, host=host)
    stage.add(Newsroom(name="410"), between(5 * DAY, ALWAYS, Answer(status=410)), complete=False)
    stage.add(Newsroom(name="404"), between(DAY / 2, ALWAYS, Answer(status=404)), complete=False)
    stage.add(Newsroom(name="403-for-a-day"), between(2 * DAY, 3 * DAY, Answer(status=403)))


def _redirects(stage: Stage, server: FeedServer) -> None:
    login = Answer(status=200, headers={"Content-Type": "text/html"}, body=b"<html><title>Wi-Fi</title></html>")
    portal = server.add(stage.host(), "/login", lambda *_: login)
    stage.add(Newsroom(name="301-to-a-login"), between(DAY, DAY + 6 * HOUR, moved(301, portal)))
    for name, status, end in (
        ("301-that-holds", 301, ALWAYS),
        ("308-that-holds", 308, ALWAYS),
        ("301-for-a-day", 301, 2 * DAY),
        ("302-that-holds", 302, ALWAYS),
        ("307-for-a-day", 307, 2 * DAY),
    ):
        newsroom = Newsroom(name=name)
        stage.add(newsroom, between(DAY, end, moved(status, stage.aside(newsroom))))
    other = stage.add(Newsroom(name="301-target"))
    stage.add(Newsroom(name="301-to-another-source"), between(DAY, ALWAYS, moved(301, other)), complete=False)
