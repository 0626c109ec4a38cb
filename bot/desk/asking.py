"""The desk's bell: stories that ask for an opinion are brought to editors, claims end, and what came of it is told.

What was asked, shown and told is in the store, so a restart neither asks twice nor forgets to tell. An opinion delays
nothing: nothing here touches an issue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.desk.breaking import report_reach
from bot.desk.roles import everybody
from bot.desk.table import MOST_CARRIERS, Table
from bot.desk.week import tell_weeks
from bot.i18n import Words, words_for
from bot.jobs import Bell
from bot.markup import Message, say
from bot.render import cut
from bot.services import Services
from bot.visit import show
from feeds.digest import tell
from feeds.issue import Chat
from feeds.judging import FRESH, Assignment, assignments, candidates
from feeds.model import Story
from feeds.opinions import OpinionOrigin, OpinionState
from feeds.ownstories import OwnStories
from feeds.redraws import SKIPPED, Propagation, RedrawOutcome
from feeds.schedule import quiet_until

log = structlog.get_logger(__name__)

RING_EVERY: Final = timedelta(seconds=5)
LOOK_EVERY: Final = timedelta(minutes=2)
"""How often stories are looked at; claims and reports are at each stroke of the bell."""
CARDS_A_DAY: Final = 15
_AT_A_TIME: Final = 5


def desk_bell(bot: Bot, services: Services, *, met: asyncio.Event) -> Bell:
    """Make the desk's bell; it is answered once Telegram has (``met``)."""
    asking = Asking(bot, services)

    async def answer() -> None:
        await met.wait()
        await asking.answer()

    return Bell(name="desk", every=RING_EVERY, answer=answer)


class Asking:
    """Answers the desk's bell."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._table = Table(bot, services)
        self._own = OwnStories()
        self._looked_at: datetime | None = None

    async def answer(self) -> None:
        """Do what is due at the desk."""
        await self._end_claims()
        await self._report()
        await report_reach(self._bot, self._services)
        now = self._services.clock()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY:
            return
        # Until somebody is there nothing is asked for: whoever comes first is brought what is fresh then.
        if staff := await self._staff():
            self._looked_at = now
            await self._ask(now)
            await self._bring(staff, now)
            await tell_weeks(self._bot, self._services, staff)

    async def _staff(self) -> list[Chat]:
        """Read the private chats of those who work at the desk and have written to us."""
        found = []
        for member in await everybody(self._services):
            person = await self._services.chats.by_telegram_id(member.user_id)
            if person is not None:
                found.append(person)
        return found

    async def _ask(self, now: datetime) -> None:
        store = self._services.store
        chats = await store.desk.carriers(limit=MOST_CARRIERS)
        stories = await store.news.recent_stories(since=now - FRESH)
        # Hundreds of channels times hundreds of stories take a good part of a second, in which nobody is to wait.
        wanted = await asyncio.to_thread(
            assignments,
            stories,
            chats,
            own=await self._own.choose(stories, chats),
            told=await store.chats.covered([chat.id for chat in chats], since=now - FRESH),
            languages=await store.news.languages(),
            people_due=await store.chats.next_due(),
            now=now,
        )
        asked = await store.desk.ask({one.story.id: one.due_at for one in wanted}, now=now)
        for one in wanted:
            if one.story.id in asked:
                await self._find_draft(one, now)

    async def _find_draft(self, one: Assignment, now: datetime) -> None:
        for *_, text in candidates(one.story)[:1]:
            origin = OpinionOrigin.EXTRACTED
            await self._services.store.desk.draft(one.story.id, text, origin=origin, user_id=None, now=now)

    async def _bring(self, staff: Sequence[Chat], now: datetime) -> None:
        """Send each editor a few cards of what waits, as far as their day and their sleep allow."""
        store = self._services.store
        waiting = await store.desk.queue(since=now - FRESH)
        shown = await store.desk.shown_since(now - timedelta(days=1))
        for person in staff:
            room = min(CARDS_A_DAY - shown.get(person.telegram_id, 0), _AT_A_TIME)
            if room <= 0 or quiet_until(person, now) is not None:
                continue
            for opinion in waiting:
                if room <= 0:
                    break
                cards = await store.desk.cards(opinion.story_id)
                if any(card.user_id == person.telegram_id for card in cards):
                    continue
                story = await store.news.story(opinion.story_id)
                if story is not None and await self._table.send(
                    story, person, silent=not _is_urgent(opinion.due_at, now)
                ):
                    room -= 1

    async def _end_claims(self) -> None:
        """Free what was not written in time, and say so to whoever had it."""
        for opinion, user_id in await self._services.store.desk.expire(now=self._services.clock()):
            person = await self._services.chats.by_telegram_id(user_id)
            await self._table.refresh(opinion.story_id)
            story = await self._services.store.news.story(opinion.story_id)
            if person is not None and story is not None and opinion.state is not OpinionState.APPROVED:
                await self._say(person, words_for(person.lang)("desk-claim-over", headline=_headline(story)))

    async def _report(self) -> None:
        """Tell editors what became of the copies of what they published or withdrew, once all are settled."""
        store = self._services.store
        for opinion, user_id in await store.desk.untold():
            outcome = await store.redraws.outcome(opinion.story_id)
            person = await self._services.chats.by_telegram_id(user_id)
            if outcome.waiting and person is not None:
                continue
            if person is not None and _count(outcome):
                story = await store.news.story(opinion.story_id)
                head = _headline(story) if story is not None else ""
                withdrawn = opinion.state is OpinionState.WITHDRAWN
                await self._say(person, _outcome(outcome, words_for(person.lang), head, withdrawn=withdrawn))
            await store.desk.told(opinion.story_id, opinion.version)

    async def _say(self, person: Chat, text: str) -> None:
        try:
            await show(self._bot, person.telegram_id, Message(document=say(text), silent=True))
        except TelegramAPIError as error:
            log.info("editor not told", reason=error.message)


def _is_urgent(due_at: datetime, now: datetime) -> bool:
    return due_at <= now + timedelta(hours=1)


def _headline(story: Story) -> str:
    """Call a story as its card does."""
    return cut(tell(story).headline, 90)


def _count(outcome: Propagation) -> int:
    return sum(outcome.channels.values()) + sum(outcome.people.values())


def _outcome(outcome: Propagation, words: Words, headline: str, *, withdrawn: bool) -> str:
    """Say in how many chats it stands now, or no more, and why not in others; what there is none of is left out."""
    edited = {
        "report-channels": outcome.channels.get(RedrawOutcome.EDITED, 0),
        "report-people": outcome.people.get(RedrawOutcome.EDITED, 0),
    }
    named = [words(key, count=count) for key, count in edited.items() if count]
    done = "report-withdrawn" if withdrawn else "report-edited"
    parts = [words(done, what=", ".join(named)) if named else words("report-none")]
    if outcome.gone:
        parts.append(words("report-gone", count=outcome.gone))
    counts = {kind: outcome.count(frozenset({kind})) for kind in sorted(SKIPPED)}
    parts += [words(f"report-{kind}", count=count) for kind, count in counts.items() if count]
    return f"{words('report-title', headline=headline)}\n{', '.join(parts)}."
