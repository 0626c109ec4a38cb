"""HTTP with manners: one answer for one address, as a value. The only room that knows aiohttp's client.

GET only, no cookies, no referrer, no proxy, TLS verified; redirects are followed by hand so that every hop is judged.
Must not know what a feed is, nor when the next poll will be.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from feeds import addresses, manners
from feeds.bodies import BrokenBodyError, Unpacker
from feeds.clock import Clock, utc_now
from feeds.hosts import Hosts
from feeds.names import Names, SystemResolver
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
_KEEP_SECONDS = 4
"""How long an idle connection is kept: less than servers do, for a request on one just closed fails."""
_PLAIN_URL = re.compile(r"[!#$%&'()*+,/:;=?@\[\]A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    status: int
    location: str


class Fetcher:
    """Fetches politely; an async context manager. ``allow_hosts`` may be private, on any port, and need no pause.

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
        resolver: AbstractResolver | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._user_agent = user_agent
        self._allow = frozenset(map(addresses.bare_host, allow_hosts))
        self._max_bytes = max_bytes
        self._timeout = aiohttp.ClientTimeout(total=total_timeout, connect=connect_timeout)
        self._connect_timeout, self._total_timeout = connect_timeout, total_timeout
        self._concurrency = concurrency
        self._pause = host_pause
        self._resolver = resolver
        self._clock = clock
        self._hosts = Hosts(concurrency=concurrency, clock=clock)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        resolver = self._names = Names(self._resolver or SystemResolver())
        self._stack.push_async_callback(resolver.close)
        # Two pools instead of one with exceptions: a connection to an exempt host can never serve a guarded one.
        self._guarded = await self._stack.enter_async_context(self._session(resolver, guarded=True))
        self._exempt = await self._stack.enter_async_context(self._session(resolver, guarded=False))
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
        # What is the same in all requests the client has from its session.
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

    def _session(self, resolver: AbstractResolver, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._concurrency,
            resolver=resolver,
            use_dns_cache=False,
            keepalive_timeout=_KEEP_SECONDS,
            socket_factory=addresses.guarded_socket if guarded else None,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept": FEED_TYPES, "Accept-Encoding": "gzip, deflate, br"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=self._timeout,
        )
        # A server that hangs up is not asked again at once: aiohttp would, for every GET, and offers no other switch.
        session._retry_connection = False  # noqa: SLF001
        return session

    async def _hop(
        self, address: str, headers: Mapping[str, str], *, conditional: bool, spent: float
    ) -> tuple[FetchOutcome | _Redirect, float]:
        """One request when it is its turn, and how many seconds it was on the network; earlier hops ``spent`` some."""
        exempt = addresses.host_of(address) in self._allow
        async with self._hosts.turn(addresses.site_of(address), pause=0 if exempt else self._pause) as closed:
            if closed:
                return Failed(kind=FailureKind.HTTP, status=closed.status, retry_after=closed.rest, unasked=True), 0.0
            began = monotonic()
            try:
                url = URL(address, encoded=_PLAIN_URL.fullmatch(address) is not None)
                session = self._exempt if exempt else self._guarded
                if not addresses.is_literal(host := url.raw_host or "") and (unknown := await self._look_up(host)):
                    return unknown, 0.0
                async with self._hosts.slot():
                    began = monotonic()
                    request = session.get(url, headers=headers, timeout=self._left(spent), allow_redirects=False)
                    async with request as response:
                        answer = await self._read(response, address, conditional=conditional)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                answer = _failure(error)
            return answer, monotonic() - began

    def _left(self, spent: float) -> aiohttp.ClientTimeout:
        """Say how much of the time for all hops is left; the client takes 0 for no limit at all."""
        if not spent:
            return self._timeout
        if spent >= self._total_timeout:
            raise TimeoutError
        return aiohttp.ClientTimeout(total=self._total_timeout - spent, connect=self._connect_timeout)

    async def _look_up(self, host: str) -> Failed | None:
        """Have the name's addresses at hand for the client; a dead name must not take a place on the network."""
        try:
            async with asyncio.timeout(self._connect_timeout):
                await self._names.resolve(host)
        except TimeoutError:
            return Failed(kind=FailureKind.TIMEOUT)
        except OSError as error:
            return Failed(kind=FailureKind.DNS, detail=str(error.strerror or error)[: manners.WORDS_LENGTH])
        return None

    async def _read(
        self, response: aiohttp.ClientResponse, address: str, *, conditional: bool
    ) -> FetchOutcome | _Redirect:
        headers, now = response.headers, self._clock()
        if manners.is_challenge(headers, b""):
            return Failed(kind=FailureKind.CHALLENGE, status=response.status)
        if response.status in REDIRECTS and (location := headers.get("Location")):
            return _Redirect(status=response.status, location=location)
        validators = manners.validators_of(headers)
        cache_control = ", ".join(headers.getall("Cache-Control", ()))
        max_age = manners.max_age(headers, cache_control=cache_control, now=now)
        if response.status == 304 and conditional:
            return NotModified(url=address, validators=validators, max_age=max_age)
        if response.status not in {200, 203}:
            return await self._refusal(response, address, now=now)
        body = await self._body(response)
        if body is None:
            return Failed(kind=FailureKind.TOO_LARGE, status=response.status, detail=str(self._max_bytes))
        kind, charset = manners.media_type(headers.get("Content-Type", ""))
        return Fetched(
            url=address, body=body, content_type=kind, charset=charset, validators=validators, max_age=max_age
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes | None:
        """Read and unpack at most ``max_bytes``; None if there is more, on the wire or unpacked."""
        unpacker = Unpacker(encoding=response.headers.get("Content-Encoding", ""), limit=self._max_bytes)
        received = 0
        if (response.content_length or 0) > self._max_bytes:
            return None
        async for chunk in response.content.iter_any():
            received += len(chunk)
            if not unpacker.feed(chunk) or received > self._max_bytes:
                return None
        return unpacker.finish()

    async def _refusal(self, response: aiohttp.ClientResponse, address: str, *, now: datetime) -> Failed:
        status, headers = response.status, response.headers
        page = await _first_words(response)
        retry_after = manners.retry_after(headers, now=now) if status >= 400 else None
        if status in {429, 503}:
            rest = manners.REFUSED_AT_LEAST if retry_after is None else retry_after
            self._hosts.close(addresses.site_of(address), status=status, until=now + rest)
        kind = FailureKind.GONE if status == 410 else FailureKind.HTTP
        if status in {401, 403, 429, 503} and manners.is_challenge(headers, page):
            kind = FailureKind.CHALLENGE
        content_type = headers.get("Content-Type", "").lower()
        detail = manners.words(page, content_type=content_type, reason=response.reason or "")
        return Failed(kind=kind, status=status, detail=detail, retry_after=retry_after)


def _conclude(answer: FetchOutcome, trail: Trail, *, elapsed: timedelta) -> FetchOutcome:
    if isinstance(answer, Failed):
        return answer
    redirected = len(trail.addresses) > 1
    if isinstance(answer, NotModified) and not redirected:  # by far the most common: a copy without looking at fields
        return NotModified(url=answer.url, validators=answer.validators, max_age=answer.max_age, elapsed=elapsed)
    return replace(answer, redirected=redirected, moved_permanently=trail.moved_permanently, elapsed=elapsed)


async def _first_words(response: aiohttp.ClientResponse) -> bytes:
    """Read the beginning of an error page; whatever goes wrong meanwhile, the status is the answer."""
    unpacker = Unpacker(encoding=response.headers.get("Content-Encoding", ""), limit=_WORDS_BYTES)
    try:
        async with asyncio.timeout(_WORDS_SECONDS):
            async for chunk in response.content.iter_any():
                if not unpacker.feed(chunk):
                    break
    except (aiohttp.ClientError, OSError, BrokenBodyError):
        pass
    return unpacker.taken


def _failure(error: Exception) -> Failed:
    """Tell apart what went wrong; ``detail`` is the system's or the library's own phrase."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    detail = str(getattr(cause, "strerror", None) or cause)[: manners.WORDS_LENGTH]
    match error:
        case _ if isinstance(cause, addresses.ForbiddenAddressError):
            kind = FailureKind.FORBIDDEN_ADDRESS
        case _ if isinstance(cause, TimeoutError):
            return Failed(kind=FailureKind.TIMEOUT)
        case BrokenBodyError():
            return Failed(kind=FailureKind.CONNECT, status=200, detail=detail)
        case aiohttp.ClientConnectorDNSError():
            kind = FailureKind.DNS
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            kind = FailureKind.TLS
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            kind = FailureKind.BAD_ADDRESS
        case aiohttp.ClientError() | OSError():
            kind = FailureKind.CONNECT
        case _:
            kind = FailureKind.BAD_ADDRESS
    return Failed(kind=kind, detail=detail)
