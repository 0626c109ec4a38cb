"""What is planned for a channel: the posts that wait, and what its admins do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.callbacks import ChannelTap
from bot.channels.taps import ChannelSet, PlannedTap
from feeds.chatsettings import Thread
from feeds.issue import Issue, OutboxId
from tests.e2e.gazette import Told, tell
from tests.e2e.owners import Channel, go, launched
from tests.e2e.people import labels, numbered, until
from tests.e2e.town import Town
from tests.samples import digest, told


@pytest.fixture
async def channel(scene: Town) -> Channel:
    return await launched(scene, "9:00")


async def waiting(scene: Town, channel: Channel, *numbers: int) -> list[OutboxId]:
    """Let posts of one story each wait for a word of the admins."""
    chat = await channel.known()
    for number in numbers:
        issue = Issue(
            chat_id=chat.id,
            slot=f"now:{number}",
            digest=digest(told(number)),
            due_at=scene.clock(),
            moves_schedule=False,
            approval_minutes=0,
        )
        await scene.app.store.outbox.commit_issues([issue], now=scene.clock())
        scene.clock.advance(timedelta(seconds=1))
    return [one.id for one in await scene.app.store.queue.planned(chat.id, limit=10)]


async def test_the_queue_lists_what_waits_then_the_next_issues(channel: Channel, scene: Town) -> None:
    admin = channel.admin
    rows = await waiting(scene, channel, 11, 12, 13)
    await admin.wait_for("Новость номер 13")
    screen = await admin.say("/channels")
    await go(admin, labels(screen)[0], "button-queue")
    lines = admin.last["text"].splitlines()[2:]
    assert [line.partition(". ")[2] for line in lines[:3]] == [
        f"ждёт согласования: Новость номер {number}" for number in (11, 12, 13)
    ]
    assert lines[3] == "4. сегодня в 9:00: выпуск, соберётся к этому времени"
    assert lines[4].startswith("5. завтра в 9:00")
    assert len(lines) == 10
    assert (await admin.tap("3 ↑")).text == admin.words("queue-up")
    assert [line[-2:] for line in admin.last["text"].splitlines()[2:5]] == ["11", "13", "12"]
    # Above the first is nothing; a button drawn while it was the second says so.
    assert "1 ↑" not in labels(admin.last)
    first = await admin.forge(PlannedTap(chat=(await channel.known()).id, row=rows[0], do="up").pack())
    assert first.text == admin.words("queue-first")
    assert (await admin.tap("Убрать 1")).text == admin.words("queue-out")
    assert (await admin.tap("1 сейчас")).text == admin.words("queue-now")
    [post] = await until(lambda: channel.posts() or None, "the post that was hurried")
    assert numbered(post) == ["Новость номер 13"]
    await scene.quiet()
    chat = await channel.known()
    for row in (rows[0], rows[2], 10**9):
        for do in ("up", "out", "now"):
            late = await admin.forge(PlannedTap(chat=chat.id, row=row, do=do).pack())
            assert late.text == admin.words("queue-posted")
    assert [one.key for one in (await channel.log())[:2]] == ["queue-now", "queue-out"]
    assert len(channel.posts()) == 1


@pytest.mark.parametrize(("button", "told"), [("button-queue-now", "Опубликовано"), ("button-queue-out", "Отклонено")])
async def test_what_is_decided_in_the_queue_is_seen_under_everybodys_draft(
    channel: Channel, scene: Town, button: str, told: str
) -> None:
    admin, second = channel.admin, await channel.joined_by("Ирина")
    await waiting(scene, channel, 11)
    drafts = [(one, await one.wait_for("Новость номер 11")) for one in (admin, second)]
    await admin.say("/channels")
    await go(admin, labels(admin.last)[0], "button-queue", admin.words(button, number=1))
    for reader, draft in drafts:
        assert f"{told}: Олег" in reader.now(draft)["text"]
        assert labels(reader.now(draft)) == []


async def test_the_next_issue_may_go_now_or_be_left_out(channel: Channel, scene: Town) -> None:
    admin = channel.admin
    await go(admin, "button-queue")
    due = (await channel.known()).next_at
    assert due is not None
    assert (await admin.tap("Убрать 1")).text == admin.words("queue-out")
    assert (await channel.known()).next_at == due + timedelta(days=1)
    assert (await admin.tap("1 сейчас")).text == admin.words("queue-now")
    await until(channel.posts, "the issue")
    await scene.quiet()
    # The one that was left out does not come back with it.
    assert (await channel.known()).next_at == due + timedelta(days=1)
    await go(admin, "button-refresh")
    assert "1. завтра в 9:00" in admin.last["text"]
    listed = await admin.say("/channels")
    assert labels(listed)[0] == "Автоновости — работает, сегодня 1 пост"


async def test_an_issue_asked_for_twice_in_a_minute_comes_once_and_then_with_what_is_new(
    channel: Channel, scene: Town
) -> None:
    admin = channel.admin
    await go(admin, "button-queue")
    due = (await channel.known()).next_at
    assert (await admin.tap("1 сейчас")).text == admin.words("queue-now")
    await until(channel.posts, "the issue")
    await scene.quiet()
    while (await admin.tap("1 сейчас")).text == admin.words("queue-now"):
        await scene.quiet()
    posts = len(channel.posts())
    assert (await admin.tap("1 сейчас")).text == "Нового для канала пока нет: всё подходящее уже вышло."
    await tell(scene, scene.app.store, [Told(title="Geely строит новый завод", topics=("china",), hours=0)])
    assert (await admin.tap("1 сейчас")).text == admin.words("queue-now")
    await admin.wait_for("Geely строит новый завод", chat_id=channel.id)
    await scene.quiet()
    assert len(channel.posts()) == posts + 1
    assert (await channel.known()).next_at == due


async def test_an_issue_sent_now_from_a_forum_that_has_a_topic_for_everything_is_said_to_go(scene: Town) -> None:
    forum = await launched(scene, "9:00", kind="supergroup", title="Клуб")
    topic = forum.admin.people.add_topic
    scene.sandbox.world.chats[forum.id].is_forum = True
    home = topic(chat_id=forum.id, user_id=forum.admin.id, name="Новости")["message_thread_id"]
    await scene.app.store.chats.configure(
        (await forum.known()).id, lambda old: replace(old, threads=(Thread(topic=None, thread_id=home),))
    )
    await go(forum.admin, "button-queue")
    assert (await forum.admin.tap("1 сейчас")).text == forum.admin.words("queue-now")
    posts = await until(forum.posts, "the issue")
    assert {post["thread_id"] for post in posts} == {home}
    assert (await forum.known()).issued_at is not None


async def test_a_channel_whose_topics_are_quiet_has_no_post_to_show(channel: Channel) -> None:
    admin, chat = channel.admin, await channel.known()
    await channel.stage.app.store.chats.choose_topics(chat.id, frozenset({"trolleybuses"}))
    for do in ("preview", "test"):
        answer = await admin.forge(ChannelTap(chat=chat.id, do=do).pack())
        assert answer.text == "В темах канала пока тихо: за три дня ни одной новости."


async def test_a_full_day_is_said_in_the_queue(channel: Channel, scene: Town) -> None:
    admin, chat = channel.admin, await channel.known()
    await go(admin, "button-queue", "1 сейчас")
    await until(channel.posts, "the issue")
    await scene.quiet()
    await admin.forge(ChannelSet(chat=chat.id, what="cap", to="3").pack())
    await go(admin, "button-queue")
    assert "Сегодня 1 пост, предел — 3." in admin.last["text"]
    await scene.app.store.chats.configure(chat.id, lambda old: type(old)(daily_cap=1))
    await go(admin, "button-refresh")
    assert "Сегодня уже 1 пост из 1: остальные новости войдут в следующий выпуск." in admin.last["text"]
