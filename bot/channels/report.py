"""A channel's week for those who run it: its posts, what readers thought of them, which sources were silent.

Each Monday at ten by the channel's own clock, once; whoever wants none says so for the whole channel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from aiogram import Bot, Router
from aiogram.types import MessageReactionCountUpdated

from bot.callbacks import ChannelTap
from bot.channels.failures import tell
from bot.channels.taps import ChannelSet
from bot.i18n import Words
from bot.jobs import Bell
from bot.markup import Bold, Button, Link, Message, Paragraph, Spans
from bot.render import cut
from bot.services import Services
from feeds.issue import Chat, ChatKind, DigestStory
from feeds.schedule import last_monday, zone_of
from storage.posted import Told

RING: Final = timedelta(minutes=5)
WEEK: Final = timedelta(days=7)
LATE: Final = timedelta(days=1)
"""A report that an outage held up so long is left out: the next one is near enough."""
NAMED: Final = 3
"""Silent sources that are named."""
_KINDS = (ChatKind.CHANNEL, ChatKind.SUPERGROUP, ChatKind.GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week brought: the posts, how many days the day's limit was full, the sources that told nothing."""

    posts: Sequence[Told] = ()
    full_days: int = 0
    silent: Sequence[str] = field(default=())

    @property
    def reactions(self) -> int:
        """How often readers reacted."""
        return sum(post.reactions for post in self.posts)

    @property
    def best(self) -> tuple[DigestStory, int] | None:
        """The story readers reacted to most, and how often; without any reaction the most important one."""
        told = [(post.digest.stories[0], post.reactions) for post in self.posts if post.digest.stories]
        return max(told, key=lambda one: (one[1], one[0].score.total if one[0].score else 0.0), default=None)


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="report")
    router.message_reaction_count.register(counted)
    return router


async def counted(event: MessageReactionCountUpdated, services: Services) -> None:
    """Keep how many reactions a post has; who reacted nobody tells us."""
    number = sum(one.total_count for one in event.reactions)
    await services.store.outbox.react(event.chat.id, event.message_id, number)


class Reports:
    """Tells those who run a channel about its week; what was told is in the channel's settings."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self.bell = Bell(name="reports", every=RING, answer=self.answer)

    async def answer(self) -> None:
        """Tell of every channel whose week is over."""
        now = self._services.clock()
        for kind in _KINDS:
            for chat in await self._services.store.channels.active(kind):
                monday = last_monday(chat.zone, now)
                last = chat.settings.reported_at
                if chat.settings.report and (last is None or last < monday):
                    await self._report(chat, monday, now)

    async def _report(self, chat: Chat, monday: datetime, now: datetime) -> None:
        # Noted first: a crash in between loses a report rather than repeat it.
        await self._services.chats.configure(chat.id, lambda old: replace(old, reported_at=monday))
        if now - monday > LATE:
            return
        store = self._services.store
        posts = await store.outbox.told_since(chat.id, since=monday - WEEK, before=monday)
        if not posts:
            return
        silent = await store.news.silent_sources(chat.reads, since=monday - WEEK)
        week = Week(posts=posts, full_days=_full_days(chat, posts), silent=silent)
        await tell(self._bot, self._services, chat, lambda words: draw(words, chat, week))


def draw(words: Words, chat: Chat, week: Week) -> Message:
    """Write a channel's week."""
    lines: list[Spans] = [(words("report-posts", count=len(week.posts)),)]
    if week.reactions:
        lines.append((words("report-reactions", count=week.reactions),))
    if week.best is not None:
        story, reactions = week.best
        headline = Link(story.url, (cut(story.headline, 90),))
        key = "report-best" if reactions else "report-main"
        lines.append((words(key, count=reactions), " ", headline))
    if week.full_days and chat.settings.daily_cap is not None:
        lines.append((words("report-full", count=week.full_days, most=chat.settings.daily_cap),))
    if week.silent:
        named = words.listing(week.silent[:NAMED])
        left = len(week.silent) - NAMED
        names = words("and-more", names=", ".join(week.silent[:NAMED]), count=left) if left > 0 else named
        lines.append((words("report-silent", names=names),))
    head = Bold((words("report-week", title=chat.title or ""),))
    settings = Button(text=words("button-all-settings"), data=ChannelTap(chat=chat.id, do="all").pack())
    enough = Button(text=words("button-report-off"), data=ChannelSet(chat=chat.id, what="report", to="no").pack())
    text = Paragraph((head, *(span for line in lines for span in ("\n", *line))))
    return Message(document=(text,), keyboard=((settings, enough),), silent=True)


def _full_days(chat: Chat, posts: Sequence[Told]) -> int:
    """Count the days whose limit was full: what found no room went into an issue."""
    cap = chat.settings.daily_cap
    if cap is None:
        return 0
    zone = zone_of(chat.zone)
    days = Counter(post.at.astimezone(zone).date() for post in posts)
    return sum(number >= cap for number in days.values())
