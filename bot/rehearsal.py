"""``autodigest demo --once``: one subscriber's whole way without a browser, and what arrived in their chat."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from bot.app import App
from bot.i18n import Words, words_for
from bot.sandbox.server import Sandbox
from bot.zones import city
from feeds.issue import OutboxState

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds to wait for each message."""


async def rehearse(sandbox: Sandbox, app: App, *, lang: str, next_issue: Callable[[], Awaitable[str]]) -> int:
    """Start, choose topics, read, subscribe, read the next issue; 0 if both came and the first had an opinion."""
    words = words_for(lang)
    reader = _Reader(sandbox, words)
    try:
        await reader.say("/start")
        await reader.wait_for(words("button-show"))
        for topic in ("ev", "market"):
            await reader.tap(data_prefix=f"t:0:w:{topic}")
        await reader.polled(app)
        await reader.tap(text=words("button-show"))
        first = await reader.wait_for(words("ask-subscribe"))
        await reader.tap(text=words("button-morning"))
        if lang != "ru":
            # Who does not read Russian is asked for the time where they are.
            await reader.tap(naming=city("Europe/London", lang))
        await reader.wait_for("/stop")
        await next_issue()
        await reader.wait_for(words("digest-next"))
    except TimeoutError:
        sys.stdout.write(reader.transcript())
        sys.stderr.write(words("demo-failed") + "\n")
        return 1
    sys.stdout.write(reader.transcript())
    counts, news = await app.store.outbox.counts(), await app.store.news.counts()
    sys.stdout.write(
        words(
            "demo-summary",
            sources=news.sources,
            items=news.items,
            folded=news.items - news.stories,
            sent=counts[OutboxState.SENT],
        )
        + "\n"
    )
    opinion = any(entity["type"].endswith("blockquote") for entity in first["entities"])
    return 0 if opinion else 1


class _Reader:
    """A person at the sandbox who waits for answers."""

    def __init__(self, sandbox: Sandbox, words: Words) -> None:
        self._people = sandbox.person
        self._me = sandbox.person.add_person(first_name=words("demo-subscriber"), language_code=words.lang)["id"]

    async def say(self, text: str) -> None:
        self._people.say(user_id=self._me, text=text)

    async def tap(self, *, text: str = "", naming: str = "", data_prefix: str = "") -> None:
        """Tap the newest button with this text, this in its text, or this data, once it is there."""

        def find() -> tuple[int, str] | None:
            for message in reversed(self._messages()):
                for button in _buttons(message):
                    data = button.get("callback_data", "")
                    named = naming and naming in button["text"]
                    if button["text"] == text or named or (data_prefix and data.startswith(data_prefix)):
                        return message["message_id"], data
            return None

        message_id, data = await _soon(find)
        self._people.tap(user_id=self._me, message_id=message_id, data=data)

    async def wait_for(self, text: str) -> dict[str, Any]:
        """Wait until a message with this text or button is there, and return the newest."""

        def find() -> dict[str, Any] | None:
            return next(
                (
                    message
                    for message in reversed(self._messages())
                    if text in message["text"] or any(button["text"] == text for button in _buttons(message))
                ),
                None,
            )

        return await _soon(find)

    async def polled(self, app: App) -> None:
        """Wait until every source was polled once."""
        for _ in range(round(PATIENCE * 10)):
            if all(source.poll.polled_at for source in await app.store.news.sources() if source.spec.enabled):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError

    def transcript(self) -> str:
        """Write down the chat: who said what, quotes behind a bar, buttons in brackets."""
        return "".join(_written(message) for message in self._messages())

    def _messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._people.messages(chat_id=self._me)["messages"]
        return found


async def _soon(find: Callable[[], T | None]) -> T:
    for _ in range(round(PATIENCE * 20)):
        if (found := find()) is not None:
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError


def _buttons(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in (message["reply_markup"] or {}).get("inline_keyboard", []):
        yield from row


def _written(message: dict[str, Any]) -> str:
    sender = message["from"]["name"] if message["from"] else ""
    units = message["text"].encode("utf-16-le")
    for entity in sorted(message["entities"], key=lambda one: -one["offset"]):
        if entity["type"].endswith("blockquote"):
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            quoted = units[start:end].decode("utf-16-le").replace("\n", "\n│ ")
            units = units[:start] + f"│ {quoted}".encode("utf-16-le") + units[end:]
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    keys = "".join("  ".join(f"[{button['text']}]" for button in row) + "\n" for row in rows)
    return f"── {sender}\n{units.decode('utf-16-le')}\n{keys}\n"
