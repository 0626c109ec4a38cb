from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from feeds.chatsettings import ChatSettings, Density, Hidden, HiddenKind, Thread
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind, ChatState, Instant, OutboxState, PauseReason
from storage import Storage
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, SECOND, active_chat, asked, digest, issue, new_chat


async def test_a_first_contact_makes_a_chat_that_has_not_subscribed(store: Storage) -> None:
    chat = await new_chat(store, 100)
    expected = Chat(id=chat.id, telegram_id=100, kind=ChatKind.PRIVATE, created_at=NOW)
    assert chat == expected
    assert await store.chats.get(chat.id) == chat
    assert await store.chats.by_telegram_id(100) == chat
    assert await store.chats.by_telegram_id(101) is None


async def test_a_second_contact_returns_the_chat_with_its_choices(store: Storage) -> None:
    chat = await active_chat(store)
    again = await store.chats.ensure(100, kind=ChatKind.PRIVATE, lang="en", reads=["en"], zone="UTC", now=NOW + DAY)
    assert again == chat


async def test_the_name_of_a_person_is_never_stored(store: Storage) -> None:
    for _ in range(2):
        chat = await store.chats.ensure(
            100, kind=ChatKind.PRIVATE, title="Иван Петров", lang="ru", reads=["ru"], zone="UTC", now=NOW
        )
        assert chat.title is None


async def test_the_title_of_a_channel_is_refreshed(store: Storage) -> None:
    for title in ("Авто", "Авто!"):
        chat = await store.chats.ensure(
            -100500, kind=ChatKind.CHANNEL, title=title, lang="ru", reads=["ru"], zone="UTC", now=NOW
        )
        assert chat.title == title
    assert await store.chats.by_telegram_id(-100500) == chat
    unnamed = await store.chats.ensure(-100500, kind=ChatKind.CHANNEL, lang="ru", reads=["ru"], zone="UTC", now=NOW)
    assert unnamed == chat


async def test_telegrams_largest_numbers_fit(store: Storage) -> None:
    assert (await new_chat(store, -(2**53))).telegram_id == -(2**53)


async def test_topics_are_chosen_and_toggled(store: Storage) -> None:
    chat = await new_chat(store)
    assert (await store.chats.choose_topics(chat.id, frozenset({"ev", "price"}))).topics == {"ev", "price"}
    assert (await store.chats.toggle_topic(chat.id, "ev")).topics == {"price"}
    assert (await store.chats.toggle_topic(chat.id, "law")).topics == {"price", "law"}


async def test_own_topics_are_chosen_and_toggled_in_the_order_they_came(store: Storage) -> None:
    chat = await new_chat(store)
    assert chat.words == ()
    assert (await store.chats.choose_words(chat.id, ["Монжаро", "Ли Авто", "Монжаро"])).words == ("Монжаро", "Ли Авто")
    assert (await store.chats.toggle_words(chat.id, "1С -утильсбор")).words == ("Монжаро", "Ли Авто", "1С -утильсбор")
    assert (await store.chats.toggle_words(chat.id, "Монжаро")).words == ("Ли Авто", "1С -утильсбор")
    assert (await store.chats.get(chat.id)).words == ("Ли Авто", "1С -утильсбор")


async def test_a_schedule_makes_a_chat_active_and_due(store: Storage) -> None:
    chat = await new_chat(store)
    scheduled = await store.chats.schedule(chat.id, times=[1200, 540], zone="Asia/Omsk", next_at=NOW)
    assert scheduled == replace(chat, times=(1200, 540), zone="Asia/Omsk", next_at=NOW, state=ChatState.ACTIVE)
    assert await store.chats.due_chats(now=NOW, limit=5) == [scheduled]
    assert await store.chats.due_chats(now=NOW - SECOND, limit=5) == []


async def test_the_longest_waiting_chats_are_due_first(store: Storage) -> None:
    waits = {100: MINUTE, 101: HOUR, 102: SECOND}
    for telegram_id, wait in waits.items():
        await active_chat(store, telegram_id, next_at=NOW - wait)
    assert [chat.telegram_id for chat in await store.chats.due_chats(now=NOW, limit=2)] == [101, 100]


async def test_languages_are_set_apart_from_each_other(store: Storage) -> None:
    chat = await new_chat(store)
    spoken = await store.chats.speak(chat.id, lang="en", reads=["ru", "en"])
    assert (spoken.lang, spoken.reads) == ("en", ("ru", "en"))


async def test_a_stopped_chat_keeps_its_settings_and_is_never_due(store: Storage) -> None:
    chat = await active_chat(store)
    stopped = await store.chats.stop(chat.id)
    assert stopped == replace(chat, state=ChatState.STOPPED, next_at=None)
    assert await store.chats.due_chats(now=NOW + DAY, limit=5) == []


async def test_a_paused_chat_resumes_with_its_settings(store: Storage) -> None:
    chat = await active_chat(store)
    paused = await store.chats.pause(chat.id, PauseReason.BLOCKED)
    assert (paused.state, paused.pause_reason, paused.times) == (ChatState.PAUSED, PauseReason.BLOCKED, (540,))
    assert await store.chats.resume(chat.id, next_at=NOW + DAY) == replace(chat, next_at=NOW + DAY)


async def test_a_pause_of_ours_does_not_undo_a_persons_stop(store: Storage) -> None:
    chat = await active_chat(store)
    await store.chats.stop(chat.id)
    paused = await store.chats.pause(chat.id, PauseReason.BLOCKED)
    assert (paused.state, paused.pause_reason) == (ChatState.STOPPED, None)


async def test_a_chat_that_never_chose_a_time_resumes_as_new(store: Storage) -> None:
    chat = await new_chat(store)
    await store.chats.pause(chat.id, PauseReason.BLOCKED)
    assert await store.chats.resume(chat.id, next_at=None) == chat


async def test_a_chat_nobody_knows_is_an_error_with_its_key(store: Storage) -> None:
    nobody = ChatId(404)
    calls = [
        store.chats.get(nobody),
        store.chats.choose_topics(nobody, frozenset()),
        store.chats.toggle_topic(nobody, "ev"),
        store.chats.schedule(nobody, times=[1], zone="UTC", next_at=NOW),
        store.chats.speak(nobody, lang="ru", reads=[]),
        store.chats.stop(nobody),
        store.chats.pause(nobody, PauseReason.REMOVED),
        store.chats.resume(nobody, next_at=NOW),
        store.chats.add_manager(nobody, 1),
        store.chats.managers(nobody),
    ]
    for call in calls:
        with pytest.raises(StorageError, match="chat-missing id=404"):
            await call


async def test_managers_are_linked_once_and_find_their_chats(store: Storage) -> None:
    one, other = [await new_chat(store, number, ChatKind.CHANNEL) for number in (-1001, -1002)]
    for chat, user in ((one, 7), (one, 5), (one, 7), (other, 7)):
        await store.chats.add_manager(chat.id, user)
    assert await store.chats.managers(one.id) == (5, 7)
    assert await store.chats.managed_by(7) == [one, other]
    assert await store.chats.managed_by(5) == [one]
    assert await store.chats.managed_by(6) == []


async def test_forgetting_a_person_leaves_nothing_of_them(store: Storage) -> None:
    chat, channel = await active_chat(store, 100), await new_chat(store, -1001, ChatKind.CHANNEL)
    await store.chats.add_manager(channel.id, 100)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    assert await store.accounts.forget(100, now=NOW) is True
    assert await store.chats.by_telegram_id(100) is None
    assert await store.chats.managers(channel.id) == ()
    assert sum((await store.outbox.counts()).values()) == 0
    assert await store.chats.covered([chat.id], since=NOW - DAY) == {chat.id: frozenset()}
    assert await store.accounts.forget(100, now=NOW) is False


async def test_what_is_covered_is_told_for_each_chat_asked_about(store: Storage) -> None:
    one, other = await active_chat(store, 100), await active_chat(store, 101)
    await store.outbox.commit_issues([issue(one, digest=digest((1, 2)))], now=NOW)
    await store.outbox.commit_issues([asked(one, digest=digest((2, 3)))], now=NOW + HOUR)
    assert await store.chats.covered([one.id, other.id], since=NOW) == {one.id: {1, 2, 3}, other.id: set()}
    assert await store.chats.covered([one.id], since=NOW + SECOND) == {one.id: {2, 3}}


async def test_chats_are_counted_by_state(store: Storage) -> None:
    await new_chat(store, 100)
    await active_chat(store, 101)
    await store.chats.stop((await new_chat(store, 102)).id)
    assert await store.chats.counts() == {
        ChatState.NEW: 1,
        ChatState.ACTIVE: 1,
        ChatState.PAUSED: 0,
        ChatState.STOPPED: 1,
    }


async def test_a_group_that_became_a_supergroup_keeps_everything(store: Storage) -> None:
    group = await new_chat(store, -5, ChatKind.GROUP)
    assert await store.chats.migrate(-5, -1005) == replace(group, telegram_id=-1005, kind=ChatKind.SUPERGROUP)
    assert await store.chats.by_telegram_id(-5) is None
    assert (await store.chats.migrate(-5, -1005) or group).id == group.id
    assert await store.chats.migrate(-6, -1006) is None


async def test_when_both_halves_of_a_migration_are_known_the_old_settings_win_and_nothing_is_lost(
    store: Storage,
) -> None:
    old, new = await active_chat(store, -5), await active_chat(store, -1005)
    await store.chats.choose_topics(old.id, frozenset({"ev"}))
    for chat, user in ((old, 1), (new, 1), (new, 2)):
        await store.chats.add_manager(chat.id, user)
    issues = [issue(old, digest=digest((1,))), issue(new, digest=digest((1, 2))), asked(new, digest=digest((3,)))]
    await store.outbox.commit_issues(issues, now=NOW)
    assert len(await store.outbox.claim(now=NOW, limit=5, lease=HOUR, owner="me")) == 2

    merged = await store.chats.migrate(-5, -1005)

    assert merged is not None
    assert (merged.id, merged.telegram_id, merged.topics) == (old.id, -1005, frozenset({"ev"}))
    assert await store.chats.managers(old.id) == (1, 2)
    assert (await store.chats.covered([old.id], since=NOW))[old.id] == {1, 2, 3}
    counts = await store.outbox.counts()
    assert (counts[OutboxState.CLAIMED], counts[OutboxState.PENDING]) == (1, 1)
    with pytest.raises(StorageError, match="chat-missing"):
        await store.chats.get(new.id)


async def test_settings_come_back_as_they_were_set_and_no_change_at_the_same_moment_is_lost(store: Storage) -> None:
    chat = await new_chat(store)
    assert chat.settings == ChatSettings()
    hidden = Hidden(kind=HiddenKind.WORD, what="такси", until=NOW + DAY)
    await asyncio.gather(
        store.chats.configure(chat.id, lambda now: replace(now, density=Density.BRIEF, quiet=None)),
        store.chats.configure(chat.id, lambda now: replace(now, hidden=(*now.hidden, hidden))),
        store.chats.configure(chat.id, lambda now: replace(now, threads=(Thread(topic="china", thread_id=7),))),
    )
    assert (await store.chats.get(chat.id)).settings == ChatSettings(
        density=Density.BRIEF, quiet=None, hidden=(hidden,), threads=(Thread(topic="china", thread_id=7),)
    )


async def test_settings_that_cannot_be_read_are_those_most_people_have(store: Storage) -> None:
    chat = await new_chat(store)
    async with store._database.transaction() as connection:
        await connection.execute(text('UPDATE chats SET settings = \'{"density": "loud"}\''))
    assert (await store.chats.get(chat.id)).settings == ChatSettings()


async def test_a_new_plan_is_kept_whole_and_no_change_at_the_same_moment_is_lost(store: Storage) -> None:
    chat = await active_chat(store)
    await asyncio.gather(
        store.chats.replan(chat.id, lambda now: replace(now, times=(*now.times, 1260))),
        store.chats.replan(chat.id, lambda now: replace(now, times=(*now.times, 1320))),
        store.chats.replan(chat.id, lambda now: replace(now, paused_until=NOW + 3 * DAY, next_at=NOW + 3 * DAY)),
        store.chats.replan(chat.id, lambda now: replace(now, settings=replace(now.settings, weekly=600))),
    )
    found = await store.chats.get(chat.id)
    assert set(found.times) == {*chat.times, 1260, 1320}
    assert (found.state, found.paused_until, found.next_at) == (ChatState.ACTIVE, NOW + 3 * DAY, NOW + 3 * DAY)
    assert found.settings.weekly == 600
    assert await store.chats.due_chats(now=NOW + 2 * DAY, limit=10) == []


async def test_a_plan_changes_nothing_but_when_things_come(store: Storage) -> None:
    chat = await active_chat(store)
    changed = replace(chat, topics=frozenset({"ev"}), lang="en", title="Гараж", instant=Instant.BREAKING)
    assert await store.chats.replan(chat.id, lambda _: changed) == replace(chat, instant=Instant.BREAKING)


async def test_who_wants_stories_at_once_is_found_in_pages(store: Storage) -> None:
    chats = [await active_chat(store, number) for number in (100, 101, 102)]
    stopped = await active_chat(store, 103)
    for chat in (*chats[1:], stopped):
        await store.chats.send_instantly(chat.id, Instant.BREAKING)
    await store.chats.send_instantly(chats[0].id, Instant.EVERY)
    await store.chats.stop(stopped.id)
    both = (Instant.BREAKING, Instant.EVERY)
    first = await store.chats.instant_chats(*both, after=ChatId(0), limit=2)
    rest = await store.chats.instant_chats(*both, after=first[-1].id, limit=2)
    assert [chat.telegram_id for chat in (*first, *rest)] == [100, 101, 102]
    assert [c.telegram_id for c in await store.chats.instant_chats(Instant.EVERY, after=ChatId(0), limit=9)] == [100]
