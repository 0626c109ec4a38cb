"""Commit 1 over a real store and the real parser; only the network is prepared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from feeds.model import SourceId, StoryDraft
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.polls import (
    Failed,
    FailureKind,
    Fetched,
    NotModified,
    PollState,
    Validators,
)
from feeds.rounds import LEASE, ROOM
from feeds.topics import Catalogue
from storage import Storage
from storage.news import News
from tests.feeds.ingesting import DAY, ELECTRIC, SAME, AtOnce, Desk, entry
from tests.samples import NOW, StillClock


@pytest.fixture
def desk(store: Storage, catalogue: Catalogue, clock: StillClock) -> Desk:
    return Desk(store, AtOnce(), catalogue, clock)


async def test_a_poll_stores_items_and_plans_the_next(desk: Desk) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME), entry("2", ELECTRIC))
    assert await desk.poll() == 2
    [report] = desk.reports
    assert (report.new, report.seen, report.folded, report.skipped, report.failure) == (2, 2, 0, 0, None)
    source = await desk.source("koleso")
    assert source.poll.next_at >= NOW + Pace().minimum
    assert source.poll.succeeded_at == NOW


async def test_the_parser_in_a_process_of_its_own_serves_as_well(
    store: Storage, catalogue: Catalogue, clock: StillClock
) -> None:
    async with Parser() as parser:
        desk = Desk(store, parser, catalogue, clock)
        await desk.add("koleso")
        desk.wire.put("https://koleso.example/rss", entry("1", SAME))
        assert await desk.poll() == 1


async def test_ten_polls_store_nothing_twice(desk: Desk) -> None:
    await desk.add("koleso")
    for number in range(10):
        # Another comment each time: the bytes differ, the news does not.
        desk.wire.put("https://koleso.example/rss", f"<!-- {number} -->", entry("1", SAME), entry("2", ELECTRIC))
        assert await desk.poll() == (2 if number == 0 else 0)
        desk.clock.advance(DAY)
    assert (await desk.store.news.counts()).items == 2
    assert len(await desk.stories()) == 2


async def test_nobody_is_polled_before_it_is_due(desk: Desk) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME))
    await desk.poll()
    await desk.poll()
    assert len(desk.wire.asked) == 1


async def test_a_disabled_source_is_not_asked(desk: Desk) -> None:
    await desk.add("koleso", enabled=False)
    assert await desk.poll() == 0
    assert desk.wire.asked == []


async def test_validators_go_back_to_the_server_as_they_came(desk: Desk) -> None:
    await desk.add("koleso")
    validators = Validators(etag='W/"5"', last_modified="Sun, 22 Nov 2026 04:00:00 GMT")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME), validators=validators)
    await desk.poll()
    desk.clock.advance(DAY)
    desk.wire.answers["https://koleso.example/rss"] = NotModified()
    await desk.poll()
    assert desk.wire.asked[-1] == ("https://koleso.example/rss", validators)
    assert desk.reports[0].unchanged
    assert (await desk.source("koleso")).poll.validators == validators


async def test_the_same_bytes_are_not_parsed_again(desk: Desk) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME))
    await desk.poll()
    desk.clock.advance(DAY)
    await desk.poll()
    assert desk.reports[0].unchanged


async def test_a_failure_keeps_what_was_there_and_is_remembered(desk: Desk) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME))
    await desk.poll()
    desk.clock.advance(DAY)
    failure = Failed(kind=FailureKind.HTTP, status=500)
    desk.wire.answers["https://koleso.example/rss"] = failure
    assert await desk.poll() == 0
    assert desk.reports[0].failure == failure
    source = await desk.source("koleso")
    assert (source.poll.failures, source.poll.failure) == (1, failure)
    assert (await desk.store.news.counts()).items == 1


async def test_what_is_no_feed_is_a_failure_and_not_a_success_without_news(desk: Desk) -> None:
    await desk.add("koleso")
    page = b"<!doctype html><html><body>Closed for the holidays</body></html>"
    desk.wire.answers["https://koleso.example/rss"] = Fetched(url="https://koleso.example/rss", body=page)
    await desk.poll()
    assert desk.reports[0].failure is not None
    source = await desk.source("koleso")
    assert source.poll.failures == 1
    assert source.poll.body_hash is None


async def test_two_sources_with_one_story_fold_into_one(desk: Desk) -> None:
    for name in ("koleso", "gudok"):
        await desk.add(name)
        desk.wire.put(f"https://{name}.example/rss", entry(f"{name}-1", SAME))
    assert await desk.poll() == 2
    assert sum(report.folded for report in desk.reports) == 1
    [(_, names)] = await desk.stories()
    assert sorted(names) == ["gudok", "koleso"]


async def test_a_later_telling_joins_and_leaves_the_storys_topics(desk: Desk) -> None:
    await desk.add("koleso", topics=("ev",))
    desk.wire.put("https://koleso.example/rss", entry("1", ELECTRIC))
    await desk.poll()
    [(topics, _)] = await desk.stories()
    assert "ev" in topics
    await desk.add("gudok", topics=("sport",))
    desk.wire.put("https://gudok.example/rss", entry("9", ELECTRIC))
    await desk.poll()
    assert await desk.stories() == [(topics, ["koleso", "gudok"])]


async def test_an_edited_article_is_changed_in_its_place(desk: Desk) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME, "Первая версия текста."))
    await desk.poll()
    desk.clock.advance(DAY)
    desk.wire.put("https://koleso.example/rss", entry("1", SAME, "Вторая версия текста."))
    assert await desk.poll() == 0
    [story] = await desk.store.news.recent_stories(since=NOW - DAY)
    assert "Вторая" in story.items[0].item.summary + story.items[0].item.text


async def test_one_sources_surprise_does_not_stop_the_others(desk: Desk) -> None:
    await desk.add("broken")
    await desk.add("koleso")
    desk.wire.answers["https://broken.example/rss"] = RuntimeError("nobody expected this")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME))
    with pytest.raises(ExceptionGroup) as caught:
        await desk.poll()
    assert [str(error) for error in caught.value.exceptions] == ["nobody expected this"]
    assert (await desk.store.news.counts()).items == 1
    told = {report.source.spec.name: report.error for report in desk.reports}
    assert told["koleso"] is None
    assert str(told["broken"]) == "nobody expected this"


async def test_a_source_that_gave_a_surprise_is_polled_again_when_its_lease_is_over(desk: Desk) -> None:
    await desk.add("broken")
    desk.wire.answers["https://broken.example/rss"] = RuntimeError("nobody expected this")
    with pytest.raises(ExceptionGroup):
        await desk.poll()
    desk.wire.put("https://broken.example/rss", entry("1", SAME))
    assert await desk.poll() == 0
    desk.clock.advance(LEASE)
    assert await desk.poll() == 1


class CrashingNews(News):
    """A store whose process dies before its first commit, or after it."""

    def __init__(self, news: News, *, after: bool) -> None:
        super().__init__(news._database)
        self._after = after

    async def commit_poll(
        self, source_id: SourceId, poll: PollState, *, drafts: Sequence[StoryDraft] = (), **more: Any
    ) -> int:
        if self._after:
            await super().commit_poll(source_id, poll, drafts=drafts, **more)
        raise ConnectionError("the lights went out")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_around_the_commit_loses_nothing_and_doubles_nothing(desk: Desk, *, after: bool) -> None:
    await desk.add("koleso")
    desk.wire.put("https://koleso.example/rss", entry("1", SAME), entry("2", ELECTRIC))
    with pytest.raises(ExceptionGroup):
        await desk.poll(CrashingNews(desk.store.news, after=after))
    assert (await desk.store.news.counts()).items == (2 if after else 0)
    await desk.store.news.release_sources()
    desk.clock.advance(DAY)
    await desk.poll()
    assert (await desk.store.news.counts()).items == 2
    assert len(await desk.stories()) == 2


async def test_more_sources_than_a_batch_are_all_polled(desk: Desk) -> None:
    for number in range(ROOM + 3):
        await desk.add(f"s{number}")
        desk.wire.answers[f"https://s{number}.example/rss"] = NotModified()
    await desk.poll()
    assert len(desk.reports) == ROOM + 3


async def test_a_feed_that_changes_only_its_date_is_asked_ever_more_rarely(desk: Desk) -> None:
    await desk.add("koleso")
    for _ in range(6):
        build = f"<lastBuildDate>{desk.clock():%a, %d %b %Y %H:%M:%S} +0000</lastBuildDate>"
        desk.wire.put("https://koleso.example/rss", build, entry("1", SAME))
        await desk.poll()
        desk.clock.advance(DAY)
    source = await desk.source("koleso")
    assert source.poll.polled_at is not None
    assert source.poll.next_at - source.poll.polled_at > 4 * Pace().minimum
