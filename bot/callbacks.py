"""What the buttons call back with: ids only, at most 64 bytes, and never any authority.

A digest's buttons live in a chat for years, so every tap carries all it needs and screens are drawn anew from the
store. ``chat`` is the key of the chat that is being set up; 0 is the chat the button is in.
"""

from __future__ import annotations

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

OWN = 0

TopicList = Literal["w", "t", "m", "f"]
Number = Annotated[int, Field(ge=0, lt=2**63)]
"""What a key of the store may be; data with any other number is nobody's."""


class TopicTap(CallbackData, prefix="t"):
    """Toggle a topic on the screen ``on``: w(elcome), t(hemes), m(akes), f(ound); or turn to a page of it."""

    chat: Number = OWN
    on: TopicList
    topic: str = ""
    page: Number = 0


class TimeTap(CallbackData, prefix="tm"):
    """Toggle a time of issue, in minutes after midnight."""

    chat: Number = OWN
    minutes: Number


class ZoneTap(CallbackData, prefix="tz"):
    """Choose a time zone (IANA name) or, without one, turn to a page of them."""

    chat: Number = OWN
    zone: str = ""
    page: Number = 0


class LangTap(CallbackData, prefix="l"):
    """Choose the language of the interface."""

    chat: Number = OWN
    lang: str


class ReadTap(CallbackData, prefix="r"):
    """Toggle a language of news."""

    chat: Number = OWN
    lang: str


class Go(CallbackData, prefix="z"):
    """Open a screen."""

    chat: Number = OWN
    to: str


class SubscribeTap(CallbackData, prefix="sub"):
    """Subscribe to issues at these minutes after midnight, joined by hyphens."""

    times: str
    issue: Number = 0


class DigestTap(CallbackData, prefix="d"):
    """Ask for an issue: of one's topics, or of all."""

    what: str = "mine"


class AccountTap(CallbackData, prefix="a"):
    """Resume, or delete everything about oneself: ``ask`` first, then ``delete``."""

    do: str


class ChannelTap(CallbackData, prefix="c"):
    """Do something to a channel or group: open, pause, resume, test."""

    chat: Number
    do: str


class IssueTap(CallbackData, prefix="i"):
    """Marks the keyboard of one delivery, so that no two messages of ours bear the same; opens the settings."""

    issue: Number
    part: Number = 0


class DoubtTap(CallbackData, prefix="u"):
    """End the doubt over an issue of which it could not be found out whether it arrived: it did, or send it again."""

    issue: Number
    do: str
