from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome
from feeds.robots import KEPT, RETRIED, Robots

START = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
PAGE = "https://example.ru/news/1?print=1"


class Site:
    """A site with one answer for robots.txt, which can be changed, and the clock of the day."""

    def __init__(self, answer: FetchOutcome) -> None:
        self.answer = answer
        self.now = START
        self.asked: list[str] = []

    async def fetch(self, url: str, *, accept: str = "") -> FetchOutcome:
        assert "text/plain" in accept
        self.asked.append(url)
        return self.answer


def file(text: str, content_type: str = "text/plain") -> Fetched:
    return Fetched(url="https://example.ru/robots.txt", body=text.encode(), content_type=content_type)


@pytest.fixture
def visit() -> Callable[[FetchOutcome], tuple[Robots, Site]]:
    def build(answer: FetchOutcome) -> tuple[Robots, Site]:
        site = Site(answer)
        return Robots(site, clock=lambda: site.now), site

    return build


Visit = Callable[[FetchOutcome], tuple[Robots, Site]]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /admin\n", True),
        ("User-agent: *\nDisallow: /*?print=\n", False),
        ("User-agent: *\nDisallow: /news/1$\n", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/\n", True),
        ("User-agent: Autodigest\nDisallow: /news\n\nUser-agent: *\nDisallow:\n", False),
        ("User-agent: autodigest\nDisallow:\n\nUser-agent: *\nDisallow: /\n", True),
        ("User-agent: Googlebot\nDisallow: /\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /news # закрыто\r\n", False),
        ("<html>Not found</html>", True),
    ],
)
async def test_rules_are_obeyed(visit: Visit, text: str, *, allowed: bool) -> None:
    robots, _ = visit(file(text))
    assert await robots.allows(PAGE) is allowed


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (Failed(kind=FailureKind.HTTP, status=404), True),
        (Failed(kind=FailureKind.HTTP, status=403), True),
        (Failed(kind=FailureKind.GONE, status=410), True),
        (Failed(kind=FailureKind.HTTP, status=429), False),
        (Failed(kind=FailureKind.HTTP, status=500), False),
        (Failed(kind=FailureKind.HTTP, status=503), False),
        (Failed(kind=FailureKind.TIMEOUT), False),
        (Failed(kind=FailureKind.DNS), False),
        (Failed(kind=FailureKind.CHALLENGE, status=403), False),
        (Failed(kind=FailureKind.FORBIDDEN_ADDRESS), False),
        (Failed(kind=FailureKind.REDIRECTS, status=302), True),
    ],
)
async def test_no_file_allows_all_and_a_server_in_trouble_nothing(
    visit: Visit, answer: Failed, *, allowed: bool
) -> None:
    robots, _ = visit(answer)
    assert await robots.allows(PAGE) is allowed


async def test_a_file_is_asked_for_once_a_day(visit: Visit) -> None:
    robots, site = visit(file("User-agent: *\nDisallow: /news\n"))
    assert not await robots.allows(PAGE)
    site.answer, site.now = file(""), START + KEPT - timedelta(seconds=1)
    assert not await robots.allows(PAGE)
    assert site.asked == ["https://example.ru/robots.txt"]
    site.now = START + KEPT
    assert await robots.allows(PAGE)


async def test_each_site_has_its_own_rules(visit: Visit) -> None:
    robots, site = visit(file(""))
    for url in (PAGE, "http://example.ru/1", "https://www.example.ru/1", "https://example.ru:8443/1", PAGE):
        await robots.allows(url)
    assert len(site.asked) == 4


async def test_an_old_copy_serves_while_the_file_cannot_be_reached(visit: Visit) -> None:
    robots, site = visit(file("User-agent: *\nDisallow: /private\n"))
    await robots.allows(PAGE)
    site.answer, site.now = Failed(kind=FailureKind.TIMEOUT), START + KEPT
    assert await robots.allows(PAGE)
    assert not await robots.allows("https://example.ru/private/1")
    site.now += RETRIED
    await robots.allows(PAGE)
    assert len(site.asked) == 3


@pytest.mark.parametrize(("line", "seconds"), [("", 0.0), ("Crawl-delay: 2.5", 2.5), ("Crawl-delay: 86400", 10.0)])
async def test_a_crawl_delay_is_kept_within_reason(visit: Visit, line: str, seconds: float) -> None:
    robots, _ = visit(file(f"User-agent: *\nDisallow:\n{line}\n"))
    assert (await robots.delay(PAGE)).total_seconds() == seconds
