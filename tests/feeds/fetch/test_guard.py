from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable

from feeds.fetch import Fetcher
from feeds.polls import Failed, FailureKind, Fetched

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]


class Liar:
    """Answers every name with these addresses, as a rebinding name server does the second time."""

    def __init__(self, addresses: list[str]) -> None:
        self._addresses = addresses

    async def resolve(self, _host: str) -> list[str]:
        return self._addresses

    def close(self) -> None:
        pass


async def test_a_public_name_that_resolves_to_private_addresses_is_refused_on_the_socket() -> None:
    for answer in (["127.0.0.1"], ["127.0.0.1", "::1", "10.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]):
        async with Fetcher(resolver=Liar(answer)) as fetcher:
            outcome = await fetcher.fetch("http://feeds.example.com/rss")
        assert outcome == Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail="not a global address")


async def test_an_exempt_name_opens_the_door_to_nobody_else() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        async with Fetcher(
            resolver=Liar(["127.0.0.1"]), allow_hosts=frozenset({"Feeds.Home.Arpa."}), total_timeout=0.2
        ) as fetcher:
            exempt = await fetcher.fetch(f"http://feeds.home.arpa:{port}/rss")
            other = await fetcher.fetch("http://feeds.example.com/rss")
            port_of_other = await fetcher.fetch(f"http://feeds.example.com:{port}/rss")
    assert isinstance(exempt, Failed)
    assert exempt.kind is FailureKind.TIMEOUT, "connected, and nobody answered"
    assert isinstance(other, Failed)
    assert other.kind is FailureKind.FORBIDDEN_ADDRESS
    assert port_of_other == Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail=f"feeds.example.com:{port}")


async def test_a_name_that_only_reads_like_an_exempt_one_is_guarded(serve: Serve) -> None:
    port, exempt = (await serve(lambda _: ("200 OK", [], b"<rss/>"))).rpartition(":")[2], "nas1.ex\u0430mple.ru"
    # "Digit one full stop" is encoded with its label, and makes a name that somebody else can have: ex-….ru.
    odd = exempt.replace("1.", "\u2488")
    async with Fetcher(resolver=Liar(["127.0.0.1"]), allow_hosts=frozenset({exempt})) as fetcher:
        outcome = await fetcher.fetch(f"http://{odd}:{port}/rss")
        assert isinstance(await fetcher.fetch(f"http://{exempt}:{port}/rss"), Fetched)
    assert outcome == Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail="not a global address")
