"""Many readers and the real bot between them and a sandbox, without a newsroom: the news is in the store already.

Starts in a fraction of the time a whole stage needs, and can be stopped and started again in the middle of a scene.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr
from sqlalchemy import delete

from bot.app import App, open_app
from bot.i18n import LANGUAGES, words_for
from bot.sandbox.api import LogEntry
from bot.sandbox.clock import TurnableClock
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from feeds.issue import Chat, ChatKind, ChatState, OutboxState, PauseReason
from feeds.model import Item, SourceSpec, StoryDraft
from feeds.polls import NextPollReason, PollState
from storage import Storage, open_storage
from storage.tables import pace
from tests.e2e.people import ENDING, Json, until
from tests.stores import lay_store
from tests.waiting import PATIENCE

TITLE = words_for("ru")("digest-title", day="").strip()
HEADLINES = tuple(f"Новость номер {number} о машинах и дорогах" for number in range(5))
SPEC = SourceSpec(name="Гараж", url="http://127.0.0.1:9/rss", lang="ru", enabled=False)
ENGLISH = SourceSpec(name="The Garage", url="http://127.0.0.1:9/en/rss", lang="en", enabled=False)
MORNING = datetime.fromisoformat("2026-11-22T08:00:00+03:00")
"""The town's clock stands at this moment when its readers' issues are due."""
WRITING = timedelta(minutes=1)
"""How long before an issue its news comes out: the town's clock runs while it is being stored."""


class Town:
    """A sandbox, a store and the readers in both; ``open()`` runs the bot for as long as the block lasts."""

    def __init__(self, folder: Path, *, enforce_limits: bool = False) -> None:
        self.clock = TurnableClock(MORNING)
        self.sandbox = Sandbox(clock=self.clock, enforce_limits=enforce_limits)
        self.app: App
        self.store = str(folder / "store.db")
        self._sources = folder / "sources.toml"
        self._port = 0
        self._written = 0
        self._turns = 0

    @contextlib.asynccontextmanager
    async def open(self, *, greeted: bool = True, **changes: Any) -> AsyncIterator[App]:
        """Run the bot; ``greeted``: begin when Telegram has answered."""
        settings = Settings.model_construct(**Settings.model_construct().model_dump() | self._settings() | changes)
        stop, ready = asyncio.Event(), asyncio.Event()
        async with open_app(settings, clock=self.clock) as app:
            self.app = app
            running = asyncio.create_task(app.run(stop, ready=ready.set))
            try:
                if greeted:
                    await asyncio.wait_for(ready.wait(), ENDING)
                yield app
            finally:
                stop.set()
                async with asyncio.timeout(ENDING):
                    await running

    def _settings(self) -> dict[str, Any]:
        return {
            "token": SecretStr(self.sandbox.token),
            "api_base": f"http://127.0.0.1:{self._port}",
            "database": self.store,
            "sources": self._sources,
        }

    def write_sources(self, specs: Sequence[SourceSpec]) -> None:
        """Let the sources file name these, so that their languages count as spoken."""
        tables = [f'[[sources]]\nname = "{one.name}"\nurl = "{one.url}"\nlang = "{one.lang}"\n' for one in specs]
        self._sources.write_text("\n".join(tables), "utf-8")

    async def __aenter__(self) -> Self:
        self._sources.write_text("sources = []\n", "utf-8")
        await lay_store(Path(self.store))
        await self.sandbox.start()
        self._port = int(self.sandbox.url.rpartition(":")[2])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sandbox.stop()

    async def cut_off(self) -> None:
        """Put Telegram out of reach: every connection is refused from now on."""
        if self.sandbox.log:
            # A connection made at the very moment would be nobody's.
            await until(self._menus_set, "the menus to be set")
        await self.sandbox.stop()

    def _menus_set(self) -> bool:
        return sum(entry.method == "setMyShortDescription" for entry in self.sandbox.log) == len(LANGUAGES) + 1

    async def connect(self) -> None:
        """Let Telegram be reached again."""
        await self.sandbox.start(self._port)

    async def furnish(self, number: int, headlines: Sequence[str] = HEADLINES) -> list[int]:
        """Let so many people subscribe whose issue is due now, with this news in it."""
        readers: list[int] = [self.sandbox.person.add_person(first_name=f"P{n}")["id"] for n in range(number)]
        for reader in readers:
            self.sandbox.world.people[reader].started = True
        async with await open_storage(self.store) as store:
            await self.write(store, headlines)
            for reader in readers:
                await self.enrol(store, reader, ChatKind.PRIVATE)
        return readers

    async def let_pauses_pass(self) -> None:
        """Let the time be over that Telegram asked to wait: it is real time, whatever the town's clock shows."""
        async with await open_storage(self.store) as store, store._database.transaction() as connection:
            await connection.execute(delete(pace))

    async def write(
        self, store: Storage, headlines: Sequence[str], *, spec: SourceSpec = SPEC, topics: Sequence[str] = ()
    ) -> None:
        """Let these stories have come out an hour ago."""
        now = self.clock()
        await store.news.seed([spec], now=now)
        source = next(one for one in await store.news.sources() if one.spec.url == spec.url)
        items = [
            Item(
                source_id=source.id,
                key=f"story {self._written + number}",
                url=f"https://garage.example/{self._written + number}",
                title=headline,
                summary="Две фразы о том, что случилось. И чем это кончилось.",
                lang=spec.lang,
                published_at=now - timedelta(hours=1),
                title_key=headline.casefold(),
            )
            for number, headline in enumerate(headlines)
        ]
        self._written += len(items)
        drafts = [StoryDraft(story_id=None, items=(item,), topics=tuple(topics)) for item in items]
        poll = PollState(next_at=now + timedelta(days=1), reason=NextPollReason.INTERVAL)
        await store.news.commit_poll(source.id, poll, drafts=drafts, now=now)

    async def enrol(self, store: Storage, telegram_id: int, kind: ChatKind, *, title: str | None = None) -> Chat:
        """Subscribe a chat to issues at eight and at seven in the evening; the first is due now."""
        now = self.clock()
        chat = await store.chats.ensure(
            telegram_id, kind=kind, title=title, lang="ru", reads=["ru"], zone="Europe/Moscow", now=now
        )
        chat = await store.chats.choose_topics(chat.id, frozenset())
        return await store.chats.schedule(chat.id, times=[480, 1140], zone="Europe/Moscow", next_at=now)

    def issues(self, chat_id: int) -> list[Json]:
        """Return the issues that stand in a chat."""
        found = self.sandbox.person.messages(chat_id=chat_id)["messages"]
        return [one for one in found if one["text"].startswith(TITLE) and not one["deleted"]]

    def arrived(self, chats: Sequence[int]) -> list[int]:
        """Count the issues in each chat."""
        return [len(self.issues(chat)) for chat in chats]

    async def each_gets(self, chats: Sequence[int], number: int = 1, *, seconds: float = PATIENCE) -> None:
        """Wait until each of these chats has exactly so many issues and none is under way; more may never come."""
        expected = [number] * len(chats)
        await until(
            lambda: all(got >= number for got in self.arrived(chats)), lambda: self.arrived(chats), seconds=seconds
        )
        await self.quiet()
        assert self.arrived(chats) == expected

    async def quiet(self) -> None:
        """Wait until all that is due by now is done: bells answered, updates handled, issues sent and written down."""
        self.app.publish_bell.ring()
        self.app._courier.ring()
        await until(lambda: not len(self.sandbox.world.updates) and self.app.at_rest, "everybody to rest")

    async def turn(self, delta: timedelta) -> None:
        """Turn the clock and let everybody look at it."""
        self.clock.advance(delta)
        for bell in (self.app.publish_bell, self.app.inquiry_bell):
            bell.ring()
        self.app._courier.ring()

    async def pass_with_news(self, delta: timedelta, label: str) -> None:
        """Turn the clock on; just before the end some news comes out."""
        self.clock.advance(delta - WRITING)
        await self.write(self.app.store, [f"{label}: {headline}" for headline in HEADLINES])
        await self.turn(WRITING)

    async def next_issue(self, *topics: str) -> None:
        """Let some news come out in both languages, then turn the clock to the next issue that is due."""
        due = await self.app.store.chats.next_due()
        assert due is not None
        self.clock.set(due - WRITING)
        self._turns += 1
        for spec, label in ((SPEC, "Свежая новость"), (ENGLISH, "Fresh news")):
            headlines = [f"{label} {self._turns}.{number}" for number in range(5)]
            await self.write(self.app.store, headlines, spec=spec, topics=topics)
        self.clock.set(due)
        await self.turn(timedelta(seconds=1))

    async def becomes(self, telegram_id: int, state: ChatState, reason: PauseReason | None = None) -> Chat:
        """Wait until a chat is in a state, and return it."""

        async def find() -> Chat | None:
            chat = await self.app.store.chats.by_telegram_id(telegram_id)
            return chat if chat is not None and (chat.state, chat.pause_reason) == (state, reason) else None

        return await until(find, f"{telegram_id} to be {state} {reason or ''}")

    def sends(self, chat_id: int | None = None) -> list[LogEntry]:
        """Return every attempt at a message, or those to one chat."""
        tried = [entry for entry in self.sandbox.log if entry.method == "sendMessage"]
        return [entry for entry in tried if chat_id is None or int(entry.parameters["chat_id"]) == chat_id]

    async def states(self) -> dict[OutboxState, int]:
        """Count what is in the outbox."""
        counts = await self.app.store.outbox.counts()
        return {state: number for state, number in counts.items() if number}


@contextlib.asynccontextmanager
async def morning(folder: Path, **changes: Any) -> AsyncIterator[Town]:
    """Run the bot in a town that has five stories of this morning; ``changes`` are settings."""
    async with Town(folder) as town:
        async with await open_storage(town.store) as store:
            await town.write(store, HEADLINES)
        async with town.open(**changes):
            yield town
