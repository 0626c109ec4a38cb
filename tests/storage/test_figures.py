from __future__ import annotations

from datetime import timedelta

from bot.figures import figure_lines
from bot.i18n import words_for
from feeds.issue import ChatKind, OutboxState, PauseReason
from feeds.model import StoryId
from feeds.taste import Vote
from feeds.topics import load_catalogue
from storage import Storage
from storage.people import Departure
from tests.storage.samples import MINUTE, NOW, active_chat, digest, issue

WEEK = timedelta(days=7)


async def test_readers_channels_issues_and_departures_are_counted(store: Storage) -> None:
    readers = [await active_chat(store, 100 + number) for number in range(4)]
    for reader, topics in zip(readers, ({"ev"}, {"ev", "china"}, {"ev"}, set()), strict=True):
        await store.chats.choose_topics(reader.id, frozenset(topics))
    await store.chats.stop(readers[1].id)
    await store.chats.pause(readers[2].id, PauseReason.BLOCKED)
    await store.chats.ensure(-1, kind=ChatKind.CHANNEL, title="Гараж", lang="ru", reads=["ru"], zone="UTC", now=NOW)
    await store.outbox.commit_issues([issue(readers[0], digest=digest((1, 2)))], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    vote = Vote(story_id=StoryId(1), value=-1, topics=("ev",), voted_at=NOW)
    await store.votes.cast(readers[0].id, vote)
    await store.accounts.depart(Departure.OFTEN)
    figures = await store.statistics.count(since=NOW - WEEK)
    assert (figures.subscribed, figures.joined, figures.stopped, figures.blocked) == (2, 4, 1, 1)
    assert (figures.public, figures.public_paused) == (0, 0)
    assert figures.issues[OutboxState.SENT] == 1
    assert figures.topics == {"ev": 3, "china": 1}
    assert (figures.up, figures.down, figures.saved) == (0, 1, 0)
    assert figures.left[Departure.OFTEN] == 1
    later = await store.statistics.count(since=NOW + WEEK)
    assert (later.joined, later.issues[OutboxState.SENT]) == (0, 0)
    said = "\n".join(figure_lines(words_for("ru"), figures, load_catalogue()))
    assert "подписаны 2" in said
    assert "Электромобили — 3" in said
    assert "часто — 1" in said
