"""Posts that the admins of a channel see before its readers do."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.taps import ApprovalTap, ChannelSet, PlannedTap
from feeds.issue import DigestStory, OutboxId, PauseReason
from storage.approvals import NEVER
from tests.e2e.owners import Channel, added, go, launched
from tests.e2e.people import Json, Reader, labels, numbered, until
from tests.e2e.town import Town


@pytest.fixture
async def channel(scene: Town) -> Channel:
    return await launched(scene, "9:00")


async def asked(channel: Channel, scene: Town, *, minutes: str) -> Json:
    """Let the next issue wait for a word so long, and return the draft that the admin gets."""
    chat = await channel.known()
    await channel.admin.forge(ChannelSet(chat=chat.id, what="approval", to=minutes).pack())
    await scene.turn(timedelta(hours=1))
    return await channel.admin.wait_for("на согласование")


async def test_a_draft_is_the_exact_post_and_goes_out_at_the_admins_word(channel: Channel, scene: Town) -> None:
    second = await channel.joined_by("Ирина")
    draft = await asked(channel, scene, minutes="never")
    other = await second.wait_for("на согласование")
    assert "Ждёт вашего слова" in draft["text"]
    await scene.turn(timedelta(hours=5))
    await scene.quiet()
    assert channel.posts() == []
    await second.tap(second.words("button-publish"), other)
    [post] = await until(lambda: channel.posts() or None, "the post")
    assert draft["text"].endswith(post["text"])
    assert "Опубликовано: Ирина, 14:00" in channel.admin.now(draft)["text"]
    assert labels(channel.admin.now(draft)) == []
    late = await channel.admin.forge(ApprovalTap(row=1, do="no").pack(), message_id=draft["message_id"])
    assert late.text == "Опубликовано: Ирина, 14:00."
    assert late.alert
    await scene.quiet()
    assert len(channel.posts()) == 1
    assert (await channel.log())[0].key == "approved"


async def test_of_two_words_at_once_the_first_counts_and_both_see_whose_it_was(channel: Channel, scene: Town) -> None:
    admin, second = channel.admin, await channel.joined_by("Ирина")
    await asked(channel, scene, minutes="30")
    await second.wait_for("на согласование")
    answers = await asyncio.gather(
        admin.forge(ApprovalTap(row=1, do="no").pack()), second.forge(ApprovalTap(row=1, do="yes").pack())
    )
    approval = await scene.app.store.approvals.get(OutboxId(1))
    assert approval is not None
    assert approval.decided_name in ("Олег", "Ирина")
    assert sum(bool(one.alert) for one in answers) == 1
    [late] = [one for one in answers if one.alert]
    assert str(approval.decided_name) in late.text
    await scene.quiet()
    assert len(channel.posts()) == int(approval.published or 0)


async def test_a_story_is_taken_out_of_a_draft_and_everybody_sees_what_is_left(channel: Channel, scene: Town) -> None:
    admin, second = channel.admin, await channel.joined_by("Ирина")
    draft = await asked(channel, scene, minutes="30")
    await second.wait_for("на согласование")
    stories = numbered(draft)
    await admin.tap(admin.words("button-approval-edit"), draft)
    answer = await admin.tap("Убрать 2", admin.now(draft))
    assert stories[1] in answer.text
    left = [*stories[:1], *stories[2:]]
    for person in (admin, second):
        assert numbered(await person.wait_for("на согласование")) == left
    while len(left) > 1:
        await admin.tap(admin.words("button-approval-edit"), admin.now(draft))
        await admin.tap("Убрать 1", admin.now(draft))
        left = left[1:]
    assert (await admin.forge(f"ca:1:out:{(await only(scene)).story_id}")).text == admin.words("approval-last")
    # Somebody else has taken that one out already: it is not the last one.
    assert (await admin.forge("ca:1:out:999999")).text == admin.words("stale")
    await admin.tap(admin.words("button-back"), admin.now(draft))
    await admin.tap(admin.words("button-publish"), admin.now(draft))
    [post] = await until(lambda: channel.posts() or None, "the post")
    assert numbered(post) == left


async def only(scene: Town) -> DigestStory:
    parcel = await scene.app.store.queue.parcel(OutboxId(1))
    assert parcel is not None
    [story] = parcel.digest.stories
    return story


async def test_a_declined_post_never_comes(channel: Channel, scene: Town) -> None:
    draft = await asked(channel, scene, minutes="5")
    await channel.admin.tap(channel.admin.words("button-approval-no"), draft)
    assert "Отклонено: Олег, 9:00" in channel.admin.now(draft)["text"]
    await scene.turn(timedelta(minutes=6))
    scene.app.channels.approval.ring()
    await scene.quiet()
    assert channel.posts() == []


async def test_what_nobody_answers_goes_out_by_itself(scene: Town) -> None:
    channel = await launched(scene, "9:00")
    draft = await asked(channel, scene, minutes="30")
    assert "Выйдет само в 9:30" in draft["text"]
    assert "[Нет]" not in draft["text"]
    await scene.turn(timedelta(minutes=29))
    scene.app.channels.approval.ring()
    await scene.quiet()
    assert channel.posts() == []
    [row] = await scene.app.store.queue.planned((await channel.known()).id, limit=10)
    assert row.waits_for_approval
    assert await scene.app.store.outbox.next_due(scene.clock()) == NEVER
    await scene.turn(timedelta(minutes=1))
    scene.app.channels.approval.ring()
    await until(channel.posts, "the post")
    await until(lambda: "Вышло само в 9:30" in channel.admin.now(draft)["text"], "the draft to say so")


async def test_a_trial_waits_for_nobody(scene: Town) -> None:
    channel = await added(scene)
    await go(channel.admin, "button-setup", *["button-next"] * 4)
    chat = await channel.known()
    await channel.admin.forge(ChannelSet(chat=chat.id, what="approval", to="never").pack())
    await channel.admin.forge(f"cp:{chat.id}:5:post")
    await until(channel.posts, "the trial")


async def posting_at_once(scene: Town, channel: Channel, *, approval: str) -> None:
    """Let the channel post each story at once, once an admin has said so."""
    chat = await channel.known()
    for what, to in (("when", "now"), ("approval", approval)):
        await channel.admin.forge(ChannelSet(chat=chat.id, what=what, to=to).pack())
    scene.app.living.instant_bell.ring()

    async def begun() -> bool:
        return (await channel.known()).instant_since is not None

    await until(begun, "news to go at once")


async def told_now(scene: Town, channel: Channel, headline: str) -> Json:
    """Let a story come out, and return the draft that the admin gets."""
    scene.clock.advance(timedelta(minutes=1))
    await scene.write(scene.app.store, [headline])
    scene.app.living.instant_bell.ring()
    return await channel.admin.wait_for(headline)


async def test_a_story_that_goes_at_once_waits_for_a_word_like_any_other(channel: Channel, scene: Town) -> None:
    admin = channel.admin
    await posting_at_once(scene, channel, approval="never")
    first = await told_now(scene, channel, "Мост через реку открыт")
    assert "на согласование" in first["text"]
    assert admin.words("button-approval-edit") not in labels(first)
    second = await told_now(scene, channel, "Завод остановлен на ремонт")
    await admin.tap(admin.words("button-approval-no"), second)
    await scene.quiet()
    assert channel.posts() == []
    await admin.tap(admin.words("button-publish"), first)
    [post] = await until(lambda: channel.posts() or None, "the post")
    assert "Мост через реку открыт" in post["text"]
    await posting_at_once(scene, channel, approval="5")
    third = await told_now(scene, channel, "Шины подорожали к зиме")
    await scene.turn(timedelta(minutes=5))
    scene.app.channels.approval.ring()
    await until(lambda: len(channel.posts()) == 2, "the post that nobody spoke about")
    await until(lambda: "Вышло само" in admin.now(third)["text"], "the draft to say so")
    assert not any("ремонт" in one["text"] for one in channel.posts())


async def test_what_waits_for_a_word_outlives_a_restart_and_nobody_is_asked_twice(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        async with town.open():
            channel = await launched(town, "9:00")
            await posting_at_once(town, channel, approval="30")
            draft = await told_now(town, channel, "Мост через реку открыт")
            other = await told_now(town, channel, "Завод остановлен на ремонт")
            await until_asked(town)
        async with town.open():
            town.app.channels.approval.ring()
            await town.quiet()
            assert sum("на согласование" in one["text"] for one in channel.admin.replies()) == 2
            assert channel.posts() == []
            await channel.admin.tap(channel.admin.words("button-publish"), draft)
            await until(channel.posts, "the post")
            await town.quiet()
        async with town.open():
            await town.turn(timedelta(minutes=30))
            town.app.channels.approval.ring()
            await until(lambda: len(channel.posts()) == 2, "the post that nobody spoke about")
            assert "Вышло само" in (await saying(channel, other, "Вышло само"))["text"]


async def saying(channel: Channel, message: Json, text: str) -> Json:
    def find() -> Json | None:
        now = channel.admin.now(message)
        return now if text in now["text"] else None

    return await until(find, lambda: channel.admin.now(message)["text"])


async def until_asked(town: Town) -> None:
    """Wait until it is written down that everybody was asked about everything."""

    async def asked_about() -> bool:
        return not await town.app.store.approvals.unasked()

    await until(asked_about, "it to be written down that all were asked")


async def test_a_strangers_word_on_a_draft_is_none(channel: Channel, scene: Town) -> None:
    stranger = Reader(scene, name="Чужой")
    await stranger.say("/start")
    await asked(channel, scene, minutes="never")
    for do in ("yes", "no", "edit", "out"):
        assert (await stranger.forge(f"ca:1:{do}:1")).alert
    assert (await stranger.forge("ca:999:yes:0")).text == stranger.words("stale")
    approval = await scene.app.store.approvals.get(OutboxId(1))
    assert approval is not None
    assert approval.decided_at is None


async def test_a_draft_of_a_channel_that_was_let_go_since_says_that_nothing_waits(
    channel: Channel, scene: Town
) -> None:
    admin = channel.admin
    draft = await asked(channel, scene, minutes="never")
    chat = await channel.known()
    await admin.say("/channels")
    await admin.forge(f"c:{chat.id}:unlink-yes")
    assert admin.words("approval-unlinked") in admin.now(draft)["text"]
    await admin.forge(f"c:{chat.id}:relink")
    answer = await admin.forge(ApprovalTap(row=1, do="yes").pack(), message_id=draft["message_id"])
    assert answer.text == admin.words("approval-unlinked")
    assert admin.words("approval-unlinked") in admin.now(draft)["text"]
    assert labels(admin.now(draft)) == []
    approval = await scene.app.store.approvals.get(OutboxId(1))
    assert approval is not None
    assert approval.decided_at is None
    assert "approved" not in [one.key for one in await channel.log()]


@pytest.mark.parametrize(("lost", "said"), [(True, "approval-lost"), (False, "approval-stopped")])
async def test_a_word_on_a_post_that_cannot_go_yet_says_when_it_will(
    channel: Channel, scene: Town, *, lost: bool, said: str
) -> None:
    admin, chat = channel.admin, await channel.known()
    draft = await asked(channel, scene, minutes="never")
    if lost:
        await scene.app.store.chats.pause(chat.id, PauseReason.NO_RIGHT)
    else:
        await admin.say("/channels")
        await admin.forge(f"c:{chat.id}:pause")
    answer = await admin.tap(admin.words("button-publish"), draft)
    assert answer.text == admin.words(said, name="Олег", clock="9:00")
    assert answer.text in admin.now(draft)["text"]
    assert (await channel.log())[0].key == "approved-kept"
    await admin.say("/channels")
    await admin.forge(f"c:{chat.id}:resume")
    await until(channel.posts, "the post that was kept")


async def test_switching_approval_off_says_what_still_waits(channel: Channel, scene: Town) -> None:
    admin, chat = channel.admin, await channel.known()
    await asked(channel, scene, minutes="never")
    answer = await admin.forge(ChannelSet(chat=chat.id, what="approval", to="off").pack())
    assert answer.text.endswith(admin.words("approval-still", count=1))
    [row] = await scene.app.store.queue.planned(chat.id, limit=10)
    assert row.waits_for_approval


async def test_an_issue_made_ahead_of_time_goes_to_approval_where_posts_wait_for_a_word(
    channel: Channel,
) -> None:
    admin, chat = channel.admin, await channel.known()
    await admin.forge(ChannelSet(chat=chat.id, what="approval", to="never").pack())
    await admin.forge(f"c:{chat.id}:queue")
    answer = await admin.forge(PlannedTap(chat=chat.id, row=0, do="now").pack())
    assert answer.text == admin.words("queue-now-asked")
    await admin.wait_for("на согласование")
    assert channel.posts() == []
    assert (await channel.log())[0].key == "queue-issue-asked"
