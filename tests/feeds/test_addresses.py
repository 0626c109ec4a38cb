from __future__ import annotations

import os
import socket
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile_addresses import addresses, treated_well
from feeds.addresses import (
    ForbiddenAddressError,
    bare_host,
    guarded_socket,
    host_of,
    is_global,
    judge,
    site_of,
    web_address,
)
from feeds.polls import FailureKind


def corpus() -> list[tuple[str, str]]:
    folder = os.environ.get("AUTODIGEST_CORPUS")
    if folder is None:
        return []
    return addresses(Path(folder, "feeds", "addresses.tsv"))


@pytest.mark.skipif("AUTODIGEST_CORPUS" not in os.environ, reason="AUTODIGEST_CORPUS is not set")
@pytest.mark.parametrize(("url", "expect"), corpus())
def test_every_address_of_the_corpus_is_judged_as_expected(url: str, expect: str) -> None:
    assert treated_well(url, expect)


@pytest.mark.parametrize(
    "url",
    ["https://example.ru", "http://EXAMPLE.ru:80/rss?a=[1]#x", "https://пример.рф:443/", "https://xn--e1afmkfd.xn--p1ai",
     "http://8.8.8.8/", "https://[2a02:6b8::2:242]/rss", "https://example.ru./rss", "https://a_b.example.ru/лента"],
)  # fmt: skip
def test_a_public_address_passes(url: str) -> None:
    assert judge(url) is None


@pytest.mark.parametrize(
    "url",
    ["http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://router.local/", "http://intranet/",
     "http://metadata.google.internal/", "http://127.1/", "http://0x7f.1/", "http://017700000001/", "http://1.2.3/",
     "http://127.0.0.1./", "http://127。0。0。1/", "http://1.2.3.4.5/", "http://example.0x1/", "http://256.1.1.1/",
     "http://[::ffff:8.8.8.8]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::1]/", "http://[fec0::1]/",
     "http://[ff02::1]/", "http://224.0.0.1/", "http://192.88.99.1/", "http://example.ru:22/", "https://example.ru:8443",
     "http://lo\u00adcalhost/", "http://local\u200bhost/"],
)  # fmt: skip
def test_an_address_of_a_private_network_is_forbidden(url: str) -> None:
    failure = judge(url)
    assert failure is not None
    assert failure.kind is FailureKind.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "url",
    ["", "example.ru/rss", "ftp://example.ru/", "javascript:alert(1)", "http://", "http:///rss", "http://a@example.ru/",
     "http://example.ru:99999/", "http://example.ru:8o/", "http://exa mple.ru/", "http://example.ru/\r\nHost: x",
     "http://example.ru\\@127.0.0.1/", "http://127.0.0%2e1/", "http://[fe80::1%eth0]/", "http://[::1", "http://./",
     " http://example.ru/", "http://℀.ru/"],
)  # fmt: skip
def test_what_two_parsers_could_read_differently_is_no_address(url: str) -> None:
    failure = judge(url)
    assert failure is not None
    assert failure.kind is FailureKind.BAD_ADDRESS


def test_exempt_hosts_may_be_private_and_use_any_port() -> None:
    exempt = {"127.0.0.1", "::1", "rss.lan"}
    for url in ("http://127.0.0.1:8080/", "http://[0:0::1]:9/", "https://RSS.lan.:8443/x"):
        assert judge(url, allow_hosts=exempt) is None
    assert judge("http://user@127.0.0.1/", allow_hosts=exempt) is not None
    assert judge("http://127.0.0.2:8080/", allow_hosts=exempt) is not None


def test_one_host_has_one_spelling() -> None:
    assert bare_host("[0:0:0::1]") == "::1"
    assert host_of("HTTP://Example.RU.:80/x") == "example.ru"
    assert host_of("not an address") is None
    assert site_of("https://example.ru/a") == site_of("http://EXAMPLE.ru:80/b") == "example.ru"
    assert site_of("http://127.0.0.1:8080/") == "127.0.0.1:8080"


@pytest.mark.parametrize(
    ("pasted", "address"),
    [("feed://example.ru/rss", "http://example.ru/rss"), ("feed:https://example.ru/", "https://example.ru/"),
     (" https://example.ru/feed:x\n", "https://example.ru/feed:x"), ("FEED://example.ru", "http://example.ru")],
)  # fmt: skip
def test_the_scheme_feed_means_the_web(pasted: str, address: str) -> None:
    assert web_address(pasted) == address


@given(st.ip_addresses())
@settings(max_examples=300)
def test_a_socket_is_made_only_for_what_is_global(address: object) -> None:
    text = str(address)
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    info = (family, socket.SOCK_STREAM, 0, "", (text, 443))
    if is_global(text):
        guarded_socket(info).close()
        assert not ip_address(text).is_private
        assert not ip_address(text).is_multicast
    else:
        with pytest.raises(ForbiddenAddressError):
            guarded_socket(info)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_inside_an_ipv6_one(inner: object) -> None:
    number = int(ip_address(str(inner)))
    for prefix in ("::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::"):
        assert not is_global(str(IPv6Address(int(IPv6Address(prefix)) + number)))
    assert not is_global(str(IPv6Address((0x2002 << 112) + (number << 80) + 1)))


def test_a_socket_to_a_port_that_is_not_the_webs_is_refused() -> None:
    with pytest.raises(ForbiddenAddressError):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 25)))


@given(st.text())
@settings(max_examples=300)
def test_no_text_makes_the_judge_raise(text: str) -> None:
    judge(text)
    judge(f"http://{text}/")
    judge(web_address(text))
