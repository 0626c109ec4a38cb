"""Which addresses may be asked at all: the guard against requests that reach into our own network.

A source's address comes from a person, and a redirect from anybody. ``judge`` tells what can be told from the text of
an address; ``guarded_socket`` looks at the address really connected to, so a name that resolves to a private address,
or changes its mind between two look-ups, is stopped as well. Must not know HTTP, nor do any input or output.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from feeds.polls import Failed, FailureKind

WEB_PORTS = frozenset({80, 443})

# One strict shape instead of a parser: whatever two parsers might read differently (user names, backslashes, blanks,
# percent signs or zones in the host) does not fit, so the client that connects cannot see another host than we judged.
_SHAPE = re.compile(
    r"""(?P<scheme>https?)://
        (?P<host>\[[0-9a-f:.]+\]|[^\x00-\x20\x7f/?#@:\\\[\]%<>"^`{|}]+)
        (?::(?P<port>[0-9]{0,5}))?
        (?:[/?#][^\x00-\x20\x7f\\]*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRIVATE_NAMES = re.compile(r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa|test|invalid)")

# ``is_global`` says yes to these: protocol assignments, the 6to4 relay, multicast (RFC 6890, 7526, 5771).
_NOT_GLOBAL_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4")))
# Global unicast is 2000::/3 (RFC 4291); IPv4-mapped, IPv4-compatible and NAT64 lie outside. Inside it 6to4 carries any
# IPv4 address (RFC 3056), and 3fff::/20 is for documentation (RFC 9637); Teredo is not global for Python either.
_GLOBAL_V6 = IPv6Network("2000::/3")
_NOT_GLOBAL_V6 = tuple(map(IPv6Network, ("2002::/16", "3fff::/20")))


class ForbiddenAddressError(OSError):
    """A socket to an address that is not global; which one it was is not told."""

    def __init__(self) -> None:
        super().__init__("not a global address")


def web_address(url: str) -> str:
    """Say the same address in a scheme of the web: ``feed:`` is what old browsers and people's bookmarks have."""
    text = url.strip()
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() != "feed":
        return text
    return "http:" + rest if rest.startswith("//") else rest


@lru_cache(maxsize=4096)
def bare_host(host: str) -> str:
    """One spelling for one host: lower case, no brackets, no final dot, compatibility characters resolved."""
    folded = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".")
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    text = visible.strip("[]").removesuffix(".")
    try:
        return str(ip_address(text))
    except ValueError:
        return text


@lru_cache(maxsize=1024)
def _read(url: str) -> tuple[str, int] | None:
    """Read host and port of a well-formed web address. A poll asks for those of its own several times over."""
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        return None
    usual = 443 if shape["scheme"].lower() == "https" else 80
    return bare_host(shape["host"]), int(shape["port"] or usual)


def host_of(url: str) -> str | None:
    """Read the host of a well-formed web address; None of any other."""
    found = _read(url)
    return found[0] if found else None


def port_of(url: str) -> int | None:
    """Read the port of a well-formed web address, its scheme's own where it names none; None of any other."""
    found = _read(url)
    return found[1] if found else None


def site_of(url: str) -> str:
    """Name whose machine an address is on: the host, and the port where it is not one of the web's."""
    found = _read(url)
    if found is None:
        return ""
    host, port = found
    return host if port in WEB_PORTS else f"{host}:{port}"


def judge(url: str, *, allow_hosts: AbstractSet[str] = frozenset()) -> Failed | None:
    """Say why an address must not be asked, or None.

    ``allow_hosts`` are names or literal addresses as ``bare_host`` spells them; they may be private and use any port.
    """
    found = _read(url)
    if found is None:
        return Failed(kind=FailureKind.BAD_ADDRESS)
    host, port = found
    if port > 65535 or not _is_host(host):
        return Failed(kind=FailureKind.BAD_ADDRESS)
    if host in allow_hosts:
        return None
    if port not in WEB_PORTS:
        return Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail=f"{host}:{port}")
    if not _may_be_public(host):
        return Failed(kind=FailureKind.FORBIDDEN_ADDRESS, detail=host)
    return None


def is_global(address: str) -> bool:
    """Whether a literal IP address is one of the public internet; anything that is not a plain literal is not."""
    try:
        parsed = ip_address(address)
    except (AddressValueError, ValueError):
        return False
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not any(parsed in net for net in _NOT_GLOBAL_V4)
    return _is_global_v6(parsed)


@lru_cache(maxsize=1024)
def is_literal(host: str) -> bool:
    """Whether a host is an address itself, which needs no look-up."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def guarded_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """Make a socket for an address as ``getaddrinfo`` gives it; raises ForbiddenAddressError if it is not global."""
    family, kind, proto, _, address = addr_info
    if not is_global(address[0]) or address[1] not in WEB_PORTS:
        raise ForbiddenAddressError
    return socket.socket(family, kind, proto)


@lru_cache(maxsize=4096)
def _is_host(host: str) -> bool:
    """Look again: folding compatibility characters can make a slash or a colon of what was a letter."""
    written = f"[{host}]" if ":" in host else host
    shape = _SHAPE.fullmatch(f"http://{written}/")
    return shape is not None and shape["host"] == written


def _may_be_public(host: str) -> bool:
    if ":" in host:
        return is_global(host)
    # As in the URL standard: a host whose last label is a number is an IPv4 address, in however odd a form.
    if _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        return is_global(host)
    return "." in host and _PRIVATE_NAMES.fullmatch(host) is None


def _is_global_v6(parsed: IPv6Address) -> bool:
    if parsed.scope_id is not None or parsed not in _GLOBAL_V6:
        return False
    return parsed.is_global and not any(parsed in net for net in _NOT_GLOBAL_V6)
