"""One opinion approved after its story went to two hundred chats: ``python -m bench.propagation``.

The real process sends a story to people, channels and groups; then our editors' opinion on it is approved, three chats
close, two messages are deleted, Telegram says "wait" again and again, and the process is killed in mid-propagation.
Every copy that can be edited must be, once, and of the rest it must be known why not. Exits with 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.crash import SOURCES, TOKEN
from bench.gate import Gate
from bench.report import Report
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from feeds.clock import utc_now
from feeds.issue import ChatKind, OutboxState
from feeds.model import Item, SourceSpec, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from feeds.redraws import Propagation
from storage import Storage, open_storage

OPINION = "Для покупателей это хорошая новость: цены на новые машины до лета не вырастут."
LABEL, SIGNATURE = "Мнение редакции", "Редакция"
HEADLINE = "Утильсбор на новые машины не изменится до июля"
RIGHTS = {"can_post_messages": True}
PATIENCE = 240.0


@dataclass(slots=True)
class Scene:
    """Who is there, and what came of it."""

    people: list[int] = field(default_factory=list)
    channels: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    bereft: list[int] = field(default_factory=list)
    kills: int = 0
    seconds: float = 0.0
    outcome: Propagation = field(default_factory=Propagation)
    edited: Counter[int] = field(default_factory=Counter)
    """By chat: how many edits changed its message."""
    floods: int = 0
    wrong: list[int] = field(default_factory=list)
    """Chats whose message does not say what it should."""

    @property
    def everybody(self) -> list[int]:
        """All chats."""
        return [*self.people, *self.channels, *self.groups]


class Stage:
    """The sandbox, the store and one process after another between them."""

    def __init__(self, folder: Path, *, chats: int, seed: int = 1) -> None:
        self._folder = folder
        self._chats = chats
        self._dice = random.Random(seed)
        self._sandbox = Sandbox(token=TOKEN)
        self.scene = Scene()

    async def play(self, *, kills: int = 2) -> Scene:
        """Send the story, approve the opinion, let all the trouble happen, and look at every chat."""
        async with self._sandbox, Gate(self._sandbox, method="editMessageText").open() as gate:
            self._settle_down()
            (self._folder / "sources.toml").write_text(SOURCES, "utf-8")
            async with await self._open() as store:
                story_id = await self._furnish(store)
            await self._until_sent(gate)
            async with await self._open() as store:
                await store.opinions.approve(
                    story_id, text=OPINION, label=LABEL, signature=SIGNATURE, author_id=1, now=utc_now()
                )
            self._make_trouble()
            began = time.monotonic()
            await self._propagate(gate, story_id, kills=kills)
            self.scene.seconds = time.monotonic() - began
            self._look()
        return self.scene

    def _settle_down(self) -> None:
        """Let seven of ten chats be people, two channels, and one a group."""
        person, world, scene = self._sandbox.person, self._sandbox.world, self.scene
        owner = person.add_person(first_name="Вера")["id"]
        for number in range(self._chats):
            if number % 10 < 7:
                scene.people.append(person.add_person(first_name=f"P{number}")["id"])
                world.people[scene.people[-1]].started = True
            else:
                kind = "channel" if number % 10 < 9 else "supergroup"
                chat = person.add_chat(type=kind, title=f"Авто {number}", creator_id=owner)["id"]
                person.add_bot(chat_id=chat, by_user_id=owner, rights=RIGHTS)
                (scene.channels if kind == "channel" else scene.groups).append(chat)

    async def _furnish(self, store: Storage) -> StoryId:
        now = utc_now()
        spec = SourceSpec(name="Гараж", url="http://127.0.0.1:9/rss", lang="ru", enabled=False)
        await store.news.seed([spec], now=now)
        [source] = await store.news.sources()
        titles = (HEADLINE, "Продажи электромобилей за месяц выросли вдвое")
        items = [
            Item(
                source_id=source.id,
                key=title,
                url=f"https://garage.example/{number}",
                title=title,
                summary="Две фразы о том, что случилось. И чем это кончилось.",
                published_at=now - timedelta(hours=1),
                title_key=title.casefold(),
            )
            for number, title in enumerate(titles)
        ]
        drafts = [StoryDraft(story_id=None, items=(item,)) for item in items]
        poll = PollState(next_at=now + timedelta(days=1), reason=NextPollReason.INTERVAL)
        await store.news.commit_poll(source.id, poll, drafts=drafts, now=now)
        kinds = ((ChatKind.PRIVATE, "people"), (ChatKind.CHANNEL, "channels"), (ChatKind.SUPERGROUP, "groups"))
        for kind, name in kinds:
            for number in getattr(self.scene, name):
                chat = await store.chats.ensure(
                    number, kind=kind, title="Авто", lang="ru", reads=["ru"], zone="Europe/Moscow", now=now
                )
                await store.chats.schedule(chat.id, times=[480], zone="Europe/Moscow", next_at=now)
        stories = await store.news.recent_stories(since=now - timedelta(days=1))
        return next(story.id for story in stories if story.items[0].item.title == HEADLINE)

    async def _until_sent(self, gate: Gate) -> None:
        process = await self._start(gate, None)
        await self._until(lambda counts, _: counts[OutboxState.SENT] >= self._chats, story_id=None)
        process.terminate()
        await process.wait()

    def _make_trouble(self) -> None:
        """Close three chats, delete two messages, and let Telegram say "wait" to some."""
        person, scene = self._sandbox.person, self.scene
        owner = next(iter(self._sandbox.world.people))
        person.block(user_id=scene.people[0])
        person.remove_bot(chat_id=scene.channels[0], by_user_id=owner)
        person.delete_chat(chat_id=scene.groups[0])
        scene.closed = [scene.people[0], scene.channels[0], scene.groups[0]]
        scene.bereft = [scene.people[1], scene.channels[1]]
        for chat, deleter in ((scene.people[1], scene.people[1]), (scene.channels[1], owner)):
            message = self._messages(chat)[-1]
            person.delete(user_id=deleter, message_id=message["message_id"], chat_id=chat)
        others = [chat for chat in scene.everybody if chat not in (*scene.closed, *scene.bereft)]
        for chat in self._dice.sample(others, 5):
            order = Fault(method="editMessageText", kind=FaultKind.RETRY_AFTER, retry_after=1, chat_id=chat)
            self._sandbox.add_fault(order)

    async def _propagate(self, gate: Gate, story_id: StoryId, *, kills: int) -> None:
        for number in range(kills):
            point = ("after request", "before request")[number % 2]
            process = await self._start(gate, (point, self._dice.randint(self._chats // 10, self._chats // 4)))
            await asyncio.wait_for(process.wait(), PATIENCE)
            self.scene.kills += 1
        process = await self._start(gate, None)
        await self._until(lambda _, outcome: not outcome.waiting, story_id=story_id)
        process.terminate()
        await process.wait()
        async with await self._open(exclusive=False) as store:
            self.scene.outcome = await store.redraws.outcome(story_id)

    def _look(self) -> None:
        scene = self.scene
        for entry in self._sandbox.log:
            if entry.method == "editMessageText" and entry.answer is not None:
                scene.edited[int(entry.parameters["chat_id"])] += bool(entry.answer["ok"])
                scene.floods += entry.answer.get("error_code") == 429
        for chat in scene.everybody:
            texts = [message["text"] for message in self._messages(chat)]
            left = chat in scene.closed
            right = len(texts) == 1 and (OPINION in texts[0]) is not left and HEADLINE in texts[0]
            if not right and chat not in scene.bereft:
                scene.wrong.append(chat)

    def _messages(self, chat: int) -> list[dict[str, Any]]:
        found = self._sandbox.world.messages[chat].values()
        return [
            {"message_id": one.id, "text": one.content["text"]}
            for one in found
            if not one.deleted and "text" in one.content and one.sender_id == self._sandbox.world.bot_id
        ]

    async def _until(self, reached: Any, *, story_id: StoryId | None) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            async with await self._open(exclusive=False) as store:
                counts = await store.outbox.counts()
                outcome = await store.redraws.outcome(story_id) if story_id else Propagation()
            if reached(counts, outcome):
                return
            await asyncio.sleep(0.3)
        raise TimeoutError

    async def _open(self, *, exclusive: bool = True) -> Storage:
        return await open_storage(str(self._folder / "store.db"), exclusive=exclusive)

    async def _start(self, gate: Gate, order: tuple[str, int] | None) -> asyncio.subprocess.Process:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AUTODIGEST_")},
            "AUTODIGEST_TOKEN": TOKEN,
            "AUTODIGEST_API_BASE": gate.url,
            "AUTODIGEST_DATABASE": str(self._folder / "store.db"),
            "AUTODIGEST_SOURCES": str(self._folder / "sources.toml"),
            "AUTODIGEST_LOG_FORMAT": "json",
        }
        with (self._folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"), env=environment, stderr=log, stdout=log
            )
        gate.watch(process, order)
        return process


def main() -> int:
    """Play and report; 0 when every copy that could be edited was, once, and the rest is accounted for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--kills", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autodigest-propagation-") as folder:
        scene = asyncio.run(Stage(Path(folder), chats=options.chats).play(kills=options.kills))
    report, expected = Report("propagation"), options.chats - 5
    report.add("chats", options.chats, floor=options.chats, target=options.chats, better="higher")
    report.add("kills in mid-propagation", scene.kills, floor=options.kills, target=options.kills, better="higher")
    report.add("429 on edits", scene.floods, floor=5, target=5, better="higher")
    report.add("copies that say the opinion", scene.outcome.edited, floor=expected, target=expected, better="higher")
    twice = sum(number > 1 for number in scene.edited.values())
    report.add("changed twice", twice, floor=0, target=0, better="lower")
    report.add("say what they should not", len(scene.wrong), floor=0, target=0, better="lower")
    report.add("known to be gone", scene.outcome.gone, floor=2, target=2, better="higher")
    report.add("known to be closed", scene.outcome.skipped, floor=3, target=3, better="higher")
    report.add("seconds, starts included", scene.seconds, floor=120, target=60, better="lower")
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
