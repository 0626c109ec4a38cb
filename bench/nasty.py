"""The corpus of hostile feeds: what its index wants of each, and a worker process watched while it reads them."""

from __future__ import annotations

import asyncio
import csv
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from feeds.bodies import Unpacker
from feeds.harvest import Harvest
from feeds.model import Item, Source, SourceId, SourceSpec
from feeds.normalise import normalise
from feeds.parse import Parser, parse_feed
from feeds.polls import Failed, FailureKind, Fetched, PollState

NOW: Final = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
MOST_SECONDS: Final = 2.5
MOST_BYTES: Final = 200_000_000
_LARGEST_BODY: Final = 5_000_000
SOURCE: Final = Source(
    id=SourceId(1), spec=SourceSpec(name="Пример", url="https://example.ru/rss", lang="ru"), poll=PollState(next_at=NOW)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a body became."""

    outcome: Harvest | Failed

    @property
    def items(self) -> tuple[Item, ...]:
        """The usable items."""
        return () if isinstance(self.outcome, Failed) else self.outcome.items

    @property
    def entries(self) -> int:
        """How many different entries there were, usable or not; −1 for a failure."""
        return -1 if isinstance(self.outcome, Failed) else len(self.outcome.items) + self.outcome.skipped

    @property
    def titles(self) -> list[str]:
        """Say the items' titles."""
        return [item.title for item in self.items]

    @property
    def first(self) -> Item:
        """The first item."""
        return self.items[0]


def read(body: bytes) -> Reading:
    """Parse and normalise in this process."""
    feed = parse_feed(body, now=NOW)
    return Reading(outcome=feed if isinstance(feed, Failed) else normalise(feed, SOURCE, now=NOW))


Wanted = Callable[[Reading], bool]
_ISKRA: Final = "АвтоВАЗ показал новую Lada Iskra №"


def _entries(count: int) -> Wanted:
    return lambda reading: reading.entries == count == len(reading.items)


def _titled(*titles: str) -> Wanted:
    return lambda reading: reading.titles == list(titles)


def _refused(kind: FailureKind) -> Wanted:
    return lambda reading: isinstance(reading.outcome, Failed) and reading.outcome.kind is kind


def _iskra(count: int = 3) -> Wanted:
    return _titled(*(f"{_ISKRA}{number}" for number in range(1, count + 1)))


def _double_encoded(reading: Reading) -> bool:
    """Letters whose byte was lost on the way cannot come back; the rest must."""
    return reading.entries == 3 and all(
        title.endswith(f"показал новую Lada Iskra №{n}") for n, title in enumerate(reading.titles, 1)
    )


def _dated(reading: Reading) -> bool:
    morning = datetime(2024, 8, 5, 7, tzinfo=UTC)
    known = sum(item.published_at == morning for item in reading.items)
    return len(reading.items) == 25 and known >= 11 and max(item.published_at for item in reading.items) == NOW


def _bounded(reading: Reading) -> bool:
    return all(len(title.encode("utf-16-le")) <= 2 * 4096 and not title.endswith("\u200d…") for title in reading.titles)


WANTED: Final[Mapping[str, Wanted]] = {
    "bomb_billion_laughs.xml": lambda reading: all(len(title) < 100 for title in reading.titles),
    "xxe_file.xml": lambda reading: "root:" not in str(reading.outcome),
    "xxe_param_dtd.xml": _titled("ok"),
    "doctype_netscape.xml": _titled("Café"),
    "many_ns_5k.xml": _iskra(1),
    "redos_lt_flood.xml": lambda reading: reading.entries <= 0,
    "gzip_bomb.xml.gz": _refused(FailureKind.NOT_A_FEED),
    "enc_cp1251_caps.xml": _iskra(),
    "enc_lie_utf8_is_1251.xml": _iskra(),
    "enc_none_is_1251.xml": _iskra(),
    "enc_utf16le_bom.xml": _iskra(),
    "enc_utf8_bom_twice.xml": _iskra(),
    "enc_double_encoded.xml": _double_encoded,
    "enc_ctrl_chars.xml": _iskra(),
    "enc_ffff.xml": _iskra(),
    "bad_unclosed.xml": lambda reading: len(reading.items) >= 2,
    "bad_junk_before.xml": _iskra(),
    "bad_junk_after.xml": _iskra(),
    "bad_cdata_nested.xml": _entries(1),
    "bad_attr_noquote.xml": _titled("ok"),
    "bad_upper.xml": _titled("ok"),
    "bad_spaces.xml": _refused(FailureKind.EMPTY),
    "bad_binary.xml": _refused(FailureKind.NOT_A_FEED),
    "empty_channel.xml": _entries(0),
    "html_cloudflare.xml": _refused(FailureKind.CHALLENGE),
    "html_meta_refresh.xml": _refused(FailureKind.HTML),
    "no_guid_no_link.xml": lambda reading: reading.entries == 2 and not reading.items,
    "no_title.xml": _titled("Volkswagen отзовёт 20 тысяч машин"),
    "guid_changes.xml": lambda reading: reading.first.url == "https://example.ru/news/1.htm",
    "dates.xml": _dated,
    "ns_default_rss.xml": _entries(1),
    "ns_media_title_first.xml": _titled("Настоящий заголовок"),
    "ns_yandex.xml": lambda reading: (
        (reading.first.text, reading.first.url)
        == ("Полный текст новости для Яндекса.", "https://example.ru/news/1.htm")
    ),
    "rss_nested_items.xml": _iskra(2),
    "atom_no_alternate.xml": lambda reading: reading.first.url == "https://example.ru/1",
    "rss10_rdf.xml": lambda reading: len(reading.items) >= 1,
    "rss_version_missing.xml": _iskra(1),
    "html_double_escaped.xml": lambda reading: (
        (reading.first.title, reading.first.text) == ('Tom & Jerry "X"', "двойное")
    ),
    "text_emoji_zwj.xml": _bounded,
    "text_zalgo.xml": lambda reading: len(reading.first.title) < 20,
    "text_nbsp_yo.xml": lambda reading: reading.items[0].title_key == reading.items[1].title_key,
    "jsonfeed_11.json": _titled("Заголовок", "без заголовка"),
    "json_bomb_depth.json": lambda reading: isinstance(reading.outcome, Failed),
}


def index(folder: Path) -> Iterator[Path]:
    """List the files of the index in ``folder``."""
    with (folder / "INDEX.tsv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            yield folder / row["file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One body in a worker of its own: what became of it, seconds of wall clock, the process's peak in bytes."""

    name: str
    reading: Reading
    seconds: float
    peak: int

    @property
    def holds(self) -> bool:
        """Whether it ended as wanted and inside the limits."""
        wanted = WANTED.get(self.name)
        return wanted is not None and wanted(self.reading) and self.seconds < MOST_SECONDS and self.peak < MOST_BYTES


async def watch(name: str, body: bytes) -> Watched:
    """Let a fresh worker read a body; the time is that of reading, not of starting the process."""
    async with Parser() as parser:
        await parser.parse(b"<rss/>", now=NOW)
        started = time.monotonic()
        outcome = await parser.read_items(Fetched(url=SOURCE.spec.url, body=body), SOURCE, now=NOW)
        seconds = time.monotonic() - started
        peak = max(map(_peak, children()), default=0)
    return Watched(name=name, reading=Reading(outcome=outcome), seconds=seconds, peak=peak)


def watch_all(folder: Path) -> list[Watched]:
    """Watch every file of the index, one after another."""
    return [asyncio.run(watch(path.name, path.read_bytes())) for path in index(folder)]


def children() -> list[int]:
    """List the processes that are ours, zombies too; none on a system that does not list them."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _peak(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def bomb_is_capped(folder: Path) -> bool:
    """Whether the gzip bomb stops at the limit while it is unpacked, as the reader of bodies does it."""
    unpacker = Unpacker(encoding="gzip", limit=_LARGEST_BODY)
    fits = unpacker.feed((folder / "gzip_bomb.xml.gz").read_bytes())
    return not fits and len(unpacker.taken) == _LARGEST_BODY + 1
