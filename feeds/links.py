"""Addresses and titles as keys: two spellings of one thing become one string. Fetches nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from feeds.model import Source

_TRACKING = re.compile(
    r"utm_\w*|ya?clid|ysclid|fbclid|gclid|dclid|msclkid|_openstat|mc_[ce]id|at_medium|at_campaign", re.IGNORECASE
)
_FROM_FEED = re.compile(r"rss\w*|feed", re.IGNORECASE)
_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&'()*+,;=~-._%"
_SPACES = re.compile(r"[\s\x00-\x20\u200b-\u200f\u2028-\u202e\ufeff]+")
_NOT_WORD = re.compile(r"[\W_]+")
_YO = str.maketrans("ёЁ", "еЕ")


# An address of which nothing is left out but a fragment and a slash, and a base that urllib does not refuse.
_CANONICAL = re.compile(r"(https?://[a-z0-9_.-]*[a-z0-9_-](?:/[A-Za-z0-9_.~/-]*)?)(?:#[A-Za-z0-9_.~/-]*)?", re.ASCII)
_HOST = re.compile(r"https?://([a-z0-9_.-]+)(?:/|$)")
_SOUND = re.compile(r"[^\x80-\U0010ffff\[\]]*")


@lru_cache(maxsize=1024)
def canonical_link(link: str, base: str | None = None) -> str | None:
    """Make an address absolute and comparable, or None when it is no http(s) address of a host.

    Without the fragment, the marks of campaigns (``utm_*``, ``yclid``, ``from=rss``…) and a trailing slash; host in
    lower case and, for names with other letters, in their ASCII form.
    """
    plain = _CANONICAL.fullmatch(link)
    if plain and _SOUND.fullmatch(base or "") and len(plain[1]) <= _LONGEST:
        return plain[1].rstrip("/")
    try:
        parts = urlsplit(urljoin(base or "", _SPACES.sub("", link).replace("&amp;", "&")))
        return _assembled(parts)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def picture_link(link: str, base: str | None = None) -> str | None:
    """Make a picture's address absolute, its query untouched (sizes and signatures live there); None if not http(s)."""
    plain = _CANONICAL.fullmatch(link)
    if plain and plain[1] == link and _SOUND.fullmatch(base or "") and len(link) <= _LONGEST:
        return link
    try:
        address = urljoin(base or "", _SPACES.sub("", link).replace("&amp;", "&"))
    except ValueError:
        return None
    return address if address.lower().startswith(("http://", "https://")) and canonical_link(address) else None


def netloc(url: str) -> str:
    """Give the part of an address that names its host."""
    plain = _HOST.match(url)
    return plain[1] if plain else urlsplit(url).netloc


def hostname(url: str) -> str | None:
    """Name the host of an address."""
    plain = _HOST.match(url)
    return plain[1] if plain else urlsplit(url).hostname


def _assembled(parts: SplitResult) -> str | None:
    scheme = parts.scheme.lower()
    host = _host(parts.hostname or "")
    if scheme not in _PORTS or not host or parts.username is not None:
        return None
    port = "" if parts.port in {None, _PORTS[scheme]} else f":{parts.port}"
    query = f"?{kept}" if (kept := _query(parts.query)) else ""
    path = quote(parts.path, safe=_SAFE).rstrip("/")
    address = f"{scheme}://{host}{port}{path}{query}"
    return address if len(address) <= _LONGEST else None


def _host(name: str) -> str:
    host = name.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    ascii_name = host if host.isascii() else host.encode("idna").decode("ascii")
    return ascii_name if re.fullmatch(r"[a-z0-9_.-]+", ascii_name) else ""


def _query(query: str) -> str:
    """Keep the parameters that choose the page, each as it came: its bytes may be of any charset."""
    kept = (parameter for parameter in query.split("&") if parameter and not _tracks(*parameter.partition("=")[::2]))
    return quote("&".join(kept), safe=_SAFE + "?[]")


def _tracks(name: str, value: str) -> bool:
    return _TRACKING.fullmatch(name) is not None or (name.lower() == "from" and _FROM_FEED.fullmatch(value) is not None)


def known_under(url: str, sources: Iterable[Source]) -> Source | None:
    """Find the source whose address this is; scheme, ``www.`` and what ``canonical_link`` drops make no difference."""
    key = _folded(url)
    return next((source for source in sources if key in {_folded(source.spec.url), _folded(source.given_url)}), None)


def _folded(url: str) -> str:
    canonical = canonical_link(url) or url
    return re.sub(r"^https?://(?:www\.)?", "", canonical)


def title_key(title: str) -> str:
    """Fold a title to its words: case, ё, punctuation, dashes, quotes and spaces make no difference."""
    folded = unicodedata.normalize("NFKC", title).casefold().translate(_YO)
    return _NOT_WORD.sub(" ", folded).strip()
