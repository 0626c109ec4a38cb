from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.jobs import Bell, Bells, supervise
from feeds.errors import FatalError
from tests.waiting import PATIENCE, until


class Work:
    """Something that a bell calls: counts its calls, and may take time or fail."""

    def __init__(self, *troubles: BaseException, seconds: float = 0) -> None:
        self.calls = 0
        self._troubles = list(troubles)
        self._seconds = seconds
        self.called = asyncio.Event()

    async def __call__(self) -> None:
        self.calls += 1
        self.called.set()
        await asyncio.sleep(self._seconds)
        if self._troubles:
            raise self._troubles.pop(0)


def bell(work: Work, *, every: float = 60) -> Bell:
    return Bell(name="test", every=timedelta(seconds=every), answer=work)


async def test_a_ring_is_answered() -> None:
    work = Work()
    rung = bell(work)
    task = asyncio.create_task(rung.work())
    await asyncio.sleep(0.01)
    assert work.calls == 0
    assert rung.at_rest
    rung.ring()
    assert not rung.at_rest
    await until(lambda: rung.at_rest, "the answer")
    assert work.calls == 1
    task.cancel()


async def test_rings_during_the_work_are_answered_by_once_more() -> None:
    work = Work(seconds=0.03)
    rung = bell(work)
    task = asyncio.create_task(rung.work())
    rung.ring()
    await work.called.wait()
    for _ in range(5):
        rung.ring()
    await until(lambda: rung.at_rest, "the answers")
    assert work.calls == 2
    task.cancel()


async def test_a_bell_whose_answer_went_wrong_is_at_rest_again() -> None:
    rung = bell(Work(RuntimeError("stumbled")))
    rung.ring()
    with pytest.raises(RuntimeError):
        await rung.work()
    assert rung.at_rest


async def test_bells_ring_at_the_start_and_then_at_their_intervals() -> None:
    work = Work()
    rung = bell(work, every=0.1)
    bells = Bells((rung,))
    task = asyncio.create_task(rung.work())
    bells.start()
    await work.called.wait()
    assert work.calls == 1
    await until(lambda: work.calls >= 3, "two more rings")
    bells.stop()
    await until(lambda: rung.at_rest, "the last answer")
    calls = work.calls
    await asyncio.sleep(0.2)
    assert work.calls == calls
    task.cancel()


async def test_a_worker_that_stumbles_starts_again() -> None:
    work = Work(RuntimeError("stumbled"), seconds=0)
    task = asyncio.create_task(supervise("test", work))
    await work.called.wait()
    work.called.clear()
    async with asyncio.timeout(PATIENCE):
        await work.called.wait()
    assert work.calls == 2
    task.cancel()


async def test_a_group_of_errors_is_a_stumble_too() -> None:
    work = Work(ExceptionGroup("several", [ValueError("one")]))
    task = asyncio.create_task(supervise("test", work))
    await work.called.wait()
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()


async def test_what_only_a_person_can_mend_ends_the_worker() -> None:
    with pytest.raises(FatalError):
        await supervise("test", Work(FatalError("token-refused")))


async def test_a_worker_that_stumbles_over_its_own_end_is_not_started_again() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            raise RuntimeError("stumbled")

    task = asyncio.create_task(supervise("test", work))
    await begun.wait()
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=0.5)
    task.cancel()
    assert done
    assert task.cancelled()


async def test_a_worker_can_be_cancelled() -> None:
    work = Work(seconds=60)
    task = asyncio.create_task(supervise("test", work))
    await work.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
