"""``make crash``: the real process is killed in mid-broadcast again and again; every digest must come exactly once.

A broadcast to 300 chats goes through a small gate before the sandbox, which kills the process before or after it lets a
request through; other kills come at a random moment, or at a numbered commit (``bench.mortal``), or are polite
(SIGTERM). When a broadcast is through, the chats are counted and the next begins, until there were enough kills.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession

from bench.gate import Gate
from bench.report import Report
from bot.sandbox.server import Sandbox
from feeds.clock import utc_now
from feeds.issue import ChatId, ChatKind, Digest, DigestKind, Issue, OutboxState
from feeds.model import Item, SourceSpec, StoryDraft
from feeds.polls import NextPollReason, PollState
from storage import Storage, open_storage
from storage.transitions import Arrival, Departure

TOKEN = "42:TEST"  # noqa: S105  opens nothing but the sandbox
POINTS = {
    "random": "at a random moment",
    "before request": "before a request reached Telegram",
    "after request": "after Telegram carried it out",
    "before commit": "before a commit",
    "after commit": "after a commit",
    "SIGTERM": "asked to end (SIGTERM)",
}
STORIES = 5
SOURCES = """[[sources]]
name = "Гараж"
url = "http://127.0.0.1:9/rss"
lang = "ru"
enabled = false
"""
STARTING = 60.0
"""Seconds after which a process has begun to send, if there is anything left and the machine is not overloaded."""
ENDING = 12.0
"""Seconds a process may take to end when asked to."""
PATIENCE = 240.0
"""Seconds a broadcast may take once nothing kills it any more, or a process to die at its point."""


@dataclass(slots=True)
class Tally:
    """What came of all broadcasts."""

    kills: Counter[str] = field(default_factory=Counter)
    chats: int = 0
    duplicates: int = 0
    lost: int = 0
    unsettled: int = 0
    slow_ends: int = 0


class Broadcast:
    """One broadcast to many chats, through any number of deaths, each within ``spread`` requests of a start."""

    ending = ENDING

    def __init__(self, folder: Path, *, chats: int, dice: random.Random, tally: Tally, spread: int = 12) -> None:
        self._folder = folder
        self._chats = chats
        self._dice = dice
        self._tally = tally
        self._spread = spread
        self._sandbox = Sandbox(token=TOKEN)
        self._next: asyncio.subprocess.Process | None = None

    async def run(self, points: list[str]) -> None:
        """Broadcast, dying at each of these points once, as far as there is something left to send."""
        async with self._sandbox, Gate(self._sandbox).open() as gate:
            self._next = await self._warm(gate)
            people = [self._sandbox.person.add_person(first_name=f"P{n}")["id"] for n in range(self._chats)]
            for person in people:
                self._sandbox.world.people[person].started = True
            (self._folder / "sources.toml").write_text(SOURCES, "utf-8")
            async with await open_storage(str(self._folder / "store.db")) as store:
                await furnish(store, people)
                await self._look_back(store, people[0])
            for point in points:
                await self._die(gate, point)
            await self._finish(gate, self._next)
            self._count(people)
            async with await open_storage(str(self._folder / "store.db")) as store:
                counts = await store.outbox.counts()
                # With the one of yesterday.
                self._tally.unsettled += self._chats + 1 - counts[OutboxState.SENT]

    async def _look_back(self, store: Storage, person: int) -> None:
        """Let one issue have arrived yesterday: a bot that never sent anything knows no message to count from."""
        content = {"chat_id": person, "text": "Вчера"}
        async with (
            ClientSession() as client,
            client.post(f"{self._sandbox.url}/bot{TOKEN}/sendMessage", json=content) as answer,
        ):
            sent = (await answer.json())["result"]["message_id"]
        now, owner = utc_now(), "yesterday"
        chat = await store.chats.by_telegram_id(person)
        assert chat is not None  # noqa: S101  furnished before
        digest = Digest(kind=DigestKind.SCHEDULED, made_at=now, sections=())
        issue = Issue(chat_id=chat.id, slot=owner, digest=digest, due_at=now, moves_schedule=False)
        await store.outbox.commit_issues([issue], now=now)
        [parcel] = await store.outbox.claim(now=now, limit=1, lease=timedelta(minutes=1), owner=owner)
        await store.outbox.depart([Departure(id=parcel.id, part=0)], owner=owner, now=now)
        await store.outbox.arrive([Arrival(id=parcel.id, part=0, message_id=sent, last=True)], owner=owner, now=now)

    async def _die(self, gate: Gate, point: str) -> None:
        number = self._dice.randint(1, self._spread)
        order = (point, number) if point.endswith("request") else None
        commit = (
            f"{point.split(maxsplit=1)[0]}:{self._dice.randint(1, 4 + 3 * self._spread)}"
            if point.endswith("commit")
            else None
        )
        process = await self._start(gate, order, commit)
        try:
            if point in ("random", "SIGTERM"):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._begun(gate), STARTING)
                await asyncio.sleep(self._dice.random())
                process.send_signal(signal.SIGKILL if point == "random" else signal.SIGTERM)
                await asyncio.wait_for(process.wait(), self.ending)
            else:
                await asyncio.wait_for(self._death(process), PATIENCE)
            self._tally.kills[point] += 1
        except TimeoutError:
            # Nothing was left to send, or it would not end in time.
            self._tally.slow_ends += point == "SIGTERM"
            process.kill()
            await process.wait()
            self._tally.kills["random"] += 1

    async def _begun(self, gate: Gate) -> None:
        """Wait until the process sends, or nothing is left to send."""
        while not gate.sends.is_set() and not await self._done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(gate.sends.wait(), 0.5)

    async def _death(self, process: asyncio.subprocess.Process) -> None:
        """Wait for the process to die; TimeoutError when it has no more reason to."""
        while process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), 0.5)
            except TimeoutError:
                if await self._done():
                    # The last answer may still be on its way.
                    await asyncio.wait_for(process.wait(), 1.5)

    async def _finish(self, gate: Gate, process: asyncio.subprocess.Process) -> None:
        await self._go(gate, process, None, None)
        for _ in range(round(PATIENCE / 0.5)):
            if await self._done():
                break
            await asyncio.sleep(0.5)
        process.terminate()
        await process.wait()

    async def _done(self) -> bool:
        async with await open_storage(str(self._folder / "store.db"), exclusive=False) as store:
            # With the one of yesterday.
            return (await store.outbox.counts())[OutboxState.SENT] > self._chats

    async def _start(self, gate: Gate, order: tuple[str, int] | None, commit: str | None) -> asyncio.subprocess.Process:
        """Let the process that has read its code go, and have the next one read it meanwhile."""
        process = self._next
        assert process is not None  # noqa: S101  warmed by run()
        await self._go(gate, process, order, commit)
        self._next = await self._warm(gate)
        return process

    async def _go(
        self, gate: Gate, process: asyncio.subprocess.Process, order: tuple[str, int] | None, commit: str | None
    ) -> None:
        gate.watch(process, order)
        assert process.stdin is not None  # noqa: S101  it is a pipe
        process.stdin.write(f"{commit or ''}\n".encode())
        await process.stdin.drain()

    async def _warm(self, gate: Gate) -> asyncio.subprocess.Process:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AUTODIGEST_")},
            "AUTODIGEST_TOKEN": TOKEN,
            "AUTODIGEST_API_BASE": gate.url,
            "AUTODIGEST_DATABASE": str(self._folder / "store.db"),
            "AUTODIGEST_SOURCES": str(self._folder / "sources.toml"),
            "AUTODIGEST_LOG_FORMAT": "json",
        }
        with (self._folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bench.mortal", "run"),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stderr=log,
                stdout=log,
            )

    def _count(self, people: list[int]) -> None:
        for person in people:
            arrived = [
                message
                for message in self._sandbox.person.messages(chat_id=person)["messages"]
                if message["text"].startswith("Авто за день")
            ]
            self._tally.chats += 1
            self._tally.duplicates += max(len(arrived) - 1, 0)
            self._tally.lost += not arrived


async def furnish(store: Storage, people: list[int]) -> None:
    """Fill a store with a source, a few stories and subscribers whose issue is due."""
    now = utc_now()
    spec = SourceSpec(name="Гараж", url="http://127.0.0.1:9/rss", lang="ru", enabled=False)
    await store.news.seed([spec], now=now)
    [source] = await store.news.sources()
    items = [
        Item(
            source_id=source.id,
            key=f"story-{number}",
            url=f"https://garage.example/{number}",
            title=f"Новость номер {number} о машинах и дорогах",
            summary="Две фразы о том, что случилось. И чем это кончилось.",
            published_at=now - timedelta(hours=1),
            title_key=f"новость номер {number} о машинах и дорогах",
        )
        for number in range(STORIES)
    ]
    drafts = [StoryDraft(story_id=None, items=(item,)) for item in items]
    poll = PollState(next_at=now + timedelta(days=1), reason=NextPollReason.INTERVAL)
    await store.news.commit_poll(source.id, poll, drafts=drafts, now=now)
    for person in people:
        chat = await store.chats.ensure(
            person, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=now
        )
        await store.chats.schedule(ChatId(chat.id), times=[480], zone="Europe/Moscow", next_at=now)


async def measure(*, kills: int, chats: int, seed: int) -> Tally:
    """Broadcast until there were so many kills."""
    tally, dice = Tally(), random.Random(seed)
    while sum(tally.kills.values()) < kills:
        names = list(POINTS)
        points = [names[n % len(names)] for n in range(min(kills - sum(tally.kills.values()), 2 * len(names)))]
        dice.shuffle(points)
        with tempfile.TemporaryDirectory(prefix="autodigest-crash-") as folder:
            place = Path(folder)
            await Broadcast(place, chats=chats, dice=dice, tally=tally).run(points)
        sys.stdout.write(
            f"{sum(tally.kills.values())} kills, {tally.chats} chats, {tally.duplicates} twice, {tally.lost} lost\n"
        )
        sys.stdout.flush()
    return tally


def main() -> int:
    """Measure and report; 0 when nothing was lost and nothing came twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--chats", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally = asyncio.run(measure(kills=options.kills, chats=options.chats, seed=options.seed))
    report = Report("crash")
    report.add("kills", sum(tally.kills.values()), floor=options.kills, target=options.kills, better="higher")
    for point, words in POINTS.items():
        least = 1 if options.kills >= 4 * len(POINTS) else 0
        report.add(f"  {words}", tally.kills[point], floor=least, target=least, better="higher")
    report.add("digests due", tally.chats, floor=options.chats, target=options.chats, better="higher")
    report.add("came twice", tally.duplicates, floor=0, target=0, better="lower")
    report.add("lost", tally.lost, floor=0, target=0, better="lower")
    report.add("not settled as sent", tally.unsettled, floor=0, target=0, better="lower")
    report.add("ends slower than 12 s after SIGTERM", tally.slow_ends, floor=0, target=0, better="lower")
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
