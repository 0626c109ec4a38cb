"""What becomes of a channel that takes nothing any more, that grows large, or whose forum loses a topic."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.watch import Watch
from bot.sandbox.faults import Fault, FaultKind
from feeds.issue import ChatState, PauseReason
from tests.e2e.owners import POST, Channel, go, launched
from tests.e2e.people import Reader, buttons, labels, until
from tests.e2e.town import Town


@pytest.fixture
async def channel(scene: Town) -> Channel:
    return await launched(scene, "9:00")


def count(reader: Reader, text: str) -> int:
    return sum(text in one["text"] for one in reader.replies())


async def hourly(scene: Town, times: int) -> None:
    """Let hours pass, and look after the channels in each."""
    watch = Watch(scene.app._bot, scene.app._services)
    for _ in range(times):
        scene.clock.advance(timedelta(hours=1))
        await watch.answer()


async def test_a_lost_channel_is_told_once_and_found_again_within_a_day(channel: Channel, scene: Town) -> None:
    world = scene.sandbox.world
    second = await channel.joined_by("Ирина")
    world.chats[channel.id].members[world.bot_id].rights.clear()
    await scene.turn(timedelta(hours=1))
    await channel.becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    for person in (channel.admin, second):
        told = await person.wait_for("Не могу писать")
        assert buttons(told)[0]["url"].endswith("?startchannel&admin=post_messages")
    before = await channel.known()
    await hourly(scene, 3)
    assert (await channel.known()).state is ChatState.PAUSED
    assert count(channel.admin, "Не могу писать") == count(second, "Не могу писать") == 1
    # The right came back without Telegram telling us.
    world.chats[channel.id].members[world.bot_id].rights.update(POST)
    await hourly(scene, 1)
    after = await channel.known()
    assert after.state is ChatState.ACTIVE
    assert (after.times, after.topics, after.settings) == (before.times, before.topics, before.settings)
    assert count(second, second.words("channel-returned", title="Автоновости")) == 1
    await until(channel.posts, "the post that was held")
    assert [entry.key for entry in await channel.log()][:2] == ["returned", "lost"]


async def test_who_lets_the_bot_in_again_hears_that_all_goes_on_and_is_asked_nothing(channel: Channel) -> None:
    admin, title = channel.admin, "Автоновости"
    second = await channel.joined_by("Ирина")
    admin.people.remove_bot(chat_id=channel.id, by_user_id=admin.id)
    await admin.wait_for(admin.words("channel-lost", title=title))
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    for person in (admin, second):
        told = await person.wait_for(person.words("channel-returned", title=title))
        assert labels(told) == [person.words("button-all-settings")]
    # The right alone, taken and given back.
    bot = admin.people._world.bot_id
    for rights, key in (({}, "channel-no-right"), (POST, "channel-returned")):
        before = count(admin, admin.words(key, title=title))
        admin.people.set_member(
            chat_id=channel.id, user_id=bot, status="administrator", rights=rights, by_user_id=admin.id
        )
        await until(lambda: count(admin, admin.words(key, title=title)) > before, key)  # noqa: B023
    assert count(admin, admin.words("channel-added", title=title)) == 0
    await go(admin, "button-all-settings")
    assert admin.words("channel-state-works") in admin.last["text"]


async def test_what_broke_while_the_right_was_off_is_posted_once_it_is_back(channel: Channel, scene: Town) -> None:
    admin, bot = channel.admin, scene.sandbox.world.bot_id
    await go(admin, "button-when", admin.words("rhythm-now"))
    scene.app.living.instant_bell.ring()

    async def begun() -> bool:
        return (await channel.known()).instant_since is not None

    await until(begun, "news to go at once")
    for rights, state in (({}, ChatState.PAUSED), (POST, ChatState.ACTIVE)):
        admin.people.set_member(chat_id=channel.id, user_id=bot, status="administrator", rights=rights)
        await channel.becomes(state, None if rights else PauseReason.NO_RIGHT)
        if not rights:
            scene.clock.advance(timedelta(minutes=20))
            await scene.write(scene.app.store, ["Мост через реку открыт"])
            scene.app.living.instant_bell.ring()
            await scene.quiet()
            assert channel.posts() == []
    [post] = await until(lambda: channel.posts() or None, "the post that had no way")
    assert "Мост через реку открыт" in post["text"]
    # What its own people stopped they did not want.
    key = (await channel.known()).id
    await admin.forge(f"c:{key}:pause")
    scene.clock.advance(timedelta(minutes=20))
    await scene.write(scene.app.store, ["Завод остановлен на ремонт"])
    await admin.forge(f"c:{key}:resume")
    scene.app.living.instant_bell.ring()
    await scene.quiet()
    assert channel.posts() == [post]


async def test_when_nobody_can_run_a_channel_any_more_it_stops_after_a_week(channel: Channel, scene: Town) -> None:
    admin, watch = channel.admin, Watch(scene.app._bot, scene.app._services)
    second = await channel.joined_by("Ирина")

    async def nights(number: int) -> None:
        for _ in range(number):
            scene.clock.advance(timedelta(days=1))
            await watch.nightly(scene.clock())

    for person in (admin, second):
        admin.people.set_member(chat_id=channel.id, user_id=person.id, status="member")
    await nights(1)
    warning = admin.words("channel-unmanaged", title="Автоновости")
    assert count(admin, warning) == count(second, warning) == 1
    # The right comes back in time, and is lost once more: the week begins anew.
    admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights=POST)
    await nights(1)
    admin.people.set_member(chat_id=channel.id, user_id=second.id, status="member")
    await nights(7)
    assert (await channel.known()).state is ChatState.ACTIVE
    # While Telegram does not tell, nothing is held against anybody.
    scene.sandbox.add_fault(Fault(method="getChatMember", kind=FaultKind.STATUS, code=502, times=9))
    await nights(1)
    scene.sandbox.clear_faults()
    assert (await channel.known()).state is ChatState.ACTIVE
    await nights(1)
    stopped = await channel.known()
    assert (stopped.state, stopped.times) == (ChatState.STOPPED, (540,))
    assert count(second, second.words("channel-orphaned", title="Автоновости")) == 1
    assert [entry.key for entry in await channel.log()][:4] == ["orphaned", "unmanaged", "managed", "unmanaged"]
    admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights=POST)
    await second.forge(f"c:{stopped.id}:resume")
    assert (await channel.known()).state is ChatState.ACTIVE


async def test_after_a_day_nobody_looks_any_more_and_the_settings_stay(channel: Channel, scene: Town) -> None:
    admin = channel.admin
    admin.people.remove_bot(chat_id=channel.id, by_user_id=admin.id)
    await admin.wait_for(admin.words("channel-lost", title="Автоновости"))
    await hourly(scene, 2)
    asked = [entry for entry in scene.sandbox.log if entry.method == "getChatMember"]
    await hourly(scene, 30)
    more = [entry for entry in scene.sandbox.log if entry.method == "getChatMember"]
    assert len(more) - len(asked) == 22
    assert (await channel.known()).times == (540,)
    listed = await admin.say("/channels")
    assert labels(listed)[0] == "Автоновости — остановлен, нет доступа"


async def test_a_deleted_channel_is_archived_after_a_month(channel: Channel, scene: Town) -> None:
    admin = channel.admin
    admin.people.delete_chat(chat_id=channel.id)
    await scene.turn(timedelta(hours=1))
    await channel.becomes(ChatState.PAUSED, PauseReason.DELETED)
    assert "похоже, его удалили" in (await admin.wait_for("похоже, его удалили"))["text"]
    watch = Watch(scene.app._bot, scene.app._services)
    scene.clock.advance(timedelta(days=29))
    await watch.nightly(scene.clock())
    assert not (await channel.settings()).archived
    scene.clock.advance(timedelta(days=1))
    await watch.nightly(scene.clock())
    listed = await admin.say("/channels")
    assert labels(listed) == [admin.words("button-add-channel"), admin.words("button-add-group")]
    assert (await channel.known()).times == (540,)


async def test_a_channel_that_grew_large_is_told_once_what_the_law_asks(channel: Channel, scene: Town) -> None:
    admin, watch = channel.admin, Watch(scene.app._bot, scene.app._services)
    for members, told in ((9_998, 0), (9_999, 1), (20_000, 1)):
        admin.people.fill(chat_id=channel.id, members=members)
        await watch.nightly(scene.clock())
        assert count(admin, "303-ФЗ") == told
