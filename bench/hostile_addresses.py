"""The corpus of addresses that a source must not reach, put to the judge of addresses and to the guard of sockets."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from feeds.addresses import ForbiddenAddressError, bare_host, guarded_socket, host_of, judge, web_address


def addresses(path: Path) -> list[tuple[str, str]]:
    """Read each line's address and what is expected of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if line and not line.startswith("#")]


def treated_well(url: str, expect: str) -> bool:
    """Whether an address is judged as expected, at the hop where its danger is, and its socket refused."""
    source, _, onward = url.partition(" -> ")
    hop = re.sub(r"^30[1-8] ", "", onward)
    if hop.startswith(("http:", "gopher:")):
        return judge(source) is None and judge(hop) is not None and not _connects(hop)
    if expect in {"deny", "policy"} and not onward:
        return judge(url) is not None and not _connects(url)
    # Loops, rebinding and redirects of strangers are for the fetcher and the socket to see.
    private = "rebinding" not in onward or not _opens("127.0.0.1", 80)
    return judge(web_address(source)) is None and private


def _connects(url: str) -> bool:
    """Whether a socket would be made for an address whose host is literal, in any of the ways to write it."""
    host = host_of(url)
    if host is None:
        return False
    try:
        literal = socket.inet_ntoa(socket.inet_aton(bare_host(host)))
    except OSError:
        literal = host
    return _opens(literal, 80)


def _opens(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        guarded_socket((family, socket.SOCK_STREAM, 0, "", (host, port))).close()
    except ForbiddenAddressError:
        return False
    return True
