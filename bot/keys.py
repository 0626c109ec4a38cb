"""The buttons under issues, cards and posts. Pure; whether a story is saved or liked is told by whoever knows.

Of one chat's messages no two bear the same: ``bot.inquiry`` knows a message again by its buttons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.base62 import write_number
from bot.callbacks import DoubtTap, IssueTap, MoreTap, PauseTap, StoryTap
from bot.i18n import Words
from bot.look import Look, Place
from bot.markup import Button, Keyboard, rows
from feeds.digest import SIZE
from feeds.issue import DigestStory, OutboxId, Parcel
from feeds.model import StoryId

NUMBERS_A_ROW: Final = 7
SPOKEN_NUMBERS_A_ROW: Final = 3
LONGEST_URL: Final = 2000
"""Telegram takes about ten kilobytes of buttons under a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Which message of which issue bears the buttons; 0 where they are under none."""

    issue: int = 0
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Regard:
    """What a reader did with a story: saved it, voted for it (1) or against it (-1)."""

    kept: bool = False
    vote: int = 0


_KEEPING: Final = frozenset({"k", "u"})
_LIKING: Final = frozenset({"+", "-"})
NOWHERE: Final = Delivery()
UNTOUCHED: Final = Regard()


def issue_keys(
    stories: Sequence[DigestStory], place: Place, delivery: Delivery, *, first: int, page: int, left: int
) -> Keyboard:
    """Write the buttons under a page of an issue: its stories by number, what else there is, and the way to settings.

    ``left`` is how many stories there are beyond this page.
    """
    words = place.words
    numbers = [
        Button(text=_number(first + at, place), data=_tap(story.story_id, "o", delivery))
        for at, story in enumerate(stories)
    ]
    turn = []
    if page:
        turn.append(Button(text=words(_plain("button-back", place)), data=_page(delivery, page - 1)))
    if left > 0:
        turn.append(Button(text=words("button-more", count=min(left, SIZE)), data=_page(delivery, page + 1)))
    width = SPOKEN_NUMBERS_A_ROW if place.look.accessible else NUMBERS_A_ROW
    return (
        *rows(numbers, width=_even(len(numbers), width)),
        *([tuple(turn)] if turn else []),
        _ending(words, delivery),
    )


def missed_key(missed: OutboxId, words: Words) -> Button:
    """Offer an earlier issue of which it is not known whether it arrived."""
    return Button(text=words("button-missed"), data=DoubtTap(issue=missed, do="again").pack())


def card_keys(story: DigestStory, place: Place, delivery: Delivery = NOWHERE, regard: Regard = UNTOUCHED) -> Keyboard:
    """Write the buttons under a reader's card."""
    words, number = place.words, story.story_id
    read = [Button(text=words(_plain("button-read", place)), url=story.url)] if len(story.url) <= LONGEST_URL else []
    likes = (like_key(number, "+", place, delivery, regard), like_key(number, "-", place, delivery, regard))
    return (
        (*read, keep_key(number, place, delivery, regard)),
        (*likes, Button(text=words("button-hide"), data=_tap(number, "h", delivery))),
        (
            Button(text=words("button-why"), data=_tap(number, "w", delivery)),
            Button(text=words("button-share"), inline=story_token(number)),
        ),
    )


def keep_key(story_id: StoryId, place: Place, delivery: Delivery, regard: Regard) -> Button:
    """Offer to save a story, or to forget it where it is saved."""
    do, key = ("u", "button-kept") if regard.kept else ("k", "button-keep")
    style = "success" if regard.kept else None
    return Button(text=place.words(key), data=_tap(story_id, do, delivery), style=style)


def like_key(story_id: StoryId, do: str, place: Place, delivery: Delivery, regard: Regard) -> Button:
    """Offer a vote for (+) or against (-); one that was cast is ticked, and taken back by another tap."""
    words = place.words
    name = words(_plain("button-like" if do == "+" else "button-dislike", place))
    on = regard.vote == (1 if do == "+" else -1)
    text = words("toggle-on", name=name) if on else name
    return Button(text=text, data=_tap(story_id, do, delivery), style="success" if on else None)


def regarded(keyboard: Keyboard, place: Place, regards: Mapping[StoryId, Regard]) -> Keyboard:
    """Write buttons once more as their reader left these stories; all others stay as they are."""
    return tuple(tuple(regarded_key(button.data, place, regards) or button for button in row) for row in keyboard)


def regarded_key(data: str | None, place: Place, regards: Mapping[StoryId, Regard]) -> Button | None:
    """Write a button that shows whether its story is saved or voted on; None for any other."""
    found = _story_tap(data)
    regard = regards.get(StoryId(found.story)) if found is not None else None
    if found is None or regard is None:
        return None
    delivery = Delivery(issue=found.issue, part=found.part)
    if found.do in _KEEPING:
        return keep_key(StoryId(found.story), place, delivery, regard)
    return like_key(StoryId(found.story), found.do, place, delivery, regard) if found.do in _LIKING else None


def kept_stories(keyboard: Keyboard) -> frozenset[StoryId]:
    """Say which stories may be saved by these buttons."""
    taps = [tap for row in keyboard for button in row if (tap := _story_tap(button.data)) is not None]
    return frozenset(StoryId(tap.story) for tap in taps if tap.do in _KEEPING)


def post_keys(story: DigestStory, place: Place, parcel: Parcel, part: int, *, username: str) -> Keyboard:
    """Write the buttons under a channel's post: links only, for a tap would answer one reader among thousands."""
    token = f"{story_token(story.story_id)}_{write_number(parcel.id)}_{part}"
    mine = Button(text=place.words("button-own-feed"), url=f"https://t.me/{username}?start={token}")
    if len(story.url) > LONGEST_URL:
        return ((mine,),)
    return ((Button(text=place.words(_plain("button-read-all", place)), url=story.url), mine),)


def channel_keys(words: Words, parcel: Parcel, part: int, *, username: str) -> Keyboard:
    """Write the one button under a channel's digest: the way to an issue of one's own."""
    link = f"https://t.me/{username}?start=c_{parcel.chat.id}_{parcel.id}_{part}"
    return ((Button(text=words("button-own-issue"), url=link),),)


def story_token(story_id: StoryId) -> str:
    """Name a story in a link, a command or an inline query: s_4F."""
    return f"s_{write_number(story_id)}"


def _story_tap(data: str | None) -> StoryTap | None:
    try:
        return StoryTap.unpack(data or "")
    except (TypeError, ValueError):
        return None


def _number(number: int, place: Place) -> str:
    return place.words("button-story", number=str(number)) if place.look.accessible else str(number)


def _plain(key: str, place: Place) -> str:
    """Name the label without arrows and pictures where a screen reader would spell them out."""
    return f"{key}-plain" if place.look.accessible else key


def _tap(story_id: StoryId, do: str, delivery: Delivery) -> str:
    return StoryTap.model_validate({"story": story_id, "do": do, "issue": delivery.issue, "part": delivery.part}).pack()


def _page(delivery: Delivery, page: int) -> str:
    return MoreTap(issue=delivery.issue, part=delivery.part, page=page).pack()


def _ending(words: Words, delivery: Delivery) -> tuple[Button, ...]:
    return (
        Button(text=words("button-pause"), data=PauseTap(issue=delivery.issue).pack()),
        Button(text=words("button-settings"), data=IssueTap(issue=delivery.issue, part=delivery.part).pack()),
    )


def _even(count: int, width: int) -> int:
    """Spread buttons over as few rows as they need, alike in length."""
    lines = max(1, -(-count // width))
    return max(1, -(-count // lines))


def is_quiet(look: Look) -> bool:
    """Whether nothing may load beside the text."""
    return look.light or not look.previews
