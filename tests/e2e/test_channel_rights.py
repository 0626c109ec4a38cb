"""Who may change what about a channel: everybody else changes nothing, whatever their client sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.callbacks import ChannelTap, Go, LangTap, ReadTap, TimeTap, TopicTap, ZoneTap
from bot.channels.taps import ApprovalTap, ChannelSet, LogTap, PlannedTap, ThreadTap, TrialTap, WizardTap
from bot.sandbox.faults import Fault, FaultKind
from feeds.issue import Chat
from storage import Storage
from storage.tables import metadata
from tests.e2e.owners import POST, RUN, Channel, added, go, launched
from tests.e2e.people import Reader, labels
from tests.e2e.town import Town, morning

NOBODYS = frozenset({"outbox_parts", "chat_managers", "tickets"})
"""Tables that are not a channel's settings or posts: who is let in is looked at apart."""


@dataclass(frozen=True, slots=True)
class Role:
    """A standing in a chat; ``rights`` are what an administrator has."""

    status: str
    rights: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()


EVERYWHERE = frozenset({"channel", "supergroup"})
ROLES = {
    "admin with the right": Role("administrator", ("can_post_messages", "can_change_info"), EVERYWHERE),
    "anonymous admin": Role("administrator", ("can_post_messages", "can_change_info", "is_anonymous"), EVERYWHERE),
    "admin who posts": Role("administrator", ("can_post_messages",), frozenset({"channel"})),
    "admin who changes info": Role("administrator", ("can_change_info",), frozenset({"supergroup"})),
    "admin without either": Role("administrator", ("can_delete_messages", "can_edit_messages")),
    "member": Role("member"),
    "restricted": Role("restricted"),
    "left": Role("left"),
    "banned": Role("kicked"),
}


def deeds(chat: Chat, row: int) -> list[str]:
    """Return every tap there is about a channel."""
    key = chat.id
    does = ("open", "all", "pause", "resume", "signature", "unsign", "trial", "test", "preview", "queue", "unlink")
    sets = (
        ("density", "brief"),
        ("opinions", "none"),
        ("report", "no"),
        ("picture", "none"),
        ("hashtags", "yes"),
        ("sound", "no"),
    )
    more = (("cap", "3"), ("least", "50"), ("approval", "30"), ("when", "both"), ("density", ""), ("when", ""))
    taps: list[Any] = [
        *(ChannelTap(chat=key, do=do) for do in (*does, "unlink-yes", "leave", "relink")),
        *(ChannelSet(chat=key, what=what, to=to) for what, to in (*sets, *more)),
        *(WizardTap(chat=key, step=step) for step in range(1, 6)),
        WizardTap(chat=key, step=2, pick="now"),
        WizardTap(chat=key, step=3, pick="brief"),
        WizardTap(chat=key, step=5, pick="launch"),
        *(TrialTap(chat=key, stamp=7, do=do) for do in ("post", "drop")),
        *(PlannedTap(chat=key, row=number, do=do) for number in (0, row) for do in ("up", "out", "now")),
        *(ApprovalTap(row=row, do=do, story=1) for do in ("yes", "no", "edit", "out", "back")),
        *(
            ThreadTap(chat=key, do=do, topic="ev", thread=5)
            for do in ("list", "open", "thread", "toggle", "make", "drop")
        ),
        LogTap(chat=key),
        *(Go(chat=key, to=to) for to in ("settings", "times", "languages")),
        *(TopicTap(chat=key, on=on, topic="ev") for on in ("t", "m", "f", "w")),
        TimeTap(chat=key, minutes=600),
        ZoneTap(chat=key, zone="Asia/Tokyo"),
        LangTap(chat=key, lang="en"),
        ReadTap(chat=key, lang="en"),
    ]
    return [tap.pack() for tap in taps]


async def contents(store: Storage) -> dict[str, list[Any]]:
    """Read all that is stored about chats and posts."""
    async with store.outbox._database.transaction() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(table.select())]
            for table in metadata.sorted_tables
            if table.name in {"chats", "outbox", "audit", "approvals", "coverage", "digests"} - NOBODYS
        }


async def prepared(scene: Town, kind: str) -> tuple[Channel, int]:
    """Return a chat with a post that waits for a word."""
    channel = await launched(scene, kind=kind)
    chat = await channel.known()
    await channel.admin.forge(ChannelSet(chat=chat.id, what="approval", to="never").pack())
    await channel.admin.forge(PlannedTap(chat=chat.id, row=0, do="now").pack())
    [waiting] = await scene.app.store.queue.planned(chat.id, limit=10)
    assert waiting.waits_for_approval
    await channel.admin.wait_for(channel.admin.words("approval-open"))
    return channel, waiting.id


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Town]:
    """A morning whose bot need not keep to thirty messages a second: hundreds of refusals are drawn."""
    async with morning(tmp_path, paid_broadcast=True) as town:
        yield town


@pytest.mark.parametrize("kind", ["channel", "supergroup"])
async def test_whoever_does_not_run_a_chat_changes_nothing_about_it(hasty: Town, kind: str) -> None:
    channel, row = await prepared(hasty, kind)
    chat, store = await channel.known(), hasty.app.store
    await hasty.quiet()
    excluded = {name: role for name, role in ROLES.items() if kind not in role.allowed}
    for number, (name, role) in enumerate(excluded.items()):
        person = Reader(hasty, name=name)
        await person.say("/start")
        rights = dict.fromkeys(role.rights, True)
        channel.admin.people.set_member(chat_id=channel.id, user_id=person.id, status=role.status, rights=rights)
        before, posts = await contents(store), channel.posts()
        before["chats"] = [one for one in before["chats"] if one[0] == chat.id]
        # Who is a member tries everything; each of the others every third thing, which one depends on who they are.
        for tap in deeds(chat, row) if name == "member" else deeds(chat, row)[number % 3 :: 3]:
            answer = await person.forge(tap)
            assert answer.alert, (name, tap)
            assert "Автоновости" not in answer.text, (name, tap)
        after = await contents(store)
        after["chats"] = [one for one in after["chats"] if one[0] == chat.id]
        assert after == before, name
        assert channel.posts() == posts, name
        assert person.id not in await store.chats.managers(chat.id)


@pytest.mark.parametrize("kind", ["channel", "supergroup"])
async def test_whoever_runs_a_chat_may_change_it(scene: Town, kind: str) -> None:
    channel = await launched(scene, kind=kind)
    chat = await channel.known()
    for number, (name, role) in enumerate(one for one in ROLES.items() if kind in one[1].allowed):
        person = Reader(scene, name=name)
        await person.say("/start")
        rights = dict.fromkeys(role.rights, True)
        channel.admin.people.set_member(chat_id=channel.id, user_id=person.id, status=role.status, rights=rights)
        cap = ("3", "6", "10")[number]
        answer = await person.forge(ChannelSet(chat=chat.id, what="cap", to=cap).pack())
        assert not answer.alert, name
        assert (await channel.settings()).daily_cap == int(cap), name


async def test_a_right_that_is_taken_away_closes_the_open_screen_at_the_next_tap(scene: Town) -> None:
    channel = await launched(scene)
    second = await channel.joined_by("Ирина")
    screen = second.last
    await second.tap(second.words("button-hashtags"), screen)
    assert (await channel.settings()).hashtags
    channel.admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights={})
    before = await channel.known()
    refused = await second.tap(second.words("button-sound"), screen)
    assert refused.alert
    assert refused.text == second.words("not-admin", title="Автоновости")
    assert await channel.known() == before
    assert second.now(screen)["text"] == second.words("not-admin", title="Автоновости")
    assert labels(second.now(screen)) == [second.words("button-all-channels")]


async def test_where_the_bot_is_no_longer_the_screen_offers_the_way_back(scene: Town) -> None:
    channel = await launched(scene)
    admin, screen = channel.admin, channel.admin.last
    admin.people.remove_bot(chat_id=channel.id, by_user_id=admin.id)
    refused = await admin.tap(admin.words("button-hashtags"), screen)
    assert refused.alert
    assert refused.text == admin.words("channel-gone", title="Автоновости")
    assert not (await channel.settings()).hashtags
    await admin.tap(admin.words("button-unlist"), admin.now(screen))
    assert labels(admin.now(screen)) == [admin.words("button-add-channel"), admin.words("button-add-group")]


async def test_while_telegram_is_silent_nothing_is_changed_and_nothing_closed(scene: Town) -> None:
    channel = await launched(scene)
    admin, screen = channel.admin, channel.admin.last
    scene.sandbox.add_fault(Fault(method="getChatMember", kind=FaultKind.STATUS, code=502))
    refused = await admin.tap(admin.words("button-hashtags"), screen)
    assert (refused.text, refused.alert) == (admin.words("channel-unasked"), True)
    assert not (await channel.settings()).hashtags
    assert admin.now(screen)["text"] == screen["text"]


async def test_only_the_owner_or_who_linked_it_unlinks_and_the_others_hear_of_it(scene: Town) -> None:
    channel = await launched(scene)
    admin = channel.admin
    second = await channel.joined_by("Ирина")
    refused = await second.tap(second.words("button-unlink"))
    assert (refused.text, refused.alert) == (second.words("unlink-not-yours"), True)
    await go(admin, "button-unlink")
    assert "Опубликованное останется" in admin.last["text"]
    assert (await channel.known()).next_at is not None
    before = second.last["message_id"]
    await go(admin, "button-unlink-yes")
    assert (await channel.known()).next_at is None
    assert "Олег" in (await second.after(before))["text"]
    await go(admin, "button-relink")
    assert [one.id for one in await scene.app.store.chats.managed_by(admin.id)] == [(await channel.known()).id]
    await admin.forge(f"c:{(await channel.known()).id}:unlink-yes")
    await go(admin, "button-leave")
    assert scene.sandbox.world.chats[channel.id].member(scene.sandbox.world.bot_id).status == "left"
    assert await scene.app.store.chats.managed_by(admin.id) == []
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await admin.wait_for(admin.words("channel-known", title="Автоновости"))
    await admin.tap(admin.words("button-all-settings"))
    await go(admin, "button-resume")
    again = await channel.known()
    assert again.times == (540, 780, 1140)
    assert again.next_at is not None


async def test_an_old_screen_brings_no_channel_back_that_was_let_go_but_offers_to_link_it(scene: Town) -> None:
    channel = await launched(scene)
    admin, old = channel.admin, channel.admin.last
    await admin.say("/channels")
    await admin.forge(f"c:{(await channel.known()).id}:unlink-yes")
    refused = await admin.tap(admin.words("button-hashtags"), old)
    assert (refused.text, refused.alert) == (admin.words("channel-unlinked", title="Автоновости"), True)
    assert await scene.app.store.chats.managed_by(admin.id) == []
    assert not (await channel.settings()).hashtags
    await admin.tap(admin.words("button-relink"), admin.now(old))
    assert admin.words("channel-state-paused") in admin.now(old)["text"]
    assert (await channel.log())[0].key == "linked"
    await admin.tap(admin.words("button-resume"), admin.now(old))
    assert (await channel.known()).next_at is not None


async def test_a_deleted_group_is_said_to_be_gone_and_can_be_taken_off_the_list(scene: Town) -> None:
    group = await launched(scene, kind="supergroup", title="Гараж")
    admin, screen = group.admin, group.admin.last
    admin.people.delete_chat(chat_id=group.id)
    refused = await admin.tap(admin.words("button-hashtags"), screen)
    assert (refused.text, refused.alert) == (admin.words("channel-deleted", title="Гараж"), True)
    assert labels(await admin.say("/channels"))[0] == f"Гараж — {admin.words('channel-state-gone')}"
    await admin.tap(admin.words("button-unlist"), admin.now(screen))
    assert labels(admin.now(screen)) == [admin.words("button-add-channel"), admin.words("button-add-group")]


async def test_a_forged_chat_or_somebodys_private_chat_is_nobodys(scene: Town) -> None:
    channel = await added(scene)
    victim = Reader(scene, name="Жертва")
    await victim.say("/start")
    key = (await victim.known()).id
    before = await victim.known()
    for chat in (key, 10**12):
        for tap in (ChannelTap(chat=chat, do="pause"), ChannelSet(chat=chat, what="cap", to="3"), LogTap(chat=chat)):
            assert (await channel.admin.forge(tap.pack())).text == channel.admin.words("stale")
    assert await victim.known() == before


def test_the_roles_cover_both_kinds() -> None:
    assert RUN.keys() | POST.keys() <= {right for role in ROLES.values() for right in role.rights}
