"""The composition root: builds every object once, runs the workers, and closes everything in reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

import structlog
from aiogram import Bot

from bot.channels.bells import ChannelBells
from bot.channels.failures import closed, thread_lost
from bot.delivery import Courier
from bot.desk.asking import desk_bell
from bot.desk.staffing import set_every_menu
from bot.dispatcher import make_dispatcher
from bot.doubt import ask_managers
from bot.edition import Edition
from bot.health import HealthPage
from bot.inquiry import Inquiry
from bot.jobs import Bell, Bells, supervise
from bot.limits import OVERALL, PAID, Limits
from bot.living import Living
from bot.meeting import meet
from bot.messageids import MessageIds, WatchIds
from bot.nightly import NightReview
from bot.pacing import KeepPace
from bot.services import Services
from bot.settings import Settings
from bot.telegram import Sender, make_bot
from bot.updates import Updates
from bot.webhook import make_webhook
from bot.workshop import Workshop, make_publisher, open_workshop
from feeds.backlog import STALE, merge
from feeds.clock import Clock, utc_now
from feeds.errors import SettingsError
from feeds.ingest import PollReport
from feeds.straying import reschedule_astray

log = structlog.get_logger(__name__)

PUBLISH_EVERY = timedelta(seconds=1)
POLL_EVERY = timedelta(seconds=15)
INQUIRE_EVERY = timedelta(seconds=5)
MERGE_EVERY = timedelta(minutes=1)
HELD_EVERY = timedelta(seconds=15)
"""How soon it is noticed that the database's server no longer keeps the store for us alone."""
TIDY_EVERY = timedelta(hours=1)
REVIEW_EVERY = timedelta(minutes=20)
HANDLERS_END, COURIER_ENDS, CUT_OFF = 2.0, 6.5, 0.5
"""Seconds that handlers, the courier and at last whatever still runs may take to end; a supervisor gives ten in all."""

ITEMS_KEPT = timedelta(days=90)
ISSUES_KEPT = timedelta(days=15)


class App:
    """The running bot."""

    def __init__(self, settings: Settings, workshop: Workshop, bot: Bot, *, clock: Clock) -> None:
        self.store = workshop.store
        self._workshop = workshop
        self._settings = settings
        self._clock = clock
        self._bot = bot
        self.publish = make_publisher(workshop, clock=clock)
        self._username = ""
        self._met = asyncio.Event()
        """Telegram has answered: we know who we are."""
        self._menus: list[asyncio.Task[None]] = []
        self._bells: tuple[Bell, ...] = ()
        self._ids = MessageIds()
        bot.session.middleware(WatchIds(self._ids, self.store.outbox))
        edition = Edition(workshop.catalogue, username=lambda: self._username)
        self._limits = Limits(overall=PAID if settings.paid_broadcast else OVERALL, keeper=self.store.pace)
        bot.session.middleware(KeepPace(self._limits))
        self.living = Living(workshop, bot, press=self.publish.press, edition=edition, limits=self._limits, clock=clock)
        self._courier = Courier(
            outbox=self.store.outbox,
            chats=self.store.chats,
            carrier=Sender(bot, paid=settings.paid_broadcast),
            standing=self.living.standing,
            on_closed=lambda chat, reason: closed(bot, self._services, chat, reason),
            on_threadless=lambda chat, thread: thread_lost(bot, self._services, chat, thread),
            limits=self._limits,
            ids=self._ids,
            clock=clock,
            owner=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
        )
        self._services = self._serve(edition)
        self.channels = ChannelBells(bot, self._services)
        self._inquiry = Inquiry(
            bot=bot,
            outbox=self.store.outbox,
            ids=self._ids,
            write=edition.write,
            ask_managers=lambda chat, issue: ask_managers(bot, self._services, chat, issue),
            limits=self._limits,
            clock=clock,
            policy=settings.unknown,
        )
        self.living.attend(self._met, self._courier.ring)
        self._updates = Updates(bot, make_dispatcher(), ids=self._ids, services=self._services)
        self.webhook = make_webhook(settings, bot, self._updates)
        self.on_poll: Callable[[PollReport], None] = workshop.log_poll
        self._hang_bells()

    def _hang_bells(self) -> None:
        every = min(POLL_EVERY, timedelta(seconds=self._settings.poll_min))
        self.poll_bell = Bell(name="poll", every=every, answer=self._poll)
        self.publish_bell = Bell(name="publish", every=PUBLISH_EVERY, answer=self._publish)
        self.inquiry_bell = Bell(name="inquiry", every=INQUIRE_EVERY, answer=self._inquire)
        self.merge_bell = Bell(name="merge", every=MERGE_EVERY, answer=self._merge)
        self.desk_bell = desk_bell(self._bot, self._services, met=self._met)
        self.tidy_bell = Bell(name="tidy", every=TIDY_EVERY, answer=self._tidy)
        self.held_bell = Bell(name="held", every=HELD_EVERY, answer=self.store.ensure_held)

    def _serve(self, edition: Edition) -> Services:
        return Services(
            settings=self._settings,
            store=self.store,
            catalogue=self._workshop.catalogue,
            publish=self.publish,
            clock=self._clock,
            ring_courier=self._courier.ring,
            write=edition.write,
            reach=self.living.at_once.reach,
            reconsider=self.living.reconsider,
        )

    async def run(self, stop: asyncio.Event, *, ready: Callable[[], None] = lambda: None) -> None:
        """Work until ``stop`` is set, then end in order. Raises ``FatalError`` when only a person can help.

        While Telegram is out of reach feeds are polled and issues composed; ``ready`` is called once it has answered.
        """
        await self._take_up()
        self._bells = bells = self._all_bells()
        ringing = Bells(bells)
        ringing.start()
        workers = [asyncio.create_task(supervise(bell.name, bell.work), name=bell.name) for bell in bells]
        updates = asyncio.create_task(supervise("updates", lambda: self._listen(ready)), name="updates")
        courier = asyncio.create_task(supervise("courier", self._deliver), name="courier")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        everything = {*workers, updates, courier, stopping}
        try:
            done, _ = await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
            if stopping in done:
                log.info("stopping")
        finally:
            ringing.stop()
            for task in (*workers, updates, stopping, *self._menus):
                task.cancel()
            await self._end(courier)
            courier.cancel()  # once more: its own end, too, may hang
            await asyncio.wait({*everything, *self._menus}, timeout=CUT_OFF)
        for task in done - {stopping}:
            task.result()

    def _all_bells(self) -> tuple[Bell, ...]:
        outer = (self.poll_bell, self.publish_bell, self.merge_bell, self.inquiry_bell)
        inner = (self.desk_bell, self.tidy_bell, self.held_bell, self._review_bell())
        return *outer, *self.living.bells, *self.channels.all, *inner

    async def _end(self, courier: asyncio.Task[None]) -> None:
        """Let what people asked for and what is being sent come to its end, within the time there is."""
        await self._updates.finish(timeout=HANDLERS_END)
        courier.cancel()
        await asyncio.wait([courier], timeout=COURIER_ENDS)
        await self._limits.settle(timeout=CUT_OFF)

    async def _take_up(self) -> None:
        """Go on where the last process ended."""
        # The store is ours alone, so every lease in it is a dead process's.
        await self.store.news.release_sources()
        reclaimed = await self.store.outbox.take_over(now=self._clock())
        if reclaimed.pending or reclaimed.unknown:
            log.info("taken up again", pending=reclaimed.pending, unknown=reclaimed.unknown)
        for telegram_id, message_id in (await self.store.outbox.newest_message_ids()).items():
            self._ids.saw(telegram_id, message_id)
            self._ids.stored(telegram_id, message_id)
        for held in await self.store.outbox.doubts():
            self._ids.leave(held.parcel.chat.telegram_id)
        await self._limits.recall()
        await self.publish.retag_stale()
        await self.publish.read_up()

    async def _listen(self, ready: Callable[[], None]) -> None:
        """Read what people do, once Telegram has said who we are."""
        if not self._met.is_set():
            self._username = await meet(self._bot, webhook=self.webhook is not None)
            self._menus = [asyncio.create_task(set_every_menu(self._bot, self._services), name="menus")]
            self._met.set()
            ready()
        await (self.webhook or self._updates).run()

    async def _deliver(self) -> None:
        # Our own name stands in the links under posts.
        await self._met.wait()
        # After an outage what is due now joins what has waited.
        await self.publish.publish_due()
        await self._merge()
        await self._courier.run()

    async def _poll(self) -> None:
        if await self._workshop.ingest.poll_due(self.on_poll):
            self.living.instant_bell.ring()

    async def _publish(self) -> None:
        if await self.publish.publish_due():
            self._courier.ring()

    async def _merge(self) -> None:
        now = self._clock()
        while spared := await self.store.outbox.merge_stale(merge, due_before=now - STALE, now=now):
            log.info("stale issues merged", spared=spared)

    async def _inquire(self) -> None:
        await self._met.wait()
        if await self._inquiry.settle_all():
            self._courier.ring()

    def _review_bell(self) -> Bell:
        stories, zone = self._workshop.ingest.stories, self._settings.timezone
        night = NightReview(stories, clock=self._clock, zone=zone, retag=self.publish.retag_stale)
        return Bell(name="review", every=REVIEW_EVERY, answer=night.answer)

    async def _tidy(self) -> None:
        now = self._clock()
        if moved := await reschedule_astray(self.store.chats, self.store.outbox, now=now):
            log.warning("planned anew what a wrong clock had put far off", chats=moved)
        await self.store.news.prune(now - ITEMS_KEPT)
        await self.store.outbox.prune(now - ISSUES_KEPT)
        await self.store.desk.prune(now - ITEMS_KEPT)
        await self.store.search.reread()
        await self.publish.press.related.read_up()

    @property
    def ready(self) -> bool:
        """Whether Telegram has answered: people are heard from then on."""
        return self._met.is_set()

    @property
    def at_rest(self) -> bool:
        """Whether everything that was to be done so far is done: bells answered, updates handled, issues sent."""
        bells = all(bell.at_rest for bell in self._bells)
        return bells and self._updates.at_rest and self._courier.at_rest

    async def health(self) -> Mapping[str, object]:
        """Count what is stored and what waits."""
        outbox = await self.store.outbox.counts()
        chats = await self.store.chats.counts()
        return {"outbox": {str(k): v for k, v in outbox.items()}, "chats": {str(k): v for k, v in chats.items()}}


@contextlib.asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[App]:
    """Build the whole bot and take it down again. Raises ``AutodigestError`` for what an operator must mend."""
    if settings.token is None:
        raise SettingsError("token-missing")
    async with contextlib.AsyncExitStack() as stack:
        workshop = await stack.enter_async_context(open_workshop(settings, clock=clock))
        bot = make_bot(settings.token.get_secret_value(), api_base=settings.api_base)
        stack.push_async_callback(bot.session.close)
        app = App(settings, workshop, bot, clock=clock)
        if settings.http:
            stack.push_async_callback((await _open_page(settings.http, app, bot)).stop)
        yield app


async def _open_page(address: str, app: App, bot: Bot) -> HealthPage:
    # Not for everybody: the library takes a twentieth of a second to import.
    from bot.metrics import Metrics  # noqa: PLC0415

    metrics = Metrics(app.store)
    bot.session.middleware(metrics)
    app.on_poll = metrics.watch(app.on_poll)
    routes = [app.webhook.route] if app.webhook else []
    page = HealthPage(address, app.health, ready=lambda: app.ready, metrics=metrics.write, routes=routes)
    await page.start()
    return page
