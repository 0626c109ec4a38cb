"""The processes that parse: started, fed, watched and, past their time, killed and replaced.

Knows no parser: what runs in them is ``feeds.worker``. Imports nothing heavy, for the main process has it loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from feeds.gist import Gist
from feeds.gistwire import Gists, pack_items
from feeds.harvest import Harvest
from feeds.model import Item, PageLinks, PageText, ParsedFeed, Source
from feeds.polls import Failed, FailureKind, Fetched
from feeds.wire import Job, Outcome, Request, decode_outcome, encode_request

# Nothing else of our environment reaches a process that reads hostile bytes: it holds the bot's token.
_KEPT_VARIABLES: Final = (
    "PATH",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "PYTHONHASHSEED",
)
_START_LIMIT: Final = 30.0
_PATIENCE: Final = 5
"""How many times the processor's seconds it may take a feed may take by the clock: a busy machine is not its fault."""
_OUT_OF_TIME: Final = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None
"""The exit status of a process that took more of the processor's time than it was given; Windows gives none."""
_BUFFER: Final = 1_000_000
_PAUSE: Final = 1.0
_TOGETHER: Final = 40  # articles in one request: more would keep the main process's loop busy when the answer comes
# Our own folder comes last: an installed package is found without it, a checkout only with it.
_PROGRAM: Final = "import sys; sys.path.append(sys.argv[1]); from feeds.worker import main; main(*sys.argv[2:])"


class _Worker:
    """One process, one parse at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *, time_limit: float, memory_limit: int, modules: Sequence[str]) -> Self:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        # -P: a folder called "feeds" where the bot was started must not be taken for ours. A session of its own
        # keeps Ctrl-C in a terminal away from it; it ends when its input does.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM, str(Path(__file__).parent.parent)),
            *(str(time_limit), str(time_limit * _PATIENCE), str(memory_limit), *modules),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_BUFFER,
            env=environment,
            start_new_session=True,
        )
        worker = cls(process)
        try:
            await asyncio.wait_for(worker._read(), _START_LIMIT)
        except BaseException:
            await worker.stop()
            raise
        return worker

    @property
    def alive(self) -> bool:
        """Whether the process runs, as far as is known."""
        return self._process.returncode is None

    async def answer(self, request: Request, *, patience: float) -> Outcome:
        """Have a request answered; each stage of it may take so many seconds by the clock. Raises TimeoutError."""
        assert self._process.stdin is not None  # noqa: S101 - it was opened with a pipe
        async with asyncio.timeout(patience) as clock:
            self._process.stdin.write(encode_request(request))
            await self._process.stdin.drain()
            message = await self._read()
            if not message:  # parsed: the next stage begins
                clock.reschedule(asyncio.get_running_loop().time() + patience)
                message = await self._read()
        return decode_outcome(message)

    async def _read(self) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - it was opened with a pipe
        size = int.from_bytes(await self._process.stdout.readexactly(4), "big")
        return await self._process.stdout.readexactly(size)

    async def ended(self) -> int | None:
        """Say how a process ended that has fallen silent; one that has not ended in a second is killed.

        To kill it at once would hide that: whoever signals a process that is dead collects it, status and all.
        """
        try:
            async with asyncio.timeout(_PAUSE):
                return await self._collected()
        except TimeoutError:
            return await self.stop()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> int | None:
        """Kill the process and collect it, so that no zombie stays; its exit status."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        return await asyncio.shield(self._collected())

    async def _collected(self) -> int:
        if self._process.stdout is not None:
            # asyncio reports an exit only after the pipe's end, which it never sees while nobody reads what is left.
            with contextlib.suppress(OSError):
                await self._process.stdout.read()
        status = await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(OSError):
                await self._process.stdin.wait_closed()
        return status


class Parser:
    """Parses feeds in worker processes, within a time limit (seconds) and a memory limit (bytes) for each.

    The time is the processor's: on a busy machine a feed that takes one second of it may take three by the clock.
    After five times the limit by the clock, too, its process is killed.

    An async context manager. A feed that takes longer costs its worker and nobody else's turn: the next parse gets a
    new one.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        time_limit: float = 2.0,
        memory_limit: int = 300_000_000,
        modules: Sequence[str] = (),
    ) -> None:
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._modules = modules
        self._turns = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        while self._idle:
            await self._idle.pop().stop()

    async def parse(
        self, body: bytes, *, content_type: str = "", charset: str | None = None, url: str = "", now: datetime
    ) -> ParsedFeed | Failed:
        """Parse ``body`` as ``parse_feed`` does; PARSE_TIMEOUT or PARSE_CRASH when its worker did not live to tell."""
        request = Request(body=body, content_type=content_type, charset=charset, url=url, now=now)
        outcome = await self._answer(request)
        return outcome if isinstance(outcome, ParsedFeed | Failed) else _mixed_up()

    async def read_items(self, page: Fetched, source: Source, *, now: datetime) -> Harvest | Failed:
        """Parse a feed and normalise it for its source, either within the time limit."""
        request = replace(
            _request(page, Job.ITEMS, now=now),
            source_id=source.id,
            source_name=source.spec.name,
            source_url=source.spec.url,
            lang=source.spec.lang,
            headings=source.spec.opinion_headings,
        )
        outcome = await self._answer(request)
        return outcome if isinstance(outcome, Harvest | Failed) else _mixed_up()

    async def read_gists(
        self, items: Sequence[Item], *, topics: Sequence[str], rules: str, now: datetime
    ) -> Sequence[Gist] | Failed:
        """Say what each of these articles says by itself; a failure when the process has other ``rules`` than these."""
        parts = [items[at : at + _TOGETHER] for at in range(0, len(items), _TOGETHER)]
        asked = (
            Request(
                body=pack_items(part),
                content_type="",
                charset=None,
                url="",
                now=now,
                job=Job.GISTS,
                topics=tuple(topics),
                rules=rules,
            )
            for part in parts
        )
        gists: list[Gist] = []
        for request in asked:
            outcome = await self._answer(request)
            if not isinstance(outcome, Gists):
                return outcome if isinstance(outcome, Failed) else _mixed_up()
            gists += outcome.gists
        return gists if len(gists) == len(items) else _mixed_up()

    async def read_links(self, page: Fetched, *, now: datetime) -> PageLinks | Failed:
        """Find the feeds that a page names."""
        outcome = await self._answer(_request(page, Job.LINKS, now=now))
        return outcome if isinstance(outcome, PageLinks | Failed) else _mixed_up()

    async def read_text(
        self, page: Fetched, *, source_name: str, headings: Sequence[str], now: datetime
    ) -> PageText | Failed:
        """Read an article's page; ``headings`` are the source's own words above its opinion."""
        request = _request(page, Job.TEXT, now=now)
        outcome = await self._answer(replace(request, source_name=source_name, headings=tuple(headings)))
        return outcome if isinstance(outcome, PageText | Failed) else _mixed_up()

    async def _answer(self, request: Request) -> Outcome:
        async with self._turns:
            worker = await self._worker()
            try:
                outcome = await worker.answer(request, patience=self._time_limit * _PATIENCE)
            except TimeoutError:
                await worker.stop()
                return self._out_of_time()
            except (OSError, EOFError, ValueError):
                status = await worker.ended()
                if status == _OUT_OF_TIME:
                    return self._out_of_time()
                return Failed(kind=FailureKind.PARSE_CRASH, detail=f"exit {status}")
            except BaseException:
                await worker.stop()
                raise
            if isinstance(outcome, Failed) and outcome.kind is FailureKind.PARSE_CRASH:
                await worker.stop()
            else:
                self._idle.append(worker)
            return outcome

    def _out_of_time(self) -> Failed:
        return Failed(kind=FailureKind.PARSE_TIMEOUT, detail=f"{self._time_limit:g} s")

    async def _worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            await worker.stop()
        try:
            return await self._start()
        except (OSError, EOFError):
            # A machine out of processes or memory for a moment is not this feed's fault; for longer, it is a surprise.
            await asyncio.sleep(_PAUSE)
            return await self._start()

    async def _start(self) -> _Worker:
        return await _Worker.start(time_limit=self._time_limit, memory_limit=self._memory_limit, modules=self._modules)


def _request(page: Fetched, job: Job, *, now: datetime) -> Request:
    return Request(body=page.body, content_type=page.content_type, charset=page.charset, url=page.url, now=now, job=job)


def _mixed_up() -> Failed:
    """Judge an answer to another question: whatever runs in that process now, it is not ours."""
    return Failed(kind=FailureKind.PARSE_CRASH, detail="another answer")
