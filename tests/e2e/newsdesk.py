"""A wire with an editors' desk: editors, stories that need judging, and channels that carry them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.desk.asking import LOOK_EVERY
from bot.desk.staffing import INVITATION
from feeds.model import Item, Opinion, SourceSpec, StoryDraft, StoryId
from feeds.opinions import EditorsOpinion
from feeds.polls import NextPollReason, PollState
from storage.people import TicketKind
from tests.e2e.people import Json, Reader, until
from tests.e2e.wire import DAY, Wire

HEADLINE = "Завод в Приозёрске начал выпуск электрических хетчбэков"
LEAD = "Первые машины сошли с конвейера в понедельник. За год завод обещает выпустить тысячу штук."
MORE = (
    " Сборка идёт в две смены, батареи пока привозят с другого завода. Первые хетчбэки получат таксисты города, которым"
    " обещали зарядные станции у вокзала и рынка. Частным покупателям машины предложат, когда дилеры откроют салоны."
)
"""What makes an article long enough for a model to be asked about it."""
WORDS = "Тысяча машин в год — это опытная партия, а не производство: о цене говорить рано."
SOURCES = ("Гараж", "Колесо", "Автополка")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Anna at the desk, with the card of a story that stands in a channel."""

    anna: Reader
    channel: int
    story: StoryId
    card: Json


class Newsdesk(Wire):
    """The wire, with whoever works at its desk."""

    async def editor(self, name: str = "Анна", lang: str = "ru") -> Reader:
        """Let somebody be invited to the desk, and come."""
        token = await self.app.store.tickets.issue(TicketKind.EDITOR, expires_at=self.clock() + DAY)
        reader = Reader(self, lang, name=name)
        await reader.say(f"/start {INVITATION}{token}")
        await reader.tap(reader.words("button-sign-name", name=name))
        person = await reader.known()
        await self.app.store.chats.configure(person.id, lambda settings: settings)
        return reader

    @contextlib.asynccontextmanager
    async def seated(
        self, *, opinion: Opinion | None = None, name: str = "Анна", lang: str = "ru"
    ) -> AsyncIterator[Seat]:
        """Run the bot with Anna at the desk, who has the card of a story that a channel was told at once."""
        channel = await self.channel()
        async with self.open():
            await self.listens()
            anna = await self.editor(name, lang)
            story = await self.story(opinion=opinion)
            await self.says(channel, HEADLINE)
            yield Seat(anna=anna, channel=channel, story=story, card=await self.card(anna))

    async def evening(self, channel: int) -> None:
        """Let a channel tell its news in the evening's issue."""
        chat = await self.app.store.chats.by_telegram_id(channel)
        assert chat is not None
        at = self.clock() + timedelta(hours=11)
        await self.app.store.chats.schedule(chat.id, times=[19 * 60], zone=chat.zone, next_at=at)

    async def publishes(self, reader: Reader, preview: Json) -> None:
        """Let an editor publish what a message shows, and let the posts be drawn anew."""
        await reader.tap(reader.words("button-desk-put"), preview)
        self.app.living.redraw_bell.ring()

    async def kept(self, story: StoryId) -> EditorsOpinion:
        """Read how the opinion on a story stands."""
        found = await self.app.store.opinions.get(story)
        assert found is not None
        return found

    async def story(
        self, headline: str = HEADLINE, *, opinion: Opinion | None = None, sources: Sequence[str] = SOURCES
    ) -> StoryId:
        """Let several newsrooms tell a story; the first of them with an opinion, if there is one."""
        found: StoryId | None = None
        for number, source in enumerate(sources):
            found = await self._told(source, headline, to=found, opinion=opinion if number == 0 else None)
        assert found is not None
        self.app.living.instant_bell.ring()
        return found

    async def _told(self, source: str, headline: str, *, to: StoryId | None, opinion: Opinion | None = None) -> StoryId:
        store, now = self.app.store, self.clock()
        spec = SourceSpec(name=source, url=f"http://127.0.0.1:9/{source}", lang="ru", enabled=False)
        await store.news.seed([spec], now=now)
        teller = next(one for one in await store.news.sources() if one.spec.name == source)
        item = Item(
            source_id=teller.id,
            key=headline,
            url=f"https://{teller.id}.example/{abs(hash(headline))}",
            title=headline,
            text=f"{headline}. {LEAD}{MORE}",
            summary=LEAD,
            opinion=opinion,
            published_at=now,
            title_key=headline.casefold(),
            text_hash=headline,
        )
        poll = PollState(next_at=now + timedelta(days=1), reason=NextPollReason.INTERVAL)
        await store.news.commit_poll(teller.id, poll, drafts=[StoryDraft(story_id=to, items=(item,))], now=now)
        stories = await store.news.recent_stories(since=now - DAY)
        return next(one.id for one in stories if any(stored.item.title == headline for stored in one.items))

    async def look(self) -> None:
        """Let the desk look at what is new."""
        self.clock.advance(LOOK_EVERY)
        self.app.desk_bell.ring()

    async def card(self, reader: Reader, headline: str = HEADLINE) -> Json:
        """Wait until an editor has a story's card."""
        await self.look()
        return await reader.wait_for(headline)

    async def says_now(self, reader: Reader, message: Json, text: str) -> Json:
        """Wait until a message says something."""

        async def find() -> Json | None:
            now = reader.now(message)
            return now if text in now["text"] else None

        return await until(find, lambda: (text, reader.now(message)["text"]))
