"""Finds out whether a message arrived whose request was cut off, without sending anything that anybody would see.

Every message of an issue carries a keyboard unlike any other. Setting that very keyboard once more on the ids where the
message may be tells: "message is not modified", it is there; "message to edit not found", it is not. Ids that are known
to be other messages are never touched. See ``docs/decisions/0041-what-becomes-of-unknown.md``.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest, TelegramRetryAfter

from bot.limits import OVERALL, Limits
from bot.markup import Message
from bot.messageids import MessageIds
from bot.outcomes import Failing, Unknown
from bot.session import plain_call
from bot.telegram import buttons, outcome_of
from feeds.clock import Clock
from feeds.issue import Chat, ChatKind, OutboxId, Parcel
from storage.doubts import OWN_NUMBERING, Doubt
from storage.outbox import Outbox

log = structlog.get_logger(__name__)

SETTLED = timedelta(seconds=5)
"""How long after it was cut off a request may still be carried out."""
PATIENCE = timedelta(minutes=10)
"""How long to look for certainty before the person or the admin is asked."""
MOST = 120
"""Ids to try for one message, besides as many as others whose ids nobody knows may have taken."""
SLACK = 4
"""Ids beyond the newest one seen that messages we never heard of may have taken."""
QUIET = 4
"""So many ids in a row without a message, above all that were seen, are the end of a channel."""
ASIDE = timedelta(hours=1)
"""Messages cut off this long before another, of which nothing was found out, may have taken ids above it."""

CHATS = 20
"""So many chats are looked into side by side at the usual rate, more at a higher one."""

Policy = Literal["ask", "resend"]
_Case: TypeAlias = tuple[OutboxId, int, datetime]


class Sign(StrEnum):
    """What an id said."""

    HERE = "here"
    NOTHING = "nothing"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Arrived:
    """It is in the chat under this id."""

    message_id: int


class Verdict(StrEnum):
    """What an inquiry that did not find the message came to."""

    ABSENT = "absent"
    UNSURE = "unsure"
    LATER = "later"
    """The chat has to wait; nothing is known yet."""


class Inquiry:
    """Settles held rows, as far as they can be."""

    def __init__(
        self,
        *,
        bot: Bot,
        outbox: Outbox,
        ids: MessageIds,
        write: Callable[[Parcel], Sequence[Message]],
        ask_managers: Callable[[Chat, OutboxId], Awaitable[None]],
        limits: Limits,
        clock: Clock,
        policy: Policy = "ask",
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._ids = ids
        self._write = write
        self._ask_managers = ask_managers
        self._limits = limits
        self._clock = clock
        self._policy = policy
        self._signs: dict[_Case, dict[int, Sign]] = {}
        """What ids said of which doubt, for when its chat has to wait in the middle."""

    async def settle_all(self) -> int:
        """Look into every held row whose request is surely over; return how many were settled.

        Chats go side by side. One that has to wait for long delays nobody: its doubts are left for the next time.
        """
        ripe = [doubt for doubt in await self._outbox.doubts() if self._age(doubt) >= SETTLED]
        self._signs = {case: self._signs.get(case, {}) for case in map(_case, ripe)}
        by_chat: dict[int, list[Doubt]] = defaultdict(list)
        for doubt in ripe:
            by_chat[doubt.parcel.chat.telegram_id].append(doubt)
        places = asyncio.Semaphore(max(CHATS, int(self._limits.overall * CHATS / OVERALL)))
        # Those of which it is not known yet, or never will be, whether they arrived may have taken ids as well.
        among = await self._outbox.unnumbered(since=min(doubt.since for doubt in ripe) - ASIDE) if ripe else 0

        async def settle_chat(doubts: Sequence[Doubt]) -> int:
            async with places:
                return sum([await self._settle_safely(doubt, among=among) for doubt in doubts])

        tasks = [asyncio.create_task(settle_chat(doubts)) for doubts in by_chat.values()]
        try:
            return sum(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _settle_safely(self, doubt: Doubt, *, among: int) -> bool:
        try:
            return await self._settle(doubt, among=among)
        except Exception:
            # It is looked into again with the next ring; the others are not to wait for it.
            log.exception("inquiry failed", parcel=doubt.parcel.id)
            return False

    async def _settle(self, doubt: Doubt, *, among: int) -> bool:
        parcel = doubt.parcel
        messages = self._write(parcel)
        try:
            verdict = await self._look(doubt, messages, among=among)
        except TelegramRetryAfter as error:
            self._limits.pause(parcel.chat.telegram_id, error.retry_after)
            return False
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("inquiry cut short", parcel=parcel.id, reason=str(error))
            if _passes(error):
                return False
            verdict = Verdict.UNSURE
        if verdict is Verdict.LATER:
            return False
        now = self._clock()
        log.info("doubt looked into", parcel=parcel.id, chat=parcel.chat.id, verdict=repr(verdict))
        match verdict:
            case Arrived(message_id):
                last = doubt.part >= len(messages) - 1
                await self._outbox.confirm(parcel.id, part=doubt.part, message_id=message_id, last=last, now=now)
            case Verdict.ABSENT:
                await self._outbox.resolve(parcel.id, again=True, now=now)
            case _ if self._age(doubt) < PATIENCE:
                return False
            case _ if self._policy == "resend":
                await self._outbox.resolve(parcel.id, again=True, now=now)
            case _:
                await self._outbox.give_up(parcel.id)
                if parcel.chat.kind is not ChatKind.PRIVATE:
                    await self._ask_managers(parcel.chat, parcel.id)
        self._ids.settle(parcel.chat.telegram_id)
        return True

    def _age(self, doubt: Doubt) -> timedelta:
        """How long the doubt has lasted; long enough, if the clock was turned back meanwhile."""
        age = self._clock() - doubt.since
        return age if age >= timedelta(0) else PATIENCE

    async def _look(self, doubt: Doubt, messages: Sequence[Message], *, among: int) -> Arrived | Verdict:
        chat = doubt.parcel.chat
        if doubt.part >= len(messages) or not messages[doubt.part].keyboard or doubt.after_id is None:
            return Verdict.UNSURE
        if self._limits.later(chat.telegram_id):
            return Verdict.LATER
        own = chat.telegram_id <= OWN_NUMBERING
        if own and await self._may_edit_others(chat):
            return Verdict.UNSURE
        known = await self._outbox.arrived_ids(above=doubt.after_id, shared=not own, telegram_id=chat.telegram_id)
        newest = max(self._ids.newest(chat.telegram_id) or 0, doubt.after_id)
        signs = self._signs[_case(doubt)]
        most = MOST if own else MOST + among
        tried, silence = 0, 0
        for candidate in self._candidates(doubt, newest=newest, among=among, own=own):
            if candidate in known:
                silence = 0
                continue
            if tried >= most:
                return Verdict.UNSURE
            tried += 1
            sign = signs.get(candidate) or await self._try(chat, candidate, messages[doubt.part])
            if sign is None:
                return Verdict.LATER
            if sign is Sign.HERE:
                return Arrived(candidate)
            signs[candidate] = sign
            silence = silence + 1 if sign is Sign.NOTHING else 0
            if own and silence >= QUIET and candidate >= newest:
                break
        return Verdict.ABSENT

    def _candidates(self, doubt: Doubt, *, newest: int, among: int, own: bool) -> Iterator[int]:
        after = doubt.after_id or 0
        if own:
            yield from range(after + 1, after + 10 * MOST)
            return
        # In a common numbering nothing but messages we know of, others in doubt and a few unseen ones lie above.
        yield from range(after + 1, newest + among + SLACK + 1)
        # A server that numbers each private chat by itself would have put it right after the chat's own newest.
        of_chat = self._ids.newest_of_chat(doubt.parcel.chat.telegram_id) or 0
        yield from (one for one in range(of_chat + 1, of_chat + SLACK + 1) if one <= after)

    async def _try(self, chat: Chat, message_id: int, message: Message) -> Sign | None:
        """Try one id; None when the chat has to wait for long, or is being sent something else."""
        if await self._limits.turn(chat.telegram_id) or self._ids.is_sending(chat.telegram_id):
            return None
        # What went there since the search began must not be touched.
        if await self._outbox.is_ours(chat.telegram_id, message_id):
            return Sign.ANOTHER
        fields = {
            "chat_id": chat.telegram_id,
            "message_id": message_id,
            "reply_markup": {"inline_keyboard": buttons(message.keyboard)},
        }
        try:
            await self._bot(plain_call("editMessageReplyMarkup", fields))
        except TelegramBadRequest as error:
            reason = error.message.lower()
            if "not modified" in reason:
                return Sign.HERE
            if "not found" in reason and "chat not found" not in reason:
                return Sign.NOTHING
            if "can't be edited" in reason:
                return Sign.ANOTHER
            raise
        # Every other message of ours here is known and was left alone, so this is the one, written in words that its
        # reader has changed since (another language, a subscription): now its buttons say so too. Unless one was on its
        # way before this request was.
        late = self._ids.is_sending(chat.telegram_id) or await self._outbox.is_ours(chat.telegram_id, message_id)
        return None if late else Sign.HERE

    async def _may_edit_others(self, chat: Chat) -> bool:
        """Ask whether we could change other people's posts: then nothing may be tried."""
        member = await self._bot.get_chat_member(chat.telegram_id, self._bot.id)
        return bool(getattr(member, "can_edit_messages", False))


def _passes(error: TelegramAPIError | ClientDecodeError) -> bool:
    """Whether the next time may bring another answer, whatever becomes of the chat."""
    return isinstance(error, ClientDecodeError) or isinstance(outcome_of(error), (Failing, Unknown))


def _case(doubt: Doubt) -> _Case:
    """Tell doubts apart; what was sent again and is in doubt again is another one."""
    return doubt.parcel.id, doubt.part, doubt.since
