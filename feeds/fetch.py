"""HTTP with manners: one answer for one address, as a value. Redirects are followed by hand: every hop is judged.

Must not know what a feed is, nor when the next poll will be.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Self

from yarl import URL

from feeds import addresses, manners
from feeds.bodies import BrokenBodyError, Unpacker
from feeds.client import Client, Head, Want
from feeds.clock import Clock, utc_now
from feeds.hosts import Hosts
from feeds.names import Names, Resolver, SystemResolver
from feeds.polls import Detour, Failed, FailureKind, Fetched, FetchOutcome, NotModified, Validators
from feeds.redirects import REDIRECTS, Trail

USER_AGENT = "Autodigest/0.1 (+https://github.com/autodigest/autodigest)"
FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.1"

_WORDS_BYTES = 16_384
_WORDS_SECONDS = 5
_PLAIN_URL = re.compile(r"[!#$%&'()*+,/:;=?@\[\]A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    status: int
    location: str


class Fetcher:
    """Fetches politely; an async context manager. ``allow_hosts`` may be private, on any port, and need no pause.

    It is for one event loop, and closed when nobody fetches any more: a fetch that is on the network then is cancelled.

    Times are in seconds: ``total_timeout`` is for all hops together while they are on the network, not for waiting in
    a host's queue. ``resolver`` replaces the system's name look-ups; ``clock`` tells when a closed host opens again.
    """

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        allow_hosts: frozenset[str] = frozenset(),
        max_bytes: int = 5_000_000,
        connect_timeout: float = 10,
        total_timeout: float = 30,
        concurrency: int = 20,
        host_pause: float = 1.0,
        resolver: Resolver | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._user_agent = user_agent
        self._allow = frozenset(map(addresses.bare_host, allow_hosts))
        # As they are asked: what we fold into an exempt name may be another registered name once it is encoded.
        self._exempt_hosts = frozenset(map(_host_asked, self._allow))
        self._max_bytes = max_bytes
        self._connect_timeout, self._total_timeout = connect_timeout, total_timeout
        self._pause = host_pause
        self._resolver = resolver
        self._clock = clock
        self._hosts = Hosts(concurrency=concurrency, clock=clock)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._names = Names(self._resolver or SystemResolver())
        self._stack.callback(self._names.close)
        # Two clients instead of one with exceptions: a connection to an exempt host can never serve a guarded one.
        headers = {"User-Agent": self._user_agent, "Accept": FEED_TYPES, "Accept-Encoding": "gzip, deflate, br"}
        exempt = Client(headers=headers, connect_timeout=self._connect_timeout)
        guarded = Client(headers=headers, connect_timeout=self._connect_timeout, guard=addresses.guarded_socket)
        self._exempt = await self._stack.enter_async_context(exempt)
        self._guarded = await self._stack.enter_async_context(guarded)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def fetch(
        self,
        url: str,
        *,
        validators: Validators = Validators(),  # noqa: B008 - frozen
        detour: Detour | None = None,
        readers: int | None = None,
        covered: Callable[[str], Awaitable[bool]] | None = None,
        accept: str = FEED_TYPES,
    ) -> FetchOutcome:
        """GET one address. Failures are values; raises nothing but CancelledError.

        ``validators`` must be those of the last answer from this very ``url``, and ``detour`` the address that answered
        for it through a redirect, with its own: each is sent to its own address only. ``readers`` goes into the
        User-Agent. A redirect to an address that is ``covered``, by another source, is not followed: NotModified.
        """
        trail = Trail(addresses=(addresses.web_address(url),))
        # The client adds what is the same in all requests.
        headers = {} if readers is None else {"User-Agent": manners.agent(self._user_agent, readers)}
        if accept != FEED_TYPES:
            headers["Accept"] = accept
        known = {detour.url: detour.validators, trail.source: validators} if detour else {trail.source: validators}
        spent = 0.0
        while True:
            end = trail.end
            if forbidden := addresses.judge(end, allow_hosts=self._allow):
                return forbidden
            conditions = manners.conditions(known[end]) if end in known else {}
            asked = {**headers, **conditions}
            answer, seconds = await self._hop(end, asked, conditional=bool(conditions), spent=spent)
            spent += seconds
            if not isinstance(answer, _Redirect):
                return _conclude(answer, trail, elapsed=timedelta(seconds=spent))
            onward = trail.follow(status=answer.status, location=answer.location)
            if isinstance(onward, Failed):
                return onward
            trail = onward
            if covered is not None and await covered(trail.end):
                return _conclude(NotModified(url=trail.end), trail, elapsed=timedelta(seconds=spent))

    def leave_alone(self, url: str, *, status: int, until: datetime) -> None:
        """Do not ask this address's host until then: what it demanded of a process before this one."""
        self._hosts.close(addresses.site_of(url), status=status, until=until)

    async def _hop(
        self, address: str, headers: Mapping[str, str], *, conditional: bool, spent: float
    ) -> tuple[FetchOutcome | _Redirect, float]:
        """One request when it is its turn, and how many seconds it was on the network; earlier hops ``spent`` some."""
        try:
            plain = _encoded(address)
        except ValueError as error:
            return Failed(kind=FailureKind.BAD_ADDRESS, detail=str(error)[: manners.WORDS_LENGTH]), 0.0
        host, port, found = addresses.host_of(plain), addresses.port_of(plain), None
        if host is None or port is None:
            return Failed(kind=FailureKind.BAD_ADDRESS), 0.0
        exempt = host in self._exempt_hosts
        async with self._hosts.turn(addresses.site_of(address), pause=0 if exempt else self._pause) as closed:
            if closed:
                return Failed(kind=FailureKind.HTTP, status=closed.status, retry_after=closed.rest, unasked=True), 0.0
            if not addresses.is_literal(host):
                known = await self._look_up(host)
                if isinstance(known, Failed):
                    return known, 0.0
                found = host, port, known
            if spent >= self._total_timeout:
                return Failed(kind=FailureKind.TIMEOUT), 0.0
            async with self._hosts.slot():
                began = monotonic()
                reading = _Reading(address, max_bytes=self._max_bytes, conditional=conditional)
                head = await (self._exempt if exempt else self._guarded).get(
                    plain,
                    headers=headers,
                    found=found,
                    seconds=self._total_timeout - spent,
                    choose=reading.choose,
                )
            answer = head if isinstance(head, Failed) else self._judge(reading, head)
            return answer, monotonic() - began

    async def _look_up(self, host: str) -> Sequence[str] | Failed:
        """Find the name's addresses before the client is asked; a dead name must not take a place on the network."""
        if known := self._names.known(host):
            return known
        try:
            async with asyncio.timeout(self._connect_timeout):
                return await self._names.resolve(host)
        except TimeoutError:
            return Failed(kind=FailureKind.TIMEOUT)
        except OSError as error:
            return Failed(kind=FailureKind.DNS, detail=str(error.strerror or error)[: manners.WORDS_LENGTH])
        except ValueError as error:  # no name that a look-up can be made of
            return Failed(kind=FailureKind.BAD_ADDRESS, detail=str(error)[: manners.WORDS_LENGTH])

    def _judge(self, reading: _Reading, head: Head) -> FetchOutcome | _Redirect:
        """Say what an answer means that has come as far as it was wanted."""
        outcome = reading.outcome(head, now=self._clock())
        if isinstance(outcome, Failed) and head.status in {429, 503}:
            rest = manners.REFUSED_AT_LEAST if outcome.retry_after is None else outcome.retry_after
            self._hosts.close(addresses.site_of(reading.address), status=head.status, until=self._clock() + rest)
        return outcome


class _Reading:
    """One answer while it comes: what is wanted of its body, and what it means."""

    def __init__(self, address: str, *, max_bytes: int, conditional: bool) -> None:
        self.address = address
        self._max_bytes = max_bytes
        self._conditional = conditional
        self._body: Unpacker | None = None

    def choose(self, head: Head) -> Want | None:
        """Say what is wanted of the body: up to the limit of a feed's or page's, the first words of a refusal's."""
        status, headers = head.status, head.headers
        if manners.is_challenge(headers, b"") or _is_redirect(head) or (status == 304 and self._conditional):
            return None
        good = status in {200, 203}
        length = headers.get("Content-Length", "")
        if good and length.isdecimal() and int(length[:20]) > self._max_bytes:
            return None
        limit = self._max_bytes if good else _WORDS_BYTES
        self._body = Unpacker(encoding=headers.get("Content-Encoding", ""), limit=limit)
        return Want(self._body) if good else Want(self._body, seconds=_WORDS_SECONDS)

    def outcome(self, head: Head, *, now: datetime) -> FetchOutcome | _Redirect:
        """Say what the answer means, when all has come that was wanted of it."""
        status, headers = head.status, head.headers
        if manners.is_challenge(headers, b""):
            return Failed(kind=FailureKind.CHALLENGE, status=status)
        if _is_redirect(head):
            return _Redirect(status=status, location=headers["Location"])
        if status not in {200, 203} and not (status == 304 and self._conditional):
            return self._refusal(head, now=now)
        validators = manners.validators_of(headers)
        cache_control = ", ".join(headers.getall("Cache-Control", ()))
        max_age = manners.max_age(headers, cache_control=cache_control, now=now)
        if status == 304:
            return NotModified(url=self.address, validators=validators, max_age=max_age)
        if self._body is None or self._body.overflown:
            return Failed(kind=FailureKind.TOO_LARGE, status=status, detail=str(self._max_bytes))
        try:
            body = self._body.finish()
        except BrokenBodyError as error:
            return Failed(kind=FailureKind.CONNECT, status=status, detail=str(error)[: manners.WORDS_LENGTH])
        kind, charset = manners.media_type(headers.get("Content-Type", ""))
        return Fetched(
            url=self.address, body=body, content_type=kind, charset=charset, validators=validators, max_age=max_age
        )

    def _refusal(self, head: Head, *, now: datetime) -> Failed:
        status, headers = head.status, head.headers
        page = self._body.taken if self._body else b""
        kind = FailureKind.GONE if status == 410 else FailureKind.HTTP
        if status in {401, 403, 429, 503} and manners.is_challenge(headers, page):
            kind = FailureKind.CHALLENGE
        content_type = headers.get("Content-Type", "").lower()
        return Failed(
            kind=kind,
            status=status,
            detail=manners.words(page, content_type=content_type, reason=head.reason),
            retry_after=manners.retry_after(headers, now=now) if status >= 400 else None,
        )


def _encoded(address: str) -> str:
    """Say an address as it is asked, in ASCII; one that is plain already stays as it is. Raises ValueError."""
    return address if _PLAIN_URL.fullmatch(address) else str(URL(address))


def _host_asked(host: str) -> str | None:
    try:
        return addresses.host_of(_encoded(f"http://[{host}]/" if ":" in host else f"http://{host}/"))
    except ValueError:
        return None


def _is_redirect(head: Head) -> bool:
    return head.status in REDIRECTS and bool(head.headers.get("Location"))


def _conclude(answer: FetchOutcome, trail: Trail, *, elapsed: timedelta) -> FetchOutcome:
    if isinstance(answer, Failed):
        return answer
    redirected = len(trail.addresses) > 1
    if isinstance(answer, NotModified) and not redirected:  # by far the most common: a copy without looking at fields
        return NotModified(url=answer.url, validators=answer.validators, max_age=answer.max_age, elapsed=elapsed)
    return replace(answer, redirected=redirected, moved_permanently=trail.moved_permanently, elapsed=elapsed)
