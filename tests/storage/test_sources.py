from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.errors import StorageError
from feeds.model import FullText, SourceId
from feeds.polls import Failed, FailureKind, NextPollReason, PollState, Validators
from storage import Storage
from storage.sources import SeedReport
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, POLLED, SECOND, add_source, draft, item, spec


async def test_the_file_seeds_sources_that_are_due_at_once(store: Storage) -> None:
    wanted = spec(topics=("ev",), weight=0.7, full_text=FullText.PAGE, opinion_headings=("Мнение",))
    assert await store.news.seed([wanted], now=NOW) == SeedReport(added=1)
    [source] = await store.news.sources()
    assert source.spec == wanted
    assert source.poll == PollState(next_at=NOW, reason=NextPollReason.NEW)


async def test_seeding_again_changes_nothing(store: Storage) -> None:
    await store.news.seed([spec()], now=NOW)
    assert await store.news.seed([spec()], now=NOW + DAY) == SeedReport()


async def test_a_source_edited_in_the_file_keeps_what_polling_remembers(store: Storage) -> None:
    await store.news.seed([spec()], now=NOW)
    [source] = await store.news.sources()
    await store.news.commit_poll(source.id, POLLED, now=NOW)
    assert await store.news.seed([spec(lang="en")], now=NOW) == SeedReport(updated=1)
    assert await store.news.sources() == [replace(source, spec=spec(lang="en"), poll=POLLED)]


async def test_a_source_that_left_the_file_is_disabled_and_comes_back(store: Storage) -> None:
    await store.news.seed([spec("a"), spec("b")], now=NOW)
    assert await store.news.seed([spec("a")], now=NOW) == SeedReport(disabled=1)
    assert [source.spec.enabled for source in await store.news.sources()] == [True, False]
    assert await store.news.seed([spec("a")], now=NOW) == SeedReport()
    assert await store.news.seed([spec("a"), spec("b")], now=NOW) == SeedReport(updated=1)


async def test_the_operators_own_sources_survive_seeding(store: Storage) -> None:
    mine = await add_source(store, "mine")
    await store.news.seed([spec("a")], now=NOW)
    assert mine in await store.news.sources()


async def test_an_address_can_be_added_once(store: Storage) -> None:
    await add_source(store)
    with pytest.raises(StorageError, match="source-exists"):
        await add_source(store)


async def test_removing_a_source_takes_the_stories_only_it_told(store: Storage) -> None:
    one, other = await add_source(store, "a"), await add_source(store, "b")
    await store.news.commit_poll(one.id, POLLED, drafts=[draft(item(one.id, "x")), draft(item(one.id, "y"))], now=NOW)
    [shared, _] = await store.news.recent_stories(since=NOW - DAY)
    await store.news.commit_poll(other.id, POLLED, drafts=[draft(item(other.id, "z"), story_id=shared.id)], now=NOW)
    await store.news.remove_source(one.id)
    [story] = await store.news.recent_stories(since=NOW - DAY)
    assert [told.item.key for told in story.items] == ["z"]
    with pytest.raises(StorageError, match="source-missing"):
        await store.news.remove_source(one.id)


async def test_a_poll_of_a_removed_source_stores_nothing(store: Storage) -> None:
    gone = SourceId(404)
    assert await store.news.commit_poll(gone, POLLED, drafts=[draft(item(gone, "x"))], now=NOW) == 0
    assert (await store.news.counts()).stories == 0


async def test_only_due_and_enabled_sources_are_claimed_the_longest_waiting_first(store: Storage) -> None:
    late, early, future = [await add_source(store, name) for name in ("late", "early", "future")]
    await add_source(store, "off", enabled=False)
    for source, wait in ((late, -MINUTE), (early, -HOUR), (future, MINUTE)):
        await store.news.commit_poll(source.id, replace(POLLED, next_at=NOW + wait), now=NOW)
    claimed = await store.news.claim_due_sources(now=NOW, limit=10, lease=MINUTE)
    assert [source.id for source in claimed] == [early.id, late.id]


async def test_a_claimed_source_is_nobody_elses_while_its_lease_lives(store: Storage) -> None:
    source = await add_source(store)
    assert len(await store.news.claim_due_sources(now=NOW, limit=1, lease=MINUTE)) == 1
    assert not await store.news.claim_due_sources(now=NOW + MINUTE - SECOND, limit=1, lease=MINUTE)
    assert await store.news.claim_due_sources(now=NOW + MINUTE, limit=1, lease=MINUTE) == [source]


async def test_committing_a_poll_ends_the_lease(store: Storage) -> None:
    source = await add_source(store)
    await store.news.claim_due_sources(now=NOW, limit=1, lease=HOUR)
    await store.news.commit_poll(source.id, replace(POLLED, next_at=NOW), now=NOW)
    assert len(await store.news.claim_due_sources(now=NOW, limit=1, lease=HOUR)) == 1


async def test_everything_that_polling_remembers_comes_back(store: Storage) -> None:
    source = await add_source(store)
    poll = PollState(
        next_at=NOW + HOUR,
        reason=NextPollReason.RETRY_AFTER,
        validators=Validators(etag='W/"ä"', last_modified="Mon, 02 Mar 2026 09:00:00 GMT"),
        body_hash="abc",
        failures=3,
        polled_at=NOW,
        succeeded_at=NOW - DAY,
        changed_at=NOW - 2 * DAY,
        failure=Failed(kind=FailureKind.HTTP, status=503, detail="busy", retry_after=timedelta(seconds=90)),
    )
    await store.news.commit_poll(source.id, poll, now=NOW)
    assert await store.news.sources() == [replace(source, poll=poll)]


async def test_languages_are_those_of_enabled_sources(store: Storage) -> None:
    await add_source(store, "a")
    await add_source(store, "b", lang="en")
    await add_source(store, "c", lang="de", enabled=False)
    assert await store.news.languages() == {"ru", "en"}


async def test_a_paused_source_is_not_polled_and_its_pause_outlasts_the_file(store: Storage) -> None:
    await store.news.seed([spec()], now=NOW)
    [source] = await store.news.sources()
    await store.news.pause_source(source.id)
    await store.news.seed([spec(weight=2.0)], now=NOW)
    [paused] = await store.news.sources()
    assert (paused.paused, paused.active, paused.spec.enabled) == (True, False, True)
    assert not await store.news.claim_due_sources(now=NOW, limit=9, lease=MINUTE)
    assert await store.news.hasten(polled_before=NOW, now=NOW) == 0
    assert not await store.news.languages()
    await store.news.resume_source(source.id, now=NOW)
    assert len(await store.news.claim_due_sources(now=NOW, limit=9, lease=MINUTE)) == 1


async def test_a_resumed_source_keeps_its_time_unless_it_was_given_up(store: Storage) -> None:
    waiting, gone = await add_source(store, "a"), await add_source(store, "b")
    given_up = replace(POLLED, next_at=NOW + 3650 * DAY, reason=NextPollReason.GONE, failures=1)
    await store.news.commit_poll(waiting.id, POLLED, now=NOW)
    await store.news.commit_poll(gone.id, given_up, now=NOW)
    for source in (waiting, gone):
        await store.news.resume_source(source.id, now=NOW)
    [one, other] = await store.news.sources()
    assert one.poll == POLLED
    assert (other.poll.next_at, other.poll.reason, other.poll.failures) == (NOW, NextPollReason.NEW, 0)


async def test_pausing_what_is_not_there_is_an_error(store: Storage) -> None:
    for change in (store.news.pause_source(SourceId(404)), store.news.resume_source(SourceId(404), now=NOW)):
        with pytest.raises(StorageError, match="source-missing"):
            await change


async def test_a_source_that_the_file_dropped_can_be_the_operators(store: Storage) -> None:
    await store.news.seed([spec()], now=NOW)
    [source] = await store.news.sources()
    await store.news.commit_poll(source.id, POLLED, now=NOW)
    await store.news.seed([], now=NOW)
    mine = await store.news.add_source(spec(topics=("ev",)), now=NOW)
    assert (mine.id, mine.own, mine.active, mine.poll) == (source.id, True, True, POLLED)
    await store.news.seed([], now=NOW)
    assert await store.news.sources() == [mine]


async def test_sources_that_told_nothing_for_long_are_named_in_the_languages_asked_for(store: Storage) -> None:
    telling, silent, paused, english = [
        await add_source(store, name, lang=lang)
        for name, lang in (("Пишет", "ru"), ("Молчит", "ru"), ("Стоит", "ru"), ("Silent", "en"))
    ]
    await store.news.pause_source(paused.id)
    for source, when in ((telling, NOW + 3 * DAY), (silent, NOW + HOUR)):
        made = draft(item(source.id, f"{source.id}"))
        await store.news.commit_poll(source.id, POLLED, drafts=[made], now=when)
    assert await store.news.silent_sources(["ru"], since=NOW + DAY) == ["Молчит"]
    assert await store.news.silent_sources(["ru", "en"], since=NOW + DAY) == ["Молчит", "Silent"]
    # Nobody is blamed for the time before they were there.
    assert await store.news.silent_sources(["ru"], since=NOW) == []
    assert english.id
