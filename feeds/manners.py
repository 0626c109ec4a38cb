"""What the headers and words of an answer mean: validators, freshness, Retry-After, challenges. Pure.

RFC 9110 (validators, dates, Retry-After) and RFC 9111 (freshness) are the outside rules. Knows no client library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape

from feeds.polls import Validators

LONGEST_FRESHNESS = timedelta(days=1)
LONGEST_RETRY = timedelta(days=7)
REFUSED_AT_LEAST = timedelta(hours=4)
"""How long a 429 or 503 without Retry-After is obeyed."""
WORDS_LENGTH = 200

_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*"?([^",]*)"?)?', re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_HEADLINE = re.compile(r"<(title|h1)\b[^>]{0,200}>(.{1,600}?)</\1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,200}>")
_CHALLENGE_MARKS = (
    b"/cdn-cgi/challenge-platform/",
    b"_cf_chl_opt",
    b"<title>Just a moment...</title>",
    b"<title>DDoS-Guard</title>",
    b"/.well-known/ddos-guard/",
    b"/__qrator/qauth",
)


def agent(user_agent: str, readers: int | None) -> str:
    """Add the number of subscribers inside the brackets, where publishers' statistics look for it."""
    if readers is None:
        return user_agent
    count = f"{readers} subscribers"
    return f"{user_agent[:-1]}; {count})" if user_agent.endswith(")") else f"{user_agent} ({count})"


def validators_of(headers: Mapping[str, str]) -> Validators:
    """Take ETag and Last-Modified as they are; one that could not be sent back byte for byte is taken for none."""
    return Validators(etag=_sendable(headers.get("ETag")), last_modified=_sendable(headers.get("Last-Modified")))


def conditions(validators: Validators) -> dict[str, str]:
    """Say the validators back, in the headers of a conditional request."""
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in pairs.items() if value}


def media_type(content_type: str) -> tuple[str, str | None]:
    """Split a Content-Type into the media type in lower case and the charset as declared, if any."""
    charset = _CHARSET.search(content_type)
    return content_type.partition(";")[0].strip().lower(), charset[1] if charset else None


def max_age(headers: Mapping[str, str], *, cache_control: str, now: datetime) -> timedelta | None:
    """For how long the server says an answer stays fresh: positive and at most a day, or None.

    ``cache_control`` is all fields of that name joined by commas. ``no-cache`` and ``no-store`` override ``max-age``;
    Expires counts only where there is no Cache-Control at all, and relative to the server's own Date.
    """
    if cache_control:
        said = {name.lower(): value for name, value in _DIRECTIVE.findall(cache_control)}
        if "no-cache" in said or "no-store" in said:
            return None
        fresh = _seconds(said.get("max-age"))
    else:
        expires = http_date(headers.get("Expires"))
        fresh = expires - (http_date(headers.get("Date")) or now) if expires else None
    if fresh is None:
        return None
    left = min(fresh, LONGEST_FRESHNESS) - (_seconds(headers.get("Age")) or timedelta(0))
    return left if left > timedelta(0) else None


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as a date relative to Date: not negative, at most a week; None if unreadable."""
    value = headers.get("Retry-After")
    wait = _seconds(value)
    if wait is None and (until := http_date(value)):
        wait = until - (http_date(headers.get("Date")) or now)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST_RETRY)


def http_date(value: str | None) -> datetime | None:
    """Read a date of RFC 9110 §5.6.7 as aware UTC; None if there is none that can be read."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def is_challenge(headers: Mapping[str, str], page: bytes) -> bool:
    """Whether an answer is a gatekeeper's test for people, not the site's own words."""
    if headers.get("cf-mitigated") or headers.get("x-amzn-waf-action"):
        return True
    return bool(page) and any(mark in page for mark in _CHALLENGE_MARKS)


def words(page: bytes, *, content_type: str, reason: str) -> str:
    """Pick the first sensible 200 characters of an error page: title, heading, plain text, or the reason phrase."""
    try:
        text = page.decode()
    except UnicodeDecodeError:
        text = page.decode("cp1251", "replace")
    headline = _HEADLINE.search(text)
    if headline:
        text = headline[2]
    elif "html" in content_type or "<" in text:
        text = ""
    return _plain(text) or _plain(reason)


def _plain(text: str) -> str:
    shown = unescape(_TAG.sub(" ", text[: 4 * WORDS_LENGTH]))
    kept = (" " if char.isspace() else char for char in shown if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())[:WORDS_LENGTH]


def _seconds(value: str | None) -> timedelta | None:
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=int(text[:9]) if len(text) <= 9 else 10**9)


def _sendable(value: str | None) -> str | None:
    """Refuse what the client would mangle: it reads bytes that are not UTF-8 as surrogates, and drops those later."""
    return value if value and value.isprintable() else None
