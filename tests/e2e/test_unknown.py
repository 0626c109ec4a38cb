"""A request is cut off and nobody knows whether the message arrived: it must come once, whatever was the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.faults import Fault, FaultKind
from feeds.issue import OutboxState
from tests.e2e.owners import go
from tests.e2e.people import Reader, labels, pass_quietly, until
from tests.e2e.town import Town

CUT = pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.HALF_ANSWER])


def issues(reader: Reader, chat_id: int | None = None) -> list[str]:
    title = reader.words("digest-title", day="").strip()
    return [one["text"] for one in reader.messages(chat_id) if one["text"].startswith(title)]


async def all_settled(scene: Town) -> None:
    scene.sandbox.person.turn_clock(advance=timedelta(seconds=6).total_seconds())
    scene.app.inquiry_bell.ring()

    async def settled() -> bool:
        counts = await scene.app.store.outbox.counts()
        return all(not number for state, number in counts.items() if state is not OutboxState.SENT)

    await until(settled, "every doubt to be settled")


async def cut_next_issue(scene: Town, reader: Reader, kind: FaultKind, *, chat_id: int | None = None) -> None:
    """Let the next issue's request be cut off, and wait until the bot knows that it does not know."""
    scene.sandbox.add_fault(Fault(method="sendMessage", chat_id=chat_id or reader.id, kind=kind))
    await scene.next_issue()

    async def held() -> bool:
        return (await scene.app.store.outbox.counts())[OutboxState.UNKNOWN] == 1

    await until(held, "an issue to be held")


@CUT
async def test_an_issue_whose_request_was_cut_off_comes_exactly_once(scene: Town, kind: FaultKind) -> None:
    reader = Reader(scene)
    await reader.subscribe()
    await cut_next_issue(scene, reader, kind)
    await all_settled(scene)
    await until(lambda: len(issues(reader)) == 2, "the issue")
    await pass_quietly(scene, hours=1)
    assert len(issues(reader)) == 2


@CUT
async def test_what_was_said_around_the_cut_is_left_alone(scene: Town, kind: FaultKind) -> None:
    reader, other = Reader(scene), Reader(scene, name="Олег")
    await reader.subscribe()
    await other.say("/start")
    await cut_next_issue(scene, reader, kind)
    await reader.say("/settings")
    await other.say("/topics")
    menus = [(one["message_id"], labels(one)) for one in (*reader.replies()[-1:], *other.replies())]
    await all_settled(scene)
    await until(lambda: len(issues(reader)) == 2, "the issue")
    after = {one["message_id"]: labels(one) for one in (*reader.replies(), *other.replies())}
    assert [(message_id, after[message_id]) for message_id, _ in menus] == menus


@CUT
async def test_a_post_in_a_channel_comes_exactly_once(scene: Town, kind: FaultKind) -> None:
    admin = Reader(scene)
    await admin.say("/start")
    channel = scene.sandbox.person.add_chat(type="channel", title="Гараж", creator_id=admin.id)["id"]
    scene.sandbox.person.add_bot(chat_id=channel, by_user_id=admin.id, rights={"can_post_messages": True})
    await admin.wait_for("Гараж")
    await go(admin, "button-setup", *["button-next"] * 4, "button-launch")
    await scene.next_issue()
    await until(lambda: len(issues(admin, channel)) == 1, "the first post")
    await cut_next_issue(scene, admin, kind, chat_id=channel)
    await all_settled(scene)
    await until(lambda: len(issues(admin, channel)) == 2, "the second post")
    await pass_quietly(scene, hours=1)
    assert len(issues(admin, channel)) == 2


async def test_an_admin_is_asked_where_the_bot_could_change_other_peoples_posts(scene: Town) -> None:
    admin = Reader(scene)
    await admin.say("/start")
    channel = scene.sandbox.person.add_chat(type="channel", title="Гараж", creator_id=admin.id)["id"]
    rights = {"can_post_messages": True, "can_edit_messages": True}
    scene.sandbox.person.add_bot(chat_id=channel, by_user_id=admin.id, rights=rights)
    await admin.wait_for("Гараж")
    await go(admin, "button-setup", *["button-next"] * 4, "button-launch")
    await cut_next_issue(scene, admin, FaultKind.DROP_BEFORE, chat_id=channel)
    scene.sandbox.person.turn_clock(advance=timedelta(minutes=11).total_seconds())
    scene.app.inquiry_bell.ring()
    question = await admin.wait_for(admin.words("doubt-question", title="Гараж"))
    assert issues(admin, channel) == []
    await admin.tap(admin.words("button-doubt-again"), question)
    await until(lambda: len(issues(admin, channel)) == 1, "the post")
    stranger = Reader(scene, name="Чужой")
    await stranger.say("/start")
    assert (await stranger.forge("u:1:again")).alert
