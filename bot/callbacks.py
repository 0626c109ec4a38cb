"""What the buttons call back with: ids only, at most 64 bytes, and never any authority.

A digest's buttons live in a chat for years, so every tap carries all it needs and screens are drawn anew from the
store. ``chat`` is the key of the chat that is being set up; 0 is the chat the button is in.
"""

from __future__ import annotations

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

OWN = 0

TopicList = Literal["w", "t", "m", "f", "s"]
Number = Annotated[int, Field(ge=0, lt=2**63)]
"""What a key of the store may be; data with any other number is nobody's."""


class TopicTap(CallbackData, prefix="t"):
    """Toggle a topic on the screen ``on``: w(elcome), t(hemes), m(akes), f(ound), s(earch); or turn to a page of it."""

    chat: Number = OWN
    on: TopicList
    topic: str = ""
    page: Number = 0


class OwnTap(CallbackData, prefix="ow"):
    """A chat's own words, or what is hidden from it: list, add, drop what has a mark; ``all`` takes every theme too."""

    chat: Number = OWN
    on: Literal["words", "hidden"]
    do: Literal["list", "add", "drop", "all"] = "list"
    mark: str = ""


class FindTap(CallbackData, prefix="f"):
    """Ask for the name of a make or topic to find."""

    chat: Number = OWN


class SearchTap(CallbackData, prefix="e"):
    """Turn to a page of what a search found, follow its words (on) or no more (off); old buttons turn it (follow).

    The query stands in the message's first line.
    """

    do: Literal["page", "on", "off", "follow"] = "page"
    page: Number = 0


class WishTap(CallbackData, prefix="wi"):
    """Say what «меньше теслы» meant: to hide a ``topic`` or a ``word``, for so long, or to ``find`` stories.

    Each answer is joined to those before it: "word", "word-month", "word-month-sure". What they wrote stands in the
    message's first line.
    """

    do: Annotated[str, Field(pattern=r"^(find|(topic|word)(-(month|ever)(-sure)?)?)$")]


class MixTap(CallbackData, prefix="mx"):
    """Take over what a channel has chosen."""

    chat: Number


class SuggestTap(CallbackData, prefix="sg"):
    """Propose the address in the message as a source."""

    what: Literal["source"] = "source"


class TimeTap(CallbackData, prefix="tm"):
    """Toggle a time of issue, in minutes after midnight."""

    chat: Number = OWN
    minutes: Number


class ZoneTap(CallbackData, prefix="tz"):
    """Choose a time zone (IANA name) or, without one, turn to a page of them."""

    chat: Number = OWN
    zone: str = ""
    page: Number = 0


class RhythmTap(CallbackData, prefix="rh"):
    """Let issues come ``daily`` or on ``workdays``, or turn to the next of what comes at once (``instant``)."""

    chat: Number = OWN
    do: str


class WeeklyTap(CallbackData, prefix="wk"):
    """Choose when the weekly issue comes: open the choice, its ``day`` (Monday is 1), then its ``hour``; or ``off``."""

    chat: Number = OWN
    do: str = "open"
    day: Number = 0
    hour: Number = 0


class QuietTap(CallbackData, prefix="q"):
    """Choose the hours in which nothing rings: open the choice, ``set`` them, choose one's ``own``, or ``off``.

    ``from_hour`` and ``to_hour`` are hours of the day.
    """

    chat: Number = OWN
    do: str = "open"
    from_hour: Number = 0
    to_hour: Number = 0


class PauseTap(CallbackData, prefix="p"):
    """Let nothing come for a while: open the choice, a span (``1h 1d 3d 7d morning always``), or ``end`` the pause.

    ``issue`` is the delivery that the button stands under: it must stay as it is.
    """

    chat: Number = OWN
    span: str = "open"
    issue: Number = 0


class PlaceTap(CallbackData, prefix="pl"):
    """Find one's time zone by a ``city`` to type, by the ``location``, or an hour ``later`` or ``earlier`` than one."""

    chat: Number = OWN
    do: str
    zone: str = ""


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


OTHER_TIME = "other"
"""What stands for the times of a ``SubscribeTap`` that opens the clock instead."""
KEPT_TIMES = "kept"
"""What stands for the times that somebody had before they stopped."""


class SubscribeTap(CallbackData, prefix="sub"):
    """Subscribe to issues at these minutes after midnight, joined by hyphens; ``page`` is one of the clocks to choose.

    ``zone`` is the clock that was chosen; who reads English is asked for it first.
    """

    times: str
    issue: Number = 0
    zone: str = ""
    page: Number = 0


class DigestTap(CallbackData, prefix="d"):
    """Ask for an issue: of one's topics, or of all."""

    what: str = "mine"


class LookTap(CallbackData, prefix="lk"):
    """Turn a look of issues to its next state (``bot.panel.LOOKS``)."""

    chat: Number = OWN
    look: str


class AccountTap(CallbackData, prefix="a"):
    """Resume; say why one stopped (often, other, repeats); read what is stored (privacy) and have it (export).

    Delete everything about oneself: ``ask`` first, then ``delete``; channels that nobody else runs are handed over
    (hand) or let go (off) before.
    """

    do: str


class ChannelTap(CallbackData, prefix="c"):
    """Do something to a channel or group: open, pause, resume, preview, unlink and the like."""

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


class StoryTap(CallbackData, prefix="s"):
    """Do something with a story: o(pen) its card, k(eep), u(nkeep), vote + or -, h(ide), w(hy).

    ``issue`` and ``part`` are the delivery that the button is under, 0 where it is under none: see ``IssueTap``.
    """

    story: Number
    do: Literal["o", "k", "u", "+", "-", "h", "w"]
    issue: Number = 0
    part: Number = 0


class MoreTap(CallbackData, prefix="n"):
    """Turn to a page of an issue; page 0 is the issue itself, what follows is what else there was."""

    issue: Number
    part: Number = 0
    page: Number = 0


class HideTap(CallbackData, prefix="h"):
    """Less like a story: what ``feeds.hiding.mark_of`` gives this mark, for so many days, or for ever with 0.

    ask (for how long), do, sure (although nothing would be left), undo, or leave it.
    """

    story: Number
    mark: str = ""
    days: Annotated[int, Field(ge=0, le=366)] = 0
    do: Literal["ask", "do", "sure", "undo", "leave"] = "ask"


class SavedTap(CallbackData, prefix="v"):
    """Saved stories: turn to a page, open or remove one, or fetch all as a file."""

    do: Literal["page", "open", "drop", "md", "html"] = "page"
    story: Number = 0
    page: Number = 0


class DeskTap(CallbackData, prefix="o"):
    """Do something about an opinion at the editors' desk.

    open its card, take it, give it back, approve the draft as it is (ok; facts for a model's, which were checked),
    another draft, none at all, later; under what was written: put it into the posts, edit it, drop it; of one that
    stands: off withdraws it, sure does. ``version`` is the opinion's when the button was drawn, ``draft`` tells the
    draft that was shown from any other (``bot.desk.cards.mark_of``).
    """

    story: Number
    do: Literal["open", "take", "give", "ok", "facts", "other", "none", "later", "put", "edit", "drop", "off", "sure"]
    version: Number = 0
    draft: Number = 0


class QueueTap(CallbackData, prefix="oq"):
    """Show what waits at the desk: all of it, what is due soon, one's own, or what has no draft."""

    show: Literal["all", "soon", "mine", "bare"] = "all"


class BreakTap(CallbackData, prefix="ob"):
    """Ask to how many a story would go, let it be breaking news, beyond the day's measure too (over), or undo that."""

    story: Number
    do: Literal["ask", "send", "over", "undo"]


class StaffTap(CallbackData, prefix="oe"):
    """Invite an editor, or let one go: ask first, then dismiss."""

    do: Literal["invite", "list", "ask", "dismiss"]
    user: Number = 0


class SignTap(CallbackData, prefix="os"):
    """Choose what stands under one's opinions: one's first name, or the desk's."""

    by: Literal["name", "desk"]
