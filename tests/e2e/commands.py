"""``autodigest`` as an operator runs it: another process, in an empty folder, set up by its environment alone."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.demo import sources_toml
from bot.sandbox.newsroom import Newsroom, SampleFeed
from bot.sandbox.server import Sandbox
from tests.e2e.people import until
from tests.waiting import PATIENCE

PROGRAM = Path(sys.executable).with_name("autodigest")
TOKEN = "42:TEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder to run in, and the settings."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **settings: str) -> Place:
        return replace(self, settings={**self.settings, **settings})

    @property
    def database(self) -> Path:
        return self.folder / "news.db"

    def write_sources(self, *feeds: SampleFeed) -> None:
        """Make these the sources."""
        (self.folder / "sources.toml").write_text(sources_toml(feeds), "utf-8")

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start the program; its output is collected by ``communicate``."""
        given = {f"AUTODIGEST_{name.upper()}": value for name, value in self.settings.items()}
        base = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "ru_RU.UTF-8", "PYTHONUTF8": "1"}
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            PROGRAM, *arguments, cwd=self.folder, env=base | given, stdout=pipe, stderr=pipe
        )

    async def run(self, *arguments: str, seconds: float = PATIENCE) -> Result:
        """Run a command to its end."""
        return await ended(await self.start(*arguments), seconds=seconds)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Look into the store."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(query).fetchall()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the bot; whatever happens, it does not outlive the test."""
        process = await self.start("run")
        try:
            yield process
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.communicate()


async def ended(process: asyncio.subprocess.Process, *, seconds: float) -> Result:
    """Collect what a process writes until it ends."""
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode is not None
    return Result(code=process.returncode, out=out.decode(), err=err.decode())


async def terminate(process: asyncio.subprocess.Process) -> Result:
    """Ask a process to end, as a supervisor does; it does so within ten seconds of its own time."""
    process.send_signal(signal.SIGTERM)
    return await ended(process, seconds=PATIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A Telegram, a newsroom and a place to run the program between them."""

    sandbox: Sandbox
    newsroom: Newsroom
    place: Place

    async def read(self) -> None:
        """Wait until every source has been read."""

        def find() -> bool:
            return self.place.database.exists() and bool(
                self.place.rows("SELECT count(*) FROM sources HAVING count(*) = count(polled_at) AND count(*) > 0")
            )

        async def patiently() -> bool:
            try:
                return find()
            except sqlite3.OperationalError:
                return False

        await until(patiently, "the first polls", seconds=2 * PATIENCE)


@contextlib.asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Open a Telegram and a newsroom, and write the settings that lead to them."""
    sandbox = Sandbox(token=TOKEN)
    async with sandbox, Newsroom(sandbox.clock) as newsroom:
        place = Place(
            folder=folder,
            settings={
                "token": TOKEN,
                "api_base": sandbox.url,
                "database": str(folder / "news.db"),
                "sources": str(folder / "sources.toml"),
                "allow_hosts": "127.0.0.1",
                "poll_min": "1",
                "operator_name": "Гараж",
                "contact": "@garage_help",
            },
        )
        place.write_sources(*newsroom.feeds)
        yield Town(sandbox=sandbox, newsroom=newsroom, place=place)
