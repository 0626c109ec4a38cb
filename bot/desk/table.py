"""The desk's own things: what a card needs is gathered here, and every copy of a card is kept as the story stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.desk.cards import Sight, draw_card
from bot.desk.drafts import has_model
from bot.desk.roles import everybody, name_of
from bot.i18n import words_for
from bot.look import Place, place_of
from bot.markup import Message
from bot.services import Services
from bot.visit import redraw, show
from feeds.chatsettings import Opinions
from feeds.digest import score, tell
from feeds.importance import importance
from feeds.issue import Chat
from feeds.judging import Carrier, assignments, candidates, posted_in
from feeds.model import Story, StoryId
from feeds.opinions import EditorsOpinion
from feeds.ownstories import OwnStories
from storage.desk import DeskCard

log = structlog.get_logger(__name__)

MOST_CARRIERS = 500
_KEPT = 4
"""Cards of one story that an editor scrolls past: the card that was sent, and what was published since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Which channels will tell a story, and in how many it stands already."""

    carriers: tuple[Carrier, ...] = ()
    posted: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Everything at the desk that is not one editor's."""

    bot: Bot
    services: Services

    async def sight(self, story: Story, person: Chat, *, carriers: Sequence[Carrier] | None = None) -> Sight:
        """Gather what a card tells one editor; ``carriers`` where they are known already."""
        services, now = self.services, self.services.clock()
        opinion = await services.store.opinions.get(story.id)
        taken = opinion is not None and opinion.claimed_until is not None and opinion.claimed_until > now
        writer = await name_of(services, opinion.claimed_by, words_for(person.lang)) if taken and opinion else ""
        found = candidates(story)
        prospect = await self._prospect(story) if carriers is None else Prospect(carriers=tuple(carriers))
        return Sight(
            told=replace(tell(story), marks=story.marks),
            importance=importance(score(story, now=now)),
            opinion=opinion,
            carriers=prospect.carriers,
            posted=prospect.posted,
            writer=writer,
            mine=taken and opinion is not None and opinion.claimed_by == person.telegram_id,
            others=has_model(services) or any(opinion is None or text != opinion.draft for *_, text in found),
        )

    async def card(self, story: Story, person: Chat, *, note: str = "") -> Message:
        """Draw a story's card for one editor."""
        sight = await self.sight(story, person)
        return draw_card(sight, self.place(person), now=self.services.clock(), note=note)

    def place(self, person: Chat) -> Place:
        """Say how an editor is written to."""
        return place_of(person, self.services.catalogue)

    async def send(self, story: Story, person: Chat, *, silent: bool = False) -> bool:
        """Send an editor a story's card; False when they cannot be written to."""
        return await self._send(person, story.id, await self.card(story, person), silent=silent)

    async def _send(self, person: Chat, story_id: StoryId, card: Message, *, silent: bool) -> bool:
        try:
            number = await show(self.bot, person.telegram_id, replace(card, silent=silent))
        except TelegramAPIError as error:
            log.info("card not sent", reason=error.message)
            return False
        shown = DeskCard(story_id=story_id, user_id=person.telegram_id, message_id=number)
        await self.services.store.desk.show(shown, now=self.services.clock())
        return True

    async def refresh(self, story_id: StoryId, *, besides: int = 0, note: str = "") -> None:
        """Draw every editor's latest cards of a story as it stands now; not the message ``besides``."""
        story = await self.services.store.news.story(story_id)
        if story is None:
            return
        shown: dict[int, list[int]] = {}
        for one in await self.services.store.desk.cards(story_id):
            shown.setdefault(one.user_id, []).append(one.message_id)
        at_desk = {member.user_id for member in await everybody(self.services)}
        for user_id, places in shown.items():
            person = await self.services.chats.by_telegram_id(user_id)
            latest = [place for place in places[-_KEPT:] if place != besides]
            if not latest or person is None or user_id not in at_desk:
                continue
            card = await self.card(story, person, note=note)
            for message_id in latest:
                await self._draw_again(user_id, message_id, card)

    async def _draw_again(self, user_id: int, message_id: int, card: Message) -> None:
        try:
            await redraw(self.bot, user_id, message_id, card)
        except TelegramAPIError as error:
            # Deleted, blocked, or the same already: the next tap draws it as it is.
            log.debug("card not refreshed", reason=error.message)

    async def reader(self, story: Story) -> Chat | None:
        """Find the channel whose readers see an opinion first: one that has the story, else the next to tell it."""
        chats = await self.services.store.desk.carriers(limit=MOST_CARRIERS)
        stands = await self.services.store.redraws.arrived([story.id, *story.linked])
        showing = {chat.id: chat for chat in chats if chat.settings.opinions is not Opinions.NONE}
        if has_it := next((chat for chat in showing.values() if chat.id in stands), None):
            return has_it
        carriers = (await self._prospect(story)).carriers
        first = carriers[0].id if carriers else None
        return showing.get(first) if first is not None else None

    async def _prospect(self, story: Story) -> Prospect:
        services = self.services
        chats = await services.store.desk.carriers(limit=MOST_CARRIERS)
        told = await services.chats.told([chat.id for chat in chats], [story.id, *story.linked])
        found = assignments(
            [story],
            chats,
            own=await OwnStories().choose([story], chats),
            told=told,
            languages=await services.store.news.languages(),
            now=services.clock(),
            at_least=0,
        )
        # What a chat was to be told counts as told to it, even if it took nothing: a post that changes must be there.
        stands = await services.store.redraws.arrived([story.id, *story.linked])
        return Prospect(carriers=found[0].carriers if found else (), posted=posted_in(story, chats, stands))


def is_taken(opinion: EditorsOpinion | None, services: Services, *, by_other_than: int) -> bool:
    """Whether a colleague has a story now."""
    if opinion is None or opinion.claimed_until is None or opinion.claimed_by in (None, by_other_than):
        return False
    return opinion.claimed_until > services.clock()
