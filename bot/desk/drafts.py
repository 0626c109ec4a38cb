"""Drafts that nobody of the desk wrote: what a newsroom says of its own news, and, where it is set up, a model's."""

from __future__ import annotations

from bot.drafting import make_drafter
from bot.services import Services
from feeds.drafts import Draft
from feeds.judging import candidates
from feeds.model import Story
from feeds.opinions import EditorsOpinion, OpinionOrigin
from feeds.telling import best_telling


def has_model(services: Services) -> bool:
    """Whether a model may be asked for drafts."""
    return make_drafter(services.settings).model is not None


async def next_draft(
    services: Services, story: Story, opinion: EditorsOpinion | None
) -> tuple[str, OpinionOrigin] | None:
    """Find the draft after the one that is shown, None where there is no other.

    First what the newsrooms say, one after another; then what a model makes of the leading telling.
    """
    texts = [text for *_, text in candidates(story)]
    shown = opinion.draft if opinion else ""
    after = texts[texts.index(shown) + 1 :] if shown in texts else [text for text in texts if not shown]
    if after:
        return after[0], OpinionOrigin.EXTRACTED
    drafted = await make_drafter(services.settings).draft_opinion(best_telling(story.items).item)
    if isinstance(drafted, Draft):
        return drafted.text, OpinionOrigin.MODEL
    first = texts[0] if texts and texts[0] != shown else None
    return (first, OpinionOrigin.EXTRACTED) if first else None
