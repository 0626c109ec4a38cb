"""A channel's week as those who run it are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.owners import Channel, launched
from tests.e2e.people import Json, Reader, links, numbered, until
from tests.e2e.town import Town

DAY = timedelta(days=1)
REPORT = "за неделю"


@pytest.fixture
async def channel(scene: Town) -> Channel:
    return await launched(scene, "9:00")


async def react(channel: Channel, post: Json, *emojis: str) -> None:
    """Let so many readers react to a post, and wait until that is counted."""
    for emoji in emojis:
        reader = channel.admin.people.add_person(first_name="Читатель")["id"]
        channel.admin.people.react(user_id=reader, chat_id=channel.id, message_id=post["message_id"], emoji=emoji)
    chat, now = await channel.known(), channel.stage.sandbox.clock.now()

    async def counted() -> bool:
        told = await channel.stage.app.store.outbox.told_since(chat.id, since=now - DAY, before=now + DAY)
        return any(one.reactions >= len(emojis) for one in told)

    await until(counted, "the reactions to be counted")


def reports(person: Reader) -> list[Json]:
    return [one for one in person.replies() if REPORT in one["text"]]


async def week(scene: Town, delta: timedelta) -> None:
    """Let time pass, and let whoever tells of weeks look."""
    scene.clock.advance(delta)
    scene.app.channels.reports.ring()


async def test_admins_are_told_of_the_week_on_monday_until_they_want_no_more(channel: Channel, scene: Town) -> None:
    admin, second = channel.admin, await channel.joined_by("Irene", lang="en")
    await scene.turn(timedelta(hours=1))
    [post] = await until(lambda: channel.posts() or None, "the post")
    await scene.quiet()
    await react(channel, post, "👍", "🔥", "👍")
    assert reports(admin) == []
    await week(scene, DAY + timedelta(hours=1))
    report = await admin.wait_for(REPORT)
    lines = report["text"].splitlines()
    assert lines[:3] == ["«Автоновости» за неделю", "Постов: 1", "Реакций: 3"]
    assert lines[3] == f"Больше всего реакций, 3: {numbered(post)[0]}"
    assert links(report) == links(post)[:1]
    assert report["silent"]
    await second.wait_for("“Автоновости”, the week\nPosts: 1\nReactions: 3")
    # Told once, however often somebody looks and whoever restarts.
    await week(scene, timedelta(hours=1))
    await scene.quiet()
    assert len(reports(admin)) == 1
    toast = await admin.tap(admin.words("button-report-off"), report)
    assert toast.text == admin.words("choice-report-no")
    choice = admin.words("choice-report-no")
    assert admin.words("log-report", to=choice[:1].lower() + choice[1:]) in (await opened_log(channel))
    await scene.pass_with_news(DAY - timedelta(hours=2), "Завтра")
    await until(lambda: len(channel.posts()) == 2, "another post")
    await week(scene, 7 * DAY)
    await scene.quiet()
    assert len(reports(admin)) == 0
    assert (await channel.settings()).report is False


async def opened_log(channel: Channel) -> str:
    await channel.admin.forge(f"cl:{(await channel.known()).id}:0")
    return str(channel.admin.last["text"])


async def test_a_week_without_posts_or_long_past_is_told_to_nobody(channel: Channel, scene: Town) -> None:
    await channel.admin.forge(f"c:{(await channel.known()).id}:pause")
    await week(scene, DAY + timedelta(hours=3))
    await channel.admin.forge(f"c:{(await channel.known()).id}:resume")
    scene.app.channels.reports.ring()
    await scene.pass_with_news(DAY - timedelta(hours=2), "Завтра")
    await until(channel.posts, "a post")
    # The bot was out for the whole of the next Monday.
    await week(scene, 8 * DAY)

    async def seen() -> bool:
        at = (await channel.settings()).reported_at
        return at is not None and at > scene.clock() - 3 * DAY

    await until(seen, "the Monday to be seen")
    assert reports(channel.admin) == []
