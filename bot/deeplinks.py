"""What stands behind ``?start=``: a payload of at most 64 letters, digits, ``_`` and ``-``, read and written.

Pure. A payload that says nothing to us is None: whoever follows a broken link is greeted like anybody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from bot.base62 import read_number, write_number
from feeds.issue import ChatId
from feeds.model import StoryId
from feeds.topics import Catalogue, Topic

DIGEST = "digest"
"""The payload that asks for an issue."""
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COUNTRIES = {"cn": "china", "ru": "russia", "jp": "japan", "kr": "korea"}


@dataclass(frozen=True, slots=True)
class TopicsLink:
    """«t_ev-cn», «t_ev_china»: topics that whoever comes is interested in, as the link names them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryLink:
    """«s_4F»: a story to show."""

    story: StoryId


@dataclass(frozen=True, slots=True)
class MixLink:
    """«c_4F»: what a channel has chosen, for oneself."""

    chat: ChatId


@dataclass(frozen=True, slots=True)
class DigestLink:
    """«digest»: an issue, now."""


DeepLink: TypeAlias = TopicsLink | StoryLink | MixLink | DigestLink


def read_payload(payload: str) -> DeepLink | None:
    """Read what a link asks for."""
    if not _PAYLOAD.fullmatch(payload):
        return None
    if payload == DIGEST:
        return DigestLink()
    kind, _, rest = payload.partition("_")
    match kind:
        case "t" if rest:
            return TopicsLink(tuple(name for name in rest.split("_") if name))
        case "s":
            # Under a channel's post there follows which post it is.
            story = read_number(rest.partition("_")[0])
            return None if story is None else StoryLink(StoryId(story))
        case "c":
            chat = _chat(rest)
            return None if chat is None else MixLink(ChatId(chat))
        case _:
            return None


def chat_payload(chat: ChatId) -> str:
    """Name the choice of a channel or group."""
    return f"c_{write_number(chat)}"


def start_link(username: str, payload: str) -> str:
    """Return the address that opens the private chat with us."""
    return f"https://t.me/{username}?start={payload}"


def linked_topics(link: TopicsLink, catalogue: Catalogue) -> tuple[Topic, ...]:
    """Say which topics a link means; a hyphen joins several where no topic has one in its id."""
    found: dict[str, Topic] = {}
    for name in link.names:
        for part in [name] if catalogue.get(name) else name.split("-"):
            topic = catalogue.get(_COUNTRIES.get(part, part))
            if topic is not None:
                found[topic.id] = topic
    return tuple(found.values())


def _chat(rest: str) -> int | None:
    """Read the key of a chat; under a post it stands in decimal, followed by the post's issue and part."""
    key, *marks = rest.split("_")
    if not marks:
        return read_number(key)
    decimal = len(marks) == 2 and all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (key, *marks))
    return int(key) if decimal else None
