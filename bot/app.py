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
from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot import channels, doubt, fallback, preferences, subscriber
from bot.channels import tell_managers
from bot.delivery import Courier
from bot.doubt import ask_managers
from bot.edition import Edition
from bot.health import HealthPage
from bot.inquiry import Inquiry
from bot.jobs import Bell, Bells, supervise
from bot.limits import OVERALL, PAID, Limits
from bot.menus import set_menus
from bot.messageids import MessageIds, WatchIds
from bot.middleware import AnswerTaps, Apologise, Introduce
from bot.nightly import NightReview
from bot.pacing import KeepPace
from bot.services import Services
from bot.settings import Settings
from bot.telegram import Sender, make_bot
from bot.updates import TokenRefusedError, Updates
from bot.webhook import make_webhook
from bot.workshop import Workshop, open_workshop
from feeds.backlog import STALE, merge
from feeds.clock import Clock, utc_now
from feeds.errors import SettingsError
from feeds.ingest import PollReport
from feeds.issue import Chat, OutboxId, PauseReason
from feeds.publish import Publish
from feeds.straying import reschedule_astray

log = structlog.get_logger(__name__)

PUBLISH_EVERY = timedelta(seconds=1)
POLL_EVERY = timedelta(seconds=15)
INQUIRE_EVERY = timedelta(seconds=5)
MERGE_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
REVIEW_EVERY = timedelta(minutes=20)
STOP_SECONDS = 8.0
"""What shutdown may take before everything still running is cut off; a supervisor gives ten."""

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
        self.publish = _publisher(workshop, clock=clock)
        self._username = ""
        self._met = asyncio.Event()
        """Telegram has answered: we know who we are."""
        self._menus: list[asyncio.Task[None]] = []
        self._ids = MessageIds()
        bot.session.middleware(WatchIds(self._ids, self.store.outbox))
        edition = Edition(workshop.catalogue, username=lambda: self._username)
        self._limits = Limits(overall=PAID if settings.paid_broadcast else OVERALL, keeper=self.store.pace)
        bot.session.middleware(KeepPace(self._limits))
        self._courier = Courier(
            outbox=self.store.outbox,
            chats=self.store.chats,
            carrier=Sender(bot, paid=settings.paid_broadcast),
            write=edition.write,
            on_closed=self._closed,
            limits=self._limits,
            ids=self._ids,
            clock=clock,
            owner=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
        )
        self._services = Services(
            settings=settings,
            store=self.store,
            catalogue=workshop.catalogue,
            publish=self.publish,
            clock=clock,
            ring_courier=self._courier.ring,
        )
        self._inquiry = Inquiry(
            bot=bot,
            outbox=self.store.outbox,
            ids=self._ids,
            write=edition.write,
            ask_managers=self._ask_managers,
            limits=self._limits,
            clock=clock,
            policy=settings.unknown,
        )
        self._updates = Updates(bot, make_dispatcher(self._services), ids=self._ids)
        self.webhook = make_webhook(settings, bot, self._updates)
        self.on_poll: Callable[[PollReport], None] = workshop.log_poll
        every = min(POLL_EVERY, timedelta(seconds=settings.poll_min))
        self.poll_bell = Bell(name="poll", every=every, answer=self._poll)
        self.publish_bell = Bell(name="publish", every=PUBLISH_EVERY, answer=self._publish)
        self.inquiry_bell = Bell(name="inquiry", every=INQUIRE_EVERY, answer=self._inquire)
        self.merge_bell = Bell(name="merge", every=MERGE_EVERY, answer=self._merge)
        self.tidy_bell = Bell(name="tidy", every=TIDY_EVERY, answer=self._tidy)

    async def run(self, stop: asyncio.Event, *, ready: Callable[[], None] = lambda: None) -> None:
        """Work until ``stop`` is set, then end in order. Raises ``FatalError`` when only a person can help.

        While Telegram is out of reach feeds are polled and issues composed; ``ready`` is called once it has answered.
        """
        await self._take_up()
        outer = (self.poll_bell, self.publish_bell, self.merge_bell, self.inquiry_bell)
        bells = (*outer, self.tidy_bell, self._review_bell())
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
            await asyncio.gather(*everything, *self._menus, return_exceptions=True)
        for task in done - {stopping}:
            task.result()

    async def _end(self, courier: asyncio.Task[None]) -> None:
        """Let what people asked for and what is being sent come to its end, within the time there is."""
        await self._updates.finish(timeout=STOP_SECONDS / 4)
        courier.cancel()
        await asyncio.wait([courier], timeout=STOP_SECONDS)
        await self._limits.settle()

    async def _take_up(self) -> None:
        """Go on where the last process ended."""
        # The store is ours alone, so every lease in it is a dead process's.
        await self.store.news.release_sources()
        reclaimed = await self.store.outbox.take_over(now=self._clock())
        if reclaimed.pending or reclaimed.unknown:
            log.info("taken up again", pending=reclaimed.pending, unknown=reclaimed.unknown)
        for telegram_id, message_id in (await self.store.outbox.newest_message_ids()).items():
            self._ids.saw(telegram_id, message_id)
        for held in await self.store.outbox.doubts():
            self._ids.leave(held.parcel.chat.telegram_id)
        await self._limits.recall()
        await self.publish.retag_stale()

    async def _listen(self, ready: Callable[[], None]) -> None:
        """Read what people do, once Telegram has said who we are."""
        if not self._met.is_set():
            await self._meet_telegram()
            self._menus = [asyncio.create_task(set_menus(self._bot), name="menus")]
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

    async def _meet_telegram(self) -> None:
        """Learn who we are, however long Telegram cannot be reached."""
        pause = 1.0
        while True:
            try:
                me = await self._bot.me()
                break
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                # A token of the wrong shape makes an address that there is not.
                raise TokenRefusedError("token-refused") from error
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("Telegram not reached", reason=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)
        self._username = me.username or ""
        log.info("connected", username=me.username)
        if self.webhook is None:
            with contextlib.suppress(TelegramAPIError, ClientDecodeError):
                await self._bot.delete_webhook()

    async def _poll(self) -> None:
        await self._workshop.ingest.poll_due(self.on_poll)

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

    async def _ask_managers(self, chat: Chat, issue: OutboxId) -> None:
        await ask_managers(self._bot, self._services, chat, issue)

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

    async def _closed(self, chat: Chat, reason: PauseReason) -> None:
        await tell_managers(self._bot, self._services, chat, reason)

    @property
    def ready(self) -> bool:
        """Whether Telegram has answered: people are heard from then on."""
        return self._met.is_set()

    async def health(self) -> Mapping[str, object]:
        """Count what is stored and what waits."""
        outbox = await self.store.outbox.counts()
        chats = await self.store.chats.counts()
        return {"outbox": {str(k): v for k, v in outbox.items()}, "chats": {str(k): v for k, v in chats.items()}}


def make_dispatcher(services: Services) -> Dispatcher:
    """Wire handlers and middlewares; what nothing else takes falls to the last room."""
    dispatcher = Dispatcher(services=services)
    for observer in (dispatcher.message, dispatcher.callback_query, dispatcher.my_chat_member):
        observer.middleware(AnswerTaps())
        observer.middleware(Introduce(services))
        observer.middleware(Apologise())
    for room in (subscriber, preferences, channels, doubt, fallback):
        dispatcher.include_router(room.make_router())
    return dispatcher


def _publisher(workshop: Workshop, *, clock: Clock) -> Publish:
    store = workshop.store
    return Publish(
        news=store.news,
        chats=store.chats,
        issues=store.outbox,
        catalogue=workshop.catalogue,
        clock=clock,
        archive=store.search,
    )


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
