"""The redrawer over a real store; only Telegram's answers to edits are scripted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.edits import Edited, EditOutcome, Missing
from bot.i18n import words_for
from bot.keys import Delivery, Regard, card_keys, kept_stories, regarded
from bot.limits import Limits
from bot.look import Place
from bot.markup import Message, plain, say
from bot.outcomes import Closed, Failing, Moved, Refused, Unknown, Wait
from bot.redraw import Redrawer
from bot.standing import Standing
from feeds.digest import tell
from feeds.issue import Chat, ChatKind, Issue, OutboxState, Parcel, PauseReason
from feeds.model import SourceSpec, Story, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from feeds.redraws import PRIVATE_TERM, Propagation, RedrawOutcome
from storage import Storage
from tests.samples import HOUR, NOW, StillClock, digest, item, told

SECOND = timedelta(seconds=1)
EDITED, GONE, REFUSED = RedrawOutcome.EDITED, RedrawOutcome.GONE, RedrawOutcome.REFUSED
CLOSED, OLD, SAME = RedrawOutcome.CLOSED, RedrawOutcome.OLD, RedrawOutcome.SAME
WORDS = "Так и надо."


class Telegram:
    """Answers edits with what was put down for a chat, then with success."""

    def __init__(self) -> None:
        self.script: dict[int, list[EditOutcome | Exception]] = {}
        self.edits: list[tuple[int, int, str]] = []

    async def edit(self, telegram_id: int, message_id: int, message: Message) -> EditOutcome:
        self.edits.append((telegram_id, message_id, plain(message.document)))
        answer = self.script[telegram_id].pop(0) if self.script.get(telegram_id) else Edited(changed=True)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Wall:
    """Posts of one story, each part a line of it, and whoever keeps them true."""

    def __init__(self, store: Storage, clock: StillClock) -> None:
        self.store, self.clock, self.telegram = store, clock, Telegram()
        self.room = 9
        """How many messages a digest may become."""
        self.unwritten: set[int] = set()
        """Chats for which nothing can be written."""
        self.redrawer = Redrawer(
            redraws=store.redraws,
            standing=Standing(store.news, write=self._write),
            editor=self.telegram,
            limits=Limits(overall=100_000, each=100_000),
            clock=clock,
        )

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        if parcel.chat.telegram_id in self.unwritten:
            raise RuntimeError("surprise")
        lines = [story.headline for story in parcel.digest.stories]
        lines += [one.opinion.text for one in parcel.digest.stories if one.opinion]
        texts = lines if len(lines) <= self.room else [*lines[: self.room - 1], " ".join(lines[self.room - 1 :])]
        return [Message(document=say(text)) for text in texts]

    async def story(self) -> Story:
        """Let the only story have been told an hour ago."""
        spec = SourceSpec(name="Колесо", url="https://koleso.example/rss", lang="ru")
        source = await self.store.news.add_source(spec, now=self.clock())
        draft = StoryDraft(story_id=None, items=(item("a", source_id=source.id),))
        poll = PollState(next_at=NOW, reason=NextPollReason.INTERVAL)
        await self.store.news.commit_poll(source.id, poll, drafts=[draft], now=self.clock())
        return (await self.store.news.recent_stories(since=NOW - 2 * HOUR))[0]

    async def post(self, number: int, story: Story, *, kind: ChatKind = ChatKind.CHANNEL) -> Chat:
        """Let an issue with a story have been sent to a chat, message 10 times its number and on."""
        chats, outbox, now = self.store.chats, self.store.outbox, self.clock()
        chat = await chats.ensure(number, kind=kind, lang="ru", reads=["ru"], zone="Europe/Moscow", now=now)
        made = digest(tell(story))
        issue = Issue(chat_id=chat.id, slot=f"now:{story.id}", digest=made, due_at=now, moves_schedule=False)
        await outbox.commit_issues([issue], now=now)
        [parcel] = await outbox.claim(now=now, limit=1, lease=HOUR, owner="me")
        for part, _ in enumerate(self._write(parcel)):
            await outbox.mark_sending(parcel.id, part=part, owner="me", now=now)
            await outbox.record_part(parcel.id, part=part, message_id=10 * abs(number) + part, owner="me", now=now)
        await outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=now)
        return chat

    async def judge(self, story: Story, text: str = WORDS) -> None:
        await self.store.opinions.approve(story.id, text=text, label="Мнение", now=self.clock())

    async def outcome(self, story: Story) -> Propagation:
        return await self.store.redraws.outcome(story.id)


@pytest.fixture
def wall(store: Storage, clock: StillClock) -> Wall:
    made = Wall(store, clock)
    made.room = 1
    return made


async def test_only_messages_that_arrived_are_edited_and_under_their_ids(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    await wall.judge(story)
    assert await wall.redrawer.draw_due() == 1
    assert wall.telegram.edits == [(-1, 10, f"Новость a {WORDS}")]
    assert await wall.redrawer.draw_due() == 0
    assert await wall.outcome(story) == Propagation(channels={EDITED: 1})


async def test_what_it_says_already_is_not_said_again(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    await wall.judge(story)
    await wall.redrawer.draw_due()
    await wall.store.redraws.want(story.id, now=wall.clock())
    await wall.redrawer.draw_due()
    assert len(wall.telegram.edits) == 1
    assert await wall.outcome(story) == Propagation(channels={EDITED: 1})


async def test_what_changed_nothing_needs_no_request(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    await wall.store.redraws.want(story.id, now=wall.clock())
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == []
    assert await wall.outcome(story) == Propagation(channels={SAME: 1})


async def test_an_opinion_that_is_withdrawn_goes_again(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    await wall.judge(story)
    await wall.redrawer.draw_due()
    await wall.store.opinions.withdraw(story.id, now=wall.clock())
    await wall.redrawer.draw_due()
    assert wall.telegram.edits[-1] == (-1, 10, "Новость a")


async def test_an_edit_that_a_crash_cut_off_is_made_again_even_if_nothing_is_to_be_said_any_more(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    await wall.judge(story)
    [redraw] = await wall.store.redraws.due(now=wall.clock(), limit=1)
    await wall.store.redraws.begin([redraw.id])
    await wall.store.opinions.withdraw(story.id, now=wall.clock())
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == [(-1, 10, "Новость a")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Edited(changed=False), EDITED),
        (Missing("message to edit not found"), GONE),
        (Moved(-1009), GONE),
        (Closed(PauseReason.REMOVED, "bot was kicked"), CLOSED),
        (Refused("MESSAGE_TOO_LONG"), REFUSED),
    ],
)
async def test_what_an_answer_means_is_kept(wall: Wall, answer: EditOutcome, expected: RedrawOutcome) -> None:
    story = await wall.story()
    await wall.post(-1, story)
    wall.telegram.script[-1] = [answer]
    await wall.judge(story)
    await wall.redrawer.draw_due()
    assert await wall.outcome(story) == Propagation(channels={expected: 1})
    assert await wall.redrawer.draw_due() == 0


@pytest.mark.parametrize("trouble", [Wait(5 * SECOND), Failing("502"), Unknown("no answer"), RuntimeError("surprise")])
async def test_what_passes_is_tried_again_and_delays_no_other(wall: Wall, trouble: EditOutcome | Exception) -> None:
    story = await wall.story()
    for number in (-1, -2, -3):
        await wall.post(number, story)
    wall.telegram.script[-2] = [trouble]
    await wall.judge(story)
    await wall.redrawer.draw_due()
    assert await wall.outcome(story) == Propagation(waiting=1, channels={EDITED: 2})
    wall.clock.advance(6 * SECOND)
    await wall.redrawer.draw_due()
    assert await wall.outcome(story) == Propagation(channels={EDITED: 3})


async def test_old_private_copies_and_closed_chats_are_not_even_tried(wall: Wall) -> None:
    story = await wall.story()
    await wall.post(1, story, kind=ChatKind.PRIVATE)
    stopped = await wall.post(2, story, kind=ChatKind.PRIVATE)
    blocked = await wall.post(-3, story)
    await wall.store.chats.stop(stopped.id)
    await wall.store.chats.pause(blocked.id, PauseReason.REMOVED)
    await wall.judge(story)
    wall.clock.advance(PRIVATE_TERM + SECOND)
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == []
    assert await wall.outcome(story) == Propagation(people={OLD: 1, CLOSED: 1}, channels={CLOSED: 1})


async def test_no_message_is_added_for_what_has_no_room_any_more(wall: Wall) -> None:
    wall.room = 9
    story = await wall.story()
    await wall.post(-1, story)
    await wall.judge(story)
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == []
    assert await wall.outcome(story) == Propagation(channels={REFUSED: 1})


async def test_a_message_that_is_not_needed_any_more_says_so(wall: Wall) -> None:
    wall.room = 9
    story = await wall.story()
    await wall.store.opinions.approve(story.id, text=WORDS, label="Мнение", now=wall.clock())
    judged = await wall.store.news.story(story.id)
    assert judged is not None
    await wall.post(-1, judged)
    await wall.store.opinions.withdraw(story.id, now=wall.clock())
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == [(-1, 11, "Продолжение теперь помещается в сообщение выше.")]


async def test_many_copies_are_drawn_from_one_reading(wall: Wall) -> None:
    story = await wall.story()
    for number in range(1, 70):
        await wall.post(-number, story)
    await wall.judge(story)
    assert await wall.redrawer.draw_due() == 69
    assert sorted(edit[0] for edit in wall.telegram.edits) == [-number for number in range(69, 0, -1)]


async def test_a_reader_who_turned_the_page_is_not_disturbed(wall: Wall) -> None:
    story = await wall.story()
    chat = await wall.post(1, story, kind=ChatKind.PRIVATE)
    [post] = await wall.store.outbox.posts_of(story.id)
    await wall.store.outbox.turn(chat.id, post.id, 0, page=1)
    await wall.judge(story)
    await wall.redrawer.draw_due()
    assert wall.telegram.edits == []
    assert await wall.outcome(story) == Propagation(people={SAME: 1})


async def test_a_card_drawn_anew_stands_as_its_reader_left_it() -> None:
    place = Place(words=words_for("ru"), zone="Europe/Moscow", topic_name=str)
    one = told(4)
    untouched = card_keys(one, place, Delivery(issue=3))
    touched = regarded(untouched, place, {StoryId(4): Regard(kept=True, vote=1)})
    assert touched == card_keys(one, place, Delivery(issue=3), Regard(kept=True, vote=1))
    assert kept_stories(untouched) == {4}
    assert regarded(untouched, place, {StoryId(5): Regard(kept=True)}) == untouched


async def test_what_cannot_be_written_holds_up_no_others(wall: Wall) -> None:
    story = await wall.story()
    for number in (-1, -2, -3):
        await wall.post(number, story)
    await wall.judge(story)
    wall.unwritten = {-1}
    await wall.redrawer.draw_due()
    assert {chat for chat, *_ in wall.telegram.edits} == {-2, -3}
    wall.unwritten = set()
    wall.clock.advance(5 * SECOND)
    await wall.redrawer.draw_due()
    assert await wall.outcome(story) == Propagation(channels={EDITED: 3})
