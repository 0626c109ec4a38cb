"""What a chat has set beside its topics and times: how its issues look, what is hidden from it, when it sleeps.

Kept together as one value, for nothing asks the store for chats by any of it. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Density(StrEnum):
    """How much an issue says of each story: BRIEF headlines, DIGEST a sentence or two, CARDS a message for each."""

    BRIEF = "brief"
    DIGEST = "digest"
    CARDS = "cards"


class Opinions(StrEnum):
    """Which opinions a chat gets: ALL, those our editors APPROVED, or NONE."""

    ALL = "all"
    APPROVED = "approved"
    NONE = "none"


class Picture(StrEnum):
    """What goes with a card: the link's PREVIEW, a PHOTO of its own, or NONE."""

    PREVIEW = "preview"
    PHOTO = "photo"
    NONE = "none"


class HiddenKind(StrEnum):
    """What a reader may hide. A SOURCE goes by its name, a WORD as ``feeds.ownwords`` reads it."""

    TOPIC = "topic"
    SOURCE = "source"
    WORD = "word"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Something a reader wants less of, for good where ``until`` is None."""

    kind: HiddenKind
    what: str
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still is hidden."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Where stories of a topic go in a group with forum topics; ``topic`` None is for all others."""

    topic: str | None
    thread_id: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """The settings of one chat; each default is what most people want.

    ``weekdays`` are those of the daily times (Monday is 0; none = every day), ``weekly`` is a further issue in minutes
    after Monday's midnight. ``quiet`` is from when to when nothing may ring, in minutes after midnight, over midnight
    too. ``light`` leaves out everything that costs traffic, ``accessible`` what a screen reader stumbles over.
    """

    weekdays: frozenset[int] = frozenset()
    weekly: int | None = None
    quiet: tuple[int, int] | None = (23 * 60, 8 * 60)
    density: Density = Density.DIGEST
    opinions: Opinions = Opinions.ALL
    previews: bool = True
    light: bool = False
    accessible: bool = False
    hidden: tuple[Hidden, ...] = ()
    taste: tuple[tuple[str, int], ...] = ()
    """What its votes say (``feeds.taste``), kept here so that composing for everybody reads nobody's votes."""

    reported_at: datetime | None = None
    """The Monday on which a week was told last: a channel's to its admins, an editor's to themselves."""

    # Of channels and groups only.
    picture: Picture = Picture.PREVIEW
    signature: str = ""
    hashtags: bool = False
    sound: bool = True
    daily_cap: int | None = None
    least_importance: int = 0
    approval_minutes: int | None = None
    """Posts wait for an admin so long, then go by themselves; 0 = they wait for ever, None = nobody is asked."""
    threads: tuple[Thread, ...] = ()
    thread_names: tuple[tuple[int, str], ...] = ()
    """What threads are called in which somebody wrote /setup: Telegram tells it nowhere else."""
    forum: bool = False
    """The group has topics, as Telegram said when somebody last looked."""
    wizard_step: int | None = None
    """Where setting it up stands; None when it is done or was never begun. Nothing goes to it while it stands."""
    wizard_left: bool = False
    """Who sets it up has gone to all its settings, from which they come back to these and not to a step."""
    report: bool = True
    """Its admins are told of its week each Monday."""
    crowd: bool = False
    """Its admins were told what the law asks of a channel so large."""
    archived: bool = False
    """Telegram has not known it for long: it is listed no more, and comes back with its settings if it does."""
