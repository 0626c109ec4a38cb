"""Figures for Prometheus: what was asked of Telegram and of the feeds, and what is stored and waits.

Imported only when there is a page to show them on. Counts requests as a middleware of aiogram's session.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot.session import PlainCall
from feeds.ingest import PollReport
from storage import Storage


class Metrics(BaseRequestMiddleware):
    """All figures of one process."""

    def __init__(self, store: Storage) -> None:
        self._store = store
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter("tg_requests", "Requests to the Bot API", ("method", "result"), registry=registry)
        self._seconds = Histogram("tg_request_seconds", "Time a request took", registry=registry)
        self._sent = Counter("send", "Issues and parts of issues handed to Telegram", ("result",), registry=registry)
        self._floods = Counter("tg_429", "Times Telegram said to wait", registry=registry)
        self._polls = Counter("feeds_fetch", "Polls of sources", ("result",), registry=registry)
        self._items = Counter("feeds_items", "New articles", registry=registry)
        self._polled = Gauge("feed_last_success_seconds", "When a source last answered, Unix time", registry=registry)
        self._outbox = Gauge("send_queue_depth", "Issues by their state", ("state",), registry=registry)
        self._redraws = Gauge("redraws", "Posts to be changed, by what came of it", ("outcome",), registry=registry)
        self._chats = Gauge("chats", "Chats by their state", ("state",), registry=registry)
        self._news = Gauge("news", "What the store holds", ("kind",), registry=registry)

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Count one request."""
        began, result = time.monotonic(), "cancelled"
        try:
            answer = await make_request(bot, method)
            result = "ok"
        except TelegramAPIError as error:
            result = _result(error)
            raise
        finally:
            self._count(method, result, seconds=time.monotonic() - began)
        return answer

    def watch(self, report: Callable[[PollReport], None]) -> Callable[[PollReport], None]:
        """Count polls too, on their way to whoever else is told of them."""

        def count(poll: PollReport) -> None:
            failed = str(poll.failure.kind) if poll.failure else "error" if poll.error else ""
            self._polls.labels(failed or ("unchanged" if poll.unchanged else "ok")).inc()
            self._items.inc(poll.new)
            if not failed:
                self._polled.set_to_current_time()
            report(poll)

        return count

    async def write(self) -> bytes:
        """Write all figures in the text format, with what is stored now. Raises ``StorageError``."""
        for state, count in (await self._store.outbox.counts()).items():
            self._outbox.labels(str(state)).set(count)
        for outcome, count in (await self._store.redraws.counts()).items():
            self._redraws.labels(outcome).set(count)
        for kind, count in (await self._store.chats.counts()).items():
            self._chats.labels(str(kind)).set(count)
        news = await self._store.news.counts()
        for name in ("sources", "enabled", "failing", "items", "stories"):
            self._news.labels(name).set(getattr(news, name))
        return generate_latest(self._registry)

    def _count(self, method: TelegramMethod[TelegramType], result: str, *, seconds: float) -> None:
        name = method.name if isinstance(method, PlainCall) else method.__api_method__
        self._requests.labels(name, result).inc()
        if result == "flood":
            self._floods.inc()
        if name == "getUpdates":
            return
        self._seconds.observe(seconds)
        if name == "sendMessage" and isinstance(method, PlainCall):
            self._sent.labels(result).inc()


def _result(error: TelegramAPIError) -> str:
    match error:
        case TelegramRetryAfter():
            return "flood"
        case TelegramNetworkError():
            return "network"
        case _:
            return type(error).__name__.removeprefix("Telegram").removesuffix("Error").lower()
