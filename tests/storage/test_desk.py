from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from feeds.model import StoryId
from feeds.opinions import EditorsOpinion, OpinionOrigin, OpinionState
from storage import Storage
from storage.desk import DeskCard
from tests.often import often
from tests.storage.samples import DAY, HOUR, MINUTE, NOW

STORY, OTHER = StoryId(1), StoryId(2)
ANNA, BORIS = 7, 8
TERM = 10 * MINUTE
RACES = often(100, 1000)


async def claim(store: Storage, user: int, *, now: datetime = NOW) -> tuple[bool, EditorsOpinion]:
    return await store.desk.claim(STORY, user, now=now, until=now + TERM)


async def test_what_is_asked_for_waits_in_the_order_it_is_due(store: Storage) -> None:
    assert await store.desk.ask({STORY: NOW + 2 * HOUR, OTHER: NOW + HOUR}, now=NOW) == {STORY, OTHER}
    assert [one.story_id for one in await store.desk.queue(since=NOW)] == [OTHER, STORY]
    assert await store.desk.ask({STORY: NOW + MINUTE, OTHER: NOW + DAY}, now=NOW) == frozenset()
    assert [(one.story_id, one.due_at) for one in await store.desk.queue(since=NOW)] == [
        (STORY, NOW + MINUTE),
        (OTHER, NOW + HOUR),
    ]
    assert await store.desk.queue(since=NOW + MINUTE) == []


async def test_a_story_is_taken_by_one_editor_for_a_while(store: Storage) -> None:
    await store.desk.ask({STORY: NOW + HOUR}, now=NOW)
    won, opinion = await claim(store, ANNA)
    assert (won, opinion.state, opinion.claimed_by) == (True, OpinionState.CLAIMED, ANNA)
    lost, seen = await claim(store, BORIS, now=NOW + MINUTE)
    assert (lost, seen.claimed_by) == (False, ANNA)
    again, longer = await claim(store, ANNA, now=NOW + MINUTE)
    assert (again, longer.claimed_until) == (True, NOW + MINUTE + TERM)
    late, _ = await claim(store, BORIS, now=NOW + MINUTE + TERM)
    assert late


async def test_of_two_editors_who_reach_for_one_story_one_gets_it_each_time(store: Storage) -> None:
    for number in range(1, RACES + 1):
        story = StoryId(number)
        tries = [store.desk.claim(story, user, now=NOW, until=NOW + TERM) for user in (ANNA, BORIS)]
        results = await asyncio.gather(*tries)
        assert [won for won, _ in results].count(True) == 1
        assert results[0][1].claimed_by == results[1][1].claimed_by


async def test_a_claim_that_ends_frees_the_story_and_says_whose_it_was(store: Storage) -> None:
    await claim(store, ANNA)
    assert await store.desk.expire(now=NOW + TERM - MINUTE) == []
    [(freed, who)] = await store.desk.expire(now=NOW + TERM)
    assert (freed.story_id, freed.state, freed.claimed_by, who) == (STORY, OpinionState.REQUESTED, None, ANNA)
    assert await store.desk.expire(now=NOW + TERM) == []


async def test_only_who_took_a_story_gives_it_back(store: Storage) -> None:
    await claim(store, ANNA)
    assert await store.desk.release(STORY, BORIS) is None
    given = await store.desk.release(STORY, ANNA)
    assert given is not None
    assert given.state is OpinionState.REQUESTED


async def test_a_draft_outlives_its_claim_and_leaves_what_is_published_alone(store: Storage) -> None:
    await store.opinions.approve(STORY, text="Стоит.", label="Мнение редакции", now=NOW)
    await claim(store, ANNA)
    drafted = await store.desk.draft(STORY, "Лучше так.", origin=OpinionOrigin.WRITTEN, user_id=ANNA, now=NOW)
    assert (drafted.state, drafted.text, drafted.draft) == (OpinionState.APPROVED, "Стоит.", "Лучше так.")
    await store.desk.expire(now=NOW + TERM)
    kept = await store.opinions.get(STORY)
    assert kept is not None
    assert (kept.draft, kept.draft_by, kept.claimed_by) == ("Лучше так.", ANNA, None)
    assert await store.desk.drop_draft(STORY, BORIS) is None
    dropped = await store.desk.drop_draft(STORY, ANNA)
    assert dropped is not None
    assert (dropped.text, dropped.draft, dropped.state) == ("Стоит.", "", OpinionState.APPROVED)


async def test_a_draft_that_no_person_wrote_waits_with_the_story(store: Storage) -> None:
    await store.desk.ask({STORY: NOW + HOUR}, now=NOW)
    found = await store.desk.draft(STORY, "Из статьи.", origin=OpinionOrigin.EXTRACTED, user_id=None, now=NOW)
    assert (found.state, found.draft_origin, found.draft_by) == (OpinionState.REQUESTED, OpinionOrigin.EXTRACTED, None)
    written = await store.desk.draft(STORY, "Своё.", origin=OpinionOrigin.WRITTEN, user_id=ANNA, now=NOW)
    assert written.state is OpinionState.DRAFT


async def test_publishing_ends_claim_and_draft(store: Storage) -> None:
    await claim(store, ANNA)
    await store.desk.draft(STORY, "Вот так.", origin=OpinionOrigin.WRITTEN, user_id=ANNA, now=NOW)
    approved = await store.opinions.approve(STORY, text="Вот так.", label="Мнение редакции", author_id=ANNA, now=NOW)
    assert approved is not None
    opinion = approved.opinion
    assert (opinion.claimed_by, opinion.draft, opinion.state) == (None, "", OpinionState.APPROVED)
    assert await store.desk.decline(STORY, now=NOW) is None


async def test_a_declined_story_leaves_the_queue_and_can_be_taken_all_the_same(store: Storage) -> None:
    await store.desk.ask({STORY: NOW + HOUR}, now=NOW)
    declined = await store.desk.decline(STORY, now=NOW)
    assert declined is not None
    assert declined.state is OpinionState.DECLINED
    assert await store.desk.queue(since=NOW) == []
    assert await store.desk.ask({STORY: NOW + HOUR}, now=NOW) == frozenset()
    won, taken = await claim(store, ANNA)
    assert (won, taken.claimed_by) == (True, ANNA)


async def test_cards_lead_from_a_message_to_its_story(store: Storage) -> None:
    for user, message in ((ANNA, 11), (BORIS, 5), (ANNA, 12)):
        await store.desk.show(DeskCard(story_id=STORY, user_id=user, message_id=message), now=NOW)
    await store.desk.show(DeskCard(story_id=OTHER, user_id=ANNA, message_id=13), now=NOW + HOUR)
    assert [(card.user_id, card.message_id) for card in await store.desk.cards(STORY)] == [(8, 5), (7, 11), (7, 12)]
    assert await store.desk.story_of(ANNA, 13) == OTHER
    assert await store.desk.story_of(BORIS, 13) is None
    assert await store.desk.shown_since(NOW) == {ANNA: 2, BORIS: 1}
    assert await store.desk.shown_since(NOW + HOUR) == {ANNA: 1}


async def test_old_cards_and_what_nobody_judged_are_forgotten_and_opinions_stay(store: Storage) -> None:
    await store.desk.ask({STORY: NOW, OTHER: NOW}, now=NOW)
    await store.opinions.approve(OTHER, text="Стоит.", label="Мнение редакции", now=NOW)
    await store.desk.show(DeskCard(story_id=STORY, user_id=ANNA, message_id=1), now=NOW)
    assert await store.desk.prune(NOW + DAY) == 2
    assert await store.opinions.get(STORY) is None
    assert await store.opinions.get(OTHER) is not None


async def test_an_editor_is_admitted_once_signs_as_they_like_and_may_be_dismissed(store: Storage) -> None:
    assert await store.staff.get(ANNA) is None
    assert await store.staff.admit(ANNA, signature="Редакция", now=NOW)
    assert not await store.staff.admit(ANNA, signature="Кто-то", now=NOW)
    await store.staff.sign(ANNA, "Анна, «Автополка»")
    await store.staff.admit(BORIS, signature="Редакция", now=NOW + HOUR)
    assert [(one.user_id, one.signature) for one in await store.staff.everybody()] == [
        (ANNA, "Анна, «Автополка»"),
        (BORIS, "Редакция"),
    ]
    assert await store.staff.dismiss(ANNA)
    assert not await store.staff.dismiss(ANNA)


@pytest.mark.parametrize("user", [ANNA, BORIS])
async def test_throwing_a_draft_away_gives_the_story_back(store: Storage, user: int) -> None:
    await claim(store, user)
    await store.desk.draft(STORY, "Нет.", origin=OpinionOrigin.WRITTEN, user_id=user, now=NOW)
    dropped = await store.desk.drop_draft(STORY, user)
    assert dropped is not None
    assert (dropped.draft, dropped.claimed_by) == ("", None)


async def test_each_change_is_told_once_to_who_made_it(store: Storage) -> None:
    await store.opinions.approve(STORY, text="Раз.", label="Мнение редакции", author_id=ANNA, now=NOW)
    await store.opinions.approve(OTHER, text="Ничьё.", label="Мнение редакции", now=NOW)
    [(told, who)] = await store.desk.untold()
    assert (told.story_id, told.version, who) == (STORY, 1, ANNA)
    await store.desk.told(STORY, told.version)
    assert await store.desk.untold() == []
    await store.opinions.withdraw(STORY, user_id=BORIS, now=NOW)
    [(again, other)] = await store.desk.untold()
    assert (again.version, other) == (2, BORIS)
