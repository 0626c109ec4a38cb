"""What the buttons of channels' screens call back with, beside ``ChannelTap``; see ``bot.callbacks``."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number


class ChannelsTap(CallbackData, prefix="cn"):
    """On the list of channels: turn to a page, add a channel, add a group."""

    do: str
    page: Number = 0


class ChannelSet(CallbackData, prefix="cs"):
    """Set one thing about a channel; without a value, open what there is to choose from."""

    chat: Number
    what: str
    to: str = ""


class WizardTap(CallbackData, prefix="cw"):
    """Go to a step of setting a channel up, or make the choice ``pick`` of it."""

    chat: Number
    step: Number
    pick: str = ""


class TrialTap(CallbackData, prefix="cp"):
    """Post on trial or take that back; ``stamp`` is when the button was drawn: tapped twice, it makes one post."""

    chat: Number
    stamp: Number
    do: str


class PlannedTap(CallbackData, prefix="cq"):
    """Move a post that waits: up, out, now; row 0 is the next issue of the schedule."""

    chat: Number
    row: Number
    do: str


class ApprovalTap(CallbackData, prefix="ca"):
    """Decide on a post that waits for a word; ``story`` is the one to leave out."""

    row: Number
    do: str
    story: Number = 0


class ThreadTap(CallbackData, prefix="ct"):
    """Map a topic to a thread of a forum; thread 0 opens the topic, or makes a thread for it."""

    chat: Number
    do: str
    topic: str = ""
    thread: Number = 0


class LogTap(CallbackData, prefix="cl"):
    """Read who changed what."""

    chat: Number
    page: Number = 0
