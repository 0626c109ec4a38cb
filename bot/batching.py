"""Many small commits as few large ones: calls that come while a commit runs wait for the next, together.

Adds no delay when there is little to do, and no limit of its own when there is much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Batching(Generic[Request, Answer]):
    """Answers single requests by a function that takes many; the answers come in the order of the requests."""

    def __init__(self, work: Callable[[Sequence[Request]], Awaitable[Sequence[Answer]]], *, most: int = 100) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[Request, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, request: Request) -> Answer:
        """Hand in one request; raises what the work raised. A caller that is cancelled does not stop the others."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._work([request for request, _ in batch])
            except Exception as error:  # noqa: BLE001  each caller gets it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
