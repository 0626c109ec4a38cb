from __future__ import annotations

from dataclasses import replace

import pytest

from feeds.errors import StorageError
from feeds.model import Source, SourceId
from feeds.polls import (
    Detour,
    Failed,
    FailureKind,
    NextPollReason,
    Validators,
    Wish,
)
from storage import Storage
from storage.sources import SeedReport
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, POLLED, add_source, draft, item, spec

THERE = "https://there.example/rss"
OWN, ELSEWHERE = Validators(etag="own"), Validators(etag="there", last_modified="then")
HELD = replace(POLLED, validators=OWN, detour=Detour(url=THERE, validators=ELSEWHERE, since=NOW - 4 * DAY, times=9))


async def one(store: Storage, source_id: SourceId) -> Source:
    return next(source for source in await store.news.sources() if source.id == source_id)


async def moved(store: Storage) -> Source:
    await store.news.seed([spec("a")], now=NOW)
    [source] = await store.news.sources()
    await store.news.commit_poll(source.id, HELD, now=NOW)
    assert await store.news.move_source(source.id, THERE) is None
    return await one(store, source.id)


async def test_a_moved_source_keeps_what_the_new_address_gave_and_the_name_it_was_given(store: Storage) -> None:
    source = await moved(store)
    assert (source.spec.url, source.given_url) == (THERE, spec("a").url)
    assert source.poll == replace(HELD, validators=ELSEWHERE, detour=None)


async def test_another_address_than_the_detours_is_asked_without_validators(store: Storage) -> None:
    source = await add_source(store, "a")
    await store.news.commit_poll(source.id, HELD, now=NOW)
    await store.news.move_source(source.id, "https://elsewhere.example/")
    assert (await one(store, source.id)).poll == replace(HELD, validators=Validators(), detour=None)


async def test_the_file_that_still_names_the_old_address_undoes_nothing(store: Storage) -> None:
    source = await moved(store)
    assert await store.news.seed([spec("a")], now=NOW) == SeedReport()
    assert await store.news.seed([spec("a", lang="en")], now=NOW) == SeedReport(updated=1)
    [after] = await store.news.sources()
    assert after == replace(source, spec=replace(source.spec, lang="en"))


async def test_the_file_may_learn_the_new_address(store: Storage) -> None:
    source = await moved(store)
    assert await store.news.seed([spec("a", url=THERE)], now=NOW) == SeedReport(updated=1)
    assert await store.news.sources() == [replace(source, given_url=THERE)]


@pytest.mark.parametrize("address", [spec("a").url, THERE])
async def test_neither_the_old_nor_the_new_address_can_be_added(store: Storage, address: str) -> None:
    await moved(store)
    with pytest.raises(StorageError, match="source-exists"):
        await add_source(store, "b", url=address)


async def two_in_one(store: Storage) -> tuple[Source, Source]:
    await store.news.seed([spec("a"), spec("b", url=THERE)], now=NOW)
    a, b = await store.news.sources()
    await store.news.commit_poll(a.id, HELD, drafts=[draft(item(a.id, "both")), draft(item(a.id, "mine"))], now=NOW)
    await store.news.commit_poll(b.id, POLLED, drafts=[draft(item(b.id, "both"))], now=NOW)
    assert await store.news.move_source(a.id, THERE) == b.id
    return await one(store, a.id), await one(store, b.id)


async def test_two_sources_that_become_one_have_each_item_once(store: Storage) -> None:
    a, b = await two_in_one(store)
    assert (a.merged_into, a.spec.enabled) == (b.id, False)
    assert b.spec.url == THERE
    stories = await store.news.recent_stories(since=NOW - DAY)
    told = [(one.item.key, one.item.source_id) for story in stories for one in story.items]
    assert sorted(told) == [("both", b.id), ("mine", b.id)]


async def test_the_file_that_names_both_undoes_nothing(store: Storage) -> None:
    a, b = await two_in_one(store)
    assert await store.news.seed([spec("a"), spec("b", url=THERE)], now=NOW) == SeedReport()
    assert await store.news.sources() == [a, b]


async def test_the_one_that_is_left_goes_on_while_the_file_names_either(store: Storage) -> None:
    await two_in_one(store)
    assert await store.news.seed([spec("a")], now=NOW) == SeedReport()
    assert await store.news.seed([], now=NOW) == SeedReport(disabled=1)


async def test_a_merged_source_comes_back_when_the_other_is_removed(store: Storage) -> None:
    a, b = await two_in_one(store)
    await store.news.remove_source(b.id)
    assert await store.news.seed([spec("a")], now=NOW) == SeedReport(updated=1)
    [back] = await store.news.sources()
    assert (back.id, back.merged_into, back.spec.enabled) == (a.id, None, True)


async def test_what_was_merged_into_a_source_follows_it_when_that_is_merged_itself(store: Storage) -> None:
    a, b = await two_in_one(store)
    c = await add_source(store, "c")
    assert await store.news.move_source(b.id, c.spec.url) == c.id
    assert [source.merged_into for source in await store.news.sources()] == [c.id, c.id, None]
    d = await add_source(store, "d")
    assert await store.news.move_source(d.id, a.spec.url) == c.id, "an address of a merged source leads to the one left"


async def test_a_source_may_move_to_the_address_of_what_was_merged_into_it(store: Storage) -> None:
    a, b = await two_in_one(store)
    assert await store.news.move_source(b.id, a.spec.url) is None
    assert (await one(store, b.id)).spec.url == a.spec.url
    assert (await one(store, a.id)).merged_into == b.id


async def test_moving_twice_or_what_is_gone_does_nothing(store: Storage) -> None:
    source = await moved(store)
    assert await store.news.move_source(source.id, THERE) is None
    assert await store.news.move_source(SourceId(404), THERE) is None
    assert await store.news.sources() == [source]


async def test_detours_wishes_and_refusals_come_back(store: Storage) -> None:
    source = await add_source(store)
    wish = Wish(ttl=HOUR, skip_hours=frozenset({0, 23}), skip_days=frozenset({6}))
    failure = Failed(kind=FailureKind.HTTP, status=429, unasked=True)
    poll = replace(HELD, wish=wish, max_age=2 * HOUR, failure=failure)
    await store.news.commit_poll(source.id, poll, now=NOW)
    assert (await one(store, source.id)).poll == poll


async def test_polls_without_items_are_settled_together_and_end_their_leases(store: Storage) -> None:
    a, b = await add_source(store, "a"), await add_source(store, "b")
    await store.news.claim_due_sources(now=NOW, limit=9, lease=HOUR)
    due = replace(POLLED, next_at=NOW)
    await store.news.settle_polls({a.id: due, b.id: due, SourceId(404): due})
    await store.news.settle_polls({})
    assert len(await store.news.claim_due_sources(now=NOW, limit=9, lease=HOUR)) == 2


async def test_only_what_changed_since_a_source_was_claimed_is_written(store: Storage) -> None:
    a, b = await add_source(store, "a"), await add_source(store, "b")
    await store.news.settle_polls({a.id: HELD, b.id: POLLED})
    claimed = {one.id: one.poll for one in await store.news.sources()}
    failure = Failed(kind=FailureKind.HTTP, status=404, detail='«Нет такой» "страницы"')
    after = {
        a.id: replace(claimed[a.id], next_at=NOW + HOUR, polled_at=NOW, succeeded_at=NOW),
        b.id: replace(claimed[b.id], next_at=NOW + 2 * HOUR, failures=3, failure=failure),
    }
    await store.news.move_source(a.id, "https://elsewhere.example/rss")
    moved = (await one(store, a.id)).poll
    await store.news.settle_polls(after, before=claimed)
    kept = replace(after[a.id], validators=moved.validators, detour=moved.detour)
    assert {one.id: one.poll for one in await store.news.sources()} == {a.id: kept, b.id: after[b.id]}


async def test_a_claim_reads_all_that_is_known_of_a_source(store: Storage) -> None:
    await add_source(store, "a")
    [before] = await store.news.sources()
    wish = Wish(ttl=HOUR, skip_hours=frozenset({0, 23}), skip_days=frozenset({6}))
    failure = Failed(kind=FailureKind.HTTP, status=503, detail="ёлки", retry_after=HOUR)
    held = replace(HELD, next_at=NOW, wish=wish, failure=failure, failures=2, max_age=HOUR)
    await store.news.settle_polls({before.id: held})
    [claimed] = await store.news.claim_due_sources(now=NOW, limit=9, lease=HOUR)
    assert claimed == replace(before, poll=held) == await one(store, before.id)


async def test_a_new_process_learns_which_hosts_demanded_to_be_left_alone(store: Storage) -> None:
    a, b, c = [await add_source(store, name) for name in "abc"]
    refused = replace(POLLED, reason=NextPollReason.RETRY_AFTER)
    await store.news.settle_polls({a.id: refused, b.id: replace(refused, next_at=NOW), c.id: POLLED})
    assert [source.id for source in await store.news.refused_sources(now=NOW)] == [a.id]


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        (NextPollReason.INTERVAL, True),
        (NextPollReason.FAILURES, True),
        (NextPollReason.PAUSED, True),
        (NextPollReason.SERVER, False),
        (NextPollReason.RETRY_AFTER, False),
        (NextPollReason.GONE, False),
    ],
)
async def test_a_poll_by_hand_is_for_those_that_did_not_ask_for_time(
    store: Storage, reason: NextPollReason, *, asked: bool
) -> None:
    source = await add_source(store)
    await store.news.settle_polls({source.id: replace(POLLED, reason=reason, polled_at=NOW - HOUR)})
    assert await store.news.hasten(polled_before=NOW - 15 * MINUTE, now=NOW) == asked
