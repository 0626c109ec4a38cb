"""How fast the courier's way is: ``python -m bench.delivery``. All ways take turns, five times; medians count.

bare: aiohttp posting the same JSON and reading the answer as JSON · unread: the same, but the answer is not looked at ·
lean: our sender, through aiogram's session, middlewares and the pace (out of reach) · stock: aiogram as it comes ·
written: each issue rendered, then sent · outbox: the whole courier with its commits, ``synchronous=FULL``. The server
is ``bench.botapi``, in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import aiohttp
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bench import botapi
from bench.letters import CHOICES, EDITION, NOW, TYPICAL, parcel, typical_digest
from bench.report import Report
from bot.delivery import Courier
from bot.garbage import spare_what_stays
from bot.limits import PAID, Limits
from bot.logs import set_up_logs
from bot.markup import Message, telegram_html
from bot.messageids import MessageIds, WatchIds
from bot.outcomes import Outcome, Sent
from bot.pacing import KeepPace
from bot.standing import Standing
from bot.telegram import Sender, fields, inline_keyboard, link_preview, make_bot
from feeds.clock import utc_now
from feeds.issue import Chat, ChatKind, Issue, OutboxState
from storage import Storage, open_storage

TOKEN = "42:TEST"  # noqa: S105  opens nothing
ROUNDS = 5
SIDE_BY_SIDE = 64
UNREACHED = 1e6
Way = Callable[[int], Awaitable[float]]


async def side_by_side(count: int, send: Callable[[int], Awaitable[object]]) -> float:
    """Send so many messages, some at the same time; how many a second."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await send(number)

    gc.collect()
    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE)))
    return count / (time.perf_counter() - began)


def bare(client: aiohttp.ClientSession, address: str, *, read: bool = True) -> Way:
    """Post the JSON with nothing around it; without ``read`` nobody learns the message's id."""
    whole = fields(1000, TYPICAL, html=telegram_html(TYPICAL.document))
    given = {key: value for key, value in whole.items() if value is not None}

    async def send(number: int) -> None:
        body = json.dumps(given | {"chat_id": 1000 + number}).encode()
        url, headers = f"{address}/bot{TOKEN}/sendMessage", {"Content-Type": "application/json"}
        async with client.post(url, data=body, headers=headers) as answer:
            if read:
                assert (await answer.json())["ok"]  # noqa: S101
            else:
                await answer.read()

    return lambda count: side_by_side(count, send)


def lean(bot: Bot) -> Way:
    """Send as the courier does, one message that is written already."""
    sender = Sender(bot)

    async def send(number: int) -> None:
        assert isinstance(await sender.send(1000 + number, TYPICAL), Sent)  # noqa: S101

    return lambda count: side_by_side(count, send)


def written(bot: Bot) -> Way:
    """Send as the courier does, each issue written anew."""
    sender = Sender(bot)

    async def send(number: int) -> None:
        one = parcel(number)
        for message in EDITION.write(one):
            assert isinstance(await sender.send(one.chat.telegram_id, message), Sent)  # noqa: S101

    return lambda count: side_by_side(count, send)


def stock(bot: Bot) -> Way:
    """Send as aiogram's documentation shows."""

    async def send(number: int) -> None:
        await bot.send_message(
            1000 + number,
            telegram_html(TYPICAL.document),
            parse_mode="HTML",
            reply_markup=inline_keyboard(TYPICAL.keyboard),
            link_preview_options=link_preview(TYPICAL),
        )

    return lambda count: side_by_side(count, send)


async def enqueue(store: Storage, people: Sequence[int], *, slot: str) -> None:
    """Put a typical issue into the outbox for each of these subscribers (Telegram's numbers)."""
    digests = [typical_digest(choice) for choice in range(CHOICES)]
    chats = [await _chat(store, telegram_id) for telegram_id in people]
    issues = [
        Issue(chat_id=chat.id, slot=slot, digest=digests[number % CHOICES], due_at=NOW, moves_schedule=False)
        for number, chat in enumerate(chats)
    ]
    for start in range(0, len(issues), 500):
        await store.outbox.commit_issues(issues[start : start + 500], now=utc_now())


async def _chat(store: Storage, telegram_id: int) -> Chat:
    values = {"kind": ChatKind.PRIVATE, "lang": "ru", "reads": ["ru"], "zone": "Europe/Moscow", "now": NOW}
    found = await store.chats.by_telegram_id(telegram_id)
    if found is not None:
        return found
    made = await store.chats.ensure(telegram_id, **values)  # type: ignore[arg-type]
    return await store.chats.schedule(made.id, times=[480], zone="Europe/Moscow", next_at=None)


class Counting(Sender):
    """Our sender, which counts what arrived."""

    arrived = 0

    async def send(
        self, telegram_id: int, message: Message, *, formatted: bool = True, thread: int | None = None
    ) -> Outcome:
        """Send a message."""
        outcome = await super().send(telegram_id, message, formatted=formatted, thread=thread)
        self.arrived += isinstance(outcome, Sent)
        return outcome


async def told_nobody(_chat: Chat, _what: object) -> None:
    """Tell nobody that something is wrong with a chat."""


async def deliver_all(store: Storage, bot: Bot, limits: Limits, ids: MessageIds) -> float:
    """Run a courier until nothing is left; how many seconds it took."""
    carrier = Counting(bot)
    courier = Courier(
        outbox=store.outbox,
        chats=store.chats,
        carrier=carrier,
        standing=Standing(store.news, write=EDITION.write),
        on_closed=told_nobody,
        on_threadless=told_nobody,
        limits=limits,
        ids=ids,
        clock=utc_now,
        owner=f"bench-{time.monotonic_ns()}",
    )
    waiting = (await store.outbox.counts())[OutboxState.PENDING]
    gc.collect()
    began = time.perf_counter()
    running = asyncio.create_task(courier.run())
    # To ask the store all the time would be a part of what is measured.
    while carrier.arrived < waiting or await _waiting(store):  # noqa: ASYNC110  the store rings no bell
        await asyncio.sleep(0.01)
    courier.stop()
    await running
    took = time.perf_counter() - began
    counts = await store.outbox.counts()
    assert not any(counts[state] for state in OutboxState if state is not OutboxState.SENT), counts  # noqa: S101
    return took


async def _waiting(store: Storage) -> bool:
    if await store.outbox.next_due(utc_now()) is not None:
        return True
    counts = await store.outbox.counts()
    return any(counts[state] for state in (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENDING))


@asynccontextmanager
async def client_of(address: str, limits: Limits, store: Storage) -> AsyncIterator[tuple[Bot, MessageIds]]:
    """Make a client as the composition root does."""
    bot, ids = make_bot(TOKEN, api_base=address), MessageIds()
    bot.session.middleware(WatchIds(ids, store.outbox))
    bot.session.middleware(KeepPace(limits))
    try:
        yield bot, ids
    finally:
        await bot.session.close()


async def compare(report: Report, address: str, store: Storage, *, count: int) -> None:
    """Let all ways take turns."""
    limits = Limits(overall=UNREACHED)
    api = TelegramAPIServer.from_base(address)
    plain = Bot(TOKEN, session=AiohttpSession(api=api), default=DefaultBotProperties())
    async with client_of(address, limits, store) as (bot, ids), aiohttp.ClientSession() as client, plain:
        slots = iter(range(1000))

        async def outbox(many: int) -> float:
            await enqueue(store, range(1000, 1000 + many), slot=f"slot {next(slots)}")
            return many / await deliver_all(store, bot, limits, ids)

        ways: dict[str, Way] = {
            "bare": bare(client, address),
            "unread": bare(client, address, read=False),
            "lean": lean(bot),
            "stock": stock(plain),
            "written": written(bot),
            "outbox": outbox,
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(ROUNDS + 1):
            for name, way in ways.items():
                rate = await way(count // 3 if name == "stock" else count)
                if turn:  # the first one warms up
                    rates[name].append(rate)
    told(report, {name: median(values) for name, values in rates.items()}, rates)


def told(report: Report, middle: dict[str, float], rates: dict[str, list[float]]) -> None:
    """Put the rates side by side."""
    for name, values in rates.items():
        spread = f"{min(values):,.0f}-{max(values):,.0f}"
        report.add(f"{name}, messages/s", middle[name], floor=0, target=0, better="higher", note=spread)
    ratios = (
        ("lean to bare aiohttp", "lean", "bare", 0.8, 0.9),
        ("lean to bare, answer unread", "lean", "unread", 0.0, 0.8),
        ("lean to stock aiogram", "lean", "stock", 3.0, 3.5),
        ("outbox to without", "outbox", "written", 0.75, 0.85),
    )
    for check, one, other, floor, target in ratios:
        ratio = median(a / b for a, b in zip(rates[one], rates[other], strict=True))
        report.add(check, ratio, floor=floor, target=target, better="higher", note="of the same round, median of five")


async def sustain(report: Report, address: str, store: Storage, *, count: int) -> None:
    """Deliver at the paid limit, from the outbox to the server."""
    limits = Limits(overall=PAID, keeper=store.pace)
    async with client_of(address, limits, store) as (bot, ids):
        await enqueue(store, range(1000, 1000 + count), slot="sustained")
        await botapi.traffic(address)
        took = await deliver_all(store, bot, limits, ids)
        await limits.settle()
    came = await botapi.traffic(address)
    rate = came["count"] / came["seconds"]
    note = f"{count} in {took:.1f} s with commits; fullest second {came['fullest']:.0f}"
    report.add("at the limit of 1,000/s", rate, floor=950, target=970, better="higher", note=note)
    report.add("fullest second at 1,000/s", came["fullest"], floor=PAID, target=PAID, better="lower")


async def main(*, count: int, seconds: int) -> bool:
    """Measure everything, in a process that treats its garbage as the bot does."""
    spare_what_stays()
    report = Report("delivery")
    with tempfile.TemporaryDirectory() as folder, botapi.running() as address:
        async with await open_storage(f"sqlite:///{Path(folder) / 'bench.db'}") as store:
            await compare(report, address, store, count=count)
            await sustain(report, address, store, count=seconds * int(PAID))
    report.write()
    return report.holds


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500, help="messages in one turn")
    parser.add_argument("--seconds", type=int, default=10, help="how long to keep to the paid limit")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    set_up_logs("json")
    options = _options()
    raise SystemExit(0 if asyncio.run(main(count=options.count, seconds=options.seconds)) else 1)
