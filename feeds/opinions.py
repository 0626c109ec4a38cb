"""The nouns of the editors' desk: an opinion of our editors, on its way from being asked for to every copy of a post.

``feeds.opinion`` finds what a newsroom says of its own news; this is about what our editors say. Knows no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feeds.model import Opinion, StoryId


class OpinionState(StrEnum):
    """Where an opinion is; the story itself is published whatever it is."""

    REQUESTED = "requested"
    CLAIMED = "claimed"
    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class OpinionOrigin(StrEnum):
    """Whose words it is: our editor WROTE it, it was EXTRACTED from the article, or a MODEL drafted it."""

    WRITTEN = "written"
    EXTRACTED = "extracted"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works at the desk; ``signature`` stands under their opinions, ``operator`` may invite others."""

    user_id: int
    signature: str
    operator: bool = False
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsOpinion:
    """The opinion on one story. ``version`` grows with every change: who changes an older one is told.

    ``due_at`` is when the first chat that wants opinions will carry the story. Users are Telegram's numbers. ``draft``
    is what an editor has written, or found, and not published: words that stand already stay until it is. Up to
    ``told_version`` its editor was told what became of the copies.
    """

    story_id: StoryId
    state: OpinionState
    version: int = 1
    origin: OpinionOrigin | None = None
    label: str = ""
    text: str = ""
    signature: str = ""
    author_id: int | None = None
    claimed_by: int | None = None
    claimed_until: datetime | None = None
    draft: str = ""
    draft_origin: OpinionOrigin | None = None
    draft_by: int | None = None
    due_at: datetime
    asked_at: datetime
    approved_at: datetime | None = None
    told_version: int = 0

    def as_told(self) -> Opinion:
        """Give it as an issue tells it."""
        return Opinion(label=self.label, text=self.text, ours=True, signature=self.signature)
