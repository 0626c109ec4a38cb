from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import (
    FullText,
    Item,
    KnownItem,
    Opinion,
    PageText,
    Source,
    SourceId,
    SourceSpec,
    StoryId,
)
from feeds.pages import PER_POLL, REST, Pages, wants_pages, with_page
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome, PollState
from feeds.robots import Robots

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SAID = Opinion(label="Мнение редакции", text="Цена решит всё.")
TEXT = PageText(paragraphs=("Полный текст статьи. " * 20, "Второй абзац."), opinion=SAID, pictures=("/p.jpg",))


class Web:
    """Pages by address, a robots.txt, what was asked for, and the clock of the day."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked: list[str] = []
        self.robots = ""
        self.answers: dict[str, FetchOutcome] = {}
        self.text: PageText | Failed = TEXT
        self.seconds = 0.0

    async def fetch(self, url: str, *, accept: str = "") -> FetchOutcome:
        if url.endswith("/robots.txt"):
            return Fetched(url=url, body=self.robots.encode(), content_type="text/plain")
        assert accept.startswith("text/html")
        self.asked.append(url)
        self.now += timedelta(seconds=self.seconds)
        return self.answers.get(url, Fetched(url=url, body=b"<html>", content_type="text/html"))

    async def read_text(
        self, page: Fetched, *, source_name: str, headings: Sequence[str], now: datetime
    ) -> PageText | Failed:
        assert (source_name, headings, page.body) == ("Пример", ("Слово",), b"<html>")
        assert now == self.now
        return self.text

    def pages(self) -> Pages:
        robots = Robots(self, clock=lambda: self.now)
        return Pages(fetcher=self, reader=self, robots=robots, clock=lambda: self.now)


def source(full_text: FullText = FullText.AUTO, url: str = "https://example.ru/rss") -> Source:
    spec = SourceSpec(name="Пример", url=url, lang="ru", full_text=full_text, opinion_headings=("Слово",))
    return Source(id=SourceId(1), spec=spec, poll=PollState(next_at=NOW))


def item(number: int = 1, text: str = "Коротко о главном.", **changes: object) -> Item:
    made = Item(
        source_id=SourceId(1),
        key=str(number),
        url=f"https://example.ru/{number}",
        title=f"Новость {number}",
        text=text,
        summary=text,
        text_hash=f"hash {number}",
        published_at=NOW - timedelta(hours=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def known(one: Item, text_hash: str | None = None) -> Mapping[str, KnownItem]:
    return {one.key: KnownItem(key=one.key, story_id=StoryId(1), text_hash=text_hash or one.text_hash)}


@pytest.fixture
def web() -> Web:
    return Web()


def test_a_feed_of_short_texts_is_a_teaser() -> None:
    assert wants_pages(source(), [item(1), item(2), item(3, "Д" * 5000)])
    assert not wants_pages(source(), [item(1), item(2, "Д" * 5000), item(3, "Д" * 5000)])
    assert not wants_pages(source(), [])


def test_a_feed_with_opinions_tells_whole_articles_however_short() -> None:
    assert not wants_pages(source(), [item(1), item(2, opinion=SAID)])


def test_a_source_may_say_where_its_text_is() -> None:
    assert not wants_pages(source(FullText.FEED), [item(1)])
    assert wants_pages(source(FullText.PAGE), [item(1, "Д" * 5000)])


@pytest.mark.parametrize("url", ["https://t.me/s/primer", "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"])
def test_posts_of_networks_are_whole_as_they_are(url: str) -> None:
    assert not wants_pages(source(url=url), [item(1)])


async def test_a_new_item_gets_its_pages_text_opinion_and_picture(web: Web) -> None:
    [done] = await web.pages().complete(source(), [item()], {})
    assert done.text == "\n\n".join(TEXT.paragraphs)
    assert done.opinion == SAID
    assert done.picture == "https://example.ru/p.jpg"
    assert done.text_hash == "hash 1"


async def test_a_stored_item_whose_teaser_is_the_same_is_not_asked_for_again(web: Web) -> None:
    assert await web.pages().complete(source(), [item()], known(item())) == (item(),)
    assert web.asked == []


async def test_a_stored_item_with_another_teaser_is_read_again(web: Web) -> None:
    [done] = await web.pages().complete(source(), [item()], known(item(), "an older one"))
    assert done.opinion == SAID


async def test_what_robots_txt_forbids_is_not_asked_for_and_stays_a_teaser(web: Web) -> None:
    web.robots = "User-agent: *\nDisallow: /1\n"
    first, second = await web.pages().complete(source(), [item(1), item(2)], {})
    assert first == item(1)
    assert second.opinion == SAID
    assert web.asked == ["https://example.ru/2"]


@pytest.mark.parametrize(
    "answer", [Failed(kind=FailureKind.HTTP, status=404), Fetched(url="https://example.ru/", body=b"<html>")]
)
async def test_a_page_that_is_not_there_leaves_the_teaser_for_good(web: Web, answer: FetchOutcome) -> None:
    web.answers["https://example.ru/1"] = answer
    assert await web.pages().complete(source(), [item()], {}) == (item(),)


async def test_a_page_without_an_article_leaves_the_teaser_for_good(web: Web) -> None:
    web.text = Failed(kind=FailureKind.EMPTY)
    assert await web.pages().complete(source(), [item()], {}) == (item(),)


async def test_after_trouble_a_teaser_is_stored_and_read_with_a_later_poll(web: Web) -> None:
    web.answers["https://example.ru/1"] = Failed(kind=FailureKind.TIMEOUT)
    pages = web.pages()
    [teaser] = await pages.complete(source(), [item()], {})
    assert (teaser.text, teaser.text_hash != item().text_hash) == (item().text, True)
    web.answers.clear()
    [done] = await pages.complete(source(), [item()], known(teaser))
    assert done.opinion == SAID


async def test_trouble_does_not_overwrite_what_is_stored(web: Web) -> None:
    web.answers["https://example.ru/1"] = Failed(kind=FailureKind.HTTP, status=500)
    assert await web.pages().complete(source(), [item()], known(item(), "an older one")) == ()


async def test_a_site_that_refuses_is_left_alone_for_hours(web: Web) -> None:
    web.answers = {f"https://example.ru/{n}": Failed(kind=FailureKind.HTTP, status=403) for n in range(1, 9)}
    pages = web.pages()
    items = [item(number) for number in range(1, 9)]
    assert len(await pages.complete(source(), items, {})) == 8
    assert len(web.asked) == 1
    web.now += REST + timedelta(seconds=1)
    await pages.complete(source(), items, {})
    assert len(web.asked) == 2


async def test_two_failures_in_a_row_are_enough_for_one_poll(web: Web) -> None:
    web.answers = {f"https://example.ru/{n}": Failed(kind=FailureKind.TIMEOUT) for n in range(1, 9)}
    done = await web.pages().complete(source(), [item(number) for number in range(1, 9)], {})
    assert len(web.asked) == 2
    assert len(done) == 8


async def test_one_poll_reads_a_dozen_pages_the_newest_first_and_loses_no_item(web: Web) -> None:
    items = [item(number) for number in range(20, 0, -1)]
    done = await web.pages().complete(source(), items, {})
    assert web.asked == [f"https://example.ru/{number}" for number in range(1, PER_POLL + 1)]
    assert [one.key for one in done] == [one.key for one in items]


async def test_slow_pages_end_after_two_minutes(web: Web) -> None:
    web.seconds = 50
    done = await web.pages().complete(source(), [item(number) for number in range(1, 9)], {})
    assert len(web.asked) == 3
    assert len(done) == 8


def test_the_longer_text_and_the_better_summary_win() -> None:
    long = item(text=" ".join(["Полное предложение о том, что именно произошло и почему это важно для всех."] * 3))
    done = with_page(long, PageText(paragraphs=("Короче.",)))
    assert (done.text, done.summary) == (long.text, long.summary)
    cut = item(text="Обрывок, который кончается на полу…")
    assert with_page(
        cut, PageText(paragraphs=("Первое предложение статьи целиком. Второе предложение. " * 3,))
    ).summary.startswith("Первое предложение")
