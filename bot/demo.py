"""``autodigest demo``: the real bot on loopback, talking to a local Telegram and reading a local newsroom.

The bot is built by the same composition root as for ``run``; only its settings and its clock are the demo's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, open_app
from bot.desk.staffing import INVITATION, TERM
from bot.i18n import Words, words_for
from bot.logs import set_up_logs
from bot.rehearsal import rehearse
from bot.sandbox.clock import TurnableClock
from bot.sandbox.newsroom import Newsroom, SampleFeed
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from feeds.errors import FatalError
from storage.people import TicketKind

TOKEN = "42:TEST"  # noqa: S105  opens nothing but the sandbox
ZONE = "Europe/Moscow"
POLL_SECONDS = 2.0
_EARLIER = timedelta(minutes=20)
_MORNING_NEWS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that a demo is made of."""

    sandbox: Sandbox
    newsroom: Newsroom
    app: App
    clock: TurnableClock


async def run_demo(*, port: int, live: bool, once: bool, lang: str) -> int:
    """Run the demo until it is interrupted; with ``once`` go the whole way for one subscriber and end."""
    set_up_logs("text")
    words = words_for(lang)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_stage(port=0 if once else port, live=live, lang=lang) as stage:
        ready = asyncio.Event()
        running = asyncio.create_task(stage.app.run(stop, ready=ready.set))
        try:
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait({waiting, running}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if running.done():
                running.result()
                return 0
            if once:
                return await rehearse(stage.sandbox, stage.app, lang=lang, next_issue=lambda: next_issue(stage, words))
            await _first_poll(stage)
            await _furnish(stage, lang)
            sys.stdout.write(words("demo-ready", url=stage.sandbox.url) + "\n")
            sys.stdout.flush()
            with contextlib.suppress(webbrowser.Error):
                await asyncio.to_thread(webbrowser.open, stage.sandbox.url)
            await running
        finally:
            stop.set()
            await asyncio.wait([running])
    return 0


@contextlib.asynccontextmanager
async def open_stage(*, port: int = 0, live: bool = False, lang: str = "ru") -> AsyncIterator[Stage]:
    """Start the local Telegram and the newsroom, and build the bot between them."""
    clock = TurnableClock()
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autodigest-demo-")))
        sandbox = Sandbox(clock=clock, token=TOKEN, username="autodigest_demo_bot", first_name="Autodigest", zone=ZONE)
        try:
            await sandbox.start(port)
        except OSError as error:
            raise FatalError("port-taken", address=f"127.0.0.1:{port}") from error
        stack.push_async_callback(sandbox.stop)
        newsroom = await stack.enter_async_context(Newsroom(clock))
        sources = folder / "sources.toml"
        await asyncio.to_thread(sources.write_text, sources_toml(newsroom.feeds), "utf-8")
        settings = Settings(
            token=SecretStr(TOKEN),
            api_base=sandbox.url,
            database=str(folder / "demo.db"),
            sources=None if live else sources,
            allow_hosts=frozenset({"127.0.0.1"}),
            poll_min=900 if live else POLL_SECONDS,
            poll_max=86400,
            lang="en" if lang == "en" else "ru",
            timezone=ZONE,
            operators=(),
            http=None,
        )
        app = await stack.enter_async_context(open_app(settings, clock=clock))
        yield Stage(sandbox=sandbox, newsroom=newsroom, app=app, clock=clock)


def sources_toml(feeds: Sequence[SampleFeed]) -> str:
    """Write the newsroom's feeds as a sources file."""
    return "\n".join(
        "[[sources]]\n"
        + "\n".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}"
            for key, value in {
                "name": feed.name,
                "url": feed.url,
                "lang": feed.lang,
                "opinion_headings": list(feed.opinion_headings),
            }.items()
        )
        + "\n"
        for feed in feeds
    )


async def next_issue(stage: Stage, words: Words) -> str:
    """Turn the clock to the next issue that is due, with a few articles that come out shortly before it."""
    due = await stage.app.store.chats.next_due()
    if due is None:
        return words("demo-nobody")
    if due - stage.clock() > _EARLIER:
        stage.sandbox.person.turn_clock(to=(due - _EARLIER).timestamp())
        for _ in range(_MORNING_NEWS):
            stage.newsroom.drop()
        await _poll(stage)
    stage.sandbox.person.turn_clock(to=due.timestamp() + 1)
    stage.app.publish_bell.ring()
    return words("demo-turned", when=words.moment(due, ZONE))


async def _furnish(stage: Stage, lang: str) -> None:
    """Bring in the people, a channel, and the buttons beside the chat."""
    person, sandbox = stage.sandbox.person, stage.sandbox
    words = words_for(lang)
    person.add_person(first_name=words("demo-subscriber"), language_code=lang)
    admin = person.add_person(first_name=words("demo-admin"), language_code=lang)
    channel = person.add_chat(type="channel", title=words("demo-channel"), creator_id=admin["id"])
    person.add_bot(chat_id=channel["id"], by_user_id=admin["id"], rights={"can_post_messages": True})
    await _turned_away(stage, admin["id"])
    person.say(user_id=admin["id"], text="/start")
    editor = person.add_person(first_name=words("demo-editor"), language_code=lang)
    invitation = await stage.app.store.tickets.issue(TicketKind.EDITOR, expires_at=stage.clock() + TERM)
    person.say(user_id=editor["id"], text=f"/start {INVITATION}{invitation}")
    await _admitted(stage, editor["id"])
    stage.app.desk_bell.ring()

    async def turn(spoken: str) -> str:
        return await next_issue(stage, words_for(spoken or lang))

    async def drop(spoken: str) -> str:
        article = stage.newsroom.drop()
        stage.app.poll_bell.ring()
        return words_for(spoken or lang)("demo-dropped", title=article.title, outlet=article.outlet)

    for control, action in (("next-issue", turn), ("drop", drop)):
        label = {code: words_for(code)(f"demo-{control}") for code in ("ru", "en")}
        hint = {code: words_for(code)(f"demo-{control}-hint") for code in ("ru", "en")}
        sandbox.add_control(control, label, hint, action)


async def _turned_away(stage: Stage, admin: int) -> None:
    """Wait until the bot has tried to write to the admin, who has not pressed START yet: they do so afterwards."""
    for _ in range(100):
        tried = [one for one in stage.sandbox.log if one.method == "sendMessage" and one.answer]
        if any(int(one.parameters["chat_id"]) == admin for one in tried):
            return
        await asyncio.sleep(0.05)


async def _admitted(stage: Stage, editor: int) -> None:
    """Wait until the editor has a seat at the desk: cards go to those only."""
    for _ in range(100):
        if await stage.app.store.staff.get(editor) is not None:
            return
        await asyncio.sleep(0.05)


async def _first_poll(stage: Stage) -> None:
    """Wait until there is something to show, so that the first tap does not meet an empty store."""
    for _ in range(100):
        sources = await stage.app.store.news.sources()
        if all(source.poll.polled_at for source in sources if source.active):
            return
        await asyncio.sleep(0.1)


async def _poll(stage: Stage) -> None:
    """Let the bot poll, and wait until every source was asked since now."""
    asked = stage.clock()
    for _ in range(100):
        stage.app.poll_bell.ring()
        await asyncio.sleep(0.1)
        sources = await stage.app.store.news.sources()
        if all((source.poll.polled_at or asked) > asked for source in sources if source.active):
            return
