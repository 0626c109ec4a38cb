"""How long people wait for an answer: ``python -m bench.answers``. Ten thousand stories and subscribers are stored.

The real bot answers over HTTP in the sandbox: a tap on «Показать выпуск» by somebody new until their first issue stands
in the chat, /search and /topics until their answers do. Each asks for something else, nobody twice, and between the
asks news is stored, as it is while the bot runs.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import SecretStr

from bench.fanout import subscribe
from bench.letters import NOW
from bench.report import Report
from bot.app import App, open_app
from bot.callbacks import DigestTap
from bot.logs import set_up_logs
from bot.sandbox.clock import TurnableClock
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from feeds.model import Item, SourceId, SourceSpec, StoryDraft
from feeds.polls import NextPollReason, PollState
from feeds.topics import Catalogue, load_catalogue
from storage import Storage, open_storage

COUNT = 10_000
ASKS = 20
READING = 1.1
"""Seconds that somebody looks at the greeting before tapping: sooner, the chat's own pace would hold the issue back."""
OUTLETS = 20
PATIENCE = 30.0
MILLISECOND = 1000
_THINGS = ("кроссовер", "седан", "пикап", "фургон", "завод", "дилер", "утильсбор", "двигатель", "батарея", "трасса")
_DEEDS = ("подорожал", "вышел на испытания", "получил новую коробку", "отозван", "собран на конвейере", "обновлён")
_PLACES = ("в Туле", "под Калугой", "в Китае", "в Германии", "на Урале", "в Узбекистане", "за рубежом", "в столице")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The bot, Telegram around it, and how long it has been waited for each kind of answer."""

    app: App
    sandbox: Sandbox
    catalogue: Catalogue
    chance: random.Random


def item(source: SourceId, number: int, chance: random.Random, catalogue: Catalogue) -> Item:
    """Make up an article of some 900 characters about a make."""
    make = chance.choice(catalogue.makes).name["ru"]
    title = f"{make}: {chance.choice(_THINGS)} {chance.choice(_DEEDS)} {chance.choice(_PLACES)}, версия {number}"
    words = " ".join(f"слово{chance.randrange(20_000)}" for _ in range(60))
    return Item(
        source_id=source,
        key=str(number),
        url=f"https://koleso.example/{number}",
        title=title,
        title_key=title.casefold(),
        summary=f"{make} сообщает о новой версии {number}. Подробности будут в марте.",
        text=words,
        text_hash=str(number),
        published_at=NOW - timedelta(minutes=chance.randrange(70 * 60)),
    )


async def tell(store: Storage, catalogue: Catalogue, numbers: Sequence[int], chance: random.Random) -> None:
    """Store stories of two themes and a make each, spread over three days."""
    themes = [theme.id for theme in catalogue.themes]
    sources = await store.news.sources()
    poll = PollState(next_at=NOW + timedelta(days=30), reason=NextPollReason.INTERVAL, polled_at=NOW)
    share = max(1, len(numbers) // len(sources))
    for place, source in enumerate(sources):
        drafts = [
            StoryDraft(
                story_id=None,
                items=(item(source.id, number, chance, catalogue),),
                topics=(*chance.sample(themes, 2), chance.choice(catalogue.makes).id),
            )
            for number in numbers[place * share : (place + 1) * share]
        ]
        await store.news.commit_poll(source.id, poll, drafts=drafts, fingerprint=catalogue.fingerprint, now=NOW)


@asynccontextmanager
async def scene(folder: Path, count: int) -> AsyncIterator[Scene]:
    """Run the bot with so many stories and subscribers in its store."""
    catalogue, chance = load_catalogue(), random.Random(7)
    names = [(f"Колесо {number}", f"http://127.0.0.1:9/{number}") for number in range(OUTLETS)]
    file = folder / "sources.toml"
    file.write_text("".join(f'[[sources]]\nname = "{n}"\nurl = "{u}"\nlang = "ru"\n' for n, u in names), "utf-8")
    database = str(folder / "answers.db")
    async with await open_storage(database) as store:
        await store.news.seed([SourceSpec(name=name, url=url, lang="ru") for name, url in names], now=NOW)
        await tell(store, catalogue, range(count), chance)
        await subscribe(store._database, catalogue, count, next_at=NOW + timedelta(days=1))  # noqa: SLF001
    async with Sandbox(clock=TurnableClock(NOW)) as sandbox:
        given: dict[str, Any] = {
            "token": SecretStr(sandbox.token),
            "api_base": sandbox.url,
            "database": database,
            "sources": file,
        }
        settings = Settings.model_construct(**Settings.model_construct().model_dump() | given)
        stop, ready = asyncio.Event(), asyncio.Event()
        async with open_app(settings, clock=sandbox.clock) as app:
            running = asyncio.create_task(app.run(stop, ready=ready.set))
            await ready.wait()
            yield Scene(app=app, sandbox=sandbox, catalogue=catalogue, chance=chance)
            stop.set()
            await running


async def waited(scene: Scene, reader: int, act: Callable[[], object]) -> float:
    """Do something as a reader; seconds until the bot's next message stands in the chat."""

    def said() -> int:
        return sum(1 for one in scene.sandbox.world.messages[reader].values() if one.sender_id != reader)

    before, began = said(), time.perf_counter()
    act()
    while said() == before:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("no answer")
        await asyncio.sleep(0.001)
    return time.perf_counter() - began


async def first_issue(scene: Scene, number: int) -> float:
    """Let somebody new choose two topics, or none, and show an issue."""
    people = scene.sandbox.person
    reader = people.add_person(first_name=f"P{number}")["id"]
    chosen = scene.chance.sample([theme.id for theme in scene.catalogue.themes], number % 3)
    await waited(scene, reader, lambda: people.say(user_id=reader, text=f"/start t_{'_'.join(chosen)}"))
    welcome = max(scene.sandbox.world.messages[reader])
    await asyncio.sleep(READING)
    show = DigestTap(what="first").pack()
    return await waited(scene, reader, lambda: people.tap(user_id=reader, message_id=welcome, data=show))


async def search(scene: Scene, number: int) -> float:
    """Let somebody look for a make, a common word, or both."""
    make = scene.chance.choice(scene.catalogue.makes).name["ru"]
    query = (make, scene.chance.choice(_THINGS), f"{make} {scene.chance.choice(_THINGS)}")[number % 3]
    return await _says(scene, number, f"/search {query}")


async def topics(scene: Scene, number: int) -> float:
    """Let somebody with two topics open the list, which counts what is for them."""
    chosen = scene.chance.sample([theme.id for theme in scene.catalogue.themes], 2)
    return await _says(scene, number, "/topics", before=f"/start t_{'_'.join(chosen)}")


async def own_words(scene: Scene, number: int) -> float:
    """Let somebody add words of their own, which are counted at once."""
    return await _says(
        scene,
        number,
        f"/topics +слово{scene.chance.randrange(20_000)}, {scene.chance.choice(scene.catalogue.makes).name['ru']}",
    )


async def _says(scene: Scene, number: int, text: str, *, before: str | None = None) -> float:
    people = scene.sandbox.person
    reader = people.add_person(first_name=f"Q{number}")["id"]
    if before is not None:
        await waited(scene, reader, lambda: people.say(user_id=reader, text=before))
    return await waited(scene, reader, lambda: people.say(user_id=reader, text=text))


Errand = Callable[[Scene, int], Awaitable[float]]
ERRANDS: Sequence[tuple[str, Errand, float]] = (
    ("first issue", first_issue, 300),
    ("/search", search, 150),
    ("/topics", topics, 150),
    ("own words", own_words, 300),
)


async def measure(count: int) -> dict[str, list[float]]:
    """Let people ask in turn; milliseconds of each kind of answer."""
    found: dict[str, list[float]] = {name: [] for name, *_ in ERRANDS}
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder), count) as stage:
            for number in range(ASKS):
                if number % 5 == 0:
                    fresh = range(count + number * OUTLETS, count + (number + 1) * OUTLETS)
                    await tell(stage.app.store, stage.catalogue, fresh, stage.chance)
                for name, errand, _ in ERRANDS:
                    found[name].append(await errand(stage, number) * MILLISECOND)
    return found


def report_all(found: dict[str, list[float]], count: int) -> bool:
    """Print what was measured; whether it is good enough."""
    report = Report("answers")
    for name, _, most in ERRANDS:
        took = sorted(found[name])
        note = f"p95 {took[int(len(took) * 0.95)]:.0f} ms, worst {took[-1]:.0f} ms, {count:,} stories"
        report.add(f"{name}, median ms", median(took), floor=most, target=most / 2, better="lower", note=note)
    report.write()
    return report.holds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="stories and subscribers")
    options = parser.parse_args(arguments)
    set_up_logs("json")
    return 0 if report_all(asyncio.run(measure(options.count)), options.count) else 1


if __name__ == "__main__":
    sys.exit(main())
