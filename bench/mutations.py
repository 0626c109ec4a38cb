"""Ways to spoil a feed: what broken generators, bad lines and ill will do to it. Pure, from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

Mutation = Callable[[bytes, random.Random], bytes]
LARGEST: Final = 300_000
_PIECES: Final = (
    b"<item>", b"</item>", b"<title>", b"</title>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml", b"?>",
    b"<!DOCTYPE x [", b"<!ENTITY a '&a;&a;'>", b"&a;", b"&", b"&#xD83D;", b"&#55357;&#56983;", b"&#0;",
    b"&#xFFFFFFFF;", b"&nbsp;", b"&lt;p&gt;", b"<", b">", b"/>", b"\0", b"\x1b", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xe2\x80\xae", b"\xf0\x9f\x9a\x97", b"\xd0", b"\x80", b"<link>http://[</link>",
    b"<pubDate>9999-99-99</pubDate>", b"<media:title x='", b"<content:encoded>", b"<div hidden>", b"<html>",
    b"<rss>", b"</channel>", b"<itunes:summary/>", b"<a href='javascript:x'>", b"<img src='http://[::'>",
    b"<ttl>99999999999999999999</ttl>", b"<skipHours><hour>x</hour></skipHours>", b"<xhtml:div>",
    b'xml:base="http://["',
)  # fmt: skip
_CHARSETS: Final = (
    "utf-8",
    "windows-1251",
    "koi8-r",
    "cp866",
    "utf-16",
    "utf-32",
    "utf-7",
    "shift_jis",
    "idna",
    "base64",
    "no",
)


def flip_bytes(body: bytes, chance: random.Random) -> bytes:
    """Change up to fifty bytes."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 50)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(body: bytes, chance: random.Random) -> bytes:
    """Break off, at the end or at the start."""
    at = chance.randrange(len(body))
    return body[:at] if chance.random() < 0.8 else body[at:]


def splice(body: bytes, chance: random.Random) -> bytes:
    """Put pieces of mark-up in, or a part of the body at another place."""
    for _ in range(chance.randint(1, 12)):
        at, start = chance.randrange(len(body) + 1), chance.randrange(len(body))
        piece = chance.choice(_PIECES) if chance.random() < 0.7 else body[start : start + chance.randint(1, 2000)]
        body = body[:at] + piece + body[at + chance.choice((0, 0, len(piece))) :]
    return body


def recode(body: bytes, chance: random.Random) -> bytes:
    """Encode in another charset than is declared, or declare another than it is encoded in."""
    charset = chance.choice(_CHARSETS)
    if chance.random() < 0.5:
        return b'<?xml version="1.0" encoding="' + charset.encode() + b'"?>' + body
    try:
        return body.decode("utf-8", "replace").encode(charset, "replace")
    except (LookupError, ValueError):
        return body + charset.encode()


def nest(body: bytes, chance: random.Random) -> bytes:
    """Nest elements deeply, in the feed or in an item's text."""
    depth, at = chance.choice((50, 500, 5000, 20_000)), chance.randrange(len(body))
    opening, closing = chance.choice(
        ((b"<div>", b"</div>"), (b"<item>", b"</item>"), (b"&lt;b&gt;", b""), (b"<![CDATA[", b"]]>"))
    )
    return body[:at] + opening * depth + closing * (depth if chance.random() < 0.5 else 0) + body[at:]


def swell(body: bytes, chance: random.Random) -> bytes:
    """Add huge or many attributes, a huge text, or very many items."""
    many = chance.choice((100, 1000, 3000))
    grown = chance.choice((
        b"<x " + b" ".join(b'a%d="%d"' % (number, number) for number in range(many)) + b">",
        b'<enclosure url="http://example.ru/' + b"a" * many * 20 + b'"/>',
        b"<item><title>t</title><link>http://example.ru/</link></item>" * (many // 5),
        b"&amp;" * many * 5,
        b"<" * many * 5,
        b"\xd0\x96 " * many * 5,
        b" xmlns:n%d='urn:n'" % many * (many // 10),
    ))  # fmt: skip
    at = chance.randrange(len(body))
    at = max(body.rfind(b"<", 0, at), 0) if chance.random() < 0.7 else at
    return body[:at] + grown + body[at:]


def repeat(body: bytes, chance: random.Random) -> bytes:
    """Say a part of it several times."""
    start = chance.randrange(len(body))
    part = body[start : start + chance.randint(1, 20_000)]
    return body[:start] + part * chance.randint(2, 10) + body[start:]


MUTATIONS: Final[Sequence[Mutation]] = (flip_bytes, truncate, splice, recode, nest, swell, repeat)


def mutate(bodies: Sequence[bytes], seed: int) -> bytes:
    """Spoil one of ``bodies`` in one to three ways; the same for the same seed, and at most 300,000 bytes."""
    chance = random.Random(seed)
    body = chance.choice(bodies)[: chance.choice((3_000, 10_000, 30_000, LARGEST))]
    for _ in range(chance.choice((1, 1, 2, 3))):
        body = chance.choice(MUTATIONS)(body, chance) or b" "
    return body[:LARGEST]
