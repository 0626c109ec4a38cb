"""Addresses that bring the bot into a channel or group, and people into the private chat. Knows no store."""

from __future__ import annotations

from feeds.issue import ChatKind

RIGHTS = "post_messages"
SETUP = "cfg_"
"""How the payload of a link begins that leads from a group to setting it up in private."""


def add_link(username: str, kind: ChatKind = ChatKind.CHANNEL) -> str:
    """Return the link that adds the bot with the one right it needs."""
    if kind is ChatKind.CHANNEL:
        return f"https://t.me/{username}?startchannel&admin={RIGHTS}"
    return f"https://t.me/{username}?startgroup=cfg"


def setup_link(username: str, token: str, thread: int | None = None) -> str:
    """Return the link that goes on with setting a group up in private, where who follows it is somebody."""
    return f"https://t.me/{username}?start={SETUP}{token}" + (f"_{thread}" if thread else "")


def read_setup(payload: str) -> tuple[str, int | None]:
    """Take the token and the thread out of a payload."""
    token, _, thread = payload.removeprefix(SETUP).partition("_")
    return token, int(thread) if thread.isdecimal() and len(thread) < 15 else None
