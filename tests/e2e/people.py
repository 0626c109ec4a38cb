"""People who use the running bot in its sandbox: what they type and tap, and what they wait for.

Knows the sandbox's side of people and the words of the interface, nothing of the bot's insides but its store.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest

from bot.app import App
from bot.demo import Stage, next_issue, open_stage
from bot.i18n import Words, words_for
from bot.sandbox.server import Sandbox
from feeds.issue import Chat
from tests import waiting

Json = dict[str, Any]
until = waiting.until

ENDING = 30.0
"""Seconds a bot may take to end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap was answered with: a toast or, with ``alert``, a box that waits."""

    text: str
    alert: bool


class Scene(Protocol):
    """Where people meet the bot: a stage or a town."""

    @property
    def sandbox(self) -> Sandbox: ...
    @property
    def app(self) -> App: ...


class Reader:
    """One person: says and taps, and reads what comes."""

    def __init__(self, stage: Scene, lang: str = "ru", name: str = "Анна") -> None:
        self.stage = stage
        self.words: Words = words_for(lang)
        self.people = stage.sandbox.person
        self.id: int = self.people.add_person(first_name=name, language_code=lang)["id"]

    def messages(self, chat_id: int | None = None) -> list[Json]:
        """Return what stands in a chat, by default the one with the bot."""
        found = self.people.messages(chat_id=chat_id or self.id)["messages"]
        return [message for message in found if not message["deleted"]]

    def replies(self) -> list[Json]:
        """Return what the bot said in the private chat."""
        return [message for message in self.messages() if message["from"] and message["from"]["is_bot"]]

    @property
    def last(self) -> Json:
        return self.replies()[-1]

    async def say(self, text: str, *, reply_to: Json | None = None) -> Json:
        """Write to the bot and return the first answer; a person is entitled to one."""
        asked = reply_to["message_id"] if reply_to else None
        said = self.people.say(user_id=self.id, text=text, reply_to_message_id=asked)["message_id"]
        return await self.after(said, f"an answer to {text!r}")

    async def after(self, message_id: int, what: str = "another message") -> Json:
        """Wait for the first message of the bot after a message, and until it has said all it has to say to it."""
        found = await until(
            lambda: next((one for one in self.replies() if one["message_id"] > message_id), None),
            lambda: f"{what} after\n{self.transcript()}",
        )
        await self._heard()
        return found

    async def _heard(self) -> None:
        """Wait until everything that anybody did has been handled, so that no answer comes later than expected."""
        await until(lambda: not len(self.stage.sandbox.world.updates), "everybody to be heard")

    async def wait_for(self, text: str, *, chat_id: int | None = None) -> Json:
        """Wait for the newest message that has this text in it, and until all that was done has been handled."""
        found = await until(
            lambda: next((one for one in reversed(self.messages(chat_id)) if text in one["text"]), None),
            lambda: f"{text!r} in\n{self.transcript(chat_id)}",
        )
        await self._heard()
        return found

    async def tap(self, label: str, message: Json | None = None) -> Answer:
        """Tap a button by its label under a message, by default the last one; return what it was answered with."""
        message = message or self.last
        button = next((one for one in buttons(message) if one["text"] == label), None)
        assert button, f"no button {label!r} under {message['text']!r}: {[one['text'] for one in buttons(message)]}"
        asked = self.people.tap(user_id=self.id, message_id=message["message_id"], data=button["callback_data"])
        return await self.answered(asked["callback_query_id"])

    async def forge(self, data: str, *, message_id: int | None = None, chat_id: int | None = None) -> Answer:
        """Send callback data that no button of ours offered."""
        place = message_id or self.last["message_id"]
        asked = self.people.forge(user_id=self.id, chat_id=chat_id, message_id=place, data=data)
        return await self.answered(asked["callback_query_id"])

    async def answered(self, query_id: str) -> Answer:
        """Wait until a tap is answered, by when everything it caused is done."""

        def find() -> Answer | None:
            for entry in reversed(self.stage.sandbox.log):
                if entry.method == "answerCallbackQuery" and entry.parameters["callback_query_id"] == query_id:
                    flag = str(entry.parameters.get("show_alert", "")).lower() == "true"
                    return Answer(entry.parameters.get("text", ""), flag) if entry.answer else None
            return None

        return await until(find, "answerCallbackQuery")

    def now(self, message: Json) -> Json:
        """Return a message as it stands now."""
        return next(one for one in self.messages() if one["message_id"] == message["message_id"])

    async def chat(self) -> Chat | None:
        """Return what the bot has stored about this person."""
        return await self.stage.app.store.chats.by_telegram_id(self.id)

    async def known(self) -> Chat:
        """Return what the bot has stored about this person, who must be known to it."""
        found = await self.chat()
        assert found is not None
        return found

    async def subscribe(self) -> Json:
        """Go the shortest way to a daily issue at 8:00, and return the first one."""
        await self.say("/start")
        # Who runs a channel is asked about it right after.
        await self.tap(self.words("button-show"), await self.wait_for(self.words("welcome")))
        first = await self.wait_for(self.words("ask-subscribe"))
        await self.tap(self.words("button-morning"), first)
        if self.words.lang != "ru":
            await self.choose_moscow()
        return first

    async def choose_moscow(self) -> None:
        """Answer the question which clock is theirs, which nobody who reads Russian is asked."""
        question = await self.wait_for(self.words("clock-question"))
        await self.tap(self.words("button-russia"), question)
        clock = next(label for label in labels(self.now(question)) if "Moscow" in label)
        await self.tap(clock, self.now(question))

    def transcript(self, chat_id: int | None = None) -> str:
        return "\n".join(f"— {one['text']}" for one in self.messages(chat_id))


async def tap_word(reader: Reader, message: Json, key: str, **facts: str | float) -> Json:
    """Tap a button by its key; the message as it stands then."""
    await reader.tap(reader.words(key, **facts), reader.now(message))
    return reader.now(message)


def buttons(message: Json) -> list[Json]:
    """Return all buttons under a message, row by row."""
    return [button for row in (message["reply_markup"] or {}).get("inline_keyboard", []) for button in row]


def labels(message: Json) -> list[str]:
    """Return what the buttons under a message say."""
    return [button["text"] for button in buttons(message)]


def parts(message: Json, *kinds: str) -> list[tuple[str, Json]]:
    """Return each piece of text that bears an entity of these kinds, with the entity."""
    units = message["text"].encode("utf-16-le")
    return [
        (units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"), entity)
        for entity in message["entities"]
        if entity["type"] in kinds
    ]


def links(message: Json) -> list[str]:
    """Return the addresses that a message leads to, in order."""
    return [entity["url"] for _, entity in parts(message, "text_link")]


def numbered(message: Json) -> list[str]:
    """Return the headlines of an issue."""
    return re.findall(r"^\d+\. (.+)$", message["text"], re.MULTILINE)


@contextlib.asynccontextmanager
async def playing(lang: str = "ru") -> AsyncIterator[Stage]:
    """Run the real bot between a sandbox and a newsroom, whose first news it has read."""
    async with open_stage(lang=lang) as stage:
        stop, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(stage.app.run(stop, ready=ready.set))
        try:
            await ready.wait()
            await polled(stage)
            yield stage
        finally:
            stop.set()
            _, pending = await asyncio.wait([running], timeout=ENDING)
            if pending:
                pytest.fail("the bot does not end; it waits in\n" + "\n".join(map(_where, asyncio.all_tasks())))
            running.result()


def _where(task: asyncio.Task[Any]) -> str:
    """Say in which function, down the chain of awaits, a task is."""
    steps: list[str] = []
    inner: Any = task.get_coro()
    while (frame := getattr(inner, "cr_frame", None)) is not None:
        steps.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
        inner = getattr(inner, "cr_await", None)
    return f"{task.get_name()}: {' > '.join(steps)} {inner!r}"


async def polled(stage: Stage, *, since: datetime | None = None) -> None:
    """Wait until every source was asked, since a moment if one is given."""

    async def find() -> bool:
        if since is not None:
            stage.app.poll_bell.ring()
        asked = [source.poll.polled_at for source in await stage.app.store.news.sources()]
        return all(at and (since is None or at > since) for at in asked)

    await until(find, "every source to be polled")


async def turn_to_next_issue(stage: Stage) -> None:
    """Let some news come out, then turn the clock to the next issue that is due."""
    await next_issue(stage, words_for("en"))


async def pass_quietly(stage: Scene, hours: float) -> None:
    """Turn the clock, and wait until all that is due by then is done."""
    stage.sandbox.person.turn_clock(advance=timedelta(hours=hours).total_seconds())
    stage.app.publish_bell.ring()
    await until(lambda: stage.app.at_rest, "everybody to rest")
