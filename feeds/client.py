"""HTTP through libcurl: one GET, the head of its answer, and as much of the body as whoever asks wants of it.

The only room that knows pycurl. No cookies, no referrer, no proxy, TLS verified, redirects never followed. Must not
know what an answer means, nor who may be asked: the guard of the sockets is given.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self

import pycurl
from multidict import CIMultiDict

from feeds.addresses import ForbiddenAddressError
from feeds.polls import Failed, FailureKind

_KEEP_SECONDS: Final = 4
"""How old an idle connection may be to serve again: less than servers keep it, else the request is made twice."""
_KEEP: Final = 100
"""Most idle connections: libcurl by itself keeps any number, and closes the old ones only when it is asked next."""
_DETAIL: Final = 200
_TLS: Final = frozenset(
    getattr(pycurl, f"E_{name}")
    for name in (
        *("SSL_CONNECT_ERROR", "PEER_FAILED_VERIFICATION", "SSL_CERTPROBLEM", "SSL_CIPHER", "SSL_CACERT_BADFILE"),
        *("SSL_ISSUER_ERROR", "SSL_INVALIDCERTSTATUS", "SSL_PINNEDPUBKEYNOTMATCH", "SSL_CRL_BADFILE"),
    )
)
_KINDS: Final = {
    pycurl.E_OPERATION_TIMEDOUT: FailureKind.TIMEOUT,
    pycurl.E_COULDNT_RESOLVE_HOST: FailureKind.DNS,
    pycurl.E_URL_MALFORMAT: FailureKind.BAD_ADDRESS,
    **dict.fromkeys(_TLS, FailureKind.TLS),
}

Guard = Callable[[tuple[Any, ...]], socket.socket]
"""Makes the socket for an address as ``getaddrinfo`` gives it, or raises ForbiddenAddressError."""


class Intake(Protocol):
    """What takes a body."""

    def feed(self, data: bytes) -> bool:
        """Take one more piece; False when no more is wanted. Raises ValueError at what cannot be read."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer; a reason there is only before HTTP/2."""

    status: int
    reason: str
    headers: CIMultiDict[str]


@dataclass(frozen=True, slots=True)
class Want:
    """What is wanted of a body, by its head: all of it, or for so many seconds what comes until it breaks off."""

    into: Intake
    seconds: float | None = None


Choose = Callable[[Head], Want | None]
"""Says what is wanted of an answer's body; of None the connection is closed."""


class Client:
    """Makes GET requests; an async context manager. ``headers`` go with each, ``guard`` makes each socket.

    An answer over HTTP/2 is one like any other. A connection serves again within four seconds.
    """

    def __init__(self, *, headers: Mapping[str, str], connect_timeout: float, guard: Guard | None = None) -> None:
        self._lines = _written(headers)
        self._connect_timeout = connect_timeout
        self._guard = guard
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, _KEEP)
        self._idle: list[_Transfer] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._multi.aclose()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        found: tuple[str, int, Sequence[str]] | None,
        seconds: float,
        choose: Choose,
    ) -> Head | Failed:
        """Ask for an address, in ``seconds`` at most. Raises CancelledError, and what ``choose`` or its intake raises.

        ``found`` are the name and the port in the address and what the name resolves to; None where it is an address
        itself. A body that cannot be read, or breaks off, is a lost connection.
        """
        transfer = self._idle.pop() if self._idle else _Transfer(self._connect_timeout, self._guard)
        transfer.begin(url, {**self._lines, **_written(headers)}, found, seconds)
        try:
            async with asyncio.timeout(None) as clock:
                transfer.expect(choose, clock)
                await self._multi.perform(transfer.curl)
        except pycurl.error as error:
            outcome = transfer.end(*error.args)
        except TimeoutError:  # of what it wanted the rest
            outcome = transfer.head or Failed(kind=FailureKind.TIMEOUT)
        else:
            outcome = transfer.end()
        finally:
            transfer.let_go()
        self._idle.append(transfer)
        return outcome


class _Transfer:
    """One request at a time, and what has come of its answer. Its handle is dear to make and is used again."""

    def __init__(self, connect_timeout: float, guard: Guard | None) -> None:
        self.curl = curl = pycurl.Curl()
        self._guard = guard
        self._opened: list[socket.socket] = []
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.PATH_AS_IS, 1),
            (pycurl.PROXY, ""),
            (pycurl.MAXAGE_CONN, _KEEP_SECONDS),
            (pycurl.CONNECTTIMEOUT_MS, int(connect_timeout * 1000)),
            (pycurl.HEADERFUNCTION, self._take_line),
            (pycurl.WRITEFUNCTION, self._take_data),
        ):
            curl.setopt(option, value)
        _trust(curl)
        if guard is not None:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def begin(
        self, url: str, lines: Mapping[str, bytes], found: tuple[str, int, Sequence[str]] | None, seconds: float
    ) -> None:
        curl = self.curl
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.HTTPHEADER, list(lines.values()))
        curl.setopt(pycurl.TIMEOUT_MS, max(int(seconds * 1000), 1))
        if found is None:
            curl.unsetopt(pycurl.RESOLVE)  # one that could not be read would fail this request too
        else:
            name, port, addresses = found
            listed = ",".join(map(_in_brackets, addresses))
            # To libcurl a name with a final dot is another one.
            curl.setopt(pycurl.RESOLVE, [f"+{name}:{port}:{listed}", f"+{name}.:{port}:{listed}"])
        self.head: Head | None = None
        self._lines: list[bytes] = []
        self._want: Want | None = None
        self._broken: str | None = None
        self._raised: Exception | None = None
        self._unmade: OSError | None = None

    def expect(self, choose: Choose, clock: asyncio.Timeout) -> None:
        self._choose, self._clock = choose, clock

    def end(self, code: int = 0, words: str = "") -> Head | Failed:
        """Say what has come of it; ``code`` and ``words`` are libcurl's. Raises what a callback raised."""
        if self._raised is not None:
            raise self._raised
        if isinstance(self._unmade, ForbiddenAddressError) and not self._opened:
            return Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail=str(self._unmade))
        if self.head is None:
            return self._failed(code, words)
        if self._broken is not None:
            return Failed(kind=FailureKind.CONNECT, status=self.head.status, detail=self._broken)
        whole = self._want is not None and self._want.seconds is None
        # To have had enough is an error in libcurl's eyes.
        if whole and code not in {pycurl.E_OK, pycurl.E_WRITE_ERROR}:
            return self._failed(code, words)
        return self.head

    def let_go(self) -> None:
        """Close our ends of its sockets and forget whom it was for, however it ended."""
        while self._opened:
            self._opened.pop().close()
        self._want = self._raised = self._unmade = None
        del self._choose, self._clock

    def _failed(self, code: int, words: str) -> Failed:
        kind = _KINDS.get(code, FailureKind.CONNECT)
        if kind is FailureKind.TIMEOUT:
            return Failed(kind=kind)
        if code == pycurl.E_COULDNT_CONNECT:
            number = self.curl.getinfo(pycurl.OS_ERRNO) or (self._unmade.errno if self._unmade else 0)
            words = os.strerror(number) if number else words
        elif code == pycurl.E_WRITE_ERROR:  # it was we who ended it
            words = "not an answer in HTTP"
        return Failed(kind=kind, detail=words[:_DETAIL])

    def _take_line(self, line: bytes) -> int | None:
        """Take a line of a head; -1 ends the transfer."""
        try:
            return self._read_line(line)
        except Exception as error:  # noqa: BLE001 - libcurl would print it and know only that the transfer ended
            self._raised = error
            return -1

    def _read_line(self, line: bytes) -> int | None:
        if self.head is not None:
            return None  # a trailer
        if line.strip():
            self._lines.append(line)
            return None
        head = _read_head(self._lines)
        if head is None:
            return -1
        if head.status < 200:
            self._lines.clear()
            return None  # "continue", "early hints": another follows
        self.head = head
        self._want = self._choose(head)
        if self._want is None:
            return None if head.status in {204, 304} else -1
        if self._want.seconds is not None:
            self._clock.reschedule(asyncio.get_running_loop().time() + self._want.seconds)
        return None

    def _take_data(self, data: bytes) -> int | None:
        """Take a piece of a body; 0 ends the transfer."""
        if self._want is None:
            return 0
        try:
            return None if self._want.into.feed(data) else 0
        except ValueError as error:
            if self._want.seconds is None:
                self._broken = str(error)[:_DETAIL]
            return 0
        except Exception as error:  # noqa: BLE001 - as with a line
            self._raised = error
            return 0

    def _open(self, purpose: int, address: Any) -> socket.socket | int:  # noqa: ARG002 - libcurl names only one
        assert self._guard is not None  # noqa: S101 - or this is not called
        family, kind, protocol, where = address
        try:
            made = self._guard((family, kind, protocol, "", where))
        except OSError as error:
            self._unmade = error
            return int(pycurl.SOCKET_BAD)
        self._opened.append(made)  # libcurl has a copy of its own
        return made


def _written(headers: Mapping[str, str]) -> dict[str, bytes]:
    return {name: f"{name}: {value}".encode() for name, value in headers.items()}


def _read_head(lines: Sequence[bytes]) -> Head | None:
    # Bytes that are not UTF-8 stay recognisable: a validator with such cannot be sent back.
    first, *fields = b"".join(lines).decode("utf-8", "surrogateescape").rstrip("\r\n").split("\n")
    _, status, reason = (*first.split(None, 2), "", "", "")[:3]
    if not (len(status) == 3 and status.isascii() and status.isdecimal()):
        return None
    pairs = (field.partition(":") for field in fields)
    headers = CIMultiDict([(name.strip(), value.strip(" \t\r")) for name, _, value in pairs])
    return Head(status=int(status), reason=reason.strip(), headers=headers)


def _in_brackets(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _trust(curl: pycurl.Curl) -> None:
    """Trust whom Python trusts, so that ``SSL_CERT_FILE`` counts here too."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        curl.setopt(pycurl.CAINFO, paths.cafile)
    if paths.capath:
        curl.setopt(pycurl.CAPATH, paths.capath)
