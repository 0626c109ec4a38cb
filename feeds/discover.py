"""What somebody typed → the addresses to ask for a feed, and what was found → what to show. Pure.

Understands a page, a feed, a Telegram channel, a YouTube channel and a subreddit. The asking is ``feeds.scout``'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from feeds.addresses import judge, web_address
from feeds.appraisal import Appraisal
from feeds.model import Source, Telling
from feeds.pagelinks import YOUTUBE_FEED
from feeds.polls import Failed, FailureKind
from feeds.telegram_page import HOSTS as TELEGRAM

MOST_CANDIDATES: Final = 3
_USUAL: Final = ("/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json")
_CHANNEL_NAME = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_SUBREDDIT = re.compile(r"/?r/(\w{2,21})/?", re.ASCII)
_PLAYLISTS: Final = "https://www.youtube.com/feeds/videos.xml?playlist_id="
_USERS: Final = "https://www.youtube.com/feeds/videos.xml?user="
_SHARED: Final = 0.5
_COMPARED: Final = 20


class Hopeless(StrEnum):
    """Why there is nothing to ask at all."""

    NOT_AN_ADDRESS = "not-an-address"
    PRIVATE_CHANNEL = "private-channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quest:
    """Where to ask: each address in turn until one answers; ``wide`` if the site's usual places are worth a try."""

    addresses: tuple[str, ...]
    wide: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed that could be a source; ``same_as`` is the source that already tells the same."""

    url: str
    appraisal: Appraisal
    same_as: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found, best first, at most three; if nothing, then why. ``asked`` counts the requests."""

    candidates: tuple[Candidate, ...] = ()
    failure: Failed | Hopeless | None = None
    asked: int = 0


def understand(typed: str) -> Quest | Hopeless:
    """Say where to look for what somebody typed: an address with or without a scheme, ``@name``, ``r/name``."""
    text = web_address(typed.strip().strip("<>\"'«»"))
    if text.startswith("@"):
        return _telegram(text[1:])
    if subreddit := _SUBREDDIT.fullmatch(text):
        return Quest(addresses=(_subreddit(subreddit[1]),), wide=False)
    if text.lower().startswith("tg://"):
        return _telegram(next(iter(parse_qs(urlsplit(text).query).get("domain", [])), ""))
    addresses = (text,) if "://" in text else (f"https://{text}", f"http://{text}")
    refused = judge(addresses[0])
    if refused is not None and refused.kind is FailureKind.BAD_ADDRESS:
        return Hopeless.NOT_AN_ADDRESS
    if "://" not in text and "." not in text.split("/")[0]:
        return Hopeless.NOT_AN_ADDRESS
    return _special(addresses[0]) or Quest(addresses=addresses)


def usual_places(url: str) -> tuple[str, ...]:
    """List where the engines of most sites keep their feed."""
    parts = urlsplit(url)
    return tuple(urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in _USUAL)


def told_by(item_urls: Sequence[str], tellings: Iterable[Telling], sources: Iterable[Source]) -> Source | None:
    """Find the source that already told at least half of the newest articles."""
    urls = set(item_urls[:_COMPARED])
    told = Counter(source_id for source_id, url in {(one.source_id, one.url) for one in tellings} if url in urls)
    best = next((source_id for source_id, count in told.most_common(1) if count >= _SHARED * len(urls)), None)
    return next((source for source in sources if source.id == best), None)


def differing(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Keep of candidates with the same articles the one that says most of them, in the first one's place."""
    kept: list[Candidate] = []
    for candidate in candidates:
        twin = next((at for at, one in enumerate(kept) if _alike(one, candidate)), None)
        if twin is None:
            kept.append(candidate)
        elif _wholeness(candidate) > _wholeness(kept[twin]):
            kept[twin] = candidate
    return tuple(kept[:MOST_CANDIDATES])


def _special(url: str) -> Quest | Hopeless | None:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    steps = [step for step in parts.path.split("/") if step]
    if host in TELEGRAM:
        return _telegram_path(steps)
    if host in {"reddit.com", "old.reddit.com", "new.reddit.com"} and len(steps) >= 2 and not _is_feed(steps):
        kind, name = steps[0].lower(), steps[1]
        if kind in {"r", "u", "user"}:
            return Quest(addresses=(_subreddit(name) if kind == "r" else _redditor(name),), wide=False)
    if host == "youtube.com":
        return _youtube(url, steps)
    return None


def _is_feed(steps: Sequence[str]) -> bool:
    return steps[-1].lower() in {".rss", ".xml"}


def _telegram_path(steps: Sequence[str]) -> Quest | Hopeless:
    named = steps[1:] if steps[:1] == ["s"] else steps
    first = named[0] if named else ""
    if first.startswith("+") or first in {"joinchat", "c"}:
        return Hopeless.PRIVATE_CHANNEL
    return _telegram(first)


def _telegram(name: str) -> Quest | Hopeless:
    if not _CHANNEL_NAME.fullmatch(name):
        return Hopeless.NOT_AN_ADDRESS
    return Quest(addresses=(f"https://t.me/s/{name}",), wide=False)


def _subreddit(name: str) -> str:
    return f"https://www.reddit.com/r/{name}/.rss"


def _redditor(name: str) -> str:
    return f"https://www.reddit.com/user/{name}/.rss"


def _youtube(url: str, steps: Sequence[str]) -> Quest:
    playlist = parse_qs(urlsplit(url).query).get("list")
    match steps:
        case ["channel", name, *_]:
            return Quest(addresses=(YOUTUBE_FEED + name,), wide=False)
        case ["user", name, *_]:
            return Quest(addresses=(_USERS + name,), wide=False)
        case ["playlist"] if playlist:
            return Quest(addresses=(_PLAYLISTS + playlist[0],), wide=False)
        case _:
            return Quest(addresses=(url,), wide=False)


def _alike(one: Candidate, other: Candidate) -> bool:
    urls, others = ({item.url for item in each.appraisal.items[:_COMPARED]} for each in (one, other))
    return len(urls & others) >= _SHARED * max(min(len(urls), len(others)), 1)


def _wholeness(candidate: Candidate) -> tuple[int, int, int]:
    appraisal = candidate.appraisal
    return appraisal.opinions, appraisal.full_texts, appraisal.summaries
