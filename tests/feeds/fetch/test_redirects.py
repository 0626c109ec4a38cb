from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from feeds.clock import utc_now
from feeds.fetch import Fetcher
from feeds.polls import (
    Detour,
    Failed,
    FailureKind,
    Fetched,
    FetchOutcome,
    NotModified,
    Validators,
)
from feeds.redirects import Trail

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]
VALIDATORS = Validators(etag='"a"')


def site(pages: dict[str, Answer], heads: list[str] | None = None) -> Callable[[str], Answer]:
    def answer(head: str) -> Answer:
        if heads is not None:
            heads.append(head)
        return pages[head.split(" ")[1]]

    return answer


def moved(status: int, to: str) -> Answer:
    return f"{status} Moved", [f"Location: {to}"], b"elsewhere"


def failed(outcome: FetchOutcome) -> tuple[FailureKind, int | None]:
    assert isinstance(outcome, Failed)
    return outcome.kind, outcome.status


async def walk(serve: Serve, fetcher: Fetcher, *statuses: int) -> Fetched:
    pages: dict[str, Answer] = {f"/{n}": moved(status, f"/{n + 1}#top") for n, status in enumerate(statuses)}
    base = await serve(site({**pages, f"/{len(statuses)}": ("200 OK", [], b"<rss/>")}))
    outcome = await fetcher.fetch(base + "/0")
    assert isinstance(outcome, Fetched)
    assert outcome.url == f"{base}/{len(statuses)}"
    return outcome


@pytest.mark.parametrize("statuses", [(301,), (308, 301)])
async def test_a_move_is_permanent_if_every_step_is(statuses: tuple[int, ...], serve: Serve, fetcher: Fetcher) -> None:
    assert (await walk(serve, fetcher, *statuses)).moved_permanently


@pytest.mark.parametrize("statuses", [(), (302,), (303,), (301, 302), (307, 308)])
async def test_a_move_with_one_temporary_step_is_not_permanent(
    statuses: tuple[int, ...], serve: Serve, fetcher: Fetcher
) -> None:
    assert not (await walk(serve, fetcher, *statuses)).moved_permanently


@pytest.mark.parametrize("https", ["https", "HTTPS"])
def test_a_step_from_https_to_http_is_never_a_permanent_move(https: str) -> None:
    trail = Trail(addresses=(f"{https}://news.example.ru/rss",)).follow(status=301, location="http://www.example.ru/")
    assert isinstance(trail, Trail)
    assert trail.end == "http://www.example.ru/"
    back = trail.follow(status=301, location="https://www.example.ru/rss")
    assert isinstance(back, Trail)
    assert not back.moved_permanently


async def test_five_steps_are_followed_and_a_sixth_is_not(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []
    pages: dict[str, Answer] = {f"/{n}": moved(302, f"/{n + 1}") for n in range(9)}
    base = await serve(site({**pages, "/9": ("200 OK", [], b"<rss/>")}, heads))
    assert isinstance(await fetcher.fetch(base + "/4"), Fetched)
    heads.clear()
    assert failed(await fetcher.fetch(base + "/3")) == (FailureKind.REDIRECTS, 302)
    assert len(heads) == 6


async def test_a_loop_ends_at_once(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []
    base = await serve(site({"/feed": moved(302, "/feed")}, heads))
    assert failed(await fetcher.fetch(base + "/feed")) == (FailureKind.REDIRECTS, 302)
    assert len(heads) == 1


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("http://127.0.0.2:6379/", FailureKind.FORBIDDEN_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", FailureKind.FORBIDDEN_ADDRESS),
        ("//user:password@127.0.0.1/", FailureKind.BAD_ADDRESS),
        ("gopher://127.0.0.1:6379/_INFO", FailureKind.BAD_ADDRESS),
        ("file:///etc/passwd", FailureKind.BAD_ADDRESS),
        ("http://[::1", FailureKind.BAD_ADDRESS),
    ],
)
async def test_every_hop_is_judged(location: str, kind: FailureKind, serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(site({"/feed": moved(301, location)}))
    assert failed(await fetcher.fetch(base + "/feed"))[0] is kind


async def test_a_redirect_to_nowhere_is_an_http_failure(serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(lambda _: ("302 Found", [], b""))
    assert failed(await fetcher.fetch(base)) == (FailureKind.HTTP, 302)


async def test_blanks_and_russian_letters_in_a_location_are_quoted(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []
    target = "/my%20feed/%D1%80%D1%83"
    raw = "/my feed/ру".encode().decode("latin-1")
    base = await serve(site({"/": moved(302, raw), target: ("200 OK", [], b"<rss/>")}, heads))
    assert isinstance(await fetcher.fetch(base), Fetched)
    assert len(heads) == 2


async def test_validators_are_sent_only_to_the_address_that_gave_them(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(head: str) -> Answer:
        heads.append(head)
        if head.startswith("GET /old"):
            return moved(302, "/new")
        return ("304 Not Modified", [], b"") if "If-None-Match" in head else ("200 OK", ['ETag: "a"'], b"<rss/>")

    base = await serve(answer)
    url, end = base + "/old", base + "/new"
    first = await fetcher.fetch(url, validators=VALIDATORS)
    assert isinstance(first, Fetched)
    assert (first.url, first.redirected, first.validators) == (end, True, Validators(etag='"a"'))
    assert ["If-None-Match" in head for head in heads] == [True, False]
    heads.clear()
    detour = Detour(url=end, validators=first.validators, since=utc_now())
    again = await fetcher.fetch(url, detour=detour)
    assert isinstance(again, NotModified)
    assert (again.url, again.redirected) == (end, True)
    assert ["If-None-Match" in head for head in heads] == [False, True]
    heads.clear()
    detour = Detour(url=base + "/another", validators=first.validators, since=utc_now())
    assert isinstance(await fetcher.fetch(url, detour=detour), Fetched)
    assert ["If-None-Match" in head for head in heads] == [False, False]
