"""Keeps posted messages true: draws those anew whose stories were put right, taken back, judged, or told by more.

What a message says is always rendered from what was sent and how its stories stand now, so drawing twice does no harm:
"not modified" is as good as done. A crash leaves the rows that are not settled, and they are drawn again. Edits go
after everything else that waits, at the same pace. Ids come from what arrived, and from nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

import structlog

from bot.edits import Edited, EditOutcome, Missing
from bot.i18n import words_for
from bot.limits import Limits
from bot.markup import Document, Message, say, telegram_html
from bot.outcomes import Closed, Failing, Moved, Unknown, Wait, backoff
from bot.standing import Standing
from feeds.clock import Clock
from feeds.issue import Chat, ChatKind, ChatState, Digest, OutboxId, Parcel, Priority
from feeds.model import Story, StoryId
from feeds.redraws import PRIVATE_TERM, Drawn, Redraw, RedrawOutcome
from storage.redraws import Redraws

log = structlog.get_logger(__name__)

LAST = Priority.BULK.rank + 1
"""Who waits for an issue goes before whoever has one."""
IN_FLIGHT = 20


class Editor(Protocol):
    """Whatever changes a message; never raises (``bot.edits``)."""

    async def edit(self, telegram_id: int, message_id: int, message: Message) -> EditOutcome:
        """Put a message in place of one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the parts of one copy are to say, and what all of it says together."""

    parts: Mapping[int, Message]
    says: str


class Redrawer:
    """Draws what is due until nothing is."""

    def __init__(
        self,
        *,
        redraws: Redraws,
        standing: Standing,
        editor: Editor,
        limits: Limits,
        clock: Clock,
        dress: Callable[[Chat, Message], Awaitable[Message]] | None = None,
    ) -> None:
        self._dress = dress
        self._redraws = redraws
        self._standing = standing
        self._editor = editor
        self._write = standing.write
        self._limits = limits
        self._clock = clock

    async def draw_due(self) -> int:
        """Draw every copy whose time has come; how many were taken up."""
        tasks: dict[asyncio.Task[None], OutboxId] = {}
        taken = 0
        try:
            while True:
                if (room := IN_FLIGHT - len(tasks)) >= IN_FLIGHT // 4:
                    under_way = list(tasks.values())
                    found = await self._redraws.due(now=self._clock(), limit=room, besides=under_way)
                    tasks |= await self._start(found)
                    taken += len(found)
                if not tasks:
                    return taken
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del tasks[task]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _start(self, found: Sequence[Redraw]) -> dict[asyncio.Task[None], OutboxId]:
        """Plan what is to be said where, write down whose words will change, and begin."""
        stories = await self._standing.stories([redraw.parcel for redraw in found])
        plans = {redraw.id: await self._look_at(redraw, stories) for redraw in found}
        known = [(one, plan) for one in found if isinstance(plan := plans[one.id], RedrawOutcome)]
        drawn = [Drawn(id=one.id, wants=one.wants, outcome=outcome) for one, outcome in known]
        await self._redraws.settle(drawn, now=self._clock())
        going = [(one, plan) for one in found if isinstance(plan := plans[one.id], Plan)]
        await self._redraws.begin([one.id for one, _ in going])
        return {asyncio.create_task(self._draw(one, plan)): one.id for one, plan in going}

    async def _look_at(self, redraw: Redraw, stories: Mapping[StoryId, Story]) -> Plan | RedrawOutcome | None:
        """Look at one; None when it has to wait, for it is not to hold up the others."""
        try:
            return self._look(redraw, stories)
        except Exception:
            log.exception("redraw failed", issue=redraw.id)
            await self._stumble(redraw)
            return None

    async def _stumble(self, redraw: Redraw) -> None:
        await self._later(redraw, backoff(redraw.attempts), "surprise")

    def _look(self, redraw: Redraw, stories: Mapping[StoryId, Story]) -> Plan | RedrawOutcome:
        """Say what a copy should say, or what came of it where nothing is to be tried."""
        parcel = redraw.parcel
        if not parcel.sent_parts:
            return RedrawOutcome.GONE
        if _closed(parcel.chat):
            return RedrawOutcome.CLOSED
        if parcel.chat.kind is ChatKind.PRIVATE and self._clock() - redraw.sent_at > PRIVATE_TERM:
            return RedrawOutcome.OLD
        sent = self._write(parcel)
        whole, brief = self._drafts(parcel, stories)
        shown = whole if len(whole) <= len(sent) else brief
        if len(shown) > len(sent):
            return RedrawOutcome.REFUSED
        plan = _plan(redraw, sent, shown)
        if redraw.drawn is not None and plan.says == redraw.drawn:
            return RedrawOutcome.EDITED
        if not plan.parts:
            return RedrawOutcome.SAME if shown is whole else RedrawOutcome.REFUSED
        return plan

    def _drafts(self, parcel: Parcel, stories: Mapping[StoryId, Story]) -> tuple[Sequence[Message], Sequence[Message]]:
        """Write a parcel as it says now, and without what takes most room, for where that is too long."""
        whole = self._standing.now(parcel, stories)
        brief = replace(parcel, digest=_without_opinions(whole))
        return self._write(replace(parcel, digest=whole)), self._write(brief)

    async def _draw(self, redraw: Redraw, plan: Plan) -> None:
        try:
            outcomes = []
            for part, drawn in plan.parts.items():
                private = redraw.parcel.chat.kind is ChatKind.PRIVATE
                message = await self._dress(redraw.parcel.chat, drawn) if self._dress and private else drawn
                outcome = await self._edit(redraw, part, message)
                if outcome is None:
                    return
                outcomes.append(outcome)
            await self._settle(redraw, plan, outcomes)
        except Exception:
            log.exception("redraw failed", issue=redraw.id)
            await self._stumble(redraw)

    async def _edit(self, redraw: Redraw, part: int, message: Message) -> RedrawOutcome | None:
        """Edit one part; None when the copy has to wait."""
        chat = redraw.parcel.chat.telegram_id
        if later := await self._limits.turn(chat, rank=LAST, since=redraw.sent_at):
            await self._later(redraw, timedelta(seconds=later), "pace", count_attempt=False)
            return None
        match await self._editor.edit(chat, redraw.parcel.sent_parts[part], message):
            case Edited(changed):
                return RedrawOutcome.EDITED if changed else RedrawOutcome.SAME
            case Missing():
                return RedrawOutcome.GONE
            case Closed():
                return RedrawOutcome.CLOSED
            case Moved():
                # Its messages stayed behind, under numbers that are others' in the new chat.
                return RedrawOutcome.GONE
            case Wait(delay):
                await self._later(redraw, delay, "429", count_attempt=False)
            case Failing(reason) | Unknown(reason):
                await self._later(redraw, backoff(redraw.attempts), reason)
            case refused:
                log.warning("edit refused", issue=redraw.id, part=part, reason=repr(refused))
                return RedrawOutcome.REFUSED
        return None

    async def _later(self, redraw: Redraw, delay: timedelta, reason: str, *, count_attempt: bool = True) -> None:
        at = self._clock() + delay
        await self._redraws.later(redraw.id, at=at, reason=reason, count_attempt=count_attempt)

    async def _settle(self, redraw: Redraw, plan: Plan, outcomes: Sequence[RedrawOutcome]) -> None:
        changed = RedrawOutcome.EDITED in outcomes
        # What a crash cut off between the edit and this line is found "not modified", and was edited all the same.
        done = changed or (RedrawOutcome.SAME in outcomes)
        outcome = RedrawOutcome.EDITED if done else outcomes[0]
        says = plan.says if done else None
        drawn = Drawn(id=redraw.id, wants=redraw.wants, outcome=outcome, changed=changed, drawn=says)
        await self._redraws.settle([drawn], now=self._clock())
        log.info("post redrawn", issue=redraw.id, chat=redraw.parcel.chat.id, outcome=outcome.value)


def _closed(chat: Chat) -> bool:
    """Whether a chat takes no edits: it is closed to us, or its person wants to hear nothing more."""
    stopped = chat.kind is ChatKind.PRIVATE and chat.state is ChatState.STOPPED
    return stopped or chat.state is ChatState.PAUSED


def _plan(redraw: Redraw, sent: Sequence[Message], shown: Sequence[Message]) -> Plan:
    """Say what each part that arrived is to say; until it is touched, only those that say something else than was sent.

    A part whose reader has turned to another page is let be: who turns back finds it as it stands then.
    """
    parcel, parts = redraw.parcel, dict[int, Message]()
    for part in sorted(parcel.sent_parts.keys() - redraw.turned):
        # What was told in two messages may fit into one by now: the second then says so, for it cannot vanish.
        message = shown[part] if part < len(shown) else _moved_up(parcel, sent[min(part, len(sent) - 1)])
        if redraw.touched or part >= len(sent) or message.document != sent[part].document:
            parts[part] = message
    return Plan(parts=parts, says=_name([message.document for message in shown]))


def _moved_up(parcel: Parcel, sent: Message) -> Message:
    return replace(sent, document=say(words_for(parcel.chat.lang)("redraw-moved-up")))


def _name(documents: Sequence[Document]) -> str:
    return sha256("\0".join(telegram_html(document) for document in documents).encode()).hexdigest()


def _without_opinions(digest: Digest) -> Digest:
    sections = tuple(
        replace(section, stories=tuple(replace(one, opinion=None, opinion_source=None) for one in section.stories))
        for section in digest.sections
    )
    return replace(digest, sections=sections)
